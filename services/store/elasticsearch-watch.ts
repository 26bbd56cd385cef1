// Tells listeners of changed documents: of those that this process made at once, of those of others by asking
// the index every second for what came after the last look, while anybody listens.
import { EventEmitter } from "node:events";
import type { Logger } from "pino";
import { messageOf } from "../../config/errors.ts";
import { orMissing } from "../elasticsearch/indices.ts";
import type { DocumentAccess } from "./elasticsearch-access.ts";
import type { StoredDocument } from "./elasticsearch-document.ts";
import { versionedOf } from "./elasticsearch-documents.ts";
import type { StoreIndices } from "./elasticsearch-indices.ts";
import { kindAlias } from "./elasticsearch-names.ts";
import type { Kind, Versioned } from "./store.ts";

const LOOK_EVERY_MS = 1000;
const CHANGES_PER_LOOK = 500;
/** Writes under way become visible out of order; so many numbers back are looked at again. */
const LOOK_BACK = 200;
const TOLD_MAX = 10_000;

interface Watched {
  listeners: number;
  timer: NodeJS.Timeout | undefined;
  /** Of each id the newest version that was told. */
  readonly told: Map<string, number>;
  index: string;
  wasMissing: boolean;
  /** The highest number that was there when listening began; what is below is no news. */
  floor: number;
  /** The highest number that was seen in `index`. */
  seen: number;
}

export class Watcher {
  readonly #access: DocumentAccess;
  readonly #indices: StoreIndices;
  readonly #logger: Pick<Logger, "warn">;
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #watched = new Map<string, Watched>();

  constructor(parts: {
    access: DocumentAccess;
    indices: StoreIndices;
    logger: Pick<Logger, "warn">;
  }) {
    this.#access = parts.access;
    this.#indices = parts.indices;
    this.#logger = parts.logger;
  }

  watch<D>(tenant: string, kind: Kind<D>, listener: (change: Versioned<D>) => void): () => void {
    const alias = kindAlias(this.#indices.prefix, kind.name, tenant);
    const watched = this.#watched.get(alias) ?? {
      listeners: 0,
      timer: undefined,
      told: new Map(),
      index: "",
      wasMissing: false,
      floor: -1,
      seen: -1,
    };
    this.#watched.set(alias, watched);
    watched.listeners += 1;
    this.#changes.on(alias, listener);
    watched.timer ??= this.#lookLater(tenant, kind, alias, watched, 0);
    let stopped = false;
    return () => {
      if (stopped) return;
      stopped = true;
      this.#changes.off(alias, listener);
      watched.listeners -= 1;
      if (watched.listeners > 0) return;
      clearTimeout(watched.timer);
      if (this.#watched.get(alias) === watched) this.#watched.delete(alias);
    };
  }

  /** Tells a change of this process, after its writer. */
  tell<D>(tenant: string, kind: Kind<D>, change: Versioned<D>): void {
    const alias = kindAlias(this.#indices.prefix, kind.name, tenant);
    const watched = this.#watched.get(alias);
    if (watched !== undefined) remember(watched, change);
    queueMicrotask(() => this.#changes.emit(alias, change));
  }

  close(): void {
    for (const { timer } of this.#watched.values()) clearTimeout(timer);
    this.#watched.clear();
    this.#changes.removeAllListeners();
  }

  #lookLater<D>(
    ...[tenant, kind, alias, watched, afterMs]: [string, Kind<D>, string, Watched, number]
  ): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#look(tenant, kind, alias, watched)
        .catch((error: unknown) => {
          this.#logger.warn({ reason: messageOf(error), alias }, "changes could not be looked for");
        })
        .finally(() => {
          if (this.#watched.get(alias) !== watched) return;
          watched.timer = this.#lookLater(tenant, kind, alias, watched, LOOK_EVERY_MS);
        });
    }, afterMs);
    return timer.unref();
  }

  async #look<D>(tenant: string, kind: Kind<D>, alias: string, watched: Watched): Promise<void> {
    const index = await this.#indices.find(tenant, kind);
    if (index === undefined) {
      watched.wasMissing = true;
      return;
    }
    if (watched.index !== index.index) {
      // All that is in an index which was not there before is news.
      watched.floor = watched.wasMissing ? -1 : await this.#newest(index.index);
      watched.wasMissing = false;
      watched.seen = watched.floor;
      watched.index = index.index;
    }
    for (;;) {
      const after = Math.max(watched.floor, watched.seen - LOOK_BACK);
      const hits = await this.#after(tenant, index.index, after);
      // Replaced by another index; the next look begins there.
      if (hits === undefined) return this.#indices.forget(alias);
      if (this.#watched.get(alias) !== watched) return;
      for (const { _source } of hits) {
        if (_source === undefined) continue;
        const change = versionedOf<D>(_source);
        if ((watched.told.get(change.id) ?? 0) >= change.version) continue;
        remember(watched, change);
        this.#changes.emit(alias, change);
      }
      const newest = hits.at(-1)?._seq_no ?? watched.seen;
      const isAll = hits.length < CHANGES_PER_LOOK || newest <= watched.seen;
      watched.seen = Math.max(watched.seen, newest);
      if (isAll) return;
    }
  }

  async #newest(index: string): Promise<number> {
    const { client, retry } = this.#access;
    const found = await retry.run(() =>
      orMissing(client.indices.stats({ index, level: "shards", filter_path: "**.seq_no" })),
    );
    const shards = Object.values(found?.indices?.[index]?.shards ?? {}).flat();
    return Math.max(-1, ...shards.map((shard) => shard.seq_no?.max_seq_no ?? -1));
  }

  async #after(tenant: string, index: string, after: number) {
    const { client, retry } = this.#access;
    const filter = [{ term: { tenant } }, { range: { _seq_no: { gt: after } } }];
    const found = await retry.run(() =>
      orMissing(
        client.search<StoredDocument>({
          index,
          size: CHANGES_PER_LOOK,
          query: { bool: { filter } },
          sort: [{ _seq_no: { order: "asc" } }],
          seq_no_primary_term: true,
          track_total_hits: false,
          allow_partial_search_results: false,
          _source: ["id", "rev", "json"],
        }),
      ),
    );
    return found?.hits.hits;
  }
}

function remember(watched: Watched, { id, version }: Versioned<unknown>): void {
  watched.told.delete(id);
  watched.told.set(id, version);
  for (const oldest of watched.told.keys()) {
    if (watched.told.size <= TOLD_MAX) break;
    watched.told.delete(oldest);
  }
}
