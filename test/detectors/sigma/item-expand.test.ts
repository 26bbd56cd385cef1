// Placeholders, drafts of items and keywords.
import { describe, expect, it } from "vitest";
import { draftItem, type ItemValue } from "../../../detectors/sigma/item.ts";
import { engineOf, eventOf, fires, ruleOf } from "./fixture.ts";

const raw = String.raw;
const base64 = (text: string, encoding: "utf8" | "utf16le" = "utf8") =>
  Buffer.from(text, encoding).toString("base64");

describe("expand", () => {
  const placeholders = (name: string) =>
    ({
      admins: ["adm-1", "adm-2"],
      domain: ["kreis"],
      none: [],
      wild: ["srv*"],
      nets: ["10.0.0.0/8", "192.0.2.0/24"],
      // Values are not looked at again: no placeholder can blow itself up.
      nested: ["%nested%"],
    })[name];
  const firing = (value: string, actual: string, key = "f|expand") => {
    const rule = ruleOf({ s: { [key]: value }, condition: "s" }, {}, placeholders);
    return engineOf([rule]).match(eventOf({ f: actual })).length === 1;
  };

  it.each([
    ["%admins%", "ADM-2", true],
    ["%admins%", "adm-3", false],
    ["%domain%/%admins%", "kreis/adm-1", true],
    ["%domain%/%admins%", "kreis/kreis", false],
    ["no placeholder", "no placeholder", true],
    [raw`\%plain%domain%`, "%plainkreis", true],
    [raw`\%domain\%`, "%domain%", true],
    ["%wild%", "srv-7", true],
    ["%wild%", "pc-7", false],
    ["%nested%", "%nested%", true],
    ["%nested%", "kreis", false],
  ])("%s on %s: %s", (value, actual, expected) => {
    expect(firing(value, actual)).toBe(expected);
  });

  it("goes before the other modifiers", () => {
    expect(firing("%domain%", "x-kreis-x", "f|expand|contains")).toBe(true);
    expect(firing("%domain%", "x-kreis-x", "f|contains|expand")).toBe(true);
    expect(firing("%nets%", "192.0.2.9", "f|cidr|expand")).toBe(true);
    expect(firing("%nets%", "198.51.100.9", "f|cidr|expand")).toBe(false);
    expect(firing("^%domain%$", "kreis", "f|re|expand")).toBe(true);
    expect(firing("%domain%", base64("kreis"), "f|expand|base64")).toBe(true);
  });

  it("leaves values without the modifier as they are", () => {
    expect(firing("%domain%", "%domain%", "f")).toBe(true);
    expect(firing("%domain%", "kreis", "f")).toBe(false);
  });

  it("refuses placeholders that would give more values than memory holds", () => {
    const many = () => Array.from({ length: 1000 }, (_one, at) => String(at));
    expect(() => ruleOf({ s: { "f|expand": "%a%%b%" }, condition: "s" }, {}, many)).toThrow(
      "placeholders give more than 100000 values",
    );
  });

  it("keeps a rule without values, says why, and lets it fire never", () => {
    const rule = ruleOf({ s: { "f|expand": "%servers%" }, condition: "not s" }, {}, placeholders);
    expect(rule.inactive).toBe("no values for the placeholder %servers%");
    const engine = engineOf([rule]);
    expect([engine.rules, engine.match(eventOf({ f: "x" }))]).toEqual([[], []]);
  });
});

