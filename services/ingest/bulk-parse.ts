// Takes an Elasticsearch bulk body apart, line by line: action, document, action, document … One broken
// item never stops the others. Documents are not parsed here, only looked at: parsing is `detect`'s, and
// what it can't parse it keeps on the dead-letter instead of losing it.
import { AppError } from "../../config/errors.ts";
import { parseOutsideJson } from "../normalize/json-nesting.ts";
import type { Piece } from "./line-splitter.ts";

/** Every action of the bulk protocol. */
type BulkAction = "create" | "index" | "update" | "delete";

/** One item in the order sent: a document, or the reason why there is none. */
export interface BulkItem {
  readonly action: BulkAction;
  readonly index: string | undefined;
  /** Only when the sender gave one. */
  readonly id: string | undefined;
  /** The document's line exactly as sent; undefined when `fault` says why not. */
  readonly text: string | undefined;
  readonly fault: AppError | undefined;
}

export interface BulkParser {
  line(piece: Piece): void;
  /** Call once after the last line. */
  end(): void;
}

interface Head {
  readonly action: BulkAction;
  readonly index: string | undefined;
  readonly id: string | undefined;
}

const ACTIONS: readonly BulkAction[] = ["create", "index", "update", "delete"];
const ACTION_BYTES_MAX = 8192;
/** Elasticsearch's own limit for `_id`. */
const ID_BYTES_MAX = 512;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** @param onItem called for each item in order */
export function createBulkParser(
  defaultIndex: string | undefined,
  onItem: (item: BulkItem) => void,
): BulkParser {
  let head: Head | undefined;
  // After a line that is no action: the next one is its document, unless it is an action itself.
  let afterFault = false;
  const readAction = createActionReader();

  const fail = (of: Head, code: "HW_REQUEST_INVALID" | "HW_INPUT_TOO_LARGE", why: string): void => {
    onItem({ ...of, text: undefined, fault: new AppError(code, why) });
  };
  const actionLine = (piece: Piece): void => {
    const found = readAction(piece.bytes);
    if (found === undefined) {
      if (!afterFault) {
        const none: Head = { action: "index", index: defaultIndex, id: undefined };
        fail(none, "HW_REQUEST_INVALID", `line ${piece.line} is no bulk action`);
      }
      afterFault = !afterFault;
      return;
    }
    afterFault = false;
    const next = { ...found, index: found.index ?? defaultIndex };
    if (next.action === "delete") fail(next, "HW_REQUEST_INVALID", "delete is not served here");
    else head = next;
  };
  const documentLine = (of: Head, piece: Piece): void => {
    if (of.action === "update") fail(of, "HW_REQUEST_INVALID", "update is not served here");
    else if (piece.cut) fail(of, "HW_INPUT_TOO_LARGE", "the document is longer than allowed");
    else if (of.id !== undefined && (of.id === "" || Buffer.byteLength(of.id) > ID_BYTES_MAX)) {
      fail(of, "HW_REQUEST_INVALID", `_id must have 1 to ${ID_BYTES_MAX} bytes`);
    } else if (!looksLikeObject(piece.bytes)) {
      fail(of, "HW_REQUEST_INVALID", `line ${piece.line} is no JSON object`);
    } else onItem({ ...of, text: piece.bytes.toString("utf8"), fault: undefined });
  };
  return {
    line(piece) {
      if (head !== undefined) {
        documentLine(head, piece);
        head = undefined;
      } else if (piece.bytes.length > 0) actionLine(piece);
    },
    end() {
      if (head !== undefined) fail(head, "HW_REQUEST_INVALID", "the document is missing");
      head = undefined;
    },
  };
}

/** Whether the bytes begin and end as an object does; blanks around it are allowed. */
export function looksLikeObject(bytes: Buffer): boolean {
  let start = 0;
  let end = bytes.length - 1;
  while (start < end && isBlank(bytes[start])) start++;
  while (end > start && isBlank(bytes[end])) end--;
  return end > start && bytes[start] === OPEN_BRACE && bytes[end] === CLOSE_BRACE;
}

// Shippers repeat the same action line for every document: it is parsed once as long as it stays.
function createActionReader(): (bytes: Buffer) => Head | undefined {
  let lastBytes: Buffer | undefined;
  let last: Head | undefined;
  return (bytes) => {
    if (lastBytes?.equals(bytes)) return last;
    if (bytes.length > ACTION_BYTES_MAX || !looksLikeObject(bytes)) return undefined;
    lastBytes = Buffer.from(bytes);
    last = parseAction(bytes);
    return last;
  };
}

function parseAction(bytes: Buffer): Head | undefined {
  const line = parseJson(bytes.toString("utf8"));
  if (!isObject(line)) return undefined;
  const keys = Object.keys(line);
  const action = ACTIONS.find((one) => one === keys[0]);
  if (action === undefined || keys.length !== 1) return undefined;
  const fields: unknown = line[action];
  if (!isObject(fields)) return undefined;
  const { _index, _id } = fields;
  return { action, index: textOf(_index), id: textOf(_id) };
}

function parseJson(text: string): unknown {
  try {
    return parseOutsideJson(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}
