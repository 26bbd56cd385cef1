// Times as logs write them: ISO 8601 with or without zone, and numbers since 1970 in seconds,
// milliseconds, microseconds or nanoseconds. Strict, because `Date.parse` makes dates of nonsense.
import type { ParseContext } from "./format.ts";
import { wallToUtc } from "./zone-time.ts";

/** An ISO 8601 time taken apart. */
export interface IsoTime {
  /** The date and time written, as if it were UTC, in milliseconds. */
  readonly wallMs: number;
  /** East of UTC; undefined when none is written. */
  readonly offsetMs: number | undefined;
  /** Index behind its last character. */
  readonly end: number;
}

const MINUTE_MS = 60_000;
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Reads `YYYY-MM-DD[T ]hh:mm[:ss[.fraction]][Z|±hh[:]mm]` at an index. */
export function readIso(text: string, start = 0): IsoTime | undefined {
  // The separators first: most texts that are asked for a time have none of them.
  if (text[start + 4] !== "-" || text[start + 7] !== "-" || text[start + 13] !== ":") {
    return undefined;
  }
  const year = digits(text, start, 4);
  const month = digits(text, start + 5, 2);
  const day = digits(text, start + 8, 2);
  const between = text[start + 10];
  if (between !== "T" && between !== " " && between !== "t") return undefined;
  const hour = digits(text, start + 11, 2);
  const minute = digits(text, start + 14, 2);
  let at = start + 16;
  let second = 0;
  let milliseconds = 0;
  if (text[at] === ":") {
    second = digits(text, at + 1, 2);
    at += 3;
    const point = text[at];
    if ((point === "." || point === ",") && isDigit(text.charCodeAt(at + 1))) {
      milliseconds = firstMilliseconds(text, at + 1);
      at = endOfDigits(text, at + 1);
    }
  }
  const wallMs = wallTime(year, month, day, hour, minute, second);
  if (wallMs === undefined) return undefined;
  return { wallMs: wallMs + milliseconds, ...readOffset(text, at) };
}

/** Milliseconds as if UTC of a checked date and time; undefined when there is no such date. */
export function wallTime(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | undefined {
  // Date.UTC takes the years 0 to 99 for 1900 to 1999, and no log is that old.
  if (!(year >= 100 && month >= 1 && month <= 12 && day >= 1)) return undefined;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 && !leap ? 28 : (MONTH_DAYS[month - 1] ?? 0);
  if (!(day <= days && hour <= 23 && minute <= 59 && second <= 60)) return undefined;
  return midnight(year, month, day) + ((hour * 60 + minute) * 60 + second) * 1000;
}

let newestDay = Number.NaN;
let newestMidnight = Number.NaN;

// The times of a log lie on few days, one after the other.
function midnight(year: number, month: number, day: number): number {
  const number = (year * 16 + month) * 32 + day;
  if (number !== newestDay) {
    newestMidnight = Date.UTC(year, month - 1, day);
    newestDay = number;
  }
  return newestMidnight;
}

/** Milliseconds UTC of an ISO time that fills the text; without a zone it is that of the context. */
export function isoTime(text: string, context?: ParseContext): number | undefined {
  const iso = readIso(text);
  if (iso === undefined || iso.end !== text.length) return undefined;
  if (iso.offsetMs !== undefined) return iso.wallMs - iso.offsetMs;
  return context === undefined ? undefined : wallToUtc(iso.wallMs, context);
}

/** Milliseconds of a number since 1970, whose unit shows in its size (seconds up to year 5138). */
export function epochTime(value: number): number | undefined {
  if (!Number.isFinite(value) || value <= 0) return undefined;
  if (value < 1e11) return Math.round(value * 1000);
  if (value < 1e14) return Math.round(value);
  if (value < 1e17) return Math.round(value / 1000);
  return value < 1e20 ? Math.round(value / 1e6) : undefined;
}

/** Time of any value that a JSON field may hold; without a zone it is that of the context, if given. */
export function timeOf(value: unknown, context?: ParseContext): number | undefined {
  if (typeof value === "number") return epochTime(value);
  if (typeof value !== "string" || value.length > 64) return undefined;
  if (value[4] !== "-" && /^\d{9,20}(?:\.\d{1,9})?$/.test(value)) return epochTime(Number(value));
  return isoTime(value, context);
}

function readOffset(text: string, at: number): { offsetMs: number | undefined; end: number } {
  const sign = text[at];
  if (sign === "Z" || sign === "z") return { offsetMs: 0, end: at + 1 };
  if (sign !== "+" && sign !== "-") return { offsetMs: undefined, end: at };
  const hours = digits(text, at + 1, 2);
  const colon = text[at + 3] === ":" ? 1 : 0;
  const minutes = digits(text, at + 3 + colon, 2);
  if (!(hours <= 18)) return { offsetMs: undefined, end: at };
  const whole = Number.isNaN(minutes) ? 0 : minutes;
  const end = Number.isNaN(minutes) ? at + 3 : at + 5 + colon;
  return { offsetMs: (sign === "-" ? -1 : 1) * (hours * 60 + whole) * MINUTE_MS, end };
}

// NaN when one of the characters is no digit: every comparison with it is false.
function digits(text: string, start: number, count: number): number {
  let value = 0;
  for (let index = start; index < start + count; index++) {
    const code = text.charCodeAt(index);
    if (!isDigit(code)) return Number.NaN;
    value = value * 10 + code - 0x30;
  }
  return value;
}

// Of a fraction of a second, cut off and not rounded: a log's time is never in its own future.
function firstMilliseconds(text: string, start: number): number {
  let value = 0;
  for (let index = start; index < start + 3; index++) {
    const code = text.charCodeAt(index);
    if (!isDigit(code)) return value * 10 ** (start + 3 - index);
    value = value * 10 + code - 0x30;
  }
  return value;
}

function endOfDigits(text: string, start: number): number {
  let end = start;
  while (isDigit(text.charCodeAt(end))) end++;
  return end;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
