import { Admin, Producer } from "@platformatic/kafka";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kafkaBroker } from "../../servers/addresses.ts";
import { openTestTopics } from "../../support/kafka-topics.ts";
import { openKafka } from "./kafka-setup.ts";
import { createMemoryBus, until } from "./memory-bus.ts";

const BINDING = { tenant: "kreis", source: "linux" };
const topics = openTestTopics();
const base = { clientId: "test", bootstrapBrokers: [kafkaBroker()] };
const admin = new Admin(base);
let producer: Producer;
beforeAll(() => {
  producer = new Producer({ ...base, idempotent: true, transactionalId: topics.prefix });
});
afterAll(async () => {
  await producer.close();
  await admin.close();
  await topics[Symbol.asyncDispose]();
});

const numbered = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => ({ value: `Zeile ${from + at}` }));
const valuesOf = (messages: readonly { value: string }[]) => messages.map(({ value }) => value);

/** What the shipper writes in one transaction, and how that ends. */
async function transaction(topic: string, value: string, end: "commit" | "abort"): Promise<void> {
  const open = await producer.beginTransaction();
  await open.send({ messages: [{ topic, partition: 0, value: Buffer.from(value) }] });
  await open[end]();
}

describe("transactions of shippers", () => {
  it("are taken only when committed, however many of one shipper were given up", async () => {
    const topic = await topics.create("aborted");
    for (const [value, end] of [
      ["eins", "commit"],
      ["aufgegeben 1", "abort"],
      ["aufgegeben 2", "abort"],
      ["zwei", "commit"],
      ["aufgegeben 3", "abort"],
    ] as const) {
      await transaction(topic, value, end);
    }
    await topics.send(topic, [{ value: "drei" }]);
    await using input = openKafka({ topics: [topic], group: topic, binding: BINDING });
    await until(() => input.bus.texts().includes("drei"));
    expect(input.bus.texts()).toEqual(["eins", "zwei", "drei"]);
    await until(async () => (await input.lag(topic)) === 0);
  });

  it("show as lag while they are open, and hold nothing up when they end", async () => {
    const topic = await topics.create("open");
    await using input = openKafka({ topics: [topic], group: topic, binding: BINDING });
    const open = await producer.beginTransaction();
    await open.send({ messages: [{ topic, partition: 0, value: Buffer.from("offen") }] });
    await topics.send(topic, [{ value: "dahinter" }]);
    await until(async () => (await input.lag(topic)) === 2);
    expect(input.bus.taken).toEqual([]);
    await open.commit();
    await until(() => input.bus.taken.length === 2);
    expect(input.bus.texts()).toEqual(["offen", "dahinter"]);
  });
});

describe("records that Kafka deleted", () => {
  it("before we read them are counted and told with their offsets", async () => {
    const topic = await topics.create("deleted");
    const settings = { topics: [topic], group: topic, binding: BINDING };
    const bus = createMemoryBus();
    await topics.send(topic, numbered(10));
    {
      await using _input = openKafka(settings, bus);
      await until(() => bus.taken.length === 10);
    }
    await topics.send(topic, numbered(20, 10));
    await admin.deleteRecords({
      topics: [{ name: topic, partitions: [{ partition: 0, offset: 25n }] }],
    });
    await using input = openKafka(settings, bus);
    await until(() => bus.taken.length === 15);
    expect(bus.texts().slice(10)).toEqual(valuesOf(numbered(5, 25)));
    expect(await input.lost(topic)).toBe(15);
    const gaps = input.log.filter((line) => line.includes("deleted records"));
    expect(gaps).toHaveLength(1);
    expect(gaps[0]).toContain(`"from":10,"to":25`);
  });

  it("before we came at all are no loss", async () => {
    const topic = await topics.create("old");
    await topics.send(topic, numbered(10));
    await admin.deleteRecords({
      topics: [{ name: topic, partitions: [{ partition: 0, offset: 8n }] }],
    });
    await using input = openKafka({ topics: [topic], group: topic, binding: BINDING });
    await until(() => input.bus.taken.length === 2);
    expect(await input.lost(topic)).toBe(0);
  });
});

describe("a partition that goes to another process", () => {
  it("goes after its batch is durable and committed, so that nothing comes twice", async () => {
    const topic = await topics.create("handed", 4);
    const messages = numbered(400).map((one, at) => ({ ...one, partition: at % 4 }));
    await topics.send(topic, messages);
    const settings = { topics: [topic], group: topic, binding: BINDING, batchRecordsMax: 20 };
    const [slow, other] = [createMemoryBus(), createMemoryBus()];
    const publish = slow.publish.bind(slow);
    // Every batch takes until the other process has joined and been given something.
    slow.publish = async (...args) => {
      await until(() => other.taken.length > 0 || slow.taken.length < 60);
      await publish(...args);
    };
    await using _first = openKafka(settings, slow);
    await until(() => slow.taken.length >= 60);
    await using _second = openKafka(settings, other);
    await until(() => slow.taken.length + other.taken.length >= messages.length);
    const ids = [...slow.taken, ...other.taken].map(({ record }) => record.id);
    expect(new Set(ids).size).toBe(messages.length);
    expect(ids).toHaveLength(messages.length);
  });
});
