// How a rule's judgement is shown: every node with its truth, values and places; and that it never differs
// from what the engine says.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadLogSources } from "../../../config/log-sources.ts";
import type { LogEvent } from "../../../detectors/event.ts";
import { readRuleFile } from "../../../detectors/rule-file.ts";
import { createSigmaEngine } from "../../../detectors/sigma/engine.ts";
import {
  type ExplainedItem,
  type ExplainedNode,
  explainTree,
} from "../../../detectors/sigma/explain-tree.ts";
import { applyFilters } from "../../../detectors/sigma/filter.ts";
import { PLAIN_READING } from "../../../detectors/sigma/reading.ts";
import { createNormalizer, eventOrThrow } from "../../../services/normalize/normalizer.ts";
import { readSampleFolder } from "../../../services/rules/rule-samples.ts";
import { loadRuleSet, STARTER_PACK } from "../../../services/rules/rule-set.ts";
import { ruleText } from "../../support/rule-text.ts";

const logSources = loadLogSources();
const normalizer = createNormalizer({ mappings: [] });
const parse = (format: string, text: string): LogEvent =>
  eventOrThrow(
    normalizer.normalize(
      {
        id: "e",
        idFromSender: false,
        source: format,
        format,
        timeZone: "Europe/Berlin",
        receivedAt: Date.UTC(2026, 10, 21),
        text,
      },
      "t",
    ),
  ).event;
const event = (data: Record<string, unknown>) =>
  parse(
    "windows-flat",
    JSON.stringify({
      Channel: "Security",
      EventID: 4688,
      Hostname: "pc1",
      EventTime: "2026-11-20 10:00:00",
      ...data,
    }),
  );
const started = event({
  NewProcessName: "C:\\x\\tool.exe",
  CommandLine: "tool -a\tb",
  SubjectUserName: "mmuster",
});

function read(...texts: string[]) {
  const content = readRuleFile(texts.join("---\n"), "a.yml");
  expect(content.faults).toEqual([]);
  const [rule] = applyFilters(content.rules, content.filters, PLAIN_READING).rules;
  if (rule === undefined) throw new Error("no rule");
  return rule;
}
const ruleOf = (detection: string) => read(ruleText({ detection: `{ ${detection} }` }));
const explained = (detection: string, of = started) =>
  explainTree(ruleOf(detection), of, { logSources });

describe("an item", () => {
  it.each<[string, string, Partial<ExplainedItem>]>([
    [
      "a hit",
      "Image|endswith: '\\tool.exe'",
      { holds: true, place: "NewProcessName", values: ["C:\\x\\tool.exe"], matched: "\\tool.exe" },
    ],
    [
      "a miss",
      "Image|endswith: '\\word.exe'",
      { holds: false, place: "NewProcessName", matched: undefined },
    ],
    [
      "the pattern that holds",
      "CommandLine|contains: [x, tool]",
      { holds: true, patterns: ["x", "tool"], matched: "tool" },
    ],
    [
      "a missing field",
      "ParentCommandLine: x",
      { holds: false, place: undefined, values: undefined },
    ],
    [
      "what must be missing",
      "ParentCommandLine: null",
      { holds: true, values: undefined, matched: "null" },
    ],
    ["what must be there", "CommandLine|exists: true", { holds: true, matched: "true" }],
    ["a wildcard alone", "CommandLine: '*'", { holds: true }],
    ["another field", "NewProcessName|fieldref: Image", { holds: true, matched: "Image" }],
    ["a number", "EventID|gt: 4000", { holds: true, values: ["4688"] }],
  ])("shows %s", (_what, item, expected) => {
    const { condition } = explained(`s: { ${item} }, condition: s`);
    expect(condition).toMatchObject({ kind: "item", ...expected });
  });

  it("names the places where a field was looked for, best first", () => {
    const { condition } = explained("s: { ParentImage: x }, condition: s");
    expect(condition).toMatchObject({
      places: expect.arrayContaining(["ParentImage", "ParentProcessName"]),
    });
  });

  it("shows the value in which a keyword stands", () => {
    expect(explained("s: [nothing, mmuster], condition: s").condition).toMatchObject({
      field: undefined,
      holds: true,
      values: ["mmuster"],
      matched: "mmuster",
    });
    expect(explained("s: [nothing], condition: s").condition).toMatchObject({ values: undefined });
  });

  it("is not led astray by names that every object has", () => {
    expect(explained("s: { constructor: x, __proto__: y }, condition: s").fires).toBe(false);
  });
});

