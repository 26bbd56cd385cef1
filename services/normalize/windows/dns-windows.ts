// The debug log of the Windows DNS server (dns.log): one line a packet. The time is written as the
// server's region writes it; a date with slashes is month/day with AM or PM and day/month without.

import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put } from "../document.ts";
import { type FieldTable, flatDocument, flatShape } from "../field-table.ts";
import type { Format, ParseContext } from "../format.ts";
import { contentOf } from "../generic/syslog.ts";
import { lookup } from "../lookup.ts";
import { wallTime } from "../time-text.ts";
import { wallToUtc } from "../zone-time.ts";
import { isDnsPreamble } from "./file-preambles.ts";

const ECS: FieldTable = {
  "dns.id": ["xid"],
  "dns.question.name": ["query"],
  "dns.question.type": ["record_type"],
  "dns.response_code": ["response_code"],
  "source.ip": ["source_ip"],
  "destination.ip": ["destination_ip"],
  "network.transport": ["transport"],
  "host.name": ["host"],
  message: ["message"],
};

/** DNS server debug log. */
export const dnsWindows: Format = {
  id: "dns-windows",
  title: "Windows DNS server debug log",
  reads: "text",
  shape: flatShape({
    id: "dns-windows",
    family: "dns-windows",
    ecs: ECS,
    aliases: {
      QueryName: ["query"],
      src_ip: ["source_ip"],
      dst_ip: ["destination_ip"],
    },
  }),
  dataClass: "network",
  mayClaim: ({ line, message }) => /\d/.test(line + message),
  sniff: (line, json) => (json === undefined && headOf(textOf(line)) !== null ? 0.95 : 0),
  parse: (line, context) => {
    const text = textOf(line);
    const head = headOf(text);
    const time = head === null ? undefined : timeOfHead(head, context);
    if (head === null || time === undefined) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no DNS debug line: date, time, thread and PACKET were expected",
      );
    }
    const record = recordOf(head, text.slice(head[0].length));
    const host = line.startsWith("<") ? contentOf(line)?.host : undefined;
    if (host !== undefined) record.host = host;
    return { record, time, identity: undefined };
  },
  ecs,
  isHeader: isDnsPreamble,
};

// 21.11.2026 05:38:16 | 11/21/2026 5:38:16 AM | 2026-11-21 05:38:16 | 20261121 05:38:16
const HEAD =
  /^(?:(\d{1,4})[./-](\d{1,2})[./-](\d{2,4})|(\d{8})) (\d{1,2}):(\d\d):(\d\d)(?: ([AP]M))? ([0-9A-F]{3,5}) (PACKET|EVENT|NOTE|INIT|DSPOLL|LOOKUP|RECURSE|REMOTE|TOMBSTN|UPDATE|XFER|ERROR) +/;
const HEAD_CHARACTERS = 60;
// 0000020F3A1D2B40 UDP Rcv 10.1.2.3  5b47 R Q [8081   DR  NOERROR] A  (3)www(7)example(0)
const PACKET =
  /^([0-9A-F]{8,16}) (UDP|TCP) {1,2}(\S{3}) ([0-9a-fA-F:.%]{2,60}) {1,40}([0-9a-f]{4}) ([R ]) ([QNU?]) \[([0-9a-f]{4}) ([ATDR ]{1,8}) (\w{2,12})\] (\S{1,16}) {1,12}(\(\S{1,1200})/;

function textOf(line: string): string {
  return line.startsWith("<") ? (contentOf(line)?.message ?? line) : line;
}

function headOf(text: string): RegExpExecArray | null {
  const first = text.charCodeAt(0);
  return first >= 0x30 && first <= 0x39 ? HEAD.exec(text.slice(0, HEAD_CHARACTERS)) : null;
}

function timeOfHead(head: RegExpExecArray, context: ParseContext): number | undefined {
  const date = dateOf(head);
  const half = head[8];
  const hour = (Number(head[5]) % (half === undefined ? 24 : 12)) + (half === "PM" ? 12 : 0);
  const wallMs = wallTime(...date, hour, Number(head[6]), Number(head[7]));
  return wallMs === undefined ? undefined : wallToUtc(wallMs, context);
}

function dateOf(head: RegExpExecArray): [year: number, month: number, day: number] {
  const whole = head[4];
  if (whole !== undefined) {
    return [Number(whole.slice(0, 4)), Number(whole.slice(4, 6)), Number(whole.slice(6))];
  }
  const [first, second, third] = [Number(head[1]), Number(head[2]), Number(head[3])];
  if (first > 31) return [first, second, third];
  const year = third < 100 ? 2000 + third : third;
  const isMonthFirst = head[0].includes("/") && (head[8] !== undefined || second > 12);
  return isMonthFirst ? [year, first, second] : [year, second, first];
}

function recordOf(head: RegExpExecArray, rest: string): Record<string, unknown> {
  const record: Record<string, unknown> = { thread: head[9], context: head[10] };
  const packet = head[10] === "PACKET" ? PACKET.exec(rest.slice(0, 1500)) : null;
  if (packet === null) {
    record.message = rest.trimEnd();
    return record;
  }
  const [, id, transport = "", direction, peer, xid, isReply, opcode, hex, flags = "", code] =
    packet;
  const isReceived = direction === "Rcv";
  return {
    ...record,
    packet: id,
    transport: transport.toLowerCase(),
    direction,
    [isReceived ? "source_ip" : "destination_ip"]: peer,
    xid,
    kind: isReply === "R" ? "answer" : "query",
    opcode,
    flags_hex: hex,
    flags: flags.replaceAll(" ", ""),
    response_code: code,
    record_type: packet[11],
    query: nameOf(packet[12] ?? ""),
  };
}

// `(3)www(7)example(0)`: each label behind its length.
function nameOf(text: string): string {
  const labels: string[] = [];
  let at = 0;
  for (;;) {
    const length = /^\((\d{1,3})\)/.exec(text.slice(at, at + 5));
    if (length === null || length[1] === "0") break;
    const start = at + length[0].length;
    const end = start + Number(length[1]);
    labels.push(text.slice(start, end));
    at = end;
  }
  return labels.length === 0 ? "." : labels.join(".");
}

const SKIPS: ReadonlySet<string> = new Set(["kind", "flags"]);
const OPCODES: Readonly<Record<string, string>> = { Q: "QUERY", N: "NOTIFY", U: "UPDATE" };
const FLAGS: readonly (readonly [string, string])[] = [
  ["A", "AA"],
  ["T", "TC"],
  ["D", "RD"],
  ["R", "RA"],
];

function ecs(record: ParsedRecord): EcsDocument {
  const document = flatDocument(record, ECS, "dns-windows", SKIPS);
  put(document, "event.kind", "event");
  put(document, "event.module", "dns");
  put(document, "event.category", ["network"]);
  if (record.query === undefined) return document;
  put(document, "event.type", ["protocol", "info"]);
  put(document, "event.action", `dns-${String(record.kind)}`);
  put(document, "event.outcome", record.response_code === "NOERROR" ? "success" : "failure");
  put(document, "dns.type", record.kind);
  put(document, "dns.op_code", lookup(OPCODES, String(record.opcode)));
  const flags = String(record.flags);
  put(
    document,
    "dns.header_flags",
    FLAGS.filter(([letter]) => flags.includes(letter)).map(([, name]) => name),
  );
  put(document, "network.protocol", "dns");
  return document;
}
