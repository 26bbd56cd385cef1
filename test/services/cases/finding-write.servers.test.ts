// Two processes that edit the same few findings on a real Elasticsearch: no accepted edit is lost.
import { pino } from "pino";
import { expect, it, onTestFinished } from "vitest";
import { isAppError } from "../../../config/errors.ts";
import { changeTags, judge, setStatus, watch } from "../../../services/cases/finding-changes.ts";
import { changeFinding } from "../../../services/cases/finding-write.ts";
import { openElasticsearchStore } from "../../../services/store/elasticsearch.ts";
import type { Finding } from "../../../services/store/finding.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import { cleanUp, connect } from "../../support/elasticsearch.ts";
import { foldEntries, randomOf } from "../api/concurrent-edits.ts";
import { addFindings, findingOf, HOME } from "../api/fixture.ts";

const EDITS = 400;
const WRITERS = 4;

it("loses no edit of two processes", async () => {
  const seed = Date.now() % 1_000_000;
  const elasticsearch = connect();
  const logger = pino({ level: "silent" });
  const stores = [0, 1].map(() => openElasticsearchStore({ elasticsearch, logger }));
  onTestFinished(async () => {
    for (const store of stores) await store.close();
    await elasticsearch.client.close();
    await cleanUp(elasticsearch.prefix);
  });
  const [store] = stores;
  if (store === undefined) throw new Error("no store");
  const findings = ["a", "b"].map((id) => findingOf(id));
  await addFindings(store, findings);
  const edit = async (writer: number): Promise<number> => {
    const random = randomOf(seed + writer);
    const own = stores[writer % stores.length] ?? store;
    const by = { at: 1, actor: `analyst-${writer}` };
    const changes: ((finding: Finding) => Finding)[] = [
      (finding) => judge(finding, { verdict: "true_positive" }, by),
      (finding) => setStatus(finding, random() < 0.5 ? "new" : "in_progress", { at: 5 }),
      (finding) => changeTags(finding, { add: [`t${Math.floor(random() * 9)}`], remove: [] }),
      (finding) => watch(finding, by.actor, random() < 0.5),
    ];
    let accepted = 0;
    for (let count = 0; count < EDITS / WRITERS; count += 1) {
      const id = random() < 0.5 ? "a" : "b";
      const version = (await own.get(HOME, FINDING_KIND, id))?.version ?? 0;
      const next = changes[Math.floor(random() * changes.length)];
      if (next === undefined) throw new Error("nothing to do");
      const asked = { tenant: HOME, id, version, by, action: "finding.edit", next };
      try {
        await changeFinding(own, asked);
        accepted += 1;
      } catch (error) {
        if (!isAppError(error, "HW_CONFLICT")) throw error;
      }
    }
    return accepted;
  };
  const accepted = await Promise.all(Array.from({ length: WRITERS }, (_, at) => edit(at)));
  const first = new Map(findings.map((one) => [one.id, one]));
  const sum = accepted.reduce((all, one) => all + one, 0);
  expect([seed, await foldEntries(store, HOME, first)]).toEqual([seed, sum]);
  expect(sum).toBeGreaterThan(EDITS / 20);
});
