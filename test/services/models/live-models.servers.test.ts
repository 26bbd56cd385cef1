// Live models over Elasticsearch, where other processes promote.
import { pino } from "pino";
import { openElasticsearchStore } from "../../../services/store/elasticsearch.ts";
import { describeModelInput } from "../../contract/model-input.ts";
import { describeModelStore } from "../../contract/models.ts";
import { cleanUp, connect } from "../../support/elasticsearch.ts";

async function open() {
  const elasticsearch = connect();
  const store = openElasticsearchStore({ elasticsearch, logger: pino({ level: "silent" }) });
  return {
    store,
    dispose: async () => {
      await store.close();
      await elasticsearch.client.close();
      await cleanUp(elasticsearch.prefix);
    },
  };
}

describeModelStore("models in Elasticsearch", open);
describeModelInput("what models in Elasticsearch learn from", open);
