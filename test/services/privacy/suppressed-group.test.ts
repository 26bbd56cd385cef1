// The group of suppressed hits: equal values together, whatever is missing apart.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { suppressedGroup } from "../../../services/privacy/suppressed-group.ts";

const suppress = { by: ["host.name", "process.name"], forMs: 1000 };
const keyOf = (values: Readonly<Record<string, unknown>>) =>
  suppressedGroup(suppress, (field) => values[field])?.groupKey;

describe("the group of suppressed hits", () => {
  it("is the same for equal values, without regard to case, and carries the window", () => {
    const one = { "host.name": "WS1", "process.name": "cmd.exe", other: 1 };
    const two = { "host.name": "ws1", "process.name": "CMD.exe", other: 2 };
    expect(keyOf(one)).toBe(keyOf(two));
    expect(suppressedGroup(suppress, () => 1)?.groupWindowMs).toBe(1000);
  });

  it("is none where a value is missing or nothing is suppressed", () => {
    for (const missing of [undefined, "", "-", null, []]) {
      expect(keyOf({ "host.name": "ws1", "process.name": missing })).toBeUndefined();
    }
    expect(suppressedGroup(undefined, () => "x")).toBeUndefined();
  });

  it("differs whenever a value differs, however long", () => {
    const value = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.string({ minLength: 400, maxLength: 500 }),
    );
    fc.assert(
      fc.property(value, value, value, value, (a, b, c, d) => {
        const [one, two] = [
          keyOf({ "host.name": `h${a}`, "process.name": `p${b}` }),
          keyOf({ "host.name": `h${c}`, "process.name": `p${d}` }),
        ];
        const isSame = [a, b].join("\n").toLowerCase() === [c, d].join("\n").toLowerCase();
        expect(one === two).toBe(isSame && a.toLowerCase() === c.toLowerCase());
        expect(one?.length).toBeLessThan(400);
      }),
    );
  });
});
