// Signals that come after closing, in the running stage over the real store: the finding goes back into the
// queue, its incident shows it and has work to do, and all of it stands in the audit.
import { expect, it } from "vitest";
import { CASE_MESSAGES } from "../../../services/cases/case-messages.ts";
import { declareIncident, refreshDetectedAt } from "../../../services/cases/incident-findings.ts";
import { close, reopen } from "../../../services/cases/incident-steps.ts";
import { missingForKpi } from "../../../services/cases/incident-work.ts";
import { type Desk, updateIncident } from "../../../services/cases/incident-write.ts";
import { RISK_DETECTOR } from "../../../services/store/finding.ts";
import type { Incident } from "../../../services/store/incident.ts";
import { FINDING_KIND, INCIDENT_KIND } from "../../../services/store/kinds.ts";
import type { Store } from "../../../services/store/store.ts";
import { newIncident } from "../cases/incident-fixture.ts";
import { NOON, runStage, stageSignal } from "./stage.ts";

const TENANT = "kreis";
const MINUTE_MS = 60_000;
const at = (minutes: number) => NOON + minutes * MINUTE_MS;
const deskAt = (store: Store, minutes: number): Desk => ({
  ...{ store, tenant: TENANT, by: { at: at(minutes), actor: "anna" } },
});

/** Closes the only finding as a true positive and an incident of it. */
async function closeAll(store: Store): Promise<void> {
  const page = await store.search(TENANT, FINDING_KIND, { sort: [], limit: 1 });
  const [hit] = page.hits;
  if (hit === undefined) throw new Error("no finding");
  const desk = deskAt(store, 2);
  const verdict = { verdict: "true_positive", at: at(2), by: "anna" } as const;
  const closed = { ...hit.document, status: "closed" as const, verdict };
  await store.put(TENANT, FINDING_KIND, hit.id, closed);
  const { id } = await declareIncident(desk, newIncident({ findingIds: [hit.id] }));
  await updateIncident(desk, id, "incident.close", (one) =>
    close(one, { verdict: "true_positive" }, deskAt(store, 3).by),
  );
}

async function incidentIn(store: Store): Promise<Incident> {
  const page = await store.search(TENANT, INCIDENT_KIND, { sort: [], limit: 10 });
  const [hit] = page.hits;
  if (hit === undefined || page.hits.length > 1) throw new Error("one incident was declared");
  return hit.document;
}

const lateWork = (incident: Incident) =>
  missingForKpi(incident, at(30), CASE_MESSAGES.de).filter(({ key }) => key === "late_signal");

it("shows a late signal in a closed incident until somebody has judged it or re-opened", async () => {
  const late = stageSignal("r", "fs01", "high", 10);
  let looked = 0;
  await runStage(
    [[stageSignal("r", "fs01", "high", 0)], [late], [stageSignal("q", "pc2", "low", 11)]],
    {
      options: { now: () => at(10) },
      between: async (store) => {
        looked += 1;
        if (looked === 1) return closeAll(store);
        const incident = await incidentIn(store);
        const [finding = ""] = incident.findingIds;
        expect(incident).toMatchObject({
          status: "closed",
          lateSignals: [{ finding, at: at(10), afterClosing: true }],
        });
        expect(lateWork(incident)).toMatchObject([{ kind: "quality", step: "reopen" }]);
        const entries = await store.readAudit(TENANT, 1, 100);
        const actions = entries
          .filter(({ actor }) => actor === "system")
          .map(({ action }) => action);
        expect(actions.filter((one) => /reopen|late/.test(one))).toEqual([
          "finding.reopen",
          "incident.late_signal",
        ]);
        const awaited = { terms: { awaited: [true] }, sort: [], limit: 10 };
        expect((await store.search(TENANT, INCIDENT_KIND, awaited)).hits).toHaveLength(1);
        expect(lateWork(reopen(incident, "neuer Treffer", deskAt(store, 12).by))).toEqual([]);
      },
      after: async (store) => {
        // Later batches note it no second time.
        const incident = await incidentIn(store);
        expect(incident.lateSignals).toHaveLength(1);
        const [id = ""] = incident.findingIds;
        const found = (await store.get(TENANT, FINDING_KIND, id))?.document;
        if (found === undefined) throw new Error("the finding is gone");
        const verdict = { verdict: "false_positive", at: at(20), by: "anna" } as const;
        await store.put(TENANT, FINDING_KIND, id, { ...found, status: "closed", verdict });
        await refreshDetectedAt(store, TENANT, incident.id, at(20));
        const judged = await incidentIn(store);
        expect(judged.lateSignals).toMatchObject([{ judgedAt: at(20) }]);
        expect(lateWork(judged)).toEqual([]);
      },
    },
  );
  expect(looked).toBe(2);
});

it("writes an entry where new parts re-open a finding about risk", async () => {
  const weak = ["a", "b", "c", "d"].map((rule) =>
    stageSignal(rule, "pc-1", "medium", 0, {
      detector: { ...stageSignal(rule, "pc-1", "medium", 0).detector, tactics: [rule] },
    }),
  );
  let closedId = "";
  await runStage([weak.slice(0, 3), weak.slice(3)], {
    options: { riskThreshold: 20, now: () => at(10) },
    between: async (store) => {
      const terms = { detector: [RISK_DETECTOR] };
      const [hit] = (await store.search(TENANT, FINDING_KIND, { terms, sort: [], limit: 1 })).hits;
      if (hit === undefined) throw new Error("no finding about risk");
      closedId = hit.id;
      const verdict = { verdict: "benign_true_positive", at: at(2), by: "anna" } as const;
      await store.put(TENANT, FINDING_KIND, hit.id, { ...hit.document, status: "closed", verdict });
    },
    after: async (store) => {
      expect((await store.get(TENANT, FINDING_KIND, closedId))?.document.status).toBe("new");
      const entries = await store.readAudit(TENANT, 1, 100);
      const reopened = entries.filter(({ action }) => action === "finding.reopen");
      expect(reopened).toMatchObject([{ subject: closedId, actor: "system" }]);
      expect(reopened[0]?.payload).toMatchObject({
        ...{ before: { status: "closed", verdict: { by: "anna" } }, after: { status: "new" } },
      });
    },
  });
});
