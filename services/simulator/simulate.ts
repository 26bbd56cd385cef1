// The simulator's entrance: a county and one working day of its logs, with or without an intrusion,
// as a stream of records in the order of time and the truth beside it. Same seed, same bytes.
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
import { scheduleIntrusion } from "./intrusion/plan.ts";
import { createRandom } from "./random.ts";
import type { SimulatedRecord } from "./record.ts";
import { schedule } from "./rhythm.ts";
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
export const EVENTS_TARGET_DEFAULT = 60_000;
/** Zone of the simulated county. */
const TIME_ZONE = "Europe/Berlin";
// Records of an ordinary day at scale 1, measured over ten seeds with 1,400 accounts: of the everyday
// activities, of people arriving and leaving, and of the IT department.
const EVERYDAY_RECORDS = 49_300;
const WORKDAY_RECORDS_PER_ACCOUNT = 6.1;
const ADMINISTRATION_RECORDS = 2300;

/** Everyday activities whose number grows with the volume asked for. */
const SCALED = [
  ...DESK_ACTIVITIES,
  ...DIRECTORY_ACTIVITIES,
  ...PERIMETER_ACTIVITIES,
  ...LINUX_ACTIVITIES,
];

/** A working day of a county, with an intrusion in it when asked for. */
export function simulate(options: SimulationOptions): Simulation {
  const seed = String(options.seed);
  const stage = setStage(seed, options);
  const scale = scaleOf(
    options.eventsTarget ?? EVENTS_TARGET_DEFAULT,
    stage.world.county.staff.length,
  );
  scheduleWorkday(stage.world, scale);
  for (const activity of SCALED) schedule(stage.world, activity, scale);
  // The IT department does what it does, however many of the ordinary records are kept.
  for (const activity of [...ADMINISTRATION_ACTIVITIES, ...UPKEEP_ACTIVITIES, ...ODDITIES])
    schedule(stage.world, activity, 1);
  if (options.intrusion) scheduleIntrusion(stage.world, stage.book.plan);
  return stage.simulation;
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
}

function setStage(seed: string, options: Omit<SimulationOptions, "intrusion">): Stage {
  const random = createRandom(seed);
  const county = buildCounty(seed, options.staffAccounts ?? STAFF_ACCOUNTS_DEFAULT);
  const midnight = Temporal.PlainDate.from(options.day ?? drawDay(seed)).toZonedDateTime(TIME_ZONE);
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
  const records = stamped(timeline, book, createStamp(seed, utcOffsetMs), dayStart + 24 * HOUR);
  return { world, book, simulation: { county, dayStart, records, truth: book.truth } };
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
