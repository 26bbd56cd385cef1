// The order of event time, watermarks, lanes for what is late, and snapshots: hits are the same however
// the records are mixed, cut, repeated or handed over.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Observation } from "../../../detectors/keyed.ts";
import {
  KeyedPartition,
  type KeyedPartitionOptions,
  type LevelRaised,
} from "../../../services/baseline/keyed-partition.ts";
import {
  findSnapshots,
  PartitionSnapshots,
  restoreSnapshot,
} from "../../../services/baseline/partition-snapshot.ts";
import type { ObservationRecord } from "../../../services/bus/observation-record.ts";
import { createCountingDetector } from "./counting-detector.ts";

const LATENESS_MS = 5000;
const OPTIONS: KeyedPartitionOptions = {
  levels: [createCountingDetector],
  latenessMs: LATENESS_MS,
  pendingMax: 10_000,
  rawPartitions: 2,
  partitions: 1,
};

function observationOf(key: string, time: number, id: string): Observation {
  return {
    detector: "counting",
    ...{ key, time, id, rule: 0, group: [key] },
    value: undefined,
    source: "test",
  };
}

interface Given {
  readonly key: string;
  readonly time: number;
  readonly raw: number;
}

/** Records as detect writes them: each with the clock of its raw partition. */
function recordsOf(events: readonly Given[]): ObservationRecord[] {
  const clocks = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return events.map(({ key, time, raw }, offset) => {
    clocks[raw] = Math.max(clocks[raw] ?? 0, time);
    return {
      kind: "observation",
      origin: `raw/${raw}`,
      ...{ offset, index: 0, appendedAt: 10 + offset, clock: clocks[raw] ?? time, level: 0 },
      observation: observationOf(key, time, `e${offset}`),
    };
  });
}

const IDLE: readonly ObservationRecord[] = [0, 1].map((raw) => ({
  kind: "idle",
  origin: `raw/${raw}`,
}));

function shown(out: readonly LevelRaised[]): string[] {
  return out.map(({ raised }) =>
    [raised.key, raised.time, ...raised.events.map(({ id }) => id)].join(" "),
  );
}

function run(records: readonly ObservationRecord[], options = OPTIONS): string[] {
  const partition = new KeyedPartition(options);
  const out: LevelRaised[] = [];
  for (const record of records) partition.take(record, out);
  return shown(out);
}

/** The same, by owners of whom each gets a snapshot of the one before; what the topic holds in the end. */
function handedOver(
  records: readonly ObservationRecord[],
  options: KeyedPartitionOptions,
  isCut: (at: number) => boolean,
) {
  let partition = new KeyedPartition(options);
  let snapshots = new PartitionSnapshots("first");
  const stored = new Map<string, Uint8Array>();
  const out: LevelRaised[] = [];
  for (const [at, record] of records.entries()) {
    if (isCut(at)) {
      for (const { name, value } of snapshots.take(partition, { next: at, reachedAt: at })) {
        if (value.length > 0) stored.set(name, value);
        else stored.delete(name);
      }
      partition = new KeyedPartition(options);
      snapshots = new PartitionSnapshots(`owner-${at}`, stored.keys());
      const [newest] = findSnapshots(stored).whole;
      expect(newest && restoreSnapshot(partition, newest).next).toBe(at);
    }
    partition.take(record, out);
  }
  return { hits: shown(out), stored };
}

/** What the detector says when it gets everything in order. */
function inOrder(records: readonly ObservationRecord[]): string[] {
  const detector = createCountingDetector();
  const observations = records
    .flatMap((record) => (record.kind === "observation" ? [record.observation] : []))
    .sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
  const end = Math.max(...observations.map(({ time }) => time)) + 1;
  const raised = observations.flatMap((one) => [
    ...detector.advance(one.time),
    ...detector.observe(one),
  ]);
  return shown([...raised, ...detector.advance(end)].map((one) => ({ level: 0, raised: one })));
}

// Disorder within what is allowed: two raw partitions, each at most LATENESS_MS behind itself.
const events = fc
  .array(
    fc.record({
      key: fc.constantFrom("a", "b", "c", "d"),
      step: fc.oneof(fc.integer({ min: 0, max: 9000 }), fc.constant(100_000)),
      back: fc.integer({ min: 0, max: LATENESS_MS }),
      raw: fc.integer({ min: 0, max: 1 }),
    }),
    { minLength: 1, maxLength: 120 },
  )
  .map((steps) => {
    let now = 1_000_000;
    return steps.map(({ key, step, back, raw }): Given => {
      now += step;
      return { key, time: now - back, raw };
    });
  });

