// What tests of the keyed stage share: plain detectors on two levels, observations to feed them with, a bus,
// owners, and what came out.
import { pino } from "pino";
import type { DetectorInfo } from "../../../detectors/detector.ts";
import type { Observation } from "../../../detectors/keyed.ts";
import { openNoArchive } from "../../../services/archive/off.ts";
import {
  type Baseline,
  type KeyedDetectors,
  startBaseline,
} from "../../../services/baseline/baseline.ts";
import type { Bus, OutgoingRecord, TopicSettings } from "../../../services/bus/bus.ts";
import { encodeObservation } from "../../../services/bus/observation-record.ts";
import { keyInPartition } from "../../../services/bus/partition.ts";
import { decodeSignal } from "../../../services/bus/signal-record.ts";
import { createCountingDetector } from "./counting-detector.ts";

export const PARTITIONS = 4;
export const TENANT = "kreis";
export const INFO: DetectorInfo = {
  id: "counting",
  kind: "correlation",
  title: "Drei in einer Minute",
  description: "",
  level: "high",
  status: "test",
  ...{ techniques: [], tactics: [], falsePositives: [], references: [], response: [], origin: "t" },
};
// The second level counts the hits of the first one, all together.
export const DETECTORS: KeyedDetectors = {
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

export function observationOf(key: string, time: number, id: string): Observation {
  return {
    detector: "counting",
    ...{ key, time, id, rule: 0, group: [key] },
    value: undefined,
    source: "test",
  };
}

export function stageTopics(backlogBytesMax = 1e9): TopicSettings[] {
  const shared = { retentionMs: 1e9, retentionBytes: 1e9, backlogBytesMax };
  return [
    { ...shared, name: "observations", partitions: PARTITIONS, compacted: false },
    { ...shared, name: "baseline-state", partitions: PARTITIONS, compacted: true },
    { ...shared, name: "signals", partitions: 1, compacted: false },
  ];
}

/** What two raw partitions give for 40 keys over ten minutes, in batches with their progress. */
export function batches(): OutgoingRecord[][] {
  const keys = Array.from({ length: PARTITIONS }, (_, at) => keyInPartition("p", at, PARTITIONS));
  return Array.from({ length: 120 }, (_, batch) => {
    const raw = batch % 2;
    const at = 1_000_000 + batch * 5000;
    const records = Array.from({ length: 12 }, (_, index): OutgoingRecord => {
      const key = `key-${(batch * 7 + index * 3) % 40}`;
      const observation = observationOf(key, at + ((index * 611) % 5000), `e${batch}-${index}`);
      const place = {
        origin: `raw/${raw}`,
        offset: batch * 12 + index,
        index: 0,
        appendedAt: 1000 + batch,
        level: 0,
      };
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

export async function publishIdle(bus: Bus): Promise<void> {
  const records = [0, 1].flatMap((raw) =>
    Array.from({ length: PARTITIONS }, (_, at) => ({
      key: keyInPartition("p", at, PARTITIONS),
      value: encodeObservation({ kind: "idle", origin: `raw/${raw}` }),
    })),
  );
  await bus.publish(TENANT, "observations", records);
}

export function startOwner(
  bus: Bus,
  snapshotIntervalMs = 0,
  onSignal: () => void = () => undefined,
  detectors: () => KeyedDetectors = () => DETECTORS,
): Promise<Baseline> {
  return startBaseline(
    [TENANT],
    {
      ...{ bus, archive: openNoArchive(), detectors, onSignal },
      logger: pino({ level: "silent" }),
    },
    {
      ...{ latenessMs: 5000, pendingMax: 10_000, rawPartitions: 2, partitions: PARTITIONS },
      ...{ recordsPerBatchMax: 7, retryDelayMs: 5, snapshotIntervalMs, now: Date.now },
    },
  );
}

export async function settled(bus: Bus, owners: readonly Baseline[]): Promise<void> {
  const isIdle = async () =>
    (await bus.lag(TENANT, "observations", "baseline")).records === 0 &&
    owners.every((one) => one.status(TENANT).pending === 0);
  while (!(await isIdle())) await new Promise((resolve) => setTimeout(resolve, 5));
}

export async function settledUpTo(bus: Bus): Promise<void> {
  while ((await bus.lag(TENANT, "observations", "baseline")).records > 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Signals by id, each with what it says; the same id twice is the same signal. */
export async function signalsOf(bus: Bus): Promise<string[]> {
  const records = await Array.fromAsync(bus.read(TENANT, "signals", 0));
  const signals = records.map(({ value }) => decodeSignal(value));
  const lines = signals.map(({ id, time, groupKey, events }) =>
    [id, time, groupKey, ...events.map((event) => event.id)].join(" "),
  );
  return [...new Set(lines)].sort();
}

/** What comes out on this bus, which is closed then, when nothing happens on the way. */
export async function undisturbed(bus: Bus, owners = 1): Promise<string[]> {
  const all = await Promise.all(Array.from({ length: owners }, () => startOwner(bus)));
  for (const records of batches()) await bus.publish(TENANT, "observations", records);
  await publishIdle(bus);
  await settled(bus, all);
  for (const one of all) await one.close();
  const signals = await signalsOf(bus);
  await bus.close();
  return signals;
}
