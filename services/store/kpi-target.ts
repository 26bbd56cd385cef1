// Whether the five KPIs meet their targets: one rule for the API, the command line, the management page and
// the report. A period is measured against the target that was in force when it began.
import { type KpiTarget, targetAt } from "../../config/kpi.ts";
import type { KpiFigures, KpiPeriod } from "./kpi.ts";

/** The five, as they are called in figures, K1 to K5. */
export const KPI_NAMES = [
  "corrective",
  "identification",
  "recovery",
  "falseAlarms",
  "containment",
] as const;
export type KpiName = (typeof KPI_NAMES)[number];

/**
 * `at_risk`: met by what is finished, missed once open incidents are counted with their present age.
 * `no_value`: there is nothing to measure; `no_target`: nobody has set one.
 */
export const TARGET_STATES = ["met", "at_risk", "missed", "no_value", "no_target"] as const;
export type TargetState = (typeof TARGET_STATES)[number];

/** Seconds of durations; false alarms per incident; a share of 0 to 1. */
export const TARGET_UNITS = ["seconds", "ratio", "share"] as const;

export interface TargetCheck {
  readonly unit: (typeof TARGET_UNITS)[number];
  readonly value: number | null;
  /** At most that much; a share: at least. */
  readonly target: number | null;
  readonly state: TargetState;
}

const HOUR_S = 3600;

/** @param target in force in the period of the figures; undefined: none was */
export function checkTargets(
  figures: KpiFigures,
  target: KpiTarget | undefined,
): Record<KpiName, TargetCheck> {
  const { corrective, identification, recovery, falseAlarms, containment } = figures;
  return {
    corrective: duration(
      corrective.meanS,
      target?.correctiveHours,
      corrective.open.lowerBoundMeanS,
    ),
    identification: duration(identification.meanS, target?.identificationHours),
    recovery: duration(recovery.meanS, target?.recoveryHours, recovery.open.lowerBoundMeanS),
    falseAlarms: check("ratio", falseAlarms?.perIncident ?? null, target?.falseAlarmsPerIncident),
    containment: check("share", containment.share, target?.containedShare),
  };
}

/** The target that a period is measured against. */
export function targetOfPeriod(
  targets: readonly KpiTarget[],
  { from, timeZone }: Pick<KpiPeriod, "from" | "timeZone">,
): KpiTarget | undefined {
  return targetAt(targets, from, timeZone);
}

function duration(
  value: number | null,
  hours: number | undefined,
  lowerBound: number | null = null,
): TargetCheck {
  // Means are in tenths of a second, and so is what they are compared with.
  const target = hours === undefined ? undefined : Math.round(hours * HOUR_S * 10) / 10;
  const found = check("seconds", value, target);
  const isAtRisk =
    found.state === "met" && target !== undefined && lowerBound !== null && lowerBound > target;
  return isAtRisk ? { ...found, state: "at_risk" } : found;
}

function check(
  unit: TargetCheck["unit"],
  value: number | null,
  target: number | undefined,
): TargetCheck {
  if (target === undefined) return { unit, value, target: null, state: "no_target" };
  if (value === null) return { unit, value, target, state: "no_value" };
  const isMet = unit === "share" ? value >= target : value <= target;
  return { unit, value, target, state: isMet ? "met" : "missed" };
}
