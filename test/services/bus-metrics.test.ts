// Lag of the stages as Prometheus reads it, from a real embedded bus.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { Registry } from "prom-client";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Bus } from "../../services/bus/bus.ts";
import { openEmbeddedBus } from "../../services/bus/embedded.ts";
import { registerBusMetrics } from "../../services/bus-metrics.ts";

const logger = pino({ level: "silent" });
const MiB = 1024 * 1024;

function openBus(): Bus {
  const dataDir = mkdtempSync(join(tmpdir(), "bus-metrics-"));
  const shared = { partitions: 1, retentionMs: 60_000, retentionBytes: MiB };
  const bus = openEmbeddedBus({
    ...{ dataDir, sealedTopics: [] },
    topics: ["raw", "observations", "signals"].map((name) => ({
      ...{ ...shared, name, compacted: false, backlogBytesMax: MiB },
    })),
  });
  onTestFinished(async () => {
    await bus.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return bus;
}

function registered(bus: Pick<Bus, "lag">, now: () => number) {
  const registry = new Registry();
  registerBusMetrics({ registry, bus, tenants: ["a", "b"], logger, now });
  return async (pattern: string) =>
    (await registry.metrics()).split("\n").filter((line) => line.includes(pattern));
}

describe("the lag of the bus", () => {
  it("is told for each tenant and stage, and asked for again only after a while", async () => {
    const bus = openBus();
    const record = { key: "k", value: new Uint8Array(10) };
    // Only what a group could have read counts; so it begins before the records come.
    const consumer = await bus.consume(["a"], {
      ...{ topic: "raw", group: "detect", recordsPerBatchMax: 1, lingerMs: 0, retryDelayMs: 1 },
      handle: () => new Promise(() => undefined),
    });
    consumer.pause();
    await bus.publish("a", "raw", [record, record]);
    let now = 0;
    const lines = registered(bus, () => now);
    const of = (records: number) =>
      `heidewacht_bus_lag_records{tenant="a",topic="raw",group="detect"} ${records}`;
    expect(await lines("lag_records{")).toHaveLength(6);
    expect(await lines('tenant="a",topic="raw"')).toContain(of(2));
    await bus.publish("a", "raw", [record]);
    expect(await lines('tenant="a",topic="raw"')).toContain(of(2));
    now = 10_000;
    expect(await lines('tenant="a",topic="raw"')).toContain(of(3));
  });

  it("is left out while the bus does not answer, and comes back with it", async () => {
    let isAway = true;
    let now = 0;
    const lag = async () => {
      if (isAway) throw new Error("away");
      return { records: 1, bytes: 2 };
    };
    const lines = registered({ lag }, () => now);
    expect(await lines("lag_bytes{")).toEqual([]);
    isAway = false;
    now = 10_000;
    expect(await lines("lag_bytes{")).toHaveLength(6);
  });
});
