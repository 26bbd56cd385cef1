// Writes the two times of Windows as ISO 8601 in UTC.
import type { JsonBytes } from "./json-bytes.ts";

/** Milliseconds from 1601, where Windows begins to count, to 1970. */
const EPOCH_MS = 11_644_473_600_000;
const TICKS_PER_MS = 10_000;
const DAY_MS = 86_400_000;

const HYPHEN = 0x2d;
const T = 0x54;
const COLON = 0x3a;
const POINT = 0x2e;
const Z = 0x5a;

let lastDay = Number.NaN;
let lastDayText = "";

/** A FILETIME (100 ns since 1601) by its halves, with microseconds. */
export function writeFileTime(out: JsonBytes, low: number, high: number): void {
  // 64 bits are more than a number holds exactly: the division is done half by half.
  const rest = (high % TICKS_PER_MS) * 0x1_0000_0000 + low;
  const ms = Math.floor(high / TICKS_PER_MS) * 0x1_0000_0000 + Math.floor(rest / TICKS_PER_MS);
  const micros = Math.floor((rest % TICKS_PER_MS) / 10);
  const day = Math.floor(ms / DAY_MS);
  // Events of one log are of a few days.
  if (day !== lastDay) {
    lastDay = day;
    const iso = new Date(day * DAY_MS - EPOCH_MS).toISOString();
    lastDayText = iso.slice(0, iso.indexOf("T"));
  }
  const inDay = ms - day * DAY_MS;
  out.plain(lastDayText);
  out.mark(T);
  writeClock(out, Math.floor(inDay / 1000));
  out.mark(POINT);
  out.decimal((inDay % 1000) * 1000 + micros, 6);
  out.mark(Z);
}

function writeClock(out: JsonBytes, seconds: number): void {
  out.decimal(Math.floor(seconds / 3600), 2);
  out.mark(COLON);
  out.decimal(Math.floor(seconds / 60) % 60, 2);
  out.mark(COLON);
  out.decimal(seconds % 60, 2);
}

/** A SYSTEMTIME at a place: year, month, weekday, day, hour, minute, second, ms, 16 bits each. */
export function writeSystemTime(out: JsonBytes, view: DataView, at: number): void {
  const part = (index: number, width: number, mark: number): void => {
    out.decimal(view.getUint16(at + 2 * index, true), width);
    out.mark(mark);
  };
  part(0, 4, HYPHEN);
  part(1, 2, HYPHEN);
  part(3, 2, T);
  part(4, 2, COLON);
  part(5, 2, COLON);
  part(6, 2, POINT);
  part(7, 3, Z);
}
