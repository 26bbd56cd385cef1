// Moves the documents of a kind into a new index when what is indexed of them has changed: the old one is
// closed for writing (writers wait), copied, and replaced behind its alias in one step. Reading goes on all
// the time. Any number of processes may try at once; one of them does it.
import { setTimeout as delay } from "node:timers/promises";
import type { Client, estypes } from "@elastic/elasticsearch";
import type { BulkWriter } from "../elasticsearch/bulk.ts";
import {
  createIndex,
  deleteUnlessLive,
  findIndex,
  type IndexTarget,
  listIndices,
  switchAlias,
} from "../elasticsearch/indices.ts";
import { mappingOf, type StoredDocument, storedDocument } from "./elasticsearch-document.ts";
import { concreteIndex, numberOfIndex } from "./elasticsearch-names.ts";
import type { Kind } from "./store.ts";

const DOCUMENTS_PER_PAGE = 500;
const POINT_IN_TIME = "2m";
const LOOK_AGAIN_MS = 200;
const GIVEN_UP_MS = 30_000;

export interface Migration<D> {
  readonly client: Client;
  readonly bulk: BulkWriter;
  readonly alias: string;
  readonly kind: Kind<D>;
  readonly settings: estypes.IndicesIndexSettings;
  /** A copy that somebody else makes counts as given up when it has not grown for this long; 30 s. */
  readonly givenUpMs?: number;
}

/**
 * Gives the alias an index of the present layout in place of `old`. Returns as soon as `old` is not the one
 * behind the alias any more, whoever did it.
 */
export async function migrateKind<D>(migration: Migration<D>, old: IndexTarget): Promise<void> {
  const { client, alias, givenUpMs = GIVEN_UP_MS } = migration;
  let seen = { index: "", documents: -1, since: performance.now() };
  for (;;) {
    const live = await findIndex(client, alias);
    if (live?.index !== old.index) return;
    const others = await unfinished(migration, old.index);
    const latest = others.at(-1);
    if (latest !== undefined) {
      const documents = await countNow(client, latest);
      const now = performance.now();
      if (latest !== seen.index || documents !== seen.documents)
        seen = { index: latest, documents, since: now };
      if (now - seen.since < givenUpMs) {
        await delay(LOOK_AGAIN_MS);
        continue;
      }
    }
    const number = numberOfIndex(alias, latest ?? old.index) ?? 0;
    const index = concreteIndex(alias, number + 1);
    const { kind, settings } = migration;
    if (!(await createIndex(client, { index, settings, mappings: mappingOf(kind) }))) continue;
    // Only now: whoever comes next has to see that somebody is at it.
    for (const other of others)
      await deleteUnlessLive(client, { alias, live: old.index, index: other });
    await copyAndSwitch(migration, old.index, index);
  }
}

/** Copies that somebody has begun, in the order of their numbers. */
async function unfinished<D>({ client, alias }: Migration<D>, live: string): Promise<string[]> {
  const names = await listIndices(client, `${alias}.v*`);
  return names
    .filter((name) => name !== live && numberOfIndex(alias, name) !== undefined)
    .sort((x, y) => (numberOfIndex(alias, x) ?? 0) - (numberOfIndex(alias, y) ?? 0));
}

async function countNow(client: Client, index: string): Promise<number> {
  const { count } = await client.count({ index, ignore_unavailable: true, allow_no_indices: true });
  return count;
}

async function copyAndSwitch<D>(migration: Migration<D>, from: string, to: string): Promise<void> {
  const { client, alias } = migration;
  let fault: unknown;
  try {
    await client.indices.addBlock({ index: from, block: "write" });
    await client.indices.refresh({ index: from });
    await copyDocuments(migration, from, to);
    await client.indices.refresh({ index: to });
    if (await switchAlias(client, { alias, from, to })) return;
  } catch (error) {
    fault = error;
  }
  // The old one stays closed for writing: somebody else may be copying it by now.
  const live = await findIndex(client, alias);
  const isOurs = (await findIndex(client, to)) !== undefined;
  if (live !== undefined && live.index !== to)
    await deleteUnlessLive(client, { alias, live: live.index, index: to });
  // Where somebody else took over, the next look tells how far it is.
  if (isOurs && live?.index === from && fault !== undefined) throw fault;
}

async function copyDocuments<D>(migration: Migration<D>, from: string, to: string): Promise<void> {
  const { client } = migration;
  const opened = await client.openPointInTime({ index: from, keep_alive: POINT_IN_TIME });
  let id = opened.id;
  let after: estypes.SortResults | undefined;
  try {
    for (;;) {
      const page = await client.search<StoredDocument>({
        pit: { id, keep_alive: POINT_IN_TIME },
        size: DOCUMENTS_PER_PAGE,
        sort: ["_shard_doc"],
        track_total_hits: false,
        allow_partial_search_results: false,
        ...(after === undefined ? {} : { search_after: after }),
      });
      id = page.pit_id ?? id;
      const { hits } = page.hits;
      if (hits.length === 0) return;
      await writeCopies(migration, to, hits);
      after = hits.at(-1)?.sort;
    }
  } finally {
    await client.closePointInTime({ id }).catch(() => undefined);
  }
}

async function writeCopies<D>(
  { bulk, kind }: Migration<D>,
  index: string,
  hits: readonly estypes.SearchHit<StoredDocument>[],
): Promise<void> {
  const results = await bulk.write(
    hits.flatMap(({ _id, _source }) => {
      if (_id === undefined || _source === undefined) return [];
      const source = JSON.stringify(storedDocument(kind, _source.json, _source));
      return [{ action: "create" as const, index, id: _id, source }];
    }),
  );
  const failed = results.find((one) => !one.ok && one.status !== 409);
  if (failed !== undefined && !failed.ok)
    throw new Error(`copying to ${index}: ${failed.type}: ${failed.reason}`);
}
