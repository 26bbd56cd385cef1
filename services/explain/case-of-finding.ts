// Makes the case that a model is asked about from findings: what we know of them, and events of their
// evidence. Events of several findings come in time order, the newest and the oldest ones first of all.
import { createHash } from "node:crypto";
import type { CaseInput, CaseItem, LlmTask } from "../llm/case.ts";
import type { Finding } from "../store/finding.ts";

const FINDINGS_MAX = 20;
const EVENTS_PER_FINDING_MAX = 8;
const TECHNIQUES_MAX = 5;
const EVENTS_IN_HASH_MAX = 4;

export interface CaseSubject {
  readonly task: LlmTask;
  /** Id of the finding or incident. */
  readonly subject: string;
  /** IANA name. */
  readonly timeZone: string;
}

/** The case of one finding, or of an incident's findings. */
export function caseOfFindings(findings: readonly Finding[], about: CaseSubject): CaseInput {
  const some = [...findings]
    .sort((a, b) => a.firstEventAt - b.firstEventAt || (a.id < b.id ? -1 : 1))
    .slice(0, FINDINGS_MAX);
  const events = some.flatMap(eventItems).sort((a, b) => a.time - b.time);
  const items = [...some.map(findingItem), ...unique(events)];
  return { ...about, items };
}

/**
 * Names what a finding's summary rests on: it stays the same while only more hits of the same come, up to
 * twice as many, so that a finding that grows for hours is not explained for hours.
 */
export function contentHashOf(finding: Finding): string {
  const { detector, entities, signalCount, evidence } = finding;
  const events = evidence.flatMap(({ events: of }) => of.map(({ id }) => id));
  const content = [
    [detector.id, detector.title, detector.level],
    entities.map(({ type, value }) => [type, value]),
    Math.floor(Math.log2(Math.max(1, signalCount))),
    events.slice(0, EVENTS_IN_HASH_MAX),
  ];
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}

function findingItem({ id, detector, firstEventAt, lastEventAt, signalCount }: Finding): CaseItem {
  return {
    kind: "finding",
    id,
    time: firstEventAt,
    fields: {
      "finding.first_event": firstEventAt,
      "finding.last_event": lastEventAt,
      "finding.signal_count": signalCount,
      "rule.name": detector.title,
      "rule.level": detector.level,
      ...(detector.techniques.length === 0
        ? {}
        : { "rule.technique": detector.techniques.slice(0, TECHNIQUES_MAX) }),
    },
  };
}

function eventItems({ evidence }: Finding): CaseItem[] {
  const events = evidence.flatMap((one) => one.events);
  const half = EVENTS_PER_FINDING_MAX / 2;
  const some =
    events.length <= EVENTS_PER_FINDING_MAX
      ? events
      : [...events.slice(0, half), ...events.slice(-half)];
  return some.map(({ id, time, document }) => ({
    kind: "event",
    id,
    time,
    fields: { ...document, "@timestamp": time },
  }));
}

function unique(items: readonly CaseItem[]): CaseItem[] {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}
