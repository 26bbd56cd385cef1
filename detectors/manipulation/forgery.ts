// Whether a value pretends to be more log lines, or takes over the screen of whoever reads the log: line
// breaks before something that looks like the beginning of a record, control sequences of terminals.

/** What a forged record begins with, in the formats that are common where lines are attached. */
const RECORD_BEGIN = new RegExp(
  [
    "<\\d{1,3}>",
    "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec) {1,2}\\d{1,2} \\d\\d:\\d\\d",
    "\\d{4}-\\d\\d-\\d\\d[t ]\\d\\d:\\d\\d",
    "\\d{1,2}/[a-z]{3}/\\d{4}:\\d\\d:\\d\\d",
    "\\[\\d{1,4}[-/.]",
    "\\d{1,3}(?:\\.\\d{1,3}){3} (?:-|\\S{1,40}) (?:-|\\S{1,40}) \\[",
    "(?:type|level|time|date|devname|action|eventid)=",
    "(?:info|warn(?:ing)?|error|debug|notice)\\b[: \\]]",
    "cef:\\d\\|",
    '\\{ ?"',
    "accepted (?:password|publickey) for",
    "session (?:opened|closed) for",
  ].join("|"),
  "i",
);
/** As far as a forged beginning can reach. */
const BEGIN_CHARACTERS_MAX = 80;
// A line break as it is, as programs escape it, percent-encoded, and as rsyslog writes it (#012).
const LINE_BREAK =
  /\r\n|[\r\n\u0085\u2028\u2029]|(?:\\r)?\\n|\\x0[ad]|(?:%0d)?%0a|%0d|#01[25]|\u240a/gi;
const BREAKS_MAX = 50;

/** Movements of the cursor, erasing, titles, links and device controls; colours alone are harmless. */
const ESCAPE = `(?:${String.fromCharCode(27)}|\\\\x1[bB]|\\\\033|\\\\u001[bB]|%1[bB]|#033)`;
const REAL_ESCAPE = String.fromCharCode(27);
const TERMINAL = new RegExp(
  [
    `(?:${ESCAPE}|\\\\e)\\[[\\d;?]{0,16}[A-HJKSTfhlnsu]`,
    `${ESCAPE}\\]\\d{1,4};`,
    `${REAL_ESCAPE}[PX^_c78DEM]`,
    "\\u009b[\\d;?]{0,16}[A-HJKSTfhlnsu]",
  ].join("|"),
);
const COLOUR = new RegExp(`(?:${ESCAPE}|\\\\e)\\[[\\d;]{0,16}m`);

/** A line break and behind it what looks like a record; the place of the break, or −1. */
export function forgedRecordAt(text: string): number {
  let breaks = 0;
  for (const found of text.matchAll(LINE_BREAK)) {
    breaks += 1;
    if (breaks > BREAKS_MAX) return -1;
    const from = found.index + found[0].length;
    const rest = text.slice(from, from + BEGIN_CHARACTERS_MAX).replace(/^[\s+]+|^(?:%20)+/, "");
    const begin = rest.search(RECORD_BEGIN);
    if (begin === 0) return found.index;
  }
  return -1;
}

/** Where a control sequence for terminals begins; colours count only where none belongs. */
export function terminalControlAt(text: string, mayHaveColours: boolean): number {
  const at = text.search(TERMINAL);
  if (at !== -1 || mayHaveColours) return at;
  return text.search(COLOUR);
}

/** A line break in a value that has one line in every format. */
export function strayBreakAt(text: string): number {
  const at = text.trimEnd().search(/[\r\n\u2028\u2029]/);
  // Headers of mails are folded so.
  return at !== -1 && /^\r?\n[ \t]/.test(text.slice(at)) ? -1 : at;
}
