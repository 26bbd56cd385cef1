// Overrides as they are read from the store, and what has to be true of a new one.
import type { TenantPaging } from "../../../config/paging.ts";
import {
  DUTY_OVERRIDE_KIND,
  type DutyOverride,
  OVERRIDE_AHEAD_MS_MAX,
  OVERRIDE_MS_MAX,
} from "../../store/duty-override.ts";
import type { Store } from "../../store/store.ts";
import type { Span } from "./spans.ts";

const OVERRIDES_PER_PAGE = 500;
/** Beyond it the oldest ones are not looked at: the newest ones win anyway. */
const OVERRIDES_MAX = 10_000;

/** Schedule → its overrides, newest first. */
export type Overrides = ReadonlyMap<string, readonly DutyOverride[]>;

/**
 * All overrides that touch a span. Those of people who are not configured any more are left out: a page for
 * them would reach nobody, and the layers know somebody.
 */
export async function readOverrides(
  store: Store,
  tenant: string,
  { people }: Pick<TenantPaging, "people">,
  span: Span,
): Promise<Overrides> {
  const found = new Map<string, DutyOverride[]>();
  let cursor: string | undefined;
  let read = 0;
  do {
    const page = await store.search<DutyOverride>(tenant, DUTY_OVERRIDE_KIND, {
      ranges: { from: { lt: span.until }, until: { gte: span.from } },
      sort: [{ field: "createdAt", order: "desc" }],
      limit: OVERRIDES_PER_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { document } of page.hits) {
      if (!Object.hasOwn(people, document.person)) continue;
      const those = found.get(document.schedule);
      if (those === undefined) found.set(document.schedule, [document]);
      else those.push(document);
    }
    cursor = page.cursor;
    read += page.hits.length;
  } while (cursor !== undefined && read < OVERRIDES_MAX);
  return found;
}

/** What is wrong with a new override; screens translate by key. */
export type OverrideFault =
  | "schedule_unknown"
  | "person_unknown"
  | "ends_before_it_begins"
  | "too_long"
  | "over_already"
  | "too_far_ahead"
  | "reason_missing";

/** What is wrong with an override that somebody wants to make; none: it may be made. */
export function overrideFaults(
  wanted: Pick<DutyOverride, "schedule" | "person" | "from" | "until" | "reason">,
  { people, schedules }: Pick<TenantPaging, "people" | "schedules">,
  now: number,
): OverrideFault[] {
  const { schedule, person, from, until, reason } = wanted;
  const faults: readonly (readonly [OverrideFault, boolean])[] = [
    ["schedule_unknown", !Object.hasOwn(schedules, schedule)],
    ["person_unknown", !Object.hasOwn(people, person)],
    ["ends_before_it_begins", until <= from],
    ["too_long", until - from > OVERRIDE_MS_MAX],
    ["over_already", until <= now],
    ["too_far_ahead", from - now > OVERRIDE_AHEAD_MS_MAX],
    ["reason_missing", reason.trim() === ""],
  ];
  return faults.flatMap(([fault, isTrue]) => (isTrue ? [fault] : []));
}
