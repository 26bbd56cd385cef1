// Trained models over the API: training from the archive, promoting and going back, what is written down, and
// what the one in the shadow would have said.
import { describe, expect, it } from "vitest";
import { MODEL_COMPARISON_KIND, type ModelComparison } from "../../../services/store/model.ts";
import { FOREIGN, HOME, openWorld, type Send, START, type World } from "./fixture.ts";

const HOUR_MS = 3_600_000;
const NAMES = 40;
const HOSTS = 4;
const OPEN: ReadonlySet<string> = new Set(["waiting", "running"]);

/** Queries of four hosts for forty names, in the hour before now. */
async function fill({ archive }: World, tenant = HOME): Promise<void> {
  const events = Array.from({ length: NAMES * HOSTS }, (_, offset) => ({
    offset,
    event: {
      ...{ id: `e${offset}`, time: START - HOUR_MS + offset, source: "dns", dataClass: "network" },
      document: {
        "dns.question.name": `dienst${offset % NAMES}.kreis.example`,
        "source.ip": `10.0.0.${Math.floor(offset / NAMES)}`,
      },
    },
  }));
  const position = { stream: "raw/0", firstOffset: 0, lastOffset: events.length - 1 };
  await archive.append(tenant, position, events);
}

/** The jobs once none waits or runs any more. */
async function settled(send: Send): Promise<Record<string, unknown>[]> {
  for (;;) {
    const { jobs } = (await send("GET", "/models")).body;
    if (!jobs.some(({ state }: { state: string }) => OPEN.has(state))) return jobs;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function trainedWorld(versions: number) {
  const world = await openWorld();
  await fill(world);
  const admin = await world.person("admin");
  for (let seed = 1; seed <= versions; seed += 1) {
    const begun = await admin.send("POST", "/models/dga/train", { seed });
    expect(begun.body).toMatchObject({ model: "dga", kind: "train", state: "running" });
    const [job] = await settled(admin.send);
    expect(job).toMatchObject({ state: "done", version: seed });
  }
  return { ...world, admin };
}

const statesOf = (body: { versions: { version: number; state: string }[] }) =>
  body.versions.map(({ version, state }) => `${version} ${state}`);

describe("models", () => {
  it("are trained from the site's own archive, with what they are worth", async () => {
    const { admin } = await trainedWorld(1);
    const { models } = (await admin.send("GET", "/models")).body;
    expect(models).toHaveLength(1);
    expect(models[0].versions[0]).toMatchObject({
      ...{ version: 1, state: "shadow", trainedBy: admin.id, seed: 1, features: 44 },
      ...{ window: { to: START }, examples: { site: NAMES }, backend: "wasm" },
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(models[0].versions[0].metrics.made).toBeGreaterThan(1000);
    expect(models[0].versions[0].metrics.usual).toBeGreaterThan(0);
  });

  it("are promoted and gone back to, each time with an entry in the audit chain", async () => {
    const { admin, store, program } = await trainedWorld(2);
    const first = await admin.send("POST", "/models/dga/promote", { version: 1 });
    expect(statesOf(first.body)).toEqual(["1 active", "2 shadow"]);
    const send = await program(["models:write"]);
    const second = await send("POST", "/models/dga/promote", {});
    expect(statesOf(second.body)).toEqual(["1 retired", "2 active"]);
    const back = await admin.send("POST", "/models/dga/rollback");
    expect(statesOf(back.body)).toEqual(["1 active", "2 retired"]);
    const again = await admin.send("POST", "/models/dga/rollback", { version: 1 });
    expect(again.body.error.code).toBe("HW_CONFLICT");
    const audit = await store.readAudit(HOME, 1, 20);
    expect(audit.map(({ action, payload }) => [action, payload?.after])).toEqual([
      ["model.train", { active: null, shadow: 1 }],
      ["model.train", { active: null, shadow: 2 }],
      ["model.promote", { active: 1, shadow: 2 }],
      ["model.promote", { active: 2, shadow: null }],
      ["model.rollback", { active: 1, shadow: null }],
    ]);
    expect(audit[0]?.payload).toMatchObject({ seed: 1, examples: { site: NAMES } });
  });

  it("are judged on other days", async () => {
    const { admin, store } = await trainedWorld(1);
    await admin.send("POST", "/models/dga/evaluate", { days: 1 });
    expect((await settled(admin.send))[0]).toMatchObject({ kind: "evaluate", state: "done" });
    const { models } = (await admin.send("GET", "/models")).body;
    const [evaluation] = models[0].versions[0].evaluations;
    expect(evaluation).toMatchObject({ at: START, window: { from: START - 24 * HOUR_MS } });
    expect(evaluation.metrics).toEqual(models[0].versions[0].metrics);
    const actions = (await store.readAudit(HOME, 1, 20)).map(({ action }) => action);
    expect(actions).toEqual(["model.train", "model.evaluate"]);
  });

  it("are compared with the one in force", async () => {
    const { store, person } = await openWorld();
    const comparison: ModelComparison = {
      ...{ tenant: HOME, active: 1, shadow: 2, since: START, changedAt: START, judged: 100 },
      ...{ activeFlagged: 3, shadowFlagged: 5, bothFlagged: 2 },
      ...{ onlyActive: ["a.example"], onlyShadow: ["b.example", "c.example", "d.example"] },
    };
    const { send } = await person("analyst");
    expect((await send("GET", "/models/dga/comparison")).body).toEqual({});
    await store.put(HOME, MODEL_COMPARISON_KIND, "dga", comparison);
    const { tenant: _tenant, ...told } = comparison;
    expect((await send("GET", "/models/dga/comparison")).body).toEqual({ comparison: told });
    const foreign = await person("analyst", FOREIGN);
    expect((await foreign.send("GET", "/models/dga/comparison")).body).toEqual({});
  });

  it("are trained one at a time, the tenants in turn", async () => {
    const world = await openWorld();
    for (const tenant of [HOME, FOREIGN]) await fill(world, tenant);
    const { send } = await world.person("admin");
    const other = await world.person("admin", FOREIGN);
    const first = (await send("POST", "/models/dga/train", {})).body;
    expect(first).toMatchObject({ state: "running" });
    expect((await send("POST", "/models/dga/train", {})).body.error.code).toBe("HW_BUSY");
    // The other tenant is not told of it.
    expect((await other.send("GET", "/models")).body).toMatchObject({ models: [], jobs: [] });
    const second = (await other.send("POST", "/models/dga/train", {})).body;
    expect(second).toMatchObject({ state: "waiting" });
    expect((await other.send("POST", "/models/dga/train", {})).body.error.code).toBe("HW_BUSY");
    expect(await settled(send)).toMatchObject([{ id: first.id, state: "done" }]);
    // Behind the one that waits.
    const third = (await send("POST", "/models/dga/train", {})).body;
    expect(await settled(other.send)).toMatchObject([{ id: second.id, state: "done" }]);
    expect((await send("DELETE", `/models/jobs/${third.id}`)).status).toBe(204);
    expect((await settled(send))[0]).toMatchObject({ id: third.id, state: "cancelled" });
  });

  it("wait no more once that was ended", async () => {
    const { person } = await openWorld();
    const { send } = await person("admin");
    const other = await person("admin", FOREIGN);
    await send("POST", "/models/dga/train", {});
    const { id } = (await other.send("POST", "/models/dga/train", {})).body;
    expect((await other.send("DELETE", `/models/jobs/${id}`)).status).toBe(204);
    expect((await other.send("GET", "/models")).body.jobs).toMatchObject([{ state: "cancelled" }]);
    expect((await other.send("DELETE", `/models/jobs/${id}`)).status).toBe(404);
    await settled(send);
  });

  it("are listed with all names, whose training can be ended", async () => {
    const { person, store } = await openWorld();
    const { send } = await person("admin");
    const { id } = (await send("POST", "/models/dga/train", {})).body;
    expect((await send("GET", "/models")).body.names).toContain("dga");
    const other = await person("admin", FOREIGN);
    expect((await other.send("DELETE", `/models/jobs/${id}`)).status).toBe(404);
    expect((await send("DELETE", `/models/jobs/${id}`)).status).toBe(204);
    expect((await settled(send))[0]).toMatchObject({ id, state: "cancelled" });
    expect((await send("DELETE", `/models/jobs/${id}`)).status).toBe(404);
    const actions = (await store.readAudit(HOME, 1, 20)).map(({ action }) => action);
    expect(actions).toEqual(["model.cancel"]);
  });

  it.each([
    ["an unknown model", "/models/gpt/train", {}, "HW_NOT_FOUND"],
    ["a training of no days", "/models/dga/train", { days: 0 }, "HW_REQUEST_INVALID"],
    ["a training of ten years", "/models/dga/train", { days: 3650 }, "HW_REQUEST_INVALID"],
    ["judging what was never trained", "/models/dga/evaluate", {}, "HW_NOT_FOUND"],
    ["promoting what was never trained", "/models/dga/promote", {}, "HW_NOT_FOUND"],
    ["going back without a model", "/models/dga/rollback", undefined, "HW_NOT_FOUND"],
  ])("refuse %s", async (_title, path, body, code) => {
    const { person } = await openWorld();
    const { send } = await person("admin");
    expect((await send("POST", path, body)).body.error.code).toBe(code);
  });
});
