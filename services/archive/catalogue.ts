// The archive's catalogue of one tenant: which segment files there are, how long they durably are, where
// their frames stand, and up to which position each stream was appended. What the catalogue does not
// know does not exist: bytes behind a file's known length are left over from a crash.
import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { bytesOf, inTransaction, numberOf, openDatabase, textOf } from "../sqlite/sqlite.ts";

export const HOUR_MS = 3_600_000;

export interface SegmentKey {
  readonly dataClass: string;
  /** Start of the hour, ms UTC. */
  readonly hour: number;
}

/** A segment file. An hour of a data class has at most one that is open, and finished ones beside it. */
export interface Segment extends SegmentKey {
  /** 0: not in the catalogue yet. */
  readonly id: number;
  readonly file: string;
  readonly open: boolean;
  readonly bytes: number;
  readonly events: number;
  readonly frames: number;
  /** When it last grew, ms UTC. */
  readonly updatedAt: number;
  /** Which field values may be in it; empty: unknown. */
  readonly filter: Uint8Array;
}

export interface Frame {
  readonly offset: number;
  readonly length: number;
  /** Bytes before compression. */
  readonly plainBytes: number;
  /** CRC-32 of the compressed bytes. */
  readonly checksum: number;
  readonly events: number;
  readonly minTime: number;
  readonly maxTime: number;
  readonly filter: Uint8Array;
}

/** New frames of one segment. */
export interface Growth {
  readonly segment: Segment;
  readonly frames: readonly Frame[];
}

const MIGRATIONS = [
  `CREATE TABLE stream (stream TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT;
   CREATE TABLE segment (
     id INTEGER PRIMARY KEY, data_class TEXT NOT NULL, hour INTEGER NOT NULL,
     file TEXT NOT NULL UNIQUE, open INTEGER NOT NULL,
     bytes INTEGER NOT NULL, events INTEGER NOT NULL, frames INTEGER NOT NULL,
     min_time INTEGER NOT NULL, max_time INTEGER NOT NULL, updated_at INTEGER NOT NULL,
     filter BLOB NOT NULL
   ) STRICT;
   CREATE INDEX segment_of_hour ON segment (hour);
   CREATE UNIQUE INDEX segment_open ON segment (data_class, hour) WHERE open = 1;
   CREATE TABLE frame (
     segment INTEGER NOT NULL REFERENCES segment (id) ON DELETE CASCADE,
     offset INTEGER NOT NULL, length INTEGER NOT NULL, plain_bytes INTEGER NOT NULL,
     checksum INTEGER NOT NULL, events INTEGER NOT NULL,
     min_time INTEGER NOT NULL, max_time INTEGER NOT NULL, filter BLOB NOT NULL,
     PRIMARY KEY (segment, offset)
   ) STRICT, WITHOUT ROWID;`,
];

export class Catalogue {
  readonly #database: DatabaseSync;
  readonly #sql;

  constructor(path: string) {
    this.#database = openDatabase(path, MIGRATIONS);
    this.#sql = prepare(this.#database);
  }

  /** The highest offset of a stream that is in the archive; −1 for none. */
  position(stream: string): number {
    return numberOf(this.#sql.position.get(stream)?.position ?? -1);
  }

  /** The open segment of an hour, or a new one that `commit` will put into the catalogue. */
  openSegment(key: SegmentKey): Segment {
    const known = this.#sql.findOpen.get(key.dataClass, key.hour);
    return known === undefined ? this.newSegment(key, true) : segmentOf(known);
  }

  /** A segment with a file name that was never used before: the old ones may still be read. */
  newSegment({ dataClass, hour }: SegmentKey, open: boolean): Segment {
    const hourText = new Date(hour).toISOString().slice(0, -":00:00.000Z".length);
    const file = `${dataClass}-${hourText}.${randomBytes(6).toString("hex")}.seg`;
    const empty = { bytes: 0, events: 0, frames: 0, updatedAt: 0, filter: new Uint8Array(0) };
    return { id: 0, dataClass, hour, file, open, ...empty };
  }

  /** One transaction: the frames and the streams' new positions. */
  commit(growth: readonly Growth[], positions: ReadonlyMap<string, number>, now: number): void {
    inTransaction(this.#database, () => {
      for (const one of growth) this.#grow(one, now);
      for (const [stream, offset] of positions) this.#sql.setPosition.run(stream, offset);
    });
  }

  /** From now on appends go to another segment of the hour. */
  finish(segment: Segment): void {
    this.#sql.finish.run(segment.id);
  }

