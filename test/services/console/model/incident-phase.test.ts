// Where an incident stands, and which dialog fills what is missing.
import { describe, expect, it } from "vitest";
import { actionOf, dialogFor, phaseOf } from "../../../../services/console/model/incident-phase.ts";

const at = { at: 1, method: "evidence", evidenceIds: ["f"] } as const;
const unknown = { method: "unknown", evidenceIds: [] } as const;
const given = (one: typeof at | typeof unknown) => ({ ...one, evidenceIds: [...one.evidenceIds] });
const open = { status: "open", splitInto: [] as string[] } as const;

describe("the phase of an incident", () => {
  it.each([
    ["declared", { ...open }],
    ["declared", { ...open, contained: given(unknown) }],
    ["contained", { ...open, contained: given(at) }],
    ["contained", { ...open, contained: given(at), recovered: given(unknown) }],
    ["recovered", { ...open, contained: given(at), recovered: given(at) }],
    ["closed", { ...open, status: "closed" as const, contained: given(at) }],
    ["merged", { ...open, status: "closed" as const, mergedInto: "i-2" }],
    ["split", { ...open, splitInto: ["i-2", "i-3"] }],
  ])("is %s", (phase, incident) => {
    expect(phaseOf(incident)).toBe(phase);
  });
});

describe("an entry of the work", () => {
  it.each([
    ["contain", "contain"],
    ["compromise", "compromise"],
    ["findings/link", "findings/link"],
    ["close", "close"],
    ["actions/add", "actions/add"],
    ["actions/complete", undefined],
    ["tasks/done", undefined],
  ] as const)("about %s opens %s", (step, dialog) => {
    expect(dialogFor({ step })).toBe(dialog);
  });

  it("names the action that it is about, and nothing else", () => {
    expect(actionOf({ field: "actions/4711" })).toBe("4711");
    expect(actionOf({ field: "actions" })).toBeUndefined();
    expect(actionOf({ field: "firstCompromise" })).toBeUndefined();
  });
});
