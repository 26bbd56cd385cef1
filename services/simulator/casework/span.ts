// The span of the past: a quarter in full and a year before it in little, and how the team got on in which
// part of the quarter: as usual, worse in a bad month, and then better than ever.
import { HOUR } from "../world.ts";

export const DAY = 24 * HOUR;
/** Days before today that are told in full. */
export const QUARTER_DAYS = 100;
/** Days before those with a few things a month. */
export const YEAR_DAYS = 365;
/** The bad month, in days before today. */
const BAD_FROM = 67;
const BAD_UNTIL = 34;
const YEAR_SHARE = 0.03;
/** On the days right before today only what no log of today raises, so that rules are as rare as they are. */
export const APART_DAYS = 4;

/** How it goes at a time. */
export interface Course {
  /** Alarms beside what is usual; kinds that surge in the bad month do so in `isBad`. */
  readonly rate: number;
  readonly isBad: boolean;
  /** How long people take beside what is usual. */
  readonly slowness: number;
  /** False alarms beside what is usual. */
  readonly falseShare: number;
}

/** @param daysBack days before today, more than 0 */
export function courseAt(daysBack: number): Course {
  if (daysBack > QUARTER_DAYS)
    return { rate: YEAR_SHARE, isBad: false, slowness: 1.3, falseShare: 1.1 };
  if (daysBack > BAD_FROM) return { rate: 1, isBad: false, slowness: 1, falseShare: 1 };
  if (daysBack > BAD_UNTIL) return { rate: 1.1, isBad: true, slowness: 2.2, falseShare: 1.15 };
  return { rate: 0.9, isBad: false, slowness: 0.55, falseShare: 0.55 };
}
