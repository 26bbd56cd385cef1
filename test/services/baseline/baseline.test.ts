// The keyed stage on the embedded ports: the same hits with one, two or four owners of the keys, through
// restarts, handovers and refused writes.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AppError } from "../../../config/errors.ts";
import type { DetectorInfo } from "../../../detectors/detector.ts";
import type { Observation } from "../../../detectors/keyed.ts";
import { openEmbeddedArchive } from "../../../services/archive/embedded.ts";
import {
  type Baseline,
  type KeyedDetectors,
  startBaseline,
} from "../../../services/baseline/baseline.ts";
import type { Bus, OutgoingRecord } from "../../../services/bus/bus.ts";
import { openEmbeddedBus } from "../../../services/bus/embedded.ts";
import { encodeObservation, observationKey } from "../../../services/bus/observation-record.ts";
import { keyInPartition, partitionOf } from "../../../services/bus/partition.ts";
import { decodeSignal } from "../../../services/bus/signal-record.ts";
import { createCountingDetector } from "./counting-detector.ts";

const PARTITIONS = 4;
const TENANT = "kreis";
const INFO: DetectorInfo = {
  id: "counting",
  kind: "correlation",
  title: "Drei in einer Minute",
  description: "",
  level: "high",
  status: "test",
  ...{ techniques: [], tactics: [], falsePositives: [], references: [], response: [], origin: "t" },
};
// The second level counts the hits of the first one, all together.
const DETECTORS: KeyedDetectors = {
  meaning: "counting",
  levels: [createCountingDetector, createCountingDetector],
  textOf: () => ({ detector: INFO, matched: [] }),
  observationsOf: (raised, id) =>
    raised.events.length === 0 || raised.key === "all"
      ? []
      : [
          {
            level: 1,
            observation: { ...observationOf("all", raised.time, id), rests: raised.events },
          },
        ],
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "heidewacht-baseline-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function observationOf(key: string, time: number, id: string): Observation {
  return {
    detector: "counting",
    ...{ key, time, id, rule: 0, group: [key] },
    value: undefined,
    source: "test",
  };
}

function openBus(name: string, backlogBytesMax = 1e9): Bus {
  const shared = { retentionMs: 1e9, retentionBytes: 1e9, backlogBytesMax };
  return openEmbeddedBus({
    dataDir: join(folder, name),
    sealedTopics: [],
    topics: [
      { ...shared, name: "observations", partitions: PARTITIONS, compacted: false },
      { ...shared, name: "baseline-state", partitions: PARTITIONS, compacted: true },
      { ...shared, name: "signals", partitions: 1, compacted: false },
    ],
  });
}

/** What two raw partitions give for 40 keys over ten minutes, in batches with their progress. */
function batches(): OutgoingRecord[][] {
  const keys = Array.from({ length: PARTITIONS }, (_, at) => keyInPartition("p", at, PARTITIONS));
  return Array.from({ length: 120 }, (_, batch) => {
    const raw = batch % 2;
    const at = 1_000_000 + batch * 5000;
    const records = Array.from({ length: 12 }, (_, index): OutgoingRecord => {
      const key = `key-${(batch * 7 + index * 3) % 40}`;
      const observation = observationOf(key, at + ((index * 611) % 5000), `e${batch}-${index}`);
      const place = { origin: `raw/${raw}`, offset: batch * 12 + index, index: 0, level: 0 };
      const value = { kind: "observation", ...place, clock: at + 5000, observation } as const;
      return { key, value: encodeObservation(value) };
    });
    const progress = encodeObservation({
      kind: "progress",
      origin: `raw/${raw}`,
      clock: at + 5000,
    });
    return [...records, ...keys.map((key) => ({ key, value: progress }))];
  });
}

async function publishIdle(bus: Bus): Promise<void> {
  const records = [0, 1].flatMap((raw) =>
    Array.from({ length: PARTITIONS }, (_, at) => ({
      key: keyInPartition("p", at, PARTITIONS),
      value: encodeObservation({ kind: "idle", origin: `raw/${raw}` }),
    })),
  );
  await bus.publish(TENANT, "observations", records);
}

