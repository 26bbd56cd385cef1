// From a false positive to an exception in the making, and to what the server gets.
import { describe, expect, it } from "vitest";
import { berlinTime } from "../../../../services/console/model/berlin-time.ts";
import {
  exceptionBody,
  exceptionDraftOf,
} from "../../../../services/console/model/exception-draft.ts";
import { findingOf, START } from "../../api/fixture.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

describe("an exception in the making", () => {
  it("is about the finding's first entity, never about its rule or level", () => {
    const draft = exceptionDraftOf(findingOf("f", { raisedAt: START }), START + MINUTE_MS);
    expect(draft.matchers.map(({ field, value }) => [field, value])).toEqual([
      ["entity", "host:fs01"],
    ]);
    expect(berlinTime(draft.from)).toBe(START);
  });

  it("of an old finding begins now", () => {
    expect(exceptionDraftOf(findingOf("f", { raisedAt: START - 7 * DAY_MS }), START).from).toBe("");
  });

  it("becomes a body without empty conditions", () => {
    const draft = exceptionDraftOf(findingOf("f", { raisedAt: START - 7 * DAY_MS }), START);
    const matchers = [
      { key: 1, field: " host.name ", operator: "glob", value: "pc-*" } as const,
      { key: 2, field: "", operator: "equals", value: "" } as const,
    ];
    expect(exceptionBody("f", { ...draft, matchers, reason: " Verteilung " })).toEqual({
      ...{ finding: "f", days: 90, reason: "Verteilung" },
      matchers: [{ field: "host.name", operator: "glob", value: "pc-*" }],
    });
    expect(exceptionBody("f", { ...draft, days: "" })).not.toHaveProperty("days");
  });
});
