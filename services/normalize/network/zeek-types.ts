// In which type Zeek's JSON has the values that its columns write as text.

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

/** What a column holds; undefined: text. */
export type ZeekType = "boolean" | "number" | "list";

/** The type of the columns of this name. */
export function typeOf(name: string): ZeekType | undefined {
  if (BOOLEANS.has(name)) return "boolean";
  if (NUMBERS.has(name)) return "number";
  return LISTS.has(name) ? "list" : undefined;
}

/** A value in the type that Zeek's JSON has for it. */
export function typedValue(type: ZeekType | undefined, value: string): unknown {
  if (value === "(empty)") return type === "list" ? [] : "";
  if (type === undefined) return value;
  if (type === "list") return value.split(",", LIST_MAX);
  if (type === "boolean") return value === "T" ? true : value === "F" ? false : value;
  return NUMBER.test(value) ? Number(value) : value;
}

const NUMBER = /^-?\d{1,15}(?:\.\d{1,9})?$/;
const LIST_MAX = 1000;
