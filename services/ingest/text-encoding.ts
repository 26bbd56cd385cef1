// Which encoding a text has, told by its byte order mark, and how the bytes of a line become text.
import { isUtf8 } from "node:buffer";

/** What we read: UTF-8 unless a byte order mark says UTF-16. */
export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be";

/** The encoding that the first bytes announce, and how long the mark is. */
export function detectEncoding(head: Buffer): { encoding: TextEncoding; markBytes: number } {
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: "utf-16le", markBytes: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: "utf-16be", markBytes: 2 };
  const hasMark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
  return { encoding: "utf-8", markBytes: hasMark ? 3 : 0 };
}

const windows1252 = new TextDecoder("windows-1252");
const REPLACED = "\uFFFD";

/**
 * The bytes as text. Bytes that are no UTF-8 at all are read as Windows-1252, which older devices and
 * German Windows programs write; in text that is UTF-8 otherwise, damaged bytes become U+FFFD.
 */
export function decodeText(bytes: Buffer, encoding: TextEncoding): string {
  if (encoding === "utf-8") {
    const text = bytes.toString("utf8");
    // The usual case ends here, at the price of one search that is free for ASCII.
    if (!text.includes(REPLACED) || isUtf8(bytes) || hasOtherThanAscii(text)) return text;
    return windows1252.decode(bytes);
  }
  if (encoding === "utf-16le") return bytes.toString("utf16le");
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString("utf16le");
}

function hasOtherThanAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0x7f && code !== 0xfffd) return true;
  }
  return false;
}

/** Shortens cut bytes to whole characters, so that the cut itself makes no U+FFFD. */
export function trimToCharacter(bytes: Buffer, encoding: TextEncoding): Buffer {
  if (encoding !== "utf-8") return bytes.subarray(0, bytes.length & ~1);
  let start = bytes.length - 1;
  // A character has at most three continuation bytes (10xxxxxx) after its first one.
  while (start > bytes.length - 4 && start > 0 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start--;
  const first = bytes[start] ?? 0;
  const needed = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  return start + needed > bytes.length ? bytes.subarray(0, start) : bytes;
}
