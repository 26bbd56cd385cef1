// The archive's catalogue of one tenant: which segment files there are, how long they durably are, where
// their frames stand, and up to which position each stream was appended. What the catalogue does not
// know does not exist: bytes behind a file's known length are left over from a crash.
import type { DatabaseSync } from "node:sqlite";
import { bytesOf, inTransaction, numberOf, openDatabase, textOf } from "../sqlite/sqlite.ts";

const HOUR_MS = 3_600_000;

export interface SegmentKey {
  readonly dataClass: string;
  /** Start of the hour, ms UTC. */
  readonly hour: number;
}

export interface Segment extends SegmentKey {
  readonly id: number;
  readonly file: string;
  readonly bytes: number;
  readonly events: number;
  readonly frames: number;
}

export interface FramePlace {
  readonly segment: Segment;
  readonly offset: number;
  readonly length: number;
  readonly filter: Uint8Array;
}

export interface NewFrame {
  readonly offset: number;
  readonly length: number;
  readonly events: number;
  readonly minTime: number;
  readonly maxTime: number;
  readonly filter: Uint8Array;
}

export interface Catalogue {
  appended(stream: string): number;
  /** The segment of an hour, made when it is new (within the caller's transaction). */
  segment(key: SegmentKey): Segment;
  /** One transaction: the frames and the stream's new position. */
  commit(
    frames: readonly { readonly segment: Segment; readonly frame: NewFrame }[],
    stream: string,
    offset: number,
  ): void;
  /** Swaps a segment's file and frames for a compacted one. */
  swap(segment: Segment, file: string, frames: readonly NewFrame[]): void;
  remove(segment: Segment): void;
  /** Hours that have frames touching [from, to), ascending. */
  hours(from: number, to: number): number[];
  frames(hour: number, from: number, to: number): FramePlace[];
  segments(): Segment[];
  statistics(): {
    events: number;
    bytes: number;
    oldest: number | undefined;
    newest: number | undefined;
  };
  close(): void;
}

const MIGRATIONS = [
  `
  CREATE TABLE streams (stream TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT;
  CREATE TABLE segments (
    id INTEGER PRIMARY KEY, data_class TEXT NOT NULL, hour INTEGER NOT NULL, file TEXT NOT NULL,
    bytes INTEGER NOT NULL, events INTEGER NOT NULL, frames INTEGER NOT NULL,
    UNIQUE (data_class, hour)
  ) STRICT;
  CREATE TABLE frames (
    segment INTEGER NOT NULL REFERENCES segments (id) ON DELETE CASCADE,
    offset INTEGER NOT NULL, length INTEGER NOT NULL,
    min_time INTEGER NOT NULL, max_time INTEGER NOT NULL, filter BLOB NOT NULL,
    PRIMARY KEY (segment, offset)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX segments_by_hour ON segments (hour);
  `,
];

/** Opens the catalogue file. */
export function openCatalogue(path: string): Catalogue {
  const database = openDatabase(path, MIGRATIONS);
  const sql = prepare(database);
  const insertFrame = (segment: number, frame: NewFrame) =>
    sql.addFrame.run(
      segment,
      frame.offset,
      frame.length,
      frame.minTime,
      frame.maxTime,
      frame.filter,
    );
  return {
    appended: (stream) => numberOf(sql.position.get(stream)?.position ?? -1),
    segment(key) {
      const known = sql.find.get(key.dataClass, key.hour);
      if (known !== undefined) return segmentOf(known);
      sql.add.run(key.dataClass, key.hour, fileName(key, 0));
      return segmentOf(sql.find.get(key.dataClass, key.hour) ?? {});
    },
    commit: (frames, stream, offset) =>
      inTransaction(database, () => {
        for (const { segment, frame } of frames) {
          insertFrame(segment.id, frame);
          sql.grow.run(frame.offset + frame.length, frame.events, segment.id);
        }
        sql.setPosition.run(stream, offset);
      }),
    swap: (segment, file, frames) =>
      inTransaction(database, () => {
        sql.dropFrames.run(segment.id);
        for (const frame of frames) insertFrame(segment.id, frame);
        const last = frames.at(-1);
        const events = frames.reduce((sum, frame) => sum + frame.events, 0);
        const bytes = last === undefined ? 0 : last.offset + last.length;
        sql.replace.run(file, bytes, events, frames.length, segment.id);
      }),
    remove: (segment) => void sql.drop.run(segment.id),
    hours: (from, to) => sql.hours.all(from - HOUR_MS, to).map((row) => numberOf(row.hour)),
    frames: (hour, from, to) =>
      sql.frames.all(hour, from, to).map((row) => ({
        segment: segmentOf(row),
        offset: numberOf(row.offset),
        length: numberOf(row.length),
        filter: bytesOf(row.filter),
      })),
    segments: () => sql.all.all().map(segmentOf),
    statistics() {
      const sums = sql.sums.get() ?? {};
      const times = sql.times.get() ?? {};
      const has = numberOf(sums.events) > 0;
      return {
        events: numberOf(sums.events),
        bytes: numberOf(sums.bytes),
        oldest: has ? numberOf(times.oldest) : undefined,
        newest: has ? numberOf(times.newest) : undefined,
      };
    },
    close: () => database.close(),
  };
}

/** `security-2026-11-21T13.0.seg`; the number rises with each compaction. */
export function fileName(key: SegmentKey, generation: number): string {
  return `${key.dataClass}-${new Date(key.hour).toISOString().slice(0, 13)}.${generation}.seg`;
}

function segmentOf(row: Record<string, unknown>): Segment {
  return {
    id: numberOf(row.id),
    dataClass: textOf(row.data_class),
    hour: numberOf(row.hour),
    file: textOf(row.file),
    bytes: numberOf(row.bytes),
    events: numberOf(row.events),
    frames: numberOf(row.frames),
  };
}

function prepare(database: DatabaseSync) {
  return {
    position: database.prepare("SELECT position FROM streams WHERE stream = ?"),
    setPosition: database.prepare(
      "INSERT INTO streams VALUES (?, ?) ON CONFLICT (stream) DO UPDATE SET position = excluded.position",
    ),
    find: database.prepare("SELECT * FROM segments WHERE data_class = ? AND hour = ?"),
    add: database.prepare(
      "INSERT INTO segments (data_class, hour, file, bytes, events, frames) VALUES (?, ?, ?, 0, 0, 0)",
    ),
    grow: database.prepare(
      "UPDATE segments SET bytes = ?, events = events + ?, frames = frames + 1 WHERE id = ?",
    ),
    replace: database.prepare(
      "UPDATE segments SET file = ?, bytes = ?, events = ?, frames = ? WHERE id = ?",
    ),
    drop: database.prepare("DELETE FROM segments WHERE id = ?"),
    addFrame: database.prepare("INSERT INTO frames VALUES (?, ?, ?, ?, ?, ?)"),
    dropFrames: database.prepare("DELETE FROM frames WHERE segment = ?"),
    hours: database.prepare(
      "SELECT DISTINCT hour FROM segments WHERE hour > ? AND hour < ? ORDER BY hour",
    ),
    frames: database.prepare(
      `SELECT segments.*, offset, length, filter FROM frames JOIN segments ON segments.id = segment
       WHERE hour = ? AND max_time >= ? AND min_time < ? ORDER BY segment, offset`,
    ),
    all: database.prepare("SELECT * FROM segments ORDER BY hour, data_class"),
    sums: database.prepare("SELECT sum(events) AS events, sum(bytes) AS bytes FROM segments"),
    times: database.prepare("SELECT min(min_time) AS oldest, max(max_time) AS newest FROM frames"),
  };
}
