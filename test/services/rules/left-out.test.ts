// Rules that are in order and yet not loaded.
import { describe, expect, it } from "vitest";
import { readRuleFile } from "../../../detectors/rule-file.ts";
import { leaveOut } from "../../../services/rules/left-out.ts";

const USUAL = ["stable", "test", "experimental"] as const;

function rule(id: string, rest: Record<string, unknown> = {}) {
  const text = JSON.stringify({
    title: `Rule ${id}`,
    id,
    logsource: {},
    detection: { s: { f: id }, condition: "s" },
    ...rest,
  });
  return readRuleFile(text, `${id}.yml`).rules[0] ?? expect.fail("no rule");
}
const related = (id: string, type: string) => ({ related: [{ id, type }] });
const ids = (rules: readonly { info: { id: string } }[]) => rules.map(({ info }) => info.id);

describe("status", () => {
  it.each([
    [[...USUAL], ["a", "b", "c", "f", "g"]],
    [["stable"] as const, ["a", "f"]],
    [["deprecated", "unsupported"] as const, ["d", "e", "f"]],
  ])("of %j leaves %j", (statuses, expected) => {
    const rules = [
      rule("a", { status: "stable" }),
      rule("b", { status: "test" }),
      rule("c", { status: "experimental" }),
      rule("d", { status: "deprecated" }),
      rule("e", { status: "unsupported" }),
      rule("f", { status: "of our own" }),
      rule("g"),
    ];
    const { rules: kept, leftOut } = leaveOut(rules, statuses);
    expect(ids(kept)).toEqual(expected);
    expect(leftOut.map(({ id }) => id).sort()).toEqual(
      ids(rules).filter((id) => !expected.includes(id)),
    );
  });

  it("tells which rule and why", () => {
    expect(leaveOut([rule("d", { status: "deprecated" })], USUAL).leftOut).toEqual([
      { place: "d.yml:1:1", title: "Rule d", id: "d", reason: "status", detail: "deprecated" },
    ]);
  });
});

describe("related rules", () => {
  it.each([
    ["obsolete", ["new"]],
    ["obsoletes", ["new"]],
    ["renamed", ["new"]],
    ["merged", ["old", "new"]],
    ["derived", ["old", "new"]],
    ["similar", ["old", "new"]],
  ])("of the type %s leave %j", (type, expected) => {
    const rules = [rule("old"), rule("new", related("old", type))];
    expect(ids(leaveOut(rules, USUAL).rules)).toEqual(expected);
  });

  it("tells which rule stays", () => {
    expect(leaveOut([rule("old"), rule("new", related("old", "renamed"))], USUAL).leftOut).toEqual([
      { place: "old.yml:1:1", title: "Rule old", id: "old", reason: "renamed", detail: "Rule new" },
    ]);
  });

  it("replace nothing when they are not loaded themselves", () => {
    const rules = [
      rule("old"),
      rule("new", { status: "deprecated", ...related("old", "obsolete") }),
    ];
    expect(ids(leaveOut(rules, USUAL).rules)).toEqual(["old"]);
  });

  it("replace what was replaced by what they replace", () => {
    const chain = [
      rule("a"),
      rule("b", related("a", "obsolete")),
      rule("c", related("b", "obsolete")),
    ];
    expect(ids(leaveOut(chain, USUAL).rules)).toEqual(["c"]);
    expect(ids(leaveOut([...chain].reverse(), USUAL).rules)).toEqual(["c"]);
  });

  it("that replace themselves or each other leave one", () => {
    expect(ids(leaveOut([rule("a", related("a", "obsolete"))], USUAL).rules)).toEqual(["a"]);
    const circle = [
      rule("a", related("b", "obsolete")),
      rule("b", related("c", "obsolete")),
      rule("c", related("a", "obsolete")),
    ];
    expect(ids(leaveOut(circle, USUAL).rules)).toEqual(["a"]);
  });
});
