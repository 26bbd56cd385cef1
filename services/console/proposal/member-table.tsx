// The findings of a proposed incident as a table, from which some can be marked to be taken out.
import type { FindingRow } from "../api/contract.ts";
import { useSpeech } from "../messages/language.tsx";
import { visibleText } from "../model/visible-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { LevelSymbol } from "../shell/level-symbol.tsx";

interface MemberTableProps {
  readonly findings: readonly FindingRow[];
  /** All of them; a burst has more than it names. */
  readonly findingCount: number;
  /** Undefined: nothing can be marked. */
  readonly chosen: ReadonlySet<string> | undefined;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
  readonly onOpenFinding: (id: string) => void;
}

export function MemberTable(props: MemberTableProps) {
  const { findings, findingCount, chosen, onChoose, onOpenFinding } = props;
  const { messages, formats } = useSpeech();
  const texts = messages.grouping;
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChoose(next);
  };
  return (
    <section aria-labelledby="members">
      <h3 id="members">{texts.findings}</h3>
      {findings.length < findingCount && (
        <p className="muted">
          {texts.storyShown(formats.number(findings.length), formats.number(findingCount))}
        </p>
      )}
      <div className="table-scroll">
        <table className="data member-table" aria-labelledby="members">
          <thead>
            <tr>
              {chosen && <th scope="col">{texts.choose}</th>}
              <th scope="col">{messages.queue.columns.score}</th>
              <th scope="col">{messages.queue.columns.level}</th>
              <th scope="col">{messages.queue.columns.title}</th>
              <th scope="col">{messages.queue.columns.entity}</th>
              <th scope="col">{messages.queue.columns.status}</th>
            </tr>
          </thead>
          <tbody>
            {findings.map((row) => (
              <tr key={row.id}>
                {chosen && (
                  <td>
                    <input
                      type="checkbox"
                      aria-label={texts.chooseRow(visibleText(row.title))}
                      checked={chosen.has(row.id)}
                      onChange={() => toggle(row.id)}
                    />
                  </td>
                )}
                <td className="number">{formats.number(row.score)}</td>
                <td>
                  <LevelSymbol level={row.level} />
                </td>
                <th scope="row">
                  <button
                    type="button"
                    className="link-button member-title"
                    onClick={() => onOpenFinding(row.id)}
                  >
                    <HostileText text={row.title} />
                  </button>
                </th>
                <td className="mono">
                  <HostileText text={row.entities[0]?.value ?? ""} />
                </td>
                <td>
                  <span className={`chip chip-${row.status}`}>
                    {row.verdict
                      ? messages.verdict[row.verdict.verdict]
                      : messages.status[row.status]}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
