// The keyed stage on the embedded ports: the same hits with one, two or four owners of the keys, through
// restarts, handovers, refused writes and a stream that begins anew.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AppError } from "../../../config/errors.ts";
import type { Baseline, KeyedDetectors } from "../../../services/baseline/baseline.ts";
import type { Bus, OutgoingRecord } from "../../../services/bus/bus.ts";
import { openEmbeddedBus } from "../../../services/bus/embedded.ts";
import {
  decodeObservation,
  encodeObservation,
  observationKey,
} from "../../../services/bus/observation-record.ts";
import { partitionOf } from "../../../services/bus/partition.ts";
import { decodeSignal } from "../../../services/bus/signal-record.ts";
import { statePart } from "../../../services/cli/transfer/bus-parts.ts";
import { createCountingDetector } from "./counting-detector.ts";
import {
  batches,
  DETECTORS,
  INFO,
  observationOf,
  PARTITIONS,
  publishIdle,
  settled,
  settledUpTo,
  signalsOf,
  stageTopics,
  startOwner,
  TENANT,
  undisturbed,
} from "./keyed-stage.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "heidewacht-baseline-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function openBus(name: string, backlogBytesMax?: number): Bus {
  const topics = stageTopics(backlogBytesMax);
  return openEmbeddedBus({ dataDir: join(folder, name), sealedTopics: [], topics });
}

