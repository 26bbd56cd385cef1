// The address bar is foreign input: what does not fit is left out.
import { describe, expect, it } from "vitest";
import { fitsSearch, readQueueSearch } from "../../../../services/console/model/queue-search.ts";

describe("queue search", () => {
  it.each([
    [{}, {}],
    [{ status: ["closed", "new"] }, { status: ["new", "closed"] }],
    [{ level: "high,critical" }, { level: ["critical", "high"] }],
    [
      { text: "lsass", sort: "last" },
      { text: "lsass", sort: "last" },
    ],
  ])("reads %j", (raw, search) => {
    expect(readQueueSearch(raw)).toEqual(search);
  });

  it.each([
    [{ status: ["gone"], level: 7 }],
    [{ text: { a: 1 }, sort: "__proto__" }],
    [{ text: "", sort: "score" }],
  ])("leaves out %j", (raw) => {
    expect(readQueueSearch(raw)).toEqual({});
  });

  it("bounds the text", () => {
    expect(readQueueSearch({ text: "x".repeat(10_000) }).text).toHaveLength(200);
  });

  it("takes open findings when no status is asked for", () => {
    expect(fitsSearch({}, { status: "in_progress", level: "low" })).toBe(true);
    expect(fitsSearch({}, { status: "closed", level: "low" })).toBe(false);
    expect(fitsSearch({ level: ["high"] }, { status: "new", level: "low" })).toBe(false);
  });
});
