import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { epochTime, isoTime, timeOf } from "../../../services/normalize/time-text.ts";
import { CONTEXT, iso } from "./format-check.ts";

describe("ISO times", () => {
  it.each([
    ["2026-11-21T04:38:16Z", "2026-11-21T04:38:16.000Z"],
    ["2026-11-21T04:38:16.1234567Z", "2026-11-21T04:38:16.123Z"],
    ["2026-11-21T05:38:16,5+01:00", "2026-11-21T04:38:16.500Z"],
    ["2026-11-21T05:38:16+0100", "2026-11-21T04:38:16.000Z"],
    ["2026-11-21T05:38:16+01", "2026-11-21T04:38:16.000Z"],
    ["2026-11-20 20:08:16-08:30", "2026-11-21T04:38:16.000Z"],
    ["2026-11-21T04:38Z", "2026-11-21T04:38:00.000Z"],
    ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"],
    ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"],
    ["2026-11-21 05:38:16.25", "2026-11-21T04:38:16.250Z"],
    ["2026-07-21 05:38:16", "2026-07-21T03:38:16.000Z"],
  ])("reads %s", (text, expected) => {
    expect(iso(isoTime(text, CONTEXT))).toBe(expected);
  });

  it.each([
    "",
    "hello 1",
    "2026",
    "2026-13-01T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "2026-11-31T00:00:00Z",
    "2026-11-21T24:00:00Z",
    "2026-11-21T04:61:00Z",
    "2026-11-21T04:38:16Z and more",
    "2026-11-21T04:38:16+99:00",
    "0001-01-01T00:00:00Z",
    "２０２６-11-21T04:38:16Z",
  ])("refuses %j", (text) => {
    expect(isoTime(text, CONTEXT)).toBeUndefined();
  });

  it("needs a context for a time without zone", () => {
    expect(isoTime("2026-11-21T04:38:16")).toBeUndefined();
  });

  it("reads back every time that JavaScript writes", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("0100-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
        (date) => {
          expect(isoTime(date.toISOString())).toBe(date.getTime());
        },
      ),
    );
  });
});

describe("times as numbers", () => {
  it.each([
    [1_795_235_896, "2026-11-21T04:38:16.000Z"],
    [1_795_235_896.25, "2026-11-21T04:38:16.250Z"],
    [1_795_235_896_123, "2026-11-21T04:38:16.123Z"],
    [1_795_235_896_123_456, "2026-11-21T04:38:16.123Z"],
    [Number("1795235896123456789"), "2026-11-21T04:38:16.123Z"],
  ])("reads %d by its size", (value, expected) => {
    expect(iso(epochTime(value))).toBe(expected);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 0, -5, 1e30])("refuses %d", (value) => {
    expect(epochTime(value)).toBeUndefined();
  });

  it.each([
    ["1795235896", "2026-11-21T04:38:16.000Z"],
    ["1795235896.5", "2026-11-21T04:38:16.500Z"],
    [null, undefined],
    [true, undefined],
    [{}, undefined],
    ["12", undefined],
    ["9".repeat(100), undefined],
  ])("reads the field value %j", (value, expected) => {
    expect(iso(timeOf(value, CONTEXT))).toBe(expected);
  });
});
