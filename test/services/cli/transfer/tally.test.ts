// Counts and checksums that show what is missing, changed or there twice.
import { describe, expect, it } from "vitest";
import { isSame, Tallier } from "../../../../services/cli/transfer/tally.ts";

function tallyOf(...rows: unknown[]) {
  const tallier = new Tallier();
  for (const row of rows) tallier.add(row);
  return tallier.tally;
}

const one = { id: "a", document: { x: 1, y: ["ä", null] } };
const two = { id: "b", document: { x: 2 } };

describe("tally", () => {
  it.each([
    ["another order of rows", tallyOf(two, one)],
    ["another order of keys", tallyOf({ document: { y: ["ä", null], x: 1 }, id: "a" }, two)],
    ["undefined for missing", tallyOf({ ...one, salt: undefined }, two)],
  ])("is the same with %s", (_, other) => {
    expect(isSame(tallyOf(one, two), other)).toBe(true);
  });

  it.each([
    ["a missing row", tallyOf(one)],
    ["a row that is there twice", tallyOf(one, two, two)],
    ["the other row twice", tallyOf(one, one)],
    ["a changed value", tallyOf(one, { ...two, document: { x: "2" } })],
    ["another order within a list", tallyOf({ ...one, document: { x: 1, y: [null, "ä"] } }, two)],
    ["nothing", undefined],
  ])("differs with %s", (_, other) => {
    expect(isSame(tallyOf(one, two), other)).toBe(false);
  });
});
