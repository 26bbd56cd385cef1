// What the version in the shadow would have told beside the one in force: how far they agree, what each would have
// told alone, and the latest examples of that.
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import type { ModelComparisonAnswer } from "../api/contract.ts";
import { comparisonQuery } from "../api/model-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import {
  comparedCounts,
  isOfPresent,
  type ModelVersion,
  type ModelView,
} from "../model/model-view.ts";
import { ColumnHeads } from "../shell/column-heads.tsx";
import { errorText } from "../shell/error-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";

type Comparison = NonNullable<ModelComparisonAnswer["comparison"]>;

interface ComparisonProps {
  readonly view: ModelView;
  readonly shadow: ModelVersion;
}

export function ComparisonSection({ view, shadow }: ComparisonProps) {
  const { messages, formats } = useSpeech();
  const { data, error } = useQuery(comparisonQuery(view.name));
  const id = useId();
  const texts = messages.models.compare;
  const version = formats.number(shadow.version);
  const found = data?.comparison;
  const comparison = found && isOfPresent(found, view) && found.judged > 0 ? found : undefined;
  return (
    <section aria-labelledby={id}>
      <h4 id={id}>
        {view.active === undefined ? texts.titleAlone(version) : texts.title(version)}
      </h4>
      {error !== null && (
        <p className="alert alert-danger" role="alert">
          {errorText(error, messages)}
        </p>
      )}
      {data !== undefined && comparison === undefined && <p className="muted">{texts.none}</p>}
      {comparison && <Counts name={view.name} comparison={comparison} />}
    </section>
  );
}

function Counts({ name, comparison }: { readonly name: string; readonly comparison: Comparison }) {
  const { messages, formats } = useSpeech();
  const { compare: texts, cases, casesElse } = messages.models;
  const { judged, agreement, ...counts } = comparedCounts(comparison);
  const word = Object.hasOwn(cases, name) ? (cases[name] ?? casesElse) : casesElse;
  const { active, since, changedAt } = comparison;
  const shadow = formats.number(comparison.shadow);
  const onlyActive = texts.onlyActive(formats.number(active ?? 0));
  const onlyShadow = active === undefined ? texts.shadowAlone(shadow) : texts.onlyShadow(shadow);
  const rows: readonly (readonly [string, number])[] = [
    ...(active === undefined ? [] : ([[texts.both, counts.both]] as const)),
    ...(active === undefined ? [] : ([[onlyActive, counts.onlyActive]] as const)),
    [onlyShadow, counts.onlyShadow],
    [texts.neither, counts.neither],
  ];
  return (
    <>
      <p>
        {texts.judged(
          formats.number(judged),
          word,
          formats.moment(since),
          formats.moment(changedAt),
        )}
        {active !== undefined && agreement !== undefined && (
          <strong> {texts.agreement(formats.share(agreement))}</strong>
        )}
      </p>
      <table className="data compare-table">
        <caption className="kern-sr-only">{texts.table}</caption>
        <ColumnHeads heads={[texts.who, { number: word }, { number: texts.share }]} />
        <tbody>
          {rows.map(([who, count]) => (
            <tr key={who}>
              <th scope="row">{who}</th>
              <td className="number tabular">{formats.number(count)}</td>
              <td className="number tabular">{formats.fineShare(count / judged)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Samples who={onlyShadow} samples={comparison.onlyShadow} />
      <Samples who={onlyActive} samples={comparison.onlyActive} />
    </>
  );
}

interface SamplesProps {
  readonly who: string;
  /** Oldest first. */
  readonly samples: readonly string[];
}

function Samples({ who, samples }: SamplesProps) {
  const { messages, formats } = useSpeech();
  if (samples.length === 0) return null;
  return (
    <details>
      <summary>{messages.models.compare.samples(who, formats.number(samples.length))}</summary>
      <ul className="model-samples mono">
        {[...samples].reverse().map((sample, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same name may have come twice
          <li key={at}>
            <HostileText text={sample} />
          </li>
        ))}
      </ul>
    </details>
  );
}
