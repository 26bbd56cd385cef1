// One row of the list. Memoised: scrolling and live changes draw only the rows that are new.
// biome-ignore-all lint/a11y/useSemanticElements: a table can't leave out the rows that are out of sight
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus, its rows are active descendants
import { memo } from "react";
import type { FindingRow } from "../api/contract.ts";
import { useSpeech } from "../messages/language.tsx";
import { tacticName } from "../model/term-name.ts";
import { visibleText } from "../model/visible-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { LevelSymbol, ScoreBar } from "../shell/level-symbol.tsx";

interface FindingRowViewProps {
  readonly row: FindingRow | undefined;
  readonly index: number;
  readonly top: number;
  readonly height: number;
  readonly selected: boolean;
  readonly now: number;
  readonly onOpen: (id: string, byKey: boolean) => void;
}

/** The DOM id of a row, for aria-activedescendant. */
export function rowId(id: string): string {
  return `finding-${id}`;
}

export const FindingRowView = memo(FindingRowPlain, (before, after) =>
  (["row", "index", "top", "height", "selected", "now"] as const).every(
    (name) => before[name] === after[name],
  ),
);

function FindingRowPlain({ row, index, top, height, selected, now, onOpen }: FindingRowViewProps) {
  const { messages, formats } = useSpeech();
  const place = { transform: `translateY(${top}px)`, height };
  if (row === undefined)
    return (
      <div role="row" aria-rowindex={index + 2} className="grid-row waiting" style={place}>
        <span role="gridcell">{messages.queue.rowLoading}</span>
      </div>
    );
  const { verdict } = row;
  const tactics = row.tactics.map((tactic) => tacticName(tactic, messages)).join(", ");
  const cell = (name: string) => ({ role: "gridcell", className: `cell cell-${name}` }) as const;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys for its active row
    <div
      role="row"
      id={rowId(row.id)}
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={`grid-row level-${row.level}${verdict ? " judged" : ""}`}
      style={place}
      onClick={() => onOpen(row.id, false)}
    >
      <span {...cell("score")}>
        <ScoreBar score={row.score} level={row.level} />
      </span>
      <span {...cell("level")}>
        <LevelSymbol level={row.level} />
      </span>
      <span {...cell("title")} title={visibleText(row.title)}>
        <HostileText text={row.title} />
      </span>
      <span {...cell("entity")}>
        <EntityList entities={row.entities} />
      </span>
      <span {...cell("tactics")} title={visibleText(tactics)}>
        <HostileText text={tactics} />
      </span>
      <span {...cell("count")}>{formats.number(row.signalCount)}</span>
      <span {...cell("first")}>
        <time title={formats.moment(row.firstEventAt)}>{formats.short(row.firstEventAt, now)}</time>
      </span>
      <span {...cell("last")}>
        <time title={formats.moment(row.lastEventAt)}>
          {formats.short(row.lastEventAt, now)}
          <span className="ago">{formats.agoShort(row.lastEventAt, now)}</span>
        </time>
      </span>
      <span {...cell("status")}>
        <span className={`chip chip-${row.status}`}>
          {verdict ? messages.verdict[verdict.verdict] : messages.status[row.status]}
        </span>
        {row.quiet
          .filter((state) => state !== "none")
          .map((state) => (
            <span key={state} className="chip chip-closed">
              {messages.silences.quiet[state]}
            </span>
          ))}
      </span>
    </div>
  );
}

function EntityList({ entities }: { readonly entities: FindingRow["entities"] }) {
  const { messages } = useSpeech();
  const [first, ...rest] = entities;
  if (first === undefined) return messages.common.none;
  return (
    <span
      className="entity-list"
      title={visibleText(entities.map((entity) => entity.value).join(", "))}
    >
      <span className="mono">
        <HostileText text={first.value} />
      </span>
      {rest.length > 0 && (
        <span className="muted">
          +{rest.length}
          <span className="kern-sr-only"> {messages.queue.more(rest.length)}</span>
        </span>
      )}
    </span>
  );
}
