// What the Kafka bus does when things go wrong at the broker: each fault is done to a real one of this test's
// own, so that others are not disturbed.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Admin } from "@platformatic/kafka";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Bus, ConsumeOptions, Gap } from "../../../services/bus/bus.ts";
import { type KafkaBusOptions, openKafkaBus } from "../../../services/bus/kafka.ts";
import { bytes, CONTRACT_TOPICS, numbered, options, text } from "../../contract/bus-examples.ts";
import { ownPrefix } from "../../servers/addresses.ts";

const PORT = 19_592;
const BROKER = `127.0.0.1:${PORT}`;
const run = promisify(execFile);
const script = join(import.meta.dirname, "../../servers/kafka.sh");
const folder = mkdtempSync(join(tmpdir(), "hw-kafka-faults-"));
const opened: Bus[] = [];

const start = () =>
  run("bash", ["-c", `"$0" start "$1" "$2" > "$1.log" 2>&1`, script, folder, String(PORT)]);
const kill = () => process.kill(Number(readFileSync(join(folder, "pid"), "utf8")), "SIGKILL");

beforeAll(async () => {
  const servers = process.env.HEIDEWACHT_SERVERS_FOLDER ?? join(tmpdir(), "heidewacht-servers");
  const jars = join(servers, "kafka", "lib");
  mkdirSync(folder, { recursive: true });
  if (existsSync(jars)) symlinkSync(jars, join(folder, "lib"));
  await start();
});

afterAll(async () => {
  await Promise.race([Promise.all(opened.map((bus) => bus.close())), sleep(10_000)]);
  kill();
  rmSync(folder, { recursive: true, force: true });
  rmSync(`${folder}.log`, { force: true });
});

async function open(prefix: string, more: Partial<KafkaBusOptions> = {}): Promise<Bus> {
  const bus = await openKafkaBus({
    connection: { brokers: [BROKER], clientId: "test", tls: undefined, sasl: undefined },
    client: "platformatic",
    prefix,
    compression: "zstd",
    sessionTimeoutMs: 6000,
    topics: CONTRACT_TOPICS,
    sealedTopics: [],
    logger: pino({ level: process.env.LOG_LEVEL ?? "silent" }),
    ...more,
  });
  opened.push(bus);
  return bus;
}

/** Counts how often each value came, and where. */
function counting() {
  const values = new Map<string, number>();
  const places = new Map<string, number>();
  const handle: ConsumeOptions["handle"] = async (batch) => {
    for (const { offset, value } of batch.records) {
      const place = `${batch.partition}/${offset}`;
      places.set(place, (places.get(place) ?? 0) + 1);
      const key = text.decode(value);
      values.set(key, (values.get(key) ?? 0) + 1);
    }
  };
  return { values, places, handle };
}

const until = async (isDone: () => boolean) => {
  while (!isDone()) await sleep(20);
};

async function withAdmin(work: (admin: Admin) => Promise<unknown>): Promise<void> {
  const admin = new Admin({ clientId: "test", bootstrapBrokers: [BROKER] });
  try {
    await work(admin);
  } finally {
    await admin.close();
  }
}

it.each(["platformatic", "kafkajs"] as const)(
  "writes all that is acknowledged once, and delivers it, when the broker is killed under load and away for 20 s (%s)",
  async (client) => {
    const bus = await open(ownPrefix(), { client });
    const seen = counting();
    await bus.consume(["a"], options("raw", seen.handle));
    const acknowledged: string[] = [];
    let isOver = false;
    const load = Array.from({ length: 8 }, async (_, writer) => {
      for (let number = 0; !isOver; number += 1) {
        const value = `${writer}:${number}`;
        await bus.publish("a", "raw", [{ key: value, value: bytes(value) }]);
        acknowledged.push(value);
      }
    });
    await until(() => acknowledged.length > 200);
    kill();
    await sleep(20_000);
    const before = acknowledged.length;
    await start();
    await until(() => acknowledged.length > before + 200);
    isOver = true;
    await Promise.all(load);
    await until(() => acknowledged.every((value) => seen.values.has(value)));
    const kept = new Map<string, number>();
    for (const partition of [0, 1, 2, 3])
      for await (const { value } of bus.read("a", "raw", partition))
        kept.set(text.decode(value), (kept.get(text.decode(value)) ?? 0) + 1);
    // No try of a publish was written twice; what was handled but not committed may have come again.
    expect([...kept.values()].filter((count) => count > 1)).toEqual([]);
    expect(new Set(seen.values.keys())).toEqual(new Set(kept.keys()));
    expect(seen.places.size).toBe(kept.size);
    await bus.close();
  },
);

it("makes a topic again that was deleted, says what is gone, and goes on", async () => {
  const prefix = ownPrefix();
  const bus = await open(prefix);
  const seen = counting();
  const gaps: Gap[] = [];
  await bus.publish("a", "single", numbered(50, "old"));
  const more = { onGap: (gap: Gap) => gaps.push(gap) };
  await bus.consume(["a"], options("single", seen.handle, more));
  await until(() => seen.values.size === 50);
  await withAdmin((admin) => admin.deleteTopics({ topics: [`${prefix}.a.single`] }));
  await bus.publish("a", "single", numbered(3, "new"));
  await until(() => seen.values.has("new:2"));
  expect(seen.values.size).toBe(53);
  // All that was deleted had been read.
  expect(gaps).toEqual([]);
  await withAdmin(async (admin) => {
    const [topic] = await admin.describeConfigs({
      resources: [{ resourceType: 2, resourceName: `${prefix}.a.single` }],
    });
    const value = topic?.configs.find(({ name }) => name === "message.timestamp.type")?.value;
    expect(value).toBe("LogAppendTime");
  });
  await bus.close();
});

