// Times in a shape that a configuration or a record names itself: letters as in Java's SimpleDateFormat
// (`dd.MM.yyyy HH:mm:ss`, also what LEEF's devTimeFormat uses) or as in strftime (`%d.%m.%Y %H:%M:%S`).
// A pattern becomes a list of steps that read a text once from left to right.
import { AppError } from "../../config/errors.ts";
import type { ParseContext } from "./format.ts";
import { headerTimeToUtc } from "./generic/syslog-time.ts";
import { wallTime } from "./time-text.ts";
import { wallToUtc } from "./zone-time.ts";

/** A time that was read, and the index behind it. */
interface PatternTime {
  /** Milliseconds UTC. */
  readonly time: number;
  readonly end: number;
}

export interface TimePattern {
  readonly pattern: string;
  /** The time at an index; undefined when the text has another shape or there is no such date. */
  read(text: string, start: number, context: ParseContext): PatternTime | undefined;
}

/** Longest pattern, in characters. */
const PATTERN_CHARACTERS_MAX = 100;
const MINUTE_MS = 60_000;
const HALF_DAY_HOURS = 12;
/** No zone is further from UTC (ISO 8601 allows for 18 hours). */
const OFFSET_MINUTES_MAX = 18 * 60;

/** What a text gave so far. */
interface Parts {
  year: number | undefined;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  milliseconds: number;
  isAfternoon: boolean | undefined;
  offsetMs: number | undefined;
}

/** Reads one part at an index: the index behind it, or -1. */
type Step = (text: string, at: number, parts: Parts) => number;

/**
 * Compiles a pattern; with a `%` in it it is read as strftime.
 * @throws AppError HW_CONFIG_INVALID when it names what is no part of a time, or neither day nor hour
 */
export function compileTimePattern(pattern: string): TimePattern {
  if (pattern.length === 0 || pattern.length > PATTERN_CHARACTERS_MAX) {
    throw invalid(pattern, `1 to ${PATTERN_CHARACTERS_MAX} characters`);
  }
  const letters = pattern.includes("%") ? fromStrftime(pattern) : pattern;
  const steps: Step[] = [];
  const used = new Set<string>();
  for (let at = 0; at < letters.length; ) {
    const char = letters[at] ?? "";
    if (char === "'") {
      const end = letters.indexOf("'", at + 1);
      if (end === -1) throw invalid(pattern, "a quotation mark is not closed");
      steps.push(literal(end === at + 1 ? "'" : letters.slice(at + 1, end)));
      at = end + 1;
      continue;
    }
    let end = at + 1;
    while (letters[end] === char) end++;
    if (/[A-Za-z]/.test(char)) {
      const isTight = [letters[at - 1], letters[end]].some((one) => /[A-Za-z]/.test(one ?? ""));
      steps.push(stepOf(char, end - at, pattern, isTight));
      used.add(char);
    } else steps.push(literal(letters.slice(at, end)));
    at = end;
  }
  const hasDay = used.has("d") && used.has("M");
  if (!hasDay || !(used.has("H") || used.has("h"))) {
    throw invalid(pattern, "day, month and hour have to be in it");
  }
  return { pattern, read: (text, start, context) => readSteps(steps, text, start, context) };
}

function readSteps(
  steps: readonly Step[],
  text: string,
  start: number,
  context: ParseContext,
): PatternTime | undefined {
  const parts: Parts = {
    year: undefined,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    milliseconds: 0,
    isAfternoon: undefined,
    offsetMs: undefined,
  };
  let at = start;
  for (const step of steps) {
    at = step(text, at, parts);
    if (at === -1) return undefined;
  }
  const time = utcOf(parts, context);
  return time === undefined ? undefined : { time, end: at };
}

function utcOf(parts: Parts, context: ParseContext): number | undefined {
  const { month, day, minute, second, milliseconds } = parts;
  const hour =
    parts.isAfternoon === undefined
      ? parts.hour
      : (parts.hour % HALF_DAY_HOURS) + (parts.isAfternoon ? HALF_DAY_HOURS : 0);
  if (parts.year === undefined) {
    // Without a year it is the latest that does not lie ahead, as in syslog.
    const old = { month, day, hour, minute, second, milliseconds, year: undefined };
    return headerTimeToUtc({ end: 0, old }, context);
  }
  const wall = wallTime(parts.year, month, day, hour, minute, second);
  if (wall === undefined) return undefined;
  const wallMs = wall + milliseconds;
  return parts.offsetMs === undefined ? wallToUtc(wallMs, context) : wallMs - parts.offsetMs;
}

// strftime's letters as SimpleDateFormat's.
const STRFTIME: Readonly<Record<string, string>> = {
  Y: "yyyy",
  y: "yy",
  m: "MM",
  d: "dd",
  e: "d",
  b: "MMM",
  B: "MMMM",
  h: "MMM",
  H: "HH",
  I: "hh",
  M: "mm",
  S: "ss",
  f: "SSSSSS",
  L: "SSS",
  p: "a",
  z: "Z",
  Z: "z",
  a: "EEE",
  A: "EEEE",
  T: "HH:mm:ss",
  F: "yyyy-MM-dd",
  R: "HH:mm",
};

