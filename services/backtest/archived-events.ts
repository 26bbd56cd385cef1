// Events for a backtest out of the archive: their documents become records of the formats that wrote them,
// so that rules meet them as they would have met them live.
import type { EcsDocument, LogEvent } from "../../detectors/event.ts";
import type { Archive, ArchivedEvent } from "../archive/archive.ts";
import { createRestorer } from "../normalize/archived-record.ts";
import { formatIdOf } from "../normalize/document-origin.ts";
import type { Format } from "../normalize/format.ts";
import { FORMATS } from "../normalize/formats.ts";
import { ecsJson } from "../normalize/generic/ecs-json.ts";
import type { IdentityMap } from "../privacy/privacy.ts";
import type { BacktestEvent } from "./result.ts";

/** Names of identities have left the archive long since. */
const NO_IDENTITIES: IdentityMap = new Map();

export interface ArchivedEventsOptions {
  readonly tenant: string;
  /** Event time, half-open [from, to), milliseconds since 1970 UTC. */
  readonly range: { readonly from: number; readonly to: number };
  /** Formats of the configuration, besides the built-in ones. */
  readonly formats: readonly Format[];
  /** Gives rules the fields that enrichment computes, as live. */
  readonly view: (event: LogEvent) => LogEvent;
  readonly signal: AbortSignal;
}

/** All events of the range in the order of time. Traces of records that no parser understood are left out. */
export async function* archivedEvents(
  archive: Archive,
  options: ArchivedEventsOptions,
): AsyncGenerator<BacktestEvent> {
  const { tenant, range, signal, view } = options;
  const formats = new Map([...FORMATS, ...options.formats].map((format) => [format.id, format]));
  const restore = createRestorer();
  for await (const archived of archive.scan(tenant, range, signal)) {
    const { document } = archived;
    if (document["event.kind"] === "pipeline_error") continue;
    const format = formats.get(formatIdOf(document) ?? "") ?? ecsJson;
    const event = view(eventOf(tenant, archived, format, restore));
    yield { event, evidence: () => ({ document, identities: NO_IDENTITIES }) };
  }
}

function eventOf(
  tenant: string,
  { id, time, source, document }: ArchivedEvent,
  format: Format,
  restore: (document: EcsDocument, format: Format) => LogEvent["record"],
): LogEvent {
  const ingestedAt = Date.parse(String(document["event.ingested"]));
  return {
    ...{ id, tenant, source, time },
    ingestedAt: Number.isNaN(ingestedAt) ? time : ingestedAt,
    shape: format.shape,
    record: restore(document, format),
    text: undefined,
  };
}
