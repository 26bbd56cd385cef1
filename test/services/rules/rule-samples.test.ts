// Samples that prove a rule: what they must look like, and every way in which they can fail.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../config/errors.ts";
import { loadLogSources } from "../../../config/log-sources.ts";
import type { LogEvent } from "../../../detectors/event.ts";
import { readRuleFile } from "../../../detectors/rule-file.ts";
import { createSigmaEngine } from "../../../detectors/sigma/engine.ts";
import { proveRules, readSampleFolder, readSamples } from "../../../services/rules/rule-samples.ts";
import { ruleText } from "../../support/rule-text.ts";

const GOOD = `rule: a
hits:
  - format: record
    text: tool.exe
misses:
  - { format: record, text: word.exe, why: an office program }
`;

describe("a sample file", () => {
  it("gives hits and misses with their places", () => {
    expect(readSamples(GOOD, "s.yml")).toEqual({
      rule: "a",
      place: "s.yml:1:1",
      samples: [
        { wanted: "hit", format: "record", texts: ["tool.exe"], place: "s.yml:3:5" },
        expect.objectContaining({ wanted: "miss", texts: ["word.exe"], place: "s.yml:6:5" }),
      ],
    });
  });

  it.each([
    ["is empty", "", "s.yml:1:1"],
    ["is no YAML", "rule: 'x", "s.yml:1:9"],
    ["has no misses", GOOD.slice(0, GOOD.indexOf("misses")), "s.yml:1:1"],
    [
      "has an empty list of hits",
      GOOD.replace(/hits:[\s\S]*misses/, "hits: []\nmisses"),
      "s.yml:2:7",
    ],
    ["does not say why a miss is one", GOOD.replace(", why: an office program", ""), "s.yml:6:5"],
    ["has a text that is a number", GOOD.replace("word.exe", "17"), "s.yml:6:29"],
    ["has neither one record nor several", GOOD.replace(/, text: [^},]+/, ""), "s.yml"],
    ["has a key that nobody reads", `${GOOD}note: x\n`, "s.yml:1:1"],
    [
      "multiplies its aliases",
      `a: &a [1, 1]\nb: &b [${"*a, ".repeat(60)}*a]\nc: [*b, *b, *b]`,
      "s.yml:1:1",
    ],
  ])("is refused when it %s", (_what, text, place) => {
    const read = readSamples(text, "s.yml");
    expect(read).toMatchObject({ code: "HW_RULE_INVALID" });
    expect(read.place).toContain(place);
  });

  it("is found in a folder, beside those that are faulty", () => {
    const folder = mkdtempSync(join(tmpdir(), "samples-"));
    mkdirSync(join(folder, "windows"));
    writeFileSync(join(folder, "windows", "a.yml"), GOOD);
    writeFileSync(join(folder, "b.yml"), "rule: 1");
    writeFileSync(join(folder, "notes.txt"), "nothing");
    const { rules, faults } = readSampleFolder(folder);
    rmSync(folder, { recursive: true });
    expect(rules.map(({ place }) => place)).toEqual([join(folder, "windows", "a.yml:1:1")]);
    expect(faults.map(({ place }) => place)).toEqual([join(folder, "b.yml:1:7")]);
    expect(() => readSampleFolder(folder)).toThrow(
      expect.objectContaining({ code: "HW_NOT_FOUND" }),
    );
  });
});

const shape = {
  id: "record",
  family: "windows",
  locate: (name: string) => [[name]],
};

function eventOf(format: string, text: string): LogEvent {
  if (format !== "record") throw new AppError("HW_CONFIG_INVALID", `no format is called ${format}`);
  return {
    id: "1",
    tenant: "kreis",
    source: "test",
    time: 0,
    ingestedAt: 0,
    shape,
    record: { Image: `C:\\${text}`, Channel: "Security", EventID: 4688 },
    text: undefined,
  };
}

const { rules, correlations } = readRuleFile(
  `${ruleText({ id: "a" })}---\n${ruleText({
    id: "b",
    title: "Jedes Programm",
    detection: "{ s: { Image|endswith: '.exe' }, condition: s }",
  })}---
title: Drei auf einmal
id: joining
correlation: { type: event_count, rules: [b], timespan: 1m, condition: { gte: 3 } }
`,
  "rules.yml",
);
const engine = createSigmaEngine({ rules, logSources: loadLogSources() });

function failuresOf(text: string) {
  const samples = readSamples(text, "s.yml");
  if (!("samples" in samples)) throw new Error(samples.message);
  return proveRules([samples], engine, correlations, eventOf);
}

describe("a rule", () => {
  it("that joins events is proven by several of them", () => {
    const samples = (hit: number, miss: number) =>
      [
        "rule: joining",
        `hits: [{ format: record, texts: [${"word.exe, ".repeat(hit)}] }]`,
        `misses: [{ format: record, texts: [${"word.exe, ".repeat(miss)}], why: too few }]`,
      ].join("\n");
    expect(failuresOf(samples(3, 2))).toEqual([]);
    expect(failuresOf(samples(2, 3)).map(({ reason }) => reason)).toEqual(["silent", "loud"]);
  });

  it("is proven by samples that do what they should", () => {
    expect(failuresOf(GOOD)).toEqual([]);
  });

  it.each<[string, string, object]>([
    [
      "does not exist",
      GOOD.replace("rule: a", "rule: c"),
      { reason: "no-rule", place: "s.yml:1:1" },
    ],
    [
      "is silent on a hit, naming those that fired",
      GOOD.replace("tool.exe", "other.exe"),
      { reason: "silent", place: "s.yml:3:5", others: ["Jedes Programm"] },
    ],
    [
      "fires on a near miss, naming what matched",
      GOOD.replace("word.exe", "tool.exe"),
      {
        reason: "loud",
        place: "s.yml:6:5",
        matched: [
          { field: "Image", operator: "endswith", pattern: "\\tool.exe", value: "C:\\tool.exe" },
        ],
      },
    ],
    [
      "has a sample that nobody can read",
      GOOD.replace("format: record", "format: runes"),
      { reason: "not-read", place: "s.yml:3:5", message: "no format is called runes" },
    ],
  ])("fails when it %s", (_what, text, failure) => {
    expect(failuresOf(text)).toMatchObject([failure]);
  });
});
