// What it takes to move the state of the keyed stage: 100,000 groups are stored on the bus, another owner takes
// over and has them again. On files, or on a real Kafka with `--kafka HOST:PORT`.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { pino } from "pino";
import { createCorrelator } from "../../detectors/correlation/correlator.ts";
import { readCorrelation } from "../../detectors/correlation/read.ts";
import type { CorrelationRule } from "../../detectors/correlation/rule.ts";
import { documentsOf } from "../../detectors/sigma/rule-document.ts";
import { openNoArchive } from "../../services/archive/off.ts";
import { type Baseline, startBaseline } from "../../services/baseline/baseline.ts";
import type { Bus, OutgoingRecord, TopicSettings } from "../../services/bus/bus.ts";
import { openEmbeddedBus } from "../../services/bus/embedded.ts";
import { encodeObservation, observationKey } from "../../services/bus/observation-record.ts";
import { keyInPartition } from "../../services/bus/partition.ts";
import { ownPrefix } from "../servers/addresses.ts";
import { deleteTopics } from "../servers/kafka-cleaning.ts";
import { spread } from "./cpu-time.ts";
import { printFigure } from "./figure.ts";

const ROUNDS = 5;
const GROUPS = 100_000;
const EVENTS_EACH = 5;
const PARTITIONS = 4;
const RECORDS_PER_PUBLISH = 5000;
const TENANT = "kreis";
const START = Date.UTC(2026, 10, 21);
const MIB = 1024 * 1024;
const POLL_MS = 2;
const logger = pino({ level: "warn" });

const topics: TopicSettings[] = ["observations", "baseline-state", "signals"].map((name) => ({
  ...{ name, partitions: PARTITIONS, compacted: name === "baseline-state" },
  ...{ retentionMs: 86_400_000, retentionBytes: 4e9, backlogBytesMax: 4e9 },
}));

function ruleOf(id: string): CorrelationRule {
  const value = {
    ...{ title: id, id },
    correlation: {
      ...{ type: "event_count", rules: ["a"], "group-by": ["u", "h"], timespan: "2h" },
      condition: { gte: 10 },
    },
  };
  const [reader] = documentsOf(JSON.stringify(value), "bench.yml");
  if (reader === undefined) throw new RangeError("no document");
  return readCorrelation(value, reader);
}

/** The nth observation: an account and a host as the group, an event log's record id. */
function recordOf(at: number): OutgoingRecord {
  const number = at % GROUPS;
  const host = `pc${number % 5000}.kreis.example`;
  const group = [`konto-${(number * 2654435761).toString(32).slice(-10)}`, host];
  const time = START + at;
  const observation = {
    ...{ detector: "bench", key: JSON.stringify(group), time, rule: 0, group },
    ...{ id: `${host}/Security/${100_000_000 + at}`, value: undefined, source: "winlogbeat" },
  };
  const value = encodeObservation({
    ...{ kind: "observation", origin: "raw/0", offset: at, index: 0, level: 0, observation },
    ...{ appendedAt: time, clock: time },
  });
  return { key: observationKey(observation), value };
}

async function publishAll(bus: Bus): Promise<void> {
  const all = GROUPS * EVENTS_EACH;
  for (let from = 0; from < all; from += RECORDS_PER_PUBLISH) {
    const records = Array.from({ length: RECORDS_PER_PUBLISH }, (_, at) => recordOf(from + at));
    await bus.publish(TENANT, "observations", records);
  }
  const value = encodeObservation({ kind: "progress", origin: "raw/0", clock: START + all + 1e6 });
  const toAll = Array.from({ length: PARTITIONS }, (_, number) => ({
    ...{ key: keyInPartition("progress", number, PARTITIONS), value },
  }));
  await bus.publish(TENANT, "observations", toAll);
}

function startOwner(bus: Bus, rule: CorrelationRule): Promise<Baseline> {
  const detectors = {
    ...{ meaning: "bench", levels: [() => createCorrelator([rule])] },
    ...{ textOf: () => undefined, observationsOf: () => [] },
  };
  return startBaseline(
    [TENANT],
    {
      ...{ bus, archive: openNoArchive(), detectors: () => detectors, logger },
      onSignal: () => undefined,
    },
    {
      ...{ latenessMs: 5000, pendingMax: 1e9, rawPartitions: 1, partitions: PARTITIONS },
      ...{ recordsPerBatchMax: 2000, retryDelayMs: 100, now: Date.now },
      // Stored when the partitions are handed over, and then as a whole.
      snapshotIntervalMs: 1e9,
    },
  );
}

