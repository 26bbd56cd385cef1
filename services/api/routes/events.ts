// The archive of pseudonymised events, for hunting and for the evidence behind a finding.
import type { z } from "zod";
import type { ArchivedEvent } from "../../archive/archive.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import { eventSearch } from "../event-search.ts";
import { ApiFault } from "../faults.ts";
import { principalOf } from "../guard.ts";
import { archivedEvent, eventPage, eventQuery, eventsQuery, idParams } from "../schemas.ts";

/** Registers `/events`. */
export function registerEventRoutes(api: Api, context: ApiContext): void {
  const searching = { querystring: eventsQuery, response: answers(eventPage) };
  api.get("/events", { schema: searching }, async (request) => {
    const query = eventSearch(request.query, context.clock());
    const page = await context.archive.search(principalOf(request).tenant, query);
    return {
      events: page.events.map(eventAnswer),
      ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
    };
  });

  const reading = { params: idParams, querystring: eventQuery, response: answers(archivedEvent) };
  api.get("/events/:id", { schema: reading }, async (request) => {
    const { tenant } = principalOf(request);
    const found = await context.archive.get(tenant, request.params.id, request.query.time);
    if (found === undefined) throw new ApiFault("HW_NOT_FOUND");
    return eventAnswer(found);
  });
}

/** An archived event as the API gives it. */
export function eventAnswer(event: ArchivedEvent): z.infer<typeof archivedEvent> {
  const { id, time, source, dataClass } = event;
  // A copy, because EcsDocument's lists are read-only and the schema's are not.
  return { id, time, source, dataClass, document: structuredClone(event.document) as Document };
}

/** What zod infers for an ECS document; the same values as EcsDocument, with lists that can be written. */
type Document = z.infer<typeof archivedEvent>["document"];
