// Reads `key=value key="va lue"` lines, as auditd and FortiGate write them, in one pass.

/** Most pairs of one line. */
const PAIRS_MAX = 1000;

/** One pair. `quote` is the quotation mark around the value, empty when it had none. */
export type TakePair = (key: string, value: string, quote: string) => void;

/**
 * Hands every pair of `text` from an index on to `take`. Words without `=` are passed over. Quoted
 * values end at the same quotation mark (or at the end of the line); a backslash takes the next
 * character with it when `escapes` is set.
 */
export function readPairs(text: string, start: number, escapes: boolean, take: TakePair): void {
  let at = start;
  for (let count = 0; count < PAIRS_MAX && at < text.length; count++) {
    while (isBlank(text.charCodeAt(at))) at++;
    const keyStart = at;
    while (at < text.length && text[at] !== "=" && !isBlank(text.charCodeAt(at))) at++;
    if (text[at] !== "=") continue;
    const key = text.slice(keyStart, at);
    at++;
    const quote = text[at];
    if (quote === '"' || quote === "'") {
      const end = closing(text, at + 1, quote, escapes);
      take(key, text.slice(at + 1, end), quote);
      at = end + 1;
    } else {
      const valueStart = at;
      while (at < text.length && !isBlank(text.charCodeAt(at))) at++;
      take(key, text.slice(valueStart, at), "");
    }
  }
}

function closing(text: string, start: number, quote: string, escapes: boolean): number {
  if (!escapes) {
    const end = text.indexOf(quote, start);
    return end === -1 ? text.length : end;
  }
  let at = start;
  while (at < text.length && text[at] !== quote) at += text[at] === "\\" ? 2 : 1;
  return Math.min(at, text.length);
}

// auditd sets its enrichment apart by a group separator (0x1d).
function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a || code === 0x1d;
}
