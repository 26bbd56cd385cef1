// What every bus must do, whatever it is made of. The embedded one and the Kafka one run this suite
// unchanged; `open` gives a bus on fresh, empty topics, `reopen` a second one on the same data while the
// first was never closed (as after a crash).
import { afterEach, describe, expect, it } from "vitest";
import {
  type BusUnderTest,
  bytes,
  codeOf,
  collector,
  idle,
  numbered,
  options,
  text,
} from "./bus-examples.ts";
import { describeGroups } from "./bus-groups.ts";

export function describeBusContract(name: string, open: () => Promise<BusUnderTest>): void {
  describe(`${name} as a bus`, () => {
    const opened: BusUnderTest[] = [];
    async function fresh(): Promise<BusUnderTest> {
      const one = await open();
      opened.push(one);
      return one;
    }
    afterEach(async () => {
      for (const one of opened.splice(0)) await one.dispose();
    });

    describeDelivery(fresh);
    describeGroups(fresh);
    describeLimits(fresh);
  });
}

function describeDelivery(fresh: () => Promise<BusUnderTest>): void {
  it("gives back keys, values and headers as they were", async () => {
    const { bus } = await fresh();
    const binary = Uint8Array.from({ length: 256 }, (_, index) => index);
    const headers = JSON.parse('{"kind":"Prüfung","__proto__":"x"}');
    await bus.publish("a", "single", [
      { key: "Schlüssel/ä\u0000😀", value: binary, headers },
      { key: undefined, value: bytes("") },
      { key: "", value: bytes("x".repeat(300_000)) },
    ]);
    const seen = collector();
    const before = Date.now();
    await bus.consume(["a"], options("single", seen.handle));
    await seen.until(3);
    const records = seen.batches.flatMap((batch) => batch.records);
    expect(records.map((record) => record.key)).toEqual(["Schlüssel/ä\u0000😀", undefined, ""]);
    expect(records.map((record) => record.offset)).toEqual([0, 1, 2]);
    expect([...(records[0]?.value ?? [])]).toEqual([...binary]);
    expect(JSON.stringify(records[0]?.headers)).toBe(JSON.stringify(headers));
    expect(records[1]?.headers).toEqual({});
    expect(records[2]?.value.length).toBe(300_000);
    expect(Math.abs((records[0]?.appendedAt ?? 0) - before)).toBeLessThan(60_000);
  });

  it("reads a partition from its beginning to its end, without a group", async () => {
    const { bus } = await fresh();
    expect(await Array.fromAsync(bus.read("a", "single", 0))).toEqual([]);
    await bus.publish("a", "single", numbered(3, "k"));
    await bus.publish("a", "single", [{ key: undefined, value: bytes("last") }]);
    for (let round = 0; round < 2; round += 1) {
      const records = await Array.fromAsync(bus.read("a", "single", 0));
      expect(records.map(({ offset, key, value }) => [offset, key, text.decode(value)])).toEqual([
        [0, "k", "k:0"],
        [1, "k", "k:1"],
        [2, "k", "k:2"],
        [3, undefined, "last"],
      ]);
    }
    expect(await Array.fromAsync(bus.read("b", "single", 0))).toEqual([]);
  });

  it("keeps the order of each key, and a key in one partition", async () => {
    const { bus } = await fresh();
    const keys = Array.from({ length: 20 }, (_, index) => `host-${index}`);
    for (let round = 0; round < 10; round += 1)
      await Promise.all(
        keys.map((key) => bus.publish("a", "raw", [{ key, value: bytes(`${round}`) }])),
      );
    const seen = collector();
    await bus.consume(["a"], options("raw", seen.handle, { recordsPerBatchMax: 7 }));
    await seen.until(200);
    const rounds = new Map<string, string[]>();
    const places = new Map<string, Set<number>>();
    for (const record of seen.batches.flatMap((batch) => batch.records)) {
      const key = record.key ?? "";
      rounds.set(key, [...(rounds.get(key) ?? []), text.decode(record.value)]);
      places.set(key, (places.get(key) ?? new Set()).add(record.partition));
    }
    expect(rounds.size).toBe(20);
    for (const list of rounds.values()) expect(list).toEqual([..."0123456789"]);
    for (const partitions of places.values()) expect(partitions.size).toBe(1);
    expect(new Set([...places.values()].flatMap((set) => [...set])).size).toBe(4);
  });

  it("spreads records without key over the partitions", async () => {
    const { bus } = await fresh();
    for (let round = 0; round < 8; round += 1) await bus.publish("a", "raw", numbered(5));
    const seen = collector();
    await bus.consume(["a"], options("raw", seen.handle));
    await seen.until(40);
    expect(new Set(seen.batches.map((batch) => batch.partition)).size).toBe(4);
  });

  it("numbers the offsets of a partition without gaps", async () => {
    const { bus } = await fresh();
    await Promise.all(Array.from({ length: 50 }, () => bus.publish("a", "single", numbered(3))));
    const seen = collector();
    await bus.consume(["a"], options("single", seen.handle, { recordsPerBatchMax: 8 }));
    await seen.until(150);
    const offsets = seen.batches.flatMap((batch) => batch.records.map((record) => record.offset));
    expect(offsets).toEqual(Array.from({ length: 150 }, (_, index) => index));
    expect(Math.max(...seen.batches.map((batch) => batch.records.length))).toBeLessThanOrEqual(8);
  });

  it("gives a failed batch again, and nothing of its partition before it", async () => {
    const { bus } = await fresh();
    await bus.publish("a", "single", numbered(6, "k"));
    const attempts: string[] = [];
    const errors: unknown[] = [];
    const seen = collector();
    await bus.consume(
      ["a"],
      options(
        "single",
        async (batch) => {
          const values = batch.records.map((record) => text.decode(record.value)).join();
          attempts.push(values);
          if (attempts.length < 3) throw new Error("not yet");
          await seen.handle(batch);
        },
        { recordsPerBatchMax: 2, onError: (error) => errors.push(error) },
      ),
    );
    await seen.until(6);
    expect(attempts.slice(0, 3)).toEqual(["k:0,k:1", "k:0,k:1", "k:0,k:1"]);
    expect(seen.values).toEqual(["k:0", "k:1", "k:2", "k:3", "k:4", "k:5"]);
    expect(errors).toHaveLength(2);
  });

  it("gives unfinished records again after a crash, and finished ones before a close never", async () => {
    const { bus, reopen } = await fresh();
    await bus.publish("a", "single", numbered(4, "k"));
    const first = collector();
    const consumer = await bus.consume(["a"], options("single", first.handle));
    await first.until(4);
    await consumer.close();
    await bus.publish("a", "single", numbered(2, "later"));
    let started: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (started = resolve));
    await bus.consume(
      ["a"],
      options("single", () => {
        started();
        return new Promise<void>(() => undefined);
      }),
    );
    await begun;
    const again = await reopen();
    const second = collector();
    await again.consume(["a"], options("single", second.handle));
    await second.until(2);
    expect(second.values).toEqual(["later:0", "later:1"]);
    await again.close();
  });

  it("wakes a waiting consumer for every publish", async () => {
    const { bus } = await fresh();
    const seen = collector();
    await bus.consume(["a"], options("raw", seen.handle));
    for (let round = 1; round <= 100; round += 1) {
      await bus.publish("a", "raw", numbered(1, `k${round}`));
      await seen.until(round);
    }
    expect(seen.values).toHaveLength(100);
  });

  it("waits lingerMs for a batch to fill", async () => {
    const { bus } = await fresh();
    const seen = collector();
    await bus.consume(["a"], options("single", seen.handle, { lingerMs: 500 }));
    await bus.publish("a", "single", numbered(1, "first"));
    await bus.publish("a", "single", numbered(1, "second"));
    await seen.until(2);
    expect(seen.batches).toHaveLength(1);
  });
}

