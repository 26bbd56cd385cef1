// What every bus must do, whatever it is made of. The embedded one and the Kafka one run this suite
// unchanged; `open` gives a bus on fresh, empty topics, `reopen` a second one on the same data while the
// first was never closed (as after a crash).
import { afterEach, describe, expect, it } from "vitest";
import { isAppError } from "../../config/errors.ts";
import type {
  Batch,
  Bus,
  ConsumeOptions,
  OutgoingRecord,
  TopicSettings,
} from "../../services/bus/bus.ts";

export interface BusUnderTest {
  readonly bus: Bus;
  /** Another bus on the same data; the first one is abandoned, not closed. */
  readonly reopen: () => Promise<Bus>;
  readonly dispose: () => Promise<void>;
}

const HOUR_MS = 3_600_000;
const text = new TextDecoder();
const bytes = (value: string) => new TextEncoder().encode(value);

/** Topics that `open` has to offer. */
export const CONTRACT_TOPICS: readonly TopicSettings[] = [
  { name: "raw", partitions: 4 },
  { name: "single", partitions: 1 },
  { name: "narrow", partitions: 1, backlogBytesMax: 10_000 },
  { name: "state", partitions: 1, compacted: true },
].map((topic) => ({
  retentionMs: HOUR_MS,
  retentionBytes: 1_000_000_000,
  compacted: false,
  backlogBytesMax: 500_000_000,
  ...topic,
}));

const numbered = (count: number, key?: string): OutgoingRecord[] =>
  Array.from({ length: count }, (_, index) => ({ key, value: bytes(`${key ?? "-"}:${index}`) }));

const options = (
  topic: string,
  handle: ConsumeOptions["handle"],
  more: Partial<ConsumeOptions> = {},
): ConsumeOptions => ({
  topic,
  group: "detect",
  recordsPerBatchMax: 100,
  lingerMs: 0,
  retryDelayMs: 5,
  handle,
  ...more,
});

