import { describe, expect, it } from "vitest";
import type { Activity, LogonActivity } from "../../../../detectors/anomaly/activity.ts";
import type { Anomaly, AnomalyDetector } from "../../../../detectors/anomaly/anomaly.ts";
import { createLogons } from "../../../../detectors/anomaly/logons/logons.ts";
import { createRarity } from "../../../../detectors/anomaly/rarity/rarity.ts";
import { createVolume } from "../../../../detectors/anomaly/volume/volume.ts";
import { type AttackKind, type County, drawCounty } from "./county-days.ts";

const DAY_MS = 86_400_000;
const DETECTORS: Readonly<Record<string, () => AnomalyDetector<Activity>>> = {
  logons: () => createLogons({ tailMax: 0.01 }),
  rarity: () => createRarity({ tailMax: 0.01 }),
  volume: () => createVolume({ tailMax: 0.01 }),
};
const COUNTY = drawCounty(7, { accounts: 150, days: 26, attackDays: 5, attacksOfKind: 2 });

/** What is said of each `day:account`. */
function said(detector: AnomalyDetector<Activity>, county: County): Map<string, Anomaly> {
  const first = Math.floor((county.activities[0]?.time ?? 0) / DAY_MS);
  const found = new Map<string, Anomaly>();
  for (const activity of county.activities)
    for (const anomaly of detector.observe(activity))
      found.set(`${Math.floor(anomaly.time / DAY_MS) - first}:${anomaly.entity.value}`, anomaly);
  return found;
}

const logon = (more: Partial<LogonActivity>): LogonActivity => ({
  ...{ kind: "logon", id: "1", time: Date.UTC(2026, 1, 2, 9), source: "s", account: "a" },
  ...{ peers: "p", host: "h", from: "w", succeeded: true, method: "kerberos", country: undefined },
  ...more,
});

describe("what an invented county does", () => {
  const cases: readonly (readonly [string, AttackKind, string])[] = [
    ["volume", "mass_access", "many_logons"],
    ["logons", "odd_hour", "odd_hour"],
    ["logons", "impossible_travel", "impossible_travel"],
    ["logons", "spray_then_success", "spray_then_success"],
    ["logons", "dormant", "dormant"],
    ["rarity", "rare_process", "rare_process"],
    ["rarity", "new_hosts", "rare_host"],
  ];
  it.each(cases)("%s finds an attack of the kind %s", (name, attack, kind) => {
    const found = said(DETECTORS[name]?.() ?? createLogons(), COUNTY);
    const ids = [...COUNTY.attacks].filter(([, of]) => of === attack).map(([id]) => id);
    expect(ids.length).toBeGreaterThan(0);
    expect(ids.map((id) => found.get(id)?.kind)).toContain(kind);
  });

  it.each(Object.keys(DETECTORS))("%s names drivers, events and the entity", (name) => {
    for (const anomaly of said(DETECTORS[name]?.() ?? createLogons(), COUNTY).values()) {
      expect(anomaly).toMatchObject({ detector: name });
      expect(anomaly.tail).toBeGreaterThan(0);
      expect(anomaly.tail).toBeLessThanOrEqual(0.01);
      expect(anomaly.drivers.length).toBeGreaterThan(0);
      expect(anomaly.from).toBeLessThanOrEqual(anomaly.time);
      const times = anomaly.events.map(({ time }) => time);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
  });

  it.each(Object.keys(DETECTORS))("%s says nothing in its first two weeks", (name) => {
    const days = [...said(DETECTORS[name]?.() ?? createLogons(), COUNTY).keys()];
    for (const id of days) expect(Number(id.split(":")[0])).toBeGreaterThanOrEqual(14);
  });
});

describe("state", () => {
  it.each(Object.keys(DETECTORS))("%s goes on after a restore as if nothing had been", (name) => {
    const create = DETECTORS[name] ?? (() => createLogons());
    const half = Math.floor(COUNTY.activities.length * 0.8);
    const whole = create();
    for (const activity of COUNTY.activities.slice(0, half)) whole.observe(activity);
    const pieces = whole.store();
    for (const piece of pieces) expect(piece.length).toBeLessThan(1_048_576);
    const restored = create();
    restored.restore(pieces);
    expect(restored.store()).toEqual(pieces);
    const rest = COUNTY.activities.slice(half);
    const expected = rest.flatMap((activity) => whole.observe(activity));
    expect(expected.length).toBeGreaterThan(0);
    expect(rest.flatMap((activity) => restored.observe(activity))).toEqual(expected);
  });

  it.each(Object.keys(DETECTORS))("%s refuses a damaged and a newer state", (name) => {
    const create = DETECTORS[name] ?? (() => createLogons());
    const [piece = new Uint8Array()] = create().store();
    const damaged = Uint8Array.from(piece);
    damaged[damaged.length - 5] = (damaged[damaged.length - 5] ?? 0) ^ 0xff;
    const code = (bytes: Uint8Array) => {
      try {
        create().restore([bytes]);
        return "restored";
      } catch (error) {
        return Object(error).code;
      }
    };
    expect(code(damaged)).toBe("HW_STORE_CORRUPT");
    expect(code(Uint8Array.of(99, ...piece.subarray(1)))).toBe("HW_STORE_VERSION");
  });
});

describe("hostile values", () => {
  const texts = ["", "x".repeat(1_000_000), "__proto__", "\u0000", "\ud800"];
  const numbers = [Number.NaN, Number.POSITIVE_INFINITY, -1, 1e308];
  it.each(Object.keys(DETECTORS))("%s takes them without a word or a crash", (name) => {
    const detector = DETECTORS[name]?.() ?? createLogons();
    for (const text of texts) {
      const values = { account: text, host: text, from: text, country: text, method: text };
      expect(detector.observe(logon({ ...values, peers: text }))).toEqual([]);
    }
    for (const bytesOut of numbers) {
      const flow = { ...logon({}), kind: "flow", from: "a", to: "b", port: bytesOut } as const;
      const more = { protocol: undefined, bytesIn: bytesOut, durationMs: bytesOut, allowed: true };
      expect(detector.observe({ ...flow, ...more, bytesOut })).toEqual([]);
    }
    for (const time of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(detector.observe(logon({ time }))).toEqual([]);
      expect(detector.advance(time)).toEqual([]);
    }
    const copy = DETECTORS[name]?.() ?? createLogons();
    copy.restore(detector.store());
    expect(copy.store()).toEqual(detector.store());
  });

  it("keeps a flood of new names within its bounds and still knows whom it saw daily", () => {
    const bounds = { keysMax: 4_096, entitiesMax: 500 };
    for (const detector of [createLogons(bounds), createRarity(bounds), createVolume(bounds)]) {
      for (let at = 0; at < 20_000; at += 1) {
        const time = Date.UTC(2026, 1, 2, 9) + at * 1000;
        detector.observe(logon({ time, account: `flood-${at}`, host: `h-${at}`, from: `f-${at}` }));
      }
      expect(detector.keys).toBeLessThan(12_000);
      expect(detector.evicted).toBeGreaterThan(5_000);
    }
  });
});
