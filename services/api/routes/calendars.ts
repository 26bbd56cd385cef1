// Calendar subscriptions: each account makes and revokes its own, and calendar programs fetch them from
// outside of /api/v1, by an address that is itself the secret.
import { z } from "zod";
import { icalOf } from "../../paging/duty/ical.ts";
import { readOverrides } from "../../paging/duty/overrides.ts";
import {
  CALENDAR_FEEDS_MAX,
  createCalendarFeed,
  findCalendarFeed,
  listCalendarFeeds,
  removeCalendarFeed,
} from "../calendar-feeds.ts";
import { type Api, type ApiContext, answers, recordAudit } from "../context.ts";
import { ApiFault } from "../faults.ts";
import { principalOf } from "../guard.ts";
import type { StoredCalendarFeed } from "../kinds.ts";
import { calendarBody, calendarList, newCalendarAnswer } from "../on-call-schemas.ts";
import { onCallOf } from "../on-call-setup.ts";
import { idParams } from "../schemas.ts";

const DAY_MS = 86_400_000;
/** What a calendar tells of: some weeks back, and as far as rotas are planned. */
const BACK_DAYS = 35;
const AHEAD_DAYS = 180;
const FILE = "/on-call/:schedule.ics";

/** Registers `/on-call/calendars`. */
export function registerCalendarRoutes(api: Api, context: ApiContext): void {
  const { clock, store } = context;
  api.get(
    "/on-call/calendars",
    { schema: { response: answers(calendarList) } },
    async (request) => {
      const feeds = await listCalendarFeeds(store, principalOf(request).actor);
      return { calendars: feeds.map(({ id, document }) => answerOf(id, document)) };
    },
  );

  const making = { body: calendarBody, response: answers(newCalendarAnswer) };
  api.post("/on-call/calendars", { schema: making }, async (request) => {
    const principal = principalOf(request);
    const { tenant, actor: account } = principal;
    const { schedule, person } = request.body;
    checkNames(context, tenant, request.body);
    if ((await listCalendarFeeds(store, account)).length >= CALENDAR_FEEDS_MAX) {
      throw new ApiFault("HW_CONFLICT", { text: (m) => m.onCall.calendarsFull });
    }
    const given = {
      ...{ tenant, account, schedule, createdAt: clock() },
      ...(person === undefined ? {} : { person }),
    };
    const { id, key } = await createCalendarFeed(store, given);
    const said = { schedule, ...(person === undefined ? {} : { person }) };
    await recordAudit(context, principal, "on_call.calendar_create", id, said);
    const path = `/on-call/${schedule}.ics?key=${key}`;
    return { ...answerOf(id, { ...given, secretHash: "" }), path };
  });

  const removing = { params: idParams, response: { 204: z.undefined() } };
  api.delete("/on-call/calendars/:id", { schema: removing }, async (request, reply) => {
    const principal = principalOf(request);
    const { id } = request.params;
    const removed = await removeCalendarFeed(store, principal.actor, id);
    if (removed === undefined) throw new ApiFault("HW_NOT_FOUND");
    const { schedule } = removed;
    await recordAudit(context, principal, "on_call.calendar_remove", id, { schedule });
    return reply.code(204).send();
  });
}

/** Registers the files themselves. */
export function registerCalendarFiles(api: Api, context: ApiContext): void {
  const { clock, store, options } = context;
  const asking = {
    params: z.object({ schedule: z.string().max(64) }),
    querystring: z.object({ key: z.string().max(200).default("") }),
  };
  api.get(FILE, { schema: { ...asking, hide: true } }, async (request, reply) => {
    const feed = await findCalendarFeed(store, request.query.key);
    const name = request.params.schedule;
    if (feed === undefined || feed.schedule !== name) throw new ApiFault("HW_NOT_FOUND");
    const { paging, timeZone, tenant } = onCallOf(context, feed.tenant);
    const schedule = Object.hasOwn(paging.schedules, name) ? paging.schedules[name] : undefined;
    if (schedule === undefined) throw new ApiFault("HW_NOT_FOUND");
    const now = clock();
    const span = { from: now - BACK_DAYS * DAY_MS, until: now + AHEAD_DAYS * DAY_MS };
    const overrides = await readOverrides(store, tenant, paging, span);
    const text = icalOf({
      ...{ tenant, name, schedule, span, timeZone, people: paging.people },
      ...{ overrides: overrides.get(name) ?? [], person: feed.person, language: options.language },
    });
    return reply
      .type("text/calendar; charset=utf-8")
      .header("cache-control", "private, no-cache")
      .header("x-robots-tag", "noindex")
      .send(text);
  });
}

function checkNames(
  context: ApiContext,
  tenant: string,
  { schedule, person }: z.infer<typeof calendarBody>,
): void {
  const { schedules, people } = onCallOf(context, tenant).paging;
  if (!Object.hasOwn(schedules, schedule)) {
    const text = (m: ApiContext["messages"]) => m.onCall.scheduleUnknown;
    throw new ApiFault("HW_REQUEST_INVALID", { place: "body/schedule", text });
  }
  if (person !== undefined && !Object.hasOwn(people, person)) {
    const text = (m: ApiContext["messages"]) => m.onCall.overrides.person_unknown;
    throw new ApiFault("HW_REQUEST_INVALID", { place: "body/person", text });
  }
}

function answerOf(id: string, { schedule, person, createdAt }: StoredCalendarFeed) {
  return { id, schedule, createdAt, ...(person === undefined ? {} : { person }) };
}
