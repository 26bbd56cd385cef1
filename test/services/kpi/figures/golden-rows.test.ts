// The golden vectors come out of rows of figures to the second, and sums and statistics over rows of single
// incidents and days are the numbers of the KPIs.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { alarmOf } from "../../../../services/kpi/alarm.ts";
import { figuresIn, STANDARD_SCOPES } from "../../../../services/kpi/calculator.ts";
import { contributionOf } from "../../../../services/kpi/contribution.ts";
import { alarmRows } from "../../../../services/kpi/figures/alarm-rows.ts";
import { caseRows, openRows } from "../../../../services/kpi/figures/case-rows.ts";
import { kpiRows } from "../../../../services/kpi/figures/kpi-rows.ts";
import { KpiLedger } from "../../../../services/kpi/ledger.ts";
import { namedPeriod, spanOf } from "../../../../services/kpi/period.ts";
import { statisticsOf } from "../../../../services/kpi/statistics.ts";
import { findingsFrom, incidentFrom, isThere, readGolden } from "../golden.ts";
import { TENANT } from "../incidents.ts";

/** The vectors' period is a month in UTC. */
const PERIOD = namedPeriod("2026-10", "UTC");
const DAYS = Array.from({ length: 31 }, (_, day) => Date.UTC(2026, 9, 1 + day) / 86_400_000);
const TARGETS = [
  { validFrom: "2026-01-01", recoveryHours: 1, containedShare: 0.9 },
  // A new target changes no month that it has not begun.
  { validFrom: "2026-10-02", correctiveHours: 2, recoveryHours: 3 },
];

const named = z.record(z.string(), z.unknown());
const mean = z.object({ mean_s: z.number() });

/** Numbers under the vectors' names, as a row names them. */
function statistics(prefix: string, expected: unknown): Record<string, unknown> {
  const { n, mean_s, median_s, p90_s } = named.parse(expected);
  return {
    ...{ [`${prefix}N`]: n, [`${prefix}MeanS`]: mean_s },
    ...{ [`${prefix}MedianS`]: median_s, [`${prefix}P90S`]: p90_s },
  };
}

function filled() {
  const golden = readGolden();
  const ledger = new KpiLedger("UTC");
  for (const one of golden.incidents) ledger.setIncident(contributionOf(incidentFrom(one)));
  for (const one of findingsFrom(golden.alarms)) ledger.setAlarm(one.id, alarmOf(one));
  const figures = figuresIn(ledger, PERIOD, STANDARD_SCOPES, PERIOD.to);
  const rows = kpiRows(figures, "month", PERIOD, { tenant: TENANT, targets: TARGETS });
  return { golden, ledger, rows, whole: rows[0]?.measures ?? {} };
}

describe.runIf(isThere)("rows of the golden vectors", () => {
  it("hold every number of the period, and the target of its first day", () => {
    const { golden, whole } = filled();
    const identification = named.parse(golden.expected.kpi2_identification);
    const recovery = named.parse(golden.expected.kpi3_recovery);
    const alarms = named.parse(golden.expected.kpi4_false_alarms);
    const contained = named.parse(golden.expected.kpi5_contained);
    expect(whole).toMatchObject({
      ...statistics("k1", golden.expected.kpi1_corrective),
      ...statistics("k2", identification),
      ...statistics("k3", recovery),
      k2DetectionS: mean.parse(identification.of_which_detection).mean_s,
      k2TriageS: mean.parse(identification.of_which_triage).mean_s,
      k2Unknown: identification.unknown_compromise,
      k3Open: z.array(z.unknown()).parse(recovery.open_at_end).length,
      k3LowerBoundS: 267_394.3,
      ...{ k4FalseAlarms: alarms.false_alarms, k4Incidents: alarms.incidents },
      ...{ k4PerIncident: alarms.per_incident, k4PrecisionShare: alarms.precision },
      k4Unjudged: alarms.unjudged,
      ...{ k5N: contained.n, k5Contained: contained.contained, k5Share: contained.share },
      ...{ k3TargetS: 3600, k5TargetShare: 0.9 },
    });
    expect([whole.k5LowShare, whole.k5HighShare]).toEqual(contained.wilson95);
    expect(whole).not.toHaveProperty("k1TargetS");
  });

  it("have targets for the whole only, and no false alarms of a category", () => {
    const { rows } = filled();
    const parts = rows.slice(1);
    expect(parts.length).toBeGreaterThan(1);
    for (const { dimensions, measures } of parts) {
      expect(Object.keys(measures).filter((name) => name.includes("Target"))).toEqual([]);
      expect("k4FalseAlarms" in measures).toBe(dimensions.category === undefined);
    }
  });

  it("of single incidents give the period's statistics", () => {
    const { ledger, whole } = filled();
    const selection = ledger.select(spanOf(PERIOD));
    const cases = caseRows(TENANT, selection);
    const values = (phase: string, name: string) =>
      cases.flatMap(({ dimensions, measures }) =>
        dimensions.phase === phase ? (measures[name] ?? []) : [],
      );
    for (const [prefix, phase, name] of [
      ["k1", "corrected", "correctiveS"],
      ["k2", "identified", "identificationS"],
      ["k3", "recovered", "recoveryS"],
    ] as const) {
      const { n, meanS, medianS, p90S } = statisticsOf(values(phase, name));
      expect([n, meanS, medianS, p90S]).toEqual(
        ["N", "MeanS", "MedianS", "P90S"].map((end) => whole[`${prefix}${end}`]),
      );
    }
    const contained = values("recovered", "contained");
    expect(contained).toHaveLength(whole.k5N ?? 0);
    expect(contained.filter((one) => one === 1)).toHaveLength(whole.k5Contained ?? 0);
    const end = PERIOD.to / 1000;
    const open = openRows(TENANT, selection.unrecovered, end, end);
    expect(open.map(({ dimensions, measures }) => [dimensions.incident, measures.ageS])).toEqual([
      ["I6", 1_033_200],
    ]);
  });

  it("of days add up to the alarms of the period", () => {
    const { golden, ledger } = filled();
    const alarms = alarmRows(TENANT, [...ledger.alarmEntries()], new Set(DAYS), ledger.days);
    const { fp, tp, btp, dup, und, open } = golden.alarms;
    for (const per of ["rule", "level", "source"]) {
      const sums: Record<string, number> = {};
      for (const { dimensions, measures } of [...alarms.values()].flat()) {
        if (dimensions.per !== per) continue;
        for (const [name, value] of Object.entries(measures))
          sums[name] = (sums[name] ?? 0) + value;
      }
      expect([per, sums]).toEqual([
        per,
        {
          ...{ falseAlarms: fp, truePositives: tp, undetermined: und, duplicates: dup },
          ...{ benignTruePositives: btp, raised: fp + tp + btp + dup + und + open },
        },
      ]);
    }
  });
});
