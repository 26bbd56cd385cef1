import { expect, it } from "vitest";
import { readDelimited } from "../../../../services/normalize/windows/delimited-line.ts";

it.each([
  ["", undefined, [""]],
  ["a,,b", undefined, ["a", "", "b"]],
  ["a,", undefined, ["a", ""]],
  ['"a,b",c', undefined, ["a,b", "c"]],
  ['"say ""hi""",', undefined, ['say "hi"', ""]],
  ['"open, to the end', undefined, ["open, to the end"]],
  ['"a"x,b', undefined, ["ax", "b"]],
  ['a"b,c', undefined, ['a"b', "c"]],
  ["a,b,c,d", 3, ["a", "b", "c,d"]],
])("cuts %j at its commas", (line, valuesMax, expected) => {
  expect(readDelimited(line, valuesMax)).toEqual(expected);
});
