import { describe, expect, it } from "vitest";
import { readRuleFile } from "../../../detectors/rule-file.ts";

const HEAD = ["title: A rule", "logsource:", "  product: windows"];

/** A whole rule whose detection begins in line 4. */
function withDetection(...lines: string[]): string {
  return [...HEAD, "detection:", ...lines].join("\n");
}

const GOOD = withDetection("  sel:", "    f: a", "  condition: sel");

describe("readRuleFile", () => {
  it("reads what a rule says of itself", () => {
    const text = [
      "title: Shadow copies deleted",
      "id: 0f1c4f6e-9a5c-4a0a-8a5c-5a2f0f6f8f3e",
      "status: test",
      "description: |",
      "  Says why.",
      "references: [https://example.org/]",
      "tags: [attack.defense_evasion, attack.t1070.001, cve.2026-1, attack.g0016]",
      "logsource: { product: Windows, category: Process_Creation }",
      "falsepositives: backup",
      "level: High",
      "response: [look, act]",
      "detection: { sel: { f: a }, condition: sel, timeframe: 5m }",
    ].join("\n");
    const { rules, faults } = readRuleFile(text, "pack/a.yml");
    expect(faults).toEqual([]);
    expect(rules[0]).toMatchObject({
      place: "pack/a.yml:1:1",
      inactive: undefined,
      logSource: { product: "windows", category: "process_creation", service: undefined },
      info: {
        id: "0f1c4f6e-9a5c-4a0a-8a5c-5a2f0f6f8f3e",
        kind: "sigma",
        title: "Shadow copies deleted",
        description: "Says why.",
        status: "test",
        level: "high",
        techniques: ["T1070.001"],
        tactics: ["defense-evasion"],
        falsePositives: ["backup"],
        references: ["https://example.org/"],
        response: ["look", "act"],
        origin: "pack/a.yml",
      },
    });
  });

  it("keeps what has no part in matching", () => {
    const text = [
      GOOD,
      "author: Jane Doe",
      "license: MIT",
      "date: 2026-01-31",
      "modified: 2026-02-01",
      "taxonomy: ecs",
      "fields: [CommandLine, User]",
      "scope: [server]",
      "tags: [attack.T1059, CVE.2026-1]",
      "related: [{ id: x, type: obsoletes }, { id: y, type: derived }, { id: z, type: cousin }, no]",
      "owner: Werk 1",
      "ticket: { number: 7 }",
      "regression_tests_path: a/b",
    ].join("\n");
    expect(readRuleFile(text, "a.yml").rules[0]?.attributes).toEqual({
      author: "Jane Doe",
      license: "MIT",
      date: "2026-01-31",
      modified: "2026-02-01",
      taxonomy: "ecs",
      definition: undefined,
      fields: ["CommandLine", "User"],
      scope: ["server"],
      tags: ["attack.t1059", "cve.2026-1"],
      related: [
        { id: "x", type: "obsolete" },
        { id: "y", type: "derived" },
      ],
      custom: { owner: "Werk 1", ticket: { number: 7 }, regression_tests_path: "a/b" },
    });
    expect(readRuleFile(GOOD, "a.yml").rules[0]?.attributes).toMatchObject({
      author: undefined,
      taxonomy: "sigma",
      fields: [],
      related: [],
      custom: {},
    });
  });

  it("keeps custom attributes only as far as they are of a bounded size", () => {
    const large = `large: ${"x".repeat(20_000)}`;
    const endless = "endless: &e [*e]";
    const proto = "__proto__: { polluted: yes }";
    const text = [GOOD, large, endless, proto, "small: 1"].join("\n");
    const custom = readRuleFile(text, "a.yml").rules[0]?.attributes.custom ?? {};
    expect(Object.keys(custom)).toEqual(expect.arrayContaining(["small"]));
    expect(Object.keys(custom)).not.toContain("large");
    expect("polluted" in custom).toBe(false);
  });

  it.each([
    ["9007199254740993", "9007199254740993"],
    ["-12345678901234567890", "-12345678901234567890"],
    ["0xFFFFFFFFFFFFFFFF", "18446744073709551615"],
    ["4688", "4688"],
    ["0x1F", "31"],
    ["1.5", "1.5"],
    ["yes", "yes"],
    ["2026-01-31", "2026-01-31"],
    ["1e3", "1000"],
  ])("reads the value %s as the text %s", (written, shown) => {
    const text = withDetection(`  sel: { f: ${written} }`, "  condition: sel");
    expect(readRuleFile(text, "a.yml").rules[0]?.tree).toMatchObject({
      item: { patterns: [{ pieces: [shown] }] },
    });
  });

  it("fills in what a rule may leave out", () => {
    const { rules } = readRuleFile(GOOD, "a.yml");
    expect(rules[0]?.info).toMatchObject({ level: "medium", id: "a.yml#A rule", techniques: [] });
  });

  it.each([
    ["no mapping", "- a", "1:1", "expected a rule: keys and values"],
    ["no title", "id: a\nlogsource: {}", "1:1", "expected title: a text"],
    ["an empty title", "id: a\ntitle: ' '", "2:1", "expected title: a text"],
    ["no logsource", "title: a", "1:1", "expected logsource: keys and values"],
    ["a logsource that is a text", "title: a\nlogsource: windows", "2:1", "expected logsource"],
    ["no detection", HEAD.join("\n"), "1:1", "expected detection: keys and values"],
    ["a level that is none", `${GOOD}\nlevel: severe`, "8:1", "expected level: one of"],
    ["no condition", withDetection("  sel: { f: a }"), "4:1", "expected condition: a text"],
    [
      "a condition with an unknown name",
      withDetection("  sel: { f: a }", "  condition: sel and nope"),
      "6:3",
      "condition, position 9",
    ],
    [
      "an aggregation",
      withDetection("  sel: { f: a }", "  condition: sel | count() > 5"),
      "6:3",
      "replaced by correlation rules",
    ],
    [
      "an unknown modifier",
      withDetection("  sel:", "    a: b", "    f|containz: a", "  condition: sel"),
      "7:5",
      'unknown modifier "containz"',
    ],
    [
      "a fault in the second map of a list",
      withDetection("  sel:", "    - f: a", "    - f|lt: many", "  condition: sel"),
      "7:7",
      'expected a number, found "many"',
    ],
    [
      "a value that is a map",
      withDetection("  sel:", "    f:", "      g: a", "  condition: sel"),
      "6:5",
      "expected a value or a list of values",
    ],
    [
      "an empty list of conditions",
      withDetection("  sel: { f: a }", "  condition: []"),
      "6:3",
      "expected condition: a text",
    ],
    [
      "an empty selection",
      withDetection("  sel: {}", "  condition: sel"),
      "5:3",
      "expected at least one field",
    ],
    [
      "an empty list",
      withDetection("  sel: []", "  condition: sel"),
      "5:3",
      "expected at least one entry",
    ],
    [
      "a key that is there twice",
      withDetection("  sel: { f: a }", "  sel: { f: b }", "  condition: sel"),
      "6:3",
      "stands twice",
    ],
    ["no YAML", "title: 'a", "1:10", "Missing closing 'quote"],
  ])("names file, line and column of %s", (_name, text, place, message) => {
    const { rules, faults } = readRuleFile(text, "a.yml");
    expect(rules).toEqual([]);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ code: "HW_RULE_INVALID", place: `a.yml:${place}` });
    expect(faults[0]?.message).toContain(message);
  });

  it("reads on behind a bad rule and counts lines over the whole file", () => {
    const bad = withDetection("  sel: { f|x: a }", "  condition: sel");
    const second = GOOD.replace("A rule", "Another");
    const { rules, faults } = readRuleFile([GOOD, bad, second].join("\n---\n"), "a.yml");
    expect(rules.map((rule) => [rule.info.title, rule.place])).toEqual([
      ["A rule", "a.yml:1:1"],
      ["Another", "a.yml:16:1"],
    ]);
    expect(faults).toEqual([
      {
        code: "HW_RULE_INVALID",
        place: "a.yml:13:10",
        title: "A rule",
        message: 'unknown modifier "x"',
      },
    ]);
  });

  it("knows correlations and filters by their kind and lets rules beside them through", () => {
    const correlation =
      "title: Many\ncorrelation:\n  type: temporal\n  rules: [a, b]\n  timespan: 1m";
    const filter =
      "title: Not ours\nlogsource: { product: windows }\nfilter:\n  rules: [a]\n  s: { f: x }\n  condition: not s";
    const { rules, faults, correlations, filters } = readRuleFile(
      [correlation, filter, GOOD].join("\n---\n"),
      "a.yml",
    );
    expect(faults).toEqual([]);
    expect(rules).toHaveLength(1);
    expect(correlations).toMatchObject([{ place: "a.yml:1:1", info: { title: "Many" } }]);
    expect(filters).toMatchObject([{ place: "a.yml:7:1", title: "Not ours" }]);
  });

  it("reads maps of many keys in a time that grows with their number", () => {
    const many = (count: number) =>
      withDetection(
        ...Array.from({ length: count }, (_, at) => `  s${at}: { f: a }`),
        "  condition: s0",
      );
    expect(readRuleFile(many(30_000), "a.yml").faults).toEqual([]);
  });

  it("passes over empty documents", () => {
    for (const text of ["", "---\n---\n", "# nothing"]) {
      expect(readRuleFile(text, "a.yml")).toEqual({
        rules: [],
        correlations: [],
        filters: [],
        faults: [],
      });
    }
  });

  it("ORs several conditions", () => {
    const text = withDetection("  a: { f: a }", "  b: { f: b }", "  condition: [a, b]");
    expect(readRuleFile(text, "a.yml").rules[0]?.tree).toMatchObject({
      kind: "or",
      children: [{ item: { field: "f" } }, { item: { field: "f" } }],
    });
  });

  it.each([
    ["nested lists", `${"[".repeat(50_000)}${"]".repeat(50_000)}`],
    ["nested maps", "{a: ".repeat(50_000)],
    [
      "aliases that multiply",
      `a: &a [x,x,x,x,x,x,x,x,x,x]\n${[..."bcdefgh"]
        .map((name, at) => {
          const before = "abcdefgh"[at] ?? "";
          return `${name}: &${name} [${Array(10).fill(`*${before}`).join(",")}]`;
        })
        .join("\n")}`,
    ],
    [
      "values that become very many",
      withDetection(`  sel: { f|windash: [${"-a -b -c,".repeat(5000)}x] }`, "  condition: sel"),
    ],
    [
      "selections in selections",
      withDetection(`  sel: ${"[".repeat(40)}{f: a}${"]".repeat(40)}`, "  condition: sel"),
    ],
  ])("gives a fault for hostile YAML: %s", (_name, text) => {
    const { rules, faults } = readRuleFile(text, "a.yml");
    expect([rules.length, faults.length]).toEqual([0, 1]);
    expect(faults[0]?.place).toMatch(/^a\.yml:\d+:\d+$/);
  });

  it("keeps the prototype clean", () => {
    readRuleFile("__proto__: { polluted: yes }\ntitle: a", "a.yml");
    readRuleFile(withDetection("  __proto__: { f: a }", "  condition: __proto__"), "a.yml");
    expect(Object.hasOwn(Object.prototype, "polluted") || "f" in {}).toBe(false);
  });
});