describe("a partition of observations", () => {
  it("judges in the order of event time, whatever the order of arrival", () => {
    fc.assert(
      fc.property(events, (given) => {
        const records = recordsOf(given);
        expect(run([...records, ...IDLE]).sort()).toEqual(inOrder(records).sort());
      }),
    );
  });

  it("gives the same hits when it is handed over at any record", () => {
    fc.assert(
      fc.property(events, fc.array(fc.nat(130), { maxLength: 5 }), (given, cuts) => {
        const records = [...recordsOf(given), ...IDLE];
        const { hits } = handedOver(records, OPTIONS, (at) => cuts.includes(at));
        expect(hits).toEqual(run(records));
      }),
    );
  });

  it("takes nothing twice when a batch comes again", () => {
    fc.assert(
      fc.property(events, fc.nat(60), fc.nat(60), (given, from, length) => {
        const records = recordsOf(given);
        const again = records.slice(from, from + length);
        const repeated = [
          ...records.slice(0, from + length),
          ...again,
          ...records.slice(from + length),
        ];
        expect(run([...repeated, ...IDLE])).toEqual(run([...records, ...IDLE]));
      }),
    );
  });

  it("takes all that comes from raw topics that were made anew, and nothing of it twice", () => {
    fc.assert(
      fc.property(events, fc.nat(120), fc.nat(20), (given, cut, length) => {
        const records = recordsOf(given);
        const anew = records.slice(cut).map((record, offset) => {
          return record.kind === "observation"
            ? { ...record, offset, appendedAt: 1_000_000 + offset }
            : record;
        });
        const again = [...anew.slice(0, length), ...anew.slice(0, length), ...anew.slice(length)];
        const repeated = [...records.slice(0, cut), ...again, ...IDLE];
        const isCut = (at: number) => at % 7 === 0;
        expect(handedOver(repeated, OPTIONS, isCut).hits).toEqual(run([...records, ...IDLE]));
      }),
    );
  });

  it("counts once what senders deliver twice within the lateness, however it is cut", () => {
    const repeats = fc.array(fc.record({ of: fc.nat(120), after: fc.nat(40) }), { maxLength: 30 });
    fc.assert(
      fc.property(
        events,
        repeats,
        fc.array(fc.nat(150), { maxLength: 4 }),
        (given, twice, cuts) => {
          const doubled = given.map((one, at) => ({ ...one, id: `e${at}` }));
          let newest = 0;
          const limits = given.map(({ time }) => {
            newest = Math.max(newest, time);
            return newest - LATENESS_MS;
          });
          for (const { of, after } of twice) {
            const one = given[of];
            const at = Math.min(of + after, given.length - 1);
            if (one === undefined || one.time < (limits[at] ?? 0)) continue;
            const place = doubled.findIndex(({ id }) => id === `e${at}`) + 1;
            // The other way round, too: the repetition may come by another raw partition.
            doubled.splice(place, 0, { ...one, raw: after % 2, id: `e${of}` });
          }
          const records = recordsOf(doubled).map((record, at) => {
            if (record.kind !== "observation") return record;
            const id = doubled[at]?.id ?? "";
            return { ...record, observation: { ...record.observation, id } };
          });
          const plain = run([...recordsOf(given), ...IDLE]).sort();
          const { hits } = handedOver([...records, ...IDLE], OPTIONS, (at) => cuts.includes(at));
          expect(hits.sort()).toEqual(plain);
        },
      ),
    );
  });

  it("takes no word of an owner that another one followed, nor older words of the same", () => {
    const by = (since: number, turn: number) => ({ since, turn });
    const kinds = fc.constantFrom("idle", "present", "progress");
    fc.assert(
      fc.property(
        fc.array(fc.tuple(kinds, fc.nat(9000)), { maxLength: 8 }),
        fc.nat(99),
        (late, turn) => {
          const partition = new KeyedPartition(OPTIONS);
          const out: LevelRaised[] = [];
          const origin = "raw/0";
          partition.take({ kind: "idle", origin: "raw/1", by: by(1, 1) }, out);
          partition.take({ kind: "idle", origin, by: by(10, 50) }, out);
          partition.take({ kind: "present", origin, by: by(20, 100) }, out);
          const before = [...partition.origins];
          for (const [kind, clock] of late) {
            const zombie = { origin, by: by(10, 51 + clock) };
            const repeated = { origin, by: by(20, turn) };
            for (const one of [zombie, repeated]) {
              if (kind === "idle") partition.take({ kind: "idle", ...one }, out);
              else if (kind === "present") partition.take({ kind: "present", ...one }, out);
              else partition.take({ kind: "progress", clock, ...one }, out);
            }
          }
          expect([...partition.origins]).toEqual(before);
          partition.take({ kind: "idle", origin, by: by(20, 101) }, out);
          expect(partition.origins.get(origin)?.isIdle).toBe(true);
        },
      ),
    );
  });

  it("waits for a raw partition that has not reported, and not for one that is idle", () => {
    const [first, second, third] = recordsOf(
      [1000, 2000, 3000].map((time) => ({ key: "a", time, raw: 0 })),
    );
    const later: ObservationRecord = { kind: "progress", origin: "raw/0", clock: 20_000 };
    const partition = new KeyedPartition(OPTIONS);
    const out: LevelRaised[] = [];
    for (const record of [first, second, third, later]) {
      if (record !== undefined) partition.take(record, out);
    }
    expect([out.length, partition.pending]).toEqual([0, 3]);
    partition.take({ kind: "idle", origin: "raw/1" }, out);
    expect([shown(out), partition.pending]).toEqual([["a 3000 e0 e1 e2"], 0]);
  });

  it("waits for all raw partitions after a pause, in which all were idle", () => {
    const before = recordsOf([{ key: "a", time: 1000, raw: 0 }]);
    const present: ObservationRecord[] = [0, 1].map((raw) => ({
      kind: "present",
      origin: `raw/${raw}`,
    }));
    // What senders kept back: one raw partition is read a little before the other.
    const times = [500_000, 520_000, 540_000, 560_000, 580_000, 600_000];
    const kept = [
      ...times.map((time) => ({ key: "a", time, raw: 0 })),
      ...times.map((time) => ({ key: "b", time: time + 1, raw: 1 })),
    ];
    const after = recordsOf(kept).map((record) =>
      record.kind === "observation" ? { ...record, offset: record.offset + 10 } : record,
    );
    const partition = new KeyedPartition(OPTIONS);
    const out: LevelRaised[] = [];
    for (const record of [...before, ...IDLE, ...present, ...after, ...IDLE]) {
      partition.take(record, out);
    }
    expect(partition.levels[0]).toMatchObject({ late: 0, dropped: 0 });
    expect(shown(out).filter((line) => line.includes(" e"))).toHaveLength(2);
  });

  it("judges what comes far too late in a lane of its own", () => {
    const live = Array.from({ length: 20 }, (_, at) => ({
      key: "live",
      time: 9e6 + at * 1000,
      raw: 0,
    }));
    const upload = [1000, 2000, 3000].map((time) => ({ key: "upload", time, raw: 0 }));
    const mixed = [...live.slice(0, 15), ...upload, ...live.slice(15)];
    const partition = new KeyedPartition({ ...OPTIONS, rawPartitions: 1 });
    const out: LevelRaised[] = [];
    for (const record of [...recordsOf(mixed), ...IDLE]) partition.take(record, out);
    expect(shown(out)).toContainEqual("upload 3000 e15 e16 e17");
    expect(shown(out).filter((line) => line.startsWith("live")).length).toBeGreaterThan(5);
    expect(partition.levels[0]).toMatchObject({ late: 3, dropped: 0 });
  });

  it("counts what is too late for every lane", () => {
    const partition = new KeyedPartition({ ...OPTIONS, rawPartitions: 1, latenessMs: 0 });
    const out: LevelRaised[] = [];
    const times = [90_000_000, 80_000_000, 70_000_000, 60_000_000, 50_000_000, 40_000_000];
    for (const record of recordsOf(times.map((time) => ({ key: "a", time, raw: 0 })))) {
      partition.take(record, out);
    }
    expect(partition.levels[0]).toMatchObject({ late: 3, dropped: 2 });
  });

  it("holds no more than it may, and says that it hurried", () => {
    const partition = new KeyedPartition({ ...OPTIONS, pendingMax: 10 });
    const out: LevelRaised[] = [];
    const given = Array.from({ length: 50 }, (_, at) => ({
      key: `k${at}`,
      time: 1000 + at,
      raw: 0,
    }));
    for (const record of recordsOf(given)) partition.take(record, out);
    expect(partition.pending).toBe(10);
    expect(partition.levels[0]?.hurried).toBe(40);
  });

  it("forgets a late lane for good, and keeps nothing of it in the store", () => {
    const options = { ...OPTIONS, rawPartitions: 1, latenessMs: 0 };
    const day = 86_400_000;
    const late = (key: string, times: readonly number[]) =>
      times.map((time) => ({ key, time, raw: 0 }));
    const given = [
      ...late("live", [10 * day]),
      ...late("gone", [1000, 1500]),
      ...late("live", [12 * day]),
      // Another one begins in the lane that was forgotten, at the time of the one before.
      ...late("next", [2000, 2100, 90_000]),
    ];
    const records = recordsOf(given);
    for (const isCut of [() => true, (at: number) => at === 3 || at === 6]) {
      expect(handedOver(records, options, isCut).hits).toEqual(run(records, options));
    }
    const forgotten = records.slice(0, 4);
    const { stored } = handedOver([...forgotten, ...IDLE], options, () => true);
    expect(findSnapshots(stored).whole[0]?.head.levels[0]?.lanes).toHaveLength(1);
    expect([...stored.keys()].filter((name) => name.endsWith("/head"))).toHaveLength(1);
  });

  it("deletes from the store what no longer waits", () => {
    const given = Array.from({ length: 3000 }, (_, at) => ({ key: `k${at}`, time: 1000, raw: 0 }));
    const records = recordsOf(given);
    const waiting = (stored: ReadonlyMap<string, Uint8Array>) =>
      findSnapshots(stored).whole.flatMap(({ head }) =>
        head.levels.flatMap(({ lanes }) => lanes.flatMap((lane) => lane.waiting)),
      ).length;
    const last = records.length - 1;
    expect(waiting(handedOver(records, OPTIONS, (at) => at === last).stored)).toBeGreaterThan(1);
    const { stored } = handedOver([...records, ...IDLE, ...IDLE], OPTIONS, (at) => at >= last);
    expect(waiting(stored)).toBe(0);
    expect(stored.size).toBeLessThan(70);
  });
});
