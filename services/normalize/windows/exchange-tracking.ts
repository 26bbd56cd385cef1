// Message tracking of Exchange Server 2013 to SE (MSGTRK*.LOG): who sent what to whom, by which way, and
// what became of it. CSV whose columns stand in the file's header; times are UTC.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put } from "../document.ts";
import { addressOf, type FieldTable, flatDocument, flatShape, setField } from "../field-table.ts";
import type { Format } from "../format.ts";
import { timeOf } from "../time-text.ts";
import { readDelimited } from "./delimited-line.ts";
import { columnsOf, isFurtherDirective } from "./header-columns.ts";

const ECS: FieldTable = {
  "email.from.address": ["sender-address"],
  "email.sender.address": ["return-path"],
  "email.subject": ["message-subject"],
  "email.message_id": ["message-id"],
  "email.local_id": ["internal-message-id"],
  "source.ip": ["original-client-ip", "client-ip"],
  "source.domain": ["client-hostname"],
  "destination.ip": ["server-ip"],
  "destination.domain": ["server-hostname"],
  "event.provider": ["source"],
  "event.reason": ["recipient-status"],
  "observer.version": ["schema-version"],
};

/** Exchange message tracking. */
export const exchangeTracking: Format = {
  id: "exchange-tracking",
  title: "Microsoft Exchange message tracking",
  reads: "text",
  shape: flatShape({
    id: "exchange-tracking",
    family: "exchange-tracking",
    ecs: ECS,
    aliases: {
      "email.to.address": ["recipient-address"],
      "event.action": ["event-id"],
      sender: ["sender-address"],
      recipient: ["recipient-address"],
      subject: ["message-subject"],
    },
  }),
  dataClass: "content",
  mayClaim: ({ line }) => /\d/.test(line),
  sniff: (line, json, header) =>
    json === undefined && recordOf(line, header) !== undefined ? 0.95 : 0,
  parse: (line, context) => {
    const record = recordOf(line, context.header);
    if (record === undefined) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no message tracking line: date-time, source and event-id were expected",
      );
    }
    return { record, time: timeOf(record["date-time"]), identity: undefined };
  },
  ecs,
  isHeader: (line, header) =>
    isFurtherDirective(line) && /^Microsoft Exchange/.test(columnsOf(header)?.software ?? ""),
};

/** Exchange 2016 CU2 and later; older versions leave out columns at the end. */
const DEFAULT_COLUMNS =
  "date-time client-ip client-hostname server-ip server-hostname source-context connector-id source event-id internal-message-id message-id network-message-id recipient-address recipient-status total-bytes recipient-count related-recipient-address reference message-subject sender-address return-path message-info directionality tenant-id original-client-ip original-server-ip custom-data transport-traffic-type log-id schema-version".split(
    " ",
  );
const COLUMNS_MIN = 24;
const COLUMNS_MAX = 60;

function recordOf(line: string, header: string | undefined): Record<string, unknown> | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,7}Z,/.test(line.slice(0, 30))) return undefined;
  const columns = columnsOf(header);
  const isTold = columns?.names.includes("message-subject") === true;
  const names = isTold ? columns.names : DEFAULT_COLUMNS;
  const values = readDelimited(line, COLUMNS_MAX);
  if (!isTold && values.length < COLUMNS_MIN) return undefined;
  const record: Record<string, unknown> = {};
  for (const [index, value] of values.entries()) {
    const name = names[index] ?? `column-${index + 1}`;
    if (value !== "") setField(record, name, value);
  }
  const { source, "event-id": action } = record;
  const isTracking = isWord(source) && isWord(action);
  return isTracking && values.length <= names.length ? record : undefined;
}

// SMTP, STOREDRIVER, MAILBOXRULE …; RECEIVE, SEND, DELIVER, HAREDIRECT …
function isWord(value: unknown): boolean {
  return typeof value === "string" && /^[A-Z0-9_]{2,40}$/.test(value);
}

const SKIPS: ReadonlySet<string> = new Set([
  "date-time",
  "recipient-address",
  "event-id",
  "directionality",
]);
const ADDRESSES_MAX = 200;
const DIRECTIONS: Readonly<Record<string, string>> = {
  Incoming: "inbound",
  Originating: "outbound",
};

function ecs(record: ParsedRecord): EcsDocument {
  const document = flatDocument(record, ECS, "exchange-tracking", SKIPS);
  const action = String(record["event-id"]);
  put(document, "event.kind", "event");
  put(document, "event.module", "exchange");
  put(document, "event.category", ["email"]);
  put(document, "event.type", ["info"]);
  put(document, "event.action", action.toLowerCase());
  const outcome = outcomeOf(action);
  if (outcome !== undefined) put(document, "event.outcome", outcome);
  const recipients = String(record["recipient-address"] ?? "").split(";", ADDRESSES_MAX);
  put(
    document,
    "email.to.address",
    recipients.filter((one) => one !== ""),
  );
  const direction = String(record.directionality ?? "");
  if (direction !== "" && Object.hasOwn(DIRECTIONS, direction)) {
    put(document, "email.direction", DIRECTIONS[direction]);
  }
  // A sending server names itself as the client.
  const own = record[action.startsWith("SEND") ? "client-hostname" : "server-hostname"];
  if (addressOf(own) === undefined) put(document, "host.name", own);
  return document;
}

function outcomeOf(action: string): "success" | "failure" | undefined {
  if (/^(?:FAIL|BADMAIL|DSN|HAREDIRECTFAIL|SUBMITFAIL|POISONMESSAGE|DEFER)$/.test(action)) {
    return "failure";
  }
  return /^(?:RECEIVE|SEND|SENDEXTERNAL|DELIVER|SUBMIT)$/.test(action) ? "success" : undefined;
}
