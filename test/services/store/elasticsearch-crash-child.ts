// Records numbered signals and audit entries in Elasticsearch until it is killed. Arguments: address, prefix,
// first number.
import { pino } from "pino";
import { openElasticsearchStore } from "../../../services/store/elasticsearch.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import { exampleFold, exampleSignal } from "../../contract/store-examples.ts";
import { connect } from "../../support/elasticsearch.ts";

const [node = "", prefix = "", first = "0"] = process.argv.slice(2);
const logger = pino({ level: "silent" });
const store = openElasticsearchStore({ elasticsearch: connect(prefix, node), logger });
for (let number = Number(first); ; number += 1) {
  const groups = new Map([["f1", [exampleSignal(`s${number}`)]]]);
  await store.recordSignals("a", FINDING_KIND, groups, exampleFold);
  const entry = { at: number, actor: "cli", action: "x", subject: `s${number}`, payload: {} };
  await store.appendAudit("a", entry);
  process.stdout.write(`${number}\n`);
}
