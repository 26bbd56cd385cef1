// The address bar is foreign input: what does not fit is left out.
import { describe, expect, it } from "vitest";
import {
  filterParams,
  fitsSearch,
  isGrouped,
  readQueueSearch,
} from "../../../../services/console/model/queue-search.ts";

describe("queue search", () => {
  it.each([
    [{}, {}],
    [{ status: ["closed", "new"] }, { status: ["new", "closed"] }],
    [{ quiet: "inhibited,silenced,none" }, { quiet: ["silenced", "inhibited"] }],
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

  it("groups only where nothing is filtered and no list is asked for", () => {
    expect(isGrouped(readQueueSearch({}))).toBe(true);
    expect(isGrouped(readQueueSearch({ view: "tree" }))).toBe(true);
    expect(isGrouped(readQueueSearch({ view: "list" }))).toBe(false);
    expect(isGrouped(readQueueSearch({ level: "high" }))).toBe(false);
  });

  it("asks the API for what is open and in the queue unless told otherwise", () => {
    expect(filterParams({})).toEqual({ status: "new,in_progress", quiet: "none" });
    expect(filterParams({ status: ["closed"], level: ["high"], text: "vpn" })).toEqual({
      ...{ status: "closed", quiet: "none", level: "high", text: "vpn" },
    });
  });

  it("bounds the text", () => {
    expect(readQueueSearch({ text: "x".repeat(10_000) }).text).toHaveLength(200);
  });

  it("takes open findings when no status is asked for", () => {
    const loud = { level: "low", quiet: ["none"], lastEventAt: 5 } as const;
    expect(fitsSearch({}, { ...loud, status: "in_progress" })).toBe(true);
    expect(fitsSearch({}, { ...loud, status: "closed" })).toBe(false);
    expect(fitsSearch({ level: ["high"] }, { ...loud, status: "new" })).toBe(false);
  });

  it("leaves out what is silenced or inhibited until it is asked for", () => {
    const seen = { level: "low", lastEventAt: 5 } as const;
    const silenced = { ...seen, status: "new", quiet: ["silenced"] } as const;
    expect(fitsSearch({}, silenced)).toBe(false);
    expect(fitsSearch({ quiet: ["silenced"] }, silenced)).toBe(true);
    expect(fitsSearch({ quiet: ["inhibited"] }, silenced)).toBe(false);
  });

  it("keeps the span of time that a link brings along", () => {
    const search = readQueueSearch({ from: 1000, to: "2000" });
    expect(search).toEqual({ from: 1000, to: 2000 });
    expect(filterParams(search)).toMatchObject({ from: "1000", to: "2000" });
    expect(isGrouped(search)).toBe(false);
    const found = { status: "new", level: "low", quiet: ["none"] } as const;
    expect(
      [999, 1000, 1999, 2000].map((at) => fitsSearch(search, { ...found, lastEventAt: at })),
    ).toEqual([false, true, true, false]);
  });
});
