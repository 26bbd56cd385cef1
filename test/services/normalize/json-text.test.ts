import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isAppError } from "../../../config/errors.ts";
import { parseOutsideJson } from "../../../services/normalize/json-nesting.ts";
import {
  JSON_CHARACTERS_MAX,
  JSON_DEPTH_MAX,
  looksLikeJson,
  parseJsonRecord,
} from "../../../services/normalize/json-text.ts";

describe("JSON records", () => {
  it.each(['{"a":1}', ' {"a":1}', '\ufeff{"a":1}', '\t\r\n{"a":1}'])("reads %j", (line) => {
    expect(looksLikeJson(line)).toBe(true);
    expect(parseJsonRecord(line)).toEqual({ a: 1 });
  });

  it.each([
    ['{"a":', "HW_PARSE_FAILED"],
    ["[1]", "HW_PARSE_FAILED"],
    ["null", "HW_PARSE_FAILED"],
    ["1", "HW_PARSE_FAILED"],
    [`{"a":${"[".repeat(200)}${"]".repeat(200)}}`, "HW_PARSE_FAILED"],
    [`{"a":"${"x".repeat(JSON_CHARACTERS_MAX)}"}`, "HW_INPUT_TOO_LARGE"],
  ] as const)("refuses %.30s", (line, code) => {
    expect(() => parseJsonRecord(line)).toThrow(expect.objectContaining({ code }));
  });

  it("takes records as deep as the limit and many shallow ones", () => {
    const deep = `${'{"a":'.repeat(JSON_DEPTH_MAX - 1)}{}${"}".repeat(JSON_DEPTH_MAX - 1)}`;
    expect(parseJsonRecord(deep)).toBeDefined();
    const wide = JSON.stringify({ list: Array.from({ length: 1000 }, () => ({ a: [1] })) });
    expect(parseJsonRecord(wide)).toBeDefined();
  });

  it.each([
    '{"__proto__":{"polluted":1},"a":1}',
    '{"__\\u0070roto__":{"polluted":1},"a":1}',
    '{"\\u005f_proto__":{"polluted":1},"a":1}',
  ])("drops the key of a prototype in %s", (line) => {
    const record = parseJsonRecord(line);
    expect(Object.keys(record)).toEqual(["a"]);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  it("reads whatever JSON there is as JSON.parse does, or refuses it", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (line) => {
        fc.pre(!line.includes("__proto__"));
        try {
          expect(parseJsonRecord(line)).toEqual(JSON.parse(line));
        } catch (error) {
          expect(isAppError(error, "HW_PARSE_FAILED")).toBe(true);
        }
      }),
    );
  });

  // Without the guard some of these end the process: Node 26 loses its memory over them.
  it.each([
    ["[0,".repeat(30_000), "broken off in lists"],
    [`{"a":${"[0,".repeat(100_000)}1}`, "closed by the wrong bracket"],
    ['{"a":0,"b":'.repeat(30_000), "broken off in objects"],
    [`{"a":"\\"[","b":${'[{"c":0,"d":'.repeat(20_000)}`, "broken off in both"],
    [`${"[0,".repeat(30_000)}0${"]".repeat(30_000)}`, "whole"],
  ])("keeps JSON.parse from text of hostile depth: %2$s", (text) => {
    for (let count = 0; count < 20; count++) {
      expect(() => parseOutsideJson(text)).toThrow("nested deeper");
      expect(() => parseJsonRecord(text)).toThrow("nested deeper");
    }
  });

  it("counts no brackets in strings and none that are closed", () => {
    const brackets = JSON.stringify({ text: '[{"\\'.repeat(2000) });
    expect(parseOutsideJson(brackets)).toEqual(JSON.parse(brackets));
    expect(parseOutsideJson(`[${"[],{},".repeat(2000)}0]`)).toHaveLength(4001);
  });
});
