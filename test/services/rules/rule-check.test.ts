// The linter on the form of rules: for each code a rule that gives rise to it, and one that nearly does.
// Places are those that an editor jumps to.
import { describe, expect, it } from "vitest";
import { loadLogSources } from "../../../config/log-sources.ts";
import { INSERT_NAMES } from "../../../services/normalize/windows/windows-inserts.ts";
import type { LintCode } from "../../../services/rules/lint-finding.ts";
import { checkRules } from "../../../services/rules/rule-check.ts";
import { ruleText } from "../../support/rule-text.ts";

const logSources = loadLogSources();
const check = (...texts: string[]) =>
  checkRules(
    texts.map((text, at) => ({ path: `${at}.yml`, origin: `${at}.yml`, text })),
    { logSources, eventFields: INSERT_NAMES },
  );

/** Notes are about taste; tests that are not about one pass them over. */
const USUAL_NOTES = new Set<LintCode>(["falsepositives-missing", "cost-dear", "status-missing"]);
const codesOf = (...texts: string[]) =>
  check(...texts).findings.flatMap(({ code }) => (USUAL_NOTES.has(code) ? [] : [code]));
const detection = (text: string) => ruleText({ detection: `{ ${text} }` });

it("says nothing of a rule that is whole", () => {
  expect(check(ruleText({ falsepositives: "[Wartung]" }))).toMatchObject({
    files: 1,
    faults: [],
    findings: [],
  });
});

