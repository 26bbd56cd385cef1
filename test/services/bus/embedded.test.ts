// The embedded bus keeps the contract of every bus, and what only it promises: sealing, retention that
// it does itself, files that survive damage, the newest per key.
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, it } from "vitest";
import { AppError } from "../../../config/errors.ts";
import type { Bus, Gap, Sealer } from "../../../services/bus/bus.ts";
import { type EmbeddedBusOptions, openEmbeddedBus } from "../../../services/bus/embedded.ts";
import { describeBusContract } from "../../contract/bus.ts";
import { CONTRACT_TOPICS } from "../../contract/bus-examples.ts";
import { killAfter } from "../../contract/crash.ts";

const HOUR_MS = 3_600_000;
const folders: string[] = [];

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "hw-bus-"));
  folders.push(path);
  return path;
}

afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

describeBusContract("the embedded bus", async () => {
  const dataDir = folder();
  const open = () => openEmbeddedBus({ dataDir, topics: CONTRACT_TOPICS, sealedTopics: [] });
  const bus = open();
  return {
    bus,
    reopen: async () => open(),
    // A consumer that hangs on purpose would hang close as well; the folder goes anyway.
    dispose: () => Promise.race([bus.close(), new Promise<void>((done) => setTimeout(done, 200))]),
  };
});

const open = (dataDir: string, more: Partial<EmbeddedBusOptions> = {}) =>
  openEmbeddedBus({ dataDir, topics: CONTRACT_TOPICS, sealedTopics: [], ...more });

const record = (key: string | undefined, value: string) => ({ key, value: Buffer.from(value) });

/** Everything a new group gets to see, until nothing more comes. */
async function readAll(bus: Bus, topic: string, gaps: Gap[] = []): Promise<string[]> {
  const values: string[] = [];
  const consumer = await bus.consume(["a"], {
    topic,
    group: "reader",
    recordsPerBatchMax: 10,
    lingerMs: 0,
    retryDelayMs: 5,
    onGap: (gap) => gaps.push(gap),
    handle: async (batch) => {
      values.push(...batch.records.map(({ key, value }) => `${key}=${Buffer.from(value)}`));
    },
  });
  while ((await bus.lag("a", topic, "reader")).records > 0)
    await new Promise((resolve) => setTimeout(resolve, 5));
  await consumer.close();
  return values;
}

describe("sealing", () => {
  const sealer: Sealer = {
    seal: (tenant, plain) => Buffer.from([...Buffer.from(tenant), ...plain].map((b) => b ^ 0x5a)),
    open: (tenant, sealed) => {
      const plain = Buffer.from(sealed).map((b) => b ^ 0x5a);
      if (Buffer.from(plain.subarray(0, tenant.length)).toString() !== tenant)
        throw new AppError("HW_DECRYPT_FAILED", "not this tenant's");
      return plain.subarray(tenant.length);
    },
  };

  it("leaves no clear text of a sealed topic in any file, and opens it again", async () => {
    const dataDir = folder();
    const bus = open(dataDir, { sealer, sealedTopics: ["single"] });
    await bus.publish("a", "single", [record("anmeldung", "Passwort falsch fuer Mueller")]);
    await bus.publish("a", "raw", [record("offen", "lesbarer Text")]);
    const bytes = readdirSync(join(dataDir, "a")).map((name) =>
      readFileSync(join(dataDir, "a", name)).toString("latin1"),
    );
    expect(bytes.join()).toContain("lesbarer Text");
    expect(bytes.join()).not.toContain("Mueller");
    expect(bytes.join()).not.toContain("anmeldung");
    expect(await readAll(bus, "single")).toEqual(["anmeldung=Passwort falsch fuer Mueller"]);
    await bus.close();
  });

  it("keeps records that the keys at hand do not open, and reports it, until they do", async () => {
    const dataDir = folder();
    const first = open(dataDir, { sealer, sealedTopics: ["single"] });
    await first.publish("a", "single", [record("k", "v")]);
    await first.close();
    const locked: Sealer = {
      ...sealer,
      open: () => {
        throw new AppError("HW_DECRYPT_FAILED", "wrong key");
      },
    };
    const wrong = open(dataDir, { sealer: locked, sealedTopics: ["single"] });
    const error = await new Promise((resolve) => {
      void wrong.consume(["a"], {
        topic: "single",
        group: "reader",
        recordsPerBatchMax: 10,
        lingerMs: 0,
        retryDelayMs: 5,
        onError: resolve,
        handle: async () => undefined,
      });
    });
    expect(error).toMatchObject({ code: "HW_DECRYPT_FAILED" });
    await wrong.close();
    const right = open(dataDir, { sealer, sealedTopics: ["single"] });
    expect(await readAll(right, "single")).toEqual(["k=v"]);
    await right.close();
  });
});

