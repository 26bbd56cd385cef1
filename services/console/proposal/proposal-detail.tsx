// A proposed incident: what happened in which order, the findings in it, and what can be done with all of
// them at once. People decide; the proposal itself is made anew by the pipeline.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { ProposalAnswer } from "../api/contract.ts";
import { sessionQuery } from "../api/queries.ts";
import { proposalQuery } from "../api/queue-queries.ts";
import type { Messages } from "../messages/de.ts";
import { useSpeech } from "../messages/language.tsx";
import type { Verdict } from "../model/key-map.ts";
import { tacticName } from "../model/term-name.ts";
import { errorText } from "../shell/error-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { KeyHint } from "../shell/key-hint.tsx";
import { LevelSymbol } from "../shell/level-symbol.tsx";
import { GroupingDecisions } from "./grouping-decisions.tsx";
import { MemberTable } from "./member-table.tsx";
import { ProposalStory } from "./proposal-story.tsx";
import { SplitDialog } from "./split-dialog.tsx";

interface ProposalDetailProps {
  readonly id: string;
  readonly takeFocus: () => boolean;
  readonly onClose: () => void;
  readonly onMove: (by: number) => void;
  readonly onOpenFinding: (id: string) => void;
  readonly onJudgeAll: (verdict: Verdict) => void;
  readonly onDeclare: () => void;
  /** Its findings are grouped otherwise now. */
  readonly onRegrouped: () => void;
}

const VERDICTS: readonly (readonly [Verdict, string])[] = [
  ["true_positive", "T"],
  ["benign_true_positive", "B"],
  ["false_positive", "F"],
  ["undetermined", "U"],
];

export function ProposalDetail(props: ProposalDetailProps) {
  const { id, onClose, onMove } = props;
  const { messages } = useSpeech();
  const { data, error, isPending } = useQuery(proposalQuery(id));
  const texts = messages.finding;
  return (
    <section className="detail" aria-label={messages.grouping.title}>
      <nav className="detail-nav" aria-label={messages.grouping.title}>
        <button
          type="button"
          className="icon-button"
          onClick={onClose}
          aria-label={messages.common.close}
        >
          ×
        </button>
        <h1 className="detail-crumb">{messages.queue.title}</h1>
        <span className="verdict-gap" />
        <button type="button" className="small-button" onClick={() => onMove(-1)}>
          ↑ {texts.previous}
        </button>
        <button type="button" className="small-button" onClick={() => onMove(1)}>
          ↓ {texts.next}
        </button>
      </nav>
      {isPending && <p className="detail-wait muted">{messages.common.loading}</p>}
      {error !== null && (
        <p className="alert alert-danger" role="alert">
          {errorText(error, messages)}
        </p>
      )}
      {data && <ProposalBody key={id} data={data} {...props} />}
    </section>
  );
}

