// Turns a received record into an event: finds its format, parses it once, gives it its id and time.
// What no format can read comes back as a fault, for the dead-letter.
import { AppError, isAppError } from "../../config/errors.ts";
import type { LogEvent } from "../../detectors/event.ts";
import {
  type Format,
  type JsonRecord,
  type ParseContext,
  type ParsedLine,
  SURE,
} from "./format.ts";
import { detectFormat, FORMATS, type RecentFormats } from "./formats.ts";
import { type JsonMapping, mappedJson } from "./generic/json-mapped.ts";
import { isHeaderLine, splitHeader, withHeaderLine } from "./header-lines.ts";
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
  /** Formats of mapping files (mapping/mapping-folder.ts). */
  readonly formats?: readonly Format[];
}

/** An event with the format that parsed it, why there is none, or that the line never was one. */
export type Normalized =
  | { readonly event: LogEvent; readonly format: Format }
  | { readonly fault: AppError }
  | { readonly skipped: "header" };

/**
 * The event, where the caller has no use for anything else.
 * @throws AppError the fault, or HW_PARSE_FAILED for a header line
 */
export function eventOrThrow(result: Normalized): Extract<Normalized, { event: LogEvent }> {
  if ("fault" in result) throw result.fault;
  if ("event" in result) return result;
  throw new AppError("HW_PARSE_FAILED", "a header line, no event");
}

export interface Normalizer {
  /** Format ids that sources may be configured with. */
  readonly formatIds: readonly string[];
  /** Never throws an AppError: it comes back as `fault`. */
  normalize(raw: ReceivedRecord, tenant: string): Normalized;
}

/** Longest record that is parsed, in UTF-16 units. */
export const RECORD_CHARACTERS_MAX = 4 * 1024 * 1024;
/** Formats whose files begin with lines that are no events. */
const HEADED_FORMATS = FORMATS.filter(({ isHeader }) => isHeader !== undefined);
/** Formats that may carry each other's lines, one inside the other. */
const CARRIERS_MAX = 3;
/** Sources of one tenant whose last formats are remembered. */
const RECENT_SOURCES_MAX = 10_000;
/** Times outside are faults of a clock: before 1990, or more than a day after the receipt. */
const TIME_MIN = Date.UTC(1990, 0, 1);
const TIME_AHEAD_MAX_MS = 86_400_000;

/** Makes the normaliser that all events of a process go through. */
export function createNormalizer(options: NormalizerOptions): Normalizer {
  const byId = new Map(FORMATS.map((format) => [format.id, format]));
  const configured = options.formats ?? [];
  for (const format of [...options.mappings.map(mappedJson), ...configured]) {
    if (byId.has(format.id)) {
      throw new AppError("HW_CONFIG_INVALID", `two formats are called ${format.id}`);
    }
    byId.set(format.id, format);
  }
  const memories = new Map<string, Map<string, SourceMemory>>();
  return {
    formatIds: [...byId.keys()],
    normalize: (raw, tenant) => {
      try {
        const memory = memoryOf(memories, tenant, raw.source);
        if (isHeaderLine(raw.text) && !raw.text.includes("\n")) {
          memory.header = withHeaderLine(memory.header, raw.text);
          return { skipped: "header" };
        }
        const found = parseRecord(raw, { byId, configured }, memory);
        if (found === undefined) return { skipped: "header" };
        return { event: eventOf(raw, tenant, found), format: found.format };
      } catch (error) {
        if (isAppError(error)) return { fault: error };
        throw error;
      }
    },
  };
}

/** What is known of a source from its earlier records. It saves time and finds columns, no more. */
interface SourceMemory {
  readonly recent: RecentFormats;
  readonly recentInner: RecentFormats;
  header: string | undefined;
}

function memoryOf(
  memories: Map<string, Map<string, SourceMemory>>,
  tenant: string,
  source: string,
): SourceMemory {
  let sources = memories.get(tenant);
  if (sources === undefined) {
    sources = new Map();
    memories.set(tenant, sources);
  }
  const known = sources.get(source);
  if (known !== undefined) return known;
  if (sources.size >= RECENT_SOURCES_MAX) sources.clear();
  const made: SourceMemory = { recent: [], recentInner: [], header: undefined };
  sources.set(source, made);
  return made;
}

interface Found {
  readonly format: Format;
  readonly parsed: ParsedLine;
  /** What JSON.parse made of the line itself. */
  readonly json: JsonRecord | undefined;
}

/** The formats of one normaliser. */
interface Known {
  readonly byId: ReadonlyMap<string, Format>;
  /** Those of mapping files, which are asked first. */
  readonly configured: readonly Format[];
}

/** Undefined: the line only names the columns of those behind it. */
function parseRecord(raw: ReceivedRecord, known: Known, memory: SourceMemory): Found | undefined {
  if (raw.text.length > RECORD_CHARACTERS_MAX) {
    throw new AppError("HW_INPUT_TOO_LARGE", `a record over ${RECORD_CHARACTERS_MAX} characters`);
  }
  const own = splitHeader(raw.text);
  const header = own.header ?? memory.header;
  const json = looksLikeJson(own.line) ? parseJsonRecord(own.line) : undefined;
  const format =
    raw.format === undefined
      ? detectFormat(own.line, json, memory.recent, header, known.configured)
      : known.byId.get(raw.format);
  const isUntold = raw.format === undefined && format === undefined && own.line !== "";
  const mayHead = isUntold ? [...known.configured, ...HEADED_FORMATS] : [format];
  if (mayHead.some((one) => one?.isHeader?.(own.line, header) === true)) return undefined;
  if (format === undefined) {
    if (raw.format === undefined) throw new AppError("HW_PARSE_FAILED", "no known format");
    throw new AppError("HW_CONFIG_INVALID", `no format is called ${raw.format}`);
  }
  const context: ParseContext = { timeZone: raw.timeZone, receivedAt: raw.receivedAt, header };
  let found: Found = { format, parsed: format.parse(own.line, context, json), json };
  for (let depth = 0; depth < CARRIERS_MAX; depth++) {
    const inner = parseInner(found, known, context, memory.recentInner);
    if (inner === undefined) break;
    found = inner;
  }
  return found;
}

// A line that was only carried; when it doesn't fit its format after all, the carrier's record stands.
function parseInner(
  outer: Found,
  known: Known,
  context: ParseContext,
  recent: RecentFormats,
): Found | undefined {
  const inner = outer.format.inner?.(outer.parsed.record);
  if (inner === undefined) return undefined;
  try {
    const json = looksLikeJson(inner.text) ? parseJsonRecord(inner.text) : undefined;
    const format =
      inner.format === undefined
        ? detectFormat(inner.text, json, recent, undefined, known.configured)
        : known.byId.get(inner.format);
    const isGuess = inner.format === undefined && inner.isOpen !== true;
    if (isGuess && format !== undefined && format.sniff(inner.text, json) < SURE) return undefined;
    if (format === undefined) return undefined;
    const { record, time, identity } = format.parse(inner.text, context, json);
    const host = record.host ?? inner.host;
    return {
      format,
      parsed: {
        record: host === undefined || record.host !== undefined ? record : { ...record, host },
        time: time ?? outer.parsed.time,
        identity: outer.parsed.identity ?? identity,
      },
      json: outer.json,
    };
  } catch (error) {
    if (isAppError(error)) return undefined;
    throw error;
  }
}

function eventOf(raw: ReceivedRecord, tenant: string, { format, parsed, json }: Found): LogEvent {
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
    textRecord: json,
  };
  return time === undefined || isPlausible ? event : { ...event, claimedTime: time };
}
