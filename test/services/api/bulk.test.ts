import { describe, expect, it } from "vitest";
import { BULK_JOB_KIND } from "../../../services/cases/bulk-job.ts";
import { createBulkRunner } from "../../../services/cases/bulk-run.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import { addFindings, findingOf, HOME, openWorld, type Send, type World } from "./fixture.ts";

const COUNT = 1200;
const FALSE_ALARM = { type: "verdict", verdict: "false_positive", reason: "logic" };

async function withFindings(count = 10): Promise<Omit<World, "send"> & { send: Send }> {
  const world = await openWorld();
  const many = Array.from({ length: count }, (_, at) => findingOf(`f${at}`));
  await addFindings(world.store, many);
  const { send } = await world.person("analyst");
  return { ...world, send };
}

async function settled(send: Send, job: string): Promise<Awaited<ReturnType<Send>>["body"]> {
  for (;;) {
    const { body } = await send("GET", `/findings/bulk/${job}`);
    if (!["running", "undoing"].includes(body.state)) return body;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const statusOf = async ({ store }: Pick<World, "store">, id: string) => {
  const found = await store.get(HOME, FINDING_KIND, id);
  return [found?.document.status, found?.document.verdict?.verdict];
};

describe("a bulk verdict", () => {
  it("judges exactly the previewed set, without what was changed since, and tells so", async () => {
    const world = await withFindings(COUNT);
    const { send, store } = world;
    const judged = { version: 1, verdict: "true_positive" };
    await send("POST", "/findings/f7/verdict", judged);
    const preview = (
      await send("POST", "/findings/bulk/preview", {
        ...{ change: FALSE_ALARM, filter: { detector: findingOf("x").detector.id } },
      })
    ).body;
    expect(preview).toMatchObject({ total: COUNT, warnings: { truePositives: 1, judged: 1 } });
    expect(preview.sample).toHaveLength(20);
    await send("POST", "/findings/f8/verdict", judged);
    await addFindings(store, [findingOf("later")]);
    const start = { job: preview.job, setHash: preview.setHash };
    expect((await send("POST", "/findings/bulk", start)).status).toBe(200);
    const job = await settled(send, preview.job);
    expect(job).toMatchObject({
      ...{ state: "done", progress: 1, total: COUNT },
      apply: { done: COUNT - 1, leftOut: { changed: 1, missing: 0, named: ["f8"] } },
    });
    expect(await statusOf(world, "f0")).toEqual(["closed", "false_positive"]);
    expect(await statusOf(world, "f7")).toEqual(["closed", "false_positive"]);
    expect(await statusOf(world, "f8")).toEqual(["closed", "true_positive"]);
    expect(await statusOf(world, "later")).toEqual(["new", undefined]);
    const entries = (await store.readAudit(HOME, 1, 10_000)).filter(
      ({ action, payload }) => action === "finding.verdict" && payload?.bulk === preview.job,
    );
    expect(new Set(entries.map(({ subject }) => subject)).size).toBe(COUNT - 1);
    expect(entries).toHaveLength(COUNT - 1);
    expect(await store.verifyAudit(HOME)).toBeUndefined();
    expect((await send("POST", "/findings/bulk", start)).body.error.code).toBe("HW_CONFLICT");
  });

  it("is taken back for ten minutes, to exactly what was, where nobody has changed it", async () => {
    const world = await withFindings();
    const { send, store } = world;
    await send("POST", "/findings/f7/verdict", { version: 1, verdict: "true_positive" });
    const before = await store.get(HOME, FINDING_KIND, "f7");
    const ids = ["f1", "f7", "f8", "gone"];
    const preview = (await send("POST", "/findings/bulk/preview", { change: FALSE_ALARM, ids }))
      .body;
    expect(preview.total).toBe(3);
    await send("POST", "/findings/bulk", { job: preview.job, setHash: preview.setHash });
    await settled(send, preview.job);
    await send("POST", "/findings/f8/verdict", { version: 2, verdict: "true_positive" });
    const undo = `/findings/bulk/${preview.job}/undo`;
    expect((await send("POST", undo)).status).toBe(200);
    const job = await settled(send, preview.job);
    expect(job).toMatchObject({
      state: "undone",
      undo: { done: 2, leftOut: { changed: 1, named: ["f8"] } },
    });
    expect((await store.get(HOME, FINDING_KIND, "f7"))?.document).toEqual(before?.document);
    expect(await statusOf(world, "f1")).toEqual(["new", undefined]);
    expect(await statusOf(world, "f8")).toEqual(["closed", "true_positive"]);
    expect((await send("POST", undo)).body.error.code).toBe("HW_CONFLICT");
  });

  it("can't be taken back later, nor applied by somebody else, unseen or expired", async () => {
    const world = await withFindings();
    const { send, person, pass } = world;
    const ask = async () =>
      (await send("POST", "/findings/bulk/preview", { change: FALSE_ALARM, ids: ["f1"] })).body;
    const { job, setHash } = await ask();
    const other = await person("analyst");
    const codes = async (sender: Send, body: unknown) =>
      (await sender("POST", "/findings/bulk", body)).body.error?.code;
    expect(await codes(other.send, { job, setHash })).toBe("HW_NOT_FOUND");
    expect(await codes(send, { job, setHash: "0".repeat(64) })).toBe("HW_NOT_FOUND");
    pass(20 * 60_000);
    expect(await codes(send, { job, setHash })).toBeUndefined();
    await settled(send, job);
    pass(11 * 60_000);
    expect((await send("POST", `/findings/bulk/${job}/undo`)).body.error.code).toBe("HW_CONFLICT");
  });

  it.each([
    { change: { type: "verdict", verdict: "false_positive" }, ids: ["f1"] },
    { change: { type: "verdict", verdict: "undetermined" }, ids: ["f1"] },
    { change: { type: "verdict", verdict: "duplicate", duplicateOf: "f1" }, ids: ["f1"] },
    { change: { type: "verdict", verdict: "duplicate", duplicateOf: "none" }, ids: ["f1"] },
    { change: { type: "assign", assignee: "nobody" }, ids: ["f1"] },
    { change: { type: "status", status: "closed" }, ids: ["f1"] },
    { change: { type: "status", status: "new" }, ids: ["none"] },
    { change: { type: "status", status: "new" } },
    { change: { type: "status", status: "new" }, ids: ["f1"], filter: {} },
  ])("refuses %j", async (body) => {
    const { send } = await withFindings();
    const answer = await send("POST", "/findings/bulk/preview", body);
    expect([answer.status, answer.body.error.code]).toEqual([422, "HW_REQUEST_INVALID"]);
  });

  it.each([
    [{ type: "status", status: "in_progress" }, { status: "in_progress" }],
    [{ type: "tags", add: ["vpn"] }, { tags: ["vpn"] }],
  ])("does %j, too, and takes it back", async (change, expected) => {
    const { send, store } = await withFindings();
    const before = await store.get(HOME, FINDING_KIND, "f1");
    const preview = (await send("POST", "/findings/bulk/preview", { change, ids: ["f1"] })).body;
    await send("POST", "/findings/bulk", { job: preview.job, setHash: preview.setHash });
    await settled(send, preview.job);
    expect((await store.get(HOME, FINDING_KIND, "f1"))?.document).toMatchObject(expected);
    await send("POST", `/findings/bulk/${preview.job}/undo`);
    await settled(send, preview.job);
    expect((await store.get(HOME, FINDING_KIND, "f1"))?.document).toEqual(before?.document);
  });

  it("is gone on with after a crash, and changes nothing twice", async () => {
    const { send, store, now, pass } = await withFindings(COUNT);
    const asked = { change: FALSE_ALARM, filter: { status: "new" } };
    const preview = (await send("POST", "/findings/bulk/preview", asked)).body;
    await send("POST", "/findings/bulk", { job: preview.job, setHash: preview.setHash });
    await settled(send, preview.job);
    // As a process leaves it that dies in the middle: the findings are changed, the job says nothing of it.
    const done = await store.get(HOME, BULK_JOB_KIND, preview.job);
    if (done?.document.apply === undefined) throw new Error("no such job");
    const { finishedAt: _finishedAt, ...apply } = done.document.apply;
    const fresh = { ...apply, position: 0, done: 0 };
    const left = { ...done.document, state: "running" as const, apply: fresh };
    await store.put(HOME, BULK_JOB_KIND, preview.job, left);
    pass(60_000);
    const follow = async () => undefined;
    const onError = (error: unknown) => expect(error).toBeUndefined();
    const runner = createBulkRunner({ store, clock: now, follow, onError });
    await runner.resume();
    expect((await settled(send, preview.job)).apply.done).toBe(COUNT);
    await runner.close();
    const entries = await store.readAudit(HOME, 1, 10_000);
    expect(entries.filter(({ action }) => action === "finding.verdict")).toHaveLength(COUNT);
  });
});
