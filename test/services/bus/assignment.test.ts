// Partitions are spread evenly and move only when they must.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assignPartitions } from "../../../services/bus/assignment.ts";

describe("assignPartitions", () => {
  it.each([
    [4, ["x"], {}, { x: [0, 1, 2, 3] }],
    [4, ["x", "y"], { x: [0, 1, 2, 3] }, { x: [0, 1], y: [2, 3] }],
    [3, ["x", "y"], { y: [0, 1, 2] }, { y: [0, 1], x: [2] }],
    [4, ["x", "y", "z"], { x: [0, 1], y: [2, 3] }, { x: [0, 1], y: [2], z: [3] }],
    [1, ["x", "y"], { y: [0] }, { y: [0], x: [] }],
    [2, [], {}, {}],
  ])("spreads %i over %j that have %j", (count, members, owned, wanted) => {
    const result = assignPartitions(count, members, new Map(Object.entries(owned)));
    expect(Object.fromEntries(result)).toEqual(wanted);
  });

  it("gives every partition to exactly one member, with loads that differ by one at most", () => {
    fc.assert(
      fc.property(fc.nat(40), fc.integer({ min: 1, max: 9 }), fc.nat(8), (count, size, gone) => {
        const everyone = Array.from({ length: size }, (_, index) => index);
        const before = assignPartitions(count, everyone, new Map());
        const left = everyone.filter((member) => member !== gone || size === 1);
        const after = assignPartitions(count, [...left, 99], before);
        const all = [...after.values()].flat().sort((a, b) => a - b);
        expect(all).toEqual(Array.from({ length: count }, (_, index) => index));
        const loads = [...after.values()].map((list) => list.length);
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
