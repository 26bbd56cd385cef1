// The stage on the embedded store: follows changes, survives a store that fails, corrects what it missed.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { AppError } from "../../../config/errors.ts";
import { readLedger } from "../../../services/kpi/calculator.ts";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import { FINDING_KIND, INCIDENT_KIND } from "../../../services/store/kinds.ts";
import { KPI_KIND } from "../../../services/store/kpi.ts";
import type { Store } from "../../../services/store/store.ts";
import { randomOf, step, type World } from "./histories.ts";
import { at, incidentOf, stated, TENANT } from "./incidents.ts";
import { describeStage, NOW, solved, startStage, stored, untilStored, ZONE } from "./stage.ts";

async function openStore(): Promise<Store> {
  const dataDir = mkdtempSync(join(tmpdir(), "heidewacht-kpi-"));
  const store = openEmbeddedStore({ dataDir });
  onTestFinished(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });
  return store;
}

describe("the stage", () => {
  describeStage(openStore);

  it("has in the end what a reading of everything gives, whatever was changed meanwhile", async () => {
    const store = await openStore();
    const random = randomOf(11);
    const world: World = { incidents: new Map(), findings: new Map() };
    const write = async (steps: number) => {
      for (let index = 0; index < steps; index += 1) {
        const { incidents, findings } = step(world, random);
        for (const one of incidents) await store.put(TENANT, INCIDENT_KIND, one.id, one);
        for (const one of findings) await store.put(TENANT, FINDING_KIND, one.id, one);
      }
    };
    await write(200);
    const stage = startStage(store, 30);
    await write(300);
    await vi.waitFor(async () => {
      const ledger = stage.ledgerOf(TENANT);
      const whole = await readLedger(store, TENANT, ZONE);
      const span = { from: at("2026-10-01T00:00") / 1000, to: at("2026-12-01T00:00") / 1000 };
      const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
      const sorted = (one: typeof whole | undefined) =>
        Object.values(one?.select(span) ?? {}).map((list: readonly { id: string }[]) =>
          [...list].sort(byId),
        );
      expect(sorted(ledger)).toEqual(sorted(whole));
    });
    expect(world.incidents.size).toBeGreaterThan(30);
  });

  it("goes on when a store that was away is there again, and loses no change", async () => {
    const real = await openStore();
    let isAway = false;
    let refused = 0;
    const away = async () => {
      refused += 1;
      throw new AppError("HW_UNAVAILABLE", "away");
    };
    const store = new Proxy(real, {
      get: (target, name) => {
        if (isAway && (name === "put" || name === "search" || name === "get")) return away;
        // The port's own methods, bound to what they belong to.
        const value = target[name as keyof Store];
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    await real.put(TENANT, INCIDENT_KIND, "i1", solved("i1"));
    startStage(store);
    await untilStored(real, ({ figures }) => expect(figures.recovery.n).toBe(1));
    isAway = true;
    await real.put(TENANT, INCIDENT_KIND, "i2", solved("i2"));
    await real.put(TENANT, INCIDENT_KIND, "i3", solved("i3"));
    await vi.waitFor(() => expect(refused).toBeGreaterThan(1));
    expect((await stored(real))?.figures.recovery.n).toBe(1);
    isAway = false;
    await untilStored(real, ({ figures }) => expect(figures.recovery.n).toBe(3));
  });

  it("leaves a month alone whose figures are the same", async () => {
    const store = await openStore();
    await store.put(TENANT, INCIDENT_KIND, "i1", solved("i1"));
    const first = startStage(store);
    await untilStored(store, ({ figures }) => expect(figures.recovery.n).toBe(1));
    await untilStored(store, () => undefined, "2026-11.all");
    await first.close();
    const versions = async () =>
      (
        await store.search(TENANT, KPI_KIND, {
          sort: [{ field: "from", order: "asc" }],
          limit: 100,
        })
      ).hits.map(({ id, version }) => [id, version]);
    const before = await versions();
    const stage = startStage(store);
    await vi.waitFor(() => expect(stage.current(TENANT)).toBeDefined());
    await stage.close();
    expect(await versions()).toEqual(before);
  });

  it("writes no month of a time that nobody can mean", async () => {
    const store = await openStore();
    const slip = incidentOf("i1", {
      identifiedAt: Date.UTC(9999, 0, 1),
      recovered: { ...stated("2026-11-02T00:00") },
      detectedAt: -5,
      createdAt: NOW,
    });
    await store.put(TENANT, INCIDENT_KIND, "i1", slip);
    startStage(store);
    await untilStored(
      store,
      ({ figures }) => {
        expect(figures.recovery.excluded).toEqual([{ reason: "not_detected", n: 1 }]);
        expect(figures.flags).toEqual([{ id: "i1", flag: "implausible_time" }]);
      },
      "2026-11.all",
    );
  });
});