/** The same bus, and when the first state was read from it: before that, it was the group that took its time. */
function watched(bus: Bus): Bus & { readAt: number } {
  const timed = {
    readAt: Number.POSITIVE_INFINITY,
    publish: (...given: Parameters<Bus["publish"]>) => bus.publish(...given),
    consume: (...given: Parameters<Bus["consume"]>) => bus.consume(...given),
    lag: (...given: Parameters<Bus["lag"]>) => bus.lag(...given),
    read: (...given: Parameters<Bus["read"]>) => {
      timed.readAt = Math.min(timed.readAt, performance.now());
      return bus.read(...given);
    },
    seek: (...given: Parameters<Bus["seek"]>) => bus.seek(...given),
    retain: (...given: Parameters<Bus["retain"]>) => bus.retain(...given),
    close: () => bus.close(),
  };
  return timed;
}

async function untilKeys(owner: Baseline): Promise<void> {
  while (owner.status(TENANT).keys < GROUPS) await sleep(POLL_MS);
}

function heldMib(): number {
  if (globalThis.gc === undefined) throw new Error("needs node --expose-gc");
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / MIB;
}

async function measure(bus: Bus, kind: string): Promise<void> {
  const rule = ruleOf("bench");
  await publishAll(bus);
  let owner = await startOwner(bus, rule);
  await untilKeys(owner);
  while ((await bus.lag(TENANT, "observations", "baseline")).records > 0) await sleep(POLL_MS);
  const stores: number[] = [];
  const restores: number[] = [];
  const joins: number[] = [];
  const held: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const closingAt = performance.now();
    await owner.close();
    // Only the first one has anything to store: nothing came since.
    if (round === 0) stores.push((performance.now() - closingAt) / 1000);
    const before = heldMib();
    const startedAt = performance.now();
    const timed = watched(bus);
    owner = await startOwner(timed, rule);
    await untilKeys(owner);
    restores.push((performance.now() - timed.readAt) / 1000);
    joins.push((timed.readAt - startedAt) / 1000);
    held.push(heldMib() - before);
  }
  await owner.close();
  const labels = { bus: kind, keys: GROUPS, eventsEach: EVENTS_EACH };
  const restore = spread(restores);
  const memory = spread(held.map((mib) => (mib * 1000) / GROUPS));
  printFigure("baseline.restore_s", restore.median, "s", {
    ...{ ...labels, n: ROUNDS, range: restore.range, worst: Math.max(...restores) },
    // Until the group has decided who owns what; of the brokers' settings.
    joinSeconds: spread(joins).median,
  });
  printFigure("baseline.snapshot_s", stores[0] ?? Number.NaN, "s", { ...labels, n: 1 });
  printFigure("baseline.mib_per_1000_keys", memory.median, "MiB", {
    ...{ ...labels, n: ROUNDS, range: memory.range },
  });
}

async function benchEmbedded(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-bench-"));
  const bus = openEmbeddedBus({ dataDir: folder, topics, sealedTopics: [] });
  try {
    await measure(bus, "embedded");
  } finally {
    await bus.close();
    rmSync(folder, { recursive: true });
  }
}

async function benchKafka(broker: string): Promise<void> {
  const { openKafkaBus } = await import("../../services/bus/kafka.ts");
  const prefix = ownPrefix();
  const bus = await openKafkaBus({
    connection: { brokers: [broker], clientId: "bench", tls: undefined, sasl: undefined },
    ...{ client: "platformatic", compression: "zstd", sessionTimeoutMs: 10_000, logger },
    ...{ prefix, topics, sealedTopics: [], tenants: [TENANT] },
  });
  try {
    await measure(bus, "kafka");
  } finally {
    await bus.close();
    await deleteTopics(broker, [prefix]);
  }
}

const { kafka } = parseArgs({ options: { kafka: { type: "string" } } }).values;
if (kafka === undefined) await benchEmbedded();
else await benchKafka(kafka);