describe("the keyed stage", () => {
  it("gives the same hits with 1, 2 or 4 owners", async () => {
    const one = await undisturbed(openBus("one"), 1);
    expect(one.length).toBeGreaterThan(50);
    expect(one.filter((line) => line.includes("group:all")).length).toBeGreaterThan(5);
    expect(await undisturbed(openBus("two"), 2)).toEqual(one);
    expect(await undisturbed(openBus("four"), 4)).toEqual(one);
  });

  it("gives the same hits when owners come, go and crash on the way", async () => {
    const bus = openBus("handover");
    const owners: Baseline[] = [await startOwner(bus)];
    for (const [at, records] of batches().entries()) {
      await bus.publish(TENANT, "observations", records);
      if (at % 30 === 10) owners.push(await startOwner(bus, at % 60 === 10 ? 0 : 1e9));
      if (at % 30 === 20) await owners.shift()?.close();
    }
    await publishIdle(bus);
    await settled(bus, owners);
    for (const one of owners) await one.close();
    const signals = await signalsOf(bus);
    await bus.close();
    expect(signals).toEqual(await undisturbed(openBus("whole"), 1));
  });

  it("goes on from the last snapshot after a crash, and repeats no hit under another id", async () => {
    const all = batches();
    const first = openBus("crash");
    const lost = await startOwner(first);
    for (const records of all.slice(0, 60)) await first.publish(TENANT, "observations", records);
    while ((await first.lag(TENANT, "observations", "baseline")).records > 200) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    // What lies on disk at this moment is all that a crash leaves.
    cpSync(join(folder, "crash"), join(folder, "left"), { recursive: true });
    await lost.close();
    await first.close();
    const second = openBus("left");
    const next = await startOwner(second);
    for (const records of all.slice(60)) await second.publish(TENANT, "observations", records);
    await publishIdle(second);
    await settled(second, [next]);
    await next.close();
    const signals = await signalsOf(second);
    await second.close();
    expect(signals).toEqual(await undisturbed(openBus("whole"), 1));
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
    const one = await startOwner(bus, 0, () => {
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
    expect(signals).toEqual(await undisturbed(openBus("whole"), 1));
  });

  it("works off a backlog that leaves no room for what it feeds back", async () => {
    const bus = openBus("full", 100_000);
    await (await startOwner(bus)).close();
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
    const one = await startOwner(bus);
    while (await isFull()) await new Promise((resolve) => setTimeout(resolve, 5));
    await settledUpTo(bus);
    await publishIdle(bus);
    await settled(bus, [one]);
    await one.close();
    const signals = await signalsOf(bus);
    await bus.close();
    expect(signals).toEqual(await undisturbed(openBus("whole"), 1));
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
    const one = await startOwner(bus, 1e9, undefined, () => current);
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
    expect(signals).toEqual(await undisturbed(openBus("whole"), 1));
  });

  it("feeds higher levels again after a partition lost its state", async () => {
    const all = batches();
    const bus = openBus("lost");
    const first = await startOwner(bus);
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
    const second = await startOwner(bus);
    for (const records of all.slice(60)) await bus.publish(TENANT, "observations", records);
    await publishIdle(bus);
    await settled(bus, [second]);
    await second.close();
    const signals = await signalsOf(bus);
    await bus.close();
    // A few need what was lost.
    const isLater = (line: string) =>
      line.includes("group:all") && Number(line.split(" ")[1]) >= 1_000_000 + 60 * 5000;
    const whole = (await undisturbed(openBus("whole"), 1)).filter(isLater);
    expect(whole.length).toBeGreaterThan(30);
    expect(signals.filter(isLater).length).toBeGreaterThan(whole.length - 8);
  });

  // What a deleted topic of Kafka comes to: the state is left, the stream counts from the beginning.
  it("goes on with what it knows when the stream was made anew while nobody was there", async () => {
    const all = batches();
    const first = openBus("before");
    const lost = await startOwner(first);
    for (const records of all.slice(0, 60)) await first.publish(TENANT, "observations", records);
    await settledUpTo(first);
    await lost.close();
    const second = openBus("after");
    for (let at = 0; at < PARTITIONS; at += 1) {
      const states = await Array.fromAsync(first.read(TENANT, "baseline-state", at));
      await second.publish(TENANT, "baseline-state", states);
    }
    // Some of it before anybody takes over, fewer records than there were.
    for (const records of all.slice(60, 70)) await second.publish(TENANT, "observations", records);
    const next = await startOwner(second);
    for (const records of all.slice(70)) await second.publish(TENANT, "observations", records);
    await publishIdle(second);
    await settled(second, [next]);
    await next.close();
    const signals = [...(await signalsOf(first)), ...(await signalsOf(second))];
    await first.close();
    await second.close();
    expect([...new Set(signals)].sort()).toEqual(await undisturbed(openBus("whole")));
  });

  it("goes on with what it knows on another bus, after a move or a restored backup", async () => {
    const all = batches();
    const first = openBus("source");
    const owner = await startOwner(first);
    for (const records of all.slice(0, 60)) await first.publish(TENANT, "observations", records);
    await settledUpTo(first);
    await owner.close();
    const second = openBus("target");
    const source = statePart(first, PARTITIONS);
    const rows = await Array.fromAsync(source.read(TENANT));
    const target = statePart(second, PARTITIONS);
    await target.write(TENANT, rows, 0);
    expect(await Array.fromAsync(target.read(TENANT))).toEqual(rows);
    const next = await startOwner(second);
    // A replay of what was judged before the move would begin with the same places as the rest.
    const anew = all.slice(60).map((records) => records.map(asOfAnotherBus));
    for (const records of anew) await second.publish(TENANT, "observations", records);
    await publishIdle(second);
    await settled(second, [next]);
    await next.close();
    const signals = [...(await signalsOf(first)), ...(await signalsOf(second))];
    await first.close();
    await second.close();
    expect([...new Set(signals)].sort()).toEqual(await undisturbed(openBus("whole")));
  });
});

/** Its raw stream begins anew, and its clock may be behind. */
function asOfAnotherBus(record: OutgoingRecord): OutgoingRecord {
  const decoded = decodeObservation(record.value);
  if (decoded.kind !== "observation") return record;
  const value = { ...decoded, offset: decoded.offset - 60 * 12, appendedAt: 5 };
  return { ...record, value: encodeObservation(value) };
}
