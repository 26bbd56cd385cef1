// The state of one partition as records of the compacted topic `baseline-state`: a head with the position
// in the stream and all counts, what waits, and the shards of the detectors, of which only those are
// written that changed.
import { z } from "zod";
import { AppError } from "../../config/errors.ts";
import { type KeyedDetector, type Observation, STATE_SHARDS } from "../../detectors/keyed.ts";
import { decodeObservation, encodeObservation } from "../bus/observation-record.ts";
import type { KeyedPartition } from "./keyed-partition.ts";

/** A record of a snapshot: part of its key, and its bytes. */
export interface SnapshotPiece {
  readonly name: string;
  readonly value: Uint8Array;
}

const VERSION = 1;
const PIECE_BYTES_MAX = 512 * 1024;
/** The head, without which nothing else counts. */
const HEAD = "head";
const ALL_SHARDS = Array.from({ length: STATE_SHARDS }, (_, shard) => shard);

const laneSchema = z.object({
  watermark: z.number().nullable(),
  newest: z.number().nullable(),
  touchedAt: z.number().nullable(),
  /** Pieces of what waits. */
  waiting: z.number(),
  /** Pieces of each shard that has any. */
  shards: z.record(z.string(), z.number()),
});
const headSchema = z.object({
  version: z.literal(VERSION),
  /** Offset of the next record of the stream. */
  next: z.number(),
  origins: z.record(
    z.string(),
    z.object({
      clock: z.number().nullable(),
      isIdle: z.boolean(),
      offset: z.number(),
      index: z.number(),
    }),
  ),
  levels: z.array(z.object({ lanes: z.array(laneSchema) })),
});
type Head = z.infer<typeof headSchema>;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Deletes a record of a compacted topic. */
const NOTHING = new Uint8Array();

/** Writes snapshots of one partition; remembers how many pieces each shard has. */
export class PartitionSnapshot {
  /** `level/lane/shard` → pieces. */
  readonly #shards = new Map<string, number>();
  /** `level/lane` → whose shards these are: a lane that was forgotten may be opened again. */
  readonly #detectors = new Map<string, KeyedDetector>();
  /** Names of all pieces that may lie in the store. */
  #stored: ReadonlySet<string> = new Set();

  /**
   * What has to be written so that the partition's state is stored as of the stream's offset `next`. Pieces
   * that are needed no more come without bytes: nothing about people stays longer than it is used.
   * @param isWhole all shards, not only those that changed since they were last taken
   */
  take(partition: KeyedPartition, next: number, isWhole: boolean): SnapshotPiece[] {
    const pieces: SnapshotPiece[] = [];
    const needed = new Set([HEAD]);
    const places = new Set<string>();
    const levels = partition.levels.map((level, levelAt) => ({
      lanes: level.lanes().map(({ state, waiting, detector }, laneAt) => {
        const place = `${levelAt}/${laneAt}`;
        places.add(place);
        if (this.#detectors.get(place) !== detector) this.#forget(place);
        this.#detectors.set(place, detector);
        for (const shard of isWhole ? ALL_SHARDS : detector.changedShards()) {
          const values = detector.store(shard);
          this.#shards.set(`${place}/${shard}`, values.length);
          for (const [at, value] of values.entries()) {
            pieces.push({ name: `${place}/${shard}/${at}`, value });
          }
        }
        const rest = writeWaiting(waiting);
        for (const [at, value] of rest.entries()) {
          pieces.push({ name: `${place}/waiting/${at}`, value });
        }
        const shards = this.#shardsOf(place);
        for (const [name, count] of [
          ...Object.entries(shards),
          ["waiting", rest.length] as const,
        ]) {
          for (let at = 0; at < count; at += 1) needed.add(`${place}/${name}/${at}`);
        }
        return { ...state, waiting: rest.length, shards };
      }),
    }));
    for (const place of this.#detectors.keys()) {
      if (!places.has(place)) this.#forget(place);
    }
    for (const name of this.#stored) {
      if (!needed.has(name)) pieces.push({ name, value: NOTHING });
    }
    this.#stored = needed;
    const origins = Object.fromEntries(
      [...partition.origins].map(([name, origin]) => [
        name,
        { ...origin, clock: Number.isFinite(origin.clock) ? origin.clock : null },
      ]),
    );
    const head: Head = { version: VERSION, next, origins, levels };
    pieces.push({ name: HEAD, value: encoder.encode(JSON.stringify(head)) });
    return pieces;
  }

  /**
   * Puts the state back.
   * @param stored all pieces by their names; those without bytes are gone
   * @returns offset of the stream's next record; undefined where there is no snapshot
   * @throws AppError HW_STORE_VERSION for a snapshot that this version can't read
   */
  restore(partition: KeyedPartition, stored: ReadonlyMap<string, Uint8Array>): number | undefined {
    this.#stored = new Set(stored.keys());
    const bytes = stored.get(HEAD);
    if (bytes === undefined) return undefined;
    const head = readHead(bytes);
    for (const [name, origin] of Object.entries(head.origins)) {
      partition.origins.set(name, { ...origin, clock: origin.clock ?? Number.NEGATIVE_INFINITY });
    }
    const piecesOf = (name: string, count: number) =>
      Array.from({ length: count }, (_, at) => stored.get(`${name}/${at}`)).filter(
        (piece) => piece !== undefined,
      );
    for (const [levelAt, { lanes }] of head.levels.entries()) {
      for (const [laneAt, { shards, waiting, ...state }] of lanes.entries()) {
        const place = `${levelAt}/${laneAt}`;
        const level = partition.levels[levelAt];
        if (level === undefined) continue;
        const rest = piecesOf(`${place}/waiting`, waiting).flatMap(readWaiting);
        const detector = level.restore(laneAt, state, rest);
        this.#detectors.set(place, detector);
        for (const [shard, count] of Object.entries(shards)) {
          this.#shards.set(`${place}/${shard}`, count);
          detector.restore(Number(shard), piecesOf(`${place}/${shard}`, count));
        }
      }
    }
    return head.next;
  }

  #forget(place: string): void {
    this.#detectors.delete(place);
    for (const name of this.#shards.keys()) {
      if (name.startsWith(`${place}/`)) this.#shards.delete(name);
    }
  }

  #shardsOf(place: string): Record<string, number> {
    const found = [...this.#shards].filter(([name, pieces]) => {
      return pieces > 0 && name.startsWith(`${place}/`);
    });
    return Object.fromEntries(
      found.map(([name, pieces]) => [name.slice(place.length + 1), pieces]),
    );
  }
}

function readHead(bytes: Uint8Array): Head {
  try {
    return headSchema.parse(JSON.parse(decoder.decode(bytes)));
  } catch (cause) {
    throw new AppError("HW_STORE_VERSION", "a snapshot of the baseline stage can't be read", {
      cause,
    });
  }
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

const WAITING = { origin: "waiting", offset: 0, index: 0, clock: 0, level: 0 };

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
