// What each transformation makes of a selection; every table of successes has one of refusals.
import { describe, expect, it } from "vitest";
import { pipelineOf, ruleThrough, shown, through } from "./fixture.ts";

const raw = String.raw;
type Step = Record<string, unknown>;
type Row = [step: Step, selection: unknown, expected: string];

const mapping = (map: Step, rest: Step = {}) => ({
  type: "field_name_mapping",
  mapping: map,
  ...rest,
});

describe("field names", () => {
  it.each<Row>([
    [mapping({ f: "x" }), { f: "a", g: "b" }, "(x=a & g=b)"],
    [mapping({ f: "x" }), { F: "a" }, "F=a"],
    [mapping({ f: ["x", "y"] }), { f: "a" }, "(x=a | y=a)"],
    [mapping({ f: ["x", "y"] }), { "f|neq": "a" }, "(!x=a & !y=a)"],
    [
      mapping({ f: ["x", "y"] }),
      { "f|contains|all": ["a", "b"] },
      "((x=<*>a<*> & x=<*>b<*>) | (y=<*>a<*> & y=<*>b<*>))",
    ],
    [mapping({ f: ["x", "y"] }), { f: null }, "(x=null & y=null)"],
    [mapping({ f: ["x", "y"] }), { f: [null, "-"] }, "((x=- | y=-) | (x=null & y=null))"],
    [mapping({ f: ["x", "y"] }), { "f|exists": false }, "(x=false & y=false)"],
    [mapping({ f: ["x", "y"] }), { "f|exists": true }, "(x=true | y=true)"],
    [mapping({ f: ["x", "y"] }), { "f|neq": null }, "(!x=null | !y=null)"],
    [mapping({ f: ["x"] }), { f: ["a", "b"] }, "x=a,b"],
    [mapping({ g: "x" }), { "f|fieldref": "g" }, "f={x}"],
    [mapping({ f: "y", g: "x" }), { "f|fieldref": "g" }, "y={x}"],
    [mapping({ g: ["x", "y"] }), { "f|fieldref|neq": "g" }, "!f={x},{y}"],
    [mapping({ "": "message" }), ["a", "b*"], "message=<*>a<*>,<*>b<*>"],
    [mapping({ "": "message" }), { "|all": ["a", "b"] }, "(message=<*>a<*> & message=<*>b<*>)"],
    [mapping({ "": "message" }), { "|re": "^a" }, "message=/^a/"],
    [mapping({ f: "x" }), [{ f: "a" }, { g: "b" }], "(x=a | g=b)"],
    [
      { type: "field_name_prefix_mapping", mapping: { "win.": "w.", win: "n." } },
      { "win.f": 1, wing: 2, h: 3 },
      "(w.f=1 & n.g=2 & h=3)",
    ],
    [
      { type: "field_name_prefix_mapping", mapping: { a: ["x.", "y."] } },
      { ab: 1 },
      "(x.b=1 | y.b=1)",
    ],
    [{ type: "field_name_prefix_mapping", mapping: { a: "x" } }, ["ab"], "keywords=ab"],
    [
      { type: "field_name_prefix", prefix: "win." },
      { f: 1, "g|fieldref": "h" },
      "(win.f=1 & win.g={win.h})",
    ],
    [{ type: "field_name_suffix", suffix: ".keyword" }, [{ f: 1 }], "f.keyword=1"],
    [{ type: "field_name_suffix", suffix: "x" }, ["a"], "keywords=a"],
    [
      { type: "field_name_transform", transform_func: "lower" },
      { CommandLine: 1 },
      "commandline=1",
    ],
    [
      { type: "field_name_transform", transform_func: "upper" },
      { CommandLine: 1 },
      "COMMANDLINE=1",
    ],
    [
      { type: "field_name_transform", transform_func: "snake_case" },
      { TargetIPAddress: 1, Id2Name: 2 },
      "(target_ip_address=1 & id2_name=2)",
    ],
    [
      { type: "field_name_transform", transform_func: "camel_case" },
      { target_image: 1, Image: 2 },
      "(targetImage=1 & image=2)",
    ],
    [
      { type: "field_name_transform", transform_func: "lower", mapping: { F: "G" } },
      { F: 1, H: 2 },
      "(G=1 & h=2)",
    ],
    [{ type: "field_name_transform", transform_func: "lower" }, ["A"], "keywords=A"],
  ])("%j makes of %j: %s", (step, selection, expected) => {
    expect(through([step], selection)).toBe(expected);
  });

  it.each<Row>([
    [
      mapping({ f: [] }),
      { f: 1 },
      'a pipeline refuses the rule: step field_name_mapping: no field is left for "f"',
    ],
    [mapping({ f: "x" }, { id: "m" }), { g: 1 }, "g=1"],
  ])("%j on %j ends as %s", (step, selection, expected) => {
    expect(through([step], selection)).toBe(expected);
  });

  it("maps the rule's list of fields, and changes that list on request", () => {
    const steps = [
      mapping({ f: ["x", "y"] }),
      { type: "add_field", field: "more" },
      { type: "add_field", field: ["a", "b"] },
      { type: "remove_field", field: ["a", "nothing"] },
    ];
    const rest = { fields: ["f", "g"] };
    const fieldsOf = (all: Step[]) => {
      const rule = ruleThrough(pipelineOf(all), { s: { f: 1 }, condition: "s" }, rest);
      return typeof rule === "string" ? rule : rule.attributes.fields;
    };
    expect(fieldsOf(steps)).toEqual(["x", "y", "g", "more", "b"]);
    expect(fieldsOf([{ type: "set_field", fields: ["z"] }])).toEqual(["z"]);
  });
});

