// The state of one partition as records of the compacted topic `baseline-state`: a head with the position
// in the stream and all counts, what waits, and the shards of the detectors, of which only those are
// written that changed. Nothing is overwritten: each owner and each take has names of its own, so that a
// publish of which only the beginning arrives, or one that arrives late, can't spoil another snapshot.
import { z } from "zod";
import { AppError } from "../../config/errors.ts";
import { type KeyedDetector, type Observation, STATE_SHARDS } from "../../detectors/keyed.ts";
import { decodeObservation, encodeObservation } from "../bus/observation-record.ts";
import type { KeyedPartition } from "./keyed-partition.ts";

/** A record of a snapshot: part of its key, and its bytes; without bytes it deletes. */
export interface SnapshotPiece {
  readonly name: string;
  readonly value: Uint8Array;
}

const VERSION = 2;
const PIECE_BYTES_MAX = 512 * 1024;
/** How the name of a head ends, without which no piece counts. */
const HEAD = "/head";
/** The head of version 1, which had one name for all owners. */
const OLD_HEAD = "head";
const ALL_SHARDS = Array.from({ length: STATE_SHARDS }, (_, shard) => shard);

const laneSchema = z.object({
  watermark: z.number().nullable(),
  newest: z.number().nullable(),
  touchedAt: z.number().nullable(),
  /** Names of the pieces of what waits. */
  waiting: z.array(z.string()),
  /** Names of the pieces of each shard that has any. */
  shards: z.record(z.string(), z.array(z.string())),
});
const headSchema = z.object({
  version: z.literal(VERSION),
  /** Offset of the next record of the stream. */
  next: z.number(),
  /** When the bus took the newest record before it: a stream of which all is newer was made anew. */
  reachedAt: z.number(),
  origins: z.record(
    z.string(),
    z.object({
      clock: z.number().nullable(),
      isIdle: z.boolean(),
      offset: z.number(),
      index: z.number(),
      appendedAt: z.number(),
      since: z.number(),
      turn: z.number(),
    }),
  ),
  levels: z.array(z.object({ lanes: z.array(laneSchema) })),
});
type Head = z.infer<typeof headSchema>;

/** Where in the stream a state belongs. */
export type StreamPlace = Pick<Head, "next" | "reachedAt">;

/** A snapshot that is there as a whole. */
export interface StoredSnapshot {
  readonly name: string;
  readonly head: Head;
  readonly pieces: ReadonlyMap<string, Uint8Array>;
}

