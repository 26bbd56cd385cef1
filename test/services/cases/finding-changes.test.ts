import { describe, expect, it } from "vitest";
import {
  assign,
  changeTags,
  findingEntry,
  type Judgement,
  judge,
  setStatus,
  setTlp,
  undoVerdict,
  watch,
} from "../../../services/cases/finding-changes.ts";
import { reopenedEntry } from "../../../services/store/reopened-entry.ts";
import { findingOf } from "../api/fixture.ts";

const by = (at: number, actor = "account-1") => ({ at, actor });

describe("judging", () => {
  it.each<Judgement>([
    { verdict: "true_positive" },
    { verdict: "benign_true_positive", comment: "Wartung" },
    { verdict: "duplicate" },
    { verdict: "duplicate", duplicateOf: "g" },
    { verdict: "false_positive", reason: "logic" },
    { verdict: "undetermined", comment: "Der Rechner ist verschrottet." },
  ])("closes the finding and says who judged when: $verdict", (body) => {
    const judged = judge(findingOf("f"), body, by(7));
    expect(judged).toMatchObject({
      status: "closed",
      verdict: { ...body, at: 7, by: "account-1" },
    });
  });

  it.each<Judgement>([
    { verdict: "false_positive" },
    { verdict: "false_positive", comment: "nur ein Satz" },
    { verdict: "undetermined" },
    { verdict: "undetermined", comment: "" },
    { verdict: "true_positive", reason: "logic" },
    { verdict: "true_positive", duplicateOf: "g" },
    { verdict: "duplicate", duplicateOf: "f" },
  ])("refuses $verdict with reason $reason and comment $comment", (body) => {
    expect(() => judge(findingOf("f"), body, by(7))).toThrow("HW_REQUEST_INVALID");
  });

  it("keeps each earlier verdict, oldest first", () => {
    const first = judge(findingOf("f"), { verdict: "duplicate" }, by(1, "a"));
    const second = judge(first, { verdict: "true_positive" }, by(2, "b"));
    const open = setStatus(second, "in_progress", { at: 5 });
    expect(open.verdict).toBeUndefined();
    expect(open.status).toBe("in_progress");
    expect(open.verdictHistory.map((one) => one.verdict)).toEqual(["duplicate", "true_positive"]);
  });

  it("keeps when work first began, however often it is laid back, and not who began it", () => {
    const taken = setStatus(findingOf("f"), "in_progress", { at: 5 });
    expect(taken.takenUpAt).toBe(5);
    const laidBack = setStatus(taken, "new", { at: 6 });
    expect(setStatus(laidBack, "in_progress", { at: 7 }).takenUpAt).toBe(5);
    expect(setStatus(findingOf("f"), "new", { at: 5 })).not.toHaveProperty("takenUpAt");
    expect(JSON.stringify(setStatus(findingOf("f"), "in_progress", by(5)))).not.toContain(
      "account-1",
    );
  });

  it("takes a verdict back into work, and refuses where there is none", () => {
    const judged = judge(findingOf("f"), { verdict: "duplicate" }, by(1, "a"));
    expect(undoVerdict(judged)).toMatchObject({
      status: "in_progress",
      verdictHistory: [{ at: 1 }],
    });
    expect(undoVerdict(judged).verdict).toBeUndefined();
    expect(() => undoVerdict(findingOf("f"))).toThrow("HW_CONFLICT");
  });
});

describe("marking a finding", () => {
  const finding = findingOf("f");

  it("gives it to somebody and takes it back", () => {
    const given = assign(finding, "account-2");
    expect(given.assignee).toBe("account-2");
    expect(assign(given, null)).toEqual(finding);
  });

  it("adds and removes tags, sorted and once each, at most 50", () => {
    const tagged = changeTags(finding, { add: ["vpn", "alt", "vpn"], remove: [] });
    expect(tagged.tags).toEqual(["alt", "vpn"]);
    expect(changeTags(tagged, { add: ["neu"], remove: ["vpn", "x"] }).tags).toEqual(["alt", "neu"]);
    expect(changeTags(tagged, { add: [], remove: ["alt", "vpn"] })).toEqual(finding);
    const many = Array.from({ length: 51 }, (_, at) => `t${at}`);
    expect(() => changeTags(finding, { add: many, remove: [] })).toThrow("tagsMany");
  });

  it("is watched by each account once", () => {
    const watched = watch(watch(watch(finding, "b", true), "a", true), "b", true);
    expect(watched.watchers).toEqual(["a", "b"]);
    expect(watch(watch(watched, "a", false), "b", false)).toEqual(finding);
  });

  it("says how it may be shared", () => {
    const marked = setTlp(finding, "amber");
    expect(marked.tlp).toBe("amber");
    expect(setTlp(marked, null)).toEqual(finding);
  });
});

describe("the audit entry of a change", () => {
  const finding = findingOf("f");

  it("says the status and what else differs, before and after", () => {
    const judged = judge(finding, { verdict: "true_positive" }, by(5));
    const tagged = changeTags(judged, { add: ["x"], remove: [] });
    expect(findingEntry(finding, tagged, { ...by(6), action: "finding.tags" })).toEqual({
      ...{ at: 6, actor: "account-1", action: "finding.tags", subject: "f" },
      payload: {
        before: { status: "new" },
        after: {
          status: "closed",
          verdict: { verdict: "true_positive", at: 5, by: "account-1" },
          tags: ["x"],
        },
      },
    });
  });

  it("is written when signals re-open a finding, with the verdict that it had", () => {
    const judged = judge(finding, { verdict: "duplicate" }, by(5));
    const open = setStatus(judged, "new", { at: 5 });
    expect(reopenedEntry(judged, open, 9, ["s1"])).toMatchObject({
      ...{ at: 9, actor: "system", action: "finding.reopen", subject: "f" },
      payload: {
        before: { status: "closed", verdict: { verdict: "duplicate", at: 5 } },
        after: { status: "new" },
        signals: ["s1"],
      },
    });
    expect(reopenedEntry(open, open, 9, [])).toBeUndefined();
    expect(reopenedEntry(judged, judged, 9, [])).toBeUndefined();
  });
});
