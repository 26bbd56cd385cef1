// K4 by rule and by source: which ones give false alarms. For tuning rules, so it is counted in the store
// when somebody asks; judged findings were all shown to somebody and are alarms.
import { FINDING_KIND } from "../store/kinds.ts";
import type { KpiPeriod } from "../store/kpi.ts";
import type { Store } from "../store/store.ts";
import type { AlarmVerdict } from "./alarm.ts";
import { ratio } from "./statistics.ts";

/** Judged alarms of one rule or source. */
export interface TuningRow {
  readonly name: string;
  readonly falseAlarms: number;
  readonly truePositives: number;
  readonly undetermined: number;
  readonly benignTruePositives: number;
  readonly duplicates: number;
  readonly precision: number | null;
}

const ROWS_MAX = 200;
const COUNTED = {
  falseAlarms: "false_positive",
  truePositives: "true_positive",
  undetermined: "undetermined",
  benignTruePositives: "benign_true_positive",
  duplicates: "duplicate",
} as const satisfies Readonly<Record<string, AlarmVerdict>>;

/** Most false alarms first, at most ROWS_MAX; an alarm of several sources counts with each. */
export async function tuningRows(
  store: Store,
  tenant: string,
  by: "rule" | "source",
  { from, to }: KpiPeriod,
): Promise<TuningRow[]> {
  const field = by === "rule" ? "detector" : "source";
  const rows = new Map<string, Record<keyof typeof COUNTED, number>>();
  // Object.entries loses that the keys are those of COUNTED.
  for (const [column, verdict] of Object.entries(COUNTED) as [keyof typeof COUNTED, string][]) {
    const counts = await store.count(tenant, FINDING_KIND, field, {
      terms: { verdict: [verdict] },
      ranges: { verdictAt: { gte: from, lt: to } },
    });
    for (const { value, documents } of counts) {
      const row = rows.get(value) ?? emptyRow();
      row[column] = documents;
      rows.set(value, row);
    }
  }
  return [...rows]
    .map(([name, row]) => ({
      name,
      ...row,
      precision: ratio(row.truePositives, row.truePositives + row.falseAlarms),
    }))
    .sort((a, b) => b.falseAlarms - a.falseAlarms || (a.name < b.name ? -1 : 1))
    .slice(0, ROWS_MAX);
}

function emptyRow(): Record<keyof typeof COUNTED, number> {
  return {
    falseAlarms: 0,
    truePositives: 0,
    undetermined: 0,
    benignTruePositives: 0,
    duplicates: 0,
  };
}
