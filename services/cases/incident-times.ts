// The times of an incident: which are computed from its findings, in which order all have to lie, and what
// is refused because a duration would be negative. Nothing is clamped: a computed time that would contradict
// what a human stated is left out and named as disputed, until the statement is mended.
import type { Finding } from "../store/finding.ts";
import type { Incident } from "../store/incident.ts";
import { CaseFault } from "./case-fault.ts";
import type { CaseMessages } from "./case-messages.ts";

/** Who does something, and when (ms UTC). */
export interface By {
  readonly at: number;
  /** Opaque account id, `system`, or `cli`. */
  readonly actor: string;
}

/** What an incident's times need of a finding. */
export interface FindingFacts {
  readonly id: string;
  readonly raisedAt: number;
  /** Since when it has been judged true positive; undefined while it is not. ms UTC. */
  readonly truePositiveAt: number | undefined;
  /** When the verdict that holds was given; undefined while there is none. ms UTC. */
  readonly judgedAt: number | undefined;
}

/** The facts of a finding: a verdict that was only repeated counts from its first time. */
export function factsOf({ id, raisedAt, verdict, verdictHistory }: Finding): FindingFacts {
  const judgedAt = verdict?.at;
  if (verdict?.verdict !== "true_positive") {
    return { id, raisedAt, truePositiveAt: undefined, judgedAt };
  }
  const other = verdictHistory.findLastIndex((one) => one.verdict !== "true_positive");
  const first = verdictHistory[other + 1] ?? verdict;
  return { id, raisedAt, truePositiveAt: first.at, judgedAt };
}

interface Order {
  readonly earlier: (incident: Incident) => number | undefined;
  readonly later: (incident: Incident) => number | undefined;
  readonly place: string;
  readonly text: (messages: CaseMessages) => string;
}

const compromiseAt = ({ firstCompromise: { method, at } }: Incident) =>
  method === "pre_compromise" ? undefined : at;
const compromiseLatest = ({ firstCompromise: { method, latest } }: Incident) =>
  method === "pre_compromise" ? undefined : latest;

/** Pairs that must not be the wrong way round; equal times are fine. */
const ORDERS: readonly Order[] = [
  {
    earlier: compromiseAt,
    later: ({ detectedAt }) => detectedAt,
    ...{ place: "firstCompromise/at", text: (m) => m.compromiseAfterDetected },
  },
  {
    earlier: compromiseAt,
    later: ({ identifiedAt }) => identifiedAt,
    ...{ place: "firstCompromise/at", text: (m) => m.compromiseAfterIdentified },
  },
  {
    earlier: compromiseLatest,
    later: ({ identifiedAt }) => identifiedAt,
    ...{ place: "firstCompromise/latest", text: (m) => m.compromiseAfterIdentified },
  },
  {
    earlier: compromiseAt,
    later: ({ contained }) => contained?.at,
    ...{ place: "contained/at", text: (m) => m.containedBeforeCompromise },
  },
  {
    earlier: compromiseAt,
    later: ({ firstImpactAt }) => firstImpactAt,
    ...{ place: "firstImpactAt", text: (m) => m.impactBeforeCompromise },
  },
  {
    earlier: compromiseAt,
    later: ({ recovered }) => recovered?.at,
    ...{ place: "recovered/at", text: (m) => m.recoveredBeforeCompromise },
  },
  {
    earlier: ({ detectedAt }) => detectedAt,
    later: ({ identifiedAt }) => identifiedAt,
    ...{ place: "detectedAt", text: (m) => m.detectedAfterIdentified },
  },
  {
    earlier: ({ detectedAt }) => detectedAt,
    later: ({ recovered }) => recovered?.at,
    ...{ place: "recovered/at", text: (m) => m.recoveredBeforeDetected },
  },
  {
    earlier: ({ contained }) => contained?.at,
    later: ({ recovered }) => recovered?.at,
    ...{ place: "recovered/at", text: (m) => m.recoveredBeforeContained },
  },
  {
    earlier: ({ identifiedAt }) => identifiedAt,
    later: ({ correctiveCompletedAt }) => correctiveCompletedAt,
    ...{ place: "completedAt", text: (m) => m.completedBeforeIdentified },
  },
  {
    earlier: ({ firstCompromise }) => firstCompromise.earliest,
    later: ({ firstCompromise }) => firstCompromise.latest,
    ...{ place: "firstCompromise/latest", text: (m) => m.boundsReversed },
  },
  {
    earlier: ({ firstCompromise }) => firstCompromise.earliest,
    later: ({ firstCompromise }) => firstCompromise.at,
    ...{ place: "firstCompromise/earliest", text: (m) => m.boundsReversed },
  },
  {
    earlier: ({ firstCompromise }) => firstCompromise.at,
    later: ({ firstCompromise }) => firstCompromise.latest,
    ...{ place: "firstCompromise/latest", text: (m) => m.boundsReversed },
  },
];

