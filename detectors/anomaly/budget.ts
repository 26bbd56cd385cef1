// The alarm budget: how improbable an anomaly has to be to become a finding, so that a quiet day has about as
// many as people asked for. The threshold comes from past quiet days alone: what happens today is never
// rationed, and a day of attack or flood never makes the next one blind.
import { AppError } from "../../config/errors.ts";
import { berlinDay } from "./calendar.ts";

export interface BudgetOptions {
  /** Findings of a quiet day, per tenant. */
  readonly findingsPerDay: number;
  /** Days that the threshold is taken from. */
  readonly days: number;
  /** Quiet days that have to lie behind before the threshold is measured; until then it is `startTail`. */
  readonly daysMin: number;
  readonly startTail: number;
}

const BUDGET_DEFAULTS: BudgetOptions = {
  ...{ findingsPerDay: 5, days: 28, daysMin: 3, startTail: 1e-6 },
};

/** What people know of a day: `incident`, something was really wrong; `usual`, nothing was. */
type DayMark = "incident" | "usual";

export interface Budget {
  /** Whether an anomaly of this tail and event time (milliseconds) is a finding. It counts for its day. */
  admit(tail: number, time: number): boolean;
  /** Least improbable tail that is a finding on the day of this time. */
  thresholdAt(time: number): number;
  /** Says of the day of this time (Europe/Berlin) what people know; undefined takes it back. */
  mark(time: number, mark: DayMark | undefined): void;
  /** Days that the threshold would rest on at this time, and those left out as attack or flood. */
  daysAt(time: number): { readonly quiet: number; readonly leftOut: number };
  /** The whole state; the same state gives the same decisions. */
  state(): Float64Array<ArrayBuffer>;
}

/** A day with so many budgets of findings is a flood, and teaches nothing until people call it usual. */
const FLOOD_BUDGETS = 5;
/** Of each day the smallest tails are kept: so many times the budget. */
const TAILS_PER_BUDGET = 8;
/** By how much the threshold may fall or rise from day to day: nobody can shift it quickly. */
const FACTOR_PER_DAY = 2;
/** Of the days' own thresholds this share lies below: three days in four stay within the budget. */
const DAY_SHARE = 0.25;
const STATE_VERSION = 1;
const HEAD = 4;
const DAY_HEAD = 4;
const MARKS: readonly (DayMark | undefined)[] = [undefined, "incident", "usual"];

interface Day {
  readonly day: number;
  /** The smallest tails, ascending. */
  tails: number[];
  /** Findings of the day, at its threshold. */
  findings: number;
  mark: DayMark | undefined;
  threshold: number;
}

