// Zeek's logs as columns (the ASCII writer's default): the columns stand in header lines, which the
// normaliser remembers for each source. Without them a source that is configured as `zeek-tsv` is read
// by the number of columns, where that decides.
import { AppError } from "../../../config/errors.ts";
import { setField } from "../field-table.ts";
import type { Format } from "../format.ts";
import { timeOf } from "../time-text.ts";
import { zeekEcs } from "./zeek-ecs.ts";
import { zeekShape } from "./zeek-fields.ts";

/** Zeek's tab-separated logs. */
export const zeekTsv: Format = {
  id: "zeek-tsv",
  title: "Zeek (columns)",
  reads: "text",
  shape: zeekShape("zeek-tsv"),
  dataClass: "network",
  sniff: (line, json, header) => {
    if (json !== undefined || header === undefined || !isDigit(line.charCodeAt(0))) return 0;
    const columns = columnsOf(header);
    return columns !== undefined && fitsColumns(line, columns) ? 0.95 : 0;
  },
  parse: (line, context) => {
    const told = context.header === undefined ? undefined : columnsOf(context.header);
    const columns = told !== undefined && fitsColumns(line, told) ? told : usualColumns(line);
    if (columns === undefined) {
      throw new AppError("HW_PARSE_FAILED", "no Zeek line: its columns (#fields) are not known", {
        mend: "send the header lines of the file too",
      });
    }
    const record: Record<string, unknown> = {};
    const values = line.split(columns.separator);
    for (const [index, name] of columns.names.entries()) {
      const value = values[index];
      if (value === undefined || value === columns.unset) continue;
      const typed = typedValue(name, value);
      if (typed !== undefined) setField(record, name, typed);
    }
    record._path = columns.path;
    return { record, time: timeOf(record.ts, context), identity: undefined };
  },
  ecs: zeekEcs,
};

interface Columns {
  readonly path: string;
  readonly names: readonly string[];
  readonly separator: string;
  readonly unset: string;
}

const COLUMNS_MAX = 300;

// One source sends thousands of lines under one header.
let last: { readonly header: string; readonly columns: Columns | undefined } | undefined;

function columnsOf(header: string): Columns | undefined {
  if (last?.header === header) return last.columns;
  const columns = readColumns(header);
  last = { header, columns };
  return columns;
}

function readColumns(header: string): Columns | undefined {
  let separator = "\t";
  let unset = "-";
  let path: string | undefined;
  let names: readonly string[] | undefined;
  for (const line of header.split("\n")) {
    // The line that names the separator is set apart by a blank, as it can't use what it names.
    const own = /^#separator \\x([0-9a-f]{2})$/i.exec(line);
    if (own !== null) separator = String.fromCharCode(Number.parseInt(own[1] ?? "09", 16));
    const [directive, ...words] = line.split(separator);
    if (directive === "#unset_field") unset = words[0] ?? unset;
    if (directive === "#path") path = words[0];
    if (directive === "#fields") names = words;
  }
  if (path === undefined || names === undefined || names[0] !== "ts") return undefined;
  return names.length > COLUMNS_MAX ? undefined : { path, names, separator, unset };
}

function fitsColumns(line: string, { names, separator }: Columns): boolean {
  let count = 1;
  for (let at = line.indexOf(separator); at !== -1; at = line.indexOf(separator, at + 1)) count++;
  return count === names.length && TIME.test(line.slice(0, 40));
}

// Seconds since 1970, or ISO 8601 when Zeek was told so.
const TIME = /^\d{9,10}\.\d{1,9}[^\d]|^\d{4}-\d{2}-\d{2}T\d{2}:/;
const ID = ["id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p"];
const usual = (path: string, names: string, hasId = true): Columns => ({
  path,
  names: ["ts", "uid", ...(hasId ? ID : []), ...names.split(" ")],
  separator: "\t",
  unset: "-",
});
const CONN =
  "proto service duration orig_bytes resp_bytes conn_state local_orig local_resp missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes tunnel_parents";
const SSL =
  "version cipher curve server_name resumed last_alert next_protocol established ssl_history cert_chain_fps client_cert_chain_fps";
// As Zeek 4 to 8 write them without further scripts, where no other log has as many columns.
const USUAL: readonly Columns[] = [
  usual("conn", CONN),
  usual("conn", `${CONN} ip_proto`),
  usual(
    "dns",
    "proto trans_id rtt query qclass qclass_name qtype qtype_name rcode rcode_name AA TC RD RA Z answers TTLs rejected",
  ),
  usual(
    "http",
    "trans_depth method host uri referrer version user_agent origin request_body_len response_body_len status_code status_msg info_code info_msg tags username password proxied orig_fuids orig_filenames orig_mime_types resp_fuids resp_filenames resp_mime_types",
  ),
  usual("ssl", `${SSL} sni_matches_cert`),
];

function usualColumns(line: string): Columns | undefined {
  return USUAL.find((columns) => fitsColumns(line, columns));
}

// The header's #types are not remembered: these names mean the same in every log that has them.
const BOOLEANS = new Set(
  "AA TC RD RA rejected local_orig local_resp resumed established sni_matches_cert success auth_success forwardable renewable is_orig timedout extracted_cutoff basic_constraints.ca host_cert client_cert notice tls is_webmail".split(
    " ",
  ),
);
const NUMBERS = new Set(
  "id.orig_p id.resp_p duration rtt orig_bytes resp_bytes missed_bytes orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes ip_proto trans_id qclass qtype rcode Z trans_depth request_body_len response_body_len status_code info_code size depth seen_bytes total_bytes missing_bytes overflow_bytes extracted_size auth_attempts cert_count desktop_width desktop_height lease_time certificate.version certificate.key_length p n suppress_for vlan".split(
    " ",
  ),
);
const LISTS = new Set(
  "answers TTLs tunnel_parents tags proxied orig_fuids orig_filenames orig_mime_types resp_fuids resp_filenames resp_mime_types client_header_names server_header_names cert_chain_fps client_cert_chain_fps cert_chain_fuids client_cert_chain_fuids analyzers tx_hosts rx_hosts conn_uids uids msg_types actions san.dns san.uri san.email san.ip rcptto to path_list email_dest".split(
    " ",
  ),
);

// In the type that Zeek's JSON has.
function typedValue(name: string, value: string): unknown {
  if (value === "(empty)") return LISTS.has(name) ? [] : "";
  if (BOOLEANS.has(name) && /^[TF]$/.test(value)) return value === "T";
  if (NUMBERS.has(name) && /^-?\d{1,15}(?:\.\d{1,9})?$/.test(value)) return Number(value);
  return LISTS.has(name) ? value.split(",", LIST_MAX) : value;
}

const LIST_MAX = 1000;

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
