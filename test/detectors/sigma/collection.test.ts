// Files whose documents share parts, as Sigma 1 wrote them.
import { describe, expect, it } from "vitest";
import { readRuleFile } from "../../../detectors/rule-file.ts";

const GLOBAL = [
  "action: global",
  "title: Shared",
  "level: high",
  "detection: { condition: sel }",
].join("\n");
const one = (field: string) =>
  `logsource: { product: ${field} }\ndetection: { sel: { ${field}: x } }`;

function read(...documents: string[]) {
  const { rules, faults } = readRuleFile(documents.join("\n---\n"), "a.yml");
  return {
    rules: rules.map(({ info, logSource, tree }) => [
      info.title,
      info.level,
      logSource.product,
      tree.kind === "item" ? tree.item.field : tree.kind,
    ]),
    faults: faults.map(({ place, message }) => [place, message]),
  };
}

describe("a file of several rules", () => {
  it("lays what is global over all that follow", () => {
    expect(read(GLOBAL, one("a"), `${one("b")}\ntitle: Own`)).toEqual({
      rules: [
        ["Shared", "high", "a", "a"],
        ["Shared", "high", "b", "b"],
      ],
      faults: [],
    });
  });

  it("repeats the rule before with changes", () => {
    const whole = `title: First\ndetection: { condition: sel }\n${one("a")}`.replace(
      "detection: { condition: sel }\n",
      "",
    );
    const first = whole.replace("{ sel:", "{ condition: sel, sel:");
    expect(
      read(
        first,
        "action: repeat\ntitle: Second\nlevel: low",
        "action: repeat\nlogsource: { product: c }",
      ),
    ).toEqual({
      rules: [
        ["First", "medium", "a", "a"],
        ["Second", "low", "a", "a"],
        ["Second", "low", "c", "a"],
      ],
      faults: [],
    });
  });

  it("repeats what is global", () => {
    expect(read(GLOBAL, `action: repeat\n${one("a")}`, `action: repeat\nlevel: low`)).toEqual({
      rules: [
        ["Shared", "high", "a", "a"],
        ["Shared", "low", "a", "a"],
      ],
      faults: [],
    });
  });

  it("forgets what is global after a reset", () => {
    expect(read(GLOBAL, "action: reset", one("a"))).toEqual({
      rules: [],
      faults: [["a.yml:8:1", "expected title: a text"]],
    });
  });

  it("leaves correlations and filters alone", () => {
    const filter =
      "title: F\nlogsource: { product: a }\nfilter: { rules: any, s: { f: x }, condition: not s }";
    const { filters, faults } = readRuleFile([GLOBAL, filter].join("\n---\n"), "a.yml");
    expect([filters.map(({ title }) => title), faults]).toEqual([["F"], []]);
  });

  it("tells of an action that it does not know, and of nothing to repeat", () => {
    expect(read("action: forget\ntitle: a", "action: repeat\ntitle: b")).toEqual({
      rules: [],
      faults: [
        ["a.yml:1:1", "expected action: global, reset or repeat"],
        ["a.yml:4:1", "expected logsource: keys and values"],
      ],
    });
  });

  it("keeps the prototype clean", () => {
    read("action: global\n__proto__: { polluted: 1 }", "__proto__: { polluted: 2 }\ntitle: a");
    expect("polluted" in {}).toBe(false);
  });
});