/** @throws AppError HW_STORE_VERSION, HW_STORE_CORRUPT where the state can't be read */
export function createBudget(options: Partial<BudgetOptions> = {}, state?: Float64Array): Budget {
  const settings = { ...BUDGET_DEFAULTS, ...options };
  const tailsMax = Math.max(1, Math.ceil(settings.findingsPerDay * TAILS_PER_BUDGET));
  const days = state === undefined ? new Map<number, Day>() : read(state);

  const dayAt = (time: number): Day => {
    const number = berlinDay(time);
    let day = days.get(number);
    if (day === undefined) {
      day = { day: number, tails: [], findings: 0, mark: undefined, threshold: measure(number) };
      days.set(number, day);
      forget();
    }
    return day;
  };

  // A sender with a wrong clock can make days of the far future: the oldest go, and two windows are kept.
  const forget = () => {
    while (days.size > 2 * settings.days) days.delete(Math.min(...days.keys()));
  };

  const pastDays = (number: number): readonly Day[] =>
    [...days.values()].filter(({ day }) => day < number && day >= number - settings.days);

  const measure = (number: number): number => {
    const past = pastDays(number);
    const quiet = past.filter((day) => isQuiet(day, settings));
    const newest = past.reduce<Day | undefined>(
      (found, day) => (found === undefined || day.day > found.day ? day : found),
      undefined,
    );
    const before = newest?.threshold ?? settings.startTail;
    if (quiet.length < settings.daysMin) return before;
    const own = quiet.map(({ tails }) => dayThreshold(tails, settings.findingsPerDay));
    own.sort((a, b) => a - b);
    const wanted = own[Math.floor(own.length * DAY_SHARE)] ?? before;
    // The first measured threshold may be any; from then on it moves slowly.
    const isFirst = quiet.length === settings.daysMin && before === settings.startTail;
    if (isFirst) return wanted;
    const step = FACTOR_PER_DAY ** Math.max(1, number - (newest?.day ?? number));
    return Math.min(Math.max(wanted, before / step), before * step);
  };

  return {
    admit(tail, time) {
      if (!(tail > 0)) return false;
      const day = dayAt(time);
      insert(day.tails, tail, tailsMax);
      const isFinding = tail <= day.threshold;
      if (isFinding) day.findings += 1;
      return isFinding;
    },
    thresholdAt: (time) => days.get(berlinDay(time))?.threshold ?? measure(berlinDay(time)),
    mark(time, mark) {
      dayAt(time).mark = mark;
    },
    daysAt(time) {
      const past = pastDays(berlinDay(time));
      const quiet = past.filter((day) => isQuiet(day, settings)).length;
      return { quiet, leftOut: past.length - quiet };
    },
    state: () => write(days),
  };
}

function isQuiet({ mark, findings }: Day, { findingsPerDay }: BudgetOptions): boolean {
  if (mark !== undefined) return mark === "usual";
  return findings <= FLOOD_BUDGETS * findingsPerDay;
}

/** Between the last anomaly that fits the budget and the first that does not; of a day with few, the last. */
function dayThreshold(tails: readonly number[], findingsPerDay: number): number {
  const fitting = Math.floor(findingsPerDay);
  const last = tails[fitting - 1];
  const next = tails[fitting];
  if (next === undefined) return last ?? tails.at(-1) ?? 1;
  return last === undefined ? next / 2 : Math.sqrt(last * next) * (last === next ? 0.999 : 1);
}

function insert(tails: number[], tail: number, max: number): void {
  if (tails.length === max && tail >= (tails.at(-1) ?? 0)) return;
  let at = tails.length;
  while (at > 0 && (tails[at - 1] ?? 0) > tail) at -= 1;
  tails.splice(at, 0, tail);
  if (tails.length > max) tails.pop();
}

function write(days: ReadonlyMap<number, Day>): Float64Array<ArrayBuffer> {
  const numbers: number[] = [STATE_VERSION, days.size, 0, 0];
  for (const { day, tails, findings, mark, threshold } of days.values()) {
    numbers.push(day, findings, MARKS.indexOf(mark) * 4096 + tails.length, threshold, ...tails);
  }
  return Float64Array.from(numbers);
}

function read(state: Float64Array): Map<number, Day> {
  const at = (index: number) => state[index] ?? Number.NaN;
  if (at(0) > STATE_VERSION) {
    throw new AppError("HW_STORE_VERSION", `the state of the alarm budget has version ${at(0)}`);
  }
  const days = new Map<number, Day>();
  let index = HEAD;
  for (let count = at(1); count > 0; count -= 1) {
    const packed = at(index + 2);
    const tails = [...state.subarray(index + DAY_HEAD, index + DAY_HEAD + (packed % 4096))];
    const day = { day: at(index), tails, findings: at(index + 1), threshold: at(index + 3) };
    days.set(day.day, { ...day, mark: MARKS[Math.floor(packed / 4096)] });
    index += DAY_HEAD + (packed % 4096);
  }
  if (at(0) !== STATE_VERSION || index !== state.length || state.some(Number.isNaN)) {
    throw new AppError("HW_STORE_CORRUPT", "the state of the alarm budget is damaged");
  }
  return days;
}
