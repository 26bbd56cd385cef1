// Header lines of logs whose columns stand once in the file: W3C extended logs (IIS, Exchange, #Fields:)
// and Zeek (#fields). File inputs put them before each line, so that a record stands for itself; for other
// ways the normaliser remembers the last header of each source.

/** Longest header that is kept, in UTF-16 units. */
const HEADER_CHARACTERS_MAX = 16 * 1024;

// W3C Working Draft "Extended Log File Format" and Exchange's #Log-type; Zeek's ASCII writer.
const DIRECTIVE =
  /^#(?:(?:Software|Version|Fields|Date|Start-Date|End-Date|Remark|Log-type):|(?:separator|set_separator|empty_field|unset_field|path|open|close|fields|types)(?:[ \t]|$))/;
// What parsers need of a header; times and remarks change without changing the columns.
const KEPT = /^#(?:Software:|Fields:|Log-type:|separator |unset_field|path|fields)/;

/** Whether a line is part of a header (or of a foot), and no event. */
export function isHeaderLine(line: string): boolean {
  return line.charCodeAt(0) === 0x23 && DIRECTIVE.test(line.slice(0, 20));
}

/** The header after one more of its lines; `before` is what the lines so far gave. */
export function withHeaderLine(before: string | undefined, line: string): string | undefined {
  if (!KEPT.test(line)) return before;
  const name = directiveOf(line);
  const others = (before ?? "")
    .split("\n")
    .filter((one) => one !== "" && directiveOf(one) !== name);
  const header = [...others, line.trimEnd()].join("\n");
  return header.length > HEADER_CHARACTERS_MAX ? before : header;
}

/** A record's header lines and the line behind them. */
export function splitHeader(text: string): {
  readonly header: string | undefined;
  readonly line: string;
} {
  let header: string | undefined;
  let start = 0;
  while (text.charCodeAt(start) === 0x23) {
    const end = text.indexOf("\n", start);
    const line = text.slice(start, end === -1 ? undefined : end);
    if (end === -1 || !isHeaderLine(line)) break;
    header = header === undefined ? line : `${header}\n${line}`;
    start = end + 1;
  }
  return { header, line: start === 0 ? text : text.slice(start) };
}

function directiveOf(line: string): string {
  return /^#[\w-]{1,20}/.exec(line)?.[0] ?? "";
}
