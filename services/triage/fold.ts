// Makes the next state of a finding from its present one and new signals. The result depends on the set
// of signals only, not on the order or the batches in which they come.
import type { ToldAnomaly } from "../../detectors/anomaly/told-anomaly.ts";
import type { Entity, Signal } from "../../detectors/detector.ts";
import { EVIDENCE_MAX, type Evidence, type Finding, type LatestSignal } from "../store/finding.ts";
import { leftDays } from "./days.ts";
import type { SummaryLanguage } from "./messages.ts";
import { keptContext, rescore } from "./score.ts";
import { summarize } from "./summary.ts";

const ENTITIES_MAX = 50;
const SOURCES_MAX = 20;

export interface FoldOptions {
  readonly timeZone: string;
  readonly language: SummaryLanguage;
  readonly isCriticalHost: (host: string) => boolean;
}

/** @param fresh at least one signal, none of which was folded before */
export function foldSignals(
  id: string,
  existing: Finding | undefined,
  fresh: readonly Signal[],
  options: FoldOptions,
): Finding {
  const [first] = fresh;
  if (first === undefined) throw new RangeError("a fold needs at least one signal");
  const evidence = keepEvidence([...(existing?.evidence ?? []), ...fresh.map(evidenceOf)]);
  const firstEventAt = Math.min(
    existing?.firstEventAt ?? Infinity,
    ...fresh.map((signal) => signal.time),
  );
  const anomaly = leastProbable([existing?.anomaly, ...fresh.map((signal) => signal.anomaly)]);
  const base: Finding = {
    ...(existing === undefined
      ? newFinding(id, first)
      : reopen(existing, Math.min(...fresh.map((signal) => signal.raisedAt)))),
    entities: mergeEntities(existing?.entities ?? [], fresh),
    signalCount: (existing?.signalCount ?? 0) + fresh.length,
    firstEventAt,
    ...leftDays(existing, firstEventAt),
    lastEventAt: Math.max(
      existing?.lastEventAt ?? -Infinity,
      ...fresh.map((signal) => signal.time),
    ),
    raisedAt: Math.min(existing?.raisedAt ?? Infinity, ...fresh.map((signal) => signal.raisedAt)),
    sources: [...new Set([...(existing?.sources ?? []), ...fresh.map((signal) => signal.source)])]
      .sort()
      .slice(0, SOURCES_MAX),
    evidence,
    ...(anomaly === undefined ? {} : { anomaly }),
    latest: latestOf(existing?.latest, fresh),
  };
  return rescore(
    { ...base, summary: summarize(base, options.timeZone, options.language) },
    {
      tacticsOfEntity: base.detector.tactics,
      ...keptContext(existing),
      criticalAsset: base.entities.some(
        (entity) => entity.type === "host" && options.isCriticalHost(entity.value),
      ),
    },
  );
}

/**
 * New signals after closing put the finding back into the queue; the old verdict stays in its history.
 * @param at when the first of them was raised, ms UTC
 */
export function reopen(finding: Finding, at: number): Finding {
  if (finding.status !== "closed") return finding;
  const { verdict, ...rest } = finding;
  const history = verdict === undefined ? rest.verdictHistory : [...rest.verdictHistory, verdict];
  return { ...rest, status: "new", verdictHistory: history, lateSignalAt: at };
}

function newFinding(id: string, signal: Signal): Finding {
  const { detector } = signal;
  return {
    id,
    tenant: signal.tenant,
    detector: {
      ...detector,
      techniques: [...detector.techniques],
      tactics: [...detector.tactics],
      falsePositives: [...detector.falsePositives],
      references: [...detector.references],
      response: [...detector.response],
      suppress: detector.suppress,
    },
    groupKey: signal.groupKey,
    entities: [],
    score: 0,
    scoreParts: [],
    summary: "",
    status: "new",
    verdictHistory: [],
    signalCount: 0,
    firstEventAt: signal.time,
    lastEventAt: signal.time,
    raisedAt: signal.raisedAt,
    sources: [],
    evidence: [],
  };
}

function evidenceOf(signal: Signal): Evidence {
  return {
    signalId: signal.id,
    time: signal.time,
    source: signal.source,
    matched: signal.matched.map((field) => ({ ...field })),
    events: signal.events.map((event) => ({
      id: event.id,
      time: event.time,
      // EcsDocument's arrays are read-only only at compile time; the stored form is plain JSON.
      document: event.document as Evidence["events"][number]["document"],
    })),
  };
}

// By the time at which it was raised, then by id: the same whatever the order in which signals come.
function latestOf(known: LatestSignal | undefined, fresh: readonly Signal[]): LatestSignal {
  const [first, ...rest] = fresh;
  if (first === undefined) throw new RangeError("a fold needs at least one signal");
  const last = rest.reduce((one, other) => (isLater(other, one) ? other : one), first);
  if (known !== undefined && !isLater(last, { ...known, id: known.signalId })) return known;
  return {
    signalId: last.id,
    raisedAt: last.raisedAt,
    source: last.source,
    entities: last.entities.slice(0, ENTITIES_MAX).map(({ type, value }) => ({ type, value })),
    // EcsDocument's arrays are read-only only at compile time; the stored form is plain JSON.
    document: (last.events[0]?.document ?? {}) as LatestSignal["document"],
  };
}

// Of equal ones the oldest: the same whatever the order in which signals come.
function leastProbable(all: readonly (ToldAnomaly | undefined)[]): ToldAnomaly | undefined {
  const [first] = all
    .filter((one) => one !== undefined)
    .sort((a, b) => a.tail - b.tail || a.time - b.time || (a.sentence < b.sentence ? -1 : 1));
  return first;
}

type Raised = Pick<Signal, "id" | "raisedAt">;

function isLater(one: Raised, other: Raised): boolean {
  return one.raisedAt === other.raisedAt ? one.id > other.id : one.raisedAt > other.raisedAt;
}

/** The oldest half and the newest half by (time, id). */
function keepEvidence(all: readonly Evidence[]): Evidence[] {
  const sorted = [...all].sort(
    (a, b) => a.time - b.time || (a.signalId < b.signalId ? -1 : a.signalId > b.signalId ? 1 : 0),
  );
  if (sorted.length <= EVIDENCE_MAX) return sorted;
  const half = EVIDENCE_MAX / 2;
  return [...sorted.slice(0, half), ...sorted.slice(-half)];
}

function mergeEntities(known: readonly Entity[], fresh: readonly Signal[]): Entity[] {
  const byKey = new Map<string, Entity>();
  for (const entity of [...known, ...fresh.flatMap((signal) => [...signal.entities])]) {
    byKey.set(`${entity.type}\u0000${entity.value}`, { type: entity.type, value: entity.value });
  }
  const rank = { host: 0, account: 1, address: 2, service: 3 };
  return [...byKey.values()]
    .sort((a, b) => rank[a.type] - rank[b.type] || (a.value < b.value ? -1 : 1))
    .slice(0, ENTITIES_MAX);
}
