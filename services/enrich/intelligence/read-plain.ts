// Plain threat lists: one indicator a line, first column of CSV, or hosts files; with comments.
import type { ListEntry } from "./read-list.ts";
import { subjectOf } from "./subject.ts";

const LINE_CHARACTERS_MAX = 4096;
/** Where hosts files send the names that they block. */
const NOWHERE = new Set(["0.0.0.0", "127.0.0.1", "::", "::1"]);
const HEADER =
  /^"?(?:ip|ioc|indicator|value|domain|host|url|hash|sha256|md5|address)"?(?:[,;\t]|$)/i;

export function* readPlain(text: string): Generator<ListEntry> {
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let isFirst = true;
  while (start < text.length) {
    const found = text.indexOf("\n", start);
    const end = found === -1 ? text.length : found;
    const line = end - start > LINE_CHARACTERS_MAX ? undefined : text.slice(start, end).trim();
    start = end + 1;
    if (line === "" || (line !== undefined && /^(?:#|;|\/\/|!)/.test(line))) continue;
    const isHeader = isFirst && line !== undefined && HEADER.test(line);
    isFirst = false;
    if (!isHeader) yield line === undefined ? "unreadable" : entryOf(line);
  }
}

function entryOf(line: string): ListEntry {
  const [first = "", second = ""] = line.split(/[\s,;]+/, 2);
  const value = NOWHERE.has(first) && second !== "" ? second : first;
  const subject = subjectOf(value.replace(/^["']|["']$/g, ""));
  return subject === undefined ? "unreadable" : { subject };
}
