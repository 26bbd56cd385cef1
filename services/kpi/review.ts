// A period beside the one before it: figures, targets and the incidents behind each mean, out of the ledger.
// The sentences of the management page and of the report are made of this, and so is the list of anonymous
// incidents behind a figure.
import type { KpiTarget } from "../../config/kpi.ts";
import type { AlarmCount, CaseValue } from "../cases/kpi-drivers.ts";
import type { PeriodReview } from "../cases/kpi-sentences.ts";
import type { KpiPeriod } from "../store/kpi.ts";
import { checkTargets, targetOfPeriod } from "../store/kpi-target.ts";
import { documentsOf } from "./calculator.ts";
import type { Contribution, Duration } from "./contribution.ts";
import type { KpiLedger } from "./ledger.ts";
import { periodBefore, spanOf } from "./period.ts";
import type { Selection } from "./selection.ts";
import type { TuningRow } from "./tuning.ts";

const MS = 1000;
/** Rows of the list behind the figures; how many there are is told beside them. */
const INCIDENTS_LISTED_MAX = 500;

export interface ReviewParts {
  readonly ledger: KpiLedger;
  readonly tenant: string;
  readonly period: KpiPeriod;
  readonly targets: readonly KpiTarget[];
  readonly alarms: PeriodReview["alarms"];
  /** ms UTC. */
  readonly now: number;
}

export function reviewOf(parts: ReviewParts): PeriodReview {
  const { ledger, tenant, period, targets, alarms, now } = parts;
  const before = periodBefore(period);
  const figures = figuresOf(ledger, tenant, period, now);
  const casesNow = casesOf(ledger.select(spanOf(period)));
  const casesBefore = casesOf(ledger.select(spanOf(before)));
  const both = (name: keyof ReturnType<typeof casesOf>) => ({
    now: casesNow[name],
    before: casesBefore[name],
  });
  return {
    ...{ period, before, figures, alarms },
    isRunning: period.from <= now && now < period.to,
    figuresBefore: figuresOf(ledger, tenant, before, now),
    targets: checkTargets(figures, targetOfPeriod(targets, period)),
    cases: {
      corrective: both("corrective"),
      identification: both("identification"),
      recovery: both("recovery"),
    },
  };
}

/** False alarms of two periods by rule or source, those with the most first. */
export function alarmCounts(now: readonly TuningRow[], before: readonly TuningRow[]): AlarmCount[] {
  const names = [...new Set([...now, ...before].map(({ name }) => name))];
  const count = (rows: readonly TuningRow[], name: string) =>
    rows.find((row) => row.name === name)?.falseAlarms ?? 0;
  return names
    .map((name) => ({ name, now: count(now, name), before: count(before, name) }))
    .filter((one) => one.now + one.before > 0)
    .toSorted((a, b) => b.now + b.before - a.now - a.before || (a.name < b.name ? -1 : 1));
}

/** One incident of a period without title, findings or people. */
export interface IncidentFigures {
  readonly id: string;
  readonly severity: Contribution["severity"];
  readonly category: Contribution["category"];
  /** Seconds, of those that this period counts; null: it counts elsewhere or not at all. */
  readonly correctiveS: number | null;
  readonly identificationS: number | null;
  readonly recoveryS: number | null;
  /** Since its identification, while it is not recovered at the end of the period. */
  readonly openS: number | null;
  /** Null while it is not recovered. */
  readonly containment: Contribution["containment"] | null;
  readonly wasReopened: boolean;
}

/** All incidents that a period's figures rest on, the worst first: open ones by age, then by recovery. */
export function incidentsOf(
  ledger: KpiLedger,
  period: KpiPeriod,
  now: number,
): { readonly total: number; readonly incidents: readonly IncidentFigures[] } {
  const selection = ledger.select(spanOf(period));
  const { identified, completed, recovered, unrecovered } = selection;
  const end = Math.min(period.to, now) / MS;
  const ids = (all: readonly Contribution[]) => new Set(all.map(({ id }) => id));
  const [inK1, inK2, inK3, open] = [
    ids(completed),
    ids(identified),
    ids(recovered),
    ids(unrecovered),
  ];
  const all = new Map(
    [...identified, ...completed, ...recovered, ...unrecovered].map((one) => [one.id, one]),
  );
  const rows = [...all.values()].map((one): IncidentFigures => {
    const { id, severity, category, identifiedAt, containment, wasReopened } = one;
    const age = identifiedAt === undefined ? null : Math.max(0, Math.floor(end - identifiedAt));
    return {
      ...{ id, severity, category, wasReopened },
      correctiveS: inK1.has(id) ? secondsOf(one.corrective) : null,
      identificationS: inK2.has(id) ? secondsOf(one.identification) : null,
      recoveryS: inK3.has(id) ? secondsOf(one.recovery) : null,
      openS: open.has(id) ? age : null,
      containment: inK3.has(id) ? containment : null,
    };
  });
  const incidents = rows
    .toSorted(
      (a, b) =>
        (b.openS ?? -1) - (a.openS ?? -1) ||
        (b.recoveryS ?? -1) - (a.recoveryS ?? -1) ||
        (a.id < b.id ? -1 : 1),
    )
    .slice(0, INCIDENTS_LISTED_MAX);
  return { total: rows.length, incidents };
}

function figuresOf(ledger: KpiLedger, tenant: string, period: KpiPeriod, now: number) {
  const [document] = documentsOf(ledger, tenant, period, [{}], now);
  if (document === undefined) throw new TypeError("one scope gives one document");
  return document.figures;
}

function casesOf({ completed, identified, recovered }: Selection) {
  return {
    corrective: valuesOf(completed, ({ corrective }) => corrective),
    identification: valuesOf(identified, ({ identification }) => identification),
    recovery: valuesOf(recovered, ({ recovery }) => recovery),
  };
}

function valuesOf(
  contributions: readonly Contribution[],
  durationOf: (one: Contribution) => Duration,
): CaseValue[] {
  return contributions
    .flatMap((one) => {
      const { id, severity, category } = one;
      const { seconds } = durationOf(one);
      return seconds === undefined ? [] : [{ id, severity, category, seconds }];
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function secondsOf({ seconds }: Duration): number | null {
  return seconds ?? null;
}
