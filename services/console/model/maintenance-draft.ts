// A maintenance window as somebody is writing it: once, or every week or month on the tenant's clock.
import { berlinTime, localBerlin } from "./berlin-time.ts";
import { completeMatchers, type DraftMatcher } from "./silence-draft.ts";

const HOUR_MS = 3_600_000;
const DEFAULT_MS = 4 * HOUR_MS;

export const KINDS = ["once", "week", "month"] as const;
export const WEEKS = ["1", "2", "3", "4", "-1"] as const;
export const WEEKDAYS = ["1", "2", "3", "4", "5", "6", "7"] as const;

export interface MaintenanceDraft {
  readonly matchers: readonly DraftMatcher[];
  /** Berlin time as a date field writes it. */
  readonly from: string;
  readonly until: string;
  readonly kind: (typeof KINDS)[number];
  /** Which such weekday of the month; -1: the last. */
  readonly week: (typeof WEEKS)[number];
  /** 1 Monday … 7 Sunday. */
  readonly weekday: (typeof WEEKDAYS)[number];
  /** `22:00` */
  readonly time: string;
  readonly minutes: string;
  readonly reason: string;
}

/** Four hours from now on, once. */
export function emptyMaintenance(now: number): MaintenanceDraft {
  return {
    matchers: [{ key: 1, field: "host.name", operator: "equals", value: "" }],
    ...{ from: localBerlin(now), until: localBerlin(now + DEFAULT_MS), kind: "once" },
    ...{ week: "1", weekday: "1", time: "22:00", minutes: "120", reason: "" },
  };
}

/** The request's body. */
export function maintenanceBody(draft: MaintenanceDraft) {
  return {
    matchers: completeMatchers(draft.matchers),
    ...{ from: berlinTime(draft.from) ?? 0, until: berlinTime(draft.until) ?? 0 },
    ...(draft.kind === "once" ? {} : { repeat: repeatOf(draft) }),
    reason: draft.reason.trim(),
  };
}

function repeatOf({ kind, week, weekday, time, minutes }: MaintenanceDraft) {
  return {
    ...{ every: kind, weekday: Number(weekday), time, durationMinutes: Number(minutes) },
    ...(kind === "month" ? { week: Number(week) } : {}),
  };
}
