// The store port: findings, incidents, audit, settings, accounts. Documents by kind with declared
// searchable fields, optimistic concurrency, derived ids, one audit chain per tenant. Implementations
// (embedded SQLite; Elasticsearch later) pass test/contract/store.ts.
import type { Signal } from "../../detectors/detector.ts";
import type { Finding } from "./finding.ts";

/** Searchable kinds of fields. `text` is full-text searchable. */
export type FieldKind = "keyword" | "number" | "boolean" | "text";

/**
 * A kind of document and what can be searched in it. `fields` maps a name to its kind and to where the
 * values lie; several values per document are allowed. Version 2 of a kind comes with a migration.
 */
export interface Kind<Document> {
  /** Lower-case letters, digits and underscores. */
  readonly name: string;
  /** Raised when `values` of a field gives something else than before: the index is then made anew. */
  readonly revision?: number;
  readonly fields: Readonly<
    Record<
      string,
      {
        readonly kind: FieldKind;
        readonly values: (document: Document) => readonly (string | number | boolean)[];
        /**
         * Only for who reads the server directly, as Grafana does: lies beside the document where that is
         * possible, and can't be searched or sorted by. Many fields then cost little.
         */
        readonly outside?: true;
      }
    >
  >;
}

/** A document with the version to give back when replacing it. */
export interface Versioned<Document> {
  readonly id: string;
  readonly version: number;
  readonly document: Document;
}

export interface SearchQuery {
  /** Field → any of these values; all fields must hold. */
  readonly terms?: Readonly<Record<string, readonly (string | number | boolean)[]>>;
  /** Field → half-open [gte, lt). */
  readonly ranges?: Readonly<Record<string, { readonly gte?: number; readonly lt?: number }>>;
  /** Words that must all occur (prefix match on the last) in the `text` fields. User input, quoted safely. */
  readonly text?: string;
  /**
   * By keyword, number or boolean fields. A document without the value counts as the lowest, one with
   * several is sorted by its lowest. Ties are broken by id, ascending.
   */
  readonly sort: readonly { readonly field: string; readonly order: "asc" | "desc" }[];
  readonly limit: number;
  /**
   * Opaque, from the page before with the same query; stable while documents change: what was not
   * changed comes exactly once. HW_REQUEST_INVALID when it is not one of ours.
   */
  readonly cursor?: string;
}

export interface SearchPage<Document> {
  readonly hits: readonly Versioned<Document>[];
  /** All documents that fit, over all pages; on later pages it may be what the first one counted. */
  readonly total: number;
  /** Undefined on the last page. */
  readonly cursor: string | undefined;
}

