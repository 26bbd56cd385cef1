// What processes tell of themselves, and a reload that reaches all of them: two processes over one store.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type Activity, createActivity } from "../../services/detect/activity.ts";
import { type Processes, type RuleState, startProcesses } from "../../services/process-status.ts";
import { type Asker, type Reload, SYSTEM } from "../../services/rule-swap.ts";
import type { SelfReport } from "../../services/self-report.ts";
import { shareReloads } from "../../services/shared-reload.ts";
import { openEmbeddedStore } from "../../services/store/embedded.ts";
import type { Store } from "../../services/store/store.ts";

const TENANT = "kreis";
const RULE = "7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c5d";
const logger = pino({ level: "silent" });

function openStore(): Store {
  const dataDir = mkdtempSync(join(tmpdir(), "process-status-"));
  const store = openEmbeddedStore({ dataDir });
  onTestFinished(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return store;
}

function start(
  store: Store,
  instance: string,
  {
    activity,
    rules,
    self = {},
    now = () => 0,
  }: { activity: Activity; rules?: RuleState; self?: SelfReport; now?: () => number },
): Processes {
  const processes = startProcesses({
    ...{ store, tenants: [TENANT], activity, rules: () => rules, self, logger, now },
    about: { instance, services: ["detect"], version: "1", startedAt: 0 },
  });
  onTestFinished(() => processes.close());
  return processes;
}

const names = async (processes: Processes) =>
  (await processes.view(TENANT)).processes.map(({ instance }) => instance);
const until = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 10_000, interval: 20 });

describe("two processes", () => {
  it("are told together, each with its own rules", async () => {
    const store = openStore();
    const [first, second] = [createActivity(), createActivity()];
    for (const activity of [first, second]) {
      activity.event(TENANT, "dc", 5);
      activity.hit(TENANT, RULE, 7);
    }
    second.event(TENANT, "mail", 6);
    second.failed(TENANT, "mail", 6);
    second.reached(TENANT, 9);
    start(store, "b", { activity: second, rules: { fingerprint: "y", rules: 2, faults: 1 } });
    const own = start(store, "a", {
      activity: first,
      rules: { fingerprint: "x", rules: 2, faults: 0 },
    });
    await until(async () => expect(await names(own)).toEqual(["a", "b"]));
    const { activity, processes } = await own.view(TENANT);
    expect(activity.sources(TENANT, 0)).toMatchObject([
      { name: "dc", events: 2, failed: 0, lastEventAt: 5 },
      { name: "mail", events: 1, failed: 1, lastEventAt: 6 },
    ]);
    expect(activity.hits(TENANT).get(RULE)).toEqual({ hits: 2, lastHitAt: 7 });
    expect(activity.reachedAt(TENANT)).toBe(9);
    expect(processes.map(({ rules }) => rules?.fingerprint)).toEqual(["x", "y"]);
  });

  it("tell of each when a watchdog asked it, and what it can't page about", async () => {
    const store = openStore();
    const now = () => 90_000;
    const self = { watchdogAskedAgoMs: () => 4000, stuckPages: () => 2 };
    start(store, "b", { activity: createActivity(), self, now });
    const own = start(store, "a", { activity: createActivity(), now });
    await until(async () => expect(await names(own)).toEqual(["a", "b"]));
    const [a, b] = (await own.view(TENANT)).processes;
    expect(b).toMatchObject({ watchdogAskedAt: 86_000, stuckPages: 2 });
    for (const field of ["watchdogAskedAt", "stuckPages"]) expect(a).not.toHaveProperty(field);
  });

  it("leave the list when they end, and when nothing is heard of them", async () => {
    const store = openStore();
    let now = 0;
    const own = start(store, "a", { activity: createActivity(), now: () => now });
    const ending = start(store, "b", { activity: createActivity() });
    start(store, "c", { activity: createActivity() });
    await until(async () => expect(await names(own)).toEqual(["a", "b", "c"]));
    await ending.close();
    expect(await names(own)).toEqual(["a", "c"]);
    now = 60_000;
    expect(await names(own)).toEqual(["a"]);
    const silent = async () => (await own.view(TENANT)).silent.map(({ instance }) => instance);
    expect(await silent()).toEqual(["c"]);
    now = 20 * 60_000;
    expect(await silent()).toEqual([]);
  });

  it("see what they did themselves at once", async () => {
    const activity = createActivity();
    const own = start(openStore(), "a", { activity });
    activity.hit(TENANT, RULE, 1);
    expect((await own.view(TENANT)).activity.hits(TENANT).size).toBe(1);
  });
});

describe("a reload", () => {
  it("reaches each process once, and names who asked only where it was asked", async () => {
    const store = openStore();
    const asked: Record<string, Asker[]> = { a: [], b: [], c: [] };
    const [a] = Object.entries(asked).map(([instance, seen]) => {
      const reload = async (by: Asker): Promise<Reload> => {
        seen.push(by);
        return { kind: "unchanged" };
      };
      const shared = shareReloads({ store, instance, reload, logger, now: () => 0 });
      onTestFinished(() => shared.close());
      return shared;
    });
    const by = { actor: "acc-1", tenant: TENANT };
    expect(await a?.ask(by)).toEqual({ kind: "unchanged" });
    await until(async () => expect(asked).toEqual({ a: [by], b: [SYSTEM], c: [SYSTEM] }));
    await a?.ask(by);
    await until(async () => expect(asked.c).toEqual([SYSTEM, SYSTEM]));
    expect(asked.a).toEqual([by, by]);
  });

  it("is done here even where the others can't be told", async () => {
    const store = openStore();
    const shared = shareReloads({
      store: {
        ...store,
        watch: () => () => undefined,
        put: () => Promise.reject(new Error("away")),
      },
      ...{ instance: "a", logger, now: () => 0 },
      reload: async () => ({ kind: "kept", reason: "x" }),
    });
    expect(await shared.ask(SYSTEM)).toEqual({ kind: "kept", reason: "x" });
  });
});
