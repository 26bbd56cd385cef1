// What every format's file gives: how sure it is that a line is its own, how to parse it, how its
// records are laid out for detection, and how they read under ECS names. Adding a format is one file
// plus its line in the list of its group (`network/network-formats.ts`).
import type { EcsDocument, ParsedRecord, RecordShape } from "../../detectors/event.ts";

/** A JSON object as `JSON.parse` left it. Keys are the sender's: read, never copied by assignment. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** From this score on a format is certain of a line, and the others need not be asked. */
export const SURE = 0.9;

/** What a parser may need to know of the source. */
export interface ParseContext {
  /** IANA zone of sources whose times carry none, e.g. `Europe/Berlin`. */
  readonly timeZone: string;
  /** When the record was received, ms UTC: for years that the source leaves out. */
  readonly receivedAt: number;
  /** Header lines (`#Fields: …`) that the source sent before, for formats whose columns they name. */
  readonly header?: string | undefined;
}

/** A line taken apart. */
export interface ParsedLine {
  readonly record: ParsedRecord;
  /** Event time, ms UTC; undefined when the line has none (then the time of receipt stands in). */
  readonly time: number | undefined;
  /** The source's own identity of the record (record id + channel + host); undefined when it has none. */
  readonly identity: string | undefined;
}

/** A log line that a format only carried, as a shipper or a container's log does. */
export interface InnerLine {
  readonly text: string;
  /** Id of the format that it is in, where the carrier tells; undefined: found out from the text. */
  readonly format?: string | undefined;
  /** Whether a format may read it that is not sure of it; else the carrier's record stands then. */
  readonly isOpen?: boolean | undefined;
  /** Host that only the carrier knows. */
  readonly host?: string | undefined;
}

/**
 * How records that belong together become one: the records of an audit event, the blocks of a script.
 * Pure; `services/normalize/record-joiner.ts` keeps the open groups within limits.
 */
export interface JoinRule {
  /** What the records of a group share besides tenant and source; undefined: stands alone. */
  readonly keyOf: (record: ParsedRecord) => string | undefined;
  /** Whether nothing more is to come after these records (in order of arrival). */
  readonly isComplete: (records: readonly ParsedRecord[]) => boolean;
  /** One record of two or more. */
  readonly merge: (records: readonly ParsedRecord[]) => ParsedRecord;
  /**
   * `merged`: the group is one event, its parts are none. `kept`: each part is an event of its own, and
   * the part that completes the group is matched with the content of all.
   */
  readonly parts: "merged" | "kept";
}

/** What can be told of a line of text at a glance, and again of thousands of lines like it. */
export interface LineTraits {
  /** First character of the line; U+0080 stands for all beyond ASCII, empty is none. */
  readonly line: string;
  /** The same of what follows a syslog header; where there is none, of the line. */
  readonly content: string;
  /** The same of what follows the program's tag; where there is no header, of the line. */
  readonly message: string;
  /** Program in the syslog header. */
  readonly program: string | undefined;
  /** Whether there is a syslog header. */
  readonly isFramed: boolean;
  readonly hasHost: boolean;
  readonly hasMessageId: boolean;
}

export interface Format {
  /** Lower case with hyphens, e.g. `cisco-asa`. Sources name it as their `format`. */
  readonly id: string;
  /** What people call it, the same in every language: `Cisco ASA and FTD`. */
  readonly title: string;
  /** Whether its records are JSON objects or lines of text. */
  readonly reads: "json" | "text";
  readonly shape: RecordShape;
  /** Retention class of its events: `security`, `network` or `content`. */
  readonly dataClass: "security" | "network" | "content";
  /**
   * False where `sniff` is sure to answer 0 for every line of text with these traits: it is spared then.
   * Left out: asked for each line.
   */
  readonly mayClaim?: (traits: LineTraits) => boolean;
  /**
   * 0 (not mine) … 1 (certainly mine), from the first bytes; cheap and never throws. `json` is the
   * object that the line holds, undefined for text; `header` the source's header lines, if it sent any.
   * From SURE on no other format may claim the line.
   */
  readonly sniff: (
    line: string,
    json: JsonRecord | undefined,
    header?: string | undefined,
  ) => number;
  /**
   * For JSON formats: the already parsed value is handed in, so that no line is parsed twice.
   * @throws AppError HW_PARSE_FAILED with what was expected
   */
  readonly parse: (line: string, context: ParseContext, json: JsonRecord | undefined) => ParsedLine;
  /** The record under ECS names, flat, without `@timestamp` and `event.ingested` (the caller adds them). */
  readonly ecs: (record: ParsedRecord) => EcsDocument;
  /** For formats that carry other logs' lines: the line inside, undefined when the record speaks for itself. */
  readonly inner?: (record: ParsedRecord) => InnerLine | undefined;
  readonly join?: JoinRule;
  /**
   * Whether a line is no event but says how those behind it are written, as CSV files begin: it is
   * skipped. Asked of every line that no format knows, so that only its very own texts may be claimed.
   */
  readonly isHeader?: (line: string, header?: string | undefined) => boolean;
}