async function owner(
  bus: Bus,
  snapshotIntervalMs = 0,
  onSignal: () => void = () => undefined,
  detectors: () => KeyedDetectors = () => DETECTORS,
): Promise<Baseline> {
  const archive = openEmbeddedArchive({ dataDir: folder, onDamage: () => undefined });
  const baseline = await startBaseline(
    [TENANT],
    {
      ...{ bus, archive, detectors, onSignal },
      logger: pino({ level: "silent" }),
    },
    {
      ...{ latenessMs: 5000, pendingMax: 10_000, rawPartitions: 2, partitions: PARTITIONS },
      ...{ recordsPerBatchMax: 7, retryDelayMs: 5, snapshotIntervalMs, now: Date.now },
    },
  );
  return {
    ...baseline,
    async close() {
      await baseline.close();
      await archive.close();
    },
  };
}

async function settled(bus: Bus, owners: readonly Baseline[]): Promise<void> {
  const isIdle = async () =>
    (await bus.lag(TENANT, "observations", "baseline")).records === 0 &&
    owners.every((one) => one.status(TENANT).pending === 0);
  while (!(await isIdle())) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function settledUpTo(bus: Bus): Promise<void> {
  while ((await bus.lag(TENANT, "observations", "baseline")).records > 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Signals by id, each with what it says; the same id twice is the same signal. */
async function signalsOf(bus: Bus): Promise<string[]> {
  const records = await Array.fromAsync(bus.read(TENANT, "signals", 0));
  const signals = records.map(({ value }) => decodeSignal(value));
  const lines = signals.map(({ id, time, groupKey, events }) =>
    [id, time, groupKey, ...events.map((event) => event.id)].join(" "),
  );
  return [...new Set(lines)].sort();
}

async function undisturbed(name: string, count: number): Promise<string[]> {
  const bus = openBus(name);
  const owners = await Promise.all(Array.from({ length: count }, () => owner(bus)));
  for (const records of batches()) await bus.publish(TENANT, "observations", records);
  await publishIdle(bus);
  await settled(bus, owners);
  for (const one of owners) await one.close();
  const signals = await signalsOf(bus);
  await bus.close();
  return signals;
}

describe("the keyed stage", () => {
  it("gives the same hits with 1, 2 or 4 owners", async () => {
    const one = await undisturbed("one", 1);
    expect(one.length).toBeGreaterThan(50);
    expect(one.filter((line) => line.includes("group:all")).length).toBeGreaterThan(5);
    expect(await undisturbed("two", 2)).toEqual(one);
    expect(await undisturbed("four", 4)).toEqual(one);
  });

  it("gives the same hits when owners come, go and crash on the way", async () => {
    const bus = openBus("handover");
    const owners: Baseline[] = [await owner(bus)];
    for (const [at, records] of batches().entries()) {
      await bus.publish(TENANT, "observations", records);
      if (at % 30 === 10) owners.push(await owner(bus, at % 60 === 10 ? 0 : 1e9));
      if (at % 30 === 20) await owners.shift()?.close();
    }
    await publishIdle(bus);
    await settled(bus, owners);
    for (const one of owners) await one.close();
    const signals = await signalsOf(bus);
    await bus.close();
    expect(signals).toEqual(await undisturbed("whole", 1));
  });

  it("goes on from the last snapshot after a crash, and repeats no hit under another id", async () => {
    const all = batches();
    const first = openBus("crash");
    const lost = await owner(first);
    for (const records of all.slice(0, 60)) await first.publish(TENANT, "observations", records);
    while ((await first.lag(TENANT, "observations", "baseline")).records > 200) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    // What lies on disk at this moment is all that a crash leaves.
    cpSync(join(folder, "crash"), join(folder, "left"), { recursive: true });
    await lost.close();
    await first.close();
    const second = openBus("left");
    const next = await owner(second);
    for (const records of all.slice(60)) await second.publish(TENANT, "observations", records);
    await publishIdle(second);
    await settled(second, [next]);
    await next.close();
    const signals = await signalsOf(second);
    await second.close();
    expect(signals).toEqual(await undisturbed("whole", 1));
  });

  it("loses no hit when the bus refuses it at first", async () => {
    const real = openBus("refusing");
    let refusals = 0;
    const bus: Bus = {
      consume: (...args) => real.consume(...args),
      lag: (...args) => real.lag(...args),
      read: (...args) => real.read(...args),
      seek: (...args) => real.seek(...args),
      retain: (...args) => real.retain(...args),
      close: () => real.close(),
      async publish(tenant, topic, records) {
        refusals += 1;
        if (topic !== "observations" && refusals % 3 !== 0) throw new AppError("HW_BUSY", "full");
        await real.publish(tenant, topic, records);
      },
    };
    let told = 0;
    const one = await owner(bus, 0, () => {
      told += 1;
    });
    for (const records of batches()) await real.publish(TENANT, "observations", records);
    await publishIdle(real);
    await settled(real, [one]);
    await one.close();
    const signals = await signalsOf(real);
    expect(told).toBe((await Array.fromAsync(real.read(TENANT, "signals", 0))).length);
    await real.close();
    expect(refusals).toBeGreaterThan(10);
    expect(signals).toEqual(await undisturbed("whole", 1));
  });

  it("works off a backlog that leaves no room for what it feeds back", async () => {
    const bus = openBus("full", 100_000);
    await (await owner(bus)).close();
    const all = batches();
    const isFull = async () => {
      try {
        for (; all[0] !== undefined; all.shift()) await bus.publish(TENANT, "observations", all[0]);
        return false;
      } catch {
        return true;
      }
    };
    expect(await isFull()).toBe(true);
    const one = await owner(bus);
    while (await isFull()) await new Promise((resolve) => setTimeout(resolve, 5));
    await settledUpTo(bus);
    await publishIdle(bus);
    await settled(bus, [one]);
    await one.close();
    const signals = await signalsOf(bus);
    await bus.close();
    expect(signals).toEqual(await undisturbed("whole", 1));
  });

  it("keeps what it knows when rules change, and makes detectors anew only where they changed", async () => {
    const bus = openBus("changing");
    let made = 0;
    const create = () => {
      made += 1;
      return createCountingDetector();
    };
    const detectorsOf = (title: string, meaning: string): KeyedDetectors => ({
      ...DETECTORS,
      ...{ meaning, levels: [create, create] },
      textOf: () => ({ detector: { ...INFO, title }, matched: [] }),
    });
    let current = detectorsOf("vorher", "counting");
    const one = await owner(bus, 1e9, undefined, () => current);
    const madeBy: number[] = [];
    for (const [at, records] of batches().entries()) {
      if (at === 40) current = detectorsOf("nachher", "counting");
      if (at === 80) current = detectorsOf("nachher", "counting, otherwise");
      await bus.publish(TENANT, "observations", records);
      if (at % 40 !== 39) continue;
      await settledUpTo(bus);
      madeBy.push(made);
    }
    await publishIdle(bus);
    await settled(bus, [one]);
    await one.close();
    const records = await Array.fromAsync(bus.read(TENANT, "signals", 0));
    const titles = new Set(records.map(({ value }) => decodeSignal(value).detector.title));
    const signals = await signalsOf(bus);
    await bus.close();
    expect([...titles]).toEqual(["vorher", "nachher"]);
    expect(madeBy[1]).toBe(madeBy[0]);
    expect(madeBy[2]).toBeGreaterThan(madeBy[1] ?? 0);
    expect(signals).toEqual(await undisturbed("whole", 1));
  });

  it("feeds higher levels again after a partition lost its state", async () => {
    const all = batches();
    const bus = openBus("lost");
    const first = await owner(bus);
    for (const records of all.slice(0, 60)) await bus.publish(TENANT, "observations", records);
    await settledUpTo(bus);
    await first.close();
    // Only what is to come is left, and all but the owner of the second level begin anew.
    await bus.retain(TENANT, Date.now() + 2e9);
    const upper = partitionOf(observationKey(observationOf("all", 0, "")), PARTITIONS);
    const lost = Array.from({ length: PARTITIONS }, (_, at) => at).filter((at) => at !== upper);
    for (const at of lost) {
      const kept = await Array.fromAsync(bus.read(TENANT, "baseline-state", at));
      const nothing = new Uint8Array();
      const gone = kept.map(({ key }) => ({ key, value: nothing }));
      if (gone.length > 0) await bus.publish(TENANT, "baseline-state", gone);
    }
    const second = await owner(bus);
    for (const records of all.slice(60)) await bus.publish(TENANT, "observations", records);
    await publishIdle(bus);
    await settled(bus, [second]);
    await second.close();
    const signals = await signalsOf(bus);
    await bus.close();
    // A few need what was lost.
    const isLater = (line: string) =>
      line.includes("group:all") && Number(line.split(" ")[1]) >= 1_000_000 + 60 * 5000;
    const whole = (await undisturbed("whole", 1)).filter(isLater);
    expect(whole.length).toBeGreaterThan(30);
    expect(signals.filter(isLater).length).toBeGreaterThan(whole.length - 8);
  });
});