it("tells of records that went before they could be read, and goes on at the earliest kept", async () => {
  const prefix = ownPrefix();
  const bus = await open(prefix);
  await bus.publish("a", "single", numbered(20, "k"));
  const first = counting();
  let isStopped = false;
  const consumer = await bus.consume(
    ["a"],
    options(
      "single",
      async (batch, signal) => {
        if (isStopped) throw new Error("not now");
        await first.handle(batch, signal);
        isStopped = true;
      },
      { recordsPerBatchMax: 5 },
    ),
  );
  await until(() => first.values.size === 5);
  await consumer.close();
  await withAdmin((admin) =>
    admin.deleteRecords({
      topics: [{ name: `${prefix}.a.single`, partitions: [{ partition: 0, offset: 12n }] }],
    }),
  );
  const second = counting();
  const gaps: Gap[] = [];
  const more = { onGap: (gap: Gap) => gaps.push(gap) };
  await bus.consume(["a"], options("single", second.handle, more));
  await until(() => second.values.size === 8);
  expect([...second.places.keys()][0]).toBe("0/12");
  expect(gaps).toEqual([{ tenant: "a", topic: "single", partition: 0, from: 5, to: 12 }]);
  await bus.close();
});

it("has one owner per partition at any time and loses nothing while members come and go", async () => {
  const prefix = ownPrefix();
  const publisher = await open(prefix);
  const owners = new Map<number, number>();
  const faults: string[] = [];
  const seen = counting();
  let members = 0;
  const join = async () => {
    members += 1;
    const id = members;
    const bus = await open(prefix, { client: id % 2 === 0 ? "kafkajs" : "platformatic" });
    await bus.consume(
      ["a"],
      options(
        "raw",
        async (batch, signal) => {
          if (owners.get(batch.partition) !== id) faults.push(`batch ${batch.partition}`);
          await sleep(2);
          if (owners.get(batch.partition) !== id) faults.push(`after ${batch.partition}`);
          await seen.handle(batch, signal);
        },
        {
          recordsPerBatchMax: 20,
          onAssigned: async (_tenant, partitions) => {
            for (const one of partitions) {
              if (owners.has(one)) faults.push(`assigned ${one}`);
              owners.set(one, id);
            }
          },
          onRevoked: async (_tenant, partitions) => {
            for (const one of partitions) {
              if (owners.get(one) !== id) faults.push(`revoked ${one}`);
              owners.delete(one);
            }
          },
        },
      ),
    );
    return bus;
  };
  const running = [await join()];
  let published = 0;
  let isOver = false;
  const load = (async () => {
    for (; !isOver; published += 1) {
      const value = `${published}`;
      await publisher.publish("a", "raw", [{ key: value, value: bytes(value) }]);
    }
  })();
  for (let round = 0; round < 14; round += 1) {
    if (running.length < 2 || (running.length < 6 && Math.random() < 0.5))
      running.push(await join());
    else await running.splice(Math.floor(Math.random() * running.length), 1)[0]?.close();
    await sleep(Math.random() * 800);
  }
  isOver = true;
  await load;
  await until(() => seen.values.size === published);
  expect(faults).toEqual([]);
  expect([...seen.places.values()].filter((count) => count > 1)).toEqual([]);
  await Promise.all(running.map((bus) => bus.close()));
});

it("goes on with the other partitions while one handler takes long", async () => {
  const bus = await open(ownPrefix());
  for (let round = 0; round < 40; round += 1)
    await bus.publish("a", "raw", numbered(5, `k${round}`));
  const seen = counting();
  let release: () => void = () => undefined;
  let slow: number | undefined;
  await bus.consume(
    ["a"],
    options("raw", async (batch, signal) => {
      slow ??= batch.partition;
      if (batch.partition === slow) await new Promise<void>((resolve) => (release = resolve));
      await seen.handle(batch, signal);
    }),
  );
  await until(() => new Set([...seen.places.keys()].map((place) => place[0])).size === 3);
  expect(seen.places.has(`${slow}/0`)).toBe(false);
  slow = -1;
  release();
  await until(() => seen.values.size === 200);
  await bus.close();
});

it("passes over a record of a sealed topic that is none of ours, and tells of it", async () => {
  const prefix = ownPrefix();
  const plain = await open(prefix);
  await plain.publish("a", "single", numbered(1, "stranger"));
  const sealer = {
    seal: (_tenant: string, data: Uint8Array) => data.map((byte) => byte ^ 0x5a),
    open: (_tenant: string, data: Uint8Array) => data.map((byte) => byte ^ 0x5a),
  };
  const sealed = await open(prefix, { sealer, sealedTopics: ["single"] });
  await sealed.publish("a", "single", numbered(2, "own"));
  const seen = counting();
  const gaps: Gap[] = [];
  const more = { onGap: (gap: Gap) => gaps.push(gap) };
  await sealed.consume(["a"], options("single", seen.handle, more));
  await until(() => seen.values.size === 2);
  expect([...seen.values.keys()]).toEqual(["own:0", "own:1"]);
  // One record of Kafka's stands for the offsets of all that could be sealed in it.
  expect(gaps).toMatchObject([{ tenant: "a", topic: "single", partition: 0, from: 0 }]);
  const raw = await Array.fromAsync(plain.read("a", "single", 0));
  expect(raw.map(({ value }) => text.decode(value)).join()).not.toContain("own:");
  await Promise.all([plain.close(), sealed.close()]);
});
