// How entries of an audit chain and the marks beside them lie in Elasticsearch.
import type { estypes } from "@elastic/elasticsearch";
import type { StoredAudit } from "./elasticsearch-document.ts";
import type { AuditEntry, AuditInput } from "./store.ts";

const text = { type: "keyword", ignore_above: 1024 } as const;
export const AUDIT_MAPPING: estypes.MappingTypeMapping = {
  dynamic: false,
  _meta: { layout: 1 },
  properties: {
    tenant: { type: "keyword" },
    sequence: { type: "long" },
    "@timestamp": { type: "date", format: "epoch_millis", ignore_malformed: true },
    actor: text,
    action: text,
    subject: text,
    entry: { type: "object", enabled: false },
    head: { type: "object", enabled: false },
  },
};

export interface StoredEntry {
  readonly tenant: string;
  readonly sequence: number;
  readonly "@timestamp": number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  /** JSON of the whole entry. */
  readonly entry: string;
}

/** Says that entries of a batch are in the chain: the members listed, or the one in its name. */
export interface Mark {
  readonly id: string;
  readonly members?: readonly number[];
}

/** `_source` of an entry. */
export function storedEntry(tenant: string, entry: AuditEntry): StoredEntry {
  const { sequence, at, actor, action, subject } = entry;
  return {
    tenant,
    sequence,
    "@timestamp": at,
    actor,
    action,
    subject,
    entry: JSON.stringify(entry),
  };
}

// The text is what `JSON.stringify` made of an entry.
export function parseEntry(json: string): AuditEntry {
  const entry = JSON.parse(json) as AuditEntry;
  return { ...entry, payload: entry.payload, salt: entry.salt };
}

/** An entry whose parts contradict each other, or that is no JSON any more, fits no hash. */
export function entryOf(source: Partial<StoredEntry>): AuditEntry {
  const { sequence = 0, actor = "", action = "", subject = "" } = source;
  const columns = { sequence, at: source["@timestamp"] ?? 0, actor, action, subject };
  try {
    return { ...parseEntry(source.entry ?? ""), ...columns };
  } catch {
    const hash = "unreadable";
    return {
      ...columns,
      payload: undefined,
      salt: undefined,
      payloadHash: hash,
      previousHash: hash,
      hash,
    };
  }
}

/** What tells an entry that lies with a document from all others. */
export function auditKey({ batch, member }: StoredAudit): string {
  return `${batch}/${member}`;
}

// The text is what `JSON.stringify` made of it.
export function inputOf({ entry }: StoredAudit): AuditInput {
  return JSON.parse(entry) as AuditInput;
}
