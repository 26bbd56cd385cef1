// Which part of a value is marked, for every operator, on values that we wrote and on arbitrary ones.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markRanges, mergeRanges } from "../../../../services/console/model/mark-ranges.ts";

const marked = (value: string, operator: string, pattern: string) =>
  markRanges(value, operator, pattern).map(({ start, end }) => value.slice(start, end));

const LITERAL = [
  ["contains", "run vssadmin DELETE Shadows /all", "delete shadows", ["DELETE Shadows"]],
  ["contains|all", "a -enc b", " -enc ", [" -enc "]],
  ["startswith", "powershell -c powershell", "PowerShell", ["powershell"]],
  ["endswith", "x\\cmd.exe y\\cmd.exe", "\\cmd.exe", ["\\cmd.exe"]],
  ["equals", "C:\\a\\net.exe", "*\\net.exe", ["\\net.exe"]],
  ["equals", "copy a to b", "copy * to ?", ["copy ", " to "]],
  ["equals", "50*2", "50\\*2", ["50*2"]],
  ["endswith", "aba ab", "a*b", ["a", "b"]],
  ["contains", "Straße", "SSE", ["Straße"]],
] as const;
const WHOLE = [
  ["re", "(a+)+$ aaaa", "^(a+)+$"],
  ["cidr", "203.0.113.7", "203.0.113.0/24"],
  ["gt", "17", "10"],
  ["exists", "yes", "true"],
  ["contains", "not there", "pattern"],
  ["equals", "anything", "*"],
] as const;

describe("marks", () => {
  it.each(LITERAL)("%s in %j marks what %j says", (operator, value, pattern, expected) => {
    expect(marked(value, operator, pattern)).toEqual(expected);
  });

  it.each(WHOLE)("%s in %j marks the whole value", (operator, value, pattern) => {
    expect(marked(value, operator, pattern)).toEqual([value]);
  });

  it("marks nothing in an empty value", () => {
    expect(marked("", "contains", "x")).toEqual([]);
  });

  it("stays inside the value, whatever value and pattern are", () => {
    const operator = fc.constantFrom("contains", "startswith", "endswith", "equals", "re");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), operator, fc.string(), (value, name, pattern) => {
        for (const { start, end } of markRanges(value, name, pattern)) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(value.length);
          expect(start).toBeLessThan(end);
        }
      }),
    );
  });

  it("joins ranges that touch or overlap", () => {
    const ranges = [
      { start: 5, end: 8 },
      { start: 0, end: 2 },
      { start: 2, end: 4 },
      { start: 6, end: 7 },
    ];
    expect(mergeRanges(ranges)).toEqual([
      { start: 0, end: 4 },
      { start: 5, end: 8 },
    ]);
  });
});
