// The day on which a time lies in a time zone. Days are asked for once an event and seldom change.

/** Zones differ from UTC by whole quarters of an hour, and change their clocks at such times. */
const QUARTER_MS = 900_000;
const REMEMBERED_MAX = 20_000;

/**
 * `2026-11-21` for a time in milliseconds since 1970 UTC.
 * @param timeZone IANA name
 * @throws RangeError for a zone that does not exist
 */
export function createDayOf(timeZone: string): (time: number) => string {
  // Swedish writes dates as ISO 8601 has them.
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  let remembered = new Map<number, string>();
  return (time) => {
    const quarter = Math.floor(time / QUARTER_MS);
    const known = remembered.get(quarter);
    if (known !== undefined) return known;
    if (remembered.size >= REMEMBERED_MAX) remembered = new Map();
    const day = format.format(quarter * QUARTER_MS);
    remembered.set(quarter, day);
    return day;
  };
}
