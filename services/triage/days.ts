// The days that findings are counted and grouped by: the one they begin on, and those they have left.
import type { Finding } from "../store/finding.ts";

const DAY_MS = 86_400_000;
/** Days begin at midnight of Central European Time, so that a day's noise is one day's; in summer at one. */
const DAY_BEGIN_MS = 3_600_000;

/** Number of the day that a time (ms UTC) lies in. */
export function dayOf(ms: number): number {
  return Math.floor((ms + DAY_BEGIN_MS) / DAY_MS);
}

/** ms UTC. */
export function dayStart(day: number): number {
  return day * DAY_MS - DAY_BEGIN_MS;
}

/**
 * The days that a finding leaves behind when it is now to begin at another time. They are part of the write
 * that moves it: whoever goes on after a crash could not tell otherwise where it was counted.
 */
export function leftDays(
  before: Finding | undefined,
  firstEventAt: number,
): Pick<Finding, "leftDays"> {
  if (before === undefined) return {};
  const left = new Set(before.leftDays);
  if (dayOf(before.firstEventAt) !== dayOf(firstEventAt)) left.add(dayOf(before.firstEventAt));
  return left.size === 0 ? {} : { leftDays: [...left].sort((a, b) => a - b) };
}
