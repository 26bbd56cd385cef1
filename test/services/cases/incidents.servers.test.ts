// Incidents on Elasticsearch: the steps that take several documents, two writers at the same time, and the
// lists, as on the embedded store.
import { pino } from "pino";
import { expect, it, onTestFinished } from "vitest";
import { isAppError } from "../../../config/errors.ts";
import { checkLegalClocks } from "../../../services/cases/check-legal-clocks.ts";
import { addComment, listComments } from "../../../services/cases/comments.ts";
import { addTask } from "../../../services/cases/incident-actions.ts";
import { declareIncident, refreshDetectedAt } from "../../../services/cases/incident-findings.ts";
import { mergeIncidents, unmergeIncident } from "../../../services/cases/incident-merge.ts";
import { close } from "../../../services/cases/incident-steps.ts";
import {
  changeIncident,
  type Desk,
  updateIncident,
} from "../../../services/cases/incident-write.ts";
import { noteLateSignals } from "../../../services/cases/late-signals.ts";
import { openElasticsearchStore } from "../../../services/store/elasticsearch.ts";
import type { Incident } from "../../../services/store/incident.ts";
import { FINDING_KIND, INCIDENT_KIND } from "../../../services/store/kinds.ts";
import { cleanUp, connect } from "../../support/elasticsearch.ts";
import { HOME } from "../api/fixture.ts";
import { HOUR, later, NOW, newIncident, raised } from "./incident-fixture.ts";

async function openDesk() {
  const elasticsearch = connect();
  const store = openElasticsearchStore({ elasticsearch, logger: pino({ level: "silent" }) });
  onTestFinished(async () => {
    await store.close();
    await elasticsearch.client.close();
    await cleanUp(elasticsearch.prefix);
  });
  const findings = [raised("f0", -3 * HOUR), raised("f1", -2 * HOUR, -HOUR)];
  for (const finding of findings) await store.create(HOME, FINDING_KIND, finding.id, finding);
  const desk = (ms = 0, actor = "anna"): Desk => ({ store, tenant: HOME, by: later(ms, actor) });
  return { store, desk };
}

it("merges, takes out again, warns and lists", async () => {
  const { store, desk } = await openDesk();
  const first = await declareIncident(desk(), newIncident({ findingIds: ["f0"] }));
  const second = await declareIncident(desk(1), newIncident({ findingIds: ["f1"] }));
  const merged = await mergeIncidents(desk(2), first.id, first.version, second.id);
  expect(merged.document).toMatchObject({ findingIds: ["f0", "f1"], detectedAt: NOW - 2 * HOUR });
  expect((await store.get(HOME, FINDING_KIND, "f1"))?.document.incident).toBe(first.id);
  const apart = await unmergeIncident(desk(3), first.id, merged.version, second.id);
  expect({ ...apart.document, changedAt: 0 }).toEqual({ ...first.document, changedAt: 0 });
  await refreshDetectedAt(store, HOME, second.id, NOW + 4);

  const profile = { clocks: ["gdpr_art33"] as const, ndigHours: undefined, timeZone: "UTC" };
  const given = [];
  for (const hours of [40, 40, 80]) {
    given.push(await checkLegalClocks(store, [HOME], () => profile, NOW + hours * HOUR));
  }
  expect(given.map((round) => round.length)).toEqual([2, 0, 4]);

  const subject = { subjectKind: "incident", subjectId: first.id } as const;
  await addComment(desk(5), subject, "eins");
  await addComment(desk(6), subject, "zwei");
  const { hits } = await listComments(desk(), subject, { limit: 10 });
  expect(hits.map(({ document }) => document.text)).toEqual(["eins", "zwei"]);
  expect(await store.verifyAudit(HOME)).toBeUndefined();
});

it("loses no change of two writers, and audits each that was taken", async () => {
  const { store, desk } = await openDesk();
  const { id } = await declareIncident(desk(), newIncident());
  const writer = async (actor: string) => {
    for (let round = 0; round < 15; round += 1) {
      const present = await store.get(HOME, INCIDENT_KIND, id);
      await changeIncident(desk(round, actor), id, present?.version ?? 0, "incident.task", (one) =>
        addTask(one, { title: `${actor} ${round}` }, later(round, actor)),
      ).catch((error: unknown) => {
        if (!isAppError(error, "HW_CONFLICT")) throw error;
      });
    }
  };
  await Promise.all(["anna", "bert"].map(writer));
  const tasks = (await store.get(HOME, INCIDENT_KIND, id))?.document.tasks ?? [];
  const entries = await store.readAudit(HOME, 1, 1000);
  const audited = entries.filter(({ action }) => action === "incident.task");
  const titles = audited.map(({ payload }) => JSON.stringify(payload?.after));
  expect(titles).toEqual(tasks.map((task) => JSON.stringify({ tasks: [task] })));
  expect(tasks.length).toBeGreaterThan(0);
});

it("notes a late signal once, and lists what is left to do after closing", async () => {
  const { store, desk } = await openDesk();
  const { id } = await declareIncident(desk(), newIncident({ findingIds: ["f0"] }));
  const other = await declareIncident(desk(), newIncident());
  for (const one of [id, other.id]) {
    const step = (incident: Incident) => close(incident, { verdict: "true_positive" }, later(1));
    await updateIncident(desk(1), one, "incident.close", step);
  }
  const awaited = async () => {
    const query = { terms: { awaited: [true] }, sort: [], limit: 10 };
    return (await store.search(HOME, INCIDENT_KIND, query)).hits.map((hit) => hit.id);
  };
  expect(await awaited()).toEqual([]);
  const reopened = { id: "f0", incident: id, lateSignalAt: NOW + 2 };
  for (let round = 0; round < 2; round += 1) {
    await noteLateSignals(store, HOME, [reopened], NOW + 3);
  }
  expect(await awaited()).toEqual([id]);
  const entries = await store.readAudit(HOME, 1, 1000);
  const noted = entries.filter(({ action }) => action === "incident.late_signal");
  expect(noted.map(({ subject }) => subject)).toEqual([id]);
});
