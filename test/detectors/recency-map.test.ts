import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { createBaselines } from "../../detectors/anomaly/autoencoder/baselines.ts";
import { MEASURES } from "../../detectors/anomaly/autoencoder/measures.ts";
import { createTopValues } from "../../detectors/anomaly/behaviour/top-values.ts";
import { createRememberedNames } from "../../detectors/anomaly/remembered-names.ts";
import { createFairTable } from "../../detectors/fair-table.ts";
import { createRecentTable } from "../../detectors/network/recent-table.ts";
import { RecencyMap } from "../../detectors/recency-map.ts";

setFlagsFromString("--expose-gc");
// What the flag puts into a new context takes nothing and gives nothing.
const collectGarbage = runInNewContext("gc") as () => void;

function heapMegabytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

it("has the order of a map in which what is touched is deleted and put in anew", () => {
  const [kept, map] = [new RecencyMap<string, number>(), new Map<string, number>()];
  let state = 5;
  const draw = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let step = 0; step < 20_000; step += 1) {
    const key = `k${draw(300)}`;
    const what = draw(100);
    if (what === 0) {
      kept.clear();
      map.clear();
    } else if (what < 20) {
      expect(kept.delete(key)).toBe(map.delete(key));
    } else if (what < 40) {
      const value = map.get(key);
      expect(kept.touch(key)).toBe(value);
      if (value === undefined) continue;
      map.delete(key);
      map.set(key, value);
    } else {
      kept.set(key, step);
      map.delete(key);
      map.set(key, step);
    }
    const [oldest] = map.keys();
    expect(kept.oldest).toBe(oldest);
    expect(kept.size).toBe(map.size);
    if (step % 500 === 0) expect([...kept]).toEqual([...map]);
  }
  expect([...kept.keys()]).toEqual([...map.keys()]);
  expect([...kept.values()]).toEqual([...map.values()]);
});

it("goes on when the key at hand is deleted", () => {
  const map = new RecencyMap<string, number>();
  for (const [at, key] of ["a", "b", "c", "d"].entries()) map.set(key, at);
  const seen: string[] = [];
  for (const key of map.keys()) {
    seen.push(key);
    if (key !== "c") map.delete(key);
  }
  expect(seen).toEqual(["a", "b", "c", "d"]);
  expect([...map]).toEqual([["c", 2]]);
});

describe("a million sightings of what is known take no memory", () => {
  const KEYS = 20_000;
  const SIGHTINGS = 1_000_000;
  const top = createTopValues(2 * KEYS);
  const recent = createRecentTable<number>(2 * KEYS);
  const fair = createFairTable<{ readonly source: string }>(2 * KEYS);
  const names = createRememberedNames();
  const baselines = createBaselines(2 * KEYS);
  const amounts = new Float64Array(MEASURES.length);
  const nameOf = (key: string) => `konto-${key.padStart(10, "2")}`;
  const tables: readonly (readonly [string, number, (key: string, step: number) => void])[] = [
    ["usual values", 1, (key) => top.add(key, "value")],
    ["tables of the network", 1, (key, step) => recent.set(key, step)],
    ["tables that are fair to sources", 1, (key) => fair.set(key, { source: "one" })],
    // A name moves to the end once an hour at most.
    ["names", 1, (key, step) => names.inward(nameOf(key), step * 3_600_000)],
    ["baselines", 10, (key) => baselines.learn(key, "group", amounts)],
  ];
  it.each(tables)("%s", (_, part, see) => {
    const keys = Array.from({ length: KEYS }, (_, at) => `${at}`);
    for (const [at, key] of keys.entries()) see(key, at);
    for (const [at, key] of keys.entries()) see(key, KEYS + at);
    const before = heapMegabytes();
    for (let step = 0; step < SIGHTINGS / part; step += 1)
      see(keys[step % KEYS] ?? "", 2 * KEYS + step);
    expect(heapMegabytes() - before).toBeLessThan(part === 1 ? 10 : 2);
  });
});
