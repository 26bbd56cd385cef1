// Texts are copied here before they are searched: V8's strings are slow to walk. One place for all
// searches, so that it stays in the processor's cache; each is done before the next begins.

/** Longest text that can be copied, in UTF-16 units. */
export const SCAN_CHARACTERS_MAX = 1 << 18;
/** Bytes before and behind the text, for boundaries and for words that reach over them. */
const MARGIN = 8;
/** Where a copied text begins; a multiple of four. */
export const SCAN_START = MARGIN;

const MEMORY = new ArrayBuffer(SCAN_CHARACTERS_MAX + 2 * MARGIN);
/** The copy, byte by byte. */
export const SCAN_BYTES: Uint8Array = new Uint8Array(MEMORY);
/** The copy, four bytes at a time, at every fourth place. */
export const SCAN_WORDS: Int32Array = new Int32Array(MEMORY);
/** The copy, four bytes at a time, at any place. */
export const SCAN_VIEW: DataView = new DataView(MEMORY);

/** Makes capital letters small, in all four bytes of a word; other characters may become others. */
export const FOLD = 0x20202020;

// Node's types leave out what `write` calls after it has looked at its arguments, and that takes as long.
interface Latin1Writer {
  latin1Write(text: string, offset: number, length: number): number;
}
// Every Buffer has the method (nodejs/node lib/internal/buffer.js).
const WRITER = Buffer.from(MEMORY) as Buffer & Latin1Writer;

/**
 * Copies a text of at most `SCAN_CHARACTERS_MAX` units; characters beyond Latin 1 lose their upper byte.
 * The byte before it and the one behind it become `boundary`.
 */
export function copyToScan(text: string, boundary: number): void {
  const { length } = text;
  WRITER.latin1Write(text, SCAN_START, length);
  SCAN_BYTES[SCAN_START - 1] = boundary;
  SCAN_BYTES[SCAN_START + length] = boundary;
}
