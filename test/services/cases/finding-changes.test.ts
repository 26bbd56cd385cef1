import { describe, expect, it } from "vitest";
import { judge, setStatus, undoVerdict } from "../../../services/api/judgement.ts";
import type { VerdictBody } from "../../../services/api/schemas.ts";
import { findingOf } from "./fixture.ts";

const verdict = (rest: Omit<VerdictBody, "version">): VerdictBody => ({ version: 1, ...rest });

describe("judging", () => {
  it.each<Omit<VerdictBody, "version">>([
    { verdict: "true_positive" },
    { verdict: "benign_true_positive", comment: "Wartung" },
    { verdict: "duplicate" },
    { verdict: "false_positive", reason: "logic" },
    { verdict: "undetermined", comment: "Der Rechner ist verschrottet." },
  ])("closes the finding and says who judged when: $verdict", (body) => {
    const judged = judge(findingOf("f"), verdict(body), 7, "account-1");
    expect(judged).toMatchObject({
      status: "closed",
      verdict: { ...body, at: 7, by: "account-1" },
    });
  });

  it.each<Omit<VerdictBody, "version">>([
    { verdict: "false_positive" },
    { verdict: "false_positive", comment: "nur ein Satz" },
    { verdict: "undetermined" },
    { verdict: "undetermined", comment: "" },
    { verdict: "true_positive", reason: "logic" },
  ])("refuses $verdict with reason $reason and comment $comment", (body) => {
    expect(() => judge(findingOf("f"), verdict(body), 7, "account-1")).toThrow(
      "HW_REQUEST_INVALID",
    );
  });

  it("keeps each earlier verdict, oldest first", () => {
    const first = judge(findingOf("f"), verdict({ verdict: "duplicate" }), 1, "a");
    const second = judge(first, verdict({ verdict: "true_positive" }), 2, "b");
    const open = setStatus(second, "in_progress");
    expect(open.verdict).toBeUndefined();
    expect(open.status).toBe("in_progress");
    expect(open.verdictHistory.map((one) => one.verdict)).toEqual(["duplicate", "true_positive"]);
  });

  it("takes a verdict back into work, and refuses where there is none", () => {
    const judged = judge(findingOf("f"), verdict({ verdict: "duplicate" }), 1, "a");
    expect(undoVerdict(judged)).toMatchObject({
      status: "in_progress",
      verdictHistory: [{ at: 1 }],
    });
    expect(undoVerdict(judged).verdict).toBeUndefined();
    expect(() => undoVerdict(findingOf("f"))).toThrow("HW_CONFLICT");
  });
});
