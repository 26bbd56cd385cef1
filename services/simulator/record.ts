// The record that the simulator gives out, and the list of sources that ship records: what each is
// called, in which format it sends, and into which file `writeSimulation` puts it.

/** Name of a source → its format and the file it is written to. */
export const SOURCES = {
  dc: { format: "winlogbeat", file: "dc.ndjson" },
  clients: { format: "winlogbeat", file: "clients.ndjson" },
  servers: { format: "winlogbeat", file: "servers.ndjson" },
  backup: { format: "winlogbeat", file: "backup.ndjson" },
  fileserver: { format: "windows-flat", file: "fileserver.ndjson" },
  firewall: { format: "fortigate", file: "firewall.log" },
  mail: { format: "json", file: "mail.ndjson" },
  linux: { format: "linux-auth", file: "linux-auth.log" },
  audit: { format: "auditd", file: "audit.log" },
  web: { format: "web-access", file: "access.log" },
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
