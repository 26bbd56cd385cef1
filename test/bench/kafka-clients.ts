// Both Kafka client libraries beside each other, each through the bus as the services use it, against a real
// broker: what a CPU-second of our process moves, and how long a record takes from publish to handler.
// `node --expose-gc test/bench/kafka-clients.ts [HOST:PORT]`; the broker is a process of its own.
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import type { Batch, Bus, OutgoingRecord } from "../../services/bus/bus.ts";
import { openKafkaBus } from "../../services/bus/kafka.ts";
import { createKeyRing } from "../../services/privacy/keys.ts";
import { createSealer } from "../../services/privacy/seal.ts";
import { kafkaBroker, ownPrefix } from "../servers/addresses.ts";
import { setup } from "../servers/global-setup.ts";
import { deleteTopics } from "../servers/kafka-cleaning.ts";
import { cpuSeconds, spread } from "./cpu-time.ts";
import { printFigure } from "./figure.ts";
import { quantile } from "./pipeline/probe.ts";

const CLIENTS = ["platformatic", "kafkajs"] as const;
const TOPICS = ["plain", "sealed"] as const;
const ROUNDS = 5;
const RECORDS = 60_000;
const RECORD_BYTES = 500;
const RECORDS_PER_PUBLISH = 500;
const PUBLISHES_AT_ONCE = 8;
const PROBES = 300;
const PROBE_EVERY_MS = 5;
const TENANT = "bench";

type Client = (typeof CLIENTS)[number];
type Topic = (typeof TOPICS)[number];

const [given] = process.argv.slice(2);
const measured = new Map<string, { unit: string; values: number[] }>();
const records = Array.from({ length: RECORDS }, (_, number) => recordOf(number));
const stop = given === undefined ? await setup() : undefined;
try {
  await benchmark(given ?? kafkaBroker());
} finally {
  await stop?.();
}
for (const [figure, { unit, values }] of measured) {
  const { median, range } = spread(values);
  const load = { record_bytes: RECORD_BYTES, records: RECORDS, compression: "zstd" };
  printFigure(figure, median, unit, { range, n: values.length, ...load });
}

async function benchmark(broker: string): Promise<void> {
  const prefixes: string[] = [];
  try {
    // The first round only warms up.
    for (let round = 0; round <= ROUNDS; round += 1)
      for (const client of CLIENTS)
        for (const topic of TOPICS) {
          const prefix = ownPrefix();
          prefixes.push(prefix);
          const name = topic === "plain" ? `kafka.${client}` : `kafka.${client}.sealed`;
          const bus = await open(broker, client, prefix);
          try {
            const found = await measure(bus, topic);
            if (round > 0)
              for (const [key, value, unit] of found) note(`${name}.${key}`, value, unit);
          } finally {
            await bus.close();
          }
          await deleteTopics(broker, [prefix]);
        }
  } finally {
    await deleteTopics(broker, prefixes);
  }
}

function note(figure: string, value: number, unit: string): void {
  const known = measured.get(figure) ?? { unit, values: [] };
  known.values.push(value);
  measured.set(figure, known);
}

async function measure(bus: Bus, topic: Topic): Promise<[string, number, string][]> {
  const produced = await timed(() => produce(bus, topic));
  const consumed = await timed(() => consume(bus, topic));
  const delays = await probe(bus, topic);
  return [
    ["produce_per_cpu_s", RECORDS / produced.cpuS, "records/CPU-s"],
    ["produce_per_s", RECORDS / produced.wallS, "records/s"],
    ["consume_per_cpu_s", RECORDS / consumed.cpuS, "records/CPU-s"],
    ["consume_per_s", RECORDS / consumed.wallS, "records/s"],
    ["latency_p50_ms", quantile(delays, 0.5), "ms"],
    ["latency_p99_ms", quantile(delays, 0.99), "ms"],
  ];
}

