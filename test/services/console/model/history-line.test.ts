// The history of a finding reads as words and never shows who a person is.
import { describe, expect, it } from "vitest";
import { de } from "../../../../services/console/messages/de.ts";
import { historyLine } from "../../../../services/console/model/history-line.ts";

const entry = (action: string, after?: unknown, actor = "4711") => ({
  sequence: 1,
  at: 0,
  actor,
  action,
  subject: "f",
  hash: "",
  ...(after === undefined ? {} : { payload: { after } }),
});

describe("a line of the history", () => {
  it.each([
    [
      entry("finding.verdict", {
        status: "closed",
        verdict: { verdict: "false_positive", reason: "threshold" },
      }),
      "Bewertet: Fehlalarm · Schwelle zu niedrig",
    ],
    [entry("finding.undo_verdict", { status: "new" }), "Bewertung zurückgenommen"],
    [entry("finding.status", { status: "in_progress" }), "Stand geändert: In Arbeit"],
    [entry("finding.verdict"), "Bewertet"],
    [entry("constructor", { status: "toString", verdict: null }), "Geändert"],
    [entry("finding.status", "text"), "Stand geändert"],
  ])("says what was done: %#", (given, action) => {
    expect(historyLine(given, undefined, de).action).toBe(action);
  });

  it("names the reader, the program and nobody else", () => {
    const by = (actor: string) => historyLine(entry("finding.status", {}, actor), "4711", de).actor;
    expect([by("4711"), by("system")]).toEqual(["Sie", "Heidewacht"]);
    expect(by("4712")).not.toContain("4712");
  });

  it("keeps the sentence of a verdict apart from our own words", () => {
    const after = { status: "closed", verdict: { verdict: "undetermined", comment: "Log fehlt." } };
    expect(historyLine(entry("finding.verdict", after), undefined, de)).toMatchObject({
      action: "Bewertet: Unentschieden",
      comment: "Log fehlt.",
    });
  });
});