/** @throws CaseFault HW_REQUEST_INVALID when two times are the wrong way round */
export function checkTimes(incident: Incident): void {
  for (const { earlier, later, place, text } of ORDERS) {
    const [first, second] = [earlier(incident), later(incident)];
    if (first !== undefined && second !== undefined && second < first) {
      throw new CaseFault("HW_REQUEST_INVALID", `body/${place}`, text);
    }
  }
}

/** @throws CaseFault HW_REQUEST_INVALID for a time that has not come yet */
export function checkPast(at: number | undefined, by: By, place: string): void {
  if (at !== undefined && at > by.at) {
    throw new CaseFault("HW_REQUEST_INVALID", `body/${place}`, (m) => m.inFuture);
  }
}

/**
 * The incident with its computed times, from all its linked findings.
 * @throws CaseFault HW_REQUEST_INVALID when they contradict a stated time
 */
export function withAnchors(incident: Incident, facts: readonly FindingFacts[]): Incident {
  const { detectedAt, identifiedAt } = anchors(incident, facts);
  const { detectedAt: _d, identifiedAt: _i, disputed: _n, ...rest } = incident;
  const next = withCorrective({ ...rest, ...given({ identifiedAt, detectedAt }) });
  checkTimes(next);
  return next;
}

/** The same where nothing can be refused: what contradicts a stated time is left out and named. */
export function withSettledAnchors(incident: Incident, facts: readonly FindingFacts[]): Incident {
  const free = anchors(incident, facts);
  const bounded = anchors(incident, facts, {
    from: Math.max(compromiseAt(incident) ?? -Infinity, -Infinity),
    latest: compromiseLatest(incident) ?? -Infinity,
    until: incident.recovered?.at ?? Infinity,
  });
  const { detectedAt: _d, identifiedAt: _i, disputed: _n, ...rest } = incident;
  const disputed = (["detectedAt", "identifiedAt"] as const).filter(
    (key) => free[key] !== bounded[key],
  );
  return withCorrective({
    ...rest,
    ...given(bounded),
    ...(disputed.length === 0 ? {} : { disputed }),
  });
}

/**
 * `correctiveCompletedAt`: when the last required action was completed, once none is open (soc.md 2.2, K1).
 * After a re-opening it needs an action completed since, and it never lies before the identification.
 */
export function withCorrective(incident: Incident): Incident {
  const { correctiveCompletedAt: _, ...rest } = incident;
  const required = incident.actions.filter((one) => one.required && one.cancelledAt === undefined);
  const times = required.flatMap(({ completedAt }) => completedAt ?? []);
  if (times.length === 0 || times.length < required.length) return rest;
  const at = Math.max(...times);
  const since = Math.max(
    incident.identifiedAt ?? -Infinity,
    incident.reopened.at(-1)?.at ?? -Infinity,
  );
  return at < since ? rest : { ...rest, correctiveCompletedAt: at };
}

/** The late signals, each with when its finding was judged again. */
export function withJudgedSignals(incident: Incident, facts: readonly FindingFacts[]): Incident {
  const { lateSignals } = incident;
  if (lateSignals === undefined) return incident;
  const judged = new Map(facts.map(({ id, judgedAt }) => [id, judgedAt]));
  return {
    ...incident,
    lateSignals: lateSignals.map((one) => {
      const judgedAt = judged.get(one.finding);
      const isNew = one.judgedAt === undefined && judgedAt !== undefined && judgedAt >= one.at;
      return isNew ? { ...one, judgedAt } : one;
    }),
  };
}

interface Bounds {
  readonly from: number;
  readonly latest: number;
  readonly until: number;
}

const UNBOUNDED: Bounds = { from: -Infinity, latest: -Infinity, until: Infinity };

function anchors(incident: Incident, facts: readonly FindingFacts[], bounds = UNBOUNDED) {
  const { inherited, mergedFrom, createdBy, createdAt } = incident;
  const confirmed = facts.filter(({ truePositiveAt }) => truePositiveAt !== undefined);
  const identifiedAt = least(
    [
      createdBy === "system" ? undefined : createdAt,
      inherited?.identifiedAt,
      ...mergedFrom.map((one) => one.identifiedAt),
      ...confirmed.map((one) => one.truePositiveAt),
    ],
    Math.max(bounds.from, bounds.latest),
    Infinity,
  );
  // What was raised after people knew of the incident did not detect it.
  const detectedAt = least(
    [inherited?.detectedAt, ...confirmed.map(({ raisedAt }) => raisedAt)],
    bounds.from,
    Math.min(bounds.until, identifiedAt ?? Infinity),
  );
  return { detectedAt, identifiedAt };
}

function least(times: readonly (number | undefined)[], from: number, until: number) {
  const fit = times.filter((one) => one !== undefined && from <= one && one <= until);
  // The filter has left out what is undefined.
  return fit.length === 0 ? undefined : Math.min(...(fit as number[]));
}

function given(times: {
  readonly detectedAt: number | undefined;
  readonly identifiedAt: number | undefined;
}): Pick<Incident, "detectedAt" | "identifiedAt"> {
  const { detectedAt, identifiedAt } = times;
  return {
    ...(detectedAt === undefined ? {} : { detectedAt }),
    ...(identifiedAt === undefined ? {} : { identifiedAt }),
  };
}