describe("retention", () => {
  it("deletes by age, read or not, says so to a late reader, and keeps lag right", async () => {
    let now = 1_000_000;
    const bus = open(folder(), { now: () => now });
    await bus.publish("a", "single", [record("old", "1"), record("old", "2")]);
    now += HOUR_MS;
    await bus.publish("a", "single", [record("new", "3")]);
    await bus.retain("a", now + 1);
    expect((await bus.lag("a", "single", "reader")).records).toBe(1);
    const gaps: Gap[] = [];
    await bus.seek("a", "single", "reader", [{ partition: 0, offset: 0 }]);
    expect(await readAll(bus, "single", gaps)).toEqual(["new=3"]);
    await bus.close();
  });

  it("tells a consumer of what went before it could read", async () => {
    let now = 1_000_000;
    const dataDir = folder();
    const bus = open(dataDir, { now: () => now });
    await bus.publish("a", "single", [record("old", "1"), record("old", "2")]);
    const gaps: Gap[] = [];
    const seen: number[] = [];
    const consumer = await bus.consume(["a"], {
      topic: "single",
      group: "reader",
      recordsPerBatchMax: 10,
      lingerMs: 0,
      retryDelayMs: 5,
      onGap: (gap) => gaps.push(gap),
      handle: async (batch) => {
        seen.push(...batch.records.map((one) => one.offset));
      },
    });
    consumer.pause();
    now += 2 * HOUR_MS;
    await bus.retain("a", now);
    await bus.publish("a", "single", [record("new", "3")]);
    consumer.resume();
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(seen).toEqual([2]);
    expect(gaps).toEqual([{ tenant: "a", topic: "single", partition: 0, from: 0, to: 2 }]);
    await bus.close();
  });

  it("deletes the oldest over the byte limit and gives offsets only once", async () => {
    const topics = CONTRACT_TOPICS.map((topic) => ({ ...topic, retentionBytes: 5000 }));
    const dataDir = folder();
    const bus = open(dataDir, { topics });
    for (let index = 0; index < 20; index += 1)
      await bus.publish("a", "single", [record("k", `${index}`.padStart(1000, "."))]);
    await bus.retain("a", Date.now());
    const lag = await bus.lag("a", "single", "reader");
    expect(lag.records).toBeLessThan(6);
    expect(lag.records).toBeGreaterThan(1);
    await bus.retain("a", Date.now() + 2 * HOUR_MS);
    expect((await bus.lag("a", "single", "reader")).records).toBe(0);
    await bus.close();
    const again = open(dataDir, { topics });
    await again.publish("a", "single", [record("k", "next")]);
    const offsets: number[] = [];
    await again.consume(["a"], {
      topic: "single",
      group: "reader",
      recordsPerBatchMax: 10,
      lingerMs: 0,
      retryDelayMs: 5,
      handle: async (batch) => {
        offsets.push(...batch.records.map((one) => one.offset));
      },
    });
    while (offsets.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(offsets).toEqual([20]);
    await again.close();
  });

  it("keeps the newest of each key in a compacted topic and drops old tombstones", async () => {
    let now = 1_000_000;
    const dataDir = folder();
    const bus = open(dataDir, { now: () => now });
    for (let round = 0; round < 30; round += 1)
      for (const key of ["a", "b", "c"]) await bus.publish("a", "state", [record(key, `${round}`)]);
    await bus.publish("a", "state", [record("b", "")]);
    await bus.retain("a", now);
    expect(await readAll(bus, "state")).toEqual(["a=29", "c=29", "b="]);
    now += 2 * HOUR_MS;
    await bus.publish("a", "state", [record("c", "last")]);
    await bus.retain("a", now);
    await bus.seek("a", "state", "reader", "earliest");
    expect(await readAll(bus, "state")).toEqual(["a=29", "c=last"]);
    await bus.close();
    const again = open(dataDir);
    await again.seek("a", "state", "reader", "earliest");
    expect(await readAll(again, "state")).toEqual(["a=29", "c=last"]);
    await again.close();
  });

  it("forgets a group that nobody belonged to for a week, so that it holds nothing up", async () => {
    let now = 1_000_000;
    const bus = open(folder(), { now: () => now });
    await bus.publish("a", "narrow", [record("k", "x".repeat(20_000))]);
    await bus.seek("a", "narrow", "gone", "earliest");
    await expect(bus.publish("a", "narrow", [record("k", "y")])).rejects.toMatchObject({
      code: "HW_BUSY",
    });
    now += 8 * 24 * HOUR_MS;
    await bus.retain("a", now);
    await bus.publish("a", "narrow", [record("k", "y")]);
    await bus.close();
  });
});

describe("damage", () => {
  it("costs the damaged row only, and is told", async () => {
    const dataDir = folder();
    const bus = open(dataDir);
    for (const value of ["1", "2", "3"]) await bus.publish("a", "single", [record("k", value)]);
    await bus.close();
    const database = new DatabaseSync(join(dataDir, "a", "bus.db"));
    database.prepare("UPDATE batch SET data = ? WHERE base = 1").run(randomBytes(20));
    database.close();
    const again = open(dataDir);
    const gaps: Gap[] = [];
    expect(await readAll(again, "single", gaps)).toEqual(["k=1", "k=3"]);
    expect(gaps).toMatchObject([{ from: 1, to: 2 }]);
    await again.close();
  });

  it("refuses a file of a newer version and a file that is none", async () => {
    const dataDir = folder();
    const bus = open(dataDir);
    await bus.publish("a", "single", [record("k", "v")]);
    await bus.close();
    const database = new DatabaseSync(join(dataDir, "a", "bus.db"));
    database.exec("PRAGMA user_version = 99");
    database.close();
    const again = open(dataDir);
    await expect(again.lag("a", "single", "g")).rejects.toMatchObject({ code: "HW_STORE_VERSION" });
  });
});

describe("kill -9", () => {
  it("loses no acknowledged record, tears no publish and gives no offset twice", async () => {
    const dataDir = folder();
    const script = new URL("./crash-child.ts", import.meta.url);
    let first = 0;
    for (const reports of [1, 40, 150]) {
      const acknowledged = await killAfter(script, [dataDir, String(first)], reports);
      const bus = open(dataDir);
      await bus.seek("a", "single", "reader", "earliest");
      const values = await readAll(bus, "single");
      await bus.close();
      // What was written but not acknowledged may be there too, but only whole publishes of three.
      expect(values.length).toBeGreaterThan(acknowledged);
      expect(values.length % 3).toBe(0);
      expect(values).toEqual(values.map((_, index) => `k=${index}`));
      first = values.length;
    }
  });
});

describe("a running consumer", () => {
  it("goes on from where a seek sets its group", async () => {
    const bus = open(folder());
    const seen: number[] = [];
    await bus.publish("a", "single", [record("k", "0"), record("k", "1"), record("k", "2")]);
    await bus.consume(["a"], {
      topic: "single",
      group: "reader",
      recordsPerBatchMax: 1,
      lingerMs: 0,
      retryDelayMs: 5,
      handle: async (batch) => {
        seen.push(...batch.records.map((one) => one.offset));
        if (seen.length === 3) await bus.seek("a", "single", "reader", "earliest");
      },
    });
    while (seen.length < 6) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(seen).toEqual([0, 1, 2, 0, 1, 2]);
    await bus.close();
  });
});
