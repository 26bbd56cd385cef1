// The part of the bus contract that is about consumer groups: sharing, fairness, replay, tenants.
import { expect, it } from "vitest";
import {
  type BusUnderTest,
  bytes,
  codeOf,
  collector,
  HOUR_MS,
  idle,
  numbered,
  options,
} from "./bus-examples.ts";

export function describeGroups(fresh: () => Promise<BusUnderTest>): void {
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
