// Reads bodies of the HTTP Event Collector. Events are JSON objects one after the other, with or without
// something between them; raw bodies are lines. What the query says of all of them (host, source,
// sourcetype, index) is put into the envelope where an event doesn't say it itself.
import { AppError } from "../../config/errors.ts";
import type { JsonRecord } from "../normalize/format.ts";
import { parseOutsideJson } from "../normalize/json-nesting.ts";
import { isRecord } from "../normalize/json-text.ts";
import { createElementSplitter } from "./json-elements.ts";
import { createLineSplitter, type Piece, pieceText, type Splitter } from "./line-splitter.ts";

/** Why an event was refused, as the collector's code. */
export interface HecFault {
  readonly code: 6 | 12 | 13 | 15 | 27;
  /** Of the event in the request, from 0. */
  readonly position: number;
}

export interface HecReader {
  push(chunk: Buffer): void;
  /** Reads what is left; the first fault of all, after which nothing was taken any more. */
  end(): HecFault | undefined;
}

interface HecLimits {
  readonly recordBytesMax: number;
  readonly recordsPerRequestMax: number;
  /** Of all records: what the query says is written into each of them. */
  readonly bodyBytesMax: number;
}

const QUERY_NAMES = ["host", "source", "sourcetype", "index", "time"];

/** @param onText called with the text of each record, until one is at fault */
export function createHecReader(
  kind: "event" | "raw",
  query: Readonly<Record<string, string>>,
  limits: HecLimits,
  onText: (text: string) => void,
): HecReader {
  const shared = Object.fromEntries(
    QUERY_NAMES.flatMap((name) => (query[name] ? [[name, query[name]]] : [])),
  );
  const isShared = Object.keys(shared).length > 0;
  const options = { pieceBytesMax: limits.recordBytesMax, firstOffset: 0, firstLine: 1 };
  const splitter: Splitter =
    kind === "event"
      ? createElementSplitter(options)
      : createLineSplitter({ ...options, encoding: "utf-8" });
  let position = 0;
  let characters = 0;
  let fault: HecFault | undefined;

  const give = (text: string): void => {
    characters += text.length;
    if (characters > limits.bodyBytesMax) {
      throw new AppError("HW_INPUT_TOO_LARGE", "the events are too large with what the query adds");
    }
    onText(text);
  };
  const takeEvent = (piece: Piece): HecFault["code"] | undefined => {
    const text = pieceText(piece, "utf-8");
    const event = parse(text);
    const code = event === undefined ? 6 : faultOf(event);
    if (code !== undefined) return code;
    give(isShared ? JSON.stringify({ ...shared, ...event }) : text);
    return undefined;
  };
  const take = (piece: Piece): void => {
    if (fault !== undefined || piece.bytes.length === 0) return;
    if (position >= limits.recordsPerRequestMax) {
      throw new AppError("HW_INPUT_TOO_LARGE", "too many events in one request");
    }
    if (kind === "raw") {
      const event = pieceText(piece, "utf-8");
      if (!piece.cut) give(isShared ? JSON.stringify({ ...shared, event }) : event);
    }
    const code = piece.cut ? 27 : kind === "event" ? takeEvent(piece) : undefined;
    if (code !== undefined) fault = { code, position };
    position++;
  };
  return {
    push(chunk) {
      for (const piece of splitter.push(chunk)) take(piece);
    },
    end() {
      const rest = splitter.rest();
      if (rest !== undefined) take(rest);
      return fault;
    },
  };
}

function parse(text: string): JsonRecord | undefined {
  try {
    const value: unknown = parseOutsideJson(text);
    return isRecord(value) ? value : undefined;
  } catch {
    // Told to the sender as invalid data.
    return undefined;
  }
}

function faultOf({ event, time, fields }: JsonRecord): 6 | 12 | 13 | 15 | undefined {
  if (event === undefined) return 12;
  if (event === null || event === "") return 13;
  if (time !== undefined && time !== null && !Number.isFinite(Number(time))) return 6;
  const isFlat =
    fields === undefined ||
    (isRecord(fields) && Object.values(fields).every((value) => !isRecord(value)));
  return isFlat ? undefined : 15;
}
