// How often something was seen lately, for very many things in bounded memory: a table of hashes in which
// counts fade with time, and where the rarest gives way when a row is full. A flood of new keys pushes out
// other new keys, not what is seen every day.
import { hashOf } from "../../correlation/key-hash.ts";
import type { StateReader, StateWriter } from "../../network/state.ts";

/** How a table counts. */
export interface CountOptions {
  /** Keys remembered at most; rounded down to a power of two. */
  readonly keysMax: number;
  /** After this time a count is worth half, milliseconds. */
  readonly halfLifeMs: number;
}

/** What is known of a key; 0 everywhere of one that was never seen or is forgotten. */
export interface Sighted {
  /** Faded count before this sighting. */
  readonly before: number;
  /** First sighting, milliseconds since 1970 UTC, exact to the minute; undefined: this is the first. */
  readonly first: number | undefined;
  /** The sighting before this one, milliseconds since 1970 UTC, exact to the minute. */
  readonly last: number | undefined;
}

/** Faded counts by key. */
export interface DecayedCounts {
  /** The faded count at a time (milliseconds since 1970 UTC). */
  get(key: string, time: number): number;
  /** Counts a key, by 1 or another amount, and says what was known before. */
  add(key: string, time: number, amount?: number): Sighted;
  readonly keys: number;
  /** Keys that gave way to others. */
  readonly evicted: number;
  write(writer: StateWriter): void;
  read(reader: StateReader): void;
}

const WAYS = 8;
const MINUTE_MS = 60_000;
const SLOTS_MIN = 1024;
/** The table doubles when a row is full, unless it is that empty: then it is the keys that are unlucky. */
const LOAD_MIN = 0.2;

interface Table {
  readonly slots: number;
  readonly row: Uint32Array;
  /** A second hash; 0: the place is free. */
  readonly mark: Uint32Array;
  readonly count: Float32Array;
  /** Minutes since 1970. */
  readonly last: Uint32Array;
  readonly first: Uint32Array;
}

/** An empty table; it grows with what it holds. */
export function createDecayedCounts(options: CountOptions): DecayedCounts {
  const slotsMax = Math.max(SLOTS_MIN, 2 ** Math.floor(Math.log2(Math.max(1, options.keysMax))));
  const halfLifeMinutes = options.halfLifeMs / MINUTE_MS;
  let table = emptyTable(SLOTS_MIN);
  let keys = 0;
  let evicted = 0;
  const faded = (slot: number, minute: number) =>
    (table.count[slot] ?? 0) *
    2 ** (-Math.max(0, minute - (table.last[slot] ?? 0)) / halfLifeMinutes);

  /** The place of a key, else the one that it would take: a free one, or the one of the rarest. */
  const place = (row: number, mark: number, minute: number): number => {
    const begin = (row & (table.slots / WAYS - 1)) * WAYS;
    let best = begin;
    let least = Number.POSITIVE_INFINITY;
    for (let slot = begin; slot < begin + WAYS; slot += 1) {
      if (table.mark[slot] === mark && table.row[slot] === row) return slot;
      const worth = table.mark[slot] === 0 ? -1 : faded(slot, minute);
      if (worth < least) {
        least = worth;
        best = slot;
      }
    }
    return best;
  };

  const grow = () => {
    const old = table;
    table = emptyTable(old.slots * 2);
    for (let from = 0; from < old.slots; from += 1) {
      const mark = old.mark[from] ?? 0;
      if (mark === 0) continue;
      const slot = place(old.row[from] ?? 0, mark, 0);
      put(table, slot, old.row[from] ?? 0, mark);
      table.count[slot] = old.count[from] ?? 0;
      table.last[slot] = old.last[from] ?? 0;
      table.first[slot] = old.first[from] ?? 0;
    }
  };

  return {
    get(key, time) {
      const [row, mark] = hashes(key);
      const minute = minuteOf(time);
      const slot = place(row, mark, minute);
      return table.mark[slot] === mark && table.row[slot] === row ? faded(slot, minute) : 0;
    },
    add(key, time, amount = 1) {
      const [row, mark] = hashes(key);
      const minute = minuteOf(time);
      let slot = place(row, mark, minute);
      if (table.mark[slot] === mark && table.row[slot] === row) {
        const before = faded(slot, minute);
        const last = table.last[slot] ?? 0;
        table.count[slot] = before + amount;
        table.last[slot] = Math.max(minute, last);
        return { before, first: (table.first[slot] ?? 0) * MINUTE_MS, last: last * MINUTE_MS };
      }
      while (table.mark[slot] !== 0 && table.slots < slotsMax && keys > table.slots * LOAD_MIN) {
        grow();
        slot = place(row, mark, minute);
      }
      if (table.mark[slot] === 0) keys += 1;
      else evicted += 1;
      put(table, slot, row, mark);
      table.count[slot] = amount;
      table.last[slot] = minute;
      table.first[slot] = minute;
      return { before: 0, first: undefined, last: undefined };
    },
    get keys() {
      return keys;
    },
    get evicted() {
      return evicted;
    },
    write(writer) {
      writer.count(keys);
      writer.float(evicted);
      writeTable(writer, table);
    },
    read(reader) {
      keys = reader.count();
      evicted = reader.float();
      table = readTable(reader, keys, slotsMax);
    },
  };
}

function writeTable(writer: StateWriter, table: Table): void {
  writer.count(Math.log2(table.slots));
  for (let slot = 0; slot < table.slots; slot += 1) {
    if (table.mark[slot] === 0) continue;
    writer.count(slot);
    writer.count(table.row[slot] ?? 0);
    writer.count(table.mark[slot] ?? 0);
    writer.float(table.count[slot] ?? 0);
    writer.count(table.last[slot] ?? 0);
    writer.count(table.first[slot] ?? 0);
  }
}

function readTable(reader: StateReader, keys: number, slotsMax: number): Table {
  const slots = 2 ** reader.count();
  if (slots > slotsMax || slots < SLOTS_MIN) throw new RangeError("a table of another size");
  if (keys > slots) throw new RangeError("more keys than places");
  const table = emptyTable(slots);
  for (let left = keys; left > 0; left -= 1) {
    const slot = reader.count();
    if (slot >= slots) throw new RangeError("a place outside of the table");
    put(table, slot, reader.count(), reader.count());
    table.count[slot] = reader.float();
    table.last[slot] = reader.count();
    table.first[slot] = reader.count();
  }
  return table;
}

function put(table: Table, slot: number, row: number, mark: number): void {
  table.row[slot] = row;
  table.mark[slot] = mark;
}

function emptyTable(slots: number): Table {
  return {
    slots,
    row: new Uint32Array(slots),
    mark: new Uint32Array(slots),
    count: new Float32Array(slots),
    last: new Uint32Array(slots),
    first: new Uint32Array(slots),
  };
}

function hashes(key: string): readonly [number, number] {
  // A free place is marked 0.
  return [hashOf(key, 1), hashOf(key, 2) || 1];
}

function minuteOf(time: number): number {
  return Math.max(0, Math.min(0xffffffff, Math.floor(time / MINUTE_MS)));
}
