// From a finding to a silence in the making, and to what the server gets.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { berlinTime, localBerlin } from "../../../../services/console/model/berlin-time.ts";
import {
  completeMatchers,
  draftBody,
  draftOf,
  emptyDraft,
} from "../../../../services/console/model/silence-draft.ts";
import { findingOf, START } from "../../api/fixture.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

describe("a draft", () => {
  it("of a finding names its rule and its first entity and begins with its latest signal", () => {
    const draft = draftOf(findingOf("f", { raisedAt: START }), START + MINUTE_MS);
    const matchers = draft.matchers.map(({ field, value }) => [field, value]);
    expect(matchers).toEqual([
      ["rule", findingOf("f").detector.id],
      ["entity", "host:fs01"],
    ]);
    expect(berlinTime(draft.from)).toBe(START);
  });

  it("of an old finding begins now", () => {
    expect(draftOf(findingOf("f", { raisedAt: START - 7 * DAY_MS }), START).from).toBe("");
  });

  it("becomes a body without empty conditions", () => {
    const draft = { ...emptyDraft(START), reason: " Wartung " };
    expect(completeMatchers(draft.matchers)).toEqual([]);
    const matchers = [{ key: 1, field: " level ", operator: "equals", value: "low" } as const];
    expect(draftBody({ ...draft, matchers })).toEqual({
      matchers: [{ field: "level", operator: "equals", value: "low" }],
      until: START + 4 * 60 * MINUTE_MS,
      reason: "Wartung",
    });
  });
});

it("writes times in Berlin that are read as the same minute, but for the hour that comes twice", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 30_000_000 }), (minutes) => {
      const at = minutes * MINUTE_MS;
      const back = berlinTime(localBerlin(at)) ?? 0;
      expect(Math.abs(back - at) % (60 * MINUTE_MS)).toBe(0);
      expect(localBerlin(back)).toBe(localBerlin(at));
    }),
  );
});
