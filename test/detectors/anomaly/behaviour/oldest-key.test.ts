import { expect, it } from "vitest";
import { oldestKeyOf } from "../../../../detectors/anomaly/behaviour/oldest-key.ts";

it("gives the oldest key whatever was deleted, touched, cleared and put in between", () => {
  const map = new Map<string, number>();
  const oldestOf = oldestKeyOf(map);
  expect(oldestOf()).toBe(undefined);
  let state = 5;
  const draw = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  let asked = 0;
  for (let step = 0; step < 20_000; step += 1) {
    const key = `k${draw(300)}`;
    const what = draw(100);
    if (what === 0) map.clear();
    else if (what < 20) map.delete(key);
    else {
      map.delete(key);
      map.set(key, step);
    }
    if (map.size <= 100) continue;
    const [expected] = map.keys();
    const oldest = oldestOf();
    expect(oldest).toBe(expected);
    if (oldest !== undefined) map.delete(oldest);
    asked += 1;
  }
  expect(asked).toBeGreaterThan(1000);
});
