// What pauses are usual for a source, learned from its own past by hour of the week, and from which pause
// on its silence is worth a word. Pure: all times are given.

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
const HOURS_A_DAY = 24;
/** Slots of a week, from Monday 00:00 UTC. Neighbours count too, so that summer time changes nothing. */
export const HOURS_A_WEEK = 168;
/** 1970-01-01 was a Thursday: so much later the first Monday began. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** No source is told as silent earlier, however steadily it sends. */
const THRESHOLD_MIN_MS = 5 * 60_000;
/** A pause must be so many times the longest usual one … */
const LONGEST_FACTOR = 2;
/** … and so many times the mean one: records at random exceed 12 means in 6 of a million pauses (e^-12). */
const MEAN_FACTOR = 12;
/** Younger sources are not known well enough for any alarm. */
const SILENT_FROM_AGE_MS = DAY_MS;
/** Until then a pause that was told as silence is learned at once; later it has to come twice. */
const TRUSTING_AGE_MS = 14 * DAY_MS;
/** What was longest fades week by week, so that a holiday is forgotten. */
const FADE_PER_WEEK = 0.8;
const MEAN_WEIGHT = 0.05;

/** Pauses between records by the hour of the week in which they began. As stored: plain numbers. */
export interface UsualGaps {
  /** ms; 0: none yet. */
  readonly longest: number[];
  /** ms, exponentially weighted. */
  readonly mean: number[];
  /** Number of the week of the last pause, for fading. */
  readonly week: number[];
  /** Pauses that were told as silence and came only once so far. */
  readonly told: number[];
}

export function noGaps(): UsualGaps {
  const zeros = () => new Array<number>(HOURS_A_WEEK).fill(0);
  return { longest: zeros(), mean: zeros(), week: zeros(), told: zeros() };
}

/** Slot of a time (ms UTC): 0 is Monday 00:00 UTC. */
export function hourOfWeek(at: number): number {
  const inWeek = (((at - FIRST_MONDAY_MS) % WEEK_MS) + WEEK_MS) % WEEK_MS;
  return Math.floor(inWeek / HOUR_MS);
}

function weekOf(at: number): number {
  return Math.floor((at - FIRST_MONDAY_MS) / WEEK_MS);
}

/**
 * Learns the pause between two records.
 * @param ageMs how long the source is known
 * @param wasTold whether the pause was told as silence; then it must not teach that silence is usual,
 *   or who switches a source off once could do it unseen for ever
 */
export function learnGap(
  gaps: UsualGaps,
  from: number,
  to: number,
  ageMs: number,
  wasTold: boolean,
): void {
  const slot = hourOfWeek(from);
  const gap = to - from;
  if (gap <= 0) return;
  if (wasTold && ageMs > TRUSTING_AGE_MS) {
    const before = largest(gaps.told, around(slot));
    gaps.told[slot] = gap;
    if (before > 0) raise(gaps, slot, Math.min(gap, before), weekOf(from));
    return;
  }
  raise(gaps, slot, gap, weekOf(from));
  const mean = gaps.mean[slot] ?? 0;
  gaps.mean[slot] = mean === 0 ? gap : mean + MEAN_WEIGHT * (gap - mean);
}

function raise(gaps: UsualGaps, slot: number, gap: number, week: number): void {
  const passed = week - (gaps.week[slot] ?? 0);
  const faded = (gaps.longest[slot] ?? 0) * FADE_PER_WEEK ** Math.max(0, passed);
  gaps.longest[slot] = Math.max(gap, faded);
  gaps.week[slot] = week;
}

/**
 * The pause (ms) after a record at `lastSeenAt` from which the source counts as silent; undefined while it
 * is too young. In its first week the same hours of all days are taken together; then every hour of the
 * week stands for itself, so that a quiet weekend does not hide a quiet Tuesday.
 */
export function silenceThreshold(
  gaps: UsualGaps,
  firstSeenAt: number,
  lastSeenAt: number,
): number | undefined {
  const age = lastSeenAt - firstSeenAt;
  if (age < SILENT_FROM_AGE_MS) return undefined;
  const slot = hourOfWeek(lastSeenAt);
  const slots = age < WEEK_MS ? sameHours(slot) : around(slot);
  return Math.max(
    THRESHOLD_MIN_MS,
    LONGEST_FACTOR * largest(gaps.longest, slots),
    MEAN_FACTOR * largest(gaps.mean, slots),
  );
}

/** The slot and its neighbours. */
function around(slot: number): number[] {
  return [-1, 0, 1].map((by) => (slot + by + HOURS_A_WEEK) % HOURS_A_WEEK);
}

/** The slot and its neighbours on every day of the week. */
function sameHours(slot: number): number[] {
  const days = HOURS_A_WEEK / HOURS_A_DAY;
  return Array.from({ length: days }, (_, day) =>
    around((slot + day * HOURS_A_DAY) % HOURS_A_WEEK),
  ).flat();
}

function largest(values: readonly number[], slots: readonly number[]): number {
  return slots.reduce((most, slot) => Math.max(most, values[slot] ?? 0), 0);
}
