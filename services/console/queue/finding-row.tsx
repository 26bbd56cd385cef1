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
  /** 2 below its proposal, else 1. */
  readonly level: 1 | 2;
  readonly index: number;
  readonly top: number;
  readonly height: number;
  /** It is the active row. */
  readonly selected: boolean;
  /** It is marked for a change of several. */
  readonly chosen: boolean;
  readonly now: number;
  readonly onOpen: () => void;
  readonly onChoose: () => void;
}

/** The DOM id of a row, for aria-activedescendant. */
export function rowId(id: string): string {
  return `finding-${id}`;
}

export const FindingRowView = memo(FindingRowPlain, (before, after) =>
  (["row", "level", "index", "top", "height", "selected", "chosen", "now"] as const).every(
    (name) => before[name] === after[name],
  ),
);

function FindingRowPlain(props: FindingRowViewProps) {
  const { row, level, index, top, height, selected, chosen, now, onOpen, onChoose } = props;
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
      aria-level={level}
      className={`grid-row level-${row.level}${verdict ? " judged" : ""}${level === 2 ? " member" : ""}`}
      style={place}
      onClick={onOpen}
    >
      <ChooseCell title={row.title} chosen={chosen} onChoose={onChoose} />
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

interface ChooseCellProps {
  readonly title: string;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

/** Marks a row for a change of several; by keyboard the list itself does it. */
export function ChooseCell({ title, chosen, onChoose }: ChooseCellProps) {
  const { messages } = useSpeech();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: only keeps a click beside the box from opening the row
    <span role="gridcell" className="cell cell-choose" onClick={(event) => event.stopPropagation()}>
      <input
        type="checkbox"
        tabIndex={-1}
        aria-label={messages.grouping.chooseRow(visibleText(title))}
        checked={chosen}
        onChange={onChoose}
        // The focus stays on the list, whose keys mean its active row.
        onMouseDown={(event) => event.preventDefault()}
      />
    </span>
  );
}

export function EntityList({ entities }: { readonly entities: FindingRow["entities"] }) {
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
