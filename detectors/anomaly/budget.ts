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
  /**
   * Whether an anomaly of this tail and event time (milliseconds) is a finding. It counts for its day; of the
   * same subject (a number other than 0 that stands for it) only the least probable one does.
   */
  admit(tail: number, time: number, subject?: number): boolean;
  /** Least improbable tail that is a finding on the day of this time. */
  thresholdAt(time: number): number;
  /** Says of the day of this time (Europe/Berlin) what people know; undefined takes it back. */
  mark(time: number, mark: DayMark | undefined): void;
  /**
   * From the day of this time on the world is another one: days before it say nothing any more, those of the
   * next week teach whatever they bring, unless people call them an attack. A measured threshold moves slowly.
   */
  refit(time: number): void;
  /** Findings of a quiet day. */
  readonly findingsPerDay: number;
  /** Days that the threshold would rest on at this time, and those left out as attack or flood. */
  daysAt(time: number): { readonly quiet: number; readonly leftOut: number };
  /** Whether it has seen an anomaly at all. */
  readonly isUsed: boolean;
  /** The whole state; the same state gives the same decisions. */
  state(): Float64Array<ArrayBuffer>;
}

/** A day with so many budgets of findings is a flood, and teaches nothing until people call it usual. */
const FLOOD_BUDGETS = 5;
/** Of each day the smallest tails are kept: so many times the budget. */
const TAILS_PER_BUDGET = 8;
/** Fewer than this, whatever the budget. */
const TAILS_MAX = 4096;
/** By how much the threshold may fall or rise from day to day: nobody can shift it quickly. */
const FACTOR_PER_DAY = 2;
/** So many of the days to come may lie above the budget: three in four stay within it. */
const DAY_SHARE = 0.25;
const STATE_VERSION = 2;
const HEAD = 4;
/** Where in the head the day of the last refit stands; 0: there was none. */
const SINCE_AT = 2;
/** After a refit the days of so long teach although they are floods. */
const REFIT_DAYS = 7;
const DAY_HEAD = 4;
const MARKS: readonly (DayMark | undefined)[] = [undefined, "incident", "usual"];

interface Day {
  readonly day: number;
  /** The smallest tails, ascending. */
  tails: number[];
  /** Whose each of them is; 0: nobody else's. */
  subjects: number[];
  /** Findings of the day, at its threshold. */
  findings: number;
  mark: DayMark | undefined;
  threshold: number;
}

/**
 * @param shareOf part of the findings of a day that is this budget's, where another one has the rest
 * @throws AppError HW_STORE_VERSION, HW_STORE_CORRUPT where the state can't be read
 */
