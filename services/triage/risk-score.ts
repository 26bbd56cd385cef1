// The risk of an entity: how much the different detectors that hit on it weigh together. Pure, a function
// of the set of findings; times are hours since 1970 UTC, so that neither order nor clock matters.
import { type DetectorInfo, type Level, levelRank } from "../../detectors/detector.ts";
import type { Finding } from "../store/finding.ts";

const HOUR_MS = 3_600_000;
// A finding lasts a week at most (the longest suppression); what claims more is cut.
const HOURS_MAX = 8 * 24;

// Two medium detectors stay below the default threshold of 30, three of different tactics reach it; one
// detector counts once, however often it hits.
const WEIGHT: Readonly<Record<Level, number>> = {
  informational: 1,
  low: 3,
  medium: 8,
  high: 20,
  critical: 40,
};
const TACTIC_STEP = 0.2;
const TACTIC_FACTOR_MAX = 2.4;

/** The spans that risk is looked at in, and by how much the threshold is higher there. */
export const RISK_SPANS = [
  { hours: 24, thresholdFactor: 1 },
  { hours: 7 * 24, thresholdFactor: 2 },
] as const;

/** One detector on one entity: in which hours it had a finding, and the lowest id of those. */
export interface RiskActivity {
  readonly detector: Pick<DetectorInfo, "id" | "title" | "level" | "tactics">;
  readonly hours: Map<number, string>;
}

/** Detector id → its activity on an entity. */
export type RiskActivities = Map<string, RiskActivity>;

export interface RiskPart {
  readonly detector: RiskActivity["detector"];
  /** Its weight; the risk is the sum of the weights times the factor. */
  readonly points: number;
  /** Findings of the detector in the span, the newest first. */
  readonly findings: readonly string[];
}

export interface Risk {
  readonly value: number;
  /** For the number of different ATT&CK tactics. */
  readonly factor: number;
  readonly tactics: readonly string[];
  /** The heaviest first. */
  readonly parts: readonly RiskPart[];
  readonly hour: number;
}

export function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS);
}

/** Adds a finding; adding it again changes nothing. */
export function addActivity(activities: RiskActivities, finding: Finding): void {
  const { detector, id } = finding;
  let known = activities.get(detector.id);
  if (known === undefined) {
    known = { detector, hours: new Map() };
    activities.set(detector.id, known);
  }
  const last = hourOf(finding.lastEventAt);
  for (let hour = Math.max(hourOf(finding.firstEventAt), last - HOURS_MAX); hour <= last; hour++) {
    const other = known.hours.get(hour);
    if (other === undefined || id < other) known.hours.set(hour, id);
  }
}

/**
 * Risk at the end of an hour: F × Σ w(level of d) over the distinct detectors d that were active in the
 * `spanHours` before, with F = 1 + 0.2 × (different tactics − 1), at most 2.4; rounded to
 * tenths. Own formula.
 */
export function riskAt(
  activities: Iterable<RiskActivity>,
  hour: number,
  spanHours: number,
  counts: (activity: RiskActivity) => boolean = () => true,
): Risk {
  const parts: RiskPart[] = [];
  const tactics = new Set<string>();
  for (const activity of activities) {
    if (!counts(activity)) continue;
    const hours = [...activity.hours].filter(([at]) => at <= hour && at > hour - spanHours);
    if (hours.length === 0) continue;
    hours.sort(([a], [b]) => b - a);
    const { detector } = activity;
    for (const tactic of detector.tactics) tactics.add(tactic);
    const findings = [...new Set(hours.map(([, id]) => id))];
    parts.push({ detector, points: WEIGHT[detector.level], findings });
  }
  parts.sort((a, b) => b.points - a.points || (a.detector.id < b.detector.id ? -1 : 1));
  const steps = Math.max(0, tactics.size - 1);
  const factor = tenths(Math.min(TACTIC_FACTOR_MAX, 1 + TACTIC_STEP * steps));
  const value = tenths(factor * parts.reduce((sum, part) => sum + part.points, 0));
  return { value, factor, tactics: [...tactics].sort(), parts, hour };
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Below `high`: what would be looked at late or never by itself. */
export function isWeak({ detector }: RiskActivity): boolean {
  return levelRank(detector.level) < levelRank("high");
}

/**
 * The highest risk of weak hits at an hour of activity within [fromHour, fromHour + spanHours); of equal
 * ones the earliest. It only grows when findings are added. Undefined without activity.
 */
export function peakRisk(
  activities: RiskActivities,
  fromHour: number,
  spanHours: number,
): Risk | undefined {
  const candidates = new Set<number>();
  for (const activity of activities.values()) {
    if (!isWeak(activity)) continue;
    for (const hour of activity.hours.keys()) {
      if (hour >= fromHour && hour < fromHour + spanHours) candidates.add(hour);
    }
  }
  let peak: Risk | undefined;
  for (const hour of [...candidates].sort((a, b) => a - b)) {
    const risk = riskAt(activities.values(), hour, spanHours, isWeak);
    if (peak === undefined || risk.value > peak.value) peak = risk;
  }
  return peak;
}
