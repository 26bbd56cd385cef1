// The simulator's entrance: a county and one working day of its logs, with or without an intrusion,
// as a stream of records in the order of time and the truth beside it. Same seed, same bytes.
import { isDayOff } from "../../detectors/anomaly/calendar.ts";
import { buildCounty, type County } from "./county/county.ts";
import { ADMINISTRATION_ACTIVITIES } from "./day/administration.ts";
import { DESK_ACTIVITIES } from "./day/desk.ts";
import { DIRECTORY_ACTIVITIES } from "./day/directory.ts";
import { LINUX_ACTIVITIES } from "./day/linux-servers.ts";
import { ODDITIES } from "./day/oddities.ts";
import { PERIMETER_ACTIVITIES } from "./day/perimeter.ts";
import { UPKEEP_ACTIVITIES } from "./day/upkeep.ts";
import { scheduleWorkday } from "./day/workday.ts";
import { createStamp } from "./emit/stamp.ts";
import { movedBackup, scheduleChanges } from "./history/changes.ts";
import { workforceOf } from "./history/workforce.ts";
import { scheduleIntrusion } from "./intrusion/plan.ts";
import { createRandom } from "./random.ts";
import type { SimulatedRecord } from "./record.ts";
import { type Activity, ADMINISTRATORS, NIGHT, OFFICE, type Rhythm, schedule } from "./rhythm.ts";
import { createTimeline, type Timeline } from "./timeline.ts";
import { createTruthBook, type Truth, type TruthBook } from "./truth.ts";
import { HOUR, type World } from "./world.ts";

export interface SimulationOptions {
  /** Draws county, day and intrusion. */
  readonly seed: string | number;
  /** Local day as `YYYY-MM-DD`; drawn from the seed (a working day in the past) when left out. */
  readonly day?: string;
  readonly staffAccounts?: number;
  /** About how many records the day has. */
  readonly eventsTarget?: number;
  readonly intrusion: boolean;
  /** Ordinary days before the day, weekends and holidays among them. */
  readonly historyDays?: number;
}

export interface Simulation {
  readonly county: County;
  /** Local midnight of the day, milliseconds since 1970 UTC. */
  readonly dayStart: number;
  /** The records in the order of time; can be read once. */
  readonly records: Generator<SimulatedRecord>;
  /** The truth about the records read so far; complete when all were read. */
  readonly truth: () => Truth;
}

export const STAFF_ACCOUNTS_DEFAULT = 1400;
const EVENTS_TARGET_DEFAULT = 60_000;
/** Zone of the simulated county. */
const TIME_ZONE = "Europe/Berlin";
// Records of an ordinary day at scale 1, measured over ten seeds with 1,400 accounts: of the everyday
// activities, of people arriving and leaving, and of the IT department.
const EVERYDAY_RECORDS = 49_300;
const WORKDAY_RECORDS_PER_ACCOUNT = 6.1;
const ADMINISTRATION_RECORDS = 2300;
const DAY_MS = 24 * HOUR;
/** By how much one day of a history is busier than another. */
const BUSY_DEVIATION = 0.08;
/** What people do: on days off only those who are there. */
const PEOPLE: ReadonlySet<Rhythm> = new Set([OFFICE, ADMINISTRATORS]);

/** Everyday activities whose number grows with the volume asked for. */
const SCALED = [
  ...DESK_ACTIVITIES,
  ...DIRECTORY_ACTIVITIES,
  ...PERIMETER_ACTIVITIES,
  ...LINUX_ACTIVITIES,
];

/**
 * A working day of a county, with an intrusion in it when asked for, and as many ordinary days before it as its
 * history has. Days of a history have habits, leave and changes; a day alone is drawn without them.
 */
export function simulate(options: SimulationOptions): Simulation {
  const seed = String(options.seed);
  const { historyDays = 0 } = options;
  const stage = setStage(seed, options);
  const { world, book, timeline } = stage;
  if (historyDays === 0) scheduleDay(world, options);
  for (let back = historyDays; historyDays > 0 && back >= 0; back -= 1) {
    const date = stage.date.subtract({ days: back });
    timeline.at(midnightOf(date).epochMilliseconds, () => {
      const day = historyDay(world, date, back);
      scheduleDay(day, options);
      if (back === 0 && options.intrusion) scheduleIntrusion(day, book.plan);
    });
  }
  if (historyDays === 0 && options.intrusion) scheduleIntrusion(world, book.plan);
  return stage.simulation;
}

/** Everything that an ordinary day has. */
function scheduleDay(world: World, options: SimulationOptions): void {
  const { today, present } = world;
  const { length } = world.county.staff;
  const target = options.eventsTarget ?? EVENTS_TARGET_DEFAULT;
  // A county with a history has as many records as its people make.
  const scale = today === undefined ? scaleOf(target, length) : length / STAFF_ACCOUNTS_DEFAULT;
  scheduleWorkday(world, scale);
  const isMachines = (activity: Activity) => !PEOPLE.has(activity.rhythm);
  const share = today?.isOff === true ? (present?.length ?? length) / length : 1;
  const busy = today === undefined ? 1 : world.random.fork("busy").normal(1, BUSY_DEVIATION);
  const times = (activity: Activity) => (isMachines(activity) ? 1 : share * busy);
  for (const activity of SCALED) schedule(world, activity, scale * times(activity));
  // The IT department does what it does, however many of the ordinary records are kept.
  for (const activity of [...ADMINISTRATION_ACTIVITIES, ...UPKEEP_ACTIVITIES, ...ODDITIES]) {
    const isBackup = activity.rhythm === NIGHT;
    const own = today && isBackup ? movedBackup(activity, world, today) : activity;
    schedule(world, own, times(activity));
  }
  if (today !== undefined) scheduleChanges(world, today, present ?? []);
}

