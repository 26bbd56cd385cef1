import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LogSourceTable } from "../../../config/log-sources.ts";
import { engineOf, eventOf, ruleOf } from "./fixture.ts";
import { isTrue } from "./plain-evaluator.ts";

/** More than an engine counts before it builds its index anew. */
const EVENTS_TO_LEARN_FROM = 600;

const word = fc.constantFrom(
  "cmd.exe",
  "\\cmd.exe",
  "powershell -enc",
  "–enc",
  "C:\\Windows\\System32\\",
  "mimikatz",
  "x",
  "ж",
);
const text = fc.array(word, { maxLength: 4 }).map((words) => words.join(" "));
const key = fc
  .constantFrom("Image", "CommandLine", "EventID", "Rare")
  .chain((field) =>
    fc
      .constantFrom("", "|contains", "|startswith", "|endswith", "|contains|all")
      .map((modifiers) => field + modifiers),
  );
const selection = fc.dictionary(key, fc.array(word, { minLength: 1, maxLength: 3 }), {
  minKeys: 1,
  maxKeys: 3,
});
const detection = fc.record({
  a: selection,
  b: fc.oneof(selection, fc.array(word, { minLength: 1, maxLength: 2 })),
  condition: fc.constantFrom("a", "a and b", "a or b", "a and not b", "not a and b"),
});
const record = fc.record(
  { Image: text, CommandLine: text, EventID: fc.constantFrom(1, 2, "cmd.exe"), Rare: text },
  { requiredKeys: ["Image"] },
);

const TABLE: LogSourceTable = {
  families: ["flat"],
  decidedBy: ["EventID"],
  routes: [
    { when: { EventID: 1 }, category: "one", also: [], alsoServices: [], last: false },
    { when: { EventID: "*" }, service: "any", also: [], alsoServices: [], last: false },
  ],
  fields: {},
};

describe("an engine that has seen many events", () => {
  it("says the same as before and as the plain evaluator", () => {
    fc.assert(
      fc.property(
        fc.array(detection, { minLength: 20, maxLength: 24 }),
        fc.array(record, { minLength: 5, maxLength: 10 }),
        (detections, records) => {
          const rules = detections.map((one) => ruleOf(one));
          const engine = engineOf(rules, [TABLE]);
          const hits = (one: Record<string, unknown>) =>
            engine.match(eventOf(one)).map((match) => match.detector.id);
          const expected = records.map((one) =>
            rules.filter((rule) => isTrue(rule.tree, one)).map((rule) => rule.info.id),
          );
          expect(records.map(hits)).toEqual(expected);
          for (let seen = 0; seen < EVENTS_TO_LEARN_FROM; seen += 1) {
            hits(records[seen % records.length] ?? {});
          }
          expect(records.map(hits)).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("leaves that the index settles", () => {
  it.each([
    ["cased", { "Image|cased|contains": ["DeadBeef", "c0ffee"] }, "xxDeadBeef", true],
    ["cased, in another case", { "Image|cased|contains": ["DeadBeef"] }, "xxdeadbeef", false],
    ["cased, in both cases", { "Image|cased|contains": ["DeadBeef"] }, "deadbeef DeadBeef", true],
    ["a wide sign beside ASCII", { "Image|contains": ["–enc", "-enc"] }, "x –ENC", true],
    ["ASCII beside a wide sign", { "Image|contains": ["–enc", "-enc"] }, "x -ENC", true],
    ["neither", { "Image|contains": ["–enc", "-enc"] }, "x enc", false],
    ["what only looks like ASCII", { "Image|contains": ["cmd.exe"] }, "\u0163md.exe", false],
    ["a beginning", { "Image|startswith": ["C:\\Users"] }, "c:\\users\\x", true],
    ["a beginning in the middle", { "Image|startswith": ["C:\\Users"] }, "xc:\\users", false],
    ["any of a list", { "Image|endswith": ["\\cmd.exe"] }, ["a", "C:\\CMD.EXE"], true],
    ["none of a list", { "Image|endswith": ["\\cmd.exe"] }, ["a", "cmd.exe"], false],
    ["a number", { Image: ["4624", "4625"] }, 4625, true],
    ["a missing field", { Image: ["4624", null] }, undefined, true],
  ])("are true as they are otherwise: %s", (_what, selection, value, expected) => {
    const record = value === undefined ? {} : { Image: value };
    const rule = ruleOf({ s: selection, condition: "s" });
    expect(isTrue(rule.tree, record)).toBe(expected);
    expect(engineOf([rule]).match(eventOf(record)).length === 1).toBe(expected);
  });
});

describe("fields that decide the log source", () => {
  const rule = ruleOf({ s: { EventID: [4624, "46*"] }, condition: "s" });
  const engine = engineOf([rule], [{ ...TABLE, routes: [] }]);

  it.each([
    [4624, true],
    ["4624", true],
    ["4788", false],
    ["46x", true],
    [true, false],
    [null, false],
    [[1, "4624"], true],
    [[], false],
    [{ a: 4624 }, false],
    [`46${"0".repeat(500)}`, true],
    [`45${"0".repeat(500)}`, false],
  ])("settle a rule's question about %j: %j", (value, expected) => {
    expect(engine.match(eventOf({ EventID: value })).length === 1).toBe(expected);
    expect(engine.match(eventOf({ EventID: value })).length === 1).toBe(expected);
  });

  it("answer for more values than are remembered", () => {
    for (let value = 0; value < 12_000; value += 1) {
      const hit = engine.match(eventOf({ EventID: `v${value}` })).length;
      expect(hit).toBe(0);
    }
    expect(engine.match(eventOf({ EventID: 4624 }))).toHaveLength(1);
  });
});