describe("a tree", () => {
  it("shows all nodes, also behind the one that decided", () => {
    const { condition, fires } = explained(
      "s: { Image: x, User: y }, f: { CommandLine|contains: tool }, condition: s and not f",
    );
    expect(fires).toBe(false);
    expect(condition).toMatchObject({
      kind: "and",
      holds: false,
      children: [
        { kind: "and", holds: false, children: [{ holds: false }, { holds: false }] },
        { kind: "not", holds: false, child: { kind: "item", holds: true } },
      ],
    });
  });

  it("bears the names of selections that are handed in", () => {
    const rule = ruleOf(
      "s: { Image: x }, filter_a: { User: y }, condition: s and not 1 of filter_*",
    );
    const selections = new Map([
      ["s", ruleOf("s: { Image: x }, condition: s").tree],
      ["filter_a", ruleOf("s: { User: y }, condition: s").tree],
    ]);
    expect(explainTree(rule, started, { logSources, selections }).condition).toMatchObject({
      name: undefined,
      children: [{ name: "s" }, { name: undefined, child: { name: "filter_a" } }],
    });
  });

  it("shows filters apart, and that they silence the rule", () => {
    const rule = read(
      ruleText(),
      "title: f\nid: f1\nlogsource: { product: windows }\nfilter: { rules: any, selection: { CommandLine|contains: tool }, condition: not selection }\n",
    );
    expect(explainTree(rule, started, { logSources })).toMatchObject({
      fires: false,
      condition: { kind: "item", holds: true },
      filters: [{ id: "f1", node: { kind: "not", holds: false } }],
    });
  });

  it("says which part of the log source the event does not have", () => {
    const rule = read(ruleText({ logsource: "{ product: linux, category: process_creation }" }));
    expect(explainTree(rule, started, { logSources })).toMatchObject({
      fires: false,
      condition: { holds: true },
      logSource: { holds: false, missing: ["product"], products: ["windows"] },
    });
  });
});

describe("the judgement", () => {
  it("is that of the engine on all samples of the starter pack, and each node follows from those below", async () => {
    const { rules, correlations } = await loadRuleSet([STARTER_PACK]);
    const joining = correlations.map(({ info }) => info.id);
    const byId = new Map(rules.map((rule) => [rule.info.id, rule]));
    const engine = createSigmaEngine({ rules, logSources });
    const samples = readSampleFolder("test/detectors/rules").rules;
    let fired = 0;
    for (const { rule: id, samples: own } of samples) {
      const rule = byId.get(id);
      // What correlations ask of several events is no tree of one rule.
      if (rule === undefined) {
        expect(joining).toContain(id);
        continue;
      }
      for (const { format, texts } of own) {
        const of = parse(format, texts[0] ?? "");
        const { fires, condition } = explainTree(rule, of, { logSources });
        expect(fires).toBe(engine.match(of).some(({ detector }) => detector.id === id));
        expectConsistent(condition);
        fired += fires ? 1 : 0;
      }
    }
    expect(fired).toBeGreaterThan(200);
  });

  it("is that of the engine on drawn conditions and values", () => {
    const value = fc.constantFrom("a", "ab", "b", "tool", "");
    const items = fc.record({
      field: fc.constantFrom("Image", "CommandLine", "User"),
      modifier: fc.constantFrom("", "|contains", "|startswith", "|cased"),
      value,
    });
    const condition = fc.constantFrom(
      "s and not t",
      "s or t",
      "1 of them",
      "all of them",
      "not s",
      "not (s and t)",
    );
    const fields = fc.record(
      {
        NewProcessName: value,
        CommandLine: fc.oneof(value, fc.array(value, { maxLength: 3 })),
        User: value,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(items, items, condition, fields, (one, other, joined, data) => {
        const written = ({ field, modifier, value: text }: typeof one) =>
          `{ ${field}${modifier}: '${text}' }`;
        const rule = ruleOf(`s: ${written(one)}, t: ${written(other)}, condition: ${joined}`);
        const of = event(data);
        const isHit = createSigmaEngine({ rules: [rule], logSources }).match(of).length > 0;
        expect(explainTree(rule, of, { logSources }).fires).toBe(isHit);
      }),
      { numRuns: 300 },
    );
  });
});

function expectConsistent(node: ExplainedNode): void {
  if (node.kind === "item") {
    expect(node.matched !== undefined).toBe(node.holds);
  } else if (node.kind === "not") {
    expect(node.holds).toBe(!node.child.holds);
    expectConsistent(node.child);
  } else {
    const truths = node.children.map(({ holds }) => holds);
    expect(node.holds).toBe(node.kind === "and" ? !truths.includes(false) : truths.includes(true));
    for (const child of node.children) expectConsistent(child);
  }
}