async function timed(work: () => Promise<void>): Promise<{ cpuS: number; wallS: number }> {
  let wallS = 0;
  const cpuS = await cpuSeconds(async () => {
    const begun = performance.now();
    await work();
    wallS = (performance.now() - begun) / 1000;
  });
  return { cpuS, wallS };
}

async function produce(bus: Bus, topic: Topic): Promise<void> {
  let next = 0;
  const inTurn = async () => {
    while (next < records.length) {
      const part = records.slice(next, next + RECORDS_PER_PUBLISH);
      next += RECORDS_PER_PUBLISH;
      await bus.publish(TENANT, topic, part);
    }
  };
  await Promise.all(Array.from({ length: PUBLISHES_AT_ONCE }, inTurn));
}

/** Resolves when a new group has read everything. */
async function consume(bus: Bus, topic: Topic): Promise<void> {
  let count = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const consumer = await consumerOf(bus, topic, "all", (batch) => {
    count += batch.records.length;
    if (count >= RECORDS) resolve();
  });
  await promise;
  await consumer.close();
}

/** Milliseconds from a publish of a single record to its handler, at a steady pace. */
async function probe(bus: Bus, topic: Topic): Promise<number[]> {
  const sentAt = new Map<string, number>();
  const delays: number[] = [];
  await bus.seek(TENANT, topic, "probe", "latest");
  const consumer = await consumerOf(bus, topic, "probe", (batch) => {
    for (const { key = "" } of batch.records) {
      const at = sentAt.get(key);
      if (at !== undefined) delays.push(performance.now() - at);
    }
  });
  const publishes: Promise<void>[] = [];
  for (let number = 0; number < PROBES; number += 1) {
    const key = `probe-${number}`;
    sentAt.set(key, performance.now());
    publishes.push(bus.publish(TENANT, topic, [{ ...recordOf(number), key }]));
    await sleep(PROBE_EVERY_MS);
  }
  await Promise.all(publishes);
  while (delays.length < PROBES) await sleep(PROBE_EVERY_MS);
  await consumer.close();
  return delays;
}

function consumerOf(bus: Bus, topic: Topic, group: string, onBatch: (batch: Batch) => void) {
  return bus.consume([TENANT], {
    topic,
    group,
    recordsPerBatchMax: 1000,
    lingerMs: 0,
    retryDelayMs: 10,
    handle: async (batch) => onBatch(batch),
  });
}

function open(broker: string, client: Client, prefix: string): Promise<Bus> {
  const settings = { partitions: 4, retentionMs: 3_600_000, retentionBytes: 1e9 };
  return openKafkaBus({
    connection: { brokers: [broker], clientId: "bench", tls: undefined, sasl: undefined },
    client,
    prefix,
    compression: "zstd",
    sessionTimeoutMs: 15_000,
    topics: TOPICS.map((name) => ({
      ...{ name, ...settings, compacted: false, backlogBytesMax: 1e9 },
    })),
    sealer: createSealer(createKeyRing(randomBytes(32))),
    sealedTopics: ["sealed"],
    tenants: [TENANT],
    logger: pino({ level: "silent" }),
  });
}

/** A line as a firewall writes it, filled up with digits that don't compress away. */
function recordOf(number: number): OutgoingRecord {
  const line = {
    "@timestamp": new Date(1_790_000_000_000 + number * 7).toISOString(),
    event: { category: ["network"], action: number % 7 === 0 ? "deny" : "allow" },
    source: {
      ip: `10.${number % 4}.${number % 97}.${number % 251}`,
      port: 1024 + (number % 60_000),
    },
    destination: { ip: `192.0.2.${number % 254}`, port: [443, 53, 22, 3389][number % 4] },
    host: { name: `firewall-${number % 12}` },
    message: "",
  };
  const rest = RECORD_BYTES - JSON.stringify(line).length;
  line.message = randomBytes(Math.ceil(rest / 2))
    .toString("hex")
    .slice(0, rest);
  const value = new TextEncoder().encode(JSON.stringify(line));
  return { key: `host-${number % 400}`, value };
}