/** What a partition's records hold. */
export interface FoundSnapshots {
  /** The one that has come farthest first. Each is a function of the records before its `next`. */
  readonly whole: readonly StoredSnapshot[];
  /** Heads that can't be used, and why: pieces are missing, or another version wrote them. */
  readonly unusable: readonly { readonly name: string; readonly reason: string }[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Deletes a record of a compacted topic. */
const NOTHING = new Uint8Array();

/**
 * The snapshots among the records of one partition.
 * @param stored all records by their names; those without bytes are gone
 */
export function findSnapshots(stored: ReadonlyMap<string, Uint8Array>): FoundSnapshots {
  const whole: StoredSnapshot[] = [];
  const unusable: { name: string; reason: string }[] = [];
  for (const [name, bytes] of stored) {
    if (bytes.length === 0 || (name !== OLD_HEAD && !name.endsWith(HEAD))) continue;
    const head = readHead(bytes);
    const missing = head === undefined ? [] : missingOf(head, stored);
    if (head === undefined) unusable.push({ name, reason: "it can't be read" });
    else if (missing.length === 0) whole.push({ name, head, pieces: stored });
    else unusable.push({ name, reason: `${missing.length} of its pieces are missing` });
  }
  whole.sort((a, b) => b.head.reachedAt - a.head.reachedAt || b.head.next - a.head.next);
  return { whole, unusable };
}

/**
 * Puts a state back into a partition that is empty still.
 * @returns where in the stream that was
 * @throws AppError HW_STORE_VERSION for pieces that this version can't read
 */
export function restoreSnapshot(partition: KeyedPartition, snapshot: StoredSnapshot): StreamPlace {
  const { head, pieces } = snapshot;
  const bytesOf = (names: readonly string[]) =>
    names.map((name) => pieces.get(name)).filter((piece) => piece !== undefined);
  try {
    for (const [name, origin] of Object.entries(head.origins)) {
      partition.origins.set(name, { ...origin, clock: origin.clock ?? Number.NEGATIVE_INFINITY });
    }
    for (const [levelAt, { lanes }] of head.levels.entries()) {
      for (const [laneAt, { shards, waiting, ...state }] of lanes.entries()) {
        const level = partition.levels[levelAt];
        if (level === undefined) continue;
        const detector = level.restore(laneAt, state, bytesOf(waiting).flatMap(readWaiting));
        for (const [shard, names] of Object.entries(shards)) {
          detector.restore(Number(shard), bytesOf(names));
        }
      }
    }
  } catch (cause) {
    const text = "a snapshot of the baseline stage can't be read";
    throw new AppError("HW_STORE_VERSION", text, { cause });
  }
  return { next: head.next, reachedAt: head.reachedAt };
}

/** Writes the snapshots of one owner of a partition, from when it was assigned to it. */
export class PartitionSnapshots {
  readonly #owner: string;
  #takes = 0;
  /** `level/lane/shard` → names of its pieces. */
  readonly #shards = new Map<string, readonly string[]>();
  /** `level/lane` → whose shards these are: others are written as a whole. */
  readonly #detectors = new Map<string, KeyedDetector>();
  /** All names that may lie in the store. */
  #stored: Set<string>;
  /** What the last take needs, until it is known to be stored. */
  #needed: Set<string> | undefined;

  /**
   * @param owner names this owner and nobody else, in no other process and at no other time
   * @param found what lay in the store when it took over: deleted behind its own first snapshot. Nothing of
   * it is inherited, because the owner before may still go on for a while and delete what it needs no more.
   */
  constructor(owner: string, found: Iterable<string> = []) {
    this.#owner = owner;
    this.#stored = new Set(found);
  }

  /**
   * What has to be written, in this order, so that the partition's state is stored as of this place in the
   * stream: new pieces, the head that names all pieces, then what is needed no more, without bytes, because
   * nothing about people stays longer than it is used. Any beginning of it leaves a whole snapshot. Only
   * shards that changed are written, unless the last take was not `confirm`ed.
   */
  take(partition: KeyedPartition, { next, reachedAt }: StreamPlace): SnapshotPiece[] {
    if (this.#needed !== undefined) this.#detectors.clear();
    this.#takes += 1;
    const prefix = `${this.#owner}/${this.#takes}`;
    const pieces: SnapshotPiece[] = [];
    const add = (values: readonly Uint8Array[]) =>
      values.map((value) => {
        const name = `${prefix}/${pieces.length}`;
        pieces.push({ name, value });
        return name;
      });
    const needed = new Set([prefix + HEAD]);
    const places = new Set<string>();
    const levels = partition.levels.map((level, levelAt) => ({
      lanes: level.lanes().map(({ state, waiting, detector }, laneAt) => {
        const place = `${levelAt}/${laneAt}`;
        places.add(place);
        const isKnown = this.#detectors.get(place) === detector;
        if (!isKnown) this.#forget(place);
        this.#detectors.set(place, detector);
        for (const shard of isKnown ? detector.changedShards() : ALL_SHARDS) {
          const values = detector.store(shard).filter(({ length }) => length > 0);
          this.#shards.set(`${place}/${shard}`, add(values));
        }
        const shards = this.#shardsOf(place);
        const rest = add(writeWaiting(waiting));
        for (const name of [...Object.values(shards).flat(), ...rest]) needed.add(name);
        return { ...state, waiting: rest, shards };
      }),
    }));
    for (const place of this.#detectors.keys()) {
      if (!places.has(place)) this.#forget(place);
    }
    const origins = Object.fromEntries(
      [...partition.origins].map(([name, origin]) => [
        name,
        { ...origin, clock: Number.isFinite(origin.clock) ? origin.clock : null },
      ]),
    );
    const head: Head = { version: VERSION, next, reachedAt, origins, levels };
    pieces.push({ name: prefix + HEAD, value: encoder.encode(JSON.stringify(head)) });
    for (const name of this.#stored) {
      if (!needed.has(name)) pieces.push({ name, value: NOTHING });
    }
    for (const name of needed) this.#stored.add(name);
    this.#needed = needed;
    return pieces;
  }

  /** All that the last take gave is stored. */
  confirm(): void {
    if (this.#needed !== undefined) this.#stored = this.#needed;
    this.#needed = undefined;
  }

  #forget(place: string): void {
    this.#detectors.delete(place);
    for (const name of this.#shards.keys()) {
      if (name.startsWith(`${place}/`)) this.#shards.delete(name);
    }
  }

  #shardsOf(place: string): Record<string, string[]> {
    const found = [...this.#shards].filter(([name, pieces]) => {
      return pieces.length > 0 && name.startsWith(`${place}/`);
    });
    return Object.fromEntries(
      found.map(([name, pieces]) => [name.slice(place.length + 1), [...pieces]]),
    );
  }
}

/**
 * Carries a state over into a partition with other detectors: state of rules that are the same goes on.
 * @param from counts as stored then: what changed since the last snapshot is no longer known
 */
export function carryOver(from: KeyedPartition, to: KeyedPartition): void {
  const pieces = new PartitionSnapshots("copy").take(from, { next: 0, reachedAt: 0 });
  const stored = new Map(pieces.map(({ name, value }) => [name, value] as const));
  for (const snapshot of findSnapshots(stored).whole) restoreSnapshot(to, snapshot);
}

/**
 * The snapshot that came farthest, for a bus on which all streams begin anew: without places in those of now,
 * and without whose words count, because other machines may have other clocks.
 * @param stored all records of a partition by their names
 * @returns its records by their names; none when there is none that can be used
 */
export function movedSnapshot(
  stored: ReadonlyMap<string, Uint8Array>,
): ReadonlyMap<string, Uint8Array> {
  const [snapshot] = findSnapshots(stored).whole;
  if (snapshot === undefined) return new Map();
  const { head, name } = snapshot;
  const anew = { offset: -1, index: -1, appendedAt: 0, since: 0, turn: 0 };
  const origins = Object.fromEntries(
    Object.entries(head.origins).map(([origin, state]) => [origin, { ...state, ...anew }]),
  );
  const moved: Head = { ...head, next: 0, reachedAt: 0, origins };
  const needed = new Set(namesIn(head));
  return new Map([
    ...[...stored].filter(([one]) => needed.has(one)),
    [name, encoder.encode(JSON.stringify(moved))] as const,
  ]);
}

function readHead(bytes: Uint8Array): Head | undefined {
  try {
    return headSchema.parse(JSON.parse(decoder.decode(bytes)));
  } catch {
    // Told by the caller, with the name.
    return undefined;
  }
}

function missingOf(head: Head, stored: ReadonlyMap<string, Uint8Array>): string[] {
  return namesIn(head).filter((name) => (stored.get(name)?.length ?? 0) === 0);
}

function namesIn(head: Head): string[] {
  return head.levels
    .flatMap(({ lanes }) => lanes)
    .flatMap(({ shards, waiting }) => [...waiting, ...Object.values(shards).flat()]);
}

// One observation a line.
function writeWaiting(waiting: readonly Observation[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let lines: Uint8Array[] = [];
  let bytes = 0;
  const end = () => {
    if (lines.length > 0) pieces.push(Buffer.concat(lines));
    lines = [];
    bytes = 0;
  };
  for (const observation of waiting) {
    const line = Buffer.concat([
      encodeObservation({ ...WAITING, kind: "observation", observation }),
      Buffer.from("\n"),
    ]);
    if (bytes + line.length > PIECE_BYTES_MAX) end();
    lines.push(line);
    bytes += line.length;
  }
  end();
  return pieces;
}

const WAITING = { origin: "waiting", offset: 0, index: 0, appendedAt: 0, clock: 0, level: 0 };

function readWaiting(piece: Uint8Array): Observation[] {
  return decoder
    .decode(piece)
    .split("\n")
    .flatMap((line) => {
      if (line === "") return [];
      const record = decodeObservation(encoder.encode(line));
      return record.kind === "observation" ? [record.observation] : [];
    });
}
