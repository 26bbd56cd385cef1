// The linter on what rules look for, and on rules beside each other: for each code a rule that gives rise to
// it, and one that nearly does.
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

describe("what a condition makes of its selections", () => {
  it.each<[string, string, LintCode, string]>([
    [
      "a selection that nothing asks for",
      "s: { Image: a.exe }, t: { Image: b.exe }, condition: s",
      "selection-unused",
      "0.yml:7:35",
    ],
    [
      "a name that only begins the same",
      "s: { Image: a.exe }, sel: { Image: b.exe }, condition: s",
      "selection-unused",
      "0.yml:7:35",
    ],
    [
      "only exceptions",
      "s: { Image: a.exe }, condition: not s",
      "condition-negative",
      "0.yml:7:35",
    ],
    [
      "an exception beside a choice",
      "s: { Image: a.exe }, t: { User: b }, condition: s or not t",
      "condition-negative",
      "0.yml:7:51",
    ],
    [
      "a selection or its opposite",
      "s: { Image: a.exe }, condition: s or not s",
      "condition-always",
      "0.yml:7:35",
    ],
    [
      "a selection and its opposite",
      "s: { Image: a.exe, User: b }, condition: s and not s",
      "condition-impossible",
      "0.yml:7:44",
    ],
    [
      "two values of one field",
      "s: { EventID: 1 }, t: { EventID: [2, 3] }, condition: s and t",
      "condition-impossible",
      "0.yml:7:57",
    ],
    [
      "a value and another beginning",
      "s: { User: admin }, t: { User|startswith: svc_ }, condition: s and t",
      "condition-impossible",
      "0.yml:7:64",
    ],
    [
      "all values excluded",
      "s: { EventID: [1, 2] }, f: { EventID: [1, 2, 3] }, condition: s and not f",
      "condition-impossible",
      "0.yml:7:65",
    ],
    [
      "a field that is missing and has a value",
      "s: { User: null, Image: a.exe }, t: { User|contains: admin }, condition: s and t",
      "condition-impossible",
      "0.yml:7:76",
    ],
  ])("%s is told of", (_what, text, code, place) => {
    const found = check(detection(text)).findings.filter((one) => one.code === code);
    expect(found).toMatchObject([{ place }]);
  });

  it.each([
    [
      "selections named by a pattern",
      "sel_a: { Image: a.exe }, sel_b: { Image: b.exe }, condition: 1 of sel_*",
    ],
    ["selections named by them", "a: { Image: a.exe }, b: { Image: b.exe }, condition: 1 of them"],
    ["values that meet", "s: { EventID: [1, 2] }, t: { EventID: [2, 3] }, condition: s and t"],
    ["some values excluded", "s: { EventID: [1, 2] }, f: { EventID: 2 }, condition: s and not f"],
    [
      "a value in another case",
      "s: { User: ADMIN }, t: { User|startswith: adm }, condition: s and t",
    ],
    [
      "a value that case may tell apart",
      "s: { User: admin }, t: { User|re: '^ADM[IJ]' }, condition: s and t",
    ],
    ["several values of a list", "s: { User|all: [a1, b2] }, condition: s"],
    ["wildcards", "s: { Image: 'C:*' }, t: { Image: '*.exe' }, condition: s and t"],
    [
      "a reference to another field",
      "s: { User: a }, t: { User|fieldref: ParentUser }, condition: s and t",
    ],
  ])("%s are no contradiction", (_what, text) => {
    expect(codesOf(detection(text))).toEqual([]);
  });

  it("names the selection that contradicts itself", () => {
    const found = check(
      detection("s: { User: admin, User|endswith: $ }, o: { Image: a.exe }, condition: s or o"),
    );
    expect(found.findings).toContainEqual(
      expect.objectContaining({ code: "selection-contradicts", place: "0.yml:7:14", detail: "s" }),
    );
    expect(found.findings.map(({ code }) => code)).not.toContain("condition-impossible");
  });
});

