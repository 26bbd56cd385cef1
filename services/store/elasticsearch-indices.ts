// The indices of the store: found or made at first use, brought to the present layout, and refreshed before
// a search when this process has written to them since.
import type { estypes } from "@elastic/elasticsearch";
import { AppError } from "../../config/errors.ts";
import { BulkWriter } from "../elasticsearch/bulk.ts";
import type { Elasticsearch } from "../elasticsearch/connection.ts";
import {
  createIndex,
  ensureTemplate,
  findIndex,
  type IndexTarget,
  refreshIndices,
  type TemplateDefinition,
} from "../elasticsearch/indices.ts";
import type { Retry } from "../elasticsearch/retry.ts";
import { layoutAge, mappingOf } from "./elasticsearch-document.ts";
import { migrateKind } from "./elasticsearch-migration.ts";
import { concreteIndex, kindAlias } from "./elasticsearch-names.ts";
import type { Kind } from "./store.ts";

const TEMPLATE_VERSION = 1;
/** Above the templates of events, whose patterns could fit our names. */
const TEMPLATE_PRIORITY = 510;
/** One more than a page, to see whether there is another one. */
const RESULT_WINDOW = 10_001;

/** An index in use. */
export interface OpenIndex {
  readonly alias: string;
  /** The index behind the alias when it was looked up. */
  readonly index: string;
}

interface Freshness {
  /** Written to since the last refresh was asked for; in the beginning nobody knows. */
  isStale: boolean;
  refreshing: Promise<void> | undefined;
}

export class StoreIndices {
  readonly prefix: string;
  readonly #elasticsearch: Elasticsearch;
  readonly #retry: Retry;
  readonly #open = new Map<string, Promise<OpenIndex | undefined>>();
  readonly #freshness = new Map<string, Freshness>();
  #template: Promise<void> | undefined;

  constructor(parts: { elasticsearch: Elasticsearch; retry: Retry }) {
    this.#elasticsearch = parts.elasticsearch;
    this.prefix = parts.elasticsearch.prefix;
    this.#retry = parts.retry;
  }

