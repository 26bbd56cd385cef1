// Changes documents together with their audit entries in Elasticsearch until it is killed. Arguments:
// address, prefix.
import { pino } from "pino";
import { openElasticsearchStore } from "../../../services/store/elasticsearch.ts";
import type { Versioned } from "../../../services/store/store.ts";
import { noted } from "../../contract/store-audit.ts";
import { NOTE_KIND, type Note, note } from "../../contract/store-examples.ts";
import { connect } from "../../support/elasticsearch.ts";

const [node = "", prefix = ""] = process.argv.slice(2);
const logger = pino({ level: "silent" });
const store = openElasticsearchStore({ elasticsearch: connect(prefix, node), logger });
const ids = Array.from({ length: 20 }, (_, at) => `n${at}`);
const next = ({ id, document, version }: Versioned<Note>) => ({
  document: { ...document, points: version + 1 },
  audit: noted(id, version + 1),
});
for (const id of ids)
  if ((await store.get("a", NOTE_KIND, id)) === undefined)
    await store.create("a", NOTE_KIND, id, note(id, { points: 1 }), noted(id, 1));
for (let round = 0; ; round += 1) {
  await store.reviseAll("a", NOTE_KIND, ids, next);
  const present = await store.get("a", NOTE_KIND, "n0");
  if (present === undefined) throw new Error("gone");
  const { document, audit } = next(present);
  await store.replace("a", NOTE_KIND, "n0", document, present.version, audit);
  process.stdout.write(`${round}\n`);
}
