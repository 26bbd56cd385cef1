// What a change of many findings becomes, and when something is still missing.
import { describe, expect, it } from "vitest";
import { bulkChangeSchema } from "../../../../services/cases/bulk-job.ts";
import { bulkChange, bulkDraft, tagsOf } from "../../../../services/console/model/bulk-draft.ts";

const COMPLETE = [
  [{ verdict: "true_positive" }, { type: "verdict", verdict: "true_positive" }],
  [
    { verdict: "false_positive", reason: "data" },
    { type: "verdict", verdict: "false_positive", reason: "data" },
  ],
  // A reason that was chosen before belongs to a false alarm only.
  [
    { verdict: "duplicate", reason: "data" },
    { type: "verdict", verdict: "duplicate" },
  ],
  [
    { verdict: "undetermined", comment: " Protokoll fehlt. " },
    { type: "verdict", verdict: "undetermined", comment: "Protokoll fehlt." },
  ],
  [{ kind: "status" }, { type: "status", status: "in_progress" }],
  [{ kind: "assign" }, { type: "assign", assignee: "a-1" }],
  [{ kind: "unassign" }, { type: "assign", assignee: null }],
  [
    { kind: "tags", add: "vpn, übung", remove: "alt" },
    { type: "tags", add: ["vpn", "übung"], remove: ["alt"] },
  ],
] as const;

const INCOMPLETE = [
  { verdict: "false_positive" },
  { verdict: "undetermined", comment: "  " },
  { kind: "tags", add: " , ", remove: "" },
] as const;

describe("a change of many findings", () => {
  it.each(COMPLETE)("%j is sent as the API takes it", (part, change) => {
    const made = bulkChange(bulkDraft(part), "a-1");
    expect(made).toEqual(change);
    expect(bulkChangeSchema.safeParse(made).success).toBe(true);
  });

  it.each(INCOMPLETE)("%j waits for what is missing", (part) => {
    expect(bulkChange(bulkDraft(part), "a-1")).toBeUndefined();
  });

  it("takes tags apart at commas, each once", () => {
    expect(tagsOf(" a, b ,,a")).toEqual(["a", "b"]);
  });
});
