// Lines of programs and devices without a format of their own that are mostly `key=value` pairs, bare or
// behind a syslog header. Usual names become ECS names, the others stay as they are.
import { AppError } from "../../../config/errors.ts";
import { type FieldTable, flatDocument, flatShape, setField } from "../field-table.ts";
import type { Format, ParseContext } from "../format.ts";
import { readPairs } from "../key-values.ts";
import { timeOf } from "../time-text.ts";
import { contentOf, frameFields, frameTime } from "./syslog.ts";
import { headerTimeToUtc, readHeaderTime } from "./syslog-time.ts";

const PAIRS_MIN = 3;
/** Share of the words in a line's beginning that are pairs. */
const PAIRS_SHARE_MIN = 0.6;
/** So much of a line decides whether it is mostly pairs, in UTF-16 units. */
const HEAD_CHARACTERS = 1000;
const TIME_KEYS = ["time", "timestamp", "ts", "eventtime", "datetime", "zeit", "zeitstempel", "t"];

const ECS: FieldTable = {
  "source.ip": ["src", "srcip", "src_ip", "source_ip", "client", "client_ip", "clientip", "ip"],
  "source.port": ["spt", "srcport", "src_port", "sport"],
  "destination.ip": ["dst", "dstip", "dst_ip", "dest_ip", "destination_ip"],
  "destination.port": ["dpt", "dstport", "dst_port", "dport"],
  "user.name": ["user", "username", "usr", "login", "account", "benutzer", "konto"],
  "event.action": ["action", "act", "event", "aktion", "vorgang"],
  "event.reason": ["reason", "grund"],
  "log.level": ["level", "lvl", "severity", "stufe"],
  "network.transport": ["proto", "protocol"],
  "url.original": ["url", "uri"],
  "http.request.method": ["method"],
  "host.name": ["host", "hostname"],
  "process.name": ["program"],
  "process.pid": ["pid"],
  "log.syslog.facility.name": ["facility"],
  "log.syslog.severity.name": ["severity"],
  "log.syslog.msgid": ["message_id"],
  message: ["msg", "message", "text"],
};

/** Lines of pairs. */
export const keyValue: Format = {
  id: "key-value",
  title: "Key=value lines of other programs",
  reads: "text",
  shape: flatShape({ id: "key-value", family: "key-value", ecs: ECS }),
  dataClass: "content",
  sniff: (line, json) => {
    if (json !== undefined || !line.includes("=")) return 0;
    const found = pairsOf(line);
    if (found === undefined) return 0;
    // More than the bare syslog format claims, but only where nothing but pairs follows the header.
    return found.isFramed && found.isAllPairs ? 0.6 : 0.4;
  },
  parse: (line, context) => {
    const found = pairsOf(line);
    if (found === undefined) {
      throw new AppError("HW_PARSE_FAILED", `no line of at least ${PAIRS_MIN} pairs and a time`);
    }
    const frame = found.isFramed ? contentOf(line) : undefined;
    const record: Record<string, unknown> = frame === undefined ? {} : frameFields(frame);
    if (frame !== undefined) delete record.message;
    const isWhole = found.text.length <= HEAD_CHARACTERS;
    for (const { key, value, quote } of isWhole ? found.pairs : barePairs(found.text)) {
      const bareValue = quote === "" ? value.replace(/[,;]$/, "") : value;
      setField(record, key, quote === '"' ? unescaped(bareValue) : bareValue);
    }
    return { record, time: timeOfLine(record, line, context), identity: undefined };
  },
  ecs: (record) => ({
    "event.kind": "event",
    "event.module": "key-value",
    ...flatDocument(record, ECS, "key-value", NOT_SHOWN),
  }),
};

const NOT_SHOWN: ReadonlySet<string> = new Set(["time", "timestamp", "ts", "date"]);

interface Pairs {
  readonly text: string;
  readonly isFramed: boolean;
  readonly isAllPairs: boolean;
  /** Those of the beginning, so that most lines are read once only. */
  readonly pairs: readonly Pair[];
}

interface Pair {
  readonly key: string;
  readonly value: string;
  readonly quote: string;
}

// Sniffing and parsing ask for the same line.
let last: { readonly line: string; readonly pairs: Pairs | undefined } | undefined;

function pairsOf(line: string): Pairs | undefined {
  if (last?.line === line) return last.pairs;
  const pairs = findPairs(line);
  last = { line, pairs };
  return pairs;
}

function findPairs(line: string): Pairs | undefined {
  const frame = contentOf(line);
  const isFramed = frame?.time !== undefined;
  const text = frame === undefined ? line : frame.message;
  const head = text.slice(0, HEAD_CHARACTERS);
  const pairs = barePairs(head);
  let paired = 0;
  let hasTime = isFramed || readHeaderTime(text, 0) !== undefined;
  for (const { key, value, quote } of pairs) {
    paired += key.length + 1 + value.length + quote.length * 2;
    if (!hasTime && TIME_KEYS.includes(key.toLowerCase())) hasTime = looksLikeTime(value);
    if (!hasTime && key === "date") hasTime = true;
  }
  if (pairs.length < PAIRS_MIN || !hasTime) return undefined;
  if (paired / head.replaceAll(" ", "").length < PAIRS_SHARE_MIN) return undefined;
  return { text, isFramed, isAllPairs: /^[\w.@-]{1,64}=/.test(head), pairs };
}

function barePairs(text: string): Pair[] {
  const pairs: Pair[] = [];
  readPairs(text, 0, true, (key, value, quote) => {
    // Keys are words; `https://x/?a` before a `=` is none.
    if (/^[\w.@:$-]{1,64}$/.test(key)) pairs.push({ key, value, quote });
  });
  return pairs;
}

function looksLikeTime(value: string): boolean {
  return timeOf(value) !== undefined || /^\d{4}-\d{2}-\d{2}[T ]\d{2}:/.test(value);
}

function timeOfLine(
  record: Readonly<Record<string, unknown>>,
  line: string,
  context: ParseContext,
): number | undefined {
  for (const key of TIME_KEYS) {
    const time = timeOf(record[key], context);
    if (time !== undefined) return time;
  }
  const { date, time } = record;
  if (typeof date === "string" && typeof time === "string") {
    const both = timeOf(`${date}T${time}`, context);
    if (both !== undefined) return both;
  }
  const frame = contentOf(line);
  if (frame !== undefined) return frameTime(frame, context);
  const head = readHeaderTime(line, 0);
  return head === undefined ? undefined : headerTimeToUtc(head, context);
}

function unescaped(value: string): string {
  return value.includes("\\") ? value.replace(/\\(["\\])/g, "$1") : value;
}