/** A day of a history: the last one has the draws of the seed itself, as a day alone has. */
function historyDay(world: World, date: Temporal.PlainDate, back: number): World {
  const midnight = midnightOf(date);
  const dayStart = midnight.epochMilliseconds;
  const utcOffsetMs = midnight.offsetNanoseconds / 1e6;
  const number = Math.round((dayStart + utcOffsetMs) / DAY_MS);
  const today = { number, isOff: isDayOff(dayStart + 12 * HOUR) };
  const random = back === 0 ? world.random : world.random.fork(`day/${date.toString()}`);
  return { ...world, ...workforceOf(world.county, today), today, dayStart, utcOffsetMs, random };
}

/** By how much the everyday activities must grow or shrink so that the day has its target. */
function scaleOf(eventsTarget: number, staffAccounts: number): number {
  const workday = staffAccounts * WORKDAY_RECORDS_PER_ACCOUNT;
  const rest = eventsTarget - ADMINISTRATION_RECORDS;
  // Nobody arrives twice: above scale 1 only the everyday activities grow.
  const grown = (rest - workday) / EVERYDAY_RECORDS;
  return grown >= 1 ? grown : Math.max(0.001, rest / (EVERYDAY_RECORDS + workday));
}

/** An ordinary working day: whatever is found in it is false. */
export function quietDay(options: Omit<SimulationOptions, "intrusion">): Simulation {
  return simulate({ ...options, intrusion: false });
}

/** The records of the intrusion alone, without the county's ordinary work. */
export function attackOnly(
  options: Omit<SimulationOptions, "intrusion" | "eventsTarget">,
): Simulation {
  const stage = setStage(String(options.seed), options);
  scheduleIntrusion(stage.world, stage.book.plan);
  return stage.simulation;
}

interface Stage {
  readonly world: World;
  readonly book: TruthBook;
  readonly simulation: Simulation;
  readonly timeline: Timeline;
  readonly date: Temporal.PlainDate;
}

function setStage(seed: string, options: Omit<SimulationOptions, "intrusion">): Stage {
  const random = createRandom(seed);
  const county = buildCounty(seed, options.staffAccounts ?? STAFF_ACCOUNTS_DEFAULT);
  const date = Temporal.PlainDate.from(options.day ?? drawDay(seed));
  const midnight = midnightOf(date);
  const dayStart = midnight.epochMilliseconds;
  const utcOffsetMs = midnight.offsetNanoseconds / 1e6;
  const timeline = createTimeline();
  const book = createTruthBook(seed, county.name);
  const world: World = {
    county,
    dayStart,
    utcOffsetMs,
    random,
    at: timeline.at,
    emit: timeline.emit,
  };
  const stamp = createStamp(seed, offsetsFrom(utcOffsetMs));
  const records = stamped(timeline, book, stamp, dayStart + 24 * HOUR);
  const simulation = { county, dayStart, records, truth: book.truth };
  return { world, book, timeline, date, simulation };
}

function midnightOf(date: Temporal.PlainDate): Temporal.ZonedDateTime {
  return date.toZonedDateTime(TIME_ZONE);
}

/** Local time minus UTC at a time; a zone is asked once a day, since clocks change at night. */
function offsetsFrom(first: number): (time: number) => number {
  let offset = first;
  let day = Number.NaN;
  return (time) => {
    const asked = Math.floor((time + offset) / DAY_MS);
    if (asked === day) return offset;
    day = asked;
    const zoned = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(TIME_ZONE);
    offset = zoned.startOfDay().offsetNanoseconds / 1e6;
    return offset;
  };
}

function* stamped(
  timeline: Timeline,
  book: TruthBook,
  stamp: ReturnType<typeof createStamp>,
  end: number,
): Generator<SimulatedRecord> {
  for (const draft of timeline.drain(end)) {
    const record = stamp(draft);
    book.note(record);
    yield record;
  }
}

/** Public holidays of Lower Saxony (NFeiertagsG) in the time from which days are drawn. */
const HOLIDAYS = new Set([
  "2025-10-03",
  "2025-10-31",
  "2025-12-25",
  "2025-12-26",
  "2026-01-01",
  "2026-04-03",
  "2026-04-06",
  "2026-05-01",
  "2026-05-14",
  "2026-05-25",
]);

/** A working day between autumn 2025 and summer 2026; clocks change on Sundays only. */
function drawDay(seed: string): string {
  const random = createRandom(`${seed}/day`);
  const first = Temporal.PlainDate.from("2025-09-01");
  for (;;) {
    const day = first.add({ days: 7 * random.int(0, 42) + random.int(0, 4) }).toString();
    if (!HOLIDAYS.has(day)) return day;
  }
}
