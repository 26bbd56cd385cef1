// How a finding's evidence is laid out: matched fields on top, ticks on the timeline, changes named.
import { describe, expect, it } from "vitest";
import { evidenceFields } from "../../../../services/console/model/evidence-fields.ts";
import { findingChanges } from "../../../../services/console/model/finding-changes.ts";
import { timelineRows } from "../../../../services/console/model/timeline-scale.ts";

describe("fields of an event", () => {
  it("puts the field whose value matched on top, under its ECS name, and marks it", () => {
    const matched = [
      { field: "CommandLine", value: "cmd /c whoami", operator: "contains", pattern: "whoami" },
    ];
    const document = {
      "agent.type": "x",
      "process.command_line": "cmd /c whoami",
      tags: ["a", "b"],
    };
    const fields = evidenceFields(document, matched);
    expect(fields.map((field) => field.name)).toEqual([
      "process.command_line",
      "agent.type",
      "tags",
    ]);
    expect(fields[0]?.marks).toEqual([{ start: 7, end: 13 }]);
    expect(fields[2]?.text).toBe("a, b");
  });

  it("does not take an empty value for a match", () => {
    const matched = [{ field: "User", value: "", operator: "equals", pattern: "" }];
    expect(evidenceFields({ "user.name": "" }, matched)[0]?.matched).toBe(false);
  });
});

describe("timeline", () => {
  it("gives each source a row and joins signals at the same place", () => {
    const evidence = [
      { time: 0, source: "a" },
      { time: 10_000, source: "b" },
      { time: 5000, source: "a" },
      { time: 5000, source: "a" },
    ];
    expect(timelineRows(evidence, 0, 10_000)).toEqual([
      {
        source: "a",
        ticks: [
          { at: 0, count: 1 },
          { at: 0.5, count: 2 },
        ],
      },
      { source: "b", ticks: [{ at: 1, count: 1 }] },
    ]);
  });

  it("keeps signals outside of the span at its ends and a span of nothing at the start", () => {
    const at = (time: number, from: number, to: number) =>
      timelineRows([{ time, source: "a" }], from, to)[0]?.ticks[0]?.at;
    expect([at(-5, 0, 2000), at(2500, 0, 2000), at(3, 3, 3)]).toEqual([0, 1, 0]);
  });

  it("keeps signals of the same millisecond together", () => {
    expect(timelineRows([{ time: 1, source: "a" }], 0, 1)[0]?.ticks[0]?.at).toBeLessThan(0.01);
  });
});

describe("changes of a finding", () => {
  const before = { status: "new", signalCount: 3, score: 50 } as const;

  it("names what another person changed", () => {
    const verdict = { verdict: "duplicate", at: 1, by: "a" } as const;
    expect(findingChanges(before, { ...before, status: "closed", verdict })).toEqual([
      { what: "status", before: "new", after: "closed" },
      { what: "verdict", before: undefined, after: "duplicate" },
    ]);
  });

  it("is silent when only the version moved", () => {
    expect(findingChanges(before, { ...before })).toEqual([]);
  });
});