/** Collects what a consumer gets, and waits for a number of records. */
function collector() {
  const values: string[] = [];
  const batches: Batch[] = [];
  let wake: () => void = () => undefined;
  return {
    values,
    batches,
    handle: async (batch: Batch) => {
      batches.push(batch);
      values.push(...batch.records.map((record) => text.decode(record.value)));
      wake();
    },
    async until(count: number) {
      while (values.length < count) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no error",
    (error: unknown) => (isAppError(error) ? error.code : String(error)),
  );
}

const idle = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

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

function describeGroups(fresh: () => Promise<BusUnderTest>): void {
  it("gives each group every record", async () => {
    const { bus } = await fresh();
    const [left, right] = [collector(), collector()];
    await bus.consume(["a"], options("raw", left.handle, { group: "left" }));
    await bus.publish("a", "raw", numbered(30, "k"));
    await bus.consume(["a"], options("raw", right.handle, { group: "right" }));
    await Promise.all([left.until(30), right.until(30)]);
    expect(left.values).toEqual(right.values);
  });

  it("shares partitions within a group, tells of every move, and never has two owners", async () => {
    const { bus } = await fresh();
    const owners = new Map<number, string>();
    const log: string[] = [];
    const seen = collector();
    const member = (id: string) =>
      bus.consume(
        ["a"],
        options(
          "raw",
          async (batch) => {
            expect(owners.get(batch.partition)).toBe(id);
            await idle(1);
            expect(owners.get(batch.partition)).toBe(id);
            log.push(id);
            await seen.handle(batch);
          },
          {
            recordsPerBatchMax: 2,
            onAssigned: async (_tenant, partitions) => {
              for (const partition of partitions) {
                expect(owners.get(partition)).toBeUndefined();
                owners.set(partition, id);
              }
            },
            onRevoked: async (_tenant, partitions) => {
              for (const partition of partitions) {
                expect(owners.get(partition)).toBe(id);
                owners.delete(partition);
              }
            },
          },
        ),
      );
    const publish = async (from: number) => {
      for (let index = from; index < from + 100; index += 1)
        await bus.publish("a", "raw", [{ key: `k${index}`, value: bytes(`${index}`) }]);
    };
    const first = await member("first");
    await publish(0);
    const second = await member("second");
    while (new Set(owners.values()).size < 2 || owners.size < 4) await idle(5);
    expect([...owners.values()].sort()).toEqual(["first", "first", "second", "second"]);
    await publish(100);
    await seen.until(200);
    await first.close();
    while (owners.size < 4) await idle(5);
    expect(new Set(owners.values())).toEqual(new Set(["second"]));
    await publish(200);
    await seen.until(300);
    await second.close();
    expect(owners.size).toBe(0);
    expect(new Set(seen.values).size).toBe(300);
    // Nothing was in flight twice: every hand-over came after a commit.
    expect(seen.values).toHaveLength(300);
  });

  it("serves a quiet tenant while a busy one has a long queue", async () => {
    const { bus } = await fresh();
    for (let round = 0; round < 50; round += 1) await bus.publish("busy", "single", numbered(10));
    await bus.publish("quiet", "single", numbered(1));
    const order: string[] = [];
    const seen = collector();
    await bus.consume(
      ["busy", "quiet"],
      options(
        "single",
        async (batch) => {
          order.push(batch.tenant);
          await seen.handle(batch);
        },
        { recordsPerBatchMax: 10 },
      ),
    );
    await seen.until(501);
    expect(order.indexOf("quiet")).toBeLessThan(5);
  });

  it("stops fetching while paused and goes on after resume", async () => {
    const { bus } = await fresh();
    const seen = collector();
    const consumer = await bus.consume(["a"], options("single", seen.handle));
    await bus.publish("a", "single", numbered(1, "before"));
    await seen.until(1);
    consumer.pause();
    await bus.publish("a", "single", numbered(1, "paused"));
    await idle(50);
    expect(seen.values).toEqual(["before:0"]);
    consumer.resume();
    await seen.until(2);
    expect(seen.values).toEqual(["before:0", "paused:0"]);
  });

  it("waits in close for the batch at hand and commits it", async () => {
    const { bus } = await fresh();
    await bus.publish("a", "single", numbered(1));
    let finish: () => void = () => undefined;
    let started: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (started = resolve));
    const consumer = await bus.consume(
      ["a"],
      options("single", () => {
        started();
        return new Promise<void>((resolve) => (finish = resolve));
      }),
    );
    await begun;
    let closed = false;
    const closing = consumer.close().then(() => (closed = true));
    await idle(30);
    expect(closed).toBe(false);
    finish();
    await closing;
    expect((await bus.lag("a", "single", "detect")).records).toBe(0);
  });

  it("replays from a set place", async () => {
    const { bus } = await fresh();
    await bus.publish("a", "single", numbered(5, "k"));
    const run = async (count: number) => {
      const seen = collector();
      const consumer = await bus.consume(["a"], options("single", seen.handle));
      await seen.until(count);
      await consumer.close();
      return seen.values;
    };
    expect(await run(5)).toHaveLength(5);
    await bus.seek("a", "single", "detect", "earliest");
    expect(await run(5)).toHaveLength(5);
    await bus.seek("a", "single", "detect", [{ partition: 0, offset: 3 }]);
    expect(await run(2)).toEqual(["k:3", "k:4"]);
    await bus.seek("a", "single", "detect", "earliest");
    await bus.seek("a", "single", "detect", "latest");
    await bus.publish("a", "single", numbered(1, "new"));
    expect(await run(1)).toEqual(["new:0"]);
  });

  it("keeps tenants apart in every method", async () => {
    const { bus } = await fresh();
    await bus.publish("a", "single", numbered(3, "secret"));
    const other = collector();
    await bus.consume(["b"], options("single", other.handle));
    await bus.seek("b", "single", "detect", "earliest");
    await bus.retain("b", Date.now() + 100 * HOUR_MS);
    expect(await bus.lag("b", "single", "detect")).toEqual({ records: 0, bytes: 0 });
    await bus.publish("b", "single", numbered(1, "own"));
    await other.until(1);
    await idle(30);
    expect(other.values).toEqual(["own:0"]);
    expect((await bus.lag("a", "single", "detect")).records).toBe(3);
  });

  it.each(["../b", "", "A", "a/b", "a\\b", "..", "-", "ä", "a".repeat(65), "a\u0000"])(
    "refuses %j as a tenant name",
    async (tenant) => {
      const { bus } = await fresh();
      const code = "HW_REQUEST_INVALID";
      const nothing = options("raw", async () => undefined);
      expect(await codeOf(bus.publish(tenant, "raw", numbered(1)))).toBe(code);
      expect(await codeOf(bus.consume([tenant], nothing))).toBe(code);
      expect(await codeOf(bus.lag(tenant, "raw", "g"))).toBe(code);
      expect(await codeOf(bus.seek(tenant, "raw", "g", "latest"))).toBe(code);
      expect(await codeOf(bus.retain(tenant, 0))).toBe(code);
    },
  );
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
