// The archive in Elasticsearch: per tenant one index for each data class and day. Several processes write and
// read the same one.
import type { Logger } from "pino";
import { AppError } from "../../config/errors.ts";
import { checkTenantName } from "../../config/tenant-name.ts";
import type { Elasticsearch } from "../elasticsearch/connection.ts";
import { Retry } from "../elasticsearch/retry.ts";
import type { Archive } from "./archive.ts";
import { EventWriter, type RefusedEvent } from "./elasticsearch-append.ts";
import { EventIndices, type Reached } from "./elasticsearch-indices.ts";
import { EventPlaces } from "./elasticsearch-places.ts";
import { EventReader } from "./elasticsearch-read.ts";
import { Freshness } from "./elasticsearch-refresh.ts";
import { deleteExpired, storedBytes } from "./elasticsearch-retention.ts";

export interface ElasticsearchArchiveOptions {
  readonly elasticsearch: Elasticsearch;
  readonly logger: Logger;
  /** Given the events that Elasticsearch refuses for what is in them; without it they are only logged. */
  readonly deadLetter?: RefusedEvent;
  /** Milliseconds since 1970 UTC; for tests. */
  readonly now?: () => number;
}

interface TenantParts {
  readonly reached: Reached;
  readonly indices: EventIndices;
  readonly places: EventPlaces;
  readonly reader: EventReader;
  readonly freshness: Freshness;
}

/**
 * Opens the archive; the first event of a tenant makes its first index. Methods wait for an Elasticsearch
 * that is away and then throw HW_UNAVAILABLE.
 */
export function openElasticsearchArchive(options: ElasticsearchArchiveOptions): Archive {
  const { elasticsearch, logger, deadLetter, now = Date.now } = options;
  const retry = new Retry({ logger });
  const reached = { elasticsearch, retry, logger };
  const indices = new EventIndices(reached);
  const writer = new EventWriter(reached, indices, now, deadLetter);
  const tenants = new Map<string, TenantParts>();
  let closed = false;
  const of = (tenant: string): TenantParts => {
    checkTenantName(tenant);
    if (closed) throw new AppError("HW_CLOSED", "the archive is closed");
    const known = tenants.get(tenant);
    if (known !== undefined) return known;
    const places = new EventPlaces(elasticsearch, tenant);
    const reader = new EventReader(reached, indices, tenant, places);
    const freshness = new Freshness(reached, places);
    const parts = { reached, indices, places, reader, freshness };
    tenants.set(tenant, parts);
    return parts;
  };
  return {
    async append(tenant, _position, events) {
      const { places, freshness } = of(tenant);
      // Ids alone tell what is there already: they hold across streams and processes.
      const plain = events.map(({ event }) => event);
      await writer.write(tenant, places, freshness, plain);
    },
    get: async (tenant, id, time) => of(tenant).reader.get(id, time),
    async search(tenant, query, signal) {
      const { reader, freshness } = of(tenant);
      signal?.throwIfAborted();
      await freshness.refresh();
      return reader.page(query, signal);
    },
    async *scan(tenant, range, signal) {
      const { reader, freshness } = of(tenant);
      signal.throwIfAborted();
      await freshness.refresh();
      yield* reader.scan(range, signal);
    },
    async statistics(tenant) {
      const parts = of(tenant);
      await parts.freshness.refresh();
      const [counted, sizes] = await Promise.all([parts.reader.statistics(), storedBytes(parts)]);
      const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
      return { ...counted, bytes };
    },
    async retain(tenant, at, rules) {
      const parts = of(tenant);
      // Also what other processes wrote right now counts for how old an index is.
      parts.freshness.written(parts.places.alias);
      await parts.freshness.refresh();
      return { eventsDeleted: await deleteExpired(parts, at, rules) };
    },
    async close() {
      if (closed) return;
      closed = true;
      // The client is the one of whoever opened it: the store uses it too.
      retry.close();
    },
  };
}
