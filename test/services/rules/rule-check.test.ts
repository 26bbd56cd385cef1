// Faults and warnings of rule files, each with the line and column that an editor can jump to.
import { describe, expect, it } from "vitest";
import { loadLogSources } from "../../../config/log-sources.ts";
import { checkRules, type RuleWarningCode } from "../../../services/rules/rule-check.ts";
import { ruleText } from "../../support/rule-text.ts";

const tables = loadLogSources();
const check = (...texts: string[]) =>
  checkRules(
    texts.map((text, at) => ({ path: `${at}.yml`, origin: `${at}.yml`, text })),
    tables,
  );

describe("a rule", () => {
  it("that is whole gives neither fault nor warning", () => {
    expect(check(ruleText())).toMatchObject({ files: 1, faults: [], warnings: [] });
  });

  it.each<[string, Record<string, string | undefined>, RuleWarningCode, string, string]>([
    ["without ATT&CK tags", { tags: "[car.2013-01]" }, "attack-missing", "0.yml:5:1", ""],
    ["without tags", { tags: undefined }, "attack-missing", "0.yml:1:1", ""],
    ["without an id", { id: undefined }, "id-missing", "0.yml:1:1", ""],
    ["whose id is a number", { id: "17" }, "id-no-uuid", "0.yml:2:1", "0.yml#Werkzeug gestartet"],
    ["whose id is a name", { id: "tool" }, "id-no-uuid", "0.yml:2:1", "tool"],
    ["of unknown status", { status: "finished" }, "status-unknown", "0.yml:3:1", "finished"],
    ["without a description", { description: undefined }, "description-missing", "0.yml:1:1", ""],
    ["with an empty description", { description: "''" }, "description-missing", "0.yml:4:1", ""],
    ["without a level", { level: undefined }, "level-missing", "0.yml:1:1", ""],
    [
      "on a log source that nothing reaches",
      { logsource: "{ product: vms, service: audit }" },
      "logsource-unreached",
      "0.yml:6:1",
      "vms / audit",
    ],
    [
      "with a placeholder that has no values",
      { detection: "{ selection: { User|expand: '%admins%' }, condition: selection }" },
      "inactive",
      "0.yml:7:1",
      "no values for the placeholder %admins%",
    ],
  ])("%s is warned of", (_what, changes, code, place, detail) => {
    const { faults, warnings } = check(ruleText(changes));
    expect(faults).toEqual([]);
    expect(warnings).toMatchObject([{ code, place, detail }]);
  });

  it("whose id is taken is warned of with the place of the first", () => {
    const { warnings } = check(ruleText(), ruleText({ title: "Zweite" }));
    expect(warnings).toEqual([
      { code: "id-duplicate", place: "1.yml:2:1", title: "Zweite", detail: "0.yml:1:1" },
    ]);
  });

  it("in the second document of a file is placed there", () => {
    const { warnings } = check(`${ruleText()}---\n${ruleText({ id: "x", level: undefined })}`);
    expect(warnings.map(({ code, place }) => [code, place])).toEqual([
      ["id-no-uuid", "0.yml:11:1"],
      ["level-missing", "0.yml:10:1"],
    ]);
  });

  it("with quoted keys in braces is read as well", () => {
    const text = `{"title": "t", "id": "x", "status": "test", "description": "d", "tags": ["attack.t1059"],
 "logsource": {}, "detection": {"s": {"a": 1}, "condition": "s"}, "level": "low"}`;
    expect(check(text).warnings.map(({ code, place }) => [code, place])).toEqual([
      ["id-no-uuid", "0.yml:1:16"],
    ]);
  });
});

describe("a fault", () => {
  it.each([
    ["YAML", "title: 'x", /^0\.yml:1:\d+$/, "HW_RULE_INVALID"],
    ["a level", ruleText({ level: "severe" }), /^0\.yml:8:1$/, "HW_RULE_INVALID"],
    [
      "a pattern that can't be run in linear time",
      ruleText({ detection: "{ s: { Image|re: '(a+)\\1(?=b)' }, condition: s }" }),
      /^0\.yml:1:1$/,
      "HW_PATTERN_UNSAFE",
    ],
  ])("in %s has place and code, and stops no other rule", (_what, text, place, code) => {
    const { faults, rules, files } = check(text, ruleText({ title: "gut" }));
    expect(faults).toMatchObject([{ code, place: expect.stringMatching(place) }]);
    expect(rules.map(({ info }) => info.title)).toEqual(["gut"]);
    expect(files).toBe(2);
  });

  it("leaves the other rules of its file", () => {
    const { faults, rules } = check(`${ruleText({ level: "severe" })}---\n${ruleText()}`);
    expect(faults).toHaveLength(1);
    expect(rules).toHaveLength(1);
  });
});

it("tells correlations from rules", () => {
  const { correlations, rules } = check(
    "title: many\ncorrelation: { type: event_count, rules: [a], group-by: [b], timespan: 1m, condition: { gte: 5 } }\n",
  );
  expect(correlations).toMatchObject([{ place: "0.yml:1:1", info: { title: "many" } }]);
  expect(rules).toEqual([]);
});
