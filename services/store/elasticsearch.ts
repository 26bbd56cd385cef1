// The store in Elasticsearch: an index per tenant and kind behind an alias, for any number of processes side
// by side. Only plain features are used, so that it runs on every server of versions 8 and 9.
import type { Logger } from "pino";
import { AppError } from "../../config/errors.ts";
import { checkTenantName } from "../../config/tenant-name.ts";
import type { Signal } from "../../detectors/detector.ts";
import type { Elasticsearch } from "../elasticsearch/connection.ts";
import { listAliases } from "../elasticsearch/indices.ts";
import { Retry } from "../elasticsearch/retry.ts";
import { DocumentAccess } from "./elasticsearch-access.ts";
import { AuditTrail } from "./elasticsearch-audit.ts";
import { Documents, type Saved, versionedOf } from "./elasticsearch-documents.ts";
import { StoreIndices } from "./elasticsearch-indices.ts";
import { tenantOfAlias } from "./elasticsearch-names.ts";
import { reviseDocuments } from "./elasticsearch-revise.ts";
import { DocumentSearch } from "./elasticsearch-search.ts";
import { settleTenant } from "./elasticsearch-settle.ts";
import { SignalFolder } from "./elasticsearch-signals.ts";
import { Watcher } from "./elasticsearch-watch.ts";
import type { Finding } from "./finding.ts";
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

const SWEEP_MS = 60_000;

export interface ElasticsearchStoreOptions {
  readonly elasticsearch: Elasticsearch;
  readonly logger: Pick<Logger, "info" | "warn">;
  /** ms UTC. */
  readonly now?: () => number;
  /** How long a caller waits for a server that is away; left out: 60 s. */
  readonly giveUpMs?: number;
}

export interface ElasticsearchStore extends Store, StoreTransfer {
  /**
   * Forgets which signals were counted in findings that began in months (UTC) before the one of `before`
   * (ms UTC): one that is given again would count again.
   * @returns how many months were deleted
   */
  retainSignals(tenant: string, before: number): Promise<number>;
}

/** Opens the store; nothing is asked of the server before the first use. */
export function openElasticsearchStore(options: ElasticsearchStoreOptions): ElasticsearchStore {
  return new OpenStore(options);
}

class OpenStore implements ElasticsearchStore {
  readonly #elasticsearch: Elasticsearch;
  readonly #retry: Retry;
  readonly #access: DocumentAccess;
  readonly #indices: StoreIndices;
  readonly #documents: Documents;
  readonly #search: DocumentSearch;
  readonly #signals: SignalFolder;
  readonly #watcher: Watcher;
  readonly #trails = new Map<string, AuditTrail>();
  readonly #running = new Set<Promise<unknown>>();
  /** Tenants whose documents were looked through since the start. */
  readonly #settling = new Map<string, Promise<void>>();
  #sweeper: NodeJS.Timeout | undefined;
  #sweeping = false;
  #isClosed = false;

  constructor(options: ElasticsearchStoreOptions) {
    const { elasticsearch, logger, giveUpMs, now = Date.now } = options;
    this.#elasticsearch = elasticsearch;
    this.#retry = new Retry(giveUpMs === undefined ? { logger } : { logger, giveUpMs });
    const retry = this.#retry;
    const indices = new StoreIndices({ elasticsearch, retry });
    const access = new DocumentAccess({ client: elasticsearch.client, retry });
    const documents = new Documents({ access, indices, now });
    this.#indices = indices;
    this.#access = access;
    this.#documents = documents;
    this.#search = new DocumentSearch({ access, indices });
    this.#signals = new SignalFolder({ access, indices, documents, now });
    this.#watcher = new Watcher({ access, indices, logger });
  }

  get<D>(tenant: string, kind: Kind<D>, id: string): Promise<Versioned<D> | undefined> {
    return this.#run(() => this.#documents.get(tenant, kind, id));
  }

  create<D>(
    ...[tenant, kind, id, document, audit]: [string, Kind<D>, string, D, AuditInput?]
  ): Promise<Versioned<D>> {
    const change = { tenant, kind, id, document, audit };
    return this.#write(change, () => this.#documents.create(change));
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
    const change = { tenant, kind, id, document, audit };
    return this.#write(change, () => this.#documents.replace(change, version));
  }

  reviseAll<D>(
    tenant: string,
    kind: Kind<D>,
    ids: readonly string[],
    revise: (present: Versioned<D>) => Revised<D> | undefined,
  ): Promise<readonly RevisionResult[]> {
    return this.#run(() =>
      reviseDocuments(
        {
          ...{ access: this.#access, indices: this.#indices, documents: this.#documents },
          trail: this.#trail(tenant),
          onChange: ({ stored }) => this.#watcher.tell(tenant, kind, versionedOf<D>(stored)),
        },
        { tenant, kind, ids },
        revise,
      ),
    );
  }

  async put<D>(tenant: string, kind: Kind<D>, id: string, document: D): Promise<void> {
    const change = { tenant, kind, id, document };
    await this.#write(change, () => this.#documents.put(change));
  }