  /** Puts a compacted segment in the place of others. */
  swap(old: readonly Segment[], growth: Growth, filter: Uint8Array, now: number): void {
    inTransaction(this.#database, () => {
      for (const { id } of old) this.#sql.drop.run(id);
      const id = this.#grow(growth, now);
      this.#sql.setFilter.run(filter, id);
    });
  }

  remove(segment: Segment): void {
    this.#sql.drop.run(segment.id);
  }

  /** Hours that have events in [from, to), ascending. */
  hours(from: number, to: number): number[] {
    return this.#sql.hours.all(from, to, from - HOUR_MS, to).map((row) => numberOf(row.hour));
  }

  segmentsOfHour(hour: number): Segment[] {
    return this.#sql.ofHour.all(hour).map(segmentOf);
  }

  segmentsOf({ dataClass, hour }: SegmentKey): Segment[] {
    return this.segmentsOfHour(hour).filter((segment) => segment.dataClass === dataClass);
  }

  /** All segments, oldest hour first. */
  segments(): Segment[] {
    return this.#sql.all.all().map(segmentOf);
  }

  /** Frames of a segment that touch [from, to). */
  frames(segment: Segment, from: number, to: number): Frame[] {
    return this.#sql.frames.all(segment.id, from, to).map((row) => ({
      offset: numberOf(row.offset),
      length: numberOf(row.length),
      plainBytes: numberOf(row.plain_bytes),
      checksum: numberOf(row.checksum),
      events: numberOf(row.events),
      minTime: numberOf(row.min_time),
      maxTime: numberOf(row.max_time),
      filter: bytesOf(row.filter),
    }));
  }

  statistics() {
    const sums = this.#sql.sums.get() ?? {};
    const has = numberOf(sums.events) > 0;
    return {
      events: numberOf(sums.events),
      bytes: numberOf(sums.bytes),
      oldest: has ? numberOf(sums.oldest) : undefined,
      newest: has ? numberOf(sums.newest) : undefined,
    };
  }

  close(): void {
    this.#database.close();
  }

  #grow({ segment, frames }: Growth, now: number): number {
    let { id } = segment;
    if (id === 0) {
      const { dataClass, hour, file, open } = segment;
      id = Number(this.#sql.add.run(dataClass, hour, file, open ? 1 : 0).lastInsertRowid);
    }
    for (const frame of frames) {
      const { offset, length, plainBytes, checksum, events, minTime, maxTime, filter } = frame;
      const place = [id, offset, length, plainBytes, checksum, events] as const;
      this.#sql.addFrame.run(...place, minTime, maxTime, filter);
      this.#sql.grow.run(offset + length, events, minTime, maxTime, now, id);
    }
    return id;
  }
}

function segmentOf(row: Record<string, unknown>): Segment {
  return {
    id: numberOf(row.id),
    dataClass: textOf(row.data_class),
    hour: numberOf(row.hour),
    file: textOf(row.file),
    open: row.open === 1,
    bytes: numberOf(row.bytes),
    events: numberOf(row.events),
    frames: numberOf(row.frames),
    updatedAt: numberOf(row.updated_at),
    filter: bytesOf(row.filter),
  };
}

/** Beyond every time that an event can have. */
const TIME_MAX = 9e15;

function prepare(database: DatabaseSync) {
  const sql = (text: string) => database.prepare(text);
  return {
    position: sql("SELECT position FROM stream WHERE stream = ?"),
    setPosition: sql("REPLACE INTO stream VALUES (?, ?)"),
    findOpen: sql("SELECT * FROM segment WHERE data_class = ? AND hour = ? AND open = 1"),
    add: sql(
      `INSERT INTO segment (data_class, hour, file, open, bytes, events, frames, min_time, max_time,
         updated_at, filter) VALUES (?, ?, ?, ?, 0, 0, 0, ${TIME_MAX}, -${TIME_MAX}, 0, x'')`,
    ),
    grow: sql(
      `UPDATE segment SET bytes = ?, events = events + ?, frames = frames + 1,
         min_time = min(min_time, ?), max_time = max(max_time, ?), updated_at = ? WHERE id = ?`,
    ),
    finish: sql("UPDATE segment SET open = 0 WHERE id = ?"),
    setFilter: sql("UPDATE segment SET filter = ? WHERE id = ?"),
    drop: sql("DELETE FROM segment WHERE id = ?"),
    addFrame: sql("INSERT INTO frame VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    hours: sql(
      `SELECT DISTINCT hour FROM segment
       WHERE max_time >= ? AND min_time < ? AND hour > ? AND hour < ? ORDER BY hour`,
    ),
    ofHour: sql("SELECT * FROM segment WHERE hour = ? ORDER BY id"),
    frames: sql(
      `SELECT * FROM frame WHERE segment = ? AND max_time >= ? AND min_time < ? ORDER BY offset`,
    ),
    all: sql("SELECT * FROM segment ORDER BY hour, data_class, id"),
    sums: sql(
      `SELECT sum(events) AS events, sum(bytes) AS bytes, min(min_time) AS oldest,
         max(max_time) AS newest FROM segment`,
    ),
  };
}
