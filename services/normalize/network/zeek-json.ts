// Zeek's logs as JSON (`LogAscii::use_json`, the json-streaming-logs package, Corelight). Without `_path`
// the log is told by the fields that only it has.
import { AppError } from "../../../config/errors.ts";
import { setField } from "../field-table.ts";
import type { Format, JsonRecord } from "../format.ts";
import { isRecord } from "../json-text.ts";
import { timeOf } from "../time-text.ts";
import { zeekEcs } from "./zeek-ecs.ts";
import { zeekShape } from "./zeek-fields.ts";

/** Zeek's JSON logs. */
export const zeekJson: Format = {
  id: "zeek-json",
  title: "Zeek (JSON)",
  reads: "json",
  shape: zeekShape("zeek-json"),
  dataClass: "network",
  sniff: (_line, json) => (json !== undefined && pathOf(json) !== undefined ? 0.95 : 0),
  parse: (_line, context, json) => {
    const path = json === undefined ? undefined : pathOf(json);
    if (json === undefined || path === undefined) {
      throw new AppError("HW_PARSE_FAILED", "no Zeek record: ts, uid and id.orig_h were expected");
    }
    const record = flattened(json, path);
    return {
      record,
      time: timeOf(record.ts, context) ?? timeOf(record._write_ts, context),
      identity: undefined,
    };
  },
  ecs: zeekEcs,
};

// The first of these keys that a record has tells its log; the more telling ones stand first.
const TELLING: readonly (readonly [string, string])[] = [
  ["conn_state", "conn"],
  ["qclass_name", "dns"],
  ["trans_depth", "http"],
  ["share_type", "smb_mapping"],
  ["operation", "dce_rpc"],
  ["request_type", "kerberos"],
  ["ntlm_username", "ntlm"],
  ["domainname", "ntlm"],
  ["server_nb_computer_name", "ntlm"],
  ["msg_types", "dhcp"],
  ["auth_attempts", "ssh"],
  ["hassh", "ssh"],
  ["host_key_alg", "ssh"],
  ["security_protocol", "rdp"],
  ["keyboard_layout", "rdp"],
  ["cookie", "rdp"],
  ["note", "notice"],
  ["ssl_history", "ssl"],
  ["established", "ssl"],
  ["mailfrom", "smtp"],
  ["helo", "smtp"],
  ["rcode_name", "dns"],
  ["trans_id", "dns"],
  ["certificate.serial", "x509"],
  ["fuid", "files"],
  ["peer", "weird"],
];

function pathOf(json: JsonRecord): string | undefined {
  if (json.ts === undefined && json._write_ts === undefined) return undefined;
  if (typeof json._path === "string") return json._path.slice(0, 64);
  const isConnection =
    typeof json.uid === "string" &&
    ("id.orig_h" in json || (isRecord(json.id) && "orig_h" in json.id));
  const isOther =
    "certificate.serial" in json ||
    (typeof json.fuid === "string" && typeof json.source === "string") ||
    (typeof json.note === "string" && typeof json.peer_descr === "string") ||
    (Array.isArray(json.uids) && Array.isArray(json.msg_types)) ||
    (typeof json.name === "string" && typeof json.peer === "string" && "notice" in json);
  if (!isConnection && !isOther) return undefined;
  if (typeof json.action === "string" && json.action.startsWith("SMB::")) return "smb_files";
  // A file's log names connections too since Zeek 5.1.
  if (typeof json.fuid === "string" && "seen_bytes" in json) return "files";
  return TELLING.find(([key]) => key in json)?.[1] ?? "unknown";
}

// Some shippers nest `id.orig_h`; some records don't name their log.
function flattened(json: JsonRecord, path: string): JsonRecord {
  const parts = NESTED.filter((key) => isRecord(json[key]));
  if (parts.length === 0 && json._path === path) return json;
  const record: Record<string, unknown> = { ...json, _path: path };
  for (const key of parts) {
    const part = json[key];
    if (!isRecord(part)) continue;
    delete record[key];
    for (const [name, value] of Object.entries(part)) setField(record, `${key}.${name}`, value);
  }
  return record;
}

const NESTED = ["id", "certificate", "basic_constraints", "san"];
