// The time of a syslog header: RFC 3164 writes neither year nor zone, RFC 5424 and rsyslog's file format
// write ISO 8601, and some devices add a year or a fraction to the old form.
import type { ParseContext } from "../format.ts";
import { readIso, wallTime } from "../time-text.ts";
import { wallToUtc, yearIn } from "../zone-time.ts";

const DAY_MS = 86_400_000;
/** No zone is further from UTC. */
const OFFSET_MAX_MS = 15 * 3_600_000;
const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

/** A time in a header, not yet in UTC. */
interface HeaderTime {
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly milliseconds: number;
  /** Undefined: left out. */
  readonly year: number | undefined;
}

/** What a header's time is, and the index behind it. */
export type ReadTime =
  | { readonly end: number; readonly wallMs: number; readonly offsetMs: number | undefined }
  | { readonly end: number; readonly old: HeaderTime };

// `Nov  1 04:38:16`, `Nov 21 2026 04:38:16`, `Nov 21 04:38:16.123`, `*Nov 21 …` of Cisco, `… CET:`.
const OLD =
  /^[*.]?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (?:(\d{4}) )?(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?: (20\d{2}))?(?= |: |:$|$)/;

/** Reads the time at an index; undefined when there is none. */
export function readHeaderTime(line: string, start: number): ReadTime | undefined {
  const iso = readIso(line, start);
  if (iso !== undefined) return { end: iso.end, wallMs: iso.wallMs, offsetMs: iso.offsetMs };
  const match = OLD.exec(line.slice(start, start + 48));
  if (match === null) return undefined;
  const month = MONTHS.indexOf(match[1] ?? "") / 3 + 1;
  if (!Number.isInteger(month) || month < 1) return undefined;
  const year = match[3] ?? match[8];
  return {
    end: start + match[0].length,
    old: {
      month,
      day: Number(match[2]),
      year: year === undefined ? undefined : Number(year),
      hour: Number(match[4]),
      minute: Number(match[5]),
      second: Number(match[6]),
      milliseconds: Math.floor(Number(`0.${match[7] ?? 0}`) * 1000),
    },
  };
}

/** Milliseconds UTC of a header's time. A missing year is the latest that does not lie ahead. */
export function headerTimeToUtc(time: ReadTime, context: ParseContext): number | undefined {
  if (!("old" in time)) {
    return time.offsetMs === undefined
      ? wallToUtc(time.wallMs, context)
      : time.wallMs - time.offsetMs;
  }
  const { old } = time;
  if (old.year !== undefined) {
    const wall = wallOf(old, old.year);
    return wall === undefined ? undefined : wallToUtc(wall, context);
  }
  const year = yearIn(context.timeZone, context.receivedAt);
  // Two leap years are at most eight years apart, which matters for the 29th of February only.
  for (let candidate = year + 1; candidate >= year - 8; candidate--) {
    const wall = wallOf(old, candidate);
    // Looked at without its zone first, because zones cost time and most candidates lie a year off.
    if (wall === undefined || wall > context.receivedAt + DAY_MS + OFFSET_MAX_MS) continue;
    const utc = wallToUtc(wall, context);
    if (utc <= context.receivedAt + DAY_MS) return utc;
  }
  return undefined;
}

function wallOf(old: HeaderTime, year: number): number | undefined {
  const wall = wallTime(year, old.month, old.day, old.hour, old.minute, old.second);
  return wall === undefined ? undefined : wall + old.milliseconds;
}
