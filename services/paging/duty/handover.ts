// When duty changes hands: who hands over to whom, with nobody where the schedule is not covered.
import type { Schedule } from "../../../config/paging-schedules.ts";
import { REACH_DAYS } from "./on-duty.ts";
import { type Override, shiftsOf } from "./shifts.ts";
import type { Span } from "./spans.ts";

const DAY_MS = 86_400_000;

export interface Handover {
  /** ms UTC. */
  readonly at: number;
  /** Configured names; undefined: nobody. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** All within a span, in order; its own ends are none. */
export function handoversWithin(
  schedule: Schedule,
  overrides: readonly Override[],
  span: Span,
  timeZone: string,
): Handover[] {
  const found: Handover[] = [];
  let before: { readonly until: number; readonly person: string | undefined } = {
    until: span.from,
    person: undefined,
  };
  for (const { from, until, person } of shiftsOf(schedule, overrides, span, timeZone)) {
    if (before.until < from) {
      if (before.until > span.from)
        found.push({ at: before.until, from: before.person, to: undefined });
      before = { until: from, person: undefined };
    }
    if (from > span.from) found.push({ at: from, from: before.person, to: person });
    before = { until, person };
  }
  if (span.from < before.until && before.until < span.until)
    found.push({ at: before.until, from: before.person, to: undefined });
  return found;
}

/** The next one after an instant; undefined when there is none within 400 days. */
export function nextHandover(
  schedule: Schedule,
  overrides: readonly Override[],
  at: number,
  timeZone: string,
): Handover | undefined {
  for (const days of REACH_DAYS) {
    const span = { from: at, until: at + days * DAY_MS };
    const [next] = handoversWithin(schedule, overrides, span, timeZone);
    if (next !== undefined) return next;
  }
  return undefined;
}