/** An audit entry as a caller gives it: who did what to what, with old and new value. */
export interface AuditInput {
  readonly at: number;
  /** Opaque account id, `system`, or `cli`. */
  readonly actor: string;
  /** Verb, e.g. `finding.verdict`, `session.sign_in`. */
  readonly action: string;
  readonly subject: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/**
 * An entry in the chain: hash = SHA-256(sequence, at, actor, action, subject, payloadHash, previousHash),
 * see audit-chain.ts. Sequence numbers begin at 1.
 */
export interface AuditEntry extends Omit<AuditInput, "payload"> {
  readonly sequence: number;
  /** Undefined once erased by law; its hash stays in the chain. */
  readonly payload: Readonly<Record<string, unknown>> | undefined;
  /** Random, part of the payload's hash; goes with the payload. */
  readonly salt: string | undefined;
  readonly payloadHash: string;
  readonly previousHash: string;
  readonly hash: string;
}

/** The next state of a document, and the audit entry that is part of its write. */
export interface Revised<D> {
  readonly document: D;
  readonly audit?: AuditInput;
}

/**
 * Makes the next state of a finding from its present one and the signals that are new to it, with an audit
 * entry where that has to be on record (as a re-opening). May be asked more than once.
 */
export type FoldSignals = (
  existing: Finding | undefined,
  fresh: readonly Signal[],
) => Finding | Revised<Finding>;

/** What has become of a document in `reviseAll`. `left`: its reviser gave nothing. */
export type RevisionResult = "done" | "left" | "missing";

export interface Store {
  get<D>(tenant: string, kind: Kind<D>, id: string): Promise<Versioned<D> | undefined>;
  /**
   * With `audit` the entry is part of the write: either both are there, also after a crash, or none.
   * @throws AppError HW_EXISTS
   */
  create<D>(
    tenant: string,
    kind: Kind<D>,
    id: string,
    document: D,
    audit?: AuditInput,
  ): Promise<Versioned<D>>;
  /**
   * With `audit` the entry is part of the write, as in `create`.
   * @throws AppError HW_CONFLICT when `version` is not the present one, HW_NOT_FOUND
   */
  replace<D>(
    tenant: string,
    kind: Kind<D>,
    id: string,
    document: D,
    version: number,
    audit?: AuditInput,
  ): Promise<Versioned<D>>;
  /**
   * Changes many documents: `revise` gets each as it is and makes its next state, undefined to leave it.
   * It may be asked again about a document that somebody else has changed in between, so it is pure but for
   * noting its last answer. Each document changes by itself, together with its entry; a crash leaves some
   * changed and others not.
   * @returns what became of each, in the order of `ids`, which are all different
   */
  reviseAll<D>(
    tenant: string,
    kind: Kind<D>,
    ids: readonly string[],
    revise: (present: Versioned<D>) => Revised<D> | undefined,
  ): Promise<readonly RevisionResult[]>;
  /** Creates or overwrites without looking at versions: for documents that have one writer. */
  put<D>(tenant: string, kind: Kind<D>, id: string, document: D): Promise<void>;
  remove<D>(tenant: string, kind: Kind<D>, id: string): Promise<boolean>;
  search<D>(tenant: string, kind: Kind<D>, query: SearchQuery): Promise<SearchPage<D>>;
  /** Documents per value of a keyword field, largest first. */
  count<D>(
    tenant: string,
    kind: Kind<D>,
    field: string,
    query: Pick<SearchQuery, "terms" | "ranges" | "text">,
  ): Promise<readonly { readonly value: string; readonly documents: number }[]>;
  /**
   * Folds signals into findings: each signal id counts exactly once in its finding, however often it is
   * given and whenever the process dies. `groups` maps finding id → its signals, in order.
   * @returns the findings that changed, as they are now
   */
  recordSignals(
    tenant: string,
    findings: Kind<Finding>,
    groups: ReadonlyMap<string, readonly Signal[]>,
    fold: FoldSignals,
  ): Promise<readonly Versioned<Finding>[]>;
  /**
   * Forgets which signals findings were made of that began before this moment (ms UTC), where that is kept
   * beside them: whoever gives such a signal again makes it count twice.
   * @returns how many parts were deleted
   */
  retainSignals?(tenant: string, before: number): Promise<number>;
  /**
   * Forgets an entry's payload by law; the erasure is itself an entry (`audit.erase`), and without one a
   * missing payload counts as tampering.
   * @throws AppError HW_NOT_FOUND when there is no such entry or its payload is gone already
   */
  eraseAuditPayload(
    tenant: string,
    sequence: number,
    by: Pick<AuditInput, "at" | "actor"> & { readonly reason: string },
  ): Promise<AuditEntry>;
  /** Appends to the tenant's chain; one writer, so entries get consecutive sequence numbers. */
  appendAudit(tenant: string, entry: AuditInput): Promise<AuditEntry>;
  readAudit(tenant: string, fromSequence: number, limit: number): Promise<readonly AuditEntry[]>;
  /** Walks the whole chain; the first broken sequence number, or undefined when it holds. */
  verifyAudit(tenant: string): Promise<number | undefined>;
  /** Told of every change of a document of this kind made through this process; for live screens. */
  watch<D>(tenant: string, kind: Kind<D>, listener: (change: Versioned<D>) => void): () => void;
  tenants(): Promise<readonly string[]>;
  close(): Promise<void>;
}
