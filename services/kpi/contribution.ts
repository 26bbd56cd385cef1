// What one incident adds to the KPIs: its anchors in whole seconds UTC and the durations between them, or
// why it adds none. Pure; definitions in docs/kennzahlen.md (definition version 1).
import type { Level } from "../../detectors/detector.ts";
import type { Incident } from "../store/incident.ts";
import type { EXCLUSION_REASONS, LEFT_OUT_REASONS, QUALITY_FLAGS } from "../store/kpi.ts";

type LeftOutReason = (typeof LEFT_OUT_REASONS)[number];
type ExclusionReason = (typeof EXCLUSION_REASONS)[number];
type QualityFlag = (typeof QUALITY_FLAGS)[number];

const MS = 1000;
/** 1970 to 2100; what lies outside is a slip of the pen that no calendar should be asked about. */
const TIME_MAX = 4_102_444_800;

/** A duration in seconds, or the reason why there is none. */
export type Duration =
  | { readonly seconds: number; readonly reason?: undefined }
  | { readonly seconds?: undefined; readonly reason: ExclusionReason };

/** From the first compromise to the identification. */
type Identification = Duration & {
  readonly isPreCompromise: boolean;
  /** Bounds by the bounds of an estimate, seconds; undefined where nothing was estimated. */
  readonly bounds: readonly [low: number, high: number] | undefined;
  /** Undefined where the two parts do not add up to the whole. */
  readonly parts: { readonly detection: number; readonly triage: number } | undefined;
};

/** A required action that was not cancelled; seconds UTC. */
export interface RequiredAction {
  readonly dueAt: number | undefined;
  readonly completedAt: number | undefined;
}

export interface Contribution {
  readonly id: string;
  readonly severity: Level;
  readonly category: Incident["category"];
  /** Why it is in no KPI; undefined: it is in. */
  readonly leftOut: LeftOutReason | undefined;
  /** For counting what is left out; seconds UTC, as all times here. */
  readonly declaredAt: number;
  readonly identifiedAt: number | undefined;
  readonly recoveredAt: number | undefined;
  /** Of the last required action; undefined while one is open, or where none is required. */
  readonly completedAt: number | undefined;
  readonly actions: readonly RequiredAction[];
  readonly corrective: Duration;
  readonly identification: Identification;
  readonly recovery: Duration;
  readonly containment: "contained" | "not_contained" | "impact_unknown";
  readonly wasReopened: boolean;
  readonly flags: readonly QualityFlag[];
}

/** Times in seconds; what is implausible counts as missing. */
interface Anchors {
  readonly compromise: number | undefined;
  readonly earliest: number | undefined;
  readonly latest: number | undefined;
  readonly detected: number | undefined;
  readonly identified: number | undefined;
  readonly contained: number | undefined;
  readonly impact: number | undefined;
  readonly recovered: number | undefined;
}

/** @returns what this incident adds, whatever the period */
export function contributionOf(incident: Incident): Contribution {
  const anchors = anchorsOf(incident);
  const actions = incident.actions
    .filter(({ required, cancelledAt }) => required && cancelledAt === undefined)
    .map(({ dueAt, completedAt }) => ({
      dueAt: secondsOf(dueAt),
      completedAt: secondsOf(completedAt),
    }));
  const completedAt = lastCompletion(actions);
  const corrective = correctiveOf(actions, completedAt, anchors);
  const identification = identificationOf(incident, anchors);
  const recovery = between(anchors.detected, anchors.recovered, "not_detected");
  const { id, severity, category } = incident;
  return {
    ...{ id, severity, category, actions, completedAt, corrective, identification, recovery },
    leftOut: leftOutOf(incident),
    declaredAt: anchors.identified ?? secondsOf(incident.createdAt) ?? 0,
    identifiedAt: anchors.identified,
    recoveredAt: anchors.recovered,
    containment: containmentOf(incident, anchors),
    wasReopened: incident.reopened.length > 0,
    flags: flagsOf(incident, anchors, { corrective, identification, recovery }),
  };
}

/** Milliseconds as whole seconds; undefined where missing or implausible. */
export function secondsOf(ms: number | undefined): number | undefined {
  if (ms === undefined || !(ms >= 0)) return undefined;
  const seconds = Math.floor(ms / MS);
  return seconds < TIME_MAX ? seconds : undefined;
}

function anchorsOf(incident: Incident): Anchors {
  const { firstCompromise } = incident;
  const isKnown = firstCompromise.method === "evidence" || firstCompromise.method === "estimate";
  const isEstimate = firstCompromise.method === "estimate";
  return {
    compromise: isKnown ? secondsOf(firstCompromise.at) : undefined,
    earliest: isEstimate ? secondsOf(firstCompromise.earliest) : undefined,
    latest: isEstimate ? secondsOf(firstCompromise.latest) : undefined,
    detected: secondsOf(incident.detectedAt),
    identified: secondsOf(incident.identifiedAt),
    contained: secondsOf(incident.contained?.at),
    impact: secondsOf(incident.firstImpactAt),
    recovered: secondsOf(incident.recovered?.at),
  };
}

