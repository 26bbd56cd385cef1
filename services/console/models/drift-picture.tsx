// How the scores of a detector were distributed before a drift and on its last day: outlined and filled bars, one
// pair a step of improbability, with the same numbers as a table.
import { useId } from "react";
import type { DriftList } from "../api/contract.ts";
import { useSpeech } from "../messages/language.tsx";
import { wordFor } from "../model/model-view.ts";
import { ColumnHeads } from "../shell/column-heads.tsx";
import { HostileText } from "../shell/hostile-text.tsx";

type Drift = DriftList["detectors"][number];

const STEP = 24;
const HEIGHT = 60;
const STEPS_MAX = 40;

export function DriftPicture({ drift }: { readonly drift: Drift }) {
  const { messages, formats } = useSpeech();
  const texts = messages.models.drift;
  const titleId = useId();
  const steps = stepsOf(drift);
  const most = Math.max(Number.MIN_VALUE, ...steps.flatMap(({ before, after }) => [before, after]));
  const height = (share: number) => (share / most) * HEIGHT;
  const title = texts.picture(wordFor(messages.models.detectors, drift.detector));
  return (
    <figure className="drift-picture">
      <h3>
        <HostileText text={title} />
      </h3>
      <svg
        viewBox={`0 0 ${Math.max(1, steps.length) * STEP} ${HEIGHT + 1}`}
        preserveAspectRatio="xMinYMid meet"
        role="img"
        aria-labelledby={titleId}
      >
        <title id={titleId}>{title}</title>
        {steps.map(({ end, before, after }, at) => (
          <g key={end} transform={`translate(${at * STEP} ${HEIGHT}) scale(1 -1)`}>
            <rect className="drift-after" x="7" width="14" height={height(after)} />
            <rect className="drift-before" x="3" width="14" height={height(before)} />
          </g>
        ))}
        <path className="drift-ground" d={`M0 ${HEIGHT}H${steps.length * STEP}`} />
      </svg>
      <figcaption className="muted small">
        {texts.pictureText(formats.number(drift.scores), formats.number(drift.scoresUsual))}
      </figcaption>
      <details>
        <summary>{texts.asTable}</summary>
        <table className="data drift-table">
          <caption className="kern-sr-only">{title}</caption>
          <ColumnHeads heads={[texts.step, { number: texts.before }, { number: texts.after }]} />
          <tbody>
            {steps.map(({ end, before, after }) => (
              <tr key={end}>
                <th scope="row" className="tabular">
                  {texts.oneIn(formats.rate(1 / end))}
                </th>
                <td className="number tabular">{formats.share(before)}</td>
                <td className="number tabular">{formats.share(after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

function stepsOf({ bins, before, after }: Drift) {
  const share = (value: number | undefined) =>
    value !== undefined && Number.isFinite(value) ? Math.max(0, Math.min(1, value)) : 0;
  return bins
    .slice(0, STEPS_MAX)
    .map((end, at) => ({ end, before: share(before[at]), after: share(after[at]) }));
}
