// Times as a mapping file describes them: under which name they lie and how they are written.
import type { ParseContext } from "../format.ts";
import { headerTimeToUtc, readHeaderTime } from "../generic/syslog-time.ts";
import { compileTimePattern } from "../time-pattern.ts";
import { epochTime, readIso, timeOf } from "../time-text.ts";
import { wallToUtc } from "../zone-time.ts";
import type { PieceMatch } from "./pieces.ts";

/** A time that was read, and the index behind it. */
interface ReadAt {
  readonly time: number;
  readonly end: number;
}
type ReadTime = (text: string, start: number, context: ParseContext) => ReadAt | undefined;

export interface TimeReader {
  /** Milliseconds UTC of a whole value; undefined when it is written otherwise. */
  read(value: unknown, context: ParseContext): number | undefined;
  /** What `%{TIME}` stands for at an index of a line. */
  readonly piece: (text: string, start: number) => PieceMatch | undefined;
}

/** Nothing is lost: values that are longer are no times. */
const TIME_CHARACTERS_MAX = 100;
// Where a piece ends does not depend on zone and year.
const ANY_CONTEXT: ParseContext = { timeZone: "UTC", receivedAt: Date.UTC(2100, 0, 1) };

/**
 * A reader for one or several ways of writing, tried in their order: `auto`, `iso`, `epoch` (its unit
 * shows in its size), `epoch-s`, `-ms`, `-us`, `-ns`, `syslog`, or a pattern such as `dd.MM.yyyy HH:mm:ss`.
 * @throws AppError HW_CONFIG_INVALID for a pattern that can't be compiled
 */
export function createTimeReader(formats: readonly string[], zone: string | undefined): TimeReader {
  const readers = formats.map(readerOf);
  const inZone = (context: ParseContext) =>
    zone === undefined ? context : { ...context, timeZone: zone };
  return {
    read(value, context) {
      if (typeof value === "number") return numberTime(formats, value);
      if (typeof value !== "string") return undefined;
      const text = value.trim();
      if (text === "" || text.length > TIME_CHARACTERS_MAX) return undefined;
      for (const read of readers) {
        const found = read(text, 0, inZone(context));
        if (found?.end === text.length) return found.time;
      }
      return undefined;
    },
    piece(text, start) {
      for (const read of readers) {
        const found = read(text, start, ANY_CONTEXT);
        if (found !== undefined) return { end: found.end, value: text.slice(start, found.end) };
      }
      return undefined;
    },
  };
}

const UNIT_MS: Readonly<Record<string, number>> = {
  "epoch-s": 1000,
  "epoch-ms": 1,
  "epoch-us": 1e-3,
  "epoch-ns": 1e-6,
};

/** The last moment that a Date can hold (ECMA-262, 21.4.1.1). */
const TIME_MAX_MS = 8.64e15;

function inUnit(value: number, unitMs: number): number | undefined {
  const time = Math.round(value * unitMs);
  return Math.abs(time) <= TIME_MAX_MS ? time : undefined;
}

function numberTime(formats: readonly string[], value: number): number | undefined {
  for (const format of formats) {
    const unit = UNIT_MS[format];
    if (unit !== undefined) return inUnit(value, unit);
    if (format === "auto" || format === "epoch") return epochTime(value);
  }
  return undefined;
}

function readerOf(format: string): ReadTime {
  switch (format) {
    case "auto":
      return readAny;
    case "iso":
      return readIsoAt;
    case "syslog":
      return readSyslogAt;
    case "epoch":
      return (text, start) => readNumberAt(text, start, epochTime);
    default: {
      const unit = UNIT_MS[format];
      if (unit !== undefined) {
        return (text, start) => readNumberAt(text, start, (value) => inUnit(value, unit));
      }
      const pattern = compileTimePattern(format);
      return (text, start, context) => pattern.read(text, start, context);
    }
  }
}

const readAny: ReadTime = (text, start, context) => {
  const found =
    readIsoAt(text, start, context) ??
    readSyslogAt(text, start, context) ??
    readNumberAt(text, start, epochTime);
  if (found !== undefined || start > 0) return found;
  const time = timeOf(text, context);
  return time === undefined ? undefined : { time, end: text.length };
};

const readIsoAt: ReadTime = (text, start, context) => {
  const iso = readIso(text, start);
  if (iso === undefined) return undefined;
  const time =
    iso.offsetMs === undefined ? wallToUtc(iso.wallMs, context) : iso.wallMs - iso.offsetMs;
  return { time, end: iso.end };
};

const readSyslogAt: ReadTime = (text, start, context) => {
  const read = readHeaderTime(text, start);
  const time = read === undefined ? undefined : headerTimeToUtc(read, context);
  return read === undefined || time === undefined ? undefined : { time, end: read.end };
};

function readNumberAt(
  text: string,
  start: number,
  timeOfNumber: (value: number) => number | undefined,
): ReadAt | undefined {
  const digits = /^\d{9,20}(?:\.\d{1,9})?/.exec(text.slice(start, start + 32))?.[0];
  const time = digits === undefined ? undefined : timeOfNumber(Number(digits));
  return digits === undefined || time === undefined
    ? undefined
    : { time, end: start + digits.length };
}
