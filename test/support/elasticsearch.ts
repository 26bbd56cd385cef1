// A connection to the test's Elasticsearch under a prefix of its own, and the removal of all that is under it.
import { Client } from "@elastic/elasticsearch";
import type { Elasticsearch } from "../../services/elasticsearch/connection.ts";
import { ELASTIC_USER, elasticsearchUrl, ownPrefix } from "../servers/addresses.ts";

/** @param node another address, as that of a proxy */
export function connect(prefix = ownPrefix(), node = elasticsearchUrl()): Elasticsearch {
  const client = new Client({ node, auth: ELASTIC_USER, maxRetries: 0, requestTimeout: 30_000 });
  return { client, prefix, replicas: 0, eventShards: 1 };
}

/** Deletes all indices and templates with this prefix. */
export async function cleanUp(prefix: string): Promise<void> {
  const { client } = connect(prefix);
  const indices = Object.keys(await client.indices.getSettings({ index: `${prefix}-*` }));
  if (indices.length > 0) await client.indices.delete({ index: indices });
  await client.indices.deleteIndexTemplate({ name: `${prefix}-*` }, { ignore: [404] });
  await client.cluster.deleteComponentTemplate({ name: `${prefix}-*` }, { ignore: [404] });
  await client.close();
}
