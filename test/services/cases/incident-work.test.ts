// What is missing for a KPI, as work to do.
import { describe, expect, it } from "vitest";
import { CASE_MESSAGES } from "../../../services/cases/case-messages.ts";
import { missingForKpi } from "../../../services/cases/incident-work.ts";
import type { Incident } from "../../../services/store/incident.ts";
import { HOUR, incidentOf, NO_IMPACT, NOW } from "./incident-fixture.ts";

const at = (ms: number) => ({ at: NOW + ms, method: "evidence" as const, evidenceIds: ["e"] });
const COMPLETE: Partial<Incident> = {
  detectedAt: NOW - HOUR,
  firstCompromise: at(-2 * HOUR),
  contained: at(HOUR),
  recovered: at(2 * HOUR),
  impact: NO_IMPACT,
};
const action = (changes: Partial<Incident["actions"][number]>) => ({
  ...{ id: "a", title: "Patch", required: true, createdAt: NOW },
  ...changes,
});
const reopened = [{ at: NOW + HOUR, by: "anna", reason: "x" }];

describe("what is missing for a KPI", () => {
  it.each<[string, Partial<Incident>, string[]]>([
    ["nothing of a complete incident", {}, []],
    ["the verdict", { verdict: "undetermined" }, ["missing verdict"]],
    [
      "the compromise, where nobody said",
      { firstCompromise: { method: "unknown", evidenceIds: [] } },
      ["missing compromise"],
    ],
    [
      "no compromise, where there was none",
      { firstCompromise: { method: "pre_compromise", evidenceIds: [] } },
      [],
    ],
    [
      "times that nobody knows",
      { contained: { method: "unknown", evidenceIds: [] } },
      ["missing contained"],
    ],
    ["an impact", { impact: { ...NO_IMPACT, integrity: "unknown" } }, ["missing impact"]],
    ["an action that is open", { actions: [action({})] }, ["missing action_open"]],
    ["an action that is late", { actions: [action({ dueAt: NOW })] }, ["missing action_overdue"]],
    ["no action that is optional", { actions: [action({ required: false })] }, []],
    ["no action that was cancelled", { actions: [action({ cancelledAt: NOW })] }, []],
    [
      "an action after re-opening",
      { reopened, actions: [action({ completedAt: NOW })] },
      ["missing action_confirm"],
    ],
    [
      "nothing, but a look at damage after containment",
      { firstImpactAt: NOW + 90 * 60_000 },
      ["quality impact_after_containment"],
    ],
    ["nothing, but a dispute", { disputed: ["detectedAt"] }, ["quality disputed"]],
    ["nothing of an exercise", { exercise: true, actions: [action({})] }, []],
    ["nothing of a false alarm", { verdict: "false_positive", impact: incidentOf().impact }, []],
    ["nothing of a merged one", { mergedInto: "x", actions: [action({})] }, []],
  ])("is %s", (_name, changes, expected) => {
    const incident = incidentOf({ ...COMPLETE, ...changes });
    const work = missingForKpi(incident, NOW + HOUR, CASE_MESSAGES.de);
    expect(work.map(({ kind, key }) => `${kind} ${key}`)).toEqual(expected);
    expect(work.every(({ text, field }) => text !== "" && field !== "")).toBe(true);
  });

  it("is nearly everything right after the declaration", () => {
    const work = missingForKpi(incidentOf(), NOW, CASE_MESSAGES.de);
    expect(work.map(({ step }) => step)).toEqual([
      ...["findings/link", "compromise", "contain", "impact", "recover"],
    ]);
  });
});
