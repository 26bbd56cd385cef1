// Puts the header lines of a file (`#Fields: …` of IIS and Exchange, `#fields` of Zeek) before each of its
// lines, so that a record on the bus stands for itself: whoever reads it has seen no other line of the file.
import type { FileHandle } from "node:fs/promises";
import { isHeaderLine, withHeaderLine } from "../normalize/header-lines.ts";
import { readAt } from "./file-identity.ts";
import { createLineSplitter, pieceText } from "./line-splitter.ts";
import type { TextEncoding } from "./text-encoding.ts";

/** Remembers the header of one file while its lines go by. */
export interface HeaderCarry {
  /** The header that holds for the next line; undefined when the file has none. */
  readonly header: string | undefined;
  /** The line with its header before it; undefined for a header line, which is no record. */
  take(line: string): string | undefined;
}

/** A new header line takes the place of the one that it repeats. */
export function createHeaderCarry(before?: string): HeaderCarry {
  let header = before;
  return {
    get header() {
      return header;
    },
    take(line) {
      if (isHeaderLine(line)) {
        header = withHeaderLine(header, line);
        return undefined;
      }
      return header === undefined ? line : `${header}\n${line}`;
    },
  };
}

/** As much of a file's beginning as is looked at for its header. */
const BEGINNING_BYTES = 64 * 1024;

/** The header at a file's beginning, for a reader that starts at `offset` and remembers none. */
export async function headerAtBeginning(
  handle: FileHandle,
  encoding: TextEncoding,
  markBytes: number,
  offset: number,
): Promise<string | undefined> {
  const length = Math.min(BEGINNING_BYTES, offset - markBytes);
  if (length <= 0) return undefined;
  const splitter = createLineSplitter({
    pieceBytesMax: BEGINNING_BYTES,
    encoding,
    firstOffset: markBytes,
    firstLine: 1,
  });
  const carry = createHeaderCarry();
  for (const piece of splitter.push(await readAt(handle, markBytes, length))) {
    if (carry.take(pieceText(piece, encoding)) !== undefined) break;
  }
  return carry.header;
}
