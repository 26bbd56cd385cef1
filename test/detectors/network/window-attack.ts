// Runs a window detector over quiet hours and an attack, as the tests of tunnels, scans and exfiltration do.
import { expect } from "vitest";
import type { Activity } from "../../../detectors/anomaly/activity.ts";
import type { Anomaly, AnomalyDetector } from "../../../detectors/anomaly/anomaly.ts";

/** All that is said until the given time. */
export function run(
  detector: AnomalyDetector<Activity>,
  activities: readonly Activity[],
  until: number,
): Anomaly[] {
  const sorted = [...activities].sort((a, b) => a.time - b.time);
  return [...sorted.flatMap((one) => detector.observe(one)), ...detector.advance(until)];
}

/** A snapshot in the middle changes nothing of what is said. */
export function expectSameAfterSnapshot(
  create: () => AnomalyDetector<Activity>,
  activities: readonly Activity[],
  until: number,
): void {
  const sorted = [...activities].sort((a, b) => a.time - b.time);
  const whole = create();
  let part = create();
  sorted.forEach((one, place) => {
    if (place === sorted.length >> 1 || place === sorted.length - 20) {
      const pieces = part.store();
      part = create();
      part.restore(pieces);
      expect(part.store()).toEqual(pieces);
    }
    expect(part.observe(one)).toEqual(whole.observe(one));
  });
  const last = whole.advance(until);
  expect(part.advance(until)).toEqual(last);
  expect(last.length).toBeGreaterThan(0);
  const damaged = part.store().map((piece) => piece.subarray(1));
  expect(() => create().restore(damaged)).toThrow();
}
