import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ANY, ONE } from "../../../detectors/sigma/rule.ts";
import { decodeRules, encodeRules } from "../../../services/rules/rule-codec.ts";

const plain = fc.oneof(
  fc.constantFrom(ANY, ONE, undefined, null, "", "\u0001", "\u0001*", "\u0001\u0001r", "\ud800"),
  fc.double(),
  fc.string({ unit: "binary" }),
  fc.boolean(),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    plain,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("__proto__", "toString")), tie("value"), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
    fc.array(fc.tuple(plain, tie("value")), { maxLength: 3 }).map((pairs) => new Map(pairs)),
    fc.array(plain, { maxLength: 3 }).map((parts) => new Set(parts)),
    tie("value").map((part) => [part, { part }, part]),
  ),
}));

describe("rules as text", () => {
  it("come back as they were, whatever they hold", () => {
    fc.assert(
      fc.property(value, (one) => {
        deepStrictEqual(decodeRules(encodeRules(one)), one);
      }),
      { numRuns: 2000 },
    );
  });

  it("write what is shared once, and share it again", () => {
    const selection = { kind: "item", patterns: Array.from({ length: 1000 }, String) };
    let tree: unknown = selection;
    for (let depth = 0; depth < 40; depth += 1) tree = { children: [tree, tree] };
    const text = encodeRules(tree);
    expect(text.length).toBeLessThan(20_000);
    // What was written just now.
    const back = decodeRules(text) as { children: unknown[] };
    expect(back.children[0]).toBe(back.children[1]);
  });

  it("never set a prototype", () => {
    const back = decodeRules(encodeRules(JSON.parse('{"__proto__":{"polluted":1},"a":2}')));
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
    // A plain object, by the line above.
    expect(Object.keys(back as object)).toEqual(["__proto__", "a"]);
    expect(back).not.toHaveProperty("polluted");
  });

  const cycle: unknown[] = [];
  cycle.push([cycle]);
  let deep: unknown = 1;
  for (let depth = 0; depth < 5000; depth += 1) deep = [deep];
  it.each([
    ["a function", () => 1],
    ["a date", [new Date(0)]],
    ["a foreign symbol", { a: Symbol("x") }],
    ["a big number", 1n],
    ["a cycle", cycle],
    ["deep nesting", deep],
  ])("refuse %s", (_name, one) => {
    expect(() => encodeRules(one)).toThrow(/can't be written|can be written|nested deeper/);
  });

  it.each(["", "{", '"\\u0001x"', '["\\u0001r",3]'])("refuse the text %j", (text) => {
    expect(() => decodeRules(text)).toThrow(SyntaxError);
  });
});