function leftOutOf(incident: Incident): LeftOutReason | undefined {
  if (incident.exercise) return "exercise";
  if (incident.mergedInto !== undefined) return "merged";
  if (incident.splitInto.length > 0) return "split";
  return incident.verdict === "true_positive" ? undefined : incident.verdict;
}

function lastCompletion(actions: readonly RequiredAction[]): number | undefined {
  let last: number | undefined;
  for (const { completedAt } of actions) {
    if (completedAt === undefined) return undefined;
    last = Math.max(last ?? 0, completedAt);
  }
  return last;
}

function correctiveOf(
  actions: readonly RequiredAction[],
  completedAt: number | undefined,
  { identified }: Anchors,
): Duration {
  if (actions.length === 0) return { reason: "no_required_action" };
  return between(identified, completedAt, "not_identified");
}

/** Negative durations are never clamped: they are left out and told of. */
function between(
  from: number | undefined,
  to: number | undefined,
  missing: ExclusionReason,
): Duration {
  if (from === undefined || to === undefined) return { reason: missing };
  return to < from ? { reason: "negative" } : { seconds: to - from };
}

function identificationOf({ firstCompromise }: Incident, anchors: Anchors): Identification {
  const { compromise, detected, identified, earliest, latest } = anchors;
  if (firstCompromise.method === "pre_compromise") {
    return {
      ...(identified === undefined ? { reason: "not_identified" } : { seconds: 0 }),
      ...{ isPreCompromise: true, bounds: undefined, parts: { detection: 0, triage: 0 } },
    };
  }
  const whole =
    identified === undefined
      ? ({ reason: "not_identified" } as const)
      : between(compromise, identified, "start_unknown");
  const rest = { isPreCompromise: false, bounds: undefined, parts: undefined };
  if (whole.seconds === undefined || identified === undefined || compromise === undefined) {
    return { ...whole, ...rest };
  }
  const isOrdered = detected !== undefined && compromise <= detected && detected <= identified;
  const bounds =
    firstCompromise.method === "estimate"
      ? ([identified - (latest ?? compromise), identified - (earliest ?? compromise)] as const)
      : undefined;
  return {
    ...whole,
    ...rest,
    bounds,
    parts: isOrdered
      ? { detection: detected - compromise, triage: identified - detected }
      : undefined,
  };
}

function containmentOf({ impact }: Incident, anchors: Anchors): Contribution["containment"] {
  const parts = [impact.confidentiality, impact.integrity, impact.availability];
  // Damage that is known in one respect stays damage, whatever is unknown in the others.
  if (parts.some((part) => part === "limited" || part === "significant")) return "not_contained";
  if (parts.includes("unknown")) return "impact_unknown";
  const isContained = anchors.contained !== undefined && anchors.impact === undefined;
  return isContained ? "contained" : "not_contained";
}

function flagsOf(
  incident: Incident,
  { compromise, detected, identified, contained, impact }: Anchors,
  durations: Pick<Contribution, "corrective" | "identification" | "recovery">,
): QualityFlag[] {
  const { confidentiality, integrity, availability } = incident.impact;
  const isNone = [confidentiality, integrity, availability].every((part) => part === "none");
  const isAfter = (later: number | undefined, than: number | undefined) =>
    later !== undefined && than !== undefined && later > than;
  const found: readonly (readonly [QualityFlag, boolean])[] = [
    ["impact_after_containment", isAfter(impact, contained)],
    ["impact_contradiction", isNone && impact !== undefined],
    ["negative_corrective", durations.corrective.reason === "negative"],
    ["negative_identification", durations.identification.reason === "negative"],
    ["negative_recovery", durations.recovery.reason === "negative"],
    ["compromise_after_detection", isAfter(compromise, detected)],
    ["identified_before_detection", isAfter(detected, identified)],
    ["implausible_time", hasImplausibleTime(incident)],
  ];
  return found.filter(([, holds]) => holds).map(([flag]) => flag);
}

function hasImplausibleTime(incident: Incident): boolean {
  const { firstCompromise, detectedAt, identifiedAt, contained, firstImpactAt } = incident;
  const times = [
    ...[firstCompromise.at, firstCompromise.earliest, firstCompromise.latest, detectedAt],
    ...[identifiedAt, contained?.at, firstImpactAt, incident.recovered?.at],
    ...incident.actions.map(({ completedAt }) => completedAt),
  ];
  return times.some((time) => time !== undefined && secondsOf(time) === undefined);
}
