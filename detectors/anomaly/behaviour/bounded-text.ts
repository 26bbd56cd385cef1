// Texts of logs as keys: as they are where they are short, else their beginning and a hash of the whole, so
// that a value of a megabyte costs its reading once and no memory.
import { hashOf } from "../../correlation/key-hash.ts";

const LENGTH_MAX = 200;
const KEPT = 160;

/** The text itself, or something as unique that is at most 200 characters long. */
export function boundedText(text: string): string {
  if (text.length <= LENGTH_MAX) return text;
  return `${text.slice(0, KEPT)}…${hashOf(text, 3).toString(16)}${hashOf(text, 4).toString(16)}`;
}