describe("values", () => {
  const replace = (regex: string, replacement: string, rest: Step = {}) => ({
    type: "replace_string",
    regex,
    replacement,
    ...rest,
  });

  it.each<Row>([
    [replace("a", "b"), { f: "aXa", g: 1 }, "(f=bXb & g=1)"],
    [
      replace(raw`^C:`, "%SystemDrive%"),
      { f: raw`C:\Windows\\*` },
      raw`f=%SystemDrive%\Windows\<*>`,
    ],
    [replace(raw`\\`, "/"), { "f|endswith": raw`\a\b.exe` }, "f=<*>/a/b.exe"],
    [replace("(?P<one>a)(b)", raw`\2\g<one>\g<1>`), { f: "abc" }, "f=baac"],
    [replace(raw`^\*`, ""), { "f|endswith": "a" }, "f=a"],
    [replace("x", "*"), { f: "axb" }, "f=a<*>b"],
    [replace("x", raw`\\*`), { f: "axb" }, "f=a*b"],
    [replace(".+", "z", { skip_special: true }), { f: "a*b" }, "f=z<*>z"],
    [replace("a", "*", { skip_special: true }), { f: "a?b" }, "f=*<?>b"],
    [replace("a", "*", { skip_special: true, interpret_special: true }), { f: "a?b" }, "f=<*><?>b"],
    [replace("5", "6"), { f: 15 }, "f=16"],
    [replace("a", "b"), { "f|re": "a" }, "f=/a/"],
    [replace("y", "n"), { f: "x" }, "f=x"],
    [replace(raw`\\\*`, "s"), { f: raw`a\*b` }, "f=asb"],
    [replace("-", "+"), { "f|windash": "-a" }, "f=+a,/a,–a,—a,―a"],
    [
      { type: "map_string", mapping: { a: "x", b: ["y", "z*"] } },
      { f: ["a", "b", "c"] },
      "f=x,y,z<*>,c",
    ],
    [
      { type: "map_string", mapping: { "*\\cmd.exe": "cmd" } },
      { "f|endswith": raw`\cmd.exe` },
      "f=cmd",
    ],
    [{ type: "map_string", mapping: { "1": "x" } }, { f: 1 }, "f=1"],
    [{ type: "map_string", mapping: { a: [] } }, { f: ["a", "b"] }, "f=b"],
    [{ type: "set_value", value: "x" }, { f: ["a", "b"], "g|re": "c" }, "(f=x & g=x)"],
    [{ type: "set_value", value: null }, { f: 1 }, "f=null"],
    [{ type: "set_value", value: "7", force_type: "num" }, { f: 1 }, "f=7"],
    [{ type: "set_value", value: 7, force_type: "str" }, { f: 1 }, "f=7"],
    [{ type: "convert_type", target_type: "num" }, { f: ["010", "1e3", 5] }, "f=10,1000,5"],
    [{ type: "convert_type", target_type: "str" }, { f: 5, g: "a" }, "(f=5 & g=a)"],
    [{ type: "case", method: "upper" }, { "f|contains": "ab", g: 1 }, "(f=<*>AB<*> & g=1)"],
    [{ type: "case" }, { f: "AB" }, "f=ab"],
    [{ type: "case", method: "snake_case" }, { f: "CmdLine" }, "f=cmd_line"],
    [{ type: "regex" }, { f: "a.b*c?" }, raw`f=/^a\.b.*c.$/is`],
    [{ type: "regex" }, { "f|contains": "a" }, "f=/a/is"],
    [{ type: "regex", method: "plain" }, { "f|startswith": "a(" }, raw`f=/^a\(/s`],
    [{ type: "regex", method: "ignore_case_flag" }, { f: ["", "b", 5] }, "f=,/^b$/is,5"],
    [{ type: "regex" }, { "f|cased": "a" }, "f=/^a$/s"],
    [{ type: "regex" }, { f: "*" }, "f=<*>"],
    [{ type: "regex" }, { f: "**a" }, "f=/a$/is"],
  ])("%j makes of %j: %s", (step, selection, expected) => {
    expect(through([step], selection)).toBe(expected);
  });

  it.each<Row>([
    [{ type: "convert_type", target_type: "num" }, { f: "a" }, '"a" is no number'],
    [{ type: "convert_type", target_type: "num" }, { f: "1*" }, '"1*" is no number'],
    [{ type: "map_string", mapping: { a: [] } }, { f: "a" }, "expected at least one value"],
    [{ type: "regex" }, { "f|expand": "%x%" }, '"%x%" has placeholders that need values first'],
  ])("%j refuses %j: %s", (step, selection, message) => {
    expect(through([step], selection)).toContain(message);
  });
});

