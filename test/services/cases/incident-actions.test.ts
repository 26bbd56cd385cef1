// Corrective actions, tasks, evidence and reports of an incident: what they keep, and what is refused.
import { describe, expect, it } from "vitest";
import {
  addAction,
  addPlaybookTasks,
  addTask,
  cancelAction,
  completeAction,
  finishTask,
  reopenTask,
} from "../../../services/cases/incident-actions.ts";
import { addEvidence, handOver } from "../../../services/cases/incident-evidence.ts";
import { close } from "../../../services/cases/incident-steps.ts";
import { recordNotification } from "../../../services/cases/notifications.ts";
import type { Incident } from "../../../services/store/incident.ts";
import { findingOf } from "../api/fixture.ts";
import { HOUR, incidentOf, later, NOW, refusalOf } from "./incident-fixture.ts";

const BY = later(10 * HOUR);

describe("corrective actions", () => {
  const two = () => {
    const one = addAction(incidentOf(), { title: "A", isRequired: true, dueAt: NOW }, BY);
    return addAction(one, { title: "B", isRequired: true }, BY);
  };
  const ids = (incident: Incident) => incident.actions.map(({ id }) => id);

  it("have no end while a required one is open, then that of the last one", () => {
    const incident = two();
    const [a = "", b = ""] = ids(incident);
    const half = completeAction(incident, b, NOW + 3 * HOUR, BY);
    expect(half.correctiveCompletedAt).toBeUndefined();
    expect(completeAction(half, a, NOW + HOUR, BY).correctiveCompletedAt).toBe(NOW + 3 * HOUR);
  });

  it("end when the open one is cancelled, and begin again when one is added", () => {
    const incident = two();
    const [a = "", b = ""] = ids(incident);
    const done = cancelAction(completeAction(incident, b, NOW + HOUR, BY), a, BY);
    expect(done.correctiveCompletedAt).toBe(NOW + HOUR);
    const more = addAction(done, { title: "C", isRequired: true }, BY);
    expect(more.correctiveCompletedAt).toBeUndefined();
    const optional = addAction(done, { title: "D", isRequired: false }, BY);
    expect(optional.correctiveCompletedAt).toBe(NOW + HOUR);
  });

  it("have no end when all are cancelled or none was required", () => {
    const incident = two();
    const cancelled = ids(incident).reduce((one, id) => cancelAction(one, id, BY), incident);
    expect(cancelled.correctiveCompletedAt).toBeUndefined();
  });

  it.each<[string, (one: Incident) => Incident, string]>([
    [
      "completed before the identification",
      (one) => completeAction(one, ids(one)[0] ?? "", NOW - 1, BY),
      "HW_REQUEST_INVALID body/completedAt: Die Korrekturmaßnahme wäre vor der Identifizierung abgeschlossen.",
    ],
    [
      "completed in the future",
      (one) => completeAction(one, ids(one)[0] ?? "", BY.at + 1, BY),
      "HW_REQUEST_INVALID body/completedAt: Diese Zeit liegt in der Zukunft.",
    ],
    [
      "that do not exist",
      (one) => cancelAction(one, "x", BY),
      "HW_REQUEST_INVALID body/action: Diesen Eintrag gibt es im Vorfall nicht.",
    ],
    [
      "done twice",
      (one) => {
        const id = ids(one)[0] ?? "";
        return cancelAction(completeAction(one, id, NOW, BY), id, BY);
      },
      "HW_REQUEST_INVALID body: Das ist schon erledigt oder verworfen.",
    ],
  ])("are not taken when %s", (_name, step, refusal) => {
    expect(refusalOf(() => step(two()))).toBe(refusal);
  });
});

describe("tasks", () => {
  it("come from the playbooks of the rules, each step once, and are done by people", () => {
    const findings = [findingOf("a"), findingOf("b")];
    const first = addPlaybookTasks(incidentOf(), findings, BY);
    expect(first.tasks).toMatchObject([
      { title: "Rechner vom Netz nehmen", origin: "playbook", rule: findings[0]?.detector.id },
    ]);
    expect(addPlaybookTasks(first, findings, BY).tasks).toEqual(first.tasks);
    const more = addTask(first, { title: "Presse", dueAt: NOW }, BY);
    const id = more.tasks[0]?.id ?? "";
    const done = finishTask(more, id, later(HOUR, "bert"));
    expect(done.tasks[0]).toMatchObject({ doneAt: NOW + HOUR, doneBy: "bert" });
    expect(refusalOf(() => finishTask(done, id, BY))).toContain("schon erledigt");
    expect(reopenTask(done, id, BY).tasks).toEqual(more.tasks);
  });
});

describe("evidence", () => {
  it("keeps everybody who had it, in order; entries are only added", () => {
    const given = {
      ...({ kind: "file", reference: "fs01.dd", description: "Abbild" } as const),
      ...{ sha256: "AB".repeat(32), collectedAt: NOW - HOUR },
    };
    const one = addEvidence(incidentOf(), given, BY);
    const id = one.evidence[0]?.id ?? "";
    const entry = { action: "Übergabe", comment: "an die Kriminaltechnik" };
    const two = handOver(
      close(one, { verdict: "true_positive" }, BY),
      id,
      entry,
      later(11 * HOUR, "bert"),
    );
    expect(two.evidence[0]).toMatchObject({ sha256: "ab".repeat(32), collectedBy: "anna" });
    expect(two.evidence[0]?.custody).toEqual([
      { at: NOW - HOUR, actor: "anna", action: "collected", comment: "" },
      { at: NOW + 11 * HOUR, actor: "bert", ...entry },
    ]);
    expect(refusalOf(() => handOver(two, "x", entry, BY))).toContain("body/evidence");
  });
});

describe("a report to an authority", () => {
  const sent = {
    ...({ clock: "gdpr_art33", outcome: "sent", sentAt: NOW + HOUR } as const),
    authority: "LfD Niedersachsen",
  };

  it("is written down with who sent it, also after closing", () => {
    const closed = close(incidentOf(), { verdict: "true_positive" }, BY);
    expect(recordNotification(closed, sent, BY).notifications).toMatchObject([
      { ...sent, by: "anna", recordedAt: BY.at },
    ]);
  });

  it.each([
    ["before the identification", { sentAt: NOW - 1 }, "body/sentAt"],
    ["in the future", { sentAt: BY.at + 1 }, "body/sentAt"],
    ["as not required without a reason", { outcome: "not_required" as const }, "body/comment"],
  ])("is not taken %s", (_name, changes, place) => {
    const refusal = refusalOf(() => recordNotification(incidentOf(), { ...sent, ...changes }, BY));
    expect(refusal).toContain(place);
  });
});
