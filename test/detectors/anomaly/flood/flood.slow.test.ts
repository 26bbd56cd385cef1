// A flood of new entities, as somebody makes them who wants to fill memory or to hide behind them, over all
// families of detectors. The table of rarity is filled to its last place beside this
// (../rarity/flood.slow.test.ts).
import { describe, expect, it } from "vitest";
import { ACCOUNT_FLOODS } from "./account-floods.ts";
import { type Flood, type Flooded, runFlood } from "./flood.ts";
import { NETWORK_FLOODS } from "./network-floods.ts";
import { lineFlood, metricFlood } from "./stream-floods.ts";

/** What one detector may take at the worst moment, MiB. */
const MEGABYTES_MAX = 400;
const KEYS_MAX = 1_000_000;
/** Anomalies of a flood are an alarm, and no flood of alarms. */
const TOLD_MAX = 200;
/** Those that see a flood of logons as what it is. */
const TELLERS: ReadonlySet<string> = new Set(["volume", "logons"]);

function expectHeld(flood: Pick<Flood<never>, "attacks">, flooded: Flooded): void {
  const { found, megabytes, keys, evicted, told } = flooded;
  expect(found).toEqual(flood.attacks);
  expect(megabytes).toBeLessThan(MEGABYTES_MAX);
  expect(keys).toBeGreaterThan(0);
  expect(keys).toBeLessThanOrEqual(KEYS_MAX);
  expect(evicted).toBeGreaterThan(0);
  expect(told).toBeLessThan(TOLD_MAX);
}

describe("a million new entities within ten minutes", () => {
  it.each(Object.entries(ACCOUNT_FLOODS))("hide no stolen account from %s", async (name, make) => {
    const flood = await make();
    const flooded = await runFlood(flood);
    expectHeld(flood, flooded);
    if (TELLERS.has(name)) expect(flooded.told).toBeGreaterThan(0);
  });

  it.each(NETWORK_FLOODS)("hide no attack from %s", async (_, make) => {
    const flood = make();
    expectHeld(flood, await runFlood(flood));
  });

  it("hide no odd line and no odd order of lines", async () => {
    const flood = await lineFlood();
    expectHeld(flood, await runFlood(flood));
  });

  it("hide no jump of a series", async () => {
    const flood = metricFlood();
    expectHeld(flood, await runFlood(flood));
  });
});
