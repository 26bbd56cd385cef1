// Under which conditions a step is applied. The step renames f to x, so that one sees it.
import { describe, expect, it } from "vitest";
import { parseExpression } from "../../../../detectors/sigma/pipeline/expression.ts";
import { through } from "./fixture.ts";

type Parts = Record<string, unknown>;

const RENAME = { type: "field_name_mapping", mapping: { f: "x", g: "y" } };
const RULE = { level: "high", status: "test", date: "2024-05-01", tags: ["attack.t1059", "a.b"] };

function renamed(condition: Parts, selection: unknown = { f: "a" }, before: Parts[] = []): string {
  return through([...before, { ...RENAME, id: "last", ...condition }], selection, {
    ...RULE,
    fields: ["f", "User"],
    references: ["https://example.org"],
    score: 7,
    owner: "us",
  });
}

describe("rule conditions", () => {
  const attribute = (name: string, value: unknown, op?: string) => ({
    type: "rule_attribute",
    attribute: name,
    value,
    ...(op === undefined ? {} : { op }),
  });

  it.each<[Parts, boolean]>([
    [{ type: "logsource", product: "windows" }, true],
    [{ type: "logsource", product: "Windows", category: "process_creation" }, true],
    [{ type: "logsource", service: "sysmon" }, false],
    [{ type: "logsource", product: "linux" }, false],
    [{ type: "contains_field", field: "f" }, true],
    [{ type: "contains_field", field: "h" }, false],
    [{ type: "contains_detection_item", field: "f", value: "a" }, true],
    [{ type: "contains_detection_item", field: "f", value: "A" }, false],
    [{ type: "contains_detection_item", field: "h", value: "a" }, false],
    [{ type: "is_sigma_rule" }, true],
    [{ type: "is_sigma_correlation_rule" }, false],
    [{ type: "processing_item_applied", processing_item_id: "none" }, false],
    [{ type: "processing_state", key: "k", val: 1 }, false],
    [{ type: "tag", tag: "attack.t1059" }, true],
    [{ type: "tag", tag: "attack.T1059" }, true],
    [{ type: "tag", tag: "attack.t1060" }, false],
    [attribute("level", "high"), true],
    [attribute("level", "medium", "gte"), true],
    [attribute("level", "critical", "gte"), false],
    [attribute("level", "high", "lt"), false],
    [attribute("status", "experimental", "gt"), true],
    [attribute("status", "stable", "gte"), false],
    [attribute("date", "2024-01-01", "gt"), true],
    [attribute("date", "2024-05-01", "lte"), true],
    [attribute("title", "Rule"), true],
    [attribute("title", "Rule", "ne"), false],
    [attribute("score", 5, "gt"), true],
    [attribute("score", 7), true],
    [attribute("owner", "us"), true],
    [attribute("nothing", "us"), false],
    [attribute("nothing", "us", "ne"), false],
    [attribute("author", "us", "ne"), false],
    [attribute("fields", "User", "in"), true],
    [attribute("fields", "User", "not_in"), false],
    [attribute("fields", "User"), false],
    [attribute("fields", "User", "ne"), true],
    [attribute("references", "https://example.org", "in"), true],
    [attribute("tags", "a.b", "in"), true],
    [attribute("title", "Rule", "in"), false],
    [attribute("constructor", "x", "ne"), false],
  ])("%j: %s", (condition, expected) => {
    expect(renamed({ rule_conditions: [condition] })).toBe(expected ? "x=a" : "f=a");
    expect(renamed({ rule_conditions: { one: condition }, rule_cond_not: true })).toBe(
      expected ? "f=a" : "x=a",
    );
  });

  it("knows what earlier steps did to the rule", () => {
    const before = [
      { type: "set_state", id: "first", key: "index", val: "win" },
      { type: "set_state", key: "number", val: 5 },
    ];
    const condition = (one: Parts) =>
      renamed({ rule_conditions: [one] }, { f: "a" }, before) === "x=a";
    const state = (key: string, val: unknown, op = "eq") =>
      condition({ type: "processing_state", key, val, op });
    expect(condition({ type: "processing_item_applied", processing_item_id: "first" })).toBe(true);
    expect(condition({ type: "processing_item_applied", processing_item_id: "last" })).toBe(false);
    expect(
      ["eq", "ne", "gte", "gt", "lte", "lt"].map((op) => [
        state("number", 5, op),
        state("number", 4, op),
      ]),
    ).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [false, true],
      [true, false],
      [false, false],
    ]);
    expect([state("index", "win"), state("index", "a", "gt"), state("index", 1, "gt")]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe("item conditions", () => {
  const match = (pattern: string, rest: Parts = {}) => ({ type: "match_string", pattern, ...rest });

  it.each<[Parts, unknown, boolean]>([
    [match("a"), { f: ["a", "b"] }, true],
    [match("a", { cond: "all" }), { f: ["a", "b"] }, false],
    [match("[ab]", { cond: "all" }), { f: ["a", "b"] }, true],
    [match("b"), { f: "ab" }, false],
    [match(".*b"), { f: "ab" }, true],
    [match("a", { negate: true }), { f: "b" }, true],
    [match(String.raw`\*b`), { "f|endswith": "b" }, true],
    [match("1"), { f: 1 }, false],
    [{ type: "match_value", value: 1, cond: "any" }, { f: [1, 2] }, true],
    [{ type: "match_value", value: 1, cond: "all" }, { f: [1, 2] }, false],
    [{ type: "match_value", value: "1" }, { f: 1 }, false],
    [{ type: "match_value", value: null }, { f: [null, 1] }, true],
    [{ type: "match_value", value: "a*" }, { "f|startswith": "a" }, true],
    [{ type: "match_value", value: true }, { f: true }, true],
    [{ type: "contains_wildcard", cond: "any" }, { f: ["a", "b*"] }, true],
    [{ type: "contains_wildcard" }, { f: String.raw`a\*` }, false],
    [{ type: "contains_wildcard" }, { "f|re": ".*" }, false],
    [{ type: "is_null", cond: "any" }, { f: [null, "a"] }, true],
    [{ type: "is_null", cond: "all" }, { f: [null, "a"] }, false],
    [{ type: "processing_item_applied", processing_item_id: "last" }, { f: 1 }, false],
    [{ type: "processing_state", key: "k", val: 1 }, { f: 1 }, false],
  ])("%j on %j: %s", (condition, selection, expected) => {
    const plain = { detection_item_conditions: [condition] };
    const negated = { ...plain, detection_item_cond_not: true };
    const isRenamed = (one: Parts) => /\bx=/.test(renamed(one, selection));
    expect([isRenamed(plain), isRenamed(negated)]).toEqual([expected, !expected]);
  });

  it("knows which items earlier steps changed", () => {
    const before = [{ type: "case", id: "upper", method: "upper" }];
    const condition = { type: "processing_item_applied", processing_item_id: "upper" };
    expect(renamed({ detection_item_conditions: [condition] }, { f: "a", g: "A" }, before)).toBe(
      "(x=A & g=A)",
    );
  });
});

describe("field name conditions", () => {
  it.each<[Parts, string]>([
    [{ type: "include_fields", fields: ["f"] }, "(x=1 & g=2)"],
    [{ type: "include_fields", fields: ["F"] }, "(f=1 & g=2)"],
    [{ type: "include_fields", fields: ["[e-f]"], mode: "re" }, "(x=1 & g=2)"],
    [{ type: "exclude_fields", fields: ["f"] }, "(f=1 & y=2)"],
    [{ type: "exclude_fields", fields: "[a-f]", mode: "re" }, "(f=1 & y=2)"],
    [{ type: "processing_state", key: "k", val: 1 }, "(f=1 & g=2)"],
  ])("%j: %s", (condition, expected) => {
    expect(renamed({ field_name_conditions: [condition] }, { f: 1, g: 2 })).toBe(expected);
  });

  it("knows which names came of an earlier step", () => {
    const before = [{ type: "field_name_mapping", id: "first", mapping: { h: "f" } }];
    const condition = { type: "processing_item_applied", processing_item_id: "first" };
    expect(renamed({ field_name_conditions: [condition] }, [{ h: 1 }, { f: 2 }], before)).toBe(
      "(x=1 | f=2)",
    );
  });

  it("tells the field of an item from the field that it is compared with", () => {
    const only = (field: string) => ({
      field_name_conditions: [{ type: "include_fields", fields: [field] }],
    });
    expect(renamed(only("g"), { "f|fieldref": "g" })).toBe("f={y}");
    expect(renamed(only("f"), { "f|fieldref": "g" })).toBe("x={g}");
    expect(renamed(only("h"), { "f|fieldref": "g" })).toBe("f={g}");
  });
});

describe("joined conditions", () => {
  const yes = { type: "logsource", product: "windows" };
  const no = { type: "logsource", product: "linux" };

  it.each<[Parts, boolean]>([
    [{ rule_conditions: [yes, no] }, false],
    [{ rule_conditions: [yes, no], rule_cond_op: "or" }, true],
    [{ rule_conditions: [yes, no], rule_cond_op: "and", rule_cond_not: true }, true],
    [{ rule_conditions: { a: yes, b: no } }, false],
    [{ rule_conditions: { a: yes, b: no }, rule_cond_expr: "a and not b" }, true],
    [{ rule_conditions: { a: yes, b: no }, rule_cond_expr: "not (a or b)" }, false],
    [{ rule_conditions: { a: yes, b: no }, rule_cond_expression: "b or a and a" }, true],
    [
      { detection_item_conditions: { a: { type: "is_null" } }, detection_item_cond_expr: "not a" },
      true,
    ],
    [
      {
        field_name_conditions: { a: { type: "include_fields", fields: ["g"] } },
        field_name_cond_expr: "not not a",
      },
      false,
    ],
    [{}, true],
    [{ rule_cond_not: true }, true],
    [{ rule_cond_op: "or" }, true],
    [{ detection_item_cond_not: true }, false],
    [{ field_name_cond_op: "or" }, false],
  ])("%j: %s", (conditions, expected) => {
    expect(renamed(conditions)).toBe(expected ? "x=a" : "f=a");
  });

  it.each([
    ["", "expected the name of a condition, found the end"],
    ["a b", "expected and, or, or the end, found b"],
    ["(a", 'expected ")", found the end'],
    ["a or", "expected the name of a condition, found the end"],
    ["a | b", "expected and, or, or the end, found |"],
    [`${"(".repeat(60)}a${")".repeat(60)}`, "expected an expression that is nested less deeply"],
    [`${"not ".repeat(60)}a`, "expected an expression that is nested less deeply"],
  ])("refuses the expression %j", (text, message) => {
    expect(() => parseExpression(text)).toThrow(message);
  });
});
