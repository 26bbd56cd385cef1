// What every format's file gives: how sure it is that a line is its own, how to parse it, how its
// records are laid out for detection, and how they read under ECS names. Adding a format is one file
// plus its line in `formats.ts`.
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
}

/** A line taken apart. */
export interface ParsedLine {
  readonly record: ParsedRecord;
  /** Event time, ms UTC; undefined when the line has none (then the time of receipt stands in). */
  readonly time: number | undefined;
  /** The source's own identity of the record (record id + channel + host); undefined when it has none. */
  readonly identity: string | undefined;
}

export interface Format {
  readonly id: string;
  readonly shape: RecordShape;
  /** Retention class of its events: `security`, `network` or `content`. */
  readonly dataClass: "security" | "network" | "content";
  /**
   * 0 (not mine) … 1 (certainly mine), from the first bytes; cheap and never throws. `json` is the
   * object that the line holds, undefined for text. From SURE on no other format may claim the line.
   */
  readonly sniff: (line: string, json: JsonRecord | undefined) => number;
  /**
   * For JSON formats: the already parsed value is handed in, so that no line is parsed twice.
   * @throws AppError HW_PARSE_FAILED with what was expected
   */
  readonly parse: (line: string, context: ParseContext, json: JsonRecord | undefined) => ParsedLine;
  /** The record under ECS names, flat, without `@timestamp` and `event.ingested` (the caller adds them). */
  readonly ecs: (record: ParsedRecord) => EcsDocument;
}