describe("the form of a rule", () => {
  it.each<[string, Record<string, string | undefined>, LintCode, string, string]>([
    ["no ATT&CK tags", { tags: "[car.2013-01]" }, "attack-missing", "0.yml:5:1", ""],
    ["no tags", { tags: undefined }, "attack-missing", "0.yml:1:1", ""],
    ["no id", { id: undefined }, "id-missing", "0.yml:1:1", ""],
    ["an id that is a name", { id: "tool" }, "id-no-uuid", "0.yml:2:1", "tool"],
    ["an unknown status", { status: "finished" }, "status-unknown", "0.yml:3:1", "finished"],
    [
      "a status that is not loaded",
      { status: "deprecated" },
      "status-idle",
      "0.yml:3:1",
      "deprecated",
    ],
    ["no description", { description: undefined }, "description-missing", "0.yml:1:1", ""],
    ["an empty description", { description: "''" }, "description-missing", "0.yml:4:1", ""],
    ["no level", { level: undefined }, "level-missing", "0.yml:1:1", ""],
    ["a misspelt key", { refrences: "[a]" }, "key-misspelt", "0.yml:9:1", "refrences"],
    ["a key in another case", { Date: "2026-01-01" }, "key-misspelt", "0.yml:9:1", "Date"],
    ["references that are a text", { references: "a" }, "value-type", "0.yml:9:1", "references"],
    ["a repeated reference", { references: "[a, b, a]" }, "value-repeated", "0.yml:9:20", "a"],
    ["a long title", { title: "x".repeat(257) }, "title-long", "0.yml:1:1", "257"],
    ["an old date", { date: "2024/01/31" }, "date-invalid", "0.yml:9:1", "2024/01/31"],
    ["a day that is none", { modified: "2026-02-30" }, "date-invalid", "0.yml:9:1", "2026-02-30"],
    [
      "an unknown relation",
      { related: "[{ id: 7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c5e, type: similiar }]" },
      "related-invalid",
      "0.yml:9:55",
      "similiar",
    ],
    ["a tag without a name", { tags: "[attack.t1059, loud]" }, "tag-invalid", "0.yml:5:22", "loud"],
    [
      "a misspelt namespace",
      { tags: "[attack.t1059, atack.t1021]" },
      "tag-invalid",
      "0.yml:5:22",
      "atack.t1021",
    ],
    [
      "an unknown tactic",
      { tags: "[attack.executoin]" },
      "attack-unknown",
      "0.yml:5:8",
      "attack.executoin",
    ],
    [
      "a malformed technique",
      { tags: "[attack.t1059.1]" },
      "attack-unknown",
      "0.yml:5:8",
      "attack.t1059.1",
    ],
    [
      "a tactic of old",
      { tags: "[attack.defense-evasion]" },
      "attack-outdated",
      "0.yml:5:8",
      "attack.defense-evasion",
    ],
    [
      "a key that logsource has not",
      { logsource: "{ product: windows, categry: x }" },
      "key-unknown",
      "0.yml:6:32",
      "categry",
    ],
    [
      "a log source that nothing reaches",
      { logsource: "{ product: vms, service: audit }" },
      "logsource-unreached",
      "0.yml:6:1",
      "vms / audit",
    ],
    [
      "a placeholder without values",
      { detection: "{ selection: { User|expand: '%admins%' }, condition: selection }" },
      "inactive",
      "0.yml:7:1",
      "no values for the placeholder %admins%",
    ],
  ])("with %s is told of", (_what, changes, code, place, detail) => {
    const { faults, findings } = check(ruleText(changes));
    expect(faults).toEqual([]);
    expect(findings.filter((one) => !USUAL_NOTES.has(one.code))).toMatchObject([
      { code, place, detail },
    ]);
  });

  it.each<[string, Record<string, string>]>([
    ["a key of the site's own", { ticket: "4711" }],
    ["a key that is far from any other", { regression_tests_path: "a" }],
    ["a namespace of its own", { tags: "[attack.t1059, lkl.server]" }],
    [
      "groups, software and data sources",
      { tags: "[attack.g0016, attack.s0002, attack.ds0017, attack.t1059]" },
    ],
    ["a tactic with an underscore", { tags: "[attack.lateral_movement]" }],
    ["a leap day", { date: "2024-02-29" }],
    ["a title as long as may be", { title: "x".repeat(256) }],
    [
      "a definition of the log source",
      { logsource: "{ product: windows, category: process_creation, definition: x }" },
    ],
  ])("with %s is good", (_what, changes) => {
    expect(codesOf(ruleText(changes))).toEqual([]);
  });

  it("names what was probably meant", () => {
    const { findings } = check(ruleText({ status: "stabel", falsepositves: "[a]" }));
    const others = new Map(findings.map(({ code, other }) => [code, other]));
    expect(others.get("status-unknown")).toBe("stable");
    expect(others.get("key-misspelt")).toBe("falsepositives");
  });

  it("is looked at also where the rule can't be loaded", () => {
    const text = ruleText({ level: "severe", id: "12", tags: "[attack.T1059]" });
    const found = check(text).findings.map(({ code, other }) => [code, other]);
    expect(found).toContainEqual(["HW_RULE_INVALID", ""]);
    expect(found).toContainEqual(["id-no-uuid", ""]);
    expect(found).toContainEqual(["tag-invalid", "attack.t1059"]);
  });

  it("is placed in the second document of a file", () => {
    const { findings } = check(
      `${ruleText()}---\n${ruleText({ id: "x", level: undefined, title: "b" })}`,
    );
    const placed = findings.map(({ code, place }) => [code, place]);
    expect(placed).toContainEqual(["id-no-uuid", "0.yml:11:1"]);
    expect(placed).toContainEqual(["level-missing", "0.yml:10:1"]);
  });

  it("is that of the whole rule where a collection shares parts", () => {
    const shared = `action: global\n${ruleText({ detection: undefined })}`;
    const rest =
      "detection: { s: { Image: a.exe }, condition: s }\nid: 7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c5e\n";
    expect(codesOf(`${shared}---\n${rest}`)).toEqual([]);
  });
});

