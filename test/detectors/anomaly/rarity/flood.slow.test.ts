import { describe, expect, it } from "vitest";
import type { LogonActivity } from "../../../../detectors/anomaly/activity.ts";
import { createRarity } from "../../../../detectors/anomaly/rarity/rarity.ts";

const DAY_MS = 86_400_000;
const BEGIN = Date.UTC(2026, 1, 2, 8);
const ACCOUNTS = 100;
const DAYS = 21;
const FLOOD = 150_000;
/** 2 ** 20 places of the table, and the entities of a day beside them. */
const KEYS_MAX = 1_048_576 + 100_000;
/** 1,048,576 places of 20 bytes, and 100,000 entities with what is known of their day. */
const BYTES_MAX = 400 * 1_048_576;

function logon(day: number, at: number, more: Partial<LogonActivity>): LogonActivity {
  const account = `konto-${at}`;
  return {
    ...{ kind: "logon", id: `${day}-${at}`, time: BEGIN + day * DAY_MS + at * 10, source: "s" },
    ...{ account, peers: "amt", host: `ablage-${at % 5}`, from: `platz-${at}`, succeeded: true },
    ...{ method: "kerberos", country: undefined, ...more },
  };
}

describe("a flood of new entities", () => {
  it("beyond a million keys stays in bounded memory, and who was known before is still known", () => {
    const detector = createRarity({ tailMax: 0.01 });
    for (let day = 0; day < DAYS; day += 1)
      for (let at = 0; at < ACCOUNTS; at += 1) {
        detector.observe(logon(day, at, {}));
        // News are everyday life: each day some have a host that others had.
        if (at % 20 === day % 20)
          detector.observe(logon(day, at, { host: `ablage-${(day + 1) % 5}` }));
      }
    const before = process.memoryUsage();
    for (let at = 0; at < FLOOD; at += 1) {
      const names = { account: `f-${at}`, host: `h-${at}`, from: `w-${at}`, method: `m-${at}` };
      detector.observe(logon(DAYS, at, { ...names, peers: `p-${at % 10_000}` }));
    }
    const after = process.memoryUsage();
    expect(detector.keys).toBeLessThanOrEqual(KEYS_MAX);
    expect(detector.keys).toBeGreaterThan(500_000);
    expect(detector.evicted).toBeGreaterThan(500_000);
    const grown = after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed;
    expect(grown).toBeLessThan(BYTES_MAX);

    const next = DAYS + 1;
    for (let at = 0; at < ACCOUNTS; at += 1)
      expect(detector.observe(logon(next, at, { time: BEGIN + next * DAY_MS + at }))).toEqual([]);
    const theft = ["geheim-1", "geheim-2", "geheim-3"].flatMap((host, at) =>
      detector.observe(
        logon(next, 7, { host, id: `x${at}`, time: BEGIN + next * DAY_MS + 5000 + at }),
      ),
    );
    expect(theft.map(({ entity }) => entity.value)).toContain("konto-7");
  });
});
