// How the records of a file are laid out: its encoding, and whether they are lines or elements of a JSON
// document. Told from the name and the beginning, which is read once for it.
import { readFileBytes } from "./file-bytes.ts";
import { createElementSplitter } from "./json-elements.ts";
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

/** @throws AppError HW_INPUT_UNREADABLE */
export async function findLayout(
  path: string,
  signal: AbortSignal | undefined,
): Promise<FileLayout> {
  const head = await readHead(path, JSON_NAME.test(path) ? LOOK_BYTES_MAX : 1, signal);
  const { encoding, markBytes } = detectEncoding(head);
  const text = JSON_NAME.test(path) ? decodeText(head.subarray(markBytes), encoding) : "";
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

/** Whether `.json` text is one document (an array, or pretty-printed objects) and not a record a line. */
function isDocument(text: string): boolean {
  const start = text.trimStart();
  if (start.startsWith("[")) return true;
  if (!start.startsWith("{")) return false;
  const [first = "", second = ""] = start.split("\n", 3);
  // One damaged first line must not turn a file of lines into a document.
  return !isJson(first) && !second.trimStart().startsWith("{");
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function readHead(
  path: string,
  bytesWanted: number,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const { bytes } of readFileBytes(path, signal)) {
      const part = Buffer.from(bytes.subarray(0, LOOK_BYTES_MAX - length));
      parts.push(part);
      length += part.length;
      if (length >= bytesWanted) break;
    }
  } catch (error) {
    // A file that is damaged further on is read as far as it goes; the reader tells of the damage.
    signal?.throwIfAborted();
    if (length === 0) throw error;
  }
  return Buffer.concat(parts);
}
