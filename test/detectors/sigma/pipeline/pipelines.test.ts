// Pipelines as a whole: their order, what they share, rules and events through them from end to end, and
// correlations.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readRuleFile } from "../../../../detectors/rule-file.ts";
import { applyFilters } from "../../../../detectors/sigma/filter.ts";
import { joinPipelines } from "../../../../detectors/sigma/pipeline/pipelines.ts";
import { readPipeline } from "../../../../detectors/sigma/pipeline/read-pipeline.ts";
import { PLAIN_READING, type RuleReading } from "../../../../detectors/sigma/reading.ts";
import { engineOf, eventOf } from "../fixture.ts";
import { LOG_SOURCE, pipelineOf, ruleThrough, shown } from "./fixture.ts";

function joined(...texts: string[]) {
  return joinPipelines(
    texts.map((text) => {
      const { pipeline, faults } = readPipeline(text, "p.yml");
      if (pipeline === undefined) throw new Error(faults[0]?.message);
      return pipeline;
    }),
  );
}

describe("several pipelines", () => {
  const rename = (priority: number, from: string, to: string) =>
    `priority: ${priority}\ntransformations: [{ type: field_name_mapping, mapping: { ${from}: ${to} } }]`;

  it("come in the order of their priorities, of equal ones in the order given", () => {
    const treeOf = (...texts: string[]) => {
      const rule = ruleThrough(joined(...texts), { s: { a: 1 }, condition: "s" });
      return typeof rule === "string" ? rule : shown(rule.tree);
    };
    expect(treeOf(rename(20, "b", "c"), rename(10, "a", "b"))).toBe("c=1");
    expect(treeOf(rename(10, "b", "c"), rename(20, "a", "b"))).toBe("b=1");
    expect(treeOf(rename(10, "a", "b"), rename(10, "b", "c"))).toBe("c=1");
  });

  it("share their variables and their state", () => {
    const pipeline = joined(
      "priority: 2\ntransformations:\n  - type: value_placeholders\n    rule_conditions: [{ type: processing_state, key: k, val: 1 }]",
      "vars: { x: seven }\ntransformations: [{ type: set_state, key: k, val: 1 }]",
    );
    const rule = ruleThrough(pipeline, { s: { "f|expand": "%x%" }, condition: "s" });
    expect(typeof rule === "string" ? rule : shown(rule.tree)).toBe("f=seven");
  });

  it("remember nothing from one rule to the next", () => {
    const pipeline = joined(
      [
        "transformations:",
        "  - { type: field_name_mapping, mapping: { f: x }, rule_conditions: [{ type: processing_state, key: k, val: 1 }] }",
        "  - { type: set_state, key: k, val: 1 }",
      ].join("\n"),
    );
    for (let round = 0; round < 2; round += 1) {
      const rule = ruleThrough(pipeline, { s: { f: 1 }, condition: "s" });
      expect(typeof rule === "string" ? rule : shown(rule.tree)).toBe("f=1");
    }
  });

  it("are none where there is nothing to do", () => {
    expect(joined("{}", "name: a")).toBeUndefined();
    expect(joinPipelines([])).toBeUndefined();
  });
});

// A site whose agent writes Windows events as JSON of its own.
const SITE = `
name: agent of the site
priority: 10
vars:
  terminal_servers: [TS-*, rds.example.org]
transformations:
  - id: names
    type: field_name_mapping
    mapping:
      Image: proc.path
      CommandLine: [proc.args, proc.cmd]
      User: user.name
      ParentImage: parent.path
      Computer: host
    rule_conditions: [{ type: logsource, product: windows }]
  - id: own_source
    type: change_logsource
    product: site
    service: agent
    rule_conditions: [{ type: processing_item_applied, processing_item_id: names }]
  - id: slashes
    type: replace_string
    regex: '\\\\'
    replacement: /
    field_name_conditions: [{ type: include_fields, fields: [proc.path, parent.path] }]
  - id: starts_only
    type: add_condition
    conditions: { kind: start }
    rule_conditions: [{ type: logsource, product: site }]
  - id: servers
    type: value_placeholders
    include: [terminal_servers]
`;

const RULE = `
title: Shell of an office program
id: rule-1
logsource: { product: windows, category: process_creation }
detection:
  selection:
    Image|endswith: '\\cmd.exe'
    CommandLine|contains: [' /c ', powershell]
  parent:
    ParentImage|endswith: ['\\winword.exe', '\\excel.exe']
  filter_servers:
    Computer|expand: '%terminal_servers%'
  condition: selection and parent and not 1 of filter_*
`;
const FILTER = `
title: Software distribution
id: filter-1
logsource: { product: windows }
filter:
  rules: [rule-1]
  selection: { User: svc-deploy }
  condition: not selection
`;
const CORRELATION = `
title: Many
correlation:
  type: value_count
  rules: [rule-1]
  group-by: [Computer, who, CommandLine]
  aliases: { who: { rule-1: User } }
  timespan: 5m
  condition: { field: Image, gte: 3 }
`;

const reading: RuleReading = { ...PLAIN_READING, pipeline: joined(SITE) };

