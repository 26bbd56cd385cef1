// Processes are grouped by what their rules are, not by how many there are.
import { describe, expect, it } from "vitest";
import { ruleGroups } from "../../../../services/console/model/rule-groups.ts";

const process = (name: string, fingerprint: string, rules: number) => ({
  name,
  fingerprint,
  rules,
});

describe("groups of processes by their rules", () => {
  it("are one where all have the same", () => {
    const groups = ruleGroups([process("b", "x", 52), process("a", "x", 52)]);
    expect(groups).toEqual([{ fingerprint: "x", names: ["a", "b"], rules: 52 }]);
  });

  it("differ where the rules do, even in the same number, the largest first", () => {
    const given = [process("a", "x", 52), process("c", "y", 52), process("b", "y", 52)];
    expect(ruleGroups(given).map(({ names }) => names)).toEqual([["b", "c"], ["a"]]);
  });

  it("are none without processes", () => {
    expect(ruleGroups([])).toEqual([]);
  });
});