export function createBudget(
  options: Partial<BudgetOptions> = {},
  state?: Float64Array,
  shareOf: () => number = () => 1,
): Budget {
  const settings = { ...BUDGET_DEFAULTS, ...options };
  const wanted = Math.ceil(settings.findingsPerDay * TAILS_PER_BUDGET);
  const tailsMax = Math.max(1, Math.min(wanted, TAILS_MAX - 1));
  const days = state === undefined ? new Map<number, Day>() : read(state);
  let since = state?.[SINCE_AT] ?? 0;

  const dayAt = (time: number): Day => {
    const number = berlinDay(time);
    let day = days.get(number);
    if (day === undefined) {
      day = {
        day: number,
        tails: [],
        subjects: [],
        findings: 0,
        mark: undefined,
        threshold: measure(number),
      };
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
  const isTeacher = (one: Day): boolean => {
    if (one.day < since) return false;
    const isNew = since > 0 && one.day < since + REFIT_DAYS && one.mark !== "incident";
    return isNew || isQuiet(one, settings);
  };

  const measure = (number: number): number => {
    const past = pastDays(number);
    const quiet = past.filter(isTeacher);
    const newest = past.reduce<Day | undefined>(
      (found, day) => (found === undefined || day.day > found.day ? day : found),
      undefined,
    );
    const before = newest?.threshold ?? settings.startTail;
    if (quiet.length < settings.daysMin) return before;
    const perDay = settings.findingsPerDay * shareOf();
    const own = quiet.map(({ tails }) => dayThreshold(tails, perDay));
    own.sort((a, b) => a - b);
    const wanted = own[rankOf(own.length)] ?? before;
    // The first measured threshold may be any; from then on it moves slowly.
    if (before === settings.startTail) return wanted;
    const step = FACTOR_PER_DAY ** Math.max(1, number - (newest?.day ?? number));
    return Math.min(Math.max(wanted, before / step), before * step);
  };

  return {
    admit(tail, time, subject = 0) {
      if (!(tail > 0)) return false;
      const day = dayAt(time);
      const before = takeOut(day, subject);
      insert(day, Math.min(tail, before ?? tail), subject, tailsMax);
      const isFinding = tail <= day.threshold;
      // What was a finding already only grows.
      if (isFinding && !(before !== undefined && before <= day.threshold)) day.findings += 1;
      return isFinding;
    },
    thresholdAt: (time) => days.get(berlinDay(time))?.threshold ?? measure(berlinDay(time)),
    mark(time, mark) {
      // A day that nothing is known of is none to learn from.
      if (mark === undefined && !days.has(berlinDay(time))) return;
      dayAt(time).mark = mark;
    },
    refit(time) {
      const day = berlinDay(time);
      if (Number.isFinite(day)) since = Math.max(since, day);
    },
    findingsPerDay: settings.findingsPerDay,
    daysAt(time) {
      const past = pastDays(berlinDay(time));
      const quiet = past.filter(isTeacher).length;
      return { quiet, leftOut: past.length - quiet };
    },
    get isUsed() {
      return days.size > 0;
    },
    state: () => write(days, since),
  };
}

function isQuiet({ mark, findings }: Day, { findingsPerDay }: BudgetOptions): boolean {
  if (mark !== undefined) return mark === "usual";
  return findings <= FLOOD_BUDGETS * findingsPerDay;
}

/**
 * Which of so many days' own thresholds, the strictest first, is that of the day to come. This day is as probably
 * the strictest of all as any of them: it lies below the one at place k with probability (k + 1) / (days + 1).
 */
function rankOf(days: number): number {
  return Math.max(0, Math.floor((days + 1) * DAY_SHARE) - 1);
}

/** Between the last anomaly that fits the budget and the first that does not; of a day with few, the last. */
function dayThreshold(tails: readonly number[], findingsPerDay: number): number {
  const fitting = Math.floor(findingsPerDay);
  const last = tails[fitting - 1];
  const next = tails[fitting];
  if (next === undefined) return last ?? tails.at(-1) ?? 1;
  return last === undefined ? next / 2 : Math.sqrt(last * next) * (last === next ? 0.999 : 1);
}

/** Forgets the tail of a subject, and gives it. */
function takeOut({ tails, subjects }: Day, subject: number): number | undefined {
  const at = subject === 0 ? -1 : subjects.indexOf(subject);
  if (at < 0) return undefined;
  subjects.splice(at, 1);
  return tails.splice(at, 1)[0];
}

function insert({ tails, subjects }: Day, tail: number, subject: number, max: number): void {
  if (tails.length === max && tail >= (tails.at(-1) ?? 0)) return;
  let at = tails.length;
  while (at > 0 && (tails[at - 1] ?? 0) > tail) at -= 1;
  tails.splice(at, 0, tail);
  subjects.splice(at, 0, subject);
  if (tails.length > max) {
    tails.pop();
    subjects.pop();
  }
}

function write(days: ReadonlyMap<number, Day>, since: number): Float64Array<ArrayBuffer> {
  const numbers: number[] = [STATE_VERSION, days.size, since, 0];
  for (const { day, tails, subjects, findings, mark, threshold } of days.values()) {
    numbers.push(day, findings, MARKS.indexOf(mark) * TAILS_MAX + tails.length, threshold);
    numbers.push(...tails, ...subjects);
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
    const [begin, length] = [index + DAY_HEAD, packed % TAILS_MAX];
    const tails = [...state.subarray(begin, begin + length)];
    // The first version did not know whose they are.
    const own = at(0) === 1 ? [] : state.subarray(begin + length, begin + 2 * length);
    const subjects = at(0) === 1 ? tails.map(() => 0) : [...own];
    const day = { day: at(index), tails, subjects, findings: at(index + 1) };
    const mark = MARKS[Math.floor(packed / TAILS_MAX)];
    days.set(day.day, { ...day, threshold: at(index + 3), mark });
    index = begin + length + own.length;
  }
  if (!(at(0) >= 1) || index !== state.length || state.some(Number.isNaN)) {
    throw new AppError("HW_STORE_CORRUPT", "the state of the alarm budget is damaged");
  }
  return days;
}