describe("a site's pipeline", () => {
  const { rules, filters, faults, correlations } = readRuleFile(
    [RULE, FILTER, CORRELATION].join("\n---\n"),
    "r.yml",
    reading,
  );
  const filtered = applyFilters(rules, filters, reading);
  const engine = engineOf(filtered.rules.map((rule) => ({ ...rule, logSource: NO_SOURCE })));
  const record = {
    kind: "start",
    host: "pc-7",
    "proc.path": "C:/Windows/System32/cmd.exe",
    "proc.args": "cmd /c dir",
    "parent.path": "C:/Office/WINWORD.EXE",
    "user.name": "meier",
  };
  const hits = (changes: Record<string, string>) =>
    engine.match(eventOf({ ...record, ...changes })).length;

  it("reads rule, filter and correlation without a fault", () => {
    expect([faults, filtered.faults]).toEqual([[], []]);
    expect(rules[0]).toMatchObject({
      logSource: { product: "site", category: undefined, service: "agent" },
      writtenLogSource: LOG_SOURCE,
    });
    expect(filtered.rules[0]?.filteredBy).toEqual(["filter-1"]);
  });

  it.each<[string, Record<string, string>, number]>([
    ["hits what it should", {}, 1],
    ["finds the other name of a field", { "proc.args": "x", "proc.cmd": "POWERSHELL -c" }, 1],
    ["asks for what the pipeline adds", { kind: "stop" }, 0],
    ["knows the placeholder's values", { host: "ts-04" }, 0],
    ["keeps the rule's own conditions", { "parent.path": "C:/x/explorer.exe" }, 0],
    ["maps the filter's fields, too", { "user.name": "SVC-Deploy" }, 0],
    [
      "does not hit names of before",
      { "proc.path": "", Image: "C:\\Windows\\System32\\cmd.exe" },
      0,
    ],
  ])("%s", (_what, changes, expected) => {
    expect(hits(changes)).toBe(expected);
  });

  it("maps what a correlation groups by and counts", () => {
    const [correlation] = correlations;
    if (correlation === undefined || reading.pipeline === undefined) throw new Error("none");
    const shaped = reading.pipeline.shapeCorrelation(correlation, [
      { product: "windows", category: undefined, service: undefined },
    ]);
    expect(shaped.groupBy).toEqual(["host", "who", "proc.args", "proc.cmd"]);
    expect([...(shaped.aliases.get("who")?.values() ?? [])]).toEqual(["user.name"]);
    expect(shaped.fields).toEqual(["proc.path"]);
    const other = reading.pipeline.shapeCorrelation(correlation, []);
    expect(other.groupBy).toEqual(correlation.groupBy);
  });

  it("refuses several names where a correlation can have one only", () => {
    const [correlation] = correlations;
    if (correlation === undefined) throw new Error("none");
    const pipeline = pipelineOf([
      { type: "field_name_mapping", id: "m", mapping: { Image: ["a", "b"] } },
    ]);
    expect(() => pipeline?.shapeCorrelation(correlation, [])).toThrow(
      'step "m": "Image" has several names, which a correlation can\'t use here',
    );
  });
});

const NO_SOURCE = { product: undefined, category: undefined, service: undefined };

describe("rules through pipelines", () => {
  const field = fc.constantFrom("f", "g", "h");
  const value = fc.oneof(
    fc.string({ unit: fc.constantFrom("a", "b", "*", "?", "\\"), maxLength: 4 }),
    fc.integer({ min: 0, max: 3 }),
    fc.constant(null),
  );
  const key = fc
    .tuple(
      field,
      fc.constantFrom("", "|contains", "|endswith", "|neq", "|contains|all", "|windash"),
    )
    .map((parts) => parts.join(""));
  const map = fc.dictionary(key, fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 3 })), {
    minKeys: 1,
    maxKeys: 3,
    noNullPrototype: true,
  });
  const detection = fc.record({
    a: fc.oneof(map, fc.array(map, { minLength: 1, maxLength: 2 })),
    b: map,
    condition: fc.constantFrom("a", "a and not b", "1 of them", "not a or b"),
  });

  it("are the same after a pipeline whose steps are meant for others", () => {
    const steps = [
      { type: "field_name_prefix", prefix: "x" },
      { type: "drop_detection_item" },
      { type: "set_value", value: "x" },
      { type: "add_condition", conditions: { h: 1 } },
    ].map((step) => ({ ...step, rule_conditions: [{ type: "logsource", product: "vms" }] }));
    const pipeline = pipelineOf(steps);
    fc.assert(
      fc.property(detection, (one) => {
        expect(ruleThrough(pipeline, one)).toEqual(ruleThrough(undefined, one));
      }),
    );
  });

  it("are the same after renaming there and back, but for what signs of it", () => {
    const pipeline = pipelineOf([
      { type: "field_name_prefix", prefix: "p." },
      { type: "field_name_prefix_mapping", mapping: { "p.": "" } },
      { type: "replace_string", regex: "(.)", replacement: String.raw`\1` },
    ]);
    fc.assert(
      fc.property(detection, (one) => {
        const [before, after] = [ruleThrough(undefined, one), ruleThrough(pipeline, one)];
        if (typeof before === "string" || typeof after === "string") {
          expect(after).toBe(before);
        } else {
          expect(shown(after.tree)).toBe(shown(before.tree));
        }
      }),
    );
  });
});
