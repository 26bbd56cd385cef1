// The record that the simulator gives out, and the list of sources that ship records: what each is
// called, in which format it sends, and into which file `writeSimulation` puts it.

/** Name of a source → its format, the file it is written to, and its class by § 19 (1) NDIG. */
export const SOURCES = {
  dc: { format: "winlogbeat", file: "dc.ndjson", ndigClass: 4 },
  clients: { format: "winlogbeat", file: "clients.ndjson", ndigClass: 5 },
  servers: { format: "winlogbeat", file: "servers.ndjson", ndigClass: 4 },
  backup: { format: "winlogbeat", file: "backup.ndjson", ndigClass: 4 },
  fileserver: { format: "windows-flat", file: "fileserver.ndjson", ndigClass: 4 },
  firewall: { format: "fortigate", file: "firewall.log", ndigClass: 1 },
  mail: { format: "json", file: "mail.ndjson", ndigClass: 3 },
  linux: { format: "linux-auth", file: "linux-auth.log", ndigClass: 4 },
  audit: { format: "auditd", file: "audit.log", ndigClass: 4 },
  web: { format: "web-access", file: "access.log", ndigClass: 4 },
} as const;

export type SourceName = keyof typeof SOURCES;
type FormatName = (typeof SOURCES)[SourceName]["format"];

/** One log record as its shipper sends it. */
export interface SimulatedRecord {
  /** The source's own identity of the record: what goes as `_id` into a bulk request. */
  readonly id: string;
  /** Event time, milliseconds since 1970 UTC. */
  readonly time: number;
  readonly source: SourceName;
  readonly format: FormatName;
  /** The exact line. */
  readonly text: string;
  /** Step of the intrusion that caused it; never part of `text`. */
  readonly step?: string;
}
