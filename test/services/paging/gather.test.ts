import { describe, expect, it } from "vitest";
import { type Leader, OPENINGS_WINDOW_MS, placeOf } from "../../../services/paging/gather.ts";

const leader = (finding: string, more: Partial<Leader> = {}): Leader => ({
  ...{ finding, priority: "p2", proposal: undefined, isUnderWay: true, ...more },
});
const FULL = [10, 20, 30];

describe("the place of a page", () => {
  it.each([
    ["leads while few have begun", "p2", [10], [leader("a")], { kind: "leads" }],
    [
      "is with the newest one beyond the limit",
      "p2",
      FULL,
      [leader("a"), leader("b")],
      { kind: "gathered", leader: "b" },
    ],
    ["is never with a less urgent one", "p1", FULL, [leader("a")], { kind: "leads" }],
    [
      "of a p1 is with a p1 beyond the limit",
      "p1",
      FULL,
      [leader("a", { priority: "p1" }), leader("b")],
      { kind: "gathered", leader: "a" },
    ],
    [
      "is with its own proposed incident",
      "p2",
      [10],
      [leader("a", { proposal: "x" }), leader("b")],
      { kind: "gathered", leader: "a" },
    ],
    [
      "is not with one that was answered",
      "p2",
      [10],
      [leader("a", { proposal: "x", isUnderWay: false })],
      { kind: "leads" },
    ],
    [
      "waits where nobody tells of it",
      "p2",
      FULL,
      [leader("a", { isUnderWay: false })],
      { kind: "waits", until: 10 + OPENINGS_WINDOW_MS },
    ],
  ] as const)("%s", (_, priority, openings, leaders, place) => {
    expect(placeOf({ id: "f", proposal: "x", priority }, openings, leaders, 3)).toEqual(place);
  });
});
