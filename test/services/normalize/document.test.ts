import { describe, expect, it } from "vitest";
import type { EcsDocument } from "../../../detectors/event.ts";
import {
  FIELDS_MAX,
  FLATTEN_DEPTH_MAX,
  put,
  putAll,
  TEXT_CHARACTERS_MAX,
  VALUES_MAX,
} from "../../../services/normalize/document.ts";

function written(name: string, value: unknown): EcsDocument {
  const document: EcsDocument = {};
  put(document, name, value);
  return document;
}

describe("values of a document", () => {
  it.each([
    ["text", { a: "text" }],
    [1.5, { a: 1.5 }],
    [0, { a: 0 }],
    [false, { a: false }],
    [["a", "b"], { a: ["a", "b"] }],
    [[1, 2], { a: [1, 2] }],
    [[1, "b", null], { a: ["1", "b"] }],
    [[{ b: 1 }], { a: ['{"b":1}'] }],
    [
      { b: { c: 1 }, d: "x" },
      { "a.b.c": 1, "a.d": "x" },
    ],
  ])("writes %j", (value, expected) => {
    expect(written("a", value)).toEqual(expected);
  });

  it.each([null, undefined, "", Number.NaN, Number.POSITIVE_INFINITY, [], [null, ""], {}])(
    "leaves out %j",
    (value) => {
      expect(written("a", value)).toEqual({});
    },
  );

  it("cuts long texts and lists", () => {
    expect(String(written("a", "x".repeat(TEXT_CHARACTERS_MAX + 1)).a)).toHaveLength(
      TEXT_CHARACTERS_MAX,
    );
    expect(
      written(
        "a",
        Array.from({ length: VALUES_MAX + 1 }, () => 1),
      ).a,
    ).toHaveLength(VALUES_MAX);
  });

  it("stops at the most fields that one record may have", () => {
    const document: EcsDocument = {};
    putAll(document, "", Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`f${i}`, i])));
    expect(Object.keys(document)).toHaveLength(FIELDS_MAX);
  });

  it("keeps what lies too deep as JSON text", () => {
    let value: unknown = 1;
    for (let depth = 0; depth < FLATTEN_DEPTH_MAX + 5; depth++) value = { x: value };
    const [text] = Object.values(written("a", value));
    expect(text).toBe('{"x":{"x":{"x":{"x":{"x":1}}}}}');
  });

  it("never sets a prototype", () => {
    const document: EcsDocument = {};
    put(document, "__proto__", ["a"]);
    putAll(document, "", JSON.parse('{"__proto__":["a"],"b":1}'));
    expect(Object.getPrototypeOf(document)).toBe(Object.prototype);
    expect(document).toEqual({ b: 1 });
  });
});
