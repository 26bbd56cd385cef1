// A small storm through the real chain: much noise becomes few items of the queue, and every attack in it
// stands above the noise.
import { describe, expect, it } from "vitest";
import { runStorm } from "../../eval/storm/run-storm.ts";

const SMALL = {
  events: 4000,
  signals: 500,
  noisyDetectors: 12,
  rareDetectors: 60,
  hosts: 80,
  attacks: 3,
  strays: 6,
};

const FIRST_ITEMS = 10;

describe("a storm", () => {
  it.each([1, 2])("becomes few items with all attacks above (seed %i)", async (seed) => {
    const result = await runStorm(seed, SMALL);
    expect(result.signals).toBe(SMALL.signals);
    expect(result.queueItems).toBeLessThanOrEqual(40);
    for (const rank of result.ranks) expect(rank).toBeLessThanOrEqual(FIRST_ITEMS);
  });
});