describe("draftItem", () => {
  it.each<[string, ItemValue[], string]>([
    ["f|containz", ["a"], 'unknown modifier "containz"'],
    ["f|Contains", ["a"], 'unknown modifier "Contains"'],
    ["f|", ["a"], 'unknown modifier ""'],
    ["f|exists", ["yes"], "exists takes true or false"],
    ["f|exists", [null], "exists takes true or false"],
    ["f|gt", ["many"], 'expected a number, found "many"'],
    ["f|lt", [true], 'expected a number, found "true"'],
    ["f|gte", [""], 'expected a number, found ""'],
    ["f|lte", [null], '"lte" takes no null'],
    ["f|cidr", [null], '"cidr" takes no null'],
    ["f|hour", ["noon"], 'expected a number, found "noon"'],
    ["f|hour", [8.5], "hour takes a whole number, found 8.5"],
    ["f|base64", ["a*"], "encoding modifiers can't take wildcards"],
    ["f|base64offset|contains", ["a?c"], "encoding modifiers can't take wildcards"],
    ["f", [], "expected at least one value"],
    ["f|i", ["a"], '"i" belongs to "re"'],
    ["f|contains|m", ["a"], '"m" belongs to "re"'],
    ["f|re|cidr", ["a"], '"re" can\'t be combined with "cidr"'],
    ["f|re|windash", ["a"], '"re" can\'t be combined with "windash"'],
    ["f|base64|re", ["a"], '"re" can\'t be combined with "base64"'],
    ["f|re|i|cased", ["a"], '"re" can\'t be combined with "cased"'],
    ["f|re|gt", ["a"], '"re" can\'t be combined with "gt"'],
    ["f|gt|lt", [1], '"gt" can\'t be combined with "lt"'],
    ["f|gt|contains", [1], '"gt" can\'t be combined with "contains"'],
    ["f|hour|gt", [1], '"hour" can\'t be combined with "gt"'],
    ["f|hour|minute", [1], '"hour" can\'t be combined with "minute"'],
    ["f|month|startswith", [1], '"month" can\'t be combined with "startswith"'],
    ["f|cidr|contains", ["10.0.0.0/8"], '"cidr" can\'t be combined with "contains"'],
    ["f|cidr|cased", ["10.0.0.0/8"], '"cidr" can\'t be combined with "cased"'],
    ["f|exists|contains", [true], '"exists" can\'t be combined with "contains"'],
    ["f|exists|expand", [true], '"exists" can\'t be combined with "expand"'],
    ["f|fieldref|wide", ["g"], '"fieldref" can\'t be combined with "wide"'],
    ["f|fieldref|re", ["g"], '"fieldref" can\'t be combined with "re"'],
    ["f|fieldref", ["g*"], "a field's name has no wildcards"],
    ["f|fieldref", [null], '"fieldref" takes no null'],
    ["|exists", [true], '"exists" needs a field'],
    ["|gt", [5], '"gt" needs a field'],
    ["|fieldref", ["g"], '"fieldref" needs a field'],
    ["|hour", [5], '"hour" needs a field'],
    ["|all", ["a", null], "null needs a field"],
  ])("refuses %s: %j", (key, values, message) => {
    expect(() => draftItem(key, values, [])).toThrow(new SyntaxError(message));
  });

  it("refuses a placeholder whose list is empty", () => {
    expect(() => ruleOf({ s: { "f|expand": "%none%" }, condition: "s" }, {}, () => [])).toThrow(
      "expected at least one value",
    );
  });
});

describe("keywords", () => {
  const record = { a: "The Quick", b: { c: ["brown", "fox 4688"] }, d: 7 };

  it.each([
    [["quick", "cat"], true],
    [["cat"], false],
    ["fox", true],
    [4688, true],
    [["q*k"], true],
    [["quick brown"], false],
    [{ "|all": ["quick", "brown"] }, true],
    [{ "|all": ["quick", "cat"] }, false],
    [{ "|contains|all": ["quick", "fox"] }, true],
    [{ "|re": "^fox [0-9]+$" }, true],
    [{ "|re": "^x" }, false],
    [{ "|cased": "quick" }, false],
    [{ "|cased": "Quick" }, true],
    [{ "|all": ["quick"], a: "the quick" }, true],
    [["quick", { d: 7 }], true],
    [[{ d: 8 }, { "b.c": "x" }], false],
    [[[{ d: 7 }]], true],
  ])("%j: %s", (selection, expected) => {
    expect(fires(selection, record)).toBe(expected);
  });
});
