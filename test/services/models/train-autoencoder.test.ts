// The autoencoder of a running service: its days are kept, trained on after a restart, and the version that people
// put into force is heard; scoring goes on while a training runs.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, it, onTestFinished } from "vitest";
import { createAutoencoder } from "../../../detectors/anomaly/autoencoder/autoencoder.ts";
import { openBackend } from "../../../detectors/anomaly/backend.ts";
import { openNoArchive } from "../../../services/archive/off.ts";
import { startLiveModels } from "../../../services/models/live-models.ts";
import { createModelJobs } from "../../../services/models/model-jobs.ts";
import type { TrainingSize } from "../../../services/models/model-work.ts";
import { forgetRows } from "../../../services/models/row-store.ts";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import { MODEL_COMPARISON_KIND, MODEL_KIND } from "../../../services/store/model.ts";
import { drawCounty } from "../../detectors/anomaly/behaviour/county-days.ts";
import { findingOf } from "../api/fixture.ts";

const TENANT = "kreis";
const NAME = "autoencoder";
const DAY_MS = 86_400_000;
const QUIET_DAYS = 12;
/** From then on the version is in force. */
const PROMOTED_DAYS = 18;
const logger = pino({ level: "silent" });
const backend = await openBackend("wasm");
const COUNTY = drawCounty(11, { accounts: 80, days: 24, attackDays: 5, attacksOfKind: 2 });
const BEGIN = Math.floor((COUNTY.activities[0]?.time ?? 0) / DAY_MS) * DAY_MS;
const UNTIL = BEGIN + QUIET_DAYS * DAY_MS;

