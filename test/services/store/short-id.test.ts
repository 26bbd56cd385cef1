// Short forms of ids tell apart what stands together, and are the same wherever the same ids stand.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shortId, shortIds } from "../../../services/store/short-id.ts";

const ONE = "3f2a9c1b-77d0-4a51-8a58-3a7f5f1f6c11";

describe("a short id", () => {
  it.each([
    ["the first eight characters of a UUID", [ONE], ["3f2a9c1b"]],
    ["the whole of what was made to be read", ["i1", "V-2026-11-091"], ["i1", "V-2026-11-091"]],
    [
      "longer where two share its beginning, and never ends with a hyphen",
      [ONE, "3f2a9c1b-78d0-4a51-8a58-3a7f5f1f6c11", "00000000-78d0-4a51-8a58-3a7f5f1f6c11"],
      ["3f2a9c1b-77", "3f2a9c1b-78", "00000000"],
    ],
    [
      "whole where it is the beginning of another one",
      ["vorfall-00000000012", "vorfall-000000000123"],
      ["vorfall-00000000012", "vorfall-000000000123"],
    ],
  ])("is %s", (_title, ids, expected) => {
    const shorts = shortIds(ids);
    expect(ids.map((id) => shorts.get(id))).toEqual(expected);
  });

  it("tells any ids apart, whatever their order", () => {
    const id = fc.oneof(fc.uuid(), fc.stringMatching(/^[ab-]{1,40}$/));
    fc.assert(
      fc.property(fc.uniqueArray(id, { maxLength: 40 }), (ids) => {
        const shorts = shortIds(ids);
        expect(new Set(shorts.values()).size).toBe(ids.length);
        for (const [whole, short] of shorts) {
          expect(whole.startsWith(short)).toBe(true);
          expect(short.length).toBeGreaterThanOrEqual(Math.min(8, whole.length));
        }
        expect(shortIds(ids.toReversed())).toEqual(shorts);
      }),
    );
  });

  it("of one alone is that of a set of one", () => {
    expect(shortId(ONE)).toBe("3f2a9c1b");
  });
});
