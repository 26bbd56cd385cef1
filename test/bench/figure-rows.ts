// What rows of figures cost: the first fill of 100,000 alarms and 10,000 incidents, a start that finds all of
// them there, and one change; with the embedded store.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LEVELS } from "../../detectors/detector.ts";
import { TenantKpi } from "../../services/kpi/tenant-kpi.ts";
import { openEmbeddedStore } from "../../services/store/embedded.ts";
import { FIGURE_ROW_KIND } from "../../services/store/figure-row.ts";
import { type Finding, VERDICTS } from "../../services/store/finding.ts";
import type { Incident } from "../../services/store/incident.ts";
import { FINDING_KIND, INCIDENT_KIND } from "../../services/store/kinds.ts";
import type { Kind, Store } from "../../services/store/store.ts";
import { randomOf } from "../services/kpi/histories.ts";
import { findingOf, TENANT } from "../services/kpi/incidents.ts";
import { cpuSeconds, spread } from "./cpu-time.ts";
import { printFigure } from "./figure.ts";

const ALARMS = 100_000;
const INCIDENTS = 10_000;
const MONTHS = 36;
const RULES = 60;
const CHANGES = 20;
const START = Date.UTC(2024, 0, 1);
const NOW = Date.UTC(2026, 11, 31);
const HOUR_MS = 3_600_000;
const BATCH = 1000;

/** @param made an incident by its number of so many */
export async function benchRows(made: (index: number, of: number) => Incident): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "heidewacht-bench-rows-"));
  const store = openEmbeddedStore({ dataDir });
  try {
    const random = randomOf(2);
    await putAll(store, INCIDENT_KIND, INCIDENTS, (index) => made(index, INCIDENTS));
    await putAll(store, FINDING_KIND, ALARMS, (index) => alarm(index, random));
    const more = { alarms: ALARMS, incidents: INCIDENTS, months: MONTHS, rules: RULES, seed: 2 };
    // The documents of months are written at the first fill too, and everything is read.
    const first = stageOn(store);
    const filled = await timed(() => first.reconcile());
    first.close();
    const rows = await countRows(store);
    printFigure("kpi.rows_fill_s", filled.seconds, "s", { ...more, rows, ...filled });
    // On a machine that has other work the time on the clock says nothing.
    printFigure("kpi.rows_100k_s", filled.cpu, "s", { ...more, rows, of: "processor time" });
    const kpi = stageOn(store);
    const found = await timed(() => kpi.reconcile());
    printFigure("kpi.rows_start_s", found.seconds, "s", { ...more, rows, ...found });
    const times: number[] = [];
    const spent: number[] = [];
    for (let index = 0; index < CHANGES; index += 1) {
      const judged = alarm(ALARMS - 1 - index, random);
      const verdict = { verdict: "false_positive" as const, at: NOW - index * 1000, by: "a" };
      await store.put(TENANT, FINDING_KIND, judged.id, { ...judged, status: "closed", verdict });
      const { seconds, cpu } = await timed(() => kpi.refresh());
      times.push(seconds * 1000);
      spent.push(cpu * 1000);
    }
    kpi.close();
    const milliseconds = spread(times);
    printFigure("kpi.rows_refresh_ms", milliseconds.median, "ms", {
      ...{ ...more, changes: CHANGES, ...milliseconds, cpuMs: spread(spent).median },
    });
  } finally {
    await store.close();
    rmSync(dataDir, { recursive: true });
  }
}

function stageOn(store: Store): TenantKpi {
  return new TenantKpi({
    ...{ store, tenant: TENANT, timeZone: "Europe/Berlin", now: () => NOW },
    ...{ figures: { targets: [], anomalyBudget: 5 }, onChange: () => undefined },
  });
}

async function timed(work: () => Promise<void>) {
  const startedAt = performance.now();
  const cpu = await cpuSeconds(work);
  return { seconds: (performance.now() - startedAt) / 1000, cpu };
}

async function putAll<D extends { readonly id: string }>(
  store: Store,
  kind: Kind<D>,
  count: number,
  make: (index: number) => D,
): Promise<void> {
  for (let index = 0; index < count; index += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, at) => make(index + at));
    await Promise.all(batch.map((one) => store.put(TENANT, kind, one.id, one)));
  }
}

async function countRows(store: Store): Promise<number> {
  const query = { sort: [{ field: "pointAt", order: "asc" as const }], limit: 1 };
  return (await store.search(TENANT, FIGURE_ROW_KIND, query)).total;
}

/** Spread evenly over three years; most were judged within days, one in a hundred never. */
function alarm(index: number, random: () => number): Finding {
  const raisedAt = START + Math.floor((index / ALARMS) * (NOW - START));
  const takenUpAt = raisedAt + Math.floor(random() * 8 * HOUR_MS);
  const at = takenUpAt + Math.floor(random() * 48 * HOUR_MS);
  const verdict = VERDICTS[Math.floor(random() * VERDICTS.length)] ?? "undetermined";
  const isJudged = at < NOW && random() < 0.99;
  const number = Math.floor(random() * RULES);
  const { detector, ...rest } = findingOf(`finding-${index}`, {
    ...{ raisedAt, takenUpAt, status: isJudged ? "closed" : "in_progress" },
    ...(isJudged ? { verdict: { verdict, at, by: "account-1" } } : {}),
    sources: [`source-${number % 7}`, `source-${number % 3}`],
  });
  return {
    ...rest,
    detector: {
      ...{ ...detector, id: `rule-${number}`, kind: number < 5 ? "anomaly" : "sigma" },
      level: LEVELS[number % LEVELS.length] ?? "high",
    },
  };
}
