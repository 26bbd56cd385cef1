import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CorrelationRule } from "../../../detectors/correlation/rule.ts";
import { readRuleFile } from "../../../detectors/rule-file.ts";
import { sharedDataOrSkip } from "../../support/shared-data.ts";

/** A whole rule; `correlation` begins in line 2, what stands in it in line 3. */
function withBody(...lines: string[]): string {
  return ["title: Many", "correlation:", ...lines.map((line) => `  ${line}`)].join("\n");
}

function read(text: string): CorrelationRule {
  const { correlations, faults } = readRuleFile(text, "a.yml");
  expect(faults).toEqual([]);
  const [rule] = correlations;
  if (rule === undefined) throw new RangeError("no correlation");
  return rule;
}

const COUNT = ["type: event_count", "rules: [a]", "group-by: [h]", "timespan: 5m"];
const TEMPORAL = ["type: temporal", "rules: [a, b, c]", "group-by: [h]", "timespan: 5m"];

describe("reading a correlation", () => {
  it("reads all that the specification names", () => {
    const text = [
      "title: Brute force",
      "id: 0e95725d-7320-415d-80f7-004da920fc11",
      "name: brute_force",
      "level: high",
      "generate: true",
      "correlation:",
      "  type: value_count",
      "  rules: [failed_a, failed_b]",
      "  aliases:",
      "    user: { failed_a: TargetUserName, failed_b: user.name }",
      "  group-by: [user, ComputerName]",
      "  timespan: 90m",
      "  condition: { field: IpAddress, gt: 100, lte: 200 }",
    ].join("\n");
    expect(read(text)).toMatchObject({
      info: { id: "0e95725d-7320-415d-80f7-004da920fc11", kind: "correlation", level: "high" },
      name: "brute_force",
      type: "value_count",
      rules: ["failed_a", "failed_b"],
      groupBy: ["user", "ComputerName"],
      timespanMs: 5_400_000,
      comparisons: [
        { operator: "gt", value: 100 },
        { operator: "lte", value: 200 },
      ],
      fields: ["IpAddress"],
      aliases: new Map([
        [
          "user",
          new Map([
            ["failed_a", "TargetUserName"],
            ["failed_b", "user.name"],
          ]),
        ],
      ]),
      generate: true,
      place: "a.yml:1:1",
    });
  });

  it.each([
    ["1s", 1000],
    ["5m", 300_000],
    ["24h", 86_400_000],
    ["366d", 31_622_400_000],
    ["2w", 1_209_600_000],
    ["1M", 2_629_746_000],
    ["1y", 31_556_952_000],
  ])("reads the timespan %s", (text, timespanMs) => {
    expect(read(withBody(...TEMPORAL.slice(0, 3), `timespan: ${text}`)).timespanMs).toBe(
      timespanMs,
    );
  });

  it.each([
    [
      "a text for a list of one",
      ["type: event_count", "rules: a", "group-by: h", "timespan: 1m", "condition: { gte: 1 }"],
      { rules: ["a"], groupBy: ["h"] },
    ],
    [
      "no group: all events are one",
      ["type: event_count", "rules: [a]", "timespan: 1m", "condition: { gte: 1 }"],
      { groupBy: [] },
    ],
    [
      "numbers written as texts",
      [...COUNT, "condition: { gte: '10' }"],
      { comparisons: [{ operator: "gte", value: 10 }] },
    ],
    ["neq", [...COUNT, "condition: { neq: 3 }"], { comparisons: [{ operator: "neq", value: 3 }] }],
    [
      "several fields",
      ["type: value_count", "rules: [a]", "timespan: 1m", "condition: { field: [u, h], eq: 2 }"],
      { fields: ["u", "h"] },
    ],
    [
      "a percentile as pySigma writes it",
      [
        "type: value_percentile",
        "rules: [a]",
        "timespan: 1m",
        "condition: { field: f, percentile: 95, gt: 1000 }",
      ],
      { percentile: 95 },
    ],
    [
      "a share as the specification writes it",
      ["type: value_percentile", "rules: [a]", "timespan: 1m", "condition: { field: f, lte: 1 }"],
      { percentile: undefined },
    ],
    [
      "the median",
      ["type: value_median", "rules: [a]", "timespan: 1m", "condition: { field: f, lt: -0.5 }"],
      { comparisons: [{ operator: "lt", value: -0.5 }] },
    ],
    [
      "how many of the rules",
      [...TEMPORAL, "condition: { gte: 2 }"],
      { comparisons: [{ operator: "gte", value: 2 }], expression: undefined },
    ],
    [
      "pySigma's name of the extended type",
      ["type: temporal_ordered_extended", ...TEMPORAL.slice(1), "condition: a and (b or c)"],
      { type: "temporal_ordered" },
    ],
    [
      "generate beside the type",
      [...COUNT, "generate: true", "condition: { gte: 1 }"],
      { generate: true },
    ],
  ])("takes %s", (_, lines, expected) => {
    expect(read(withBody(...lines))).toMatchObject(expected);
  });

  const rule = (place: number) => ({ kind: "rule", rule: place });
  it.each([
    ["a AND b AND c", { kind: "and", children: [rule(0), rule(1), rule(2)] }],
    [
      "a and not (b or c)",
      {
        kind: "and",
        children: [rule(0), { kind: "not", child: { kind: "or", children: [rule(1), rule(2)] } }],
      },
    ],
    ["1 of them", { kind: "or", children: [rule(0), rule(1), rule(2)] }],
    ["all of them", { kind: "and", children: [rule(0), rule(1), rule(2)] }],
  ])("reads the condition %s", (condition, expression) => {
    expect(read(withBody(...TEMPORAL, `condition: ${condition}`)).expression).toEqual(expression);
  });

  it("takes the rules from the condition where none are listed", () => {
    const { rules } = read(
      withBody("type: temporal", "timespan: 1m", "condition: x and not (y or x)"),
    );
    expect(rules).toEqual(["x", "y"]);
  });

  it.each([
    ["an unknown type", ["type: sum"], "a.yml:3:3", "expected type: one of event_count"],
    ["a type that every object has", ["type: constructor"], "a.yml:3:3", "expected type"],
    ["no rules", ["type: event_count", "timespan: 1m"], "a.yml:2:1", "expected rules"],
    ["rules that are no names", ["type: event_count", "rules: [1]"], "a.yml:4:3", "expected rules"],
    ["a rule twice", ["type: temporal", "rules: [a, a]"], "a.yml:4:14", "named twice"],
    [
      "too many rules to be seen together",
      ["type: temporal", `rules: [${Array.from({ length: 31 }, (_, at) => `r${at}`).join(", ")}]`],
      "a.yml:4:3",
      "at most 30",
    ],
    [
      "no timespan",
      COUNT.slice(0, 3).concat("condition: { gte: 1 }"),
      "a.yml:2:1",
      "expected timespan",
    ],
    [
      "a timespan without unit",
      ["type: temporal", "rules: [a]", "timespan: 5"],
      "a.yml:5:3",
      "s, m, h or d",
    ],
    [
      "a timespan of nothing",
      ["type: temporal", "rules: [a]", "timespan: 0s"],
      "a.yml:5:3",
      "longer than nothing",
    ],
    [
      "a timespan over the limit",
      ["type: temporal", "rules: [a]", "timespan: 367d"],
      "a.yml:5:3",
      "at most 366d",
    ],
    ["no condition", COUNT, "a.yml:2:1", "expected condition"],
    ["an empty condition", [...COUNT, "condition: {}"], "a.yml:7:3", "at least one of gt"],
    ["an unknown comparison", [...COUNT, "condition: { min: 1 }"], "a.yml:7:16", "min is unknown"],
    [
      "a comparison with a text",
      [...COUNT, "condition: { gte: many }"],
      "a.yml:7:16",
      "expected gte: a number",
    ],
    ["a negative count", [...COUNT, "condition: { gte: -1 }"], "a.yml:7:16", "never negative"],
    ["half an event", [...COUNT, "condition: { gte: 1.5 }"], "a.yml:7:16", "whole number"],
    [
      "more events than are kept",
      [...COUNT, "condition: { gte: 100001 }"],
      "a.yml:7:16",
      "at most 100000",
    ],
    [
      "names of rules for a count",
      [...COUNT, "condition: a and b"],
      "a.yml:7:3",
      "expected condition: a comparison",
    ],
    [
      "no field to count",
      ["type: value_count", "rules: [a]", "timespan: 1m", "condition: { gte: 1 }"],
      "a.yml:6:3",
      "expected field",
    ],
    [
      "several fields to add up",
      ["type: value_sum", "rules: [a]", "timespan: 1m", "condition: { field: [a, b], gte: 1 }"],
      "a.yml:6:16",
      "expected one field",
    ],
    [
      "a share over all",
      ["type: value_percentile", "rules: [a]", "timespan: 1m", "condition: { field: f, gt: 1000 }"],
      "a.yml:6:26",
      "0 to 100",
    ],
    [
      "a percentile over all",
      [
        "type: value_percentile",
        "rules: [a]",
        "timespan: 1m",
        "condition: { field: f, gt: 1, percentile: 101 }",
      ],
      "a.yml:6:33",
      "0 to 100",
    ],
    [
      "an unknown rule in the condition",
      [...TEMPORAL, "condition: a and b and d"],
      "a.yml:7:3",
      'position 13: expected the name of a rule in rules, found "d"',
    ],
    [
      "a rule that the condition forgets",
      [...TEMPORAL, "condition: a and b"],
      "a.yml:7:3",
      "c stands in rules and not in the condition",
    ],
    [
      "silence as a hit",
      [...TEMPORAL, "condition: not (a or b or c)"],
      "a.yml:7:3",
      "at least one rule that must hit",
    ],
    [
      "rules chosen from no list",
      ["type: temporal", "timespan: 1m", "condition: 1 of them"],
      "a.yml:5:3",
      "expected rules",
    ],
    [
      "an upper bound for an order",
      ["type: temporal_ordered", ...TEMPORAL.slice(1), "condition: { lt: 2 }"],
      "a.yml:7:16",
      "gte and gt only",
    ],
    [
      "a group that is no list of fields",
      [...TEMPORAL.slice(0, 2), "group-by: { a: b }", "timespan: 1m"],
      "a.yml:5:3",
      "expected group-by",
    ],
    ["aliases that are no map", [...TEMPORAL, "aliases: [a]"], "a.yml:7:3", "expected aliases"],
    ["an alias without rules", [...TEMPORAL, "aliases: { u: User }"], "a.yml:7:14", "expected u"],
    [
      "an alias without field",
      [...TEMPORAL, "aliases: { u: { a: 1 } }"],
      "a.yml:7:19",
      "expected a: the name of a field",
    ],
    [
      "generate that is no yes or no",
      [...TEMPORAL, "generate: maybe"],
      "a.yml:7:3",
      "true or false",
    ],
  ])("refuses %s and says where", (_, lines, place, message) => {
    const { correlations, faults } = readRuleFile(withBody(...lines), "a.yml");
    expect(correlations).toEqual([]);
    expect(faults).toMatchObject([{ code: "HW_RULE_INVALID", place, title: "Many" }]);
    expect(faults[0]?.message).toContain(message);
  });

  it("refuses a condition with too many possible orders without trying them all", () => {
    const rules = Array.from({ length: 30 }, (_, at) => `r${at}`);
    const pairs = rules.slice(0, 15).map((one, at) => `(${one} or ${rules[at + 15]})`);
    const body = ["type: temporal_ordered", `rules: [${rules.join(", ")}]`, "timespan: 1m"];
    for (const condition of [pairs.join(" and "), "{ gte: 15 }"]) {
      const { faults } = readRuleFile(withBody(...body, `condition: ${condition}`), "a.yml");
      expect(faults[0]?.message).toContain("too many possible orders");
    }
  });

  const folder = sharedDataOrSkip("correlation/read", "sigma/spec/tests/schema/correlation");
  it.skipIf(folder === undefined)("reads the specification's examples", () => {
    const files = readdirSync(folder ?? "");
    expect(files.length).toBeGreaterThan(6);
    for (const file of files) read(readFileSync(join(folder ?? "", file), "utf8"));
  });
});