function fromStrftime(pattern: string): string {
  let letters = "";
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] ?? "";
    if (char !== "%") {
      letters += /[A-Za-z]/.test(char) ? `'${char}'` : char === "'" ? "''" : char;
      continue;
    }
    at++;
    const letter = pattern[at] ?? "";
    if (letter === "%") letters += "%";
    else {
      const known = Object.hasOwn(STRFTIME, letter) ? STRFTIME[letter] : undefined;
      if (known === undefined) throw invalid(pattern, `%${letter} is not known`);
      letters += known;
    }
  }
  return letters;
}

function stepOf(letter: string, width: number, pattern: string, isTight: boolean): Step {
  const number = (set: (parts: Parts, value: number) => void) => numberStep(width, isTight, set);
  switch (letter) {
    case "y":
    case "u":
      return width === 2
        ? numberStep(2, true, (parts, value) => {
            parts.year = value < 70 ? 2000 + value : 1900 + value;
          })
        : numberStep(4, true, (parts, value) => {
            parts.year = value;
          });
    case "M":
    case "L":
      return width < 3
        ? number((parts, value) => {
            parts.month = value;
          })
        : readMonth;
    case "d":
      return number((parts, value) => {
        parts.day = value;
      });
    case "H":
    case "h":
      return number((parts, value) => {
        parts.hour = value;
      });
    case "m":
      return number((parts, value) => {
        parts.minute = value;
      });
    case "s":
      return number((parts, value) => {
        parts.second = value;
      });
    case "S":
      return readFraction;
    case "a":
      return readHalf;
    case "Z":
    case "X":
    case "x":
    case "z":
      return readZone;
    case "E":
      return readWord;
    default:
      throw invalid(pattern, `the letter ${letter} is not known`);
  }
}

function literal(wanted: string): Step {
  return (text, at) => (text.startsWith(wanted, at) ? at + wanted.length : -1);
}

// `dd` takes `07`, ` 7` and, where no other number follows at once, `7`; `d` takes `7` and `17`.
function numberStep(
  width: number,
  isTight: boolean,
  set: (parts: Parts, value: number) => void,
): Step {
  const digitsMax = Math.max(2, width);
  return (text, at, parts) => {
    const start = !isTight && text[at] === " " ? at + 1 : at;
    let end = start;
    let value = 0;
    while (end - start < digitsMax && isDigit(text.charCodeAt(end))) {
      value = value * 10 + text.charCodeAt(end) - 0x30;
      end++;
    }
    if (end === start || (isTight && end - start < width)) return -1;
    set(parts, value);
    return end;
  };
}

function readFraction(text: string, at: number, parts: Parts): number {
  let end = at;
  while (isDigit(text.charCodeAt(end)) && end - at < 9) end++;
  if (end === at) return -1;
  parts.milliseconds = Math.floor(Number(`0.${text.slice(at, end)}`) * 1000);
  return end;
}

// The first letters tell the month, in English and in German, with or without a point.
const MONTHS: readonly (readonly string[])[] = [
  ["jan", "jän"],
  ["feb"],
  ["mar", "mär", "mrz"],
  ["apr"],
  ["may", "mai"],
  ["jun"],
  ["jul"],
  ["aug"],
  ["sep"],
  ["oct", "okt"],
  ["nov"],
  ["dec", "dez"],
];

function readMonth(text: string, at: number, parts: Parts): number {
  const end = readWord(text, at);
  const name = text.slice(at, at + 3).toLowerCase();
  const month = end === -1 ? -1 : MONTHS.findIndex((names) => names.includes(name));
  if (month === -1) return -1;
  parts.month = month + 1;
  return end;
}

function readHalf(text: string, at: number, parts: Parts): number {
  const half = /^([ap])\.?m\.?/i.exec(text.slice(at, at + 4));
  if (half === null) return -1;
  parts.isAfternoon = half[1]?.toLowerCase() === "p";
  return at + half[0].length;
}

// Names of zones that German logs hold; others say nothing certain, and then the source's zone stands.
const ZONES: Readonly<Record<string, number>> = {
  UTC: 0,
  GMT: 0,
  Z: 0,
  CET: 60,
  MEZ: 60,
  CEST: 120,
  MESZ: 120,
};

function readZone(text: string, at: number, parts: Parts): number {
  const offset = /^([+-])(\d{2}):?(\d{2})?/.exec(text.slice(at, at + 6));
  if (offset !== null) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
    if (minutes > OFFSET_MINUTES_MAX) return -1;
    parts.offsetMs = (offset[1] === "-" ? -1 : 1) * minutes * MINUTE_MS;
    return at + offset[0].length;
  }
  const name = /^[A-Z]{1,5}/.exec(text.slice(at, at + 5))?.[0];
  if (name === undefined) return -1;
  const known = Object.hasOwn(ZONES, name) ? ZONES[name] : undefined;
  if (known !== undefined) parts.offsetMs = known * MINUTE_MS;
  return at + name.length;
}

function readWord(text: string, at: number): number {
  const word = /^\p{L}{1,12}\.?/u.exec(text.slice(at, at + 14));
  return word === null ? -1 : at + word[0].length;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function invalid(pattern: string, message: string): AppError {
  return new AppError("HW_CONFIG_INVALID", `time format "${pattern}": ${message}`);
}