describe("placeholders", () => {
  const vars = { admins: ["adm-1", "adm-2"], one: "x*", number: [7] };
  const placed = (step: Step, selection: unknown) => {
    const rule = ruleThrough(pipelineOf([step], { vars }), { s: selection, condition: "s" });
    return typeof rule === "string" ? rule : (rule.inactive ?? shown(rule.tree));
  };

  it.each<Row>([
    [{ type: "value_placeholders" }, { "f|expand": "%admins%" }, "f=adm-1,adm-2"],
    [{ type: "value_placeholders" }, { "f|expand|contains": "a-%one%" }, "f=<*>a-x<*>"],
    [{ type: "value_placeholders" }, { "f|expand": "%number%" }, "f=7"],
    [{ type: "value_placeholders" }, { f: "%admins%" }, "f=%admins%"],
    [{ type: "value_placeholders" }, { "f|re|expand": "^%admins%$" }, "f=/^adm-1$/,/^adm-2$/"],
    [
      { type: "value_placeholders", include: ["one"] },
      { "f|expand": "%admins%" },
      "no values for the placeholder %admins%",
    ],
    [
      { type: "value_placeholders", include: ["one"] },
      { "f|expand": "%one%%admins%" },
      "no values for the placeholder %admins%",
    ],
    [{ type: "value_placeholders", exclude: ["admins"] }, { "f|expand": "%one%" }, "f=x<*>"],
    [
      { type: "value_placeholders" },
      { "f|expand": "%none%" },
      'a pipeline refuses the rule: step value_placeholders: the pipelines have no variable "none"',
    ],
    [{ type: "wildcard_placeholders" }, { "f|expand": "a%x%b%y%" }, "f=a<*>b<*>"],
    [{ type: "wildcard_placeholders" }, { "f|re|expand": "a%x%" }, "f=/a.*/"],
    [
      { type: "wildcard_placeholders", exclude: ["x"] },
      { "f|expand": "%x%" },
      "no values for the placeholder %x%",
    ],
  ])("%j makes of %j: %s", (step, selection, expected) => {
    expect(placed(step, selection)).toBe(expected);
  });
});

