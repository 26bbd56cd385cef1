// Everything that one needs to judge a finding, in the order in which one asks: what, how bad, why,
// on what evidence, what to do.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { Finding } from "../../store/finding.ts";
import type { VersionedFinding } from "../api/contract.ts";
import { findingQuery } from "../api/queries.ts";
import type { Messages } from "../messages/de.ts";
import { useSpeech } from "../messages/language.tsx";
import type { Formats } from "../model/format.ts";
import { maturityName } from "../model/term-name.ts";
import { errorText } from "../shell/error-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { LevelSymbol } from "../shell/level-symbol.tsx";
import { EntityRisks } from "./entity-risk.tsx";
import { Evidence } from "./evidence.tsx";
import { FindingComments } from "./finding-comments.tsx";
import { FindingHistory } from "./finding-history.tsx";
import { FindingPaging } from "./finding-paging.tsx";
import { Handling } from "./handling.tsx";
import { FindingsBelow, QuietNotice } from "./quiet-notice.tsx";
import { RawJson } from "./raw-json.tsx";
import { ScoreParts } from "./score-parts.tsx";
import { Attack, Entities, Steps } from "./sections.tsx";
import { Suggestions } from "./suggestions.tsx";
import { Surroundings } from "./surroundings.tsx";
import { Timeline } from "./timeline.tsx";
import { targetOf } from "./triage.tsx";
import { VerdictBar } from "./verdict-bar.tsx";
import { Why } from "./why.tsx";

interface FindingDetailProps {
  readonly id: string;
  /** Whether the heading takes the focus when the finding changes. */
  readonly takeFocus: () => boolean;
  readonly onClose: () => void;
  readonly onMove: (by: number) => void;
  /** Asks what an incident made of it needs. */
  readonly onDeclare: () => void;
}

export function FindingDetail({ id, takeFocus, onClose, onMove, onDeclare }: FindingDetailProps) {
  const { messages } = useSpeech();
  const { data, error, isPending } = useQuery(findingQuery(id));
  const texts = messages.finding;
  return (
    <section className="detail" aria-label={texts.label}>
      <nav className="detail-nav" aria-label={texts.label}>
        <button type="button" className="icon-button" onClick={onClose} aria-label={texts.close}>
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
      {data && <DetailBody key={id} data={data} takeFocus={takeFocus} onDeclare={onDeclare} />}
    </section>
  );
}

interface DetailBodyProps extends Pick<FindingDetailProps, "takeFocus" | "onDeclare"> {
  readonly data: VersionedFinding;
}

function DetailBody({ data, takeFocus, onDeclare }: DetailBodyProps) {
  const { messages, formats } = useSpeech();
  const heading = useRef<HTMLHeadingElement>(null);
  const { finding } = data;
  const { detector } = finding;
  const texts = messages.finding;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per finding, as the key says
  useEffect(() => {
    if (takeFocus()) heading.current?.focus();
  }, []);
  return (
    <article className="detail-body" aria-labelledby="finding-title">
      <header className={`detail-head level-${detector.level}`}>
        <p className="detail-meta">
          <LevelSymbol level={detector.level} />
          <span className="detail-score tabular">
            <strong>{formats.number(finding.score)}</strong> {texts.score}
          </span>
          <Standing finding={finding} />
        </p>
        <h2 id="finding-title" ref={heading} tabIndex={-1}>
          <HostileText text={detector.title} />
        </h2>
        <p className="summary">
          {finding.summary.split("\n").map((line) => (
            <span className="summary-line" key={line}>
              <HostileText text={line} />
            </span>
          ))}
        </p>
      </header>
      <QuietNotice finding={finding} />
      <VerdictBar target={targetOf(data)} finding={finding} onDeclare={onDeclare} />
      {finding.paging !== undefined && <FindingPaging id={finding.id} />}
      <Facts finding={finding} />
      <Why finding={finding} />
      <Suggestions findingId={finding.id} />
      <Handling data={data} />
      <section aria-labelledby="timeline">
        <h3 id="timeline">{texts.timeline}</h3>
        <Timeline finding={finding} />
      </section>
      <Entities finding={finding} />
      <Surroundings id={finding.id} />
      <Steps
        id="response"
        title={texts.response}
        steps={detector.response}
        empty={texts.noResponse}
        ordered
      />
      <Steps
        id="false-positives"
        title={texts.falsePositives}
        steps={detector.falsePositives}
        empty={texts.noFalsePositives}
      />
      <Attack finding={finding} />
      <Evidence finding={finding} />
      <ScoreParts finding={finding} />
      <EntityRisks id={finding.id} />
      <FindingsBelow id={finding.id} />
      <FindingComments id={finding.id} />
      <FindingHistory id={finding.id} />
      {detector.references.length > 0 && (
        <Steps id="references" title={texts.references} steps={detector.references} empty="" />
      )}
      <RawJson value={finding} />
    </article>
  );
}

/** Where the finding stands: judged how, or in which state. */
function Standing({ finding }: { readonly finding: Finding }) {
  const { messages } = useSpeech();
  const { verdict } = finding;
  return (
    <span className={`chip chip-${finding.status}`}>
      {verdict ? messages.verdict[verdict.verdict] : messages.status[finding.status]}
      {verdict?.reason && ` · ${messages.reason[verdict.reason]}`}
    </span>
  );
}

function Facts({ finding }: { readonly finding: Finding }) {
  const { messages, formats } = useSpeech();
  const texts = messages.finding;
  const now = Date.now();
  const maturity = maturityName(finding.detector.status, messages);
  const facts: readonly (readonly [string, string, string?])[] = [
    [texts.signals, formats.number(finding.signalCount)],
    [texts.first, formats.moment(finding.firstEventAt), formats.ago(finding.firstEventAt, now)],
    [texts.last, formats.moment(finding.lastEventAt), formats.ago(finding.lastEventAt, now)],
    [texts.detected, formats.moment(finding.raisedAt), formats.ago(finding.raisedAt, now)],
    [texts.source, finding.sources.join(", ")],
    [texts.rule, messages.kind[finding.detector.kind], maturity],
    [texts.origin, finding.detector.origin],
    ...suppressionFacts(finding, messages, formats),
  ];
  return (
    <dl className="facts">
      {facts.map(([name, value, more]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <HostileText text={value} />
            {more !== undefined && more !== "" && (
              <span className="muted">
                {" · "}
                <HostileText text={more} />
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** How the hits were folded, where a suppression did it. */
function suppressionFacts(finding: Finding, messages: Messages, formats: Formats) {
  const { suppress } = finding.detector;
  if (suppress === undefined || !finding.groupKey.startsWith("fields:")) return [];
  const texts = messages.silences;
  const how = texts.suppressedBy(suppress.by.join(", "), formats.span(suppress.forMs));
  return [[texts.suppressed, how]] as const;
}
