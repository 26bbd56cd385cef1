import { describe, expect, it } from "vitest";
import { createSprayWatch } from "../../../../detectors/anomaly/logons/spray-watch.ts";
import { createNoveltyRates } from "../../../../detectors/anomaly/rarity/novelty-rates.ts";
import { createLevels, type Level } from "../../../../detectors/anomaly/volume/levels.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A Monday, 00:00 in Germany. */
const MONDAY = Date.UTC(2026, 1, 1, 23);

function level(peers: string): Level {
  return {
    ...{ what: "logons", peers, sums: [100, 0], days: [10, 0] },
    ...{ today: 0, hour: 0, hourAt: 0, past: [] },
  };
}

describe("what is usual of the peers", () => {
  it("says at which hours much is no burst", () => {
    const levels = createLevels(10);
    for (let hour = 0; hour < 24; hour += 1) {
      const time = MONDAY + hour * HOUR_MS;
      levels.profile("logons", "leitstelle", time, 20);
      if (hour >= 8 && hour < 16) levels.profile("logons", "kasse", time, 200);
    }
    const night = MONDAY + 3 * HOUR_MS;
    const at = (peers: string, time: number) => levels.hour(level(peers), 0, time).mean;
    expect(at("leitstelle", night)).toBeGreaterThan(1.5 * at("kasse", night));
    expect(at("leitstelle", night)).toBeGreaterThan(1.5 * at("", night));
    expect(at("kasse", MONDAY + 10 * HOUR_MS)).toBeGreaterThan(2 * at("kasse", night));
  });

  it("takes no more profiles than groups are allowed, and still has that of all", () => {
    const levels = createLevels(10);
    for (let group = 0; group < 1000; group += 1)
      levels.profile("logons", `p${group}`, MONDAY + 9 * HOUR_MS, 100);
    const at = (hour: number) => levels.hour(level("p999"), 0, MONDAY + hour * HOUR_MS).mean;
    expect(at(9)).toBeGreaterThan(2 * at(3));
  });

  it("makes news of a group that has some every day less surprising than of one that never has", () => {
    const rates = createNoveltyRates(100, 30 * DAY_MS);
    for (let day = 0; day < 20; day += 1) {
      rates.roll(MONDAY + day * DAY_MS);
      for (let member = 0; member < 20; member += 1) {
        rates.active("host", "edv", `e${member}`);
        rates.active("host", "kasse", `k${member}`);
        if (member % 4 === 0) rates.novel("host", "edv", `e${member}`, 3);
      }
    }
    rates.roll(MONDAY + 20 * DAY_MS);
    const [desk, registry] = [
      rates.novel("host", "edv", "e1", 3),
      rates.novel("host", "kasse", "k1", 3),
    ];
    expect(desk).toBeLessThan(2);
    expect(registry).toBeGreaterThan(desk + 0.5);
    // Of a group that nobody knows what all have is believed.
    const unknown = rates.novel("host", "neu", "n1", 3);
    expect(unknown).toBeGreaterThan(desk);
    expect(unknown).toBeLessThan(registry);
  });
});

describe("where an account comes from", () => {
  it.each([
    [
      "its own desk after leave",
      "a",
      "platz-a",
      { isHome: true, isNobodys: false, isForeign: false },
    ],
    ["another's desk", "b", "platz-a", { isHome: false, isNobodys: false, isForeign: true }],
    ["a new desk", "b", "platz-b", { isHome: false, isNobodys: true, isForeign: false }],
  ])("is told: %s", (_, account, source, expected) => {
    const watch = createSprayWatch(100, 4096, 30 * DAY_MS);
    for (let day = 0; day < 10; day += 1) watch.succeeded("a", "platz-a", MONDAY + day * DAY_MS);
    expect(watch.succeeded(account, source, MONDAY + 26 * DAY_MS)).toMatchObject(expected);
  });
});
