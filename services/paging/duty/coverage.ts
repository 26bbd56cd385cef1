// When nobody is on duty although somebody should be.
import type { Schedule } from "../../../config/paging-schedules.ts";
import { hoursWithin } from "./hours.ts";
import { type Override, shiftsOf } from "./shifts.ts";
import { outside, type Span } from "./spans.ts";

/**
 * Spans without anybody on duty, less the hours for which the configuration says that nobody need be.
 * @param overrides those of this schedule; none for what the configuration alone gives
 */
export function uncoveredSpans(
  schedule: Schedule,
  overrides: readonly Override[],
  span: Span,
  timeZone: string,
): Span[] {
  const covered = shiftsOf(schedule, overrides, span, timeZone);
  const meant = hoursWithin(schedule.uncovered, span, schedule.timeZone ?? timeZone);
  return outside(outside([{ from: span.from, until: span.until }], covered), meant);
}
