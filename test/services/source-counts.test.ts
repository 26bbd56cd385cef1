// What several detect processes saw of sources, put together by one monitor, over a real bus and store.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { AppError } from "../../config/errors.ts";
import type { Bus } from "../../services/bus/bus.ts";
import { openEmbeddedBus } from "../../services/bus/embedded.ts";
import { decodeSourceCounts } from "../../services/bus/source-counts-record.ts";
import { type SourceCounter, startSourceCounter } from "../../services/detect/source-counter.ts";
import { createSourceMonitor, readSourceReports } from "../../services/detect/source-monitor.ts";
import { startSourceWatch } from "../../services/source-watch.ts";
import { openEmbeddedStore } from "../../services/store/embedded.ts";
import type { Store } from "../../services/store/store.ts";

const TENANT = "kreis";
const START = Date.UTC(2026, 10, 20, 8);
const MiB = 1024 * 1024;
const logger = pino({ level: "silent" });
const isWatchedHost = (host: string) => host === "DC01";

function openPorts(): { readonly bus: Bus; readonly store: Store } {
  const dataDir = mkdtempSync(join(tmpdir(), "source-counts-"));
  const limits = { retentionMs: 1e9, retentionBytes: MiB, backlogBytesMax: MiB, compacted: false };
  const topics = ["raw", "source-counts"].map((name) => ({ ...limits, name, partitions: 1 }));
  const bus = openEmbeddedBus({ dataDir, topics, sealedTopics: [] });
  const store = openEmbeddedStore({ dataDir });
  onTestFinished(async () => {
    await bus.close();
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return { bus, store };
}

function counter(bus: Pick<Bus, "publish">): SourceCounter {
  const made = startSourceCounter({ bus, isWatchedHost, logger });
  onTestFinished(() => made.close());
  return made;
}

/** A batch of the raw partition that ends with an offset; each record a second after the one before. */
function see(process: SourceCounter, partition: number, lastOffset: number, records: number): void {
  const batch = process.begin();
  for (let index = 0; index < records; index += 1) {
    const receivedAt = START + (lastOffset - records + 1 + index) * 1000;
    batch.parsed("firewall", { format: "json", receivedAt, eventAt: receivedAt - 500 });
  }
  process.done(TENANT, { partition, lastOffset, appendedAt: START + lastOffset * 1000 }, batch);
}

async function watch(ports: { readonly bus: Bus; readonly store: Store }) {
  const options = { store: ports.store, startedAt: START, silenceMsOf: () => undefined };
  const monitor = createSourceMonitor(options);
  const close = await startSourceWatch({
    ...{ ...ports, monitor, tenants: [TENANT], findingWindowMs: 3_600_000, startedAt: START },
    ...{ logger, now: () => START + 20_000 },
  });
  return { monitor, close };
}

const until = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 10_000, interval: 50 });
const reports = (store: Store) => readSourceReports(store, TENANT);

describe("the counts of two processes", () => {
  it("are one report, which any process reads", async () => {
    const ports = openPorts();
    const [first, second] = [counter(ports.bus), counter(ports.bus)];
    see(first, 0, 9, 10);
    see(second, 1, 4, 5);
    await first.flush();
    await second.flush();
    const { close } = await watch(ports);
    await until(async () =>
      expect(await reports(ports.store)).toMatchObject([
        { source: "firewall", records: 15, formats: { json: 15 }, lastSeenAt: START + 9000 },
      ]),
    );
    expect((await reports(ports.store))[0]).toMatchObject({ lagMedianMs: 500, lagMaxMs: 500 });
    await close();
  });

  it("count once what both had, also after the monitor moved to another process", async () => {
    const ports = openPorts();
    const [first, second] = [counter(ports.bus), counter(ports.bus)];
    see(first, 0, 9, 10);
    await first.flush();
    const before = await watch(ports);
    await until(async () => expect((await reports(ports.store))[0]?.records).toBe(10));
    await before.close();
    expect(before.monitor.report(TENANT, START)).toEqual([]);
    // The partition went to another process before the batch was committed.
    see(second, 0, 9, 10);
    await second.flush();
    see(second, 0, 11, 2);
    await second.flush();
    const after = await watch(ports);
    await until(async () => expect((await reports(ports.store))[0]?.records).toBe(12));
    await after.close();
  });

  it("count anew where the topic was made anew", async () => {
    const ports = openPorts();
    const process = counter(ports.bus);
    see(process, 0, 9, 10);
    await process.flush();
    const batch = process.begin();
    batch.failed("firewall", "HW_PARSE_FAILED", START + 60_000);
    process.done(TENANT, { partition: 0, lastOffset: 0, appendedAt: START + 60_000 }, batch);
    await process.flush();
    const { close } = await watch(ports);
    await until(async () =>
      expect(await reports(ports.store)).toMatchObject([
        { records: 11, failed: 1, reasons: { HW_PARSE_FAILED: 1 } },
      ]),
    );
    await close();
  });
});

describe("what a process counts", () => {
  it("is nothing of a batch that was given up", async () => {
    const { bus } = openPorts();
    const process = counter(bus);
    process.begin().failed("firewall", "HW_PARSE_FAILED", START);
    await process.flush();
    for await (const record of bus.read(TENANT, "source-counts", 0))
      expect.fail(`${record.offset}`);
  });

  it("names watched machines alone, and is bounded", async () => {
    const { bus } = openPorts();
    const process = counter(bus);
    const batch = process.begin();
    for (const host of ["DC01", "PC-0815", 7, undefined]) batch.host("windows", host, START);
    for (let index = 0; index < 3000; index += 1) {
      const receivedAt = START + index;
      const seen = { format: `f${index}`, receivedAt, eventAt: receivedAt };
      batch.parsed("windows", seen);
      batch.parsed(`s${index}`, seen);
    }
    process.done(TENANT, { partition: 0, lastOffset: 1, appendedAt: START }, batch);
    await process.flush();
    const records = await Array.fromAsync(bus.read(TENANT, "source-counts", 0));
    const all = records.map(({ value }) => decodeSourceCounts(value));
    expect(all).toHaveLength(1000);
    const windows = all.find(({ source }) => source === "windows");
    expect(windows?.hosts).toEqual({ dc01: START });
    expect(Object.keys(windows?.formats ?? {})).toHaveLength(17);
    expect(windows?.receivedAt.length).toBeLessThan(513);
    expect(windows?.receivedAt.at(-1)).toBe(START + 2999);
    expect(windows?.lags.values.length).toBeLessThan(256);
  });

  it("waits while the bus is away", async () => {
    const { bus } = openPorts();
    let isAway = true;
    const process = counter({
      publish: (...args) =>
        isAway ? Promise.reject(new AppError("HW_BUSY", "full")) : bus.publish(...args),
    });
    see(process, 0, 4, 5);
    await process.flush();
    see(process, 0, 9, 5);
    isAway = false;
    await process.flush();
    const [record, ...more] = await Array.fromAsync(bus.read(TENANT, "source-counts", 0));
    expect(more).toEqual([]);
    expect(decodeSourceCounts(record?.value ?? new Uint8Array())).toMatchObject({
      ...{ records: 10, stretch: { lastOffset: 9 } },
    });
  });
});
