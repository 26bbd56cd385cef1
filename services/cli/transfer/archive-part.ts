// Archived events as rows, in the order of time and id.
import { z } from "zod";
import type { EcsDocument } from "../../../detectors/event.ts";
import type { Archive, ArchivedEvent } from "../../archive/archive.ts";
import type { PartPort } from "./ports-place.ts";

const eventSchema = z.object({
  id: z.string(),
  time: z.number(),
  source: z.string(),
  dataClass: z.string(),
  document: z.custom<EcsDocument>((value) => typeof value === "object" && value !== null),
});

/**
 * All events of a tenant. An event that a sender delivered twice at the same time counts once, as
 * everywhere else.
 */
export function archivePart(archive: Archive, id: string): PartPort {
  const stream = `transfer/${id}`;
  return {
    async *read(tenant) {
      const { oldest, newest } = await archive.statistics(tenant);
      if (oldest === undefined || newest === undefined) return;
      const never = new AbortController().signal;
      let before: ArchivedEvent | undefined;
      for await (const event of archive.scan(tenant, { from: oldest, to: newest + 1 }, never)) {
        if (event.id === before?.id && event.time === before.time) continue;
        before = event;
        yield { ...event };
      }
    },
    async write(tenant, rows, first) {
      const events = rows.map((row, at) => ({ offset: first + at, event: eventSchema.parse(row) }));
      const position = { stream, firstOffset: first, lastOffset: first + rows.length - 1 };
      await archive.append(tenant, position, events);
    },
  };
}