function ProposalBody(props: ProposalDetailProps & { readonly data: ProposalAnswer }) {
  const { data, takeFocus, onOpenFinding, onRegrouped } = props;
  const { messages, formats } = useSpeech();
  const heading = useRef<HTMLHeadingElement>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isSplitting, setSplitting] = useState(false);
  const { data: session } = useQuery({ ...sessionQuery, staleTime: Number.POSITIVE_INFINITY });
  const mayWrite = session?.capabilities.includes("findings:write") ?? false;
  const { proposal, findings } = data;
  const texts = messages.grouping;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per proposal, as the key says
  useEffect(() => {
    if (takeFocus()) heading.current?.focus();
  }, []);
  return (
    <article className="detail-body" aria-labelledby="proposal-title">
      <header className={`detail-head level-${proposal.level}`}>
        <p className="detail-meta">
          <LevelSymbol level={proposal.level} />
          <span className="detail-score tabular">
            <strong>{formats.number(proposal.score)}</strong> {messages.finding.score}
          </span>
          <span className="chip chip-proposal">{texts.types[proposal.type]}</span>
          <span>
            {texts.members(
              formats.number(proposal.openCount),
              formats.number(proposal.findingCount),
            )}
          </span>
        </p>
        <h2 id="proposal-title" ref={heading} tabIndex={-1}>
          <HostileText text={proposal.title} />
        </h2>
        <p className="summary">
          <HostileText text={proposal.summary} />
        </p>
      </header>
      {mayWrite && (
        <ProposalBar {...props} canSplit={chosen.size > 0} onSplit={() => setSplitting(true)} />
      )}
      <ProposalStory story={proposal.story} onOpenFinding={onOpenFinding} />
      <MemberTable
        findings={findings}
        findingCount={proposal.findingCount}
        chosen={mayWrite ? chosen : undefined}
        onChoose={setChosen}
        onOpenFinding={onOpenFinding}
      />
      <ProposalScore proposal={proposal} />
      <ProposalEntities proposal={proposal} />
      <GroupingDecisions
        proposalId={proposal.id}
        findingIds={proposal.findingIds}
        mayWrite={mayWrite}
        onRegrouped={onRegrouped}
      />
      {isSplitting && (
        <SplitDialog
          proposalId={proposal.id}
          findingIds={[...chosen]}
          onDone={() => {
            setChosen(new Set());
            onRegrouped();
          }}
          onClose={() => setSplitting(false)}
        />
      )}
    </article>
  );
}

interface ProposalBarProps extends Pick<ProposalDetailProps, "onJudgeAll" | "onDeclare"> {
  readonly canSplit: boolean;
  readonly onSplit: () => void;
}

function ProposalBar({ onJudgeAll, onDeclare, canSplit, onSplit }: ProposalBarProps) {
  const { messages } = useSpeech();
  const texts = messages.grouping;
  return (
    <fieldset className="verdict-bar">
      <legend className="kern-sr-only">{texts.judgeAll}</legend>
      <button type="button" className="judge" onClick={onDeclare}>
        {texts.declare}
        <KeyHint name="A" />
      </button>
      {VERDICTS.map(([verdict, key]) => (
        <button
          key={verdict}
          type="button"
          className="judge"
          title={`${texts.judgeAll}: ${messages.verdictHint[verdict]}`}
          onClick={() => onJudgeAll(verdict)}
        >
          {messages.verdict[verdict]}
          <KeyHint name={key} />
        </button>
      ))}
      <span className="verdict-gap" />
      <button
        type="button"
        className="judge"
        aria-disabled={!canSplit}
        title={canSplit ? undefined : texts.splitNone}
        onClick={() => canSplit && onSplit()}
      >
        {texts.split}
      </button>
    </fieldset>
  );
}

type Proposal = ProposalAnswer["proposal"];

function ProposalScore({ proposal }: { readonly proposal: Proposal }) {
  const { messages, formats } = useSpeech();
  const texts = messages.grouping;
  return (
    <section aria-labelledby="proposal-score">
      <h3 id="proposal-score">{texts.score}</h3>
      <dl className="facts">
        {proposal.scoreParts.map((part) => (
          <div key={part.key}>
            <dt>{texts.parts[part.key]}</dt>
            <dd>
              <span className="tabular">{formats.number(part.points)}</span>{" "}
              <span className="muted">
                <HostileText text={detailOf(part, messages)} />
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Tactics come as their short names. */
function detailOf({ key, detail }: Proposal["scoreParts"][number], messages: Messages): string {
  if (key !== "tactics") return detail;
  return detail
    .split(", ")
    .map((tactic) => tacticName(tactic, messages))
    .join(", ");
}

function ProposalEntities({ proposal }: { readonly proposal: Proposal }) {
  const { messages } = useSpeech();
  return (
    <section aria-labelledby="proposal-entities">
      <h3 id="proposal-entities">{messages.grouping.entities}</h3>
      <ul className="tags">
        {proposal.entities.map((entity) => (
          <li key={`${entity.type} ${entity.value}`}>
            <span className="muted">{messages.entity[entity.type]}</span>
            <span className="mono">
              <HostileText text={entity.value} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
