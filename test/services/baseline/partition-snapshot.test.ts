// Snapshots on a topic that keeps only the order within a partition: publishes of which only the beginning
// arrives, owners that write on after another took over, compaction at any time. What is restored is what a
// replay from the start gives.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeyedPartition, type LevelRaised } from "../../../services/baseline/keyed-partition.ts";
import {
  findSnapshots,
  movedSnapshot,
  PartitionSnapshots,
  restoreSnapshot,
  type SnapshotPiece,
} from "../../../services/baseline/partition-snapshot.ts";
import type { ObservationRecord } from "../../../services/bus/observation-record.ts";
import { createCountingDetector } from "./counting-detector.ts";

const RECORDS = 60;
const OPTIONS = {
  levels: [createCountingDetector],
  ...{ latenessMs: 2000, pendingMax: 1000, rawPartitions: 1, partitions: 1 },
};
const STREAM = Array.from({ length: RECORDS }, (_, offset): ObservationRecord => {
  const time = 1_000_000 + offset * 1500 - (offset % 7 === 6 ? 40_000 : 0);
  const key = `key-${(offset * 5) % 6}`;
  const more = { rule: 0, group: [key], value: undefined, source: "test" };
  return {
    kind: "observation",
    ...{
      origin: "raw/0",
      offset,
      index: 0,
      appendedAt: 10 + offset,
      clock: 1_000_000 + offset * 1500,
      level: 0,
    },
    observation: { detector: "counting", key, time, id: `e${offset}`, ...more },
  };
});

const placeOf = (next: number) => ({ next, reachedAt: next });

/** All that a partition holds, and what it says to the rest of the stream. */
function shown(partition: KeyedPartition, next: number) {
  const lanes = partition.levels.map((level) =>
    level.lanes().map(({ state, waiting }) => ({
      state,
      waiting: waiting.map(({ id }) => id).sort(),
    })),
  );
  const out: LevelRaised[] = [];
  const origins = structuredClone([...partition.origins]);
  for (const record of STREAM.slice(next)) partition.take(record, out);
  partition.take({ kind: "idle", origin: "raw/0" }, out);
  return { lanes, origins, out };
}

function replayed(next: number) {
  const partition = new KeyedPartition(OPTIONS);
  for (const record of STREAM.slice(0, next)) partition.take(record, []);
  return shown(partition, next);
}

/** The records of one partition of a compacted topic, in the order in which they arrived. */
class Topic {
  records: SnapshotPiece[] = [];

  /** @returns what lies there by name, as a reader finds it */
  read(): Map<string, Uint8Array> {
    const stored = new Map<string, Uint8Array>();
    for (const { name, value } of this.records) {
      if (value.length > 0) stored.set(name, value);
      else stored.delete(name);
    }
    return stored;
  }

  compact(): void {
    this.records = [...this.read()].map(([name, value]) => ({ name, value }));
  }
}

interface Owner {
  readonly partition: KeyedPartition;
  readonly snapshots: PartitionSnapshots;
  next: number;
}

function takeOver(topic: Topic, name: string): Owner {
  const stored = topic.read();
  const [newest] = findSnapshots(stored).whole;
  const partition = new KeyedPartition(OPTIONS);
  const next = newest === undefined ? 0 : restoreSnapshot(partition, newest).next;
  return { partition, snapshots: new PartitionSnapshots(name, stored.keys()), next };
}

// `who` picks any of the owners that there ever were: all but the last one are zombies.
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("work"), who: fc.nat(5), much: fc.nat(9) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("store"), who: fc.nat(5), much: fc.nat(0) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("lose"), who: fc.nat(5), much: fc.nat(80) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("late"), who: fc.nat(5), much: fc.nat(80) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("take over"), who: fc.nat(0), much: fc.nat(0) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("compact"), who: fc.nat(0), much: fc.nat(0) }),
  },
);