describe("detections", () => {
  const named = (...fields: string[]) => ({
    field_name_conditions: [{ type: "include_fields", fields }],
  });

  it.each<Row>([
    [{ type: "drop_detection_item", ...named("f") }, { f: 1, g: 2 }, "g=2"],
    [{ type: "drop_detection_item", ...named("f") }, [{ f: 1 }, { g: 2 }], "g=2"],
    [{ type: "drop_detection_item", ...named("f") }, { f: 1 }, "nothing is left of the detection"],
    [
      { type: "add_condition", conditions: { "h|contains": "x", i: [1, 2] } },
      { f: 1 },
      "((h=<*>x<*> & i=1,2) & f=1)",
    ],
    [
      { type: "add_condition", negated: true, name: "any", conditions: { h: 1 } },
      { f: 1 },
      "(!h=1 & f=1)",
    ],
    [
      {
        type: "add_condition",
        template: true,
        conditions: { h: `$product-$${"{category}"}-$service-$x` },
      },
      { f: 1 },
      "(h=windows-process_creation--$x & f=1)",
    ],
    [
      { type: "hashes_fields", valid_hash_algos: ["MD5", "SHA1"], field_prefix: "File" },
      { Hashes: [`MD5=${"a".repeat(32)}`, `SHA1=${"b".repeat(40)}`] },
      `(FileMD5=${"a".repeat(32)} | FileSHA1=${"b".repeat(40)})`,
    ],
    [
      {
        type: "hashes_fields",
        valid_hash_algos: ["MD5"],
        drop_algo_prefix: true,
        field_prefix: "hash",
      },
      { "Hashes|contains": "MD5=abc" },
      "hash=abc",
    ],
    [
      { type: "hashes_fields", valid_hash_algos: ["SHA256"] },
      { Hash: "c".repeat(64) },
      `SHA256=${"c".repeat(64)}`,
    ],
    [
      { type: "hashes_fields", valid_hash_algos: ["IMPHASH"], field_to_parse: ["h"] },
      { "h|neq": ["IMPHASH=1", "IMPHASH=2"] },
      "!IMPHASH=1,2",
    ],
    [{ type: "hashes_fields", valid_hash_algos: ["MD5"] }, { Other: "MD5=1" }, "Other=MD5=1"],
    [
      { type: "hashes_fields", valid_hash_algos: ["MD5"] },
      { Hashes: "SHA1=1" },
      'a pipeline refuses the rule: step hashes_fields: no hash of the kinds MD5 in "SHA1=1"',
    ],
    [
      { type: "extract_fields", regex: "(?P<type>[A-Za-z]+):(?P<n>[0-9]+)", field_prefix: "reg" },
      { reg: "Dword:17" },
      "(reg.type=Dword & reg.n=17)",
    ],
    [{ type: "extract_fields", regex: "(?P<n>[0-9]+)" }, { f: ["1", "x", "007"] }, "(n=1 | n=007)"],
    [
      { type: "extract_fields", regex: "(?P<n>[0-9]+)", preserve_unmatched: true },
      { f: ["1", "x"] },
      "(n=1 | f=x)",
    ],
    [{ type: "extract_fields", regex: "(?P<n>[0-9]+)" }, { f: "x" }, "f=x"],
    [{ type: "extract_fields", regex: "(?P<p>.*)" }, { f: raw`\\\\srv\share` }, raw`p=\\srv\share`],
    [{ type: "extract_fields", regex: "(?P<a>.)(?P<b>.)" }, { "f|neq": "xy" }, "(!a=x | !b=y)"],
  ])("%j makes of %j: %s", (step, selection, expected) => {
    expect(through([step], selection)).toBe(expected);
  });

  it("reads a condition as if what was dropped had never been there", () => {
    const pipeline = pipelineOf([{ type: "drop_detection_item", ...named("f") }]);
    const treeOf = (condition: string) => {
      const detection = { a: { f: 1 }, b: { g: 2 }, c: { h: 3 }, condition };
      const rule = ruleThrough(pipeline, detection);
      return typeof rule === "string" ? rule : shown(rule.tree);
    };
    expect(treeOf("a and b")).toBe("g=2");
    expect(treeOf("a or b")).toBe("g=2");
    expect(treeOf("b and not a")).toBe("g=2");
    expect(treeOf("b and not (a and c)")).toBe("(g=2 & !h=3)");
    expect(treeOf("1 of them")).toBe("(g=2 | h=3)");
    expect(treeOf("not a")).toBe("nothing is left of the detection");
  });

  it("keeps added conditions out of the rule's own patterns and maps them, too", () => {
    const pipeline = pipelineOf([
      { type: "add_condition", name: "selection_added", conditions: { h: 1 } },
      { type: "field_name_mapping", mapping: { h: "i", f: "j" } },
    ]);
    const rule = ruleThrough(pipeline, {
      selection_a: { f: 1 },
      selection_b: { g: 1 },
      condition: ["1 of selection_*", "all of them"],
    });
    expect(typeof rule === "string" ? rule : shown(rule.tree)).toBe(
      "(i=1 & ((j=1 | g=1) | (j=1 & g=1)))",
    );
  });
});

