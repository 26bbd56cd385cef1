// The store on one machine: one SQLite file per tenant (`<dataDir>/<tenant>/store.db`).
import { EventEmitter } from "node:events";
import { readdir } from "node:fs/promises";
import type { DatabaseSync } from "node:sqlite";
import { TENANT_NAME } from "../../config/tenant-name.ts";
import type { Signal } from "../../detectors/detector.ts";
import { hasTenantFile, openDatabase, PerTenant, tenantFile, textOf } from "../sqlite/sqlite.ts";
import { AuditLog } from "./audit-log.ts";
import { DocumentTable } from "./document-table.ts";
import type { Finding } from "./finding.ts";
import { STORE_MIGRATIONS } from "./migrations.ts";
import { revisedOf } from "./revised.ts";
import { countDocuments, searchDocuments } from "./search.ts";
import type {
  AuditEntry,
  AuditInput,
  FoldSignals,
  Kind,
  Revised,
  RevisionResult,
  SearchQuery,
  Store,
  Versioned,
} from "./store.ts";
import type { StoreTransfer } from "./transfer.ts";
import { WriteQueue } from "./write-queue.ts";

const FILE = "store.db";
/** More share a transaction no longer: others want to write, too. */
const REVISIONS_PER_TRANSACTION = 500;

export interface EmbeddedStoreOptions {
  readonly dataDir: string;
  /**
   * Writes don't wait for the disk: only for a fresh store that nobody has but who fills it, and that is thrown
   * away when the power fails meanwhile. Missing: they do.
   */
  readonly isDraft?: boolean;
}

/** Opens the store; a tenant's file is made at its first use. */
export function openEmbeddedStore(options: EmbeddedStoreOptions): Store {
  return new EmbeddedStore(options);
}

class TenantStore {
  readonly documents: DocumentTable;
  readonly audit: AuditLog;
  readonly writes: WriteQueue;
  readonly #database: DatabaseSync;
  readonly #addSignal;
  readonly #deleteSignals;
  readonly #signals;

  constructor(path: string, isDraft: boolean) {
    const database = openDatabase(path, STORE_MIGRATIONS);
    if (isDraft) database.exec("PRAGMA synchronous = OFF");
    // What is erased by law must not stay in a free page.
    database.exec("PRAGMA secure_delete = ON");
    this.#database = database;
    this.documents = new DocumentTable(database);
    this.audit = new AuditLog(database);
    this.writes = new WriteQueue(database);
    this.#addSignal = database.prepare(
      "INSERT INTO signal VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    );
    this.#deleteSignals = database.prepare("DELETE FROM signal WHERE kind = ? AND finding = ?");
    this.#signals = database.prepare(
      "SELECT id FROM signal WHERE kind = ? AND finding = ? ORDER BY id",
    );
  }

  /** Remembers the signals of a finding; gives back those that were not there yet. */
  addSignals(kind: number, finding: string, signals: readonly Signal[]): Signal[] {
    return signals.filter((signal) => this.#addSignal.run(kind, finding, signal.id).changes > 0);
  }

  deleteSignals(kind: number, finding: string): void {
    this.#deleteSignals.run(kind, finding);
  }

  signalIds(kind: number, finding: string): string[] {
    return this.#signals.all(kind, finding).map(({ id }) => textOf(id));
  }

  close(): void {
    this.writes.flush();
    this.#database.close();
  }
}

class EmbeddedStore implements Store, StoreTransfer {
  readonly #dataDir: string;
  readonly #tenants: PerTenant<TenantStore>;
  readonly #changes = new EventEmitter().setMaxListeners(0);

