// Wall-clock time of an IANA zone to UTC, with daylight saving time as the zone had it on that day.
import type { ParseContext } from "./format.ts";

const MINUTE_MS = 60_000;
// No zone in use changes its offset anywhere but on a quarter of an hour.
const BUCKET_MS = 15 * MINUTE_MS;
/** A record this young was sent live, so the hour that the clock repeats can be told apart. */
const LIVE_MS = 30 * MINUTE_MS;

interface Offsets {
  readonly bucket: number;
  readonly earlierMs: number;
  readonly laterMs: number;
}

// Log lines come in order, so the last quarter of an hour per zone is nearly always the right one.
const lastOffsets = new Map<string, Offsets>();
const ZONES_MAX = 600;

/**
 * UTC milliseconds of a wall-clock time, given as milliseconds as if it were UTC. A time that the clock
 * skipped is read with the offset before the change. A time that it shows twice is the first one,
 * unless the record was received within 30 minutes of the second.
 */
export function wallToUtc(wallMs: number, context: ParseContext): number {
  const bucket = Math.floor(wallMs / BUCKET_MS);
  let offsets = lastOffsets.get(context.timeZone);
  if (offsets === undefined || offsets.bucket !== bucket) {
    offsets = findOffsets(bucket, context.timeZone);
    if (lastOffsets.size >= ZONES_MAX) lastOffsets.clear();
    lastOffsets.set(context.timeZone, offsets);
  }
  if (offsets.earlierMs === offsets.laterMs) return wallMs - offsets.earlierMs;
  const later = wallMs - offsets.laterMs;
  return Math.abs(context.receivedAt - later) <= LIVE_MS ? later : wallMs - offsets.earlierMs;
}

// Years begin on a quarter of an hour, in every zone.
let lastYear = { bucket: Number.NaN, timeZone: "", year: 0 };

/** The wall-clock year in a zone at a moment. */
export function yearIn(timeZone: string, utcMs: number): number {
  const bucket = Math.floor(utcMs / BUCKET_MS);
  if (lastYear.bucket !== bucket || lastYear.timeZone !== timeZone) {
    const moment = Temporal.Instant.fromEpochMilliseconds(utcMs);
    lastYear = { bucket, timeZone, year: moment.toZonedDateTimeISO(timeZone).year };
  }
  return lastYear.year;
}

function findOffsets(bucket: number, timeZone: string): Offsets {
  const wall = new Date(bucket * BUCKET_MS);
  const plain = Temporal.PlainDateTime.from(wall.toISOString().slice(0, -1));
  const compatible = plain.toZonedDateTime(timeZone).offsetNanoseconds / 1e6;
  const earlier = plain.toZonedDateTime(timeZone, { disambiguation: "earlier" });
  const later = plain.toZonedDateTime(timeZone, { disambiguation: "later" });
  const wallKept = earlier.toPlainDateTime().equals(plain);
  if (!wallKept) {
    // Skipped by the clock: `wall - offset before the change`, which shows as a later wall time.
    const beforeMs = wall.getTime() - later.epochMilliseconds;
    return { bucket, earlierMs: beforeMs, laterMs: beforeMs };
  }
  return { bucket, earlierMs: compatible, laterMs: later.offsetNanoseconds / 1e6 };
}
