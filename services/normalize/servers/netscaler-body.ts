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
    const match = WORDS.exec(part) ?? /^([A-Za-z][\w():]{0,60}) {1,4}(\S.*)$/s.exec(part);
    if (match === null) continue;
    put(record, match[1] ?? "", unquoted((match[2] ?? "").trim()));
  }
}

const WORDS = /^(Start Time|End Time|Delink Time|Start_time|End_time) {1,4}(\S.*)$/s;

// Set apart by ` - `, in some messages by `- `; not inside quotation marks.
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length && parts.length < PARTS_MAX; at++) {
    if (text[at] === '"') isQuoted = !isQuoted;
    if (isQuoted || text[at] !== "-" || text[at + 1] !== " ") continue;
    parts.push(text.slice(start, at).trim());
    start = at + 2;
  }
  parts.push(text.slice(start).trim());
  return parts;
}

const ADDRESS_AND_PORT = /^([\d.]{7,15}|\[?[\da-f:]{2,45}\]?):(\d{1,5})$/i;

function put(record: Record<string, unknown>, word: string, value: string): void {
  const name = word
    .toLowerCase()
    .replace(/:$/, "")
    .replace(/\W{1,3}/g, "_")
    .replace(/_$/, "");
  if (value === "" || value === "-") return;
  const address = ADDRESS_AND_PORT.exec(value);
  if (name === "username_domainname") {
    const [user, domain] = value.split(":", 2);
    record.user = user;
    if (domain !== undefined && domain !== "") record.domain = domain;
  } else if (address !== null) {
    const bare = (address[1] ?? "").replace(/^\[|\]$/g, "");
    setField(record, `${name}_address`, bare);
    setField(record, `${name}_port`, Number(address[2]));
  } else {
    setField(record, KEPT.has(name) ? `${name}_said` : name, value);
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
  return text.replace(/^"(.*)"$/s, "$1").trim();
}