function describeLimits(fresh: () => Promise<BusUnderTest>): void {
  it("pushes back when too much is unread, and takes again once it is read", async () => {
    const { bus } = await fresh();
    const seen = collector();
    await bus.seek("a", "narrow", "detect", "earliest");
    const kilobyte = { key: "k", value: bytes("x".repeat(1000)) };
    const results: string[] = [];
    for (let round = 0; round < 20; round += 1)
      results.push(await codeOf(bus.publish("a", "narrow", [kilobyte])));
    expect(results[0]).toBe("no error");
    expect(results.at(-1)).toBe("HW_BUSY");
    const taken = results.filter((result) => result === "no error").length;
    await bus.consume(["a"], options("narrow", seen.handle));
    await seen.until(taken);
    while ((await bus.lag("a", "narrow", "detect")).records > 0) await idle(5);
    expect(await codeOf(bus.publish("a", "narrow", [kilobyte]))).toBe("no error");
    expect(await codeOf(bus.publish("b", "narrow", [kilobyte]))).toBe("no error");
    await seen.until(taken + 1);
    await idle(20);
    expect(seen.values).toHaveLength(taken + 1);
  });

  it("counts what a group has not read", async () => {
    const { bus } = await fresh();
    await bus.publish("a", "raw", numbered(10, "k"));
    const lag = await bus.lag("a", "raw", "detect");
    expect(lag.records).toBe(10);
    expect(lag.bytes).toBeGreaterThan(10);
    const seen = collector();
    const consumer = await bus.consume(["a"], options("raw", seen.handle));
    await seen.until(10);
    await consumer.close();
    expect(await bus.lag("a", "raw", "detect")).toEqual({ records: 0, bytes: 0 });
  });

  it("refuses unknown topics and records over the limit", async () => {
    const { bus } = await fresh();
    expect(await codeOf(bus.publish("a", "nowhere", numbered(1)))).toBe("HW_NOT_FOUND");
    const huge = { key: "k", value: new Uint8Array(8 * 1024 * 1024 + 1) };
    expect(await codeOf(bus.publish("a", "raw", [...numbered(1), huge]))).toBe(
      "HW_INPUT_TOO_LARGE",
    );
    expect((await bus.lag("a", "raw", "detect")).records).toBe(0);
  });

  it("refuses everything after close", async () => {
    const { bus } = await fresh();
    await bus.close();
    expect(await codeOf(bus.publish("a", "raw", numbered(1)))).toBe("HW_CLOSED");
    expect(await codeOf(bus.lag("a", "raw", "g"))).toBe("HW_CLOSED");
  });
}
