// Runs a measurement on an embedded store of its own and, where HEIDEWACHT_TEST_ELASTICSEARCH names a server,
// on one in Elasticsearch; both are gone afterwards.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { openElasticsearchStore } from "../../services/store/elasticsearch.ts";
import { openEmbeddedStore } from "../../services/store/embedded.ts";
import type { Store } from "../../services/store/store.ts";
import { cleanUp, connect } from "../support/elasticsearch.ts";

export type StoreName = "embedded" | "elasticsearch";

/** @param measure gets a store that is empty */
export async function onBothStores(
  measure: (name: StoreName, store: Store) => Promise<void>,
): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "hw-bench-"));
  const embedded = openEmbeddedStore({ dataDir });
  await measure("embedded", embedded);
  await embedded.close();
  rmSync(dataDir, { recursive: true });

  const node = process.env.HEIDEWACHT_TEST_ELASTICSEARCH;
  if (node === undefined) return;
  process.env.TEST_ELASTICSEARCH = node;
  const elasticsearch = connect();
  const store = openElasticsearchStore({ elasticsearch, logger: pino({ level: "silent" }) });
  try {
    await measure("elasticsearch", store);
  } finally {
    await store.close();
    await elasticsearch.client.close();
    await cleanUp(elasticsearch.prefix);
  }
}