  constructor({ dataDir, isDraft = false }: EmbeddedStoreOptions) {
    this.#dataDir = dataDir;
    this.#tenants = new PerTenant(
      (tenant) => new TenantStore(tenantFile(dataDir, tenant, FILE), isDraft),
    );
  }

  async get<D>(tenant: string, kind: Kind<D>, id: string): Promise<Versioned<D> | undefined> {
    const { documents } = this.#tenants.of(tenant);
    return documents.get<D>(documents.kind(kind), id);
  }

  create<D>(
    ...[tenant, kind, id, document, audit]: [string, Kind<D>, string, D, AuditInput?]
  ): Promise<Versioned<D>> {
    return this.#write(tenant, kind, (one) => {
      const created = one.documents.create(kind, id, document);
      if (audit !== undefined) one.audit.append(audit);
      return created;
    });
  }

  replace<D>(
    ...[tenant, kind, id, document, version, audit]: [
      string,
      Kind<D>,
      string,
      D,
      number,
      AuditInput?,
    ]
  ): Promise<Versioned<D>> {
    return this.#write(tenant, kind, (one) => {
      const replaced = one.documents.replace(kind, id, document, version);
      if (audit !== undefined) one.audit.append(audit);
      return replaced;
    });
  }

  async reviseAll<D>(
    tenant: string,
    kind: Kind<D>,
    ids: readonly string[],
    revise: (present: Versioned<D>) => Revised<D> | undefined,
  ): Promise<readonly RevisionResult[]> {
    const one = this.#tenants.of(tenant);
    one.documents.kind(kind);
    const results: RevisionResult[] = [];
    for (let at = 0; at < ids.length; at += REVISIONS_PER_TRANSACTION) {
      const some = ids.slice(at, at + REVISIONS_PER_TRANSACTION);
      const revised = await one.writes.run(() => {
        const audits: AuditInput[] = [];
        const all = some.map((id) =>
          one.documents.revise(kind, id, (present) => {
            const next = revise(present);
            if (next?.audit !== undefined) audits.push(next.audit);
            return next?.document;
          }),
        );
        one.audit.appendAll(audits);
        return all;
      });
      for (const { result, change } of revised) {
        results.push(result);
        if (change !== undefined) this.#tell(tenant, kind, change);
      }
    }
    return results;
  }

  async put<D>(tenant: string, kind: Kind<D>, id: string, document: D): Promise<void> {
    await this.#write(tenant, kind, (one) => one.documents.put(kind, id, document));
  }

  async remove<D>(tenant: string, kind: Kind<D>, id: string): Promise<boolean> {
    const one = this.#tenants.of(tenant);
    const known = one.documents.kind(kind);
    return one.writes.run(() => {
      one.deleteSignals(known.id, id);
      return one.documents.remove(kind, id);
    });
  }

  async search<D>(tenant: string, kind: Kind<D>, query: SearchQuery) {
    return searchDocuments(this.#tenants.of(tenant).documents, kind, query);
  }

  async count<D>(
    tenant: string,
    kind: Kind<D>,
    field: string,
    query: Pick<SearchQuery, "terms" | "ranges" | "text">,
  ) {
    return countDocuments(this.#tenants.of(tenant).documents, kind, field, query);
  }

  async recordSignals(
    tenant: string,
    kind: Kind<Finding>,
    groups: ReadonlyMap<string, readonly Signal[]>,
    fold: FoldSignals,
  ): Promise<readonly Versioned<Finding>[]> {
    const one = this.#tenants.of(tenant);
    const known = one.documents.kind(kind);
    const changed = await one.writes.run(() =>
      [...groups].flatMap(([id, signals]) => {
        const fresh = one.addSignals(known.id, id, signals);
        if (fresh.length === 0) return [];
        const existing = one.documents.get<Finding>(known, id)?.document;
        const { document, audit } = revisedOf(fold(existing, fresh));
        if (audit !== undefined) one.audit.append(audit);
        return [one.documents.put(kind, id, document)];
      }),
    );
    for (const change of changed) this.#tell(tenant, kind, change);
    return changed;
  }

  async appendAudit(tenant: string, entry: AuditInput) {
    const one = this.#tenants.of(tenant);
    return one.writes.run(() => one.audit.append(entry));
  }

  async eraseAuditPayload(...[tenant, sequence, by]: Parameters<Store["eraseAuditPayload"]>) {
    const one = this.#tenants.of(tenant);
    return one.writes.run(() => one.audit.erase(sequence, by));
  }

  async readAudit(tenant: string, fromSequence: number, limit: number) {
    return this.#tenants.of(tenant).audit.read(fromSequence, limit);
  }

  async verifyAudit(tenant: string): Promise<number | undefined> {
    return this.#tenants.of(tenant).audit.verify();
  }

  async signalIds(tenant: string, findings: Kind<Finding>, id: string) {
    const one = this.#tenants.of(tenant);
    return one.signalIds(one.documents.kind(findings).id, id);
  }

  async restoreAudit(tenant: string, entries: readonly AuditEntry[]): Promise<void> {
    const one = this.#tenants.of(tenant);
    await one.writes.run(() => {
      for (const entry of entries) one.audit.restore(entry);
    });
  }

  watch<D>(tenant: string, kind: Kind<D>, listener: (change: Versioned<D>) => void): () => void {
    this.#tenants.of(tenant);
    const event = eventName(tenant, kind);
    this.#changes.on(event, listener);
    return () => this.#changes.off(event, listener);
  }

  async tenants(): Promise<readonly string[]> {
    const entries = await readdir(this.#dataDir).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    });
    return entries
      .filter((name) => TENANT_NAME.test(name) && hasTenantFile(this.#dataDir, name, FILE))
      .sort();
  }

  async close(): Promise<void> {
    await this.#tenants.close();
    this.#changes.removeAllListeners();
  }

  async #write<D>(
    tenant: string,
    kind: Kind<D>,
    work: (one: TenantStore) => Versioned<D>,
  ): Promise<Versioned<D>> {
    const one = this.#tenants.of(tenant);
    // Making a kind known is a transaction of its own, so it comes before the common one.
    one.documents.kind(kind);
    const change = await one.writes.run(() => work(one));
    this.#tell(tenant, kind, change);
    return change;
  }

  #tell<D>(tenant: string, kind: Kind<D>, change: Versioned<D>): void {
    // Apart from the writer: its change is durable, whatever a listener makes of it.
    queueMicrotask(() => this.#changes.emit(eventName(tenant, kind), change));
  }
}

function eventName<D>(tenant: string, kind: Kind<D>): string {
  return `${tenant} ${kind.name}`;
}
