// Filters as a site uses them: which rules they change, when they end, and what is told of them.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSigmaEngine } from "../../../detectors/sigma/engine.ts";
import { loadRuleReading } from "../../../services/rules/rule-reading.ts";
import { loadRuleSet } from "../../../services/rules/rule-set.ts";
import { eventOf } from "../../detectors/sigma/fixture.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "filters-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const RULES = [
  "title: A\nid: rule-a\nname: first\nlogsource: { product: windows, category: process_creation }\ndetection: { s: { f: x }, condition: s }",
  "title: B\nid: rule-b\nlogsource: { product: windows, service: system }\ndetection: { s: { f: x }, condition: s }",
  "title: C\nid: rule-c\nlogsource: { product: linux }\ndetection: { s: { f: x }, condition: s }",
  "title: Old\nid: rule-d\nstatus: deprecated\nlogsource: { product: linux }\ndetection: { s: { f: x }, condition: s }",
  "title: Many\nid: many\ncorrelation: { type: event_count, rules: [rule-a], group-by: [g], timespan: 1m, condition: { gte: 5 } }",
];
const NOW = Date.UTC(2026, 10, 21, 12);

function filter(rules: string, rest = "", logsource = "{ product: windows }"): string {
  return `title: Ours\nid: filter\nlogsource: ${logsource}\n${rest}filter:\n  rules: ${rules}\n  ours: { user: svc }\n  condition: not ours`;
}

async function load(...filters: string[]) {
  const path = join(folder, "all.yml");
  writeFileSync(path, [...RULES, ...filters].join("\n---\n"));
  const set = await loadRuleSet([path], { now: NOW });
  return { ...set, path };
}

const filteredOf = ({ rules }: Awaited<ReturnType<typeof load>>) =>
  rules.filter(({ filteredBy }) => filteredBy.length > 0).map(({ info }) => info.id);

describe("a filter", () => {
  it.each([
    ["any", ["rule-a", "rule-b"]],
    ["ANY", ["rule-a", "rule-b"]],
    ["[rule-a]", ["rule-a"]],
    ["rule-a", ["rule-a"]],
    ["[first]", ["rule-a"]],
    ["[rule-b, first]", ["rule-a", "rule-b"]],
  ])("for %s changes %j", async (rules, expected) => {
    const set = await load(filter(rules));
    expect(filteredOf(set)).toEqual(expected);
    expect([set.faults, set.notes]).toEqual([[], []]);
    const engine = createSigmaEngine({
      rules: set.rules.map((rule) => ({
        ...rule,
        logSource: { product: undefined, category: undefined, service: undefined },
      })),
      logSources: [],
    });
    const hits = (user: string) =>
      engine.match(eventOf({ f: "x", user })).map(({ detector }) => detector.id);
    expect(hits("someone")).toEqual(["rule-a", "rule-b", "rule-c"]);
    expect(hits("svc")).toEqual(
      ["rule-a", "rule-b", "rule-c"].filter((id) => !expected.includes(id)),
    );
  });

  it("may be one of several", async () => {
    const set = await load(filter("any"), filter("[rule-a]").replace("id: filter", "id: second"));
    expect(set.rules[0]?.filteredBy).toEqual(["filter", "second"]);
  });

  it("can ask for more as well as for exceptions, as it is written", async () => {
    const set = await load(
      filter("[rule-a]").replace("condition: not ours", "condition: 1 of ou*"),
    );
    expect(set.rules[0]?.tree).toMatchObject({
      kind: "and",
      children: [{ item: { field: "f" } }, { item: { field: "user" } }],
    });
  });

  it("applies to the end of its last day and is told of afterwards", async () => {
    const today = await load(filter("any", "expires: 2026-11-21\nowner: Netzteam\n"));
    expect(filteredOf(today)).toEqual(["rule-a", "rule-b"]);
    expect(today.filters[0]?.owner).toBe("Netzteam");
    expect(today.validUntil).toBe(Date.UTC(2026, 10, 22));
    const over = await load(filter("any", "expires: 2026-11-20\n"));
    expect(filteredOf(over)).toEqual([]);
    expect(over.validUntil).toBeUndefined();
    expect(over.notes).toEqual([
      {
        code: "filter-expired",
        place: expect.stringMatching(/all\.yml:\d+:1$/),
        title: "Ours",
        detail: "2026-11-20",
      },
    ]);
  });

  it.each([
    ["[rule-x, rule-a]", "{ product: windows }", "filter-rule-missing", "rule-x"],
    ["[rule-c]", "{ product: windows }", "filter-logsource", "rule-c"],
    ["any", "{ product: vms }", "filter-unused", ""],
  ])("that has nothing to do is told of: %s on %s", async (rules, logsource, code, detail) => {
    const set = await load(filter(rules, "", logsource));
    expect(set.notes).toMatchObject([{ code, detail, title: "Ours" }]);
    expect(set.notes[0]?.place).toMatch(/all\.yml:\d+:\d+$/);
  });

  it.each([["[rule-d]"], ["[many]"]])("for %s is no cause for a note", async (rules) => {
    expect((await load(filter(rules, "", "{ product: linux }"))).notes).toEqual([]);
  });

  it.each([
    [filter("[]"), 'expected rules: a list of rules, or "any"'],
    [filter("{ a: b }"), 'expected rules: a list of rules, or "any"'],
    [filter("any", "", "{}"), "expected logsource: product, category or service"],
    [filter("any", "expires: soon\n"), "expected expires: a day such as 2027-01-31"],
    [filter("any", "expires: 2027-02-30\n"), "expected expires: a day such as 2027-01-31"],
    [filter("any").replace("not ours", "not theirs"), "expected the name of a detection"],
    [
      filter("any").replace("condition: not ours", "condition: [ours]"),
      "expected condition: a text",
    ],
    [filter("any").replace("user: svc", "user|expand: '%x%'"), "no values for the placeholder %x%"],
    [filter("any").replace("title: Ours\n", ""), "expected title: a text"],
  ])("is left out with its fault: %j", async (text, message) => {
    const set = await load(text);
    expect(set.filters).toEqual([]);
    expect(set.faults).toMatchObject([{ message: expect.stringContaining(message) }]);
    expect(set.faults[0]?.place).toMatch(/all\.yml:\d+:\d+$/);
  });

  it("leaves rules in force when a pipeline refuses it for them", async () => {
    const path = join(folder, "all.yml");
    writeFileSync(path, [...RULES, filter("any")].join("\n---\n"));
    const { reading } = loadRefusing();
    const set = await loadRuleSet([path], { now: NOW, reading });
    expect(set.rules.map(({ info }) => info.id)).toEqual(["rule-a", "rule-b", "rule-c"]);
    expect(filteredOf({ ...set, path })).toEqual([]);
    expect(set.faults).toHaveLength(2);
    expect(set.faults[0]?.message).toContain('for the rule "A": ');
  });
});

// Refuses every item on the field that the filter asks for.
function loadRefusing() {
  const path = join(folder, "refuse.yml");
  writeFileSync(
    path,
    "transformations: [{ type: detection_item_failure, message: unknown user field, field_name_conditions: [{ type: include_fields, fields: [user] }] }]",
  );
  return loadRuleReading({ placeholders: {}, pipelines: [path] }, (one) => one, "en");
}
