// A record of Zeek under ECS names: what the tables say, and what has to be put together.
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { has, put, textOf } from "../document.ts";
import { addressOf, flatDocument, numberOf } from "../field-table.ts";
import { zeekTable } from "./zeek-fields.ts";

// Passwords that Zeek was told to capture are no business of a log archive.
const SKIP: ReadonlySet<string> = new Set(["ts", "_path", "_write_ts", "password"]);
const SKIP_KERBEROS: ReadonlySet<string> = new Set([...SKIP, "client"]);
// By the log: event.category and event.type.
const TYPES_BY_PATH = new Map<string, readonly [string[], string[]]>([
  ["conn", [["network"], ["connection", "end"]]],
  ["dns", [["network"], ["protocol", "info"]]],
  ["http", [["network", "web"], ["access"]]],
  ["files", [["file"], ["info"]]],
  ["x509", [["file"], ["info"]]],
  ["kerberos", [["network", "authentication"], ["protocol"]]],
  ["ntlm", [["network", "authentication"], ["protocol"]]],
  ["ssh", [["network", "session"], ["protocol"]]],
  ["rdp", [["network", "session"], ["protocol"]]],
  ["notice", [["intrusion_detection"], ["info"]]],
]);

/** The record under ECS names. */
export function zeekEcs(record: ParsedRecord): EcsDocument {
  const path = textOf(record._path);
  const skip = path === "kerberos" ? SKIP_KERBEROS : SKIP;
  const document = flatDocument(record, zeekTable(path), "zeek", skip);
  const [category, type] = TYPES_BY_PATH.get(path) ?? [["network"], ["protocol", "info"]];
  document["event.kind"] = path === "notice" ? "alert" : "event";
  document["event.module"] = "zeek";
  put(document, "event.dataset", `zeek.${path}`);
  document["event.category"] = category;
  document["event.type"] = type;
  document["observer.type"] = "ids";
  if (isSecond(record.duration)) {
    put(document, "event.duration", Math.round(Number(record.duration) * 1e9));
  }
  const outcome = outcomeOf(path, record);
  if (outcome !== undefined) document["event.outcome"] = outcome;
  ADD.get(path)?.(record, document);
  return document;
}

// What only one log has.
const ADD = new Map<string, (record: ParsedRecord, document: EcsDocument) => void>(
  Object.entries({
    dns: (record: ParsedRecord, document: EcsDocument) => {
      if (!Array.isArray(record.answers)) return;
      const addresses = record.answers.map(addressOf).filter((one) => one !== undefined);
      put(document, "dns.resolved_ip", addresses);
    },
    http: ({ uri }: ParsedRecord, document: EcsDocument) => {
      if (typeof uri !== "string") return;
      const question = uri.indexOf("?");
      put(document, "url.path", question === -1 ? uri : uri.slice(0, question));
      if (question !== -1) put(document, "url.query", uri.slice(question + 1));
    },
    files: (record: ParsedRecord, document: EcsDocument) => {
      putFirstAddress(document, "source.ip", record.tx_hosts);
      putFirstAddress(document, "destination.ip", record.rx_hosts);
    },
    // `emustermann/KREIS.EXAMPLE`
    kerberos: ({ client }: ParsedRecord, document: EcsDocument) => {
      if (typeof client !== "string") return;
      const slash = client.lastIndexOf("/");
      put(document, "user.name", slash === -1 ? client : client.slice(0, slash));
      if (slash !== -1) put(document, "user.domain", client.slice(slash + 1));
    },
    smb_files: ({ path, name }: ParsedRecord, document: EcsDocument) => {
      if (typeof name !== "string") return;
      const share = typeof path === "string" ? `${path}\\` : "";
      put(document, "file.path", share + name);
    },
    conn: (record: ParsedRecord, document: EcsDocument) => {
      const sent = numberOf(record.orig_ip_bytes ?? record.orig_bytes);
      const received = numberOf(record.resp_ip_bytes ?? record.resp_bytes);
      if (sent !== undefined && received !== undefined)
        put(document, "network.bytes", sent + received);
    },
  }),
);

function outcomeOf(path: string, record: ParsedRecord): "success" | "failure" | undefined {
  const isDone = path === "ssh" ? record.auth_success : record.success;
  if (typeof isDone === "boolean") return isDone ? "success" : "failure";
  if (path === "http" && record.status_code !== undefined) {
    return Number(record.status_code) < 400 ? "success" : "failure";
  }
  return undefined;
}

function isSecond(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value < 1e9;
}

function putFirstAddress(document: EcsDocument, name: string, list: unknown): void {
  if (!has(document, name) && Array.isArray(list)) put(document, name, addressOf(list[0]));
}