describe("a fault", () => {
  it.each([
    ["YAML", "title: 'x", /^0\.yml:1:\d+$/, "HW_RULE_INVALID"],
    ["a level", ruleText({ level: "severe" }), /^0\.yml:8:1$/, "HW_RULE_INVALID"],
    ["a list for a rule", "- a\n- b\n", /^0\.yml:1:1$/, "HW_RULE_INVALID"],
    [
      "a pattern that can't be run in linear time",
      ruleText({ detection: "{ s: { Image|re: [ok, '(a+)\\1(?=b)'] }, condition: s }" }),
      /^0\.yml:7:34$/,
      "HW_PATTERN_UNSAFE",
    ],
  ])("in %s has place and code, and stops no other rule", (_what, text, place, code) => {
    const { faults, findings, rules, files } = check(text, ruleText({ title: "gut" }));
    const expected = { code, place: expect.stringMatching(place) };
    expect(faults).toMatchObject([expected]);
    expect(findings).toContainEqual(expect.objectContaining({ ...expected, severity: "error" }));
    expect(rules.map(({ info }) => info.title)).toEqual(["gut"]);
    expect(files).toBe(2);
  });

  it("leaves the other rules of its file", () => {
    const { faults, rules } = check(`${ruleText({ level: "severe" })}---\n${ruleText()}`);
    expect(faults).toHaveLength(1);
    expect(rules).toHaveLength(1);
  });
});

describe("what the author has looked at", () => {
  it.each([
    ["an attribute", ruleText({ level: undefined, heidewacht: "{ ignore: [level-missing] }" })],
    ["one code alone", ruleText({ level: undefined, heidewacht: "{ ignore: level-missing }" })],
    ["a comment", `# heidewacht-ignore: level-missing\n${ruleText({ level: undefined })}`],
    [
      "a comment at the end of a line",
      ruleText({ level: undefined, title: "x # heidewacht-ignore: level-missing" }),
    ],
  ])("is passed over by %s", (_what, text) => {
    expect(codesOf(text)).toEqual([]);
  });

  it("is looked at in its own document only", () => {
    const second = ruleText({
      level: undefined,
      id: undefined,
      title: "b",
      detection: "{ s: { Image: z.exe }, condition: s }",
    });
    expect(codesOf(`${ruleText()}---\n# heidewacht-ignore: id-missing\n${second}`)).toEqual([
      "level-missing",
    ]);
    expect(codesOf(`# heidewacht-ignore: id-missing\n${ruleText()}---\n${second}`).sort()).toEqual([
      "id-missing",
      "ignore-unused",
      "level-missing",
    ]);
  });

  it("tells of codes that are not there, and lets no error go", () => {
    expect(codesOf(ruleText({ heidewacht: "{ ignore: [level-mising] }" }))).toEqual([
      "ignore-unknown",
    ]);
    const impossible = "{ s: { User: a }, t: { User: b }, condition: s and t }";
    const text = ruleText({
      detection: impossible,
      heidewacht: "{ ignore: condition-impossible }",
    });
    expect(codesOf(text)).toEqual(["condition-impossible", "ignore-unused"]);
  });
});

describe("hostile rules", () => {
  const wide = Array.from({ length: 3000 }, (_one, at) => `v${at}`).join(", ");
  it.each([
    [
      "names of every object",
      "constructor: { __proto__: a }, toString: { hasOwnProperty: b }, condition: constructor or toString",
    ],
    ["words of the condition as names", "not: { Image: a.exe }, condition: 1 of them"],
    [
      "many alternatives against each other",
      `s: { User: [${wide}] }, t: { User: [${wide}, x] }, u: { User|contains: [${wide}] }, condition: s and t and not u`,
    ],
    [
      "deep parentheses",
      `s: { Image: a.exe }, condition: "${"not (".repeat(90)}s${")".repeat(90)}"`,
    ],
  ])("with %s end", (_what, text) => {
    expect(check(detection(text)).files).toBe(1);
  });

  it("that name a large selection thousands of times are told of and not looked into", () => {
    const names = Array.from({ length: 5000 }, () => "s").join(" or ");
    const found = check(detection(`s: { User: [${wide}] }, condition: ${names}`));
    expect(found.findings).toContainEqual(
      expect.objectContaining({ code: "rule-huge", place: "0.yml:7:1" }),
    );
    expect(found.costs).toEqual([]);
  });

  it("with anchors that unfold without end are refused", () => {
    const bomb = ["a: &a [x, x, x, x, x, x, x, x, x, x]"];
    for (const [at, name] of [..."bcdefgh"].entries()) {
      const before = "abcdefg"[at];
      bomb.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(", ")}]`);
    }
    expect(check(bomb.join("\n")).faults).toHaveLength(1);
  });
});
