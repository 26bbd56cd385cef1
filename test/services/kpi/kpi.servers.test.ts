// The stage on Elasticsearch gives the same figures; a change made through another connection counts too.
import { pino } from "pino";
import { describe, expect, it, onTestFinished } from "vitest";
import { openElasticsearchStore } from "../../../services/store/elasticsearch.ts";
import { INCIDENT_KIND } from "../../../services/store/kinds.ts";
import { ownPrefix } from "../../servers/addresses.ts";
import { cleanUp, connect } from "../../support/elasticsearch.ts";
import { TENANT } from "./incidents.ts";
import { describeStage, solved, startStage, untilStored } from "./stage.ts";

const logger = pino({ level: "silent" });

async function openStore(prefix = ownPrefix()) {
  const elasticsearch = connect(prefix);
  const store = openElasticsearchStore({ elasticsearch, logger });
  onTestFinished(async () => {
    await store.close();
    await elasticsearch.client.close();
    await cleanUp(prefix);
  });
  return store;
}

describe("the stage on Elasticsearch", () => {
  describeStage(() => openStore());

  it("hears of changes that another process has made", async () => {
    const prefix = ownPrefix();
    const [here, there] = [await openStore(prefix), await openStore(prefix)];
    await there.put(TENANT, INCIDENT_KIND, "i1", solved("i1"));
    startStage(here);
    await untilStored(here, ({ figures }) => expect(figures.recovery.n).toBe(1));
    await there.put(TENANT, INCIDENT_KIND, "i2", solved("i2"));
    await untilStored(here, ({ figures }) => expect(figures.recovery.n).toBe(2));
  });
});