describe("rules", () => {
  it("changes the log source and keeps the one that was written for filters", () => {
    const pipeline = pipelineOf([{ type: "change_logsource", product: "Own", service: "edr" }]);
    const rule = ruleThrough(pipeline, { s: { f: 1 }, condition: "s" });
    expect(rule).toMatchObject({
      logSource: { product: "own", category: undefined, service: "edr" },
      writtenLogSource: { product: "windows", category: "process_creation" },
    });
  });

  it("sets attributes, none of them on the prototype", () => {
    const set = (attribute: string, value: unknown) => ({
      type: "set_custom_attribute",
      attribute,
      value,
    });
    const pipeline = pipelineOf([set("index", "win-*"), set("__proto__", 1)]);
    const rule = ruleThrough(pipeline, { s: { f: 1 }, condition: "s" }, { index: "x", own: 1 });
    expect(rule).toMatchObject({ attributes: { custom: { index: "win-*", own: 1 } } });
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it.each<Row>([
    [{ type: "rule_failure", message: "not ours" }, { f: 1 }, "step rule_failure: not ours"],
    [{ type: "rule_failure", id: "no", message: "not ours" }, { f: 1 }, 'step "no": not ours'],
    [
      {
        type: "detection_item_failure",
        message: "no such field",
        field_name_conditions: [{ type: "include_fields", fields: ["f"] }],
      },
      { f: 1 },
      "no such field",
    ],
    [{ type: "strict_field_mapping_failure" }, { f: 1, g: 2 }, "no step maps f, g"],
    [
      { type: "nest", items: [{ type: "rule_failure", id: "in", message: "m" }] },
      { f: 1 },
      'the rule: step "in": m',
    ],
  ])("%j refuses %j: %s", (step, selection, message) => {
    expect(through([step], selection)).toContain(message);
  });

  it("lets a rule pass whose fields are all mapped", () => {
    const steps = [mapping({ f: "x", g: "g" }), { type: "strict_field_mapping_failure" }];
    expect(through(steps, { f: 1, g: 2 })).toBe("(x=1 & g=2)");
    expect(through(steps, { f: 1, h: 2 })).toContain("no step maps h");
  });

  it("applies what is nested under the conditions of the step around it", () => {
    const nest = {
      type: "nest",
      rule_conditions: [{ type: "logsource", product: "linux" }],
      items: [mapping({ f: "x" })],
    };
    expect(through([nest], { f: 1 })).toBe("f=1");
    expect(through([nest], { f: 1 }, { logsource: { product: "linux" } })).toBe("x=1");
  });
});
