// Zeek's logs as columns (the ASCII writer's default): the columns stand in header lines, which the
// normaliser remembers for each source. Without them a source that is configured as `zeek-tsv` is read
// by the number of columns, where that decides.
import { AppError } from "../../../config/errors.ts";
import { setField } from "../field-table.ts";
import type { Format } from "../format.ts";
import { rememberHeaders } from "../last-line.ts";
import { timeOf } from "../time-text.ts";
import { zeekEcs } from "./zeek-ecs.ts";
import { zeekShape } from "./zeek-fields.ts";
import { typedValue, typeOf, type ZeekType } from "./zeek-types.ts";

/** Zeek's tab-separated logs. */
export const zeekTsv: Format = {
  id: "zeek-tsv",
  title: "Zeek (columns)",
  reads: "text",
  shape: zeekShape("zeek-tsv"),
  dataClass: "network",
  mayClaim: ({ line }) => /\d/.test(line),
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
    for (let index = 0; index < columns.names.length; index++) {
      const value = values[index];
      const name = columns.names[index];
      if (name === undefined || value === undefined || value === columns.unset) continue;
      setField(record, name, typedValue(columns.types[index], value));
    }
    record._path = columns.path;
    return { record, time: timeOf(record.ts, context), identity: undefined };
  },
  ecs: zeekEcs,
};

interface Columns {
  readonly path: string;
  readonly names: readonly string[];
  readonly types: readonly (ZeekType | undefined)[];
  readonly separator: string;
  readonly unset: string;
}

const COLUMNS_MAX = 300;

// One source sends thousands of lines under one header.
const columnsOf = rememberHeaders(readColumns);

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
  return names.length > COLUMNS_MAX
    ? undefined
    : { path, names, types: names.map(typeOf), separator, unset };
}

function fitsColumns(line: string, { names, separator }: Columns): boolean {
  let count = 1;
  for (let at = line.indexOf(separator); at !== -1; at = line.indexOf(separator, at + 1)) count++;
  return count === names.length && TIME.test(line.slice(0, 40));
}

// Seconds since 1970, or ISO 8601 when Zeek was told so.
const TIME = /^\d{9,10}\.\d{1,9}[^\d]|^\d{4}-\d{2}-\d{2}T\d{2}:/;
const ID = ["id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p"];
function usual(path: string, own: string): Columns {
  const names = ["ts", "uid", ...ID, ...own.split(" ")];
  return { path, names, types: names.map(typeOf), separator: "\t", unset: "-" };
}
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

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
