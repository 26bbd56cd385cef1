// How long the KPIs of 100,000 incidents take: read anew and calculated for all months and scopes, out of
// documents in memory and out of the embedded store; and how long one change takes to be in the figures. Then
// what rows of figures cost.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LEVELS } from "../../detectors/detector.ts";
import { documentsOf, readLedger, STANDARD_SCOPES } from "../../services/kpi/calculator.ts";
import { contributionOf } from "../../services/kpi/contribution.ts";
import { KpiLedger } from "../../services/kpi/ledger.ts";
import { openEmbeddedStore } from "../../services/store/embedded.ts";
import { INCIDENT_CATEGORIES, type Incident } from "../../services/store/incident.ts";
import { INCIDENT_KIND } from "../../services/store/kinds.ts";
import { randomOf } from "../services/kpi/histories.ts";
import { actionOf, impactOf, incidentOf, TENANT } from "../services/kpi/incidents.ts";
import { cpuSeconds, spread } from "./cpu-time.ts";
import { printFigure } from "./figure.ts";
import { benchRows } from "./figure-rows.ts";

const INCIDENTS = 100_000;
const MONTHS = 36;
const ROUNDS = 3;
const CHANGES = 50;
const ZONE = "Europe/Berlin";
const START = Date.UTC(2024, 0, 1);
const NOW = Date.UTC(2026, 11, 31);
const HOUR_MS = 3_600_000;

const random = randomOf(1);
const incidents = Array.from({ length: INCIDENTS }, (_, index) => made(index));
const fromMemory: number[] = [];
const cpu: number[] = [];
let ledger = new KpiLedger(ZONE);
for (let round = 0; round <= ROUNDS; round += 1) {
  const startedAt = performance.now();
  const spent = await cpuSeconds(() => {
    ledger = new KpiLedger(ZONE);
    for (const incident of incidents) ledger.setIncident(contributionOf(incident));
    writeAll(ledger);
  });
  if (round === 0) continue;
  fromMemory.push((performance.now() - startedAt) / 1000);
  cpu.push(spent);
}
const more = { incidents: INCIDENTS, months: MONTHS, scopes: STANDARD_SCOPES.length, seed: 1 };
const seconds = spread(fromMemory);
printFigure("kpi.recompute_100k_s", seconds.median, "s", {
  ...{ ...more, rounds: ROUNDS, ...seconds },
  // On a machine that has other work the time on the clock says nothing.
  cpuSeconds: spread(cpu).median,
});
benchChanges();
await benchStore();
await benchRows(made);

/** All months, as a reconciliation writes them. */
function writeAll(filled: KpiLedger): number {
  const last = filled.calendar.monthOf(NOW / 1000);
  let documents = 0;
  for (let month = last - MONTHS + 1; month <= last; month += 1) {
    const period = filled.calendar.periodOf(month);
    documents += documentsOf(filled, TENANT, period, STANDARD_SCOPES, NOW).length;
  }
  return documents;
}

/** From the changed document to the figures of every month that it touches. */
function benchChanges(): void {
  const last = ledger.calendar.monthOf(NOW / 1000);
  ledger.takeTouched(last);
  const times: number[] = [];
  let months = 0;
  for (let index = 0; index < CHANGES; index += 1) {
    // Somebody works on what is young.
    const incident = made(INCIDENTS - 1 - Math.floor(random() * (INCIDENTS / MONTHS)));
    const startedAt = performance.now();
    ledger.setIncident(contributionOf(incident));
    for (const month of ledger.takeTouched(last)) {
      const period = ledger.calendar.periodOf(month);
      documentsOf(ledger, TENANT, period, STANDARD_SCOPES, NOW);
      months += 1;
    }
    times.push(performance.now() - startedAt);
  }
  const milliseconds = spread(times);
  printFigure("kpi.incremental_update_ms", milliseconds.median, "ms", {
    ...{ changes: CHANGES, monthsPerChange: months / CHANGES, ...milliseconds },
  });
}

async function benchStore(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "heidewacht-bench-kpi-"));
  const store = openEmbeddedStore({ dataDir });
  try {
    for (let index = 0; index < INCIDENTS; index += 1000) {
      const batch = incidents.slice(index, index + 1000);
      await Promise.all(batch.map((one) => store.put(TENANT, INCIDENT_KIND, one.id, one)));
    }
    const startedAt = performance.now();
    writeAll(await readLedger(store, TENANT, ZONE));
    const whole = (performance.now() - startedAt) / 1000;
    printFigure("kpi.recompute_100k_from_store_s", whole, "s", more);
  } finally {
    await store.close();
    rmSync(dataDir, { recursive: true });
  }
}

/** Incidents spread evenly over three years, some of them still open. */
function made(index: number, of = INCIDENTS): Incident {
  const identifiedAt = START + Math.floor((index / of) * (NOW - START));
  const hours = (most: number) => Math.floor(random() * most * HOUR_MS);
  const detectedAt = identifiedAt - hours(8);
  const evidence = { method: "evidence" as const, evidenceIds: ["event-1"] };
  const completed = new Date(identifiedAt + hours(600)).toISOString().slice(0, 19);
  return incidentOf(`incident-${index}`, {
    severity: LEVELS[index % LEVELS.length] ?? "high",
    category: INCIDENT_CATEGORIES[index % INCIDENT_CATEGORIES.length] ?? "other",
    createdAt: identifiedAt,
    firstCompromise: { ...evidence, at: detectedAt - hours(200) },
    ...{ detectedAt, identifiedAt },
    contained: { ...evidence, at: identifiedAt + hours(5) },
    ...(random() < 0.98 ? { recovered: { ...evidence, at: identifiedAt + hours(300) } } : {}),
    impact: impactOf(random() < 0.6 ? "none" : "limited"),
    actions: [actionOf("a", completed), actionOf("b", completed)],
  });
}
