import { describe, expect, it } from "vitest";
import { createSigmaEngine } from "../../../detectors/sigma/engine.ts";
import { createNormalizer, eventOrThrow } from "../../../services/normalize/normalizer.ts";
import { engineOf, eventOf, fires, ruleOf } from "./fixture.ts";

describe("keywords", () => {
  it.each([
    [["needle"], { any: "a NEEDLE b" }, true],
    [["needle"], { deep: { list: [{ text: "needle" }] } }, true],
    [["needle", "other"], { f: "the other" }, true],
    [["need*end"], { f: "a needle without end b" }, true],
    [["needle"], { needle: "x" }, false],
    [["a b"], { f: "a", g: "b" }, false],
    [[4688], { id: 4688 }, true],
    [['say "hi"\\n'], { f: 'say "hi"\\n' }, true],
    ["needle", { f: "needle" }, true],
    [{ "|all": ["a", "b"] }, { f: "a", g: "b" }, true],
    [{ "|all": ["a", "b"] }, { f: "a" }, false],
    [{ "|re": "ne{2}dle" }, { f: "needle" }, true],
    [["über"], { f: "ÜBER" }, true],
  ])("%j on %j: %s", (selection, record, expected) => {
    expect(fires(selection, record)).toBe(expected);
  });

  it.each([
    [
      "auditd's hexadecimal",
      `type=PROCTITLE msg=audit(1772368200.123:7): proctitle=${Buffer.from("cat\0/etc/shadow").toString("hex")}`,
      "/etc/shadow",
    ],
    [
      "entities in XML",
      `<Event><System><EventID>1</EventID></System><EventData><Data Name="CommandLine">a &amp;&amp; b</Data></EventData></Event>`,
      "a && b",
    ],
    ["escapes in JSON", String.raw`{"message":"\u0077hoami \/all"}`, "whoami /all"],
  ])("are found behind %s", (_name, text, keyword) => {
    const raw = { id: "1", idFromSender: false, source: "test", timeZone: "UTC", text };
    const receivedAt = Date.UTC(2026, 2, 2);
    const made = createNormalizer({ mappings: [] }).normalize({ ...raw, receivedAt }, "kreis");
    expect(
      engineOf([ruleOf({ k: [keyword], condition: "k" })]).match(eventOrThrow(made).event),
    ).toHaveLength(1);
  });
});

describe("explain", () => {
  it("names the fields, values and patterns that made a rule true", () => {
    const rule = ruleOf({
      a: { "f|endswith": ["\\x.exe", "\\cmd.exe"], "g|contains|all": ["one", "two"] },
      b: { "h|exists": true, n: null },
      other: { f: "other" },
      k: ["key"],
      condition: "a and b and k and not other",
    });
    const [match] = engineOf([rule]).match(
      eventOf({ f: "C:\\CMD.exe", g: "Two One", h: 5, z: "the KEY" }),
    );
    expect(match?.explain()).toEqual([
      { field: "f", value: "C:\\CMD.exe", operator: "endswith", pattern: "\\cmd.exe" },
      { field: "g", value: "Two One", operator: "contains|all", pattern: "one" },
      { field: "g", value: "Two One", operator: "contains|all", pattern: "two" },
      { field: "h", value: "5", operator: "exists", pattern: "true" },
      { field: "keywords", value: "the KEY", operator: "equals", pattern: "key" },
    ]);
  });
});

describe("createSigmaEngine", () => {
  it("tells of rules that can't be compiled and runs the others", () => {
    const bad = ruleOf({ s: { "f|re": "(a)\\1" }, condition: "s" });
    const network = ruleOf({ s: { "f|cidr": "here" }, condition: "s" });
    const good = ruleOf({ s: { f: "a" }, condition: "s" });
    const engine = createSigmaEngine({ rules: [bad, network, good], logSources: [] });
    expect(engine.faults.map(({ code, place }) => [code, place])).toEqual([
      ["HW_PATTERN_UNSAFE", "rule.yml:1:1"],
      ["HW_RULE_INVALID", "rule.yml:1:1"],
    ]);
    expect(engine.match(eventOf({ f: "a" }))).toHaveLength(1);
    expect(engine.tableBytes()).toBeGreaterThanOrEqual(0);
  });

  it("finds fields whose names hold spaces with and without them", () => {
    const engine = engineOf([ruleOf({ s: { "Threat Name": "x" }, condition: "s" })]);
    expect(engine.match(eventOf({ ThreatName: "x" }))).toHaveLength(1);
    expect(engine.match(eventOf({ "Threat Name": "x" }))).toHaveLength(1);
  });

  it("forgets one event before the next", () => {
    const engine = engineOf([ruleOf({ s: { f: "a", "g|re": "b+" }, condition: "s" })]);
    expect(engine.match(eventOf({ f: "a", g: "b" }))).toHaveLength(1);
    expect(engine.match(eventOf({ g: "b" }))).toHaveLength(0);
    expect(engine.match(eventOf({ f: "a" }))).toHaveLength(0);
    expect(engine.match(eventOf({ f: "a", g: "b" }))).toHaveLength(1);
  });
});