function open() {
  const dataDir = mkdtempSync(join(tmpdir(), "hw-autoencoder-"));
  const store = openEmbeddedStore({ dataDir });
  const start = () =>
    startLiveModels({
      ...{ store, tenants: [TENANT], backend, logger, now: Date.now, pollMs: 10 },
    });
  const jobsOf = (size: TrainingSize = { epochs: 4 }) =>
    createModelJobs({
      ...{ store, archive: openNoArchive(), backend: "wasm", turns: () => () => undefined, logger },
      ...{ now: () => UNTIL, size },
    });
  onTestFinished(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const versions = async () => (await store.get(TENANT, MODEL_KIND, NAME))?.document.versions ?? [];
  return { store, start, jobsOf, versions };
}

type World = ReturnType<typeof open>;

/** A service that lives until the quiet days are over. */
async function keepQuietDays({ start }: World) {
  const live = await start();
  const detector = createAutoencoder(live.modelsOf(TENANT).autoencoder);
  for (const activity of COUNTY.activities) if (activity.time < UNTIL) detector.observe(activity);
  detector.advance(UNTIL);
  await live.close();
  return detector.store();
}

async function trained({ jobsOf, versions }: World, isFresh = false) {
  const jobs = jobsOf();
  const { id } = jobs.train(TENANT, NAME, { days: 60, seed: 1, isFresh }, "a");
  const job = await until(() =>
    jobs.jobs(TENANT).find((one) => one.id === id && one.state !== "running"),
  );
  await jobs.close();
  return { job, version: (await versions()).at(-1) };
}

it("is trained on kept days after a restart, asked in the shadow, and heard in force", async () => {
  const world = open();
  const state = await keepQuietDays(world);
  const { job, version } = await trained(world);
  expect(job).toMatchObject({ state: "done", version: 1 });
  expect(version).toMatchObject({ state: "shadow", features: 64, seed: 1, backend: "wasm" });
  expect(version?.examples.site).toBeGreaterThan(300);
  expect(version?.basedOn).toBeUndefined();
  expect(version?.metrics.auroc).toBeGreaterThan(0.55);
  expect(version?.metrics.flaggedUsual).toBeLessThan(0.1);

  const run = async (days: readonly [number, number], before: readonly Uint8Array[]) => {
    const live = await world.start();
    const detector = createAutoencoder(live.modelsOf(TENANT).autoencoder, { tailMax: 0.05 });
    detector.restore(before);
    const [from, to] = days.map((day) => BEGIN + day * DAY_MS);
    const said = COUNTY.activities
      .filter(({ time }) => time >= (from ?? 0) && time < (to ?? 0))
      .flatMap((activity) => detector.observe(activity));
    await live.close();
    return { said, state: detector.store() };
  };
  const silent = await run([QUIET_DAYS, PROMOTED_DAYS], state);
  expect(silent.said).toEqual([]);
  const comparison = (await world.store.get(TENANT, MODEL_COMPARISON_KIND, NAME))?.document;
  expect(comparison).toMatchObject({ shadow: 1, activeFlagged: 0 });
  expect(comparison?.judged).toBeGreaterThan(100);

  // What is usual was learnt while it stood in the shadow.
  const jobs = world.jobsOf();
  await jobs.promote(TENANT, NAME, undefined, "a");
  expect((await run([PROMOTED_DAYS, 24], silent.state)).said.length).toBeGreaterThan(0);

  // A training that follows goes on from what is in force, unless it is to begin anew.
  expect((await trained(world)).version).toMatchObject({ version: 2, basedOn: 1 });
  expect((await trained(world, true)).version?.basedOn).toBeUndefined();
  const back = (version?: number) => jobs.rollback(TENANT, NAME, version, "a");
  await expect(back()).rejects.toMatchObject({ code: "HW_CONFLICT" });
  await jobs.promote(TENANT, NAME, 2, "a");
  await back();
  expect((await world.versions()).find(({ state: one }) => one === "active")?.version).toBe(1);
  await jobs.close();
});

it("learns nothing from days of entities whose findings were judged true", async () => {
  const world = open();
  await keepQuietDays(world);
  const before = (await trained(world)).version?.examples.site ?? 0;
  const value = COUNTY.activities[0]?.account ?? "";
  const finding = findingOf("f", {
    ...{ firstEventAt: BEGIN, lastEventAt: UNTIL, entities: [{ type: "account", value }] },
    verdict: { verdict: "true_positive", at: UNTIL, by: "a" },
  });
  await world.store.put(TENANT, FINDING_KIND, "f", finding);
  const after = (await trained(world)).version?.examples.site ?? 0;
  expect(before - after).toBeGreaterThan(3);
  expect(before - after).toBeLessThanOrEqual(QUIET_DAYS);
});

it("refuses to judge a version by nothing, and leaves its figures as they were", async () => {
  const world = open();
  await keepQuietDays(world);
  await trained(world);
  await forgetRows(world.store, TENANT, UNTIL);
  const jobs = world.jobsOf();
  await jobs.evaluate(TENANT, NAME, { days: 7 }, "a");
  const job = await until(() => jobs.jobs(TENANT).find(({ state }) => state !== "running"));
  expect(job).toMatchObject({ kind: "evaluate", state: "failed", fault: "HW_TOO_FEW" });
  expect((await world.versions())[0]?.evaluations).toEqual([]);
  await jobs.close();
});

it("refuses to learn from too few days", async () => {
  const { job } = await trained(open());
  expect(job).toMatchObject({ state: "failed", fault: "HW_TOO_FEW" });
});

it("is asked as ever while a training runs, and that can be ended", async () => {
  const world = open();
  await keepQuietDays(world);
  await trained(world);
  const live = await world.start();
  const { autoencoder } = live.modelsOf(TENANT);
  const jobs = world.jobsOf({ epochs: 1_000_000 });
  const { id } = jobs.train(TENANT, NAME, { days: 60, seed: 2 }, "a");
  const rows = new Float32Array(64 * 64).fill(0.5);
  const first = autoencoder.expect(rows, [])?.residuals;
  for (let asked = 0; asked < 50; asked += 1) {
    expect(autoencoder.expect(rows, [])?.residuals).toEqual(first);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(jobs.jobs(TENANT)[0]).toMatchObject({ id, state: "running" });
  expect(jobs.cancel("other", id)).toBe(false);
  expect(jobs.cancel(TENANT, id)).toBe(true);
  await until(() => jobs.jobs(TENANT).find(({ state }) => state === "cancelled"));
  expect(jobs.cancel(TENANT, id)).toBe(false);
  expect(await world.versions()).toHaveLength(1);
  await live.close();
  await jobs.close();
});

async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