describe("snapshots of a partition", () => {
  it("give the state of a replay, whatever is lost, late or written by an owner of before", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const topic = new Topic();
        const owners = [takeOver(topic, "owner-0")];
        const delayed: SnapshotPiece[][] = [];
        let storedNext = 0;
        for (const { kind, who, much } of steps) {
          const owner = owners[Math.max(0, owners.length - 1 - who)];
          if (owner === undefined) throw new RangeError("no owner");
          if (kind === "work") {
            for (const record of STREAM.slice(owner.next, owner.next + much)) {
              owner.partition.take(record, []);
              owner.next += 1;
            }
          } else if (kind === "store") {
            topic.records.push(...owner.snapshots.take(owner.partition, placeOf(owner.next)));
            owner.snapshots.confirm();
            if (owner === owners.at(-1)) storedNext = owner.next;
          } else if (kind === "lose") {
            // The beginning arrives; the rest never, or much later.
            const pieces = owner.snapshots.take(owner.partition, placeOf(owner.next));
            topic.records.push(...pieces.slice(0, much));
            delayed.push(pieces.slice(much));
          } else if (kind === "late") {
            topic.records.push(...(delayed.shift() ?? []));
          } else if (kind === "take over") {
            owners.push(takeOver(topic, `owner-${owners.length}`));
          } else topic.compact();
          const heir = takeOver(topic, "heir");
          // What the last owner stored is never lost again, even where others wrote after it.
          expect(heir.next).toBeGreaterThanOrEqual(storedNext);
          const copy = takeOver(topic, "copy");
          expect(shown(copy.partition, copy.next)).toEqual(replayed(copy.next));
        }
      }),
      { numRuns: 150 },
    );
  });

  it("are written by what changed, and leave nothing else behind", () => {
    const topic = new Topic();
    const owner = takeOver(topic, "owner");
    const sizes: number[] = [];
    for (const [offset, record] of STREAM.slice(0, 20).entries()) {
      owner.partition.take(record, []);
      const pieces = owner.snapshots.take(owner.partition, placeOf(offset + 1));
      sizes.push(pieces.filter(({ value }) => value.length > 0).length);
      topic.records.push(...pieces);
      owner.snapshots.confirm();
    }
    const [found] = findSnapshots(topic.read()).whole;
    const lanes = found?.head.levels.flatMap((level) => level.lanes) ?? [];
    const named = lanes.flatMap(({ waiting, shards }) => [
      ...waiting,
      ...Object.values(shards).flat(),
    ]);
    expect([...topic.read().keys()].filter((name) => !name.endsWith("/head")).sort()).toEqual(
      named.sort(),
    );
    expect(Math.min(...sizes.slice(10))).toBeLessThan(named.length);
    const heir = takeOver(topic, "heir");
    topic.records.push(...heir.snapshots.take(heir.partition, placeOf(heir.next)));
    expect([...topic.read().keys()].every((name) => name.startsWith("heir/"))).toBe(true);
  });

  it("are moved without places in the streams, and without what others left", () => {
    const topic = new Topic();
    for (const [at, name] of ["first", "second", "broken"].entries()) {
      const owner = { ...takeOver(new Topic(), name), next: 10 * (at + 1) };
      for (const record of STREAM.slice(0, owner.next)) owner.partition.take(record, []);
      const pieces = owner.snapshots.take(owner.partition, placeOf(owner.next));
      topic.records.push(...(name === "broken" ? pieces.slice(1) : pieces));
    }
    const moved = movedSnapshot(topic.read());
    expect([...moved.keys()].every((name) => name.startsWith("second/"))).toBe(true);
    expect(movedSnapshot(moved)).toEqual(moved);
    const [found] = findSnapshots(moved).whole;
    if (found === undefined) throw new RangeError("nothing was moved");
    const partition = new KeyedPartition(OPTIONS);
    expect(restoreSnapshot(partition, found)).toEqual({ next: 0, reachedAt: 0 });
    expect(partition.origins.get("raw/0")).toMatchObject({ offset: -1, index: -1, appendedAt: 0 });
    const lanesAndHits = ({ lanes, out }: ReturnType<typeof shown>) => ({ lanes, out });
    expect(lanesAndHits(shown(partition, 20))).toEqual(lanesAndHits(replayed(20)));
  });

  it("are not moved where none can be used", () => {
    expect(movedSnapshot(new Map([["a/1/head", new TextEncoder().encode("{")]]))).toEqual(
      new Map(),
    );
  });

  const unusable: [string, string, string][] = [
    ["of version 1", "head", '{"version":1,"next":5,"origins":{},"levels":[]}'],
    ["that are no JSON", "a/1/head", "{"],
    [
      "whose pieces are missing",
      "a/1/head",
      '{"version":2,"next":5,"reachedAt":9,"origins":{},"levels":[{"lanes":[{"watermark":null,"newest":null,"touchedAt":null,"waiting":["a/1/0"],"shards":{}}]}]}',
    ],
  ];
  it.each(unusable)("are passed over and told: heads %s", (_, name, text) => {
    const found = findSnapshots(new Map([[name, new TextEncoder().encode(text)]]));
    expect(found.whole).toEqual([]);
    expect(found.unusable.map((one) => one.name)).toEqual([name]);
  });
});
