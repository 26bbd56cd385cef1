// Schedules drawn for properties, and a plain evaluator of them that asks about one instant at a time: slow,
// and built in another way than the product, so that both can't be wrong in the same place.
import fc from "fast-check";
import {
  type DutyHours,
  type Schedule,
  scheduleSchema,
} from "../../../../config/paging-schedules.ts";
import { isHoliday } from "../../../../services/paging/duty/holidays.ts";
import type { Override } from "../../../../services/paging/duty/shifts.ts";

const PEOPLE = ["anna", "bert", "cleo", "dora"];
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const MINUTE_MS = 60_000;

export const BERLIN = "Europe/Berlin";
/** Where clocks are moved at other times, by half an hour, or not at all. */
export const ZONES = [BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"];

/** Two years with the nights of 25 Oct 2026 and 28 Mar 2027 and two more of each. */
export const YEARS = { from: Date.UTC(2026, 5, 1), until: Date.UTC(2028, 5, 1) };

const clock = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 15, 30, 59))
  .map((parts) => parts.map((one) => String(one).padStart(2, "0")).join(":"));
const date = fc
  .integer({ min: 0, max: 500 })
  .map((days) => Temporal.PlainDate.from("2026-04-01").add({ days }).toString());

const hours = fc.record(
  {
    days: fc.subarray([...DAYS], { minLength: 1 }),
    from: clock,
    until: clock,
    holidays: fc.constantFrom("only", "never"),
  },
  { requiredKeys: ["from", "until"] },
);

const layer = fc.record(
  {
    people: fc.array(fc.constantFrom(...PEOPLE), { minLength: 1, maxLength: 5 }),
    begins: fc.tuple(date, clock).map((parts) => parts.join("T")),
    turnDays: fc.integer({ min: 1, max: 40 }),
    hours: fc.array(hours, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ["people", "begins"] },
);

export const drawnSchedule: fc.Arbitrary<Schedule> = fc
  .record({
    title: fc.constant("Bereitschaft"),
    timeZone: fc.constantFrom(...ZONES),
    layers: fc.array(layer, { minLength: 1, maxLength: 3 }),
    uncovered: fc.array(hours, { maxLength: 2 }),
  })
  .map((drawn) => scheduleSchema.parse(drawn));

export const drawnInstant = fc
  .oneof(
    fc.integer({ min: YEARS.from / MINUTE_MS, max: YEARS.until / MINUTE_MS }),
    // Around the changes of clocks in Berlin.
    ...[Date.UTC(2026, 9, 25, 1), Date.UTC(2027, 2, 28, 1)].map((at) =>
      fc.integer({ min: at / MINUTE_MS - 180, max: at / MINUTE_MS + 180 }),
    ),
  )
  .map((minutes) => minutes * MINUTE_MS);

export const drawnOverrides: fc.Arbitrary<Override[]> = fc.array(
  fc
    .record({
      person: fc.constantFrom(...PEOPLE),
      from: drawnInstant,
      minutes: fc.integer({ min: 1, max: 20_000 }),
      endedAfter: fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: undefined }),
      createdAt: fc.integer({ min: 0, max: 3 }),
      id: fc.uuid(),
    })
    .map(({ from, minutes, endedAfter, ...rest }) => ({
      ...{ ...rest, from, until: from + minutes * MINUTE_MS },
      ...(endedAfter === undefined
        ? {}
        : { endedAt: from + endedAfter * MINUTE_MS, endedOn: rest.createdAt + 1 }),
    })),
  { maxLength: 4 },
);

/** Who is on duty at an instant, found the plain way. */
export function plainPerson(
  { layers, timeZone = BERLIN }: Schedule,
  overrides: readonly Override[],
  at: number,
): string | undefined {
  const [newest] = overrides
    .filter(({ from, until, endedAt = Infinity }) => from <= at && at < Math.min(until, endedAt))
    .sort((left, right) => right.createdAt - left.createdAt || (left.id < right.id ? 1 : -1));
  if (newest !== undefined) return newest.person;
  for (const { people, begins, turnDays, hours: when } of layers.toReversed()) {
    if (when !== undefined && !plainCounts(when, at, timeZone)) continue;
    const turn = plainTurns(begins, turnDays, timeZone).findLastIndex((from) => from <= at);
    if (turn === -1) continue;
    return people[turn % people.length];
  }
  return undefined;
}

// No zone changes its offset but on a quarter of an hour, so its windows are looked for once.
const BUCKET_MS = 15 * MINUTE_MS;
const windows = new WeakMap<readonly DutyHours[], Map<string, [number, number][]>>();

/** Whether any of the hours count at an instant. */
export function plainCounts(when: readonly DutyHours[], at: number, timeZone: string): boolean {
  const key = `${Math.floor(at / BUCKET_MS)} ${timeZone}`;
  const those = windows.get(when) ?? new Map<string, [number, number][]>();
  windows.set(when, those);
  const near = those.get(key) ?? plainWindows(when, at, timeZone);
  those.set(key, near);
  return near.some(([from, until]) => from <= at && at < until);
}

function plainWindows(
  when: readonly DutyHours[],
  at: number,
  timeZone: string,
): [number, number][] {
  const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  return [0, 1, 2].flatMap((back) => {
    const day = today.toPlainDate().subtract({ days: back });
    return when.flatMap(({ days, from, until, holidays }): [number, number][] => {
      if (holidays === "only" && !isHoliday(day)) return [];
      if (holidays === "never" && isHoliday(day)) return [];
      const weekday = DAYS[(day.dayOfWeek + 6) % 7];
      const isDay = days === undefined || (weekday !== undefined && days.includes(weekday));
      if (holidays !== "only" && !isDay) return [];
      const ends = until <= from ? day.add({ days: 1 }) : day;
      return [
        [
          instantOf(Temporal.PlainDateTime.from(`${day}T${from}`), timeZone),
          instantOf(Temporal.PlainDateTime.from(`${ends}T${until}`), timeZone),
        ],
      ];
    });
  });
}

const turns = new Map<string, number[]>();

/** Beginnings of all turns until the drawn years, and a span that begins in them, are over. */
function plainTurns(begins: string, turnDays: number, timeZone: string): number[] {
  const key = `${begins} ${turnDays} ${timeZone}`;
  const known = turns.get(key);
  if (known !== undefined) return known;
  const first = Temporal.PlainDateTime.from(begins);
  const found: number[] = [];
  for (let turn = 0; (found.at(-1) ?? 0) < YEARS.until + 100 * 1440 * MINUTE_MS; turn += 1)
    found.push(instantOf(first.add({ days: turn * turnDays }), timeZone));
  turns.set(key, found);
  return found;
}

function instantOf(local: Temporal.PlainDateTime, timeZone: string): number {
  return local.toZonedDateTime(timeZone).epochMilliseconds;
}
