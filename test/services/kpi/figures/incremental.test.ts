// Rows that followed drawn histories, change by change and through restarts, are those that a calculation of
// everything gives; and those are what the plain reference gives.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOUR_ROWS_DAYS } from "../../../../services/kpi/figures/tenant-figures.ts";
import { TenantKpi } from "../../../../services/kpi/tenant-kpi.ts";
import { openEmbeddedStore } from "../../../../services/store/embedded.ts";
import { FIGURE_SET_NAMES, type FigureRow } from "../../../../services/store/figure-row.ts";
import { readFigureRows } from "../../../../services/store/figure-rows.ts";
import { FINDING_KIND, INCIDENT_KIND } from "../../../../services/store/kinds.ts";
import type { Store } from "../../../../services/store/store.ts";
import { randomOf, step, type World } from "../histories.ts";
import { TENANT } from "../incidents.ts";
import { midnight, referenceOf } from "./figure-reference.ts";

const ZONE = "Europe/Berlin";
const HOUR_MS = 3_600_000;
const START = Date.parse("2026-12-01T10:20:00Z");
const TARGETS = [
  { validFrom: "2026-01-01", recoveryHours: 24 },
  { validFrom: "2026-11-01", recoveryHours: 12, containedShare: 0.8 },
];

/** Runs work on a store of its own. */
async function withStore(work: (store: Store) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "heidewacht-rows-"));
  const store = openEmbeddedStore({ dataDir });
  try {
    await work(store);
  } finally {
    await store.close();
    rmSync(dataDir, { recursive: true });
  }
}

function stageOn(store: Store, now: () => number): TenantKpi {
  return new TenantKpi({
    ...{ store, tenant: TENANT, timeZone: ZONE, now, onChange: () => undefined },
    figures: { targets: TARGETS, anomalyBudget: 5 },
  });
}

async function apply(store: Store, world: World, random: () => number): Promise<void> {
  const { incidents, findings } = step(world, random);
  for (const one of incidents) await store.put(TENANT, INCIDENT_KIND, one.id, one);
  for (const one of findings) await store.put(TENANT, FINDING_KIND, one.id, one);
}

async function allRows(store: Store): Promise<FigureRow[]> {
  const rows: FigureRow[] = [];
  for (const set of FIGURE_SET_NAMES)
    rows.push(...(await readFigureRows(store, TENANT, { set, from: 0, to: 4e12 })));
  return rows;
}

/** What a stage that begins now makes of the same documents, in a store without any row. */
async function wholeRows(world: World, now: number): Promise<FigureRow[]> {
  let rows: FigureRow[] = [];
  await withStore(async (store) => {
    for (const one of world.incidents.values()) await store.put(TENANT, INCIDENT_KIND, one.id, one);
    for (const one of world.findings.values()) await store.put(TENANT, FINDING_KIND, one.id, one);
    const kpi = stageOn(store, () => now);
    await kpi.reconcile();
    kpi.close();
    rows = await allRows(store);
  });
  return rows;
}

/** Once had an alarm that was raised in a month without anything else, and judged in a later one. */
const JUDGED_LATER = { seed: 2, steps: 34, stride: 3 };

const history = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  steps: fc.integer({ min: 20, max: 50 }),
  /** Changes between two times of writing. */
  stride: fc.integer({ min: 3, max: 9 }),
});