  /** The index of a kind, brought to its present layout; undefined while nothing was written. */
  async find<D>(tenant: string, kind: Kind<D>): Promise<OpenIndex | undefined> {
    const alias = kindAlias(this.prefix, kind.name, tenant);
    return this.#cached(alias, async () => {
      const found = await this.#look(alias);
      return found && this.#present(alias, kind, found);
    });
  }

  /** The index of a kind, made when there is none. */
  async ensure<D>(tenant: string, kind: Kind<D>): Promise<OpenIndex> {
    const alias = kindAlias(this.prefix, kind.name, tenant);
    return this.#made(alias, mappingOf(kind), () => this.find(tenant, kind));
  }

  /** The index behind the alias of something that is no kind; undefined while nothing was written. */
  async findPlain(alias: string): Promise<OpenIndex | undefined> {
    return this.#cached(alias, async () => {
      const found = await this.#look(alias);
      return found && { alias, index: found.index };
    });
  }

  async ensurePlain(alias: string, mappings: estypes.MappingTypeMapping): Promise<OpenIndex> {
    return this.#made(alias, mappings, () => this.findPlain(alias));
  }

  /** Makes an index that has no alias. */
  async ensureBare(index: string, mappings: estypes.MappingTypeMapping): Promise<void> {
    await this.#cached(index, async () => {
      await this.#prepare();
      const settings = this.#settings();
      const { client } = this.#elasticsearch;
      await this.#retry.run(() => createIndex(client, { index, settings, mappings }));
      return { alias: index, index };
    });
  }

  /** Looks it up anew at its next use: it was replaced or deleted. */
  forget(alias: string): void {
    this.#open.delete(alias);
    this.#freshness.delete(alias);
  }

  /** Remembers that the next search has to refresh first. */
  wrote(alias: string): void {
    this.#freshnessOf(alias).isStale = true;
  }

  /** After it, searches see all that this process has written before. */
  async refresh(alias: string): Promise<void> {
    const freshness = this.#freshnessOf(alias);
    if (freshness.isStale) {
      freshness.isStale = false;
      const before = freshness.refreshing;
      const now = this.#refreshAfter(alias, before).catch((error: unknown) => {
        freshness.isStale = true;
        throw error;
      });
      freshness.refreshing = now;
      const done = () => {
        if (freshness.refreshing === now) freshness.refreshing = undefined;
      };
      now.then(done, done);
    }
    await freshness.refreshing;
  }

  async #refreshAfter(alias: string, before: Promise<void> | undefined): Promise<void> {
    await before?.catch(() => undefined);
    const { client } = this.#elasticsearch;
    await this.#retry.run(() => refreshIndices(client, alias));
  }

  async #made(
    alias: string,
    mappings: estypes.MappingTypeMapping,
    find: () => Promise<OpenIndex | undefined>,
  ): Promise<OpenIndex> {
    const { client } = this.#elasticsearch;
    for (let round = 0; round < 10; round += 1) {
      const found = await find();
      if (found !== undefined) return found;
      await this.#prepare();
      const index = concreteIndex(alias, 1);
      const settings = this.#settings();
      await this.#retry.run(() => createIndex(client, { index, settings, mappings, alias }));
    }
    throw new AppError("HW_UNAVAILABLE", `the index behind ${alias} is gone as soon as it is made`);
  }

  async #look(alias: string): Promise<IndexTarget | undefined> {
    return this.#retry.run(() => findIndex(this.#elasticsearch.client, alias));
  }

  async #present<D>(alias: string, kind: Kind<D>, first: IndexTarget): Promise<OpenIndex> {
    const { client } = this.#elasticsearch;
    for (let found: IndexTarget | undefined = first; ; found = await this.#look(alias)) {
      if (found === undefined) throw gone(alias);
      if (!isOlder(kind, found, alias)) return { alias, index: found.index };
      const old = found;
      const bulk = new BulkWriter({ client, retry: this.#retry });
      const settings = this.#settings();
      await this.#prepare();
      await this.#retry.run(() => migrateKind({ client, bulk, alias, kind, settings }, old));
    }
  }

  /** Misses are not kept: another process may make it at any moment. */
  async #cached(
    alias: string,
    open: () => Promise<OpenIndex | undefined>,
  ): Promise<OpenIndex | undefined> {
    const known = this.#open.get(alias);
    if (known !== undefined) return known;
    const opening = open();
    this.#open.set(alias, opening);
    const drop = () => {
      if (this.#open.get(alias) === opening) this.#open.delete(alias);
    };
    opening.then((found) => found ?? drop(), drop);
    return opening;
  }

  #prepare(): Promise<void> {
    const { client } = this.#elasticsearch;
    this.#template ??= this.#retry
      .run(() => ensureTemplate(client, storeTemplate(this.prefix)))
      .catch((error: unknown) => {
        this.#template = undefined;
        throw error;
      });
    return this.#template;
  }

  #settings(): estypes.IndicesIndexSettings {
    return {
      number_of_shards: 1,
      number_of_replicas: this.#elasticsearch.replicas,
      refresh_interval: "1s",
      max_result_window: RESULT_WINDOW,
    };
  }

  #freshnessOf(alias: string): Freshness {
    let freshness = this.#freshness.get(alias);
    if (freshness === undefined) {
      freshness = { isStale: true, refreshing: undefined };
      this.#freshness.set(alias, freshness);
    }
    return freshness;
  }
}

/** The template of all indices of the store. */
export function storeTemplate(prefix: string): TemplateDefinition {
  return {
    name: `${prefix}-store`,
    version: TEMPLATE_VERSION,
    patterns: [`${prefix}-*.v*`, `${prefix}-signals-*`],
    priority: TEMPLATE_PRIORITY,
    // A write that comes too late must not bring back an index that was replaced or has expired.
    autoCreate: false,
    settings: { number_of_shards: 1, refresh_interval: "1s" },
    mappings: { dynamic: false },
  };
}

/** @throws AppError HW_STORE_VERSION when a newer program made it */
function isOlder<D>(kind: Kind<D>, found: IndexTarget, alias: string): boolean {
  const age = layoutAge(kind, found.meta);
  if (age === "newer")
    throw new AppError("HW_STORE_VERSION", `${alias} was written by a newer version`, {
      place: `layout ${found.meta.layout}, revision ${found.meta.revision}`,
      mend: "start the newer version of Heidewacht",
    });
  return age === "older";
}

function gone(alias: string): AppError {
  return new AppError("HW_UNAVAILABLE", `${alias} was deleted while it was opened`);
}
