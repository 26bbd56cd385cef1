// Maintenance windows as a table: what they are about, when they come, whether a second person agreed.
import type { Maintenance } from "../api/case-contract.ts";
import { ConditionList } from "../exceptions/condition-list.tsx";
import { ConsentCell } from "../exceptions/consent-cell.tsx";
import { useQuickChange, useReader } from "../exceptions/use-change.ts";
import type { Messages } from "../messages/de.ts";
import { useSpeech } from "../messages/language.tsx";
import type { Formats } from "../model/format.ts";
import { HostileText } from "../shell/hostile-text.tsx";

interface TableProps {
  readonly windows: readonly Maintenance[];
  readonly onEnd: (window: Maintenance) => void;
}

export function MaintenanceTable({ windows, onEnd }: TableProps) {
  const { messages } = useSpeech();
  const { columns } = messages.exceptions;
  const { table, conditions } = messages.maintenance;
  const { mayWrite } = useReader();
  return (
    <table className="data wide">
      <caption className="kern-sr-only">{table}</caption>
      <thead>
        <tr>
          <th scope="col">{columns.state}</th>
          <th scope="col">{conditions}</th>
          <th scope="col">{columns.span}</th>
          <th scope="col">{columns.reason}</th>
          <th scope="col">{columns.consent}</th>
          <th scope="col" className="number">
            {columns.findings}
          </th>
          {mayWrite && <th scope="col">{columns.action}</th>}
        </tr>
      </thead>
      <tbody>
        {windows.map((one) => (
          <Row key={one.id} window={one} onEnd={onEnd} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly window: Maintenance;
  readonly onEnd: (window: Maintenance) => void;
}

function Row({ window, onEnd }: RowProps) {
  const { messages, formats } = useSpeech();
  const { self, mayWrite } = useReader();
  const change = useQuickChange();
  const texts = messages.maintenance;
  const { columns } = messages.exceptions;
  const { cases } = messages;
  const { id, state, consent, reason, owner, findings } = window;
  const { actors } = messages.finding;
  const agree = () =>
    change(`/maintenance/${encodeURIComponent(id)}/agree`, {}, cases.consent.agreedToast);
  return (
    <tr>
      <td>
        <span className={`chip chip-${state}`}>{texts.states[state]}</span>
      </td>
      <th scope="row">
        <ConditionList matchers={window.matchers} />
      </th>
      <td data-label={columns.span} className="tabular">
        {spanLines(window, messages, formats).map((line) => (
          <span key={line} className="note">
            {line}
          </span>
        ))}
      </td>
      <td data-label={columns.reason}>
        <HostileText text={reason} />
        <span className="muted small note">
          {cases.owner}: {owner === self ? actors.self : actors.other}
        </span>
      </td>
      <td data-label={columns.consent}>
        <ConsentCell
          consent={consent}
          isWaiting={state === "proposed"}
          self={self}
          word={cases.consent.agree}
          about={reason}
          onAgree={mayWrite ? agree : undefined}
        />
      </td>
      <td className="number tabular" data-label={columns.findings}>
        {formats.number(findings)}
      </td>
      {mayWrite && (
        <td>
          {(state !== "over" || findings > 0) && (
            <button
              type="button"
              className="judge"
              aria-label={`${texts.end}: ${reason}`}
              onClick={() => onEnd(window)}
            >
              {texts.end}
            </button>
          )}
        </td>
      )}
    </tr>
  );
}

function spanLines(window: Maintenance, messages: Messages, formats: Formats): string[] {
  const texts = messages.maintenance;
  const { from, until, repeat, next, endedAt } = window;
  const lines = [texts.span(formats.moment(from), formats.moment(until))];
  if (repeat !== undefined) lines.unshift(repeatWords(repeat, texts, formats));
  if (repeat !== undefined && next !== undefined)
    lines.push(texts.next(formats.moment(next.from), formats.moment(next.until)));
  if (endedAt !== undefined)
    lines.push(
      endedAt === from ? messages.silences.withdrawn : texts.ended(formats.moment(endedAt)),
    );
  return lines;
}

function repeatWords(
  repeat: NonNullable<Maintenance["repeat"]>,
  texts: Messages["maintenance"],
  formats: Formats,
): string {
  const days: Readonly<Record<string, string>> = texts.weekdays;
  const weeks: Readonly<Record<string, string>> = texts.weeks;
  const day = days[String(repeat.weekday)] ?? "";
  const minutes = formats.number(repeat.durationMinutes);
  if (repeat.every === "week") return texts.weekly(day, repeat.time, minutes);
  return texts.monthly(weeks[String(repeat.week)] ?? "", day, repeat.time, minutes);
}
