// Sealed topics of the Kafka bus, where many records lie in one of Kafka's (a pack): what of the contract is
// not about consecutive offsets, and what a place inside of a pack comes to, against a real broker.
import { Admin } from "@platformatic/kafka";
import { pino } from "pino";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { Bus, Gap, IncomingRecord } from "../../../services/bus/bus.ts";
import { type KafkaBusOptions, openKafkaBus } from "../../../services/bus/kafka.ts";
import { createKeyRing } from "../../../services/privacy/keys.ts";
import { createSealer } from "../../../services/privacy/seal.ts";
import {
  bytes,
  CONTRACT_TOPICS,
  codeOf,
  collector,
  numbered,
  options,
  text,
} from "../../contract/bus-examples.ts";
import { kafkaBroker, ownPrefix } from "../../servers/addresses.ts";
import { deleteTopics } from "../../servers/kafka-cleaning.ts";

const PACK_OFFSETS = 4096;
const sealer = createSealer(createKeyRing(Buffer.alloc(32, 9)));
const prefixes: string[] = [];
const opened: { bus: Bus; crash: AbortController }[] = [];

afterEach(async () => {
  for (const { bus, crash } of opened.splice(0)) {
    // A consumer that hangs on purpose would hang close as well.
    await Promise.race([bus.close(), new Promise<void>((done) => setTimeout(done, 2000))]);
    crash.abort();
  }
});
afterAll(() => deleteTopics(kafkaBroker(), prefixes));

function newPrefix(): string {
  const prefix = ownPrefix();
  prefixes.push(prefix);
  return prefix;
}

async function open(client: KafkaBusOptions["client"], prefix = newPrefix()) {
  const crash = new AbortController();
  const bus = await openKafkaBus({
    connection: { brokers: [kafkaBroker()], clientId: "test", tls: undefined, sasl: undefined },
    client,
    prefix,
    compression: "zstd",
    sessionTimeoutMs: 6000,
    topics: CONTRACT_TOPICS,
    sealer,
    sealedTopics: ["raw", "single", "narrow"],
    logger: pino({ level: "silent" }),
    crash: crash.signal,
  });
  opened.push({ bus, crash });
  return { bus, crash, prefix };
}

const values = (count: number, key: string) =>
  numbered(count, key).map(({ value }) => text.decode(value));

