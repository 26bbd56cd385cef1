// Archives of one test in the real Elasticsearch, under names of their own, and what they leave deleted.
import { Client } from "@elastic/elasticsearch";
import { pino } from "pino";
import type { Archive } from "../../../services/archive/archive.ts";
import {
  type ElasticsearchArchiveOptions,
  openElasticsearchArchive,
} from "../../../services/archive/elasticsearch.ts";
import type { Elasticsearch } from "../../../services/elasticsearch/connection.ts";
import { listIndices } from "../../../services/elasticsearch/indices.ts";
import { ELASTIC_USER, elasticsearchUrl, ownPrefix } from "../../servers/addresses.ts";

type Options = Partial<ElasticsearchArchiveOptions> & { readonly node?: string };

export function openTestArchives() {
  const prefix = ownPrefix();
  const opened: { archive: Archive; client: Client }[] = [];
  const connect = (node: string): Elasticsearch => ({
    client: new Client({ node, auth: ELASTIC_USER, maxRetries: 0 }),
    prefix,
    replicas: 0,
    eventShards: 1,
  });
  const admin = connect(elasticsearchUrl()).client;
  return {
    prefix,
    admin,
    open({ node = elasticsearchUrl(), ...more }: Options = {}): Archive {
      const elasticsearch = connect(node);
      const logger = pino({ level: "silent" });
      const archive = openElasticsearchArchive({ elasticsearch, logger, ...more });
      opened.push({ archive, client: elasticsearch.client });
      return archive;
    },
    async destroy(): Promise<void> {
      for (const { archive, client } of opened) {
        await archive.close();
        await client.close();
      }
      const indices = await listIndices(admin, `${prefix}-*`);
      // Some at a time: the names stand in the address.
      for (let from = 0; from < indices.length; from += 50)
        await admin.indices.delete({ index: indices.slice(from, from + 50) });
      await admin.indices.deleteIndexTemplate({ name: `${prefix}-events` }, { ignore: [404] });
      await admin.cluster.deleteComponentTemplate(
        { name: `${prefix}-events-base` },
        { ignore: [404] },
      );
      await admin.close();
    },
  };
}
