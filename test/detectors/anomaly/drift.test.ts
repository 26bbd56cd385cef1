// A change of the world is one notice, an attack on a few machines is not, and nothing grave is folded away.
import { describe, expect, it } from "vitest";
import { createDriftMonitor, type DriftMonitor } from "../../../detectors/anomaly/drift.ts";
import { exampleAnomaly } from "../../support/anomalies.ts";

const HOUR_MS = 3_600_000;
const START = Date.parse("2026-06-01T00:00:00Z");
const THRESHOLD = 1e-4;

function hour(monitor: DriftMonitor, at: number, hosts: number, more = {}, offset = 0) {
  return Array.from({ length: hosts }, (_, host) =>
    monitor.take(
      exampleAnomaly({
        entity: { type: "host", value: `pc${host + offset}` },
        time: START + at * HOUR_MS + host * 100,
        ...more,
      }),
      THRESHOLD,
    ),
  );
}

function usualWeek(monitor: DriftMonitor): void {
  for (let at = 0; at < 168; at += 1) hour(monitor, at, at % 3);
}

describe("drift", () => {
  it("of all hosts after an update is one notice, and no flood", () => {
    const monitor = createDriftMonitor();
    usualWeek(monitor);
    const verdicts = [168, 169, 170].flatMap((at) => hour(monitor, at, 300));
    const notices = verdicts.flatMap(({ notice }) => notice ?? []);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatchObject({ detector: "volume", source: "dc", shape: "step" });
    expect(notices[0]?.examples.length).toBeGreaterThan(10);
    expect(verdicts.filter(({ alone }) => alone).length).toBeLessThanOrEqual(20);
    expect(monitor.drifting).toBe(1);
  });

  it("that creeps in over days is noticed, too", () => {
    const monitor = createDriftMonitor();
    usualWeek(monitor);
    const verdicts = Array.from({ length: 24 }, (_, at) => hour(monitor, 168 + at, 14)).flat();
    expect(verdicts.flatMap(({ notice }) => notice?.shape ?? [])).toEqual(["creep"]);
  });

  it("is not an attack on a dozen hosts within an hour", () => {
    const monitor = createDriftMonitor();
    usualWeek(monitor);
    expect(hour(monitor, 168, 12).every(({ alone }) => alone)).toBe(true);
  });

  it("is not one host with a thousand anomalies", () => {
    const monitor = createDriftMonitor();
    usualWeek(monitor);
    for (let at = 0; at < 1000; at += 1) {
      expect(monitor.take(exampleAnomaly({ time: START + 168 * HOUR_MS + at }), THRESHOLD)).toEqual(
        {
          alone: true,
        },
      );
    }
  });

  it("folds nothing away that is far beyond the threshold", () => {
    const monitor = createDriftMonitor();
    usualWeek(monitor);
    hour(monitor, 168, 100);
    expect(hour(monitor, 168, 3, { tail: 1e-9 }, 500).every(({ alone }) => alone)).toBe(true);
    expect(hour(monitor, 168, 3, {}, 600).some(({ alone }) => alone)).toBe(false);
  });

  it("of one source leaves the others alone", () => {
    const monitor = createDriftMonitor();
    usualWeek(monitor);
    hour(monitor, 168, 100);
    expect(hour(monitor, 168, 5, { source: "other" }).every(({ alone }) => alone)).toBe(true);
  });

  it("ends after a calm day, and begins anew with the next change", () => {
    const monitor = createDriftMonitor();
    usualWeek(monitor);
    hour(monitor, 168, 100);
    for (let at = 169; at < 200; at += 1) hour(monitor, at, 1);
    expect(monitor.drifting).toBe(0);
    expect(hour(monitor, 210, 100).filter(({ notice }) => notice)).toHaveLength(1);
  });

  it("remembers a bounded number of groups and entities", () => {
    const monitor = createDriftMonitor({ groupsMax: 10 });
    for (let source = 0; source < 100; source += 1) hour(monitor, 0, 1, { source: `s${source}` });
    expect(monitor.groups).toBe(10);
    expect(monitor.evicted).toBe(90);
    hour(monitor, 1, 6000, { source: "s99" });
    expect(monitor.state().length).toBeLessThan(200_000);
  });

  it("is seen the same after the state was put back in the middle", () => {
    const whole = createDriftMonitor();
    usualWeek(whole);
    hour(whole, 168, 10);
    const restored = createDriftMonitor({}, whole.state());
    for (const at of [168, 169, 170, 200]) {
      expect(hour(restored, at, 40, {}, 100)).toEqual(hour(whole, at, 40, {}, 100));
    }
    expect(restored.state()).toBe(whole.state());
  });
});