describe("what a rule looks for", () => {
  it.each<[string, string, LintCode]>([
    ["a wildcard alone", "s: { Image: '*' }, condition: s", "rule-broad"],
    ["one character", "s: { CommandLine|contains: [whoami, a] }, condition: s", "rule-broad"],
    ["two characters", "s: { CommandLine|contains: -e }, condition: s", "rule-broad"],
    [
      "one of two that is too broad",
      "s: { Image: a.exe }, t: { User: '*' }, condition: s or t",
      "rule-broad",
    ],
    [
      "an expression without a text",
      "s: { Image: a.exe, CommandLine|re: '[0-9]{9}' }, condition: s",
      "regex-unfiltered",
    ],
    [
      "an expression for the slow engine",
      "s: { Image: a.exe, CommandLine|re: '[[:alpha:]]{3}x' }, condition: s",
      "regex-slow",
    ],
    [
      "an expression that is a text",
      "s: { CommandLine|re: '.*whoami\\.exe.*' }, condition: s",
      "regex-needless",
    ],
    ["keywords", "s: [mimikatz], condition: s", "cost-dear"],
  ])("%s is told of", (_what, text, code) => {
    expect(check(detection(text)).findings.map((one) => one.code)).toContain(code);
  });

  it.each([
    ["a wildcard beside a name", "s: { Image: '*', OriginalFileName: a.exe }, condition: s"],
    [
      "two characters beside a name",
      "s: { CommandLine|contains: -e, Image|endswith: '\\a.exe' }, condition: s",
    ],
    ["a sign that is rare", "s: { CommandLine|contains: 'ˣ' }, condition: s"],
    ["an expression with a text", "s: { CommandLine|re: 'whoami\\s+/[a-z]+' }, condition: s"],
    ["a number", "s: { ProcessId|lt: 10 }, condition: s"],
  ])("%s is good", (_what, text) => {
    expect(codesOf(detection(text))).toEqual([]);
  });

  it.each([
    ["^.*foo$", "|endswith|cased: foo"],
    ["^foo", "|startswith|cased: foo"],
    ["(?i)a\\.b", "|contains: a.b"],
    ["^foo$", "|cased: foo"],
  ])("says what would do instead of %s", (source, other) => {
    const { findings } = check(
      detection(`s: { Image: a.exe, User|re: '${source}' }, condition: s`),
    );
    expect(findings.find(({ code }) => code === "regex-needless")?.other).toBe(other);
  });

  it("grades rules by what they cost", () => {
    const { costs } = check(
      detection("s: { Image|endswith: '\\mimikatz.exe' }, condition: s"),
      detection("s: [mimikatz], condition: s"),
      detection("s: { Image: a }, condition: not s"),
    );
    expect(costs.map((cost) => [cost.class, cost.reasons])).toEqual([
      ["cheap", []],
      ["dear", ["keywords"]],
      ["medium", ["negation-only"]],
    ]);
  });
});

describe("the fields of a rule", () => {
  it.each<[string, string, LintCode | undefined, string]>([
    ["another case", "commandline", "field-misspelt", "CommandLine"],
    ["a slip", "ComandLine", "field-misspelt", "CommandLine"],
    ["a field of other events", "TargetFilename", "field-unknown", ""],
    ["a field of the event", "IntegrityLevel", undefined, ""],
    ["a field of the other event of the category", "NewProcessName", undefined, ""],
    ["a name of ECS", "process.command_line", undefined, ""],
  ])("with %s: %s", (_what, field, code, other) => {
    const { findings } = check(detection(`s: { ${field}: tool.exe }, condition: s`));
    const found = findings.filter((one) => one.code.startsWith("field-"));
    expect(found).toMatchObject(code === undefined ? [] : [{ code, other, place: "0.yml:7:19" }]);
  });

  it("are held against those of other rules where the events are not documented", () => {
    const logsource = "{ product: okta, service: okta }";
    const rule = (field: string) =>
      ruleText({ logsource, detection: `{ s: { ${field}: some.event }, condition: s }` });
    const used = Array.from({ length: 5 }, () => rule("eventtype"));
    const fields = (...texts: string[]) =>
      check(...texts).findings.filter(({ code }) => code.startsWith("field-"));
    expect(fields(...used, rule("eventTyp"))).toMatchObject([
      { place: "5.yml:7:19", other: "eventtype" },
    ]);
    expect(fields(...used, rule("outcome"))).toEqual([]);
    expect(fields(...used.slice(1), rule("eventTyp"))).toEqual([]);
  });
});