  remove<D>(tenant: string, kind: Kind<D>, id: string): Promise<boolean> {
    return this.#run(async () => {
      const removed = await this.#documents.remove(tenant, kind, id, (audits) =>
        this.#trail(tenant).appendStored(audits),
      );
      if (removed === undefined) return false;
      await this.#signals.forget(tenant, kind.name, removed);
      return true;
    });
  }

  search<D>(tenant: string, kind: Kind<D>, query: SearchQuery) {
    return this.#run(() => this.#search.search(tenant, kind, query));
  }

  count<D>(
    tenant: string,
    kind: Kind<D>,
    field: string,
    query: Pick<SearchQuery, "terms" | "ranges" | "text">,
  ) {
    return this.#run(() => this.#search.count(tenant, kind, field, query));
  }

  recordSignals(
    tenant: string,
    findings: Kind<Finding>,
    groups: ReadonlyMap<string, readonly Signal[]>,
    fold: FoldSignals,
  ): Promise<readonly Versioned<Finding>[]> {
    return this.#run(async () => {
      const changed = await this.#signals.record(tenant, findings, groups, fold);
      await this.#append(tenant, changed);
      return changed.map((change) => this.#told(tenant, findings, change));
    });
  }

  signalIds(tenant: string, findings: Kind<Finding>, id: string): Promise<readonly string[]> {
    return this.#run(() => this.#signals.signalIds(tenant, findings, id));
  }

  retainSignals(tenant: string, before: number): Promise<number> {
    return this.#run(() => this.#signals.retain(tenant, before));
  }

  appendAudit(tenant: string, entry: AuditInput): Promise<AuditEntry> {
    return this.#run(() => this.#trail(tenant).append(entry));
  }

  eraseAuditPayload(...[tenant, sequence, by]: Parameters<Store["eraseAuditPayload"]>) {
    return this.#run(async () => {
      // No copy of what is erased may lie with a document any more.
      await this.#settle(tenant);
      return this.#trail(tenant).erase(sequence, by);
    });
  }

  readAudit(tenant: string, fromSequence: number, limit: number) {
    return this.#run(async () => {
      await this.#settled(tenant);
      return this.#trail(tenant).read(fromSequence, limit);
    });
  }

  verifyAudit(tenant: string): Promise<number | undefined> {
    return this.#run(async () => {
      await this.#settled(tenant);
      return this.#trail(tenant).verify();
    });
  }

  restoreAudit(tenant: string, entries: readonly AuditEntry[]): Promise<void> {
    return this.#run(() => this.#trail(tenant).restore(entries));
  }

  watch<D>(tenant: string, kind: Kind<D>, listener: (change: Versioned<D>) => void): () => void {
    this.#checkOpen();
    return this.#watcher.watch(tenant, kind, listener);
  }

  tenants(): Promise<readonly string[]> {
    return this.#run(async () => {
      const { client, prefix } = this.#elasticsearch;
      const aliases = await this.#retry.run(() => listAliases(client, `${prefix}-*`));
      const names = aliases.flatMap((alias) => tenantOfAlias(prefix, alias) ?? []);
      return [...new Set(names)].sort();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#sweeper);
    this.#watcher.close();
    await Promise.allSettled(this.#running);
    await Promise.all([...this.#trails.values()].map((trail) => trail.idle()));
    this.#search.close();
    this.#retry.close();
  }

  async #write<D>(
    { tenant, kind }: { readonly tenant: string; readonly kind: Kind<D> },
    work: () => Promise<Saved<D>>,
  ): Promise<Versioned<D>> {
    return this.#run(async () => {
      const saved = await work();
      await this.#append(tenant, [saved]);
      return this.#told(tenant, kind, saved);
    });
  }

  #told<D>(tenant: string, kind: Kind<D>, { id, version, document }: Saved<D>): Versioned<D> {
    const change = { id, version, document };
    this.#watcher.tell(tenant, kind, change);
    return change;
  }

  /** Brings the entries of these writes into the chain; taking them out of the documents can wait. */
  async #append(tenant: string, saved: readonly Saved<unknown>[]): Promise<void> {
    const written = saved.filter(({ current }) => current.stored.audits !== undefined);
    if (written.length === 0) return;
    const audits = written.flatMap(({ current }) => current.stored.audits ?? []);
    await this.#trail(tenant).appendStored(audits);
    const settling = this.#documents.settled(written.map(({ current }) => current));
    // What fails here is done by the next sweep.
    void this.#track(settling.catch(() => 0));
  }

  /** Finishes what a crash has left, of this or of another process. */
  async #settle(tenant: string): Promise<void> {
    const trail = this.#trail(tenant);
    const parts = { access: this.#access, documents: this.#documents, trail };
    await settleTenant({ elasticsearch: this.#elasticsearch, ...parts }, tenant);
  }

  /** Once per tenant and process before the chain is read, and every minute. */
  #settled(tenant: string): Promise<void> {
    checkTenantName(tenant);
    let settling = this.#settling.get(tenant);
    if (settling === undefined) {
      settling = this.#settle(tenant);
      this.#settling.set(tenant, settling);
      settling.catch(() => this.#settling.delete(tenant));
    }
    return settling;
  }

  async #sweep(): Promise<void> {
    for (const tenant of await this.tenants()) await this.#settle(tenant);
  }

  #trail(tenant: string): AuditTrail {
    checkTenantName(tenant);
    let trail = this.#trails.get(tenant);
    if (trail === undefined) {
      trail = new AuditTrail({ access: this.#access, indices: this.#indices }, tenant);
      this.#trails.set(tenant, trail);
    }
    return trail;
  }

  /** What is under way is waited for by `close`. */
  async #run<T>(work: () => Promise<T>): Promise<T> {
    this.#checkOpen();
    this.#sweeper ??= setInterval(() => {
      if (this.#sweeping) return;
      this.#sweeping = true;
      const done = () => {
        this.#sweeping = false;
      };
      // A server that is away is told of by the retries; the next minute tries again.
      void this.#track(this.#sweep()).then(done, done);
    }, SWEEP_MS).unref();
    return this.#track(work());
  }

  async #track<T>(running: Promise<T>): Promise<T> {
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new AppError("HW_CLOSED", "the store is closed");
  }
}
