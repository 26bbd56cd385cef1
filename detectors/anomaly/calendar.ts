// Which hour of the week a time belongs to, as people in Lower Saxony live it: local time with summer time,
// public holidays like a Sunday. Pure arithmetic, because a formatter per event would cost more than a model.

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const WEEK_HOURS = 168;
const SUNDAY = 6;
const FIXED_HOLIDAYS: ReadonlySet<number> = new Set([101, 501, 1003, 1031, 1225, 1226]);
/** Days after Easter Sunday: Good Friday, Easter Monday, Ascension, Whit Monday. */
const EASTER_HOLIDAYS: readonly number[] = [-2, 1, 39, 50];
/** Years whose holidays are remembered; a stream with hostile times must not fill memory. */
const YEARS_MAX = 64;
/** Largest time that a Date can hold, in either direction. */
const TIME_MAX = 8.64e15;

const holidaysOfYears = new Map<number, ReadonlySet<number>>();

/**
 * Hour of the week in Europe/Berlin: 0 is Monday 00:00 to 00:59, 167 Sunday 23:00. Hours of a public holiday
 * of Lower Saxony count as those of a Sunday. A time that no calendar has (NaN, ±Infinity) gives 0.
 */
export function hourOfWeek(time: number): number {
  const local = berlinTime(time);
  const day = Math.floor(local / DAY_MS);
  const weekday = isHoliday(day) ? SUNDAY : weekdayOf(day);
  return weekday * 24 + Math.floor((local - day * DAY_MS) / HOUR_MS);
}

/** Number of different values of `hourOfWeek`. */
export const HOURS_OF_WEEK = WEEK_HOURS;

/** Days since 1970 of the date in Europe/Berlin. */
export function berlinDay(time: number): number {
  return Math.floor(berlinTime(time) / DAY_MS);
}

/** Hour of the day in Europe/Berlin, 0 to 23. */
export function berlinHour(time: number): number {
  const local = berlinTime(time);
  return Math.floor((local - Math.floor(local / DAY_MS) * DAY_MS) / HOUR_MS);
}

/** Whether nobody is expected at a desk: Saturday, Sunday or public holiday in Europe/Berlin. */
export function isDayOff(time: number): boolean {
  const day = berlinDay(time);
  return weekdayOf(day) >= 5 || isHoliday(day);
}

/** Milliseconds since 1970 as a clock on the wall in Berlin would count them. */
function berlinTime(time: number): number {
  if (!(Math.abs(time) <= TIME_MAX)) return 0;
  const year = new Date(time).getUTCFullYear();
  // Since 1996 in the whole EU: from 01:00 UTC of the last Sunday of March to that of October.
  const summer = time >= lastSunday(year, 2) + HOUR_MS && time < lastSunday(year, 9) + HOUR_MS;
  return time + (summer ? 2 : 1) * HOUR_MS;
}

/** Midnight UTC of the last Sunday of a month (0 to 11) of 31 days. */
function lastSunday(year: number, month: number): number {
  const last = Date.UTC(year, month, 31);
  return last - ((weekdayOf(Math.floor(last / DAY_MS)) + 1) % 7) * DAY_MS;
}

/** 0 Monday to 6 Sunday; 1970-01-01 was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** Whether a date, in days since 1970, is a public holiday of Lower Saxony. */
export function isHoliday(day: number): boolean {
  const year = new Date(Math.max(-TIME_MAX, Math.min(TIME_MAX, day * DAY_MS))).getUTCFullYear();
  let holidays = holidaysOfYears.get(year);
  if (holidays === undefined) {
    if (holidaysOfYears.size >= YEARS_MAX) holidaysOfYears.clear();
    holidays = holidaysOf(year);
    holidaysOfYears.set(year, holidays);
  }
  return holidays.has(day);
}

function holidaysOf(year: number): ReadonlySet<number> {
  const days = new Set<number>();
  for (const date of FIXED_HOLIDAYS) {
    // Reformation Day is a holiday of Lower Saxony since 2018.
    if (date === 1031 && year < 2018) continue;
    days.add(Date.UTC(year, Math.floor(date / 100) - 1, date % 100) / DAY_MS);
  }
  const easter = easterOf(year);
  for (const distance of EASTER_HOLIDAYS) days.add(easter + distance);
  return days;
}

/** Day of Easter Sunday since 1970: Gauss's computus in Lichtenberg's form, valid for the Gregorian calendar. */
function easterOf(year: number): number {
  const century = Math.floor(year / 100);
  const moonShift = 15 + Math.floor((3 * century + 3) / 4) - Math.floor((8 * century + 13) / 25);
  const sunShift = 2 - Math.floor((3 * century + 3) / 4);
  const moon = ((year % 19) + 19) % 19;
  const seed = (19 * moon + moonShift) % 30;
  const correction = Math.floor((seed + Math.floor(moon / 11)) / 29);
  const limit = 21 + seed - correction;
  const firstSunday = 7 - ((year + Math.floor(year / 4) + sunShift) % 7);
  const marchDay = limit + 7 - ((limit - firstSunday) % 7);
  return Date.UTC(year, 2, marchDay) / DAY_MS;
}