describe.each(["platformatic", "kafkajs"] as const)("sealed topics with %s", (client) => {
  it("give back keys, values and headers as they were, by group and without one", async () => {
    const { bus } = await open(client);
    const headers = { kind: "Prüfung" };
    await bus.publish("a", "single", [
      { key: "Schlüssel/ä\u0000😀", value: bytes("eins"), headers },
      { key: undefined, value: bytes("") },
      { key: "", value: bytes("x".repeat(300_000)) },
    ]);
    await bus.publish("a", "single", numbered(700, "k"));
    const seen = collector();
    await bus.consume(["a"], options("single", seen.handle));
    await seen.until(703);
    const records = seen.batches.flatMap((batch) => batch.records);
    expect(records.slice(0, 3).map(({ key }) => key)).toEqual([
      "Schlüssel/ä\u0000😀",
      undefined,
      "",
    ]);
    expect(records[0]?.headers).toEqual(headers);
    expect(records[2]?.value.length).toBe(300_000);
    expect(seen.values.slice(3)).toEqual(values(700, "k"));
    const offsets = records.map(({ offset }) => offset);
    expect(offsets).toEqual([...new Set(offsets)].sort((left, right) => left - right));
    const read = await Array.fromAsync(bus.read("a", "single", 0));
    expect(read.map(({ offset }) => offset)).toEqual(offsets);
  });

  it("keep the order of each key over partitions", async () => {
    const { bus } = await open(client);
    const keys = Array.from({ length: 20 }, (_, number) => `host-${number}`);
    for (let round = 0; round < 10; round += 1)
      await bus.publish(
        "a",
        "raw",
        keys.map((key) => ({ key, value: bytes(`${round}`) })),
      );
    const seen = collector();
    await bus.consume(["a"], options("raw", seen.handle, { recordsPerBatchMax: 7 }));
    await seen.until(200);
    const rounds = new Map<string, string>();
    for (const { key = "", value } of seen.batches.flatMap((batch) => batch.records))
      rounds.set(key, (rounds.get(key) ?? "") + text.decode(value));
    expect([...rounds.values()]).toEqual(keys.map(() => "0123456789"));
  });

  it("hand out a pack in batches no larger than asked for, each record once and in order", async () => {
    const { bus } = await open(client);
    await bus.publish("a", "single", numbered(50, "k"));
    await bus.publish("a", "single", numbered(5, "l"));
    const seen = collector();
    let failures = 2;
    const handle: typeof seen.handle = async (batch) => {
      failures -= 1;
      if (failures === 0) throw new Error("not yet");
      await seen.handle(batch);
    };
    await bus.consume(["a"], options("single", handle, { recordsPerBatchMax: 8 }));
    await seen.until(55);
    expect(seen.values).toEqual([...values(50, "k"), ...values(5, "l")]);
    expect(Math.max(...seen.batches.map((batch) => batch.records.length))).toBe(8);
  });

  it("give unfinished records again after a crash, and finished packs before a close never", async () => {
    const { bus, crash, prefix } = await open(client);
    await bus.publish("a", "single", numbered(4, "k"));
    const first = collector();
    const consumer = await bus.consume(["a"], options("single", first.handle));
    await first.until(4);
    await consumer.close();
    await bus.publish("a", "single", numbered(2, "later"));
    const begun = Promise.withResolvers<void>();
    const never = new Promise<void>(() => undefined);
    await bus.consume(
      ["a"],
      options("single", () => {
        begun.resolve();
        return never;
      }),
    );
    await begun.promise;
    crash.abort();
    const { bus: again } = await open(client, prefix);
    const second = collector();
    await again.consume(["a"], options("single", second.handle));
    await second.until(2);
    expect(second.values).toEqual(values(2, "later"));
  });

  it("give a pack that was handed over half-way again from its beginning, with the same offsets", async () => {
    const { bus } = await open(client);
    await bus.publish("a", "single", numbered(3, "before"));
    await bus.publish("a", "single", numbered(50, "k"));
    const records = new Map<string, number>();
    const note = (record: IncomingRecord) => {
      const value = text.decode(record.value);
      expect(records.get(value) ?? record.offset).toBe(record.offset);
      records.set(value, record.offset);
    };
    const halfway = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const first = await bus.consume(
      ["a"],
      options(
        "single",
        async (batch) => {
          batch.records.forEach(note);
          if (records.size < 20) return;
          halfway.resolve();
          await goOn.promise;
        },
        { recordsPerBatchMax: 10 },
      ),
    );
    await halfway.promise;
    const closing = first.close();
    goOn.resolve();
    await closing;
    expect(records.size).toBeLessThan(53);
    const second = collector();
    await bus.consume(["a"], options("single", second.handle));
    await second.until(50);
    for (const record of second.batches.flatMap((batch) => batch.records)) note(record);
    expect(second.values).toEqual(values(50, "k"));
    expect(records.size).toBe(53);
  });

  it("begin with the whole pack where a place inside of it is sought", async () => {
    const { bus } = await open(client);
    for (const key of ["one", "two"]) await bus.publish("a", "single", numbered(5, key));
    await bus.seek("a", "single", "detect", [{ partition: 0, offset: PACK_OFFSETS + 3 }]);
    const seen = collector();
    const consumer = await bus.consume(["a"], options("single", seen.handle));
    await seen.until(5);
    await consumer.close();
    expect(seen.values).toEqual(values(5, "two"));
    expect(seen.batches[0]?.records[3]?.offset).toBe(PACK_OFFSETS + 3);
  });

  it("tell of packs that went before they could be read", async () => {
    const { bus, prefix } = await open(client);
    for (const key of ["one", "two", "three"]) await bus.publish("a", "single", numbered(5, key));
    await bus.seek("a", "single", "detect", "earliest");
    const admin = new Admin({ clientId: "test", bootstrapBrokers: [kafkaBroker()] });
    const partitions = [{ partition: 0, offset: 2n }];
    await admin.deleteRecords({ topics: [{ name: `${prefix}.a.single`, partitions }] });
    await admin.close();
    const gaps: Gap[] = [];
    const seen = collector();
    const onGap = (gap: Gap) => gaps.push(gap);
    await bus.consume(["a"], options("single", seen.handle, { onGap }));
    await seen.until(5);
    expect(seen.values).toEqual(values(5, "three"));
    const place = { tenant: "a", topic: "single", partition: 0 };
    expect(gaps).toEqual([{ ...place, from: 0, to: 2 * PACK_OFFSETS }]);
  });

  it("count records, not packs, as what a group has not read", async () => {
    const { bus } = await open(client);
    for (const key of ["one", "two"]) await bus.publish("a", "raw", numbered(10, key));
    const lag = await bus.lag("a", "raw", "detect");
    expect(lag.records).toBe(20);
    expect(lag.bytes).toBeGreaterThan(20);
    const seen = collector();
    const consumer = await bus.consume(["a"], options("raw", seen.handle));
    await seen.until(20);
    await consumer.close();
    expect(await bus.lag("a", "raw", "detect")).toEqual({ records: 0, bytes: 0 });
  });

  it("push back when too much is unread, and take again once it is read", async () => {
    const { bus } = await open(client);
    await bus.seek("a", "narrow", "detect", "earliest");
    const kilobyte = () => ({ key: "k", value: crypto.getRandomValues(new Uint8Array(1000)) });
    let taken = 0;
    let result = "no error";
    for (; result === "no error" && taken < 100; taken += 1)
      result = await codeOf(bus.publish("a", "narrow", [kilobyte()]));
    expect(result).toBe("HW_BUSY");
    const seen = collector();
    await bus.consume(["a"], options("narrow", seen.handle));
    await seen.until(taken - 1);
    while ((await codeOf(bus.publish("a", "narrow", [kilobyte()]))) === "HW_BUSY")
      await new Promise((done) => setTimeout(done, 10));
    await seen.until(taken);
    expect(seen.values).toHaveLength(taken);
  });
});
