import { expect, it } from "vitest";
import { watchState } from "../../../../services/console/model/watch-state.ts";

const NOW = 1_000_000;
const running = (askedAgoMs: number | undefined, seenAgoMs = 0) => ({
  ...{ name: "a", services: ["notify"], version: "1", startedAt: 0, seenAt: NOW - seenAgoMs },
  ...(askedAgoMs === undefined ? {} : { watchdogAskedAt: NOW - askedAgoMs }),
});

it.each([
  ["nobody has ever asked", [running(undefined)], { all: 1, unwatched: 1, askedAt: undefined }],
  [
    "all were asked just now",
    [running(5000), running(9000)],
    { all: 2, unwatched: 0, askedAt: NOW - 5000 },
  ],
  [
    "one of them is asked by nobody",
    [running(5000), running(undefined)],
    { all: 2, unwatched: 1, askedAt: NOW - 5000 },
  ],
  [
    "the watchdog fell silent",
    [running(200_000)],
    { all: 1, unwatched: 1, askedAt: NOW - 200_000 },
  ],
  [
    "one does not run any more",
    [running(5000), running(undefined, 60_000)],
    { all: 1, unwatched: 0, askedAt: NOW - 5000 },
  ],
])("says who watches where %s", (_, processes, state) => {
  expect(watchState(processes, NOW)).toEqual(state);
});
