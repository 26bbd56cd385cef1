// How Zeek's logs read under ECS names, log by log, and how detection finds their fields. Both ways in
// which Zeek writes (columns and JSON) give the same flat record: Zeek's own names, and `_path`.
// Source of the names: Zeek's script reference, "Log Files".
import type { FieldPath, RecordShape } from "../../../detectors/event.ts";
import type { FieldTable } from "../field-table.ts";

/** Of all logs that speak of one connection. */
const CONNECTION: FieldTable = {
  "source.ip": ["id.orig_h", "src", "client_addr"],
  "source.port": ["id.orig_p"],
  "destination.ip": ["id.resp_h", "dst", "server_addr"],
  "destination.port": ["id.resp_p", "p"],
  "network.transport": ["proto"],
  "network.community_id": ["community_id"],
  "observer.name": ["_system_name"],
};

// Path of the log → ECS name → keys that may hold it.
const BY_PATH: Readonly<Record<string, FieldTable>> = {
  conn: {
    "network.protocol": ["service"],
    "source.bytes": ["orig_ip_bytes", "orig_bytes"],
    "source.packets": ["orig_pkts"],
    "source.mac": ["orig_l2_addr"],
    "destination.bytes": ["resp_ip_bytes", "resp_bytes"],
    "destination.packets": ["resp_pkts"],
    "destination.mac": ["resp_l2_addr"],
    "network.vlan.id": ["vlan"],
  },
  dns: {
    "dns.question.name": ["query"],
    "dns.question.type": ["qtype_name"],
    "dns.question.class": ["qclass_name"],
    "dns.response_code": ["rcode_name"],
    "dns.id": ["trans_id"],
    "dns.answers.data": ["answers"],
  },
  http: {
    "http.request.method": ["method"],
    "http.request.referrer": ["referrer"],
    "http.request.body.bytes": ["request_body_len"],
    "http.response.status_code": ["status_code"],
    "http.response.body.bytes": ["response_body_len"],
    "http.response.mime_type": ["resp_mime_types"],
    "http.version": ["version"],
    "url.domain": ["host"],
    "url.original": ["uri"],
    "user_agent.original": ["user_agent"],
    "user.name": ["username"],
  },
  ssl: {
    "tls.version": ["version"],
    "tls.cipher": ["cipher"],
    "tls.curve": ["curve"],
    "tls.client.server_name": ["server_name"],
    "tls.client.ja3": ["ja3"],
    "tls.client.subject": ["client_subject"],
    "tls.client.issuer": ["client_issuer"],
    "tls.server.ja3s": ["ja3s"],
    "tls.server.subject": ["subject"],
    "tls.server.issuer": ["issuer"],
    "tls.next_protocol": ["next_protocol"],
  },
  x509: {
    "file.x509.serial_number": ["certificate.serial"],
    "file.x509.subject.distinguished_name": ["certificate.subject"],
    "file.x509.issuer.distinguished_name": ["certificate.issuer"],
    "file.x509.public_key_algorithm": ["certificate.key_alg"],
    "file.x509.signature_algorithm": ["certificate.sig_alg"],
    "file.hash.sha256": ["fingerprint"],
  },
  files: {
    "file.name": ["filename"],
    "file.mime_type": ["mime_type"],
    "file.size": ["total_bytes"],
    "file.hash.md5": ["md5"],
    "file.hash.sha1": ["sha1"],
    "file.hash.sha256": ["sha256"],
    "network.protocol": ["source"],
  },
  smb_files: {
    "event.action": ["action"],
    "file.name": ["name"],
    "file.size": ["size"],
  },
  smb_mapping: { "file.path": ["path"] },
  dce_rpc: { "event.action": ["operation"] },
  kerberos: {
    "event.action": ["request_type"],
    "error.message": ["error_msg"],
    "tls.cipher": ["cipher"],
  },
  rdp: { "user.name": ["cookie"], "source.domain": ["client_name"] },
  ssh: { "user_agent.original": ["client"] },
  ntlm: {
    "user.name": ["username"],
    "user.domain": ["domainname"],
    "source.domain": ["hostname"],
    "destination.domain": ["server_dns_computer_name"],
  },
  dhcp: { "source.mac": ["mac"], "source.domain": ["client_fqdn", "host_name"] },
  notice: {
    "rule.name": ["note"],
    "file.mime_type": ["file_mime_type"],
    message: ["msg"],
  },
  weird: { "rule.name": ["name"], message: ["addl"] },
  ftp: { "user.name": ["user"], "event.action": ["command"] },
  smtp: {
    "email.from.address": ["mailfrom"],
    "email.to.address": ["rcptto"],
    "email.subject": ["subject"],
    "user_agent.original": ["user_agent"],
  },
  radius: { "user.name": ["username"], "source.mac": ["mac"] },
};

const TABLES = new Map(
  Object.entries(BY_PATH).map(([path, table]) => [path, { ...CONNECTION, ...table }]),
);

/** ECS name → keys, for the log of this path (`conn`, `dns`, …). */
export function zeekTable(path: string): FieldTable {
  return TABLES.get(path) ?? CONNECTION;
}

// Names that Sigma's general categories (proxy, web server, dns, firewall) use.
const ALIASES: FieldTable = {
  src_ip: ["id.orig_h"],
  src_port: ["id.orig_p"],
  dst_ip: ["id.resp_h"],
  dst_port: ["id.resp_p"],
  "c-ip": ["id.orig_h"],
  "c-uri": ["uri"],
  "c-uri-query": ["uri"],
  "c-useragent": ["user_agent"],
  "cs-uri": ["uri"],
  "cs-uri-query": ["uri"],
  "cs-uri-stem": ["uri"],
  "cs-host": ["host"],
  "r-dns": ["host"],
  "cs-method": ["method"],
  "cs-referer": ["referrer"],
  "cs-user-agent": ["user_agent"],
  "cs-username": ["username"],
  "sc-status": ["status_code"],
  answer: ["answers"],
  record_type: ["qtype_name"],
  "url.path": ["uri"],
  "event.dataset": ["_path"],
};

/** The shape of Zeek's records; one object a format. */
export function zeekShape(id: string): RecordShape {
  const keysByName = new Map<string, Set<string>>();
  for (const table of [CONNECTION, ...Object.values(BY_PATH), ALIASES]) {
    for (const [name, keys] of Object.entries(table)) {
      const known = keysByName.get(name) ?? new Set();
      for (const key of keys) known.add(key);
      keysByName.set(name, known);
    }
  }
  const paths = new Map<string, readonly FieldPath[]>(
    [...keysByName].map(([name, keys]) => [name, [...keys].map((key) => [key])]),
  );
  return {
    id,
    family: "zeek",
    locate: (name) =>
      paths.get(name) ?? [[name.startsWith("zeek.") ? name.slice("zeek.".length) : name]],
  };
}
