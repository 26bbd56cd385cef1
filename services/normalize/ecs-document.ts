// The document that is archived or becomes evidence: what the format knows under ECS names, and what
// Heidewacht adds to every event. Made only when an event is kept, never for matching.
import type { EcsDocument, LogEvent } from "../../detectors/event.ts";
import { put } from "./document.ts";
import { putOrigin } from "./document-origin.ts";
import type { Format } from "./format.ts";
import { putAbsent } from "./windows/windows-ecs.ts";

/** ECS release that the names follow. */
const ECS_VERSION = "8.17.0";

/**
 * An event under ECS names, flat, with `@timestamp`, `event.ingested`, `event.id`, `event.dataset`,
 * `organization.id` (tenant) and `labels.source`. The format is the one that parsed the event.
 */
export function ecsDocument(event: LogEvent, format: Format): EcsDocument {
  const document = format.ecs(event.record);
  document["@timestamp"] = isoOf(event.time);
  document["event.ingested"] = isoOf(event.ingestedAt);
  document["event.id"] = event.id;
  putAbsent(document, "event.kind", "event");
  putAbsent(document, "event.module", format.shape.family);
  putAbsent(document, "event.dataset", format.id);
  putOrigin(document, event, format);
  document["ecs.version"] = ECS_VERSION;
  document["organization.id"] = event.tenant;
  document["labels.source"] = event.source;
  if (event.joined !== undefined) put(document, "labels.record_ids", event.joined.records);
  if (event.claimedTime !== undefined) {
    document["labels.time_implausible"] = "true";
    put(document, "labels.time_claimed", isoOf(event.claimedTime));
  }
  return document;
}

// Years beyond 9999 have no ISO form that Elasticsearch reads.
function isoOf(time: number): string {
  return time > -62e12 && time < 253_402_300_800_000 ? new Date(time).toISOString() : String(time);
}
