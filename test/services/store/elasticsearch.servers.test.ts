// The store in Elasticsearch keeps the contract of every store, unchanged, on a real server.
import { pino } from "pino";
import { openElasticsearchStore } from "../../../services/store/elasticsearch.ts";
import { describeStoreContract } from "../../contract/store.ts";
import { cleanUp, connect } from "../../support/elasticsearch.ts";

const logger = pino({ level: "silent" });

describeStoreContract("the store in Elasticsearch", async () => {
  const elasticsearch = connect();
  const store = openElasticsearchStore({ elasticsearch, logger });
  return {
    store,
    reopen: async () => openElasticsearchStore({ elasticsearch, logger }),
    dispose: async () => {
      await store.close();
      await elasticsearch.client.close();
      await cleanUp(elasticsearch.prefix);
    },
  };
});
