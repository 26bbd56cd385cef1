// The hourly round deletes rows that models learn from with the events that they were made of, also where no
// detector writes any more.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, expect, it, onTestFinished, vi } from "vitest";
import { openNoArchive } from "../../services/archive/off.ts";
import { startRetention } from "../../services/retention.ts";
import { openEmbeddedStore } from "../../services/store/embedded.ts";
import { MODEL_ROWS_KIND } from "../../services/store/model-rows.ts";

const TENANT = "kreis";
const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 10, 20);
const RETENTION = {
  ...{ securityDays: 90, networkDays: 90, contentDays: 30, originalDays: 7, deadLetterDays: 7 },
  ...{ archiveBytesMax: 1e12, rawBytesMax: 1e12 },
};

afterEach(() => {
  vi.useRealTimers();
});

it.each([
  ["two months", 90, ["a", "b"]],
  ["as long as events, where that is shorter", 30, ["a"]],
])("keeps rows %s", async (_title, securityDays, kept) => {
  const dataDir = mkdtempSync(join(tmpdir(), "hw-retention-"));
  const store = openEmbeddedStore({ dataDir });
  onTestFinished(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });
  for (const [id, days] of [
    ["a", 20],
    ["b", 50],
    ["c", 70],
  ] as const) {
    const rows = { model: "autoencoder", day: NOW - days * DAY_MS, rows: 0, data: "" };
    await store.put(TENANT, MODEL_ROWS_KIND, id, rows);
  }
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const begun = Promise.withResolvers<void>();
  const bus = { retain: async () => begun.resolve() };
  const stop = startRetention(
    [TENANT],
    { store, archive: openNoArchive(), bus },
    { ...RETENTION, securityDays },
    () => NOW,
    pino({ enabled: false }),
  );
  vi.advanceTimersByTime(3_600_000);
  await begun.promise;
  await stop();
  const { hits } = await store.search(TENANT, MODEL_ROWS_KIND, { sort: [], limit: 10 });
  expect(hits.map(({ id }) => id).sort()).toEqual(kept);
});

it("writes down how many events it deleted, and tells again what could not be written", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "hw-retention-"));
  const store = openEmbeddedStore({ dataDir });
  onTestFinished(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const deleted = [40, 2, 0, 0];
  const last = Promise.withResolvers<void>();
  let [rounds, writes] = [0, 0];
  const archive = {
    async retain() {
      const eventsDeleted = deleted[rounds] ?? 0;
      rounds += 1;
      if (rounds === deleted.length) last.resolve();
      return { eventsDeleted };
    },
  };
  // The store as it is, but that one write fails.
  const full = new Proxy(store, {
    get(whole, name) {
      const value: unknown = Reflect.get(whole, name);
      if (name !== "appendAudit") return typeof value === "function" ? value.bind(whole) : value;
      return async (...[tenant, entry]: Parameters<typeof store.appendAudit>) => {
        writes += 1;
        if (writes === 2) throw new Error("the disk is full");
        return whole.appendAudit(tenant, entry);
      };
    },
  });
  const stop = startRetention(
    [TENANT],
    { store: full, archive, bus: { retain: async () => undefined } },
    RETENTION,
    () => NOW,
    pino({ enabled: false }),
  );
  vi.advanceTimersByTime(deleted.length * 3_600_000);
  await last.promise;
  await stop();
  expect(await store.readAudit(TENANT, 1, 10)).toMatchObject([
    { action: "retention.delete", subject: "events", payload: { events: 40, securityDays: 90 } },
    { action: "retention.delete", subject: "events", payload: { events: 2 } },
  ]);
});