describe("rows that follow changes", () => {
  it("are those of a calculation of everything, also through restarts", async () => {
    await fc.assert(
      fc.asyncProperty(history, ({ seed, steps, stride }) =>
        withStore(async (store) => {
          const random = randomOf(seed);
          const world: World = { incidents: new Map(), findings: new Map() };
          let kpi = stageOn(store, () => START);
          await kpi.reconcile();
          for (let index = 1; index <= steps; index += 1) {
            await apply(store, world, random);
            if (index % stride === 0) await kpi.refresh();
            if (random() > 0.03) continue;
            // What was heard and not written yet is lost with the process.
            kpi.close();
            kpi = stageOn(store, () => START);
            await kpi.reconcile();
          }
          await kpi.refresh();
          kpi.close();
          expect(await allRows(store)).toEqual(await wholeRows(world, START));
        }),
      ),
      { numRuns: 5, examples: [[JUDGED_LATER]] },
    );
  }, 300_000);

  it("of days are so while time passes, and agree with the plain reference", async () => {
    await fc.assert(
      fc.asyncProperty(history, ({ seed, steps }) =>
        withStore(async (store) => {
          const random = randomOf(seed);
          const world: World = { incidents: new Map(), findings: new Map() };
          let now = Date.parse("2026-10-20T12:00:00Z");
          const kpi = stageOn(store, () => now);
          await kpi.reconcile();
          for (let index = 1; index <= steps; index += 1) {
            await apply(store, world, random);
            now += Math.floor(random() * 30 * HOUR_MS);
            if (random() < 0.4) await kpi.refresh();
          }
          await kpi.refresh();
          kpi.close();
          const isOfDays = ({ set }: FigureRow) => set !== "kpi" && set !== "case";
          const rows = (await allRows(store)).filter(isOfDays);
          expect(rows).toEqual((await wholeRows(world, now)).filter(isOfDays));
          compareWithReference(rows, world, now);
        }),
      ),
      { numRuns: 4 },
    );
  }, 300_000);

  it("give the night of the clock change all its hours", async () => {
    const world: World = { incidents: new Map(), findings: new Map() };
    const random = randomOf(3);
    while (world.findings.size < 30) step(world, random);
    const rows = await wholeRows(world, Date.parse("2027-04-02T12:00:00Z"));
    const hoursOf = (date: string, next: string) => {
      const [from, to] = [midnight(date) * 1000, midnight(next) * 1000];
      const hours = rows.filter(({ set, at }) => set === "hour" && at >= from && at < to);
      return hours.map(({ dimensions }) => dimensions.hourOfDay);
    };
    const autumn = hoursOf("2026-10-25", "2026-10-26");
    expect(autumn).toHaveLength(25);
    expect(autumn.slice(0, 5)).toEqual(["00", "01", "02", "02", "03"]);
    const spring = hoursOf("2027-03-28", "2027-03-29");
    expect(spring).toHaveLength(23);
    expect(spring.slice(0, 4)).toEqual(["00", "01", "03", "04"]);
  });

  it("of hours are removed when they are old, those of days stay", async () => {
    await withStore(async (store) => {
      const world: World = { incidents: new Map(), findings: new Map() };
      const random = randomOf(4);
      while (world.findings.size < 10) await apply(store, world, random);
      let now = Date.parse("2027-05-01T12:00:00Z");
      const kpi = stageOn(store, () => now);
      await kpi.reconcile();
      const rowsOf = async (set: FigureRow["set"]) =>
        (await allRows(store)).filter((row) => row.set === set);
      const [days] = [await rowsOf("day")];
      expect(days.length).toBeGreaterThan(150);
      now = Date.parse("2028-03-01T12:00:00Z");
      await kpi.reconcile();
      kpi.close();
      const hours = await rowsOf("hour");
      expect(hours[0]?.at).toBe(midnight("2027-01-27") * 1000);
      expect(hours).toHaveLength(HOUR_ROWS_DAYS * 24 - 10);
      expect((await rowsOf("day"))[0]).toEqual(days[0]);
    });
  });
});

function compareWithReference(rows: readonly FigureRow[], world: World, now: number): void {
  const findings = [...world.findings.values()];
  for (const { set, at, measures } of rows) {
    if (set !== "hour" && set !== "day") continue;
    const from = at / 1000;
    const date = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE).toPlainDate();
    const to = set === "hour" ? from + 3600 : midnight(date.add({ days: 1 }).toString());
    const { acknowledge, judge, anomalies, ...wanted } = referenceOf(
      ...([findings, from, to, Math.floor(now / 1000)] as const),
    );
    const times = {
      ...{ acknowledgeN: acknowledge.n, acknowledgeMeanS: acknowledge.mean },
      ...{ acknowledgeMedianS: acknowledge.median, acknowledgeP90S: acknowledge.p90 },
      ...{ judgeN: judge.n, judgeMeanS: judge.mean },
      ...{ judgeMedianS: judge.median, judgeP90S: judge.p90 },
      ...{ anomalies, anomalyBudget: 5 },
    };
    const all = { ...wanted, ...(set === "day" ? times : {}) };
    const present = Object.entries(all).filter(([, value]) => value !== undefined);
    expect([at, measures]).toEqual([at, Object.fromEntries(present)]);
  }
}
