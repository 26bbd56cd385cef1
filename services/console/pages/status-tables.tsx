// What runs and what waits, on the page of the state: processes with those that fell silent marked, and how
// much each stage still has before it.
import type { StatusAnswer } from "../api/contract.ts";
import { useSpeech } from "../messages/language.tsx";
import { watchState } from "../model/watch-state.ts";
import { HostileText } from "../shell/hostile-text.tsx";

/** A process tells of itself every five seconds; one missed time is nothing. */
const SILENT_MS = 20_000;
/** From here on somebody should look why detection is behind. */
const OLD_LAG_MS = 60_000;

interface ProcessesProps {
  readonly processes: NonNullable<StatusAnswer["processes"]>;
  /** The server's clock, ms UTC. */
  readonly now: number;
}

export function Processes({ processes, now }: ProcessesProps) {
  const { messages, formats } = useSpeech();
  const texts = messages.state;
  return (
    <table className="data wide">
      <caption className="kern-sr-only">{texts.processes}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.process}</th>
          <th scope="col">{texts.services}</th>
          <th scope="col">{texts.seen}</th>
          <th scope="col">{texts.reached}</th>
          <th scope="col">{texts.asked}</th>
        </tr>
      </thead>
      <tbody>
        {processes.map((one) => (
          <tr key={one.name}>
            <th scope="row" className="mono">
              <HostileText text={one.name} />
            </th>
            <td data-label={texts.services}>{one.services.join(", ")}</td>
            <td data-label={texts.seen}>
              {now - one.seenAt < SILENT_MS ? (
                formats.ago(one.seenAt, now)
              ) : (
                <Marked text={`${formats.ago(one.seenAt, now)}, ${texts.silent}`} />
              )}
            </td>
            <td data-label={texts.reached}>
              {one.reachedAt === undefined ? messages.common.none : formats.moment(one.reachedAt)}
            </td>
            <td data-label={texts.asked}>
              {one.watchdogAskedAt === undefined
                ? texts.neverAsked
                : formats.ago(one.watchdogAskedAt, now)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Whether somebody would page when the processes fall silent. */
export function WatchFigure({ processes, now }: ProcessesProps) {
  const { messages, formats } = useSpeech();
  const texts = messages.state;
  const { all, unwatched, askedAt } = watchState(processes, now);
  if (askedAt === undefined) return <Marked text={texts.neverAsked} />;
  const asked = texts.askedAgo(formats.ago(askedAt, now));
  if (unwatched === 0) return asked;
  return <Marked text={all === 1 ? asked : texts.unwatched(unwatched, all)} />;
}

/** How far detection is behind; nothing to see where it is not. */
export function LagFigure({ lagMs }: Pick<StatusAnswer, "lagMs">) {
  const { messages, formats } = useSpeech();
  if (lagMs === 0) return <span className="muted">{messages.state.noLag}</span>;
  const text = formats.span(lagMs);
  return lagMs < OLD_LAG_MS ? text : <Marked text={text} />;
}

export function Lags({ lag }: Pick<StatusAnswer, "lag">) {
  const { messages, formats } = useSpeech();
  const texts = messages.state;
  return (
    <table className="data wide lags">
      <caption className="kern-sr-only">{texts.waiting}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.stage}</th>
          <th scope="col" className="number">
            {texts.records}
          </th>
        </tr>
      </thead>
      <tbody>
        {lag.map(({ topic, group, records }) => (
          <tr key={`${topic} ${group}`}>
            <th scope="row">{texts.stages[group] ?? group}</th>
            <td
              className={records === 0 ? "number tabular muted" : "number tabular"}
              data-label={texts.records}
            >
              {formats.number(records)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Said by shape and word, not by colour alone. */
export function Marked({ text }: { readonly text: string }) {
  return (
    <span className="level level-high marked">
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
        <path className="level-shape" d="M8 1.2 15.4 14.5H.6z" />
        <path className="level-sign" d="M8 6v4M8 12v.6" />
      </svg>
      <span>{text}</span>
    </span>
  );
}