describe("rules beside each other", () => {
  const second = "7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c5e";

  it("whose id is taken are told of with the place of the first", () => {
    const { findings } = check(ruleText(), ruleText({ title: "Zweite" }));
    const found = findings.find(({ code }) => code === "id-duplicate");
    expect(found).toMatchObject({ place: "1.yml:2:1", title: "Zweite", other: "0.yml:1:1" });
  });

  it.each([
    ["another order", "b: { User: u, Image: [b, A] }, condition: b"],
    [
      "several selections",
      "x: { Image: a }, y: { Image: B }, z: { User: u }, condition: z and 1 of (x)".replace(
        "1 of (x)",
        "(x or y)",
      ),
    ],
    ["double negation", "b: { Image: [a, b], User: u }, condition: not (not b)"],
  ])("that mean the same in %s are duplicates", (_what, text) => {
    const one = detection("s: { Image: [a, b], User: u }, condition: s");
    const other = ruleText({ id: second, title: "Zweite", detection: `{ ${text} }` });
    const found = check(one, other).findings.find(({ code }) => code === "rule-duplicate");
    expect(found).toMatchObject({
      place: "1.yml:7:1",
      detail: "Werkzeug gestartet",
      other: "0.yml:1:1",
    });
  });

  it.each([
    ["another value", { detection: "{ s: { Image: [a, c], User: u }, condition: s }" }],
    ["another log source", { logsource: "{ product: windows }" }],
    ["another modifier", { detection: "{ s: { Image|contains: [a, b], User: u }, condition: s }" }],
  ])("with %s are none", (_what, changes) => {
    const one = detection("s: { Image: [a, b], User: u }, condition: s");
    const base = "{ s: { Image: [a, b], User: u }, condition: s }";
    const other = ruleText({ id: second, title: "Zweite", detection: base, ...changes });
    expect(codesOf(one, other)).not.toContain("rule-duplicate");
  });

  it("of one title tell which is part of the other", () => {
    const one = detection("s: { Image: a.exe, User: u }, condition: s");
    const other = ruleText({ id: second, detection: "{ s: { Image: a.exe }, condition: s }" });
    const found = check(one, other).findings.find(({ code }) => code === "rule-narrower");
    expect(found).toMatchObject({ place: "0.yml:7:1", other: "1.yml:1:1" });
  });

  it("of the pack are known, unless they are what is checked", () => {
    const file = { path: "a.yml", origin: "pack/a.yml", text: ruleText() };
    const own = { path: "b.yml", origin: "b.yml", text: ruleText({ id: second, title: "Zweite" }) };
    const beside = [file];
    const codes = (one: typeof file) =>
      checkRules([one], { logSources, beside }).findings.map(({ code }) => code);
    expect(codes(own)).toContain("rule-duplicate");
    expect(codes({ ...file, origin: "copy/a.yml" })).toEqual(["falsepositives-missing"]);
  });
});

describe("correlations and filters", () => {
  const joining = (id: string, name: string, rules: string) =>
    `title: ${name}\nid: 7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c${id}\nname: ${name}\nstatus: test\n` +
    `description: d\nlevel: high\ntags: [attack.t1110]\nfalsepositives: [x]\n` +
    `correlation: { type: temporal, rules: [${rules}], group-by: [User], timespan: 5m }\n`;
  const named = ruleText({ name: "tool" });
  const filter = (rules: string, logsource = "{ product: windows }") =>
    `title: Ausnahme\nid: 7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c60\nlogsource: ${logsource}\n` +
    `filter: { rules: ${rules}, selection: { User: wartung }, condition: not selection }\n`;

  it.each<[string, string[], LintCode, string]>([
    [
      "a rule that is not there",
      [named, joining("61", "a", "tool, tol")],
      "reference-unknown",
      "1.yml:9:46",
    ],
    [
      "a name that two have",
      [
        named,
        ruleText({
          name: "tool",
          id: "7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c62",
          detection: "{ s: { Image: z.exe }, condition: s }",
        }),
        joining("61", "a", "tool"),
      ],
      "reference-ambiguous",
      "2.yml:9:40",
    ],
    ["itself", [joining("61", "a", "a")], "reference-cycle", "0.yml:9:40"],
    [
      "itself by another",
      [joining("61", "a", "b"), joining("62", "b", "a")],
      "reference-cycle",
      "0.yml:9:40",
    ],
    [
      "the same rule twice",
      [named, joining("61", "a", "tool, 7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c5d")],
      "HW_RULE_INVALID",
      "1.yml:1:1",
    ],
  ])("that name %s are told of", (_what, texts, code, place) => {
    expect(check(...texts).findings).toContainEqual(expect.objectContaining({ code, place }));
  });

  it.each<[string, string[]]>([
    ["a rule by its name", [named, joining("61", "a", "tool")]],
    ["a rule by its id", [named, joining("61", "a", "7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c5d")]],
    [
      "a correlation with the same group",
      [named, joining("61", "a", "tool"), joining("62", "b", "a")],
    ],
    ["a rule in a filter", [named, filter("[tool]")]],
    ["any rule of a log source", [named, filter("any")]],
  ])("that name %s are good", (_what, texts) => {
    expect(codesOf(...texts)).toEqual([]);
  });

  it.each([
    ["nothing that is there", filter("[x]"), "0.yml:4:19", ""],
    [
      "a rule of another log source",
      filter("[tool]", "{ product: linux }"),
      "0.yml:4:19",
      "1.yml:1:1",
    ],
    ["any rule where there is none", filter("any", "{ product: linux }"), "0.yml:4:11", ""],
  ])("filters for %s are told of", (_what, text, place, other) => {
    const found = check(text, named).findings.find(({ code }) => code === "filter-unmatched");
    expect(found).toMatchObject({ place, other });
  });
});
