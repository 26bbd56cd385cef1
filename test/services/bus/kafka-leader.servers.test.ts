// Two brokers of this test's own with two copies of everything: one is killed under load, and the other
// leads from then on. All that was acknowledged is there, once.
import { setTimeout as sleep } from "node:timers/promises";
import { Admin } from "@platformatic/kafka";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openKafkaBus } from "../../../services/bus/kafka.ts";
import { bytes, HOUR_MS, options, text } from "../../contract/bus-examples.ts";
import { ownPrefix } from "../../servers/addresses.ts";
import { type OwnKafka, ownKafka } from "../../servers/own-kafka.ts";

const [FIRST_PORT, SECOND_PORT] = [19_660, 19_670];
const TOPIC = {
  ...{ name: "raw", partitions: 4, retentionMs: HOUR_MS, retentionBytes: 1e9 },
  ...{ compacted: false, backlogBytesMax: 1e9 },
};
const COPIES = { "offsets.topic.replication.factor": "2", "min.insync.replicas": "1" };

const first = ownKafka(FIRST_PORT, COPIES);
let second: OwnKafka | undefined;

beforeAll(async () => {
  await first.start();
  const listener = `PLAINTEXT://127.0.0.1:${SECOND_PORT}`;
  const node = {
    ...{ "process.roles": "broker", "node.id": "2", listeners: listener },
    "advertised.listeners": listener,
    "controller.quorum.bootstrap.servers": `127.0.0.1:${FIRST_PORT + 1}`,
    // Found out sooner that it is gone.
    "broker.session.timeout.ms": "6000",
  };
  second = ownKafka(SECOND_PORT, { ...COPIES, ...node }, first.clusterId());
  await second.start();
  const admin = new Admin({ clientId: "test", bootstrapBrokers: [first.address] });
  while ((await admin.metadata({ topics: [], forceUpdate: true })).brokers.size < 2)
    await sleep(100);
  await admin.close();
});

afterAll(() => {
  second?.dispose();
  first.dispose();
});

it.each(["platformatic", "kafkajs"] as const)(
  "goes on with the other copy when a leader is killed under load (%s)",
  async (client) => {
    const prefix = ownPrefix();
    const bus = await openKafkaBus({
      connection: {
        brokers: [first.address, `127.0.0.1:${SECOND_PORT}`],
        ...{ clientId: "test", tls: undefined, sasl: undefined },
      },
      ...{ client, prefix, replicationFactor: 2, compression: "zstd", sessionTimeoutMs: 6000 },
      ...{ topics: [TOPIC], sealedTopics: [], tenants: ["a"] },
      logger: pino({ level: "silent" }),
    });
    const leadersOf = async () => {
      const admin = new Admin({ clientId: "test", bootstrapBrokers: [first.address] });
      const topic = `${prefix}.a.raw`;
      const found = await admin.metadata({ topics: [topic], forceUpdate: true });
      await admin.close();
      return found.topics.get(topic)?.partitions ?? [];
    };
    const seen = new Set<string>();
    await bus.consume(
      ["a"],
      options("raw", async (batch) => {
        for (const { value } of batch.records) seen.add(text.decode(value));
      }),
    );
    const acknowledged: string[] = [];
    let isOver = false;
    const load = Array.from({ length: 8 }, async (_, writer) => {
      for (let number = 0; !isOver; number += 1) {
        const value = `${writer}:${number}`;
        await bus.publish("a", "raw", [{ key: value, value: bytes(value) }]);
        acknowledged.push(value);
      }
    });
    while (acknowledged.length < 200) await sleep(20);
    expect(new Set((await leadersOf()).map(({ leader }) => leader))).toEqual(new Set([1, 2]));
    second?.kill();
    while ((await leadersOf()).some(({ leader }) => leader !== 1)) await sleep(100);
    const before = acknowledged.length;
    while (acknowledged.length < before + 200) await sleep(20);
    isOver = true;
    await Promise.all(load);
    while (!acknowledged.every((value) => seen.has(value))) await sleep(20);
    const kept: string[] = [];
    for (let partition = 0; partition < TOPIC.partitions; partition += 1)
      for await (const { value } of bus.read("a", "raw", partition)) kept.push(text.decode(value));
    expect(new Set(kept).size).toBe(kept.length);
    expect(new Set(kept)).toEqual(seen);
    await bus.close();
    await second?.start();
    while ((await leadersOf()).some(({ isr }) => isr.length < 2)) await sleep(100);
  },
);
