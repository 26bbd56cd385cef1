// Who is on duty, as people read it: now and next in every schedule, and the shifts and gaps of some weeks.

import type { TenantPaging } from "../../config/paging.ts";
import type { Schedule } from "../../config/paging-schedules.ts";
import { endOfOverride } from "../store/duty-override.ts";
import type { Store } from "../store/store.ts";
import { uncoveredSpans } from "./duty/coverage.ts";
import { nextHandover } from "./duty/handover.ts";
import { onDuty } from "./duty/on-duty.ts";
import { type Overrides, readOverrides } from "./duty/overrides.ts";
import { type Override, shiftsOf } from "./duty/shifts.ts";
import type { Span } from "./duty/spans.ts";
import type { Shift } from "./duty/turns.ts";

const DAY_MS = 86_400_000;
/** So far are the ends of shifts looked for. */
const REACH_MS = 400 * DAY_MS;

/** A tenant whose duty is looked at. */
export interface DutyDesk {
  readonly tenant: string;
  /** IANA zone of schedules that name none. */
  readonly timeZone: string;
  readonly paging: Pick<TenantPaging, "people" | "schedules" | "policies">;
}

/** Now and next in every schedule. */
export async function dutyNow(store: Store, desk: DutyDesk, at: number) {
  const overrides = await overridesOf(store, desk, { from: at - REACH_MS, until: at + REACH_MS });
  const schedules = Object.entries(desk.paging.schedules).map(([id, schedule]) => {
    const own = overrides.get(id) ?? [];
    const shift = onDuty(schedule, own, at, desk.timeZone);
    const next = nextHandover(schedule, own, at, desk.timeZone);
    const here = { from: at, until: at + 1 };
    return {
      ...headOf(desk, id, schedule),
      ...(shift === undefined ? {} : { now: shownShift(desk, shift, own) }),
      ...(next === undefined ? {} : { next: shownNext(desk, next) }),
      isGap: uncoveredSpans(schedule, own, here, desk.timeZone).length > 0,
    };
  });
  const people = Object.keys(desk.paging.people).map((id) => personOf(desk, id));
  return { at, schedules, people };
}

/** Shifts and gaps from the beginning of the local day on. */
export async function dutyWeeks(store: Store, desk: DutyDesk, at: number, weeks: number) {
  const span = weeksFrom(at, weeks, desk.timeZone);
  const overrides = await overridesOf(store, desk, span);
  const schedules = Object.entries(desk.paging.schedules).map(([id, schedule]) => {
    const own = overrides.get(id) ?? [];
    const shifts = shiftsOf(schedule, own, span, desk.timeZone);
    return {
      ...headOf(desk, id, schedule),
      shifts: shifts.map((shift) => shownShift(desk, shift, own)),
      gaps: uncoveredSpans(schedule, own, span, desk.timeZone).map(({ from, until }) => ({
        ...{ from, until },
      })),
    };
  });
  return { ...span, schedules };
}

/** A configured person; one who is gone from the configuration keeps the configured name. */
export function personOf({ paging }: Pick<DutyDesk, "paging">, id: string) {
  const { people } = paging;
  return { id, name: Object.hasOwn(people, id) ? (people[id]?.name ?? id) : id };
}

function overridesOf(store: Store, desk: DutyDesk, span: Span): Promise<Overrides> {
  if (Object.keys(desk.paging.schedules).length === 0) return Promise.resolve(new Map());
  return readOverrides(store, desk.tenant, desk.paging, span);
}

function headOf({ timeZone }: DutyDesk, id: string, schedule: Schedule) {
  return { id, title: schedule.title, timeZone: schedule.timeZone ?? timeZone };
}

function shownShift(
  desk: DutyDesk,
  { from, until, person }: Shift,
  overrides: readonly Override[],
) {
  const override = overrides
    .toSorted((left, right) => right.createdAt - left.createdAt)
    .find((one) => one.person === person && one.from <= from && from < endOfOverride(one));
  return {
    ...{ person: personOf(desk, person), from, until },
    ...(override === undefined ? {} : { override: override.id }),
  };
}

function shownNext(desk: DutyDesk, { at, to }: { at: number; to: string | undefined }) {
  return { at, ...(to === undefined ? {} : { person: personOf(desk, to) }) };
}

/** Whole local days, so that a calendar has no cut one. */
function weeksFrom(at: number, weeks: number, timeZone: string): Span {
  const day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).startOfDay();
  return { from: day.epochMilliseconds, until: day.add({ weeks }).epochMilliseconds };
}
