// How the records of a file are laid out: its encoding, and whether they are lines or elements of a JSON
// document. Told from the name and the beginning.
import { parseOutsideJson } from "../normalize/json-nesting.ts";
import { createElementSplitter } from "./json-elements.ts";
import { leadLength } from "./json-wrapper.ts";
import { createLineSplitter, type Splitter } from "./line-splitter.ts";
import { decodeText, detectEncoding, type TextEncoding } from "./text-encoding.ts";

export interface FileLayout {
  readonly encoding: TextEncoding;
  /** Bytes of the byte order mark. */
  readonly markBytes: number;
  readonly records: "lines" | "elements";
}

const LOOK_BYTES_MAX = 256 * 1024;
const JSON_NAME = /\.json(?:\.gz|\.zst)?$/i;

/** How much of the beginning of a file of this name `layoutOf` wants to see. */
export function layoutBytes(name: string): number {
  return JSON_NAME.test(name) ? LOOK_BYTES_MAX : 3;
}

/** @param head the first `layoutBytes`, or all when there are fewer */
export function layoutOf(name: string, head: Buffer): FileLayout {
  const { encoding, markBytes } = detectEncoding(head);
  const text = JSON_NAME.test(name)
    ? decodeText(head.subarray(markBytes, LOOK_BYTES_MAX), encoding)
    : "";
  return { encoding, markBytes, records: isDocument(text) ? "elements" : "lines" };
}

/** A splitter for the file's layout; JSON elements are always handed over as UTF-8. */
export function createFileSplitter(layout: FileLayout, pieceBytesMax: number): Splitter {
  const { encoding } = layout;
  if (layout.records === "lines") {
    return createLineSplitter({
      pieceBytesMax,
      encoding,
      firstOffset: layout.markBytes,
      firstLine: 1,
    });
  }
  const elements = createElementSplitter({
    pieceBytesMax,
    firstOffset: encoding === "utf-8" ? layout.markBytes : 0,
    firstLine: 1,
  });
  if (encoding === "utf-8") return elements;
  const decoder = new TextDecoder(encoding);
  return {
    push: (chunk) => elements.push(Buffer.from(decoder.decode(chunk, { stream: true }))),
    rest: () => elements.rest(),
    get resumeOffset() {
      return elements.resumeOffset;
    },
  };
}

/**
 * Whether `.json` text is one document (an array, an object around one, or pretty-printed objects) and not
 * a record a line.
 */
function isDocument(text: string): boolean {
  const start = text.trimStart();
  if (start.startsWith("[")) return true;
  if (!start.startsWith("{")) return false;
  if (leadLength(start) > 0) return true;
  const [first = "", second = ""] = start.split("\n", 3);
  // One damaged first line must not turn a file of lines into a document.
  return !isJson(first) && !second.trimStart().startsWith("{");
}

function isJson(text: string): boolean {
  try {
    parseOutsideJson(text);
    return true;
  } catch {
    return false;
  }
}
