// The columns that a `#Fields:` line names: W3C extended logs part them by blanks, Exchange by commas.

/** Columns of one header. */
export interface HeaderColumns {
  readonly names: readonly string[];
  /** `#Software:` and `#Log-type:`, empty where the header has none. */
  readonly software: string;
  readonly logType: string;
}

const COLUMNS_MAX = 400;
const HEADERS_REMEMBERED_MAX = 100;

// A file has one header for all its lines.
const remembered = new Map<string, HeaderColumns | undefined>();

/** What a header says; undefined when it names no columns. */
export function columnsOf(header: string | undefined): HeaderColumns | undefined {
  if (header === undefined) return undefined;
  const known = remembered.get(header);
  if (known !== undefined || remembered.has(header)) return known;
  if (remembered.size >= HEADERS_REMEMBERED_MAX) remembered.clear();
  const read = readHeader(header);
  remembered.set(header, read);
  return read;
}

/**
 * Whether a line is a directive that header-lines.ts doesn't know. In files with a `#Fields:` header no
 * entry begins with `#` (W3C Working Draft "Extended Log File Format").
 */
export function isFurtherDirective(line: string): boolean {
  return line.startsWith("#") && /^#[A-Za-z][\w-]{1,40}:(?:\s|$)/.test(line);
}

function readHeader(header: string): HeaderColumns | undefined {
  const lines = header.split("\n");
  const directive = (name: string): string =>
    lines
      .find((line) => line.startsWith(name))
      ?.slice(name.length)
      .trim() ?? "";
  const fields = directive("#Fields:");
  if (fields === "") return undefined;
  const names = fields.split(fields.includes(",") ? /,\s?/ : /\s+/, COLUMNS_MAX);
  return { names, software: directive("#Software:"), logType: directive("#Log-type:") };
}
