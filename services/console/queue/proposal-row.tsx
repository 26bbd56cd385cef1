// A proposed incident as one row of the list. Memoised as the rows of findings are.
// biome-ignore-all lint/a11y/useSemanticElements: a table can't leave out the rows that are out of sight
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus, its rows are active descendants
import { memo } from "react";
import type { ProposalRow } from "../api/contract.ts";
import { useSpeech } from "../messages/language.tsx";
import { tacticName } from "../model/term-name.ts";
import { visibleText } from "../model/visible-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { LevelSymbol, ScoreBar } from "../shell/level-symbol.tsx";
import { ChooseCell, EntityList, rowId } from "./finding-row.tsx";

interface ProposalRowViewProps {
  readonly proposal: ProposalRow;
  /** Its findings stand below it. */
  readonly isOpen: boolean;
  readonly index: number;
  readonly top: number;
  readonly height: number;
  readonly selected: boolean;
  readonly chosen: boolean;
  readonly now: number;
  readonly onOpen: () => void;
  readonly onChoose: () => void;
  readonly onExpand: () => void;
}

export const ProposalRowView = memo(ProposalRowPlain, (before, after) =>
  (["proposal", "isOpen", "index", "top", "height", "selected", "chosen", "now"] as const).every(
    (name) => before[name] === after[name],
  ),
);

function ProposalRowPlain(props: ProposalRowViewProps) {
  const { proposal, isOpen, index, top, height, selected, chosen, now } = props;
  const { messages, formats } = useSpeech();
  const texts = messages.grouping;
  const tactics = proposal.tactics.map((tactic) => tacticName(tactic, messages)).join(", ");
  const members = texts.members(
    formats.number(proposal.openCount),
    formats.number(proposal.findingCount),
  );
  const cell = (name: string) => ({ role: "gridcell", className: `cell cell-${name}` }) as const;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys for its active row
    <div
      role="row"
      id={rowId(proposal.id)}
      aria-rowindex={index + 2}
      aria-selected={selected}
      aria-level={1}
      aria-expanded={isOpen}
      className={`grid-row proposal level-${proposal.level}`}
      style={{ transform: `translateY(${top}px)`, height }}
      onClick={props.onOpen}
    >
      <ChooseCell title={proposal.title} chosen={chosen} onChoose={props.onChoose} />
      <span {...cell("score")}>
        <ScoreBar score={proposal.score} level={proposal.level} />
      </span>
      <span {...cell("level")}>
        <LevelSymbol level={proposal.level} />
      </span>
      <span {...cell("title")} title={visibleText(proposal.title)}>
        <span
          className="expander"
          aria-hidden="true"
          onClick={(event) => {
            event.stopPropagation();
            props.onExpand();
          }}
        >
          {isOpen ? "▾" : "▸"}
        </span>
        <span className="kern-sr-only">{texts.proposal}: </span>
        <HostileText text={proposal.title} />
      </span>
      <span {...cell("entity")}>
        <EntityList entities={proposal.entities} />
      </span>
      <span {...cell("tactics")} title={visibleText(tactics)}>
        <HostileText text={tactics} />
      </span>
      <span {...cell("count")}>{formats.number(proposal.signalCount)}</span>
      <span {...cell("first")}>
        <time title={formats.moment(proposal.firstEventAt)}>
          {formats.short(proposal.firstEventAt, now)}
        </time>
      </span>
      <span {...cell("last")}>
        <time title={formats.moment(proposal.lastEventAt)}>
          {formats.short(proposal.lastEventAt, now)}
          <span className="ago">{formats.agoShort(proposal.lastEventAt, now)}</span>
        </time>
      </span>
      <span {...cell("status")} title={members}>
        <span className="chip chip-proposal">
          {texts.types[proposal.type]} {formats.number(proposal.openCount)}/
          {formats.number(proposal.findingCount)}
          <span className="kern-sr-only"> {members}</span>
        </span>
      </span>
    </div>
  );
}
