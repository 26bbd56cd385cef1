// The part of a NetScaler line behind its head: `User x - Client_ip 192.0.2.7 - Browser_type "a - b"`, or
// a sentence in quotation marks.
import { setField } from "../field-table.ts";

/** Parts of one line. */
const PARTS_MAX = 100;

/** Puts the parts of a body into a record under lower-case names, and the body itself as `message`. */
export function readNetscalerBody(body: string, record: Record<string, unknown>): void {
  const text = body.replace(/(?:\\0x0a|\s){1,10}$/i, "");
  record.message = unquoted(text);
  if (text.startsWith('"')) {
    readSentence(text, record);
    return;
  }
  for (const part of partsOf(text)) {
    const words = WORDS.exec(part);
    const end = words === null ? part.indexOf(" ") : words[0].length;
    if (end > 0) put(record, part.slice(0, end), unquoted(part.slice(end).trim()));
  }
}

// The only names of two words.
const WORDS = /^(?:Start|End|Delink) Time(?= )/;

// Set apart by ` - `, in some messages by `- `; not inside quotation marks.
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let dash = text.indexOf("- ");
  let quote = text.indexOf('"');
  while (dash !== -1 && parts.length < PARTS_MAX) {
    if (quote !== -1 && quote < dash) {
      const closing = text.indexOf('"', quote + 1);
      if (closing === -1) break;
      quote = text.indexOf('"', closing + 1);
      if (dash < closing) dash = text.indexOf("- ", closing + 1);
      continue;
    }
    parts.push(text.slice(start, dash).trim());
    start = dash + 2;
    dash = text.indexOf("- ", start);
  }
  parts.push(text.slice(start).trim());
  return parts;
}

const ADDRESS_AND_PORT = /^([\d.]{7,15}|\[?[\da-f:]{2,45}\]?):(\d{1,5})$/i;

/** Names that are remembered. */
const NAMES_MAX = 500;
const names = new Map<string, string>();

// `Client_ip`, `SessionId:`, `Group(s)`, `username:domainname`
function nameOf(word: string): string {
  const known = names.get(word);
  if (known !== undefined) return known;
  const name = word
    .slice(0, 60)
    .toLowerCase()
    .replace(/\W{1,3}/g, "_")
    .replace(/_$/, "");
  const free = KEPT.has(name) ? `${name}_said` : name;
  if (names.size < NAMES_MAX) names.set(word, free);
  return free;
}

function put(record: Record<string, unknown>, word: string, value: string): void {
  if (value === "" || value === "-") return;
  const name = nameOf(word);
  const address =
    isDigit(value.charCodeAt(0)) || value.startsWith("[") ? ADDRESS_AND_PORT.exec(value) : null;
  if (name === "username_domainname") {
    const [user, domain] = value.split(":", 2);
    record.user = user;
    if (domain !== undefined && domain !== "") record.domain = domain;
  } else if (address !== null) {
    const bare = (address[1] ?? "").replace(/^\[|\]$/g, "");
    setField(record, `${name}_address`, bare);
    setField(record, `${name}_port`, Number(address[2]));
  } else {
    setField(record, name, value);
  }
}

// Names that the head has given a meaning.
const KEPT: ReadonlySet<string> = new Set(
  "engine feature type code action message kind".split(" "),
);

// "AAA LOGIN REQ: parsed data; username: <x>, …", "… for user x …"
function readSentence(text: string, record: Record<string, unknown>): void {
  const user =
    /\busername: <([^>]{1,200})>|\b[Uu]ser(?:name)?[ :=]{1,3}<?([\w.@\\-]{2,200})>?/.exec(
      text.slice(0, 1000),
    );
  const name = user?.[1] ?? user?.[2];
  if (name !== undefined) record.user = name;
  const client = /\b[Cc]lient(?:[_ ]?[Ii][Pp])?[ :=]{1,3}<?((?:\d{1,3}\.){3}\d{1,3})/.exec(
    text.slice(0, 1000),
  );
  if (client !== null) record.client_ip = client[1];
}

function unquoted(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"')
    ? text.slice(1, -1).trim()
    : text;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
