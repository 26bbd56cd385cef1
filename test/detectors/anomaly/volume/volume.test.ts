import { describe, expect, it } from "vitest";
import type { Activity, DeedActivity } from "../../../../detectors/anomaly/activity.ts";
import type { Anomaly } from "../../../../detectors/anomaly/anomaly.ts";
import { lowerTail, upperTail } from "../../../../detectors/anomaly/volume/negative-binomial.ts";
import { createVolume } from "../../../../detectors/anomaly/volume/volume.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BEGIN = Date.UTC(2026, 1, 2);

describe("negative binomial", () => {
  it.each([
    // Size 1 is the geometric distribution: P(X ≥ k) = (mean / (mean + 1)) ** k.
    [3, 1, 1, 0.125],
    [1, 4, 1, 0.8],
    [0, 5, 2, 1],
    [10, 1, 1, 2 ** -10],
  ])("is at least %d of mean %d and size %d with the known probability", (count, mean, size, p) => {
    expect(upperTail(count, mean, size)).toBeCloseTo(p, 8);
  });

  it("splits all counts into those below and those from a count on", () => {
    for (const count of [1, 5, 40])
      expect(lowerTail(count - 1, 20, 3) + upperTail(count, 20, 3)).toBeCloseTo(1, 8);
  });
});

/** Files that ten hosts write and rename on working hours of some weeks, a different number each hour. */
function quietWeeks(days: number): DeedActivity[] {
  const activities: DeedActivity[] = [];
  for (let day = 0; day < days; day += 1) {
    for (let hour = 7; hour < 16; hour += 1) {
      for (let host = 0; host < 10; host += 1) {
        const count = 1 + ((day * 7 + hour * 3 + host * 5) % 4);
        for (let at = 0; at < count; at += 1)
          activities.push(
            rename(BEGIN + day * DAY_MS + hour * HOUR_MS + at * 60_000, `host-${host}`),
          );
      }
    }
  }
  return activities.sort((a, b) => a.time - b.time);
}

function rename(time: number, host: string): DeedActivity {
  return {
    ...{ kind: "deed", deed: "file_rename", id: `${time}-${host}`, time, source: "files", host },
    ...{ account: undefined, peers: undefined, object: "docx" },
  };
}

function run(activities: readonly Activity[], until: number): Anomaly[] {
  const detector = createVolume();
  const found = activities.flatMap((activity) => detector.observe(activity));
  return [...found, ...detector.advance(until)];
}

describe("volume", () => {
  const weeks = quietWeeks(23);
  const end = BEGIN + 23 * DAY_MS;

  it("says nothing of quiet weeks", () => {
    expect(run(weeks, end - 9 * HOUR_MS).map(({ kind }) => kind)).toEqual([]);
  });

  it("sees a host that renames file after file", () => {
    const begin = end + 9 * HOUR_MS;
    const burst = Array.from({ length: 500 }, (_, at) => rename(begin + at * 1000, "host-3"));
    const found = run([...weeks, ...burst], begin + HOUR_MS / 2).filter(
      ({ entity }) => entity.type === "host",
    );
    expect(found.at(-1)).toMatchObject({
      ...{
        detector: "volume",
        kind: "many_file_rename",
        entity: { type: "host", value: "host-3" },
      },
    });
    expect(found.at(-1)?.drivers[0]?.seen).toBeGreaterThan(40);
    expect(found.at(-1)?.picture?.values.length).toBe(15);
  });

  it("misses a source that has fallen silent in the middle of its day", () => {
    const half = weeks.filter(({ time }) => time < end - DAY_MS + 10 * HOUR_MS);
    const found = run(half, end - DAY_MS + 13 * HOUR_MS);
    expect(found.map(({ kind, entity }) => [kind, entity.value])).toContainEqual([
      "silence",
      "files",
    ]);
  });
});
