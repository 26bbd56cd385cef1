// Turns a received record into an event: finds its format, parses it once, gives it its id and time.
// What no format can read comes back as a fault, for the dead-letter.
import { AppError, isAppError } from "../../config/errors.ts";
import type { LogEvent } from "../../detectors/event.ts";
import { wrappedLine } from "./ecs-json.ts";
import type { Format, JsonRecord, ParseContext, ParsedLine } from "./format.ts";
import { detectFormat, FORMATS } from "./formats.ts";
import { type JsonMapping, mappedJson } from "./json-mapped.ts";
import { looksLikeJson, parseJsonRecord } from "./json-text.ts";

/** What a record off the `raw` topic must give (services/bus/raw-record.ts). */
export interface ReceivedRecord {
  readonly id: string;
  readonly idFromSender: boolean;
  readonly source: string;
  readonly format?: string | undefined;
  readonly timeZone: string;
  readonly receivedAt: number;
  readonly text: string;
}

export interface NormalizerOptions {
  readonly mappings: readonly JsonMapping[];
}

/** An event with the format that parsed it, or why there is none. */
type Normalized =
  | { readonly event: LogEvent; readonly format: Format }
  | { readonly fault: AppError };

export interface Normalizer {
  /** Format ids that sources may be configured with. */
  readonly formatIds: readonly string[];
  /** Never throws an AppError: it comes back as `fault`. */
  normalize(raw: ReceivedRecord, tenant: string): Normalized;
}

/** Longest record that is parsed, in UTF-16 units. */
export const RECORD_CHARACTERS_MAX = 4 * 1024 * 1024;
/** Sources of one tenant whose last format is remembered. */
const RECENT_SOURCES_MAX = 10_000;
/** Times outside are faults of a clock: before 1990, or more than a day after the receipt. */
const TIME_MIN = Date.UTC(1990, 0, 1);
const TIME_AHEAD_MAX_MS = 86_400_000;

/** Makes the normaliser that all events of a process go through. */
export function createNormalizer(options: NormalizerOptions): Normalizer {
  const byId = new Map(FORMATS.map((format) => [format.id, format]));
  for (const mapping of options.mappings) {
    if (byId.has(mapping.id)) {
      throw new AppError("HW_CONFIG_INVALID", `two formats are called ${mapping.id}`);
    }
    byId.set(mapping.id, mappedJson(mapping));
  }
  const recent = new Map<string, Map<string, Format>>();
  return {
    formatIds: [...byId.keys()],
    normalize: (raw, tenant) => {
      try {
        const sources = recentOf(recent, tenant);
        const before = sources.get(raw.source);
        const found = parseRecord(raw, byId, before);
        if (before !== found.outer) remember(sources, raw.source, found.outer);
        return { event: eventOf(raw, tenant, found.format, found.parsed), format: found.format };
      } catch (error) {
        if (isAppError(error)) return { fault: error };
        throw error;
      }
    },
  };
}

function recentOf(recent: Map<string, Map<string, Format>>, tenant: string): Map<string, Format> {
  const known = recent.get(tenant);
  if (known !== undefined) return known;
  const made = new Map<string, Format>();
  recent.set(tenant, made);
  return made;
}

function remember(sources: Map<string, Format>, source: string, format: Format): void {
  if (sources.size >= RECENT_SOURCES_MAX) sources.clear();
  sources.set(source, format);
}

interface Found {
  readonly format: Format;
  readonly parsed: ParsedLine;
  /** The format of the whole record; differs from `format` when a shipper carried a raw line. */
  readonly outer: Format;
}

function parseRecord(
  raw: ReceivedRecord,
  byId: ReadonlyMap<string, Format>,
  recent: Format | undefined,
): Found {
  const { text } = raw;
  if (text.length > RECORD_CHARACTERS_MAX) {
    throw new AppError("HW_INPUT_TOO_LARGE", `a record over ${RECORD_CHARACTERS_MAX} characters`);
  }
  const json = looksLikeJson(text) ? parseJsonRecord(text) : undefined;
  const format = chooseFormat(raw, json, byId, recent);
  const context: ParseContext = { timeZone: raw.timeZone, receivedAt: raw.receivedAt };
  const parsed = format.parse(text, context, json);
  const inner = format.id === "ecs" ? parseWrapped(parsed, byId, context) : undefined;
  if (inner === undefined) return { format, parsed, outer: format };
  return { format: inner.format, parsed: inner.parsed, outer: format };
}

function chooseFormat(
  raw: ReceivedRecord,
  json: JsonRecord | undefined,
  byId: ReadonlyMap<string, Format>,
  recent: Format | undefined,
): Format {
  if (raw.format !== undefined) {
    const configured = byId.get(raw.format);
    if (configured !== undefined) return configured;
    throw new AppError("HW_CONFIG_INVALID", `no format is called ${raw.format}`);
  }
  const format = detectFormat(raw.text, json, recent);
  if (format === undefined) throw new AppError("HW_PARSE_FAILED", "no known format");
  return format;
}

// A line that Filebeat only carried; when it doesn't fit its format after all, the document stands.
function parseWrapped(
  outer: ParsedLine,
  byId: ReadonlyMap<string, Format>,
  context: ParseContext,
): { readonly format: Format; readonly parsed: ParsedLine } | undefined {
  const wrapped = wrappedLine(outer.record);
  const format = wrapped === undefined ? undefined : byId.get(wrapped.format);
  if (wrapped === undefined || format === undefined) return undefined;
  try {
    const { record, time, identity } = format.parse(wrapped.line, context, undefined);
    const host = record.host ?? wrapped.host;
    return {
      format,
      parsed: {
        record: host === undefined ? record : { ...record, host },
        time: time ?? outer.time,
        identity: outer.identity ?? identity,
      },
    };
  } catch (error) {
    if (isAppError(error, "HW_PARSE_FAILED")) return undefined;
    throw error;
  }
}

function eventOf(
  raw: ReceivedRecord,
  tenant: string,
  format: Format,
  parsed: ParsedLine,
): LogEvent {
  const { time, identity } = parsed;
  const isPlausible =
    time !== undefined && time >= TIME_MIN && time <= raw.receivedAt + TIME_AHEAD_MAX_MS;
  const ownId = identity === undefined ? raw.id : `${raw.source}:${identity}`;
  const event: LogEvent = {
    id: raw.idFromSender ? raw.id : ownId,
    tenant,
    source: raw.source,
    time: isPlausible ? time : raw.receivedAt,
    ingestedAt: raw.receivedAt,
    shape: format.shape,
    record: parsed.record,
    text: raw.text,
  };
  return time === undefined || isPlausible ? event : { ...event, claimedTime: time };
}
