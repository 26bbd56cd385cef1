import { describe, expect, it } from "vitest";
import {
  type Begun,
  followLeader,
  gathered,
  isSettled,
  type Leader,
  OPENINGS_WINDOW_MS,
  placeOf,
  tellsAt,
} from "../../../services/paging/gather.ts";
import type { FindingPaging, PageDelivery } from "../../../services/store/paging.ts";

const leader = (finding: string, more: Partial<Leader> = {}): Leader => ({
  ...{ finding, priority: "p2", proposal: undefined, isUnderWay: true, ...more },
});
const begun = (...times: number[]): Begun[] => times.map((at) => ({ at, priority: "p2" }));
const FULL = begun(10, 20, 30);
/** Moments are ms UTC. */
const NOW = 3_000_000;
const urgent = (finding: string, more: Partial<Leader> = {}) =>
  leader(finding, { priority: "p1", ...more });
const URGENT_FULL: readonly Begun[] = [...begun(10, 20), { at: NOW - 1000, priority: "p1" }];
const URGENT_OLD: readonly Begun[] = [...begun(10, 20), { at: NOW - 900_000, priority: "p1" }];

describe("the place of a page", () => {
  it.each([
    ["leads while few have begun", "p2", begun(10), [leader("a")], { kind: "leads" }],
    [
      "is with the newest one beyond the limit",
      "p2",
      FULL,
      [leader("a"), leader("b")],
      { kind: "gathered", leader: "b" },
    ],
    ["is never with a less urgent one", "p1", FULL, [leader("a")], { kind: "leads" }],
    [
      "of a p1 is with a p1 that began of late beyond the limit",
      "p1",
      URGENT_FULL,
      [urgent("a"), leader("b")],
      { kind: "gathered", leader: "a" },
    ],
    [
      "of a p1 is its own beyond the limit when no p1 has begun of late",
      "p1",
      URGENT_OLD,
      [urgent("a", { tellsAt: NOW + 60_000 })],
      { kind: "leads" },
    ],
    [
      "of a p1 is with its own incident where that is about to be told",
      "p1",
      begun(10),
      [urgent("a", { proposal: "x", tellsAt: NOW - 5 })],
      { kind: "gathered", leader: "a", toldBy: NOW + 5000 },
    ],
    [
      "of a p1 is its own where its incident was told already",
      "p1",
      begun(10),
      [urgent("a", { proposal: "x", tellsAt: NOW + 600_000 }), urgent("b", { proposal: "x" })],
      { kind: "leads" },
    ],
    [
      "of a p1 is with any p1 beyond the limit that is about to be told",
      "p1",
      URGENT_FULL,
      [urgent("a", { tellsAt: NOW + 3000 }), urgent("b")],
      { kind: "gathered", leader: "a", toldBy: NOW + 8000 },
    ],
    [
      "is with its own proposed incident",
      "p2",
      begun(10),
      [leader("a", { proposal: "x" }), leader("b")],
      { kind: "gathered", leader: "a" },
    ],
    [
      "is not with one that was answered",
      "p2",
      begun(10),
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
    expect(placeOf({ id: "f", proposal: "x", priority }, openings, leaders, 3, NOW)).toEqual(place);
  });
});

describe("what is gathered", () => {
  const paging = (more: Partial<FindingPaging>): FindingPaging => ({
    ...{ priority: "p1", policy: "urgent", state: "escalating", opening: 0, requestedAt: 0 },
    ...{ round: 0, step: 1, leads: true, stepAt: NOW + 600_000, pages: [], answers: [], ...more },
  });
  const page = (more: Partial<PageDelivery>): PageDelivery => ({
    ...{ id: "p", round: 0, step: 0, channel: "sms", contact: 0, state: "pending", dueAt: 0 },
    ...{ attempts: 0, ...more },
  });
  const own = gathered(paging({}), { kind: "gathered", leader: "a", toldBy: NOW + 5000 }, NOW);
  const told = page({ state: "handed_over", sentAt: NOW + 100, told: ["f"] });
  const untold = page({ state: "handed_over", sentAt: NOW + 100, told: ["g"] });

  it.each([
    ["waits until it is to be told", NOW + 4000, paging({ pages: [untold] }), "gathered"],
    ["stays where it was told by its name", NOW + 5000, paging({ pages: [told] }), "gathered"],
    ["pages by itself where it was not told in time", NOW + 5000, paging({}), "escalating"],
    [
      "pages by itself where others were told",
      NOW + 5000,
      paging({ pages: [untold] }),
      "escalating",
    ],
    [
      "is acknowledged with what told of it",
      NOW + 1000,
      paging({ state: "acknowledged", pages: [told] }),
      "acknowledged",
    ],
    [
      "pages by itself when what did not tell of it was answered",
      NOW + 1000,
      paging({ state: "acknowledged", pages: [untold] }),
      "escalating",
    ],
  ] as const)("%s", (_, at, teller, state) => {
    const next = followLeader({ id: "f" }, own, at, teller);
    expect(next.state).toBe(state);
    expect(followLeader({ id: "f" }, next, at, teller).state).toBe(state);
  });

  it("is left alone where nothing was promised", () => {
    const calm = gathered(paging({ priority: "p3" }), { kind: "gathered", leader: "a" }, NOW);
    expect(calm.stepAt).toBeUndefined();
    expect(followLeader({ id: "f" }, calm, NOW + 1e9, paging({}))).toBe(calm);
  });

  it.each([
    ["is gone", undefined, true],
    ["calls people", paging({}), false],
    ["is about to call people", paging({ leads: false }), false],
    ["was answered", paging({ state: "acknowledged" }), true],
    ["has ended with a page on its way", paging({ state: "ended", pages: [page({})] }), false],
    ["has ended", paging({ state: "ended", pages: [told] }), true],
  ] as const)("goes on or waits where what tells of it %s", (_, teller, isOver) => {
    expect(isSettled(teller)).toBe(isOver);
  });

  it.each([
    ["not sent yet", { pages: [page({ dueAt: NOW + 5 })] }, NOW + 5],
    ["sent", { pages: [untold] }, NOW + 600_000],
    ["on its way", { pages: [page({ sentAt: NOW - 5 })], stepAt: undefined }, undefined],
  ] as const)("is told by the next page: %s", (_, more, at) => {
    const { stepAt, ...rest } = { stepAt: NOW + 600_000, ...more };
    const { stepAt: __, ...base } = paging({});
    const teller = { ...base, ...rest, ...(stepAt === undefined ? {} : { stepAt }) };
    expect(tellsAt({ ...teller, pages: [...teller.pages] })).toBe(at);
  });
});
