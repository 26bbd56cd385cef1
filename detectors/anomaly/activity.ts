// What anomaly models see of an event: who did what where, in a handful of typed fields. Formats and Sigma
// names end before this; the product makes activities of parsed events, `npm run predict` of evaluation data.

interface Common {
  /** The event's id. */
  readonly id: string;
  /** Event time, milliseconds since 1970 UTC. */
  readonly time: number;
  /** Name of the configured source. */
  readonly source: string;
}

/** An account logs on, or tries to. */
export interface LogonActivity extends Common {
  readonly kind: "logon";
  /** Pseudonym of the account, or the name of a machine or service account. */
  readonly account: string;
  /** Group that the account is compared with, e.g. its department or organisational unit. */
  readonly peers: string | undefined;
  /** Where it logs on to. */
  readonly host: string;
  /** Where it comes from: a host's name or an address. */
  readonly from: string | undefined;
  readonly succeeded: boolean;
  /** `interactive`, `network`, `vpn`, `kerberos`, `ntlm`, `remote`, `service`, … as far as the source says. */
  readonly method: string | undefined;
  /** Country or country and region of `from`: `DE`, `DE-NI`. */
  readonly country: string | undefined;
}

/** A program starts. */
export interface ProcessActivity extends Common {
  readonly kind: "process";
  readonly host: string;
  readonly account: string | undefined;
  readonly peers: string | undefined;
  /** File name without its path, lower case. */
  readonly process: string;
  readonly parent: string | undefined;
}

/** One connection between two addresses, seen to its end. */
export interface FlowActivity extends Common {
  readonly kind: "flow";
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly protocol: string | undefined;
  readonly bytesOut: number;
  readonly bytesIn: number;
  readonly durationMs: number | undefined;
  /** The firewall let it through; undefined where the source does not say. */
  readonly allowed: boolean | undefined;
}

/** A name is asked for. */
export interface DnsActivity extends Common {
  readonly kind: "dns";
  readonly from: string;
  /** The name, lower case, without the last dot. */
  readonly name: string;
  /** `A`, `TXT`, … */
  readonly type: string | undefined;
  /** `NOERROR`, `NXDOMAIN`, … */
  readonly answer: string | undefined;
}

/** A request to a web server or through a proxy. */
interface WebActivity extends Common {
  readonly kind: "web";
  readonly from: string;
  readonly host: string | undefined;
  readonly status: number | undefined;
  readonly userAgent: string | undefined;
  readonly bytesOut: number | undefined;
}

/** Something is written, renamed, sent, installed or planned: one word says which. */
export interface DeedActivity extends Common {
  readonly kind: "deed";
  readonly deed: "file_write" | "file_rename" | "file_delete" | "mail" | "service" | "task";
  readonly host: string | undefined;
  readonly account: string | undefined;
  readonly peers: string | undefined;
  /** Name of the service or task, extension of the file, domain of the recipient. */
  readonly object: string | undefined;
}

export type Activity =
  | LogonActivity
  | ProcessActivity
  | FlowActivity
  | DnsActivity
  | WebActivity
  | DeedActivity;
