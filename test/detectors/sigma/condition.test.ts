import { describe, expect, it } from "vitest";
import { parseCondition } from "../../../detectors/sigma/condition.ts";
import type { Tree } from "../../../detectors/sigma/rule.ts";

const NAMES = ["a", "b", "c", "sel_x", "sel_y_z", "filter", "_hidden"];
const detections = new Map<string, Tree>(
  NAMES.map((name) => [name, { kind: "item", item: { field: name, operator: "", patterns: [] } }]),
);

/** A tree as text, every join in parentheses. */
function shown(tree: Tree): string {
  if (tree.kind === "item") return tree.item.field ?? "";
  if (tree.kind === "not") return `!${shown(tree.child)}`;
  return `(${tree.children.map(shown).join(tree.kind === "and" ? " & " : " | ")})`;
}

describe("parseCondition", () => {
  it.each([
    ["a", "a"],
    ["a and b", "(a & b)"],
    ["a or b and c", "(a | (b & c))"],
    ["a and b or c", "((a & b) | c)"],
    ["(a or b) and c", "((a | b) & c)"],
    ["not a and b", "(!a & b)"],
    ["not (a and b)", "!(a & b)"],
    ["not not a", "a"],
    ["a and not not not b", "(a & !b)"],
    ["a AND NOT b OR c", "((a & !b) | c)"],
    ["  a\n and\tb ", "(a & b)"],
    ["((a))", "a"],
    ["(a)or(b)", "(a | b)"],
    ["1 of sel_*", "(sel_x | sel_y_z)"],
    ["any of sel_*", "(sel_x | sel_y_z)"],
    ["all of sel_*", "(sel_x & sel_y_z)"],
    ["ALL OF sel_*", "(sel_x & sel_y_z)"],
    ["1 of sel_*_*", "sel_y_z"],
    ["1 of *e*", "(sel_x | sel_y_z | filter)"],
    ["1 of _h*", "_hidden"],
    ["1 of *", "(a | b | c | sel_x | sel_y_z | filter)"],
    ["1 of them and a", "((a | b | c | sel_x | sel_y_z | filter) & a)"],
    ["not 1 of sel_* or a", "(!(sel_x | sel_y_z) | a)"],
    ["not all of them", "!(a & b & c & sel_x & sel_y_z & filter)"],
    ["1 of filter", "filter"],
    ["all of them", "(a & b & c & sel_x & sel_y_z & filter)"],
    ["1 of _*", "_hidden"],
    ["a and not 1 of sel_*", "(a & !(sel_x | sel_y_z))"],
  ])("reads %j", (condition, expected) => {
    expect(shown(parseCondition(condition, detections))).toBe(expected);
  });

  it.each([
    ["", 1, "a detection's name", "the end"],
    ["a and", 6, "a detection's name", "the end"],
    ["a b", 3, "and, or, or the end", '"b"'],
    ["and a", 1, "the name of a detection", '"and"'],
    ["(a", 3, '")"', "the end"],
    ["a)", 2, "and, or, or the end", '")"'],
    ["()", 2, "the name of a detection", '")"'],
    ["a or nothere", 6, "the name of a detection", '"nothere"'],
    ["A", 1, "the name of a detection", '"A"'],
    ["1 of", 5, "a name, a pattern or them", "the end"],
    ["1 of nope_*", 6, "a pattern that fits at least one detection", '"nope_*"'],
    ["2 of sel_*", 1, "1, any or all before of", '"2"'],
    ["none of them", 1, "1, any or all before of", '"none"'],
    ["1 of *hidden", 6, "a pattern that fits at least one detection", '"*hidden"'],
    ["1 of sel_x and", 15, "a detection's name", "the end"],
    ["sel_*", 1, "the name of a detection", '"sel_*"'],
    ["a | count() > 5", 3, "and, or, or the end", '"|"'],
    ["__proto__", 1, "the name of a detection", '"__proto__"'],
  ])("refuses %j at position %i", (condition, position, expected, found) => {
    expect(() => parseCondition(condition, detections)).toThrow(
      new SyntaxError(`condition, position ${position}: expected ${expected}, found ${found}`),
    );
  });

  it("refuses endless nesting instead of running out of stack", () => {
    const condition = `${"(".repeat(50_000)}a${")".repeat(50_000)}`;
    expect(() => parseCondition(condition, detections)).toThrow("fewer nested parentheses");
    const negated = `${"not ".repeat(50_001)}a`;
    expect(shown(parseCondition(negated, detections))).toBe("!a");
  });
});
