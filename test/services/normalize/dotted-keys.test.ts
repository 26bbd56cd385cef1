import { describe, expect, it } from "vitest";
import { nested } from "../../../services/normalize/dotted-keys.ts";

const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

describe("dotted keys", () => {
  it("leaves a nested record as it is, without copying it", () => {
    const record = { winlog: { event_id: 1 }, message: "a.b" };
    expect(nested(record)).toBe(record);
  });

  it.each([
    [{ "winlog.event_id": 1 }, { winlog: { event_id: 1 } }],
    [{ "a.b": 1, a: { c: 2 } }, { a: { b: 1, c: 2 } }],
    [{ a: { c: 2 }, "a.b": 1 }, { a: { b: 1, c: 2 } }],
    [{ winlog: { "event_data.X": "y" } }, { winlog: { event_data: { X: "y" } } }],
    [{ "a.b": { "c.d": 1 }, "a.b.c": { e: 2 } }, { a: { b: { c: { d: 1, e: 2 } } } }],
    [{ "a.b": 1, "a.b.c": 2 }, { a: { b: { c: 2 } } }],
    [
      { "a..b": 1, ".": 2 },
      { "a..b": 1, ".": 2 },
    ],
    [{ "a.b": [1, 2] }, { a: { b: [1, 2] } }],
  ])("makes %j nested", (record, expected) => {
    expect(plain(nested(record))).toEqual(expected);
  });

  it("changes no prototype, whatever the key", () => {
    nested({
      "constructor.prototype.polluted": 1,
      "__proto__.polluted": 1,
      "toString.polluted": 1,
    });
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    expect(Reflect.get(Object.prototype.toString, "polluted")).toBeUndefined();
  });

  it("keeps keys with absurdly many dots as they are", () => {
    const key = Array.from({ length: 5000 }, () => "a").join(".");
    expect(Object.keys(nested({ [key]: 1 }))).toEqual([key]);
  });
});
