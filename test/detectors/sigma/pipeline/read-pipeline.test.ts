// What a pipeline's file has to look like: every fault with its place, all of them at once.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPipeline } from "../../../../detectors/sigma/pipeline/read-pipeline.ts";

const WHOLE = [
  "name: Site",
  "priority: 20",
  "allowed_backends: [any]",
  "vars:",
  "  admins: [adm-1, 7]",
  "  one: a",
  "transformations:",
  "  - id: map",
  "    type: field_name_mapping",
  "    mapping: { Image: proc.path, CommandLine: [cmd, args], null: message }",
  "    rule_conditions:",
  "      - { type: logsource, product: windows }",
  "postprocessing:",
  "  - { type: embed, prefix: x }",
  "finalizers:",
  "  - { type: concat }",
].join("\n");

function faultsOf(...lines: string[]): string[] {
  const { pipeline, faults } = readPipeline(lines.join("\n"), "p.yml");
  expect(pipeline === undefined).toBe(faults.length > 0);
  return faults.map(({ place, message }) => `${place.replace("p.yml:", "")} ${message}`);
}

const step = (...lines: string[]) => faultsOf("transformations:", ...lines);

describe("readPipeline", () => {
  it("reads a whole file and tells of the parts that have no meaning here", () => {
    const { pipeline, faults, ignored } = readPipeline(WHOLE, "p.yml");
    expect(faults).toEqual([]);
    expect(pipeline).toMatchObject({ name: "Site", priority: 20, steps: [{ id: "map" }] });
    expect([...(pipeline?.vars ?? [])]).toEqual([
      ["admins", ["adm-1", "7"]],
      ["one", ["a"]],
    ]);
    expect(ignored).toEqual([
      { place: "p.yml:13:1", key: "postprocessing" },
      { place: "p.yml:15:1", key: "finalizers" },
    ]);
  });

  it("takes the file's name where the pipeline has none, and no steps for nothing to do", () => {
    expect(readPipeline("{}", "p.yml").pipeline).toMatchObject({
      name: "p.yml",
      priority: 0,
      steps: [],
    });
  });

  it.each([
    ["an empty file", [""], ["1:1 expected a pipeline: keys and values"]],
    ["a list", ["- a"], ["1:1 expected a pipeline: keys and values"]],
    ["two documents", ["name: a", "---", "name: b"], ["3:1 expected one pipeline in a file"]],
    ["no YAML", ["name: 'a"], ["1:9 Missing closing 'quote"]],
    ["an unknown key", ["nam: a"], ['1:1 unknown key "nam"']],
    ["a priority in words", ["priority: high"], ["1:1 expected priority: a number"]],
    [
      "a variable that is a map",
      ["vars:", "  a: { b: c }"],
      ["2:3 expected a text or a list of texts"],
    ],
    ["steps that are no list", ["transformations: {}"], ["1:1 expected transformations: a list"]],
    [
      "several faults at once",
      ["priority: x", "vars: 1", "transformations:", "  - 7", "  - { type: nope }", "more: 1"],
      [
        "1:1 expected priority: a number",
        "2:1 expected vars: keys and values",
        "4:5 expected a step: keys and values",
        '5:7 unknown type of transformation "nope"',
        '6:1 unknown key "more"',
      ],
    ],
  ])("tells of %s", (_what, lines, expected) => {
    expect(faultsOf(...lines).map((one) => one.replace(/ at line .*/s, ""))).toEqual(expected);
  });

  it.each([
    [["  - id: a"], ["2:5 expected type: a text"]],
    [["  - type: constructor"], ['2:5 unknown type of transformation "constructor"']],
    [["  - type: field_name_mapping"], ["2:5 expected mapping: keys and values"]],
    [
      ["  - { type: field_name_mapping, mapping: { a: [{}] } }"],
      ["2:44 expected a text or a list of texts"],
    ],
    [["  - { type: field_name_prefix, prefix: 1 }"], ["2:32 expected prefix: a text"]],
    [["  - { type: field_name_prefix, prefix: a, prefx: b }"], ['2:43 unknown key "prefx"']],
    [
      ["  - { type: field_name_transform, transform_func: rot13 }"],
      ["2:35 expected transform_func: one of lower, upper, snake_case, camel_case"],
    ],
    [
      ["  - { type: field_name_transform, transform_func: lower, apply_keyword: true }"],
      ["2:58 keywords have no name that could be changed"],
    ],
    [
      ["  - { type: replace_string, regex: '(', replacement: '' }"],
      [
        "2:29 the pattern can't be run in linear time: error parsing regexp: missing closing ): `(`",
      ],
    ],
    [
      ["  - { type: replace_string, regex: '(?=a)', replacement: '' }"],
      [
        "2:29 the pattern can't be run in linear time: error parsing regexp: invalid or unsupported Perl syntax: `(?=`",
      ],
    ],
    [
      ["  - { type: replace_string, regex: a, replacement: '\\1' }"],
      ['2:39 the pattern has no group "1"'],
    ],
    [
      ["  - { type: replace_string, regex: a, replacement: '\\g<x>' }"],
      ['2:39 the pattern has no group "x"'],
    ],
    [
      ["  - { type: case, method: title }"],
      ["2:19 expected method: one of lower, upper, snake_case"],
    ],
    [
      ["  - { type: regex, method: x }"],
      ["2:20 expected method: one of ignore_case_brackets, ignore_case_flag, plain"],
    ],
    [
      ["  - { type: set_value, value: [] }"],
      ["2:24 expected value: a text, number, truth value or null"],
    ],
    [["  - { type: set_value, value: a, force_type: num }"], ['2:24 "a" is no number']],
    [
      ["  - { type: set_value, value: true, force_type: str }"],
      ["2:37 only texts and numbers have a type that can be forced"],
    ],
    [
      ["  - { type: convert_type, target_type: bool }"],
      ["2:27 expected target_type: one of str, num"],
    ],
    [
      ["  - { type: value_placeholders, include: a, exclude: b }"],
      ['2:45 "exclude" can\'t stand beside "include"'],
    ],
    [
      ["  - { type: query_expression_placeholders, expression: x }"],
      [
        '2:7 "query_expression_placeholders" needs a query language, which this engine does not have',
      ],
    ],
    [
      ["  - { type: file_placeholders, path: /etc/passwd }"],
      ['2:7 "file_placeholders" reads files: give the values under detection.placeholders'],
    ],
    [
      ["  - { type: http_placeholders, url: x }"],
      ['2:7 "http_placeholders" asks other machines: give the values under detection.placeholders'],
    ],
    [
      ["  - { type: command_placeholders, command: x }"],
      ['2:7 "command_placeholders" runs programs: give the values under detection.placeholders'],
    ],
    [["  - { type: add_condition }"], ["2:5 expected conditions: keys and values"]],
    [["  - { type: add_condition, conditions: { 'a|x': 1 } }"], ['2:42 unknown modifier "x"']],
    [["  - { type: change_logsource }"], ["2:7 expected product, category or service"]],
    [["  - { type: extract_fields, regex: '(a)' }"], ["2:29 expected a pattern with named groups"]],
    [["  - { type: nest }"], ["2:5 expected items: a list"]],
    [
      ["  - { type: nest, items: [{ type: x }, { type: y }] }"],
      ['2:29 unknown type of transformation "x"', '2:42 unknown type of transformation "y"'],
    ],
    [["  - { type: case, rule_conditions: 7 }"], ["2:19 expected rule_conditions: a list or keys"]],
    [["  - { type: case, rule_conditions: [7] }"], ["2:37 expected a condition: keys and values"]],
    [
      ["  - { type: case, rule_conditions: [{ type: moon }] }"],
      ['2:39 unknown type of condition "moon"'],
    ],
    [
      ["  - { type: case, rule_conditions: [{ type: is_null }] }"],
      ['2:39 unknown type of condition "is_null"'],
    ],
    [
      ["  - { type: case, rule_conditions: [{ type: is_sigma_rule, x: 1 }] }"],
      ['2:60 unknown key "x"'],
    ],
    [
      ["  - { type: case, rule_conditions: [{ type: logsource }] }"],
      ["2:39 expected product, category or service"],
    ],
    [
      ["  - { type: case, rule_conditions: [{ type: tag, tag: x }] }"],
      ["2:50 expected tag: a name space, a dot and a name"],
    ],
    [
      [
        "  - { type: case, rule_conditions: [{ type: rule_attribute, attribute: level, value: x, op: gt }] }",
      ],
      ['2:79 level can\'t be compared with "x"'],
    ],
    [
      [
        "  - { type: case, rule_conditions: [{ type: rule_attribute, attribute: date, value: x, op: gt }] }",
      ],
      ['2:78 date can\'t be compared with "x"'],
    ],
    [["  - { type: case, rule_cond_op: xor }"], ["2:19 expected rule_cond_op: one of and, or"]],
    [["  - { type: case, rule_cond_not: 1 }"], ["2:19 expected rule_cond_not: true or false"]],
    [["  - { type: case, rule_cond_expr: a }"], ['2:19 no condition "a"']],
    [["  - { type: case, rule_cond_expr: 'a b' }"], ["2:19 expected and, or, or the end, found b"]],
    [
      [
        "  - { type: case, rule_conditions: { a: { type: is_sigma_rule }, b: { type: is_sigma_rule } }, rule_cond_expr: a }",
      ],
      ['2:96 "b" is not asked for'],
    ],
    [
      [
        "  - { type: case, rule_conditions: { a: { type: is_sigma_rule } }, rule_cond_expr: a, rule_cond_op: or }",
      ],
      ['2:87 "rule_cond_op" can\'t stand beside "rule_cond_expr"'],
    ],
    [
      [
        "  - { type: case, detection_item_conditions: [{ type: match_string, pattern: '(', cond: any }] }",
      ],
      [
        "2:69 the pattern can't be run in linear time: error parsing regexp: missing closing ): `(`",
      ],
    ],
    [
      [
        "  - { type: case, detection_item_conditions: [{ type: match_string, pattern: a, cond: some }] }",
      ],
      ["2:81 expected cond: one of any, all"],
    ],
    [
      [
        "  - { type: case, field_name_conditions: [{ type: include_fields, fields: ['['], mode: re }] }",
      ],
      [
        "2:67 the pattern can't be run in linear time: error parsing regexp: missing closing ]: `[`",
      ],
    ],
    [
      [
        "  - { type: case, field_name_conditions: [{ type: include_fields, fields: [a], mode: glob }] }",
      ],
      ["2:80 expected mode: one of plain, re"],
    ],
  ])("refuses %j", (lines, expected) => {
    expect(step(...lines)).toEqual(expected);
  });

  it.each([
    [
      "nested steps without end",
      `transformations: ${"[{type: nest, items: ".repeat(200)}[]${"}]".repeat(200)}`,
    ],
    ["deep lists", `transformations: ${"[".repeat(50_000)}`],
    ["too many steps", `transformations: [${"{type: case},".repeat(2001)}]`],
    [
      "aliases that multiply",
      `a: &a [x,x,x,x,x,x,x,x,x,x]\n${[..."bcdefgh"]
        .map(
          (name, at) =>
            `${name}: &${name} [${Array(10)
              .fill(`*${"abcdefgh"[at] ?? ""}`)
              .join(",")}]`,
        )
        .join("\n")}`,
    ],
    ["a step that holds itself", "transformations: &t [{ type: nest, items: *t }]"],
    ["names of the prototype", "__proto__: { polluted: 1 }\nconstructor: 1"],
  ])("gives faults for hostile YAML: %s", (_what, text) => {
    const { pipeline, faults } = readPipeline(text, "p.yml");
    expect(pipeline).toBeUndefined();
    expect(faults[0]?.place).toMatch(/^p\.yml:\d+:\d+$/);
    expect("polluted" in {}).toBe(false);
  });

  it("answers for any text", () => {
    const word = fc.constantFrom(
      "transformations:",
      "- type: nest",
      "items:",
      "[",
      "{",
      "*a",
      "&a",
      "vars: ",
      "  ",
      "\n",
      ":",
      "null",
      "'",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map((all) => all.join("")),
        ),
        (text) => {
          const { pipeline, faults } = readPipeline(text, "p.yml");
          expect(pipeline === undefined).toBe(faults.length > 0);
        },
      ),
      { numRuns: 300 },
    );
  });
});
