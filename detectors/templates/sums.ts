// Keys of word sequences as sums of the words' shares, so that the key of a sequence with one word replaced
// costs two additions instead of a walk over all.
import { HIGH, keyOf, LOW } from "./scan.ts";

/** Stands for the replaced word; odd, and no avalanche of a word's hash is looked for under it. */
const HOLE = 0x5bd1e995;

/** Sums over the words of a sequence. */
export interface Sums {
  readonly high: number;
  readonly low: number;
}

export function sumsOf(words: Uint32Array): Sums {
  let high = 0;
  let low = 0;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? 0;
    high = (high + Math.imul(word, HIGH[at] ?? 1)) | 0;
    low = (low + Math.imul(word, LOW[at] ?? 1)) | 0;
  }
  return { high, low };
}

/** Key of the sequence in which any word stands at a place. */
export function holeKey(words: Uint32Array, { high, low }: Sums, at: number): number {
  const change = (HOLE - (words[at] ?? 0)) | 0;
  return keyOf(
    words.length,
    (high + Math.imul(change, HIGH[at] ?? 1)) | 0,
    (low + Math.imul(change, LOW[at] ?? 1)) | 0,
  );
}
