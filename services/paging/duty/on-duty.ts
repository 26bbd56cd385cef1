// Who is on duty at an instant, and since and until when: what a step of a policy asks that pages a schedule.
import type { Schedule } from "../../../config/paging-schedules.ts";
import { type Override, shiftsOf } from "./shifts.ts";
import type { Shift } from "./turns.ts";

const DAY_MS = 86_400_000;
/** How far is looked for the ends of a shift; nearly all are found in the first one. */
export const REACH_DAYS = [8, 64, 400] as const;

/**
 * The shift that holds an instant; undefined where nobody is on duty. Its ends are looked for 400 days in
 * either direction: a shift that is longer is cut there.
 * @param overrides those of this schedule, in any order
 * @param at ms UTC
 * @param timeZone of the tenant; the schedule's own one goes before it
 */
export function onDuty(
  schedule: Schedule,
  overrides: readonly Override[],
  at: number,
  timeZone: string,
): Shift | undefined {
  let found: Shift | undefined;
  for (const days of REACH_DAYS) {
    const span = { from: at - days * DAY_MS, until: at + days * DAY_MS };
    const shifts = shiftsOf(schedule, overrides, span, timeZone);
    found = shifts.find(({ from, until }) => from <= at && at < until);
    if (found === undefined || (found.from > span.from && found.until < span.until)) break;
  }
  return found;
}
