// A flood of new entities, as somebody makes them who wants to fill memory or to hide behind them, over all
// families of detectors. Many run for a month before; rarity alone is filled to its last place beside this
// (../rarity/flood.slow.test.ts).
import { describe, expect, it } from "vitest";
import { ACCOUNT_FLOODS } from "./account-floods.ts";
import { type Flooded, runFlood } from "./flood.ts";
import { NETWORK_FLOODS } from "./network-floods.ts";
import { lineFlood, metricFlood } from "./stream-floods.ts";

/** What one detector may take at the worst moment, MiB. */
const MEGABYTES_MAX = 400;
const KEYS_MAX = 1_000_000;
/** Anomalies of a flood are an alarm, and no flood of alarms. */
const TOLD_MAX = 200;

function expectBounded({ megabytes, keys, evicted, told }: Flooded): void {
  expect(megabytes).toBeLessThan(MEGABYTES_MAX);
  expect(keys).toBeLessThanOrEqual(KEYS_MAX);
  expect(evicted).toBeGreaterThan(0);
  expect(told).toBeLessThan(TOLD_MAX);
}

describe("a million new entities within ten minutes", () => {
  it.each(Object.entries(ACCOUNT_FLOODS))("hide no stolen account from %s", async (_, make) => {
    const flood = await make();
    const flooded = await runFlood(flood);
    console.log(_, JSON.stringify(flooded));
    expect(flooded.found).toEqual(flood.attacks);
    expectBounded(flooded);
  });

  it.each(NETWORK_FLOODS)("hide no attack from %s", async (_, make) => {
    const flood = make();
    const flooded = await runFlood(flood);
    console.log(_, JSON.stringify(flooded));
    expect(flooded.found).toEqual(flood.attacks);
    expectBounded(flooded);
  });

  it("hide no odd line and no odd order of lines", async () => {
    const flood = await lineFlood();
    const flooded = await runFlood(flood);
    console.log("lines", JSON.stringify(flooded));
    expect(flooded.found).toEqual(flood.attacks);
    expectBounded(flooded);
  });

  it("hide no jump of a series", async () => {
    const flood = metricFlood();
    const flooded = await runFlood(flood);
    console.log(JSON.stringify(flooded));
    expect(flooded.found).toEqual(flood.attacks);
    expectBounded(flooded);
  });
});
