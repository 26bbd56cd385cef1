// What the screens of duty and paging ask of the server.
import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type {
  calendarList,
  newCalendarAnswer,
  onCallAnswer,
  overrideList,
  shiftsAnswer,
} from "../../api/on-call-schemas.ts";
import type {
  checkAnswer,
  findingPagingAnswer,
  noiseAnswer,
  pagingAnswer,
  testPageList,
} from "../../api/paging-schemas.ts";
import { request } from "./client.ts";

export type OnCall = z.infer<typeof onCallAnswer>;
export type Shifts = z.infer<typeof shiftsAnswer>;
export type ScheduleShifts = Shifts["schedules"][number];
export type OverrideList = z.infer<typeof overrideList>;
export type CalendarList = z.infer<typeof calendarList>;
export type NewCalendar = z.infer<typeof newCalendarAnswer>;
export type Paging = z.infer<typeof pagingAnswer>;
export type Check = z.infer<typeof checkAnswer>;
export type Noise = z.infer<typeof noiseAnswer>;
export type TestPages = z.infer<typeof testPageList>;
export type FindingPagingBoard = z.infer<typeof findingPagingAnswer>;

const POLL_MS = 30_000;
/** While a test page is on its way its result is waited for. */
const TEST_POLL_MS = 2000;
/** Somebody's answer is to be seen soon. */
const FINDING_POLL_MS = 10_000;

/** Everything here is asked anew by the first part of its key. */
export const PAGING_KEYS = ["on-call", "paging"] as const;

const asked = <T>(key: readonly string[], path: string, pollMs: number) =>
  queryOptions({
    queryKey: key,
    queryFn: ({ signal }) => request<T>("GET", path, undefined, signal),
    refetchInterval: pollMs,
  });

export const onCallQuery = asked<OnCall>(["on-call", "now"], "/on-call", POLL_MS);
export const shiftsQuery = asked<Shifts>(["on-call", "shifts"], "/on-call/shifts?weeks=4", POLL_MS);
export const overridesQuery = asked<OverrideList>(
  ["on-call", "overrides"],
  "/on-call/overrides",
  POLL_MS,
);
export const calendarsQuery = asked<CalendarList>(
  ["on-call", "calendars"],
  "/on-call/calendars",
  POLL_MS,
);
export const pagingQuery = asked<Paging>(["paging", "board"], "/paging", POLL_MS);
export const checkQuery = asked<Check>(["paging", "check"], "/paging/check", 10 * POLL_MS);
export const noiseQuery = asked<Noise>(["paging", "noise"], "/paging/noise", POLL_MS);

export const testPagesQuery = queryOptions({
  queryKey: ["paging", "test-pages"],
  queryFn: ({ signal }) => request<TestPages>("GET", "/paging/test-pages", undefined, signal),
  refetchInterval: ({ state }) =>
    state.data?.testPages[0]?.state === "done" ? POLL_MS : TEST_POLL_MS,
});

export function findingPagingQuery(id: string) {
  return asked<FindingPagingBoard>(
    ["paging", "finding", id],
    `/findings/${encodeURIComponent(id)}/paging`,
    FINDING_POLL_MS,
  );
}
