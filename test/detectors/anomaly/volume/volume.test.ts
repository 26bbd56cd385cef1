import { describe, expect, it } from "vitest";
import type {
  Activity,
  DeedActivity,
  FlowActivity,
} from "../../../../detectors/anomaly/activity.ts";
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

function transfer(time: number, from: string, bytesOut: number): FlowActivity {
  return {
    ...{ kind: "flow", id: `${time}-${from}-${bytesOut}`, time, source: "firewall", from },
    ...{ to: "192.0.2.9", port: 443, protocol: "tcp", bytesOut, bytesIn: 0 },
    ...{ durationMs: 900, allowed: true },
  };
}

function inOrder(activities: readonly Activity[]): readonly Activity[] {
  return [...activities].sort((a, b) => a.time - b.time);
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

  it("says nothing of what ends each working day after midnight in Germany", () => {
    const nightly = Array.from({ length: 23 * 40 }, (_, at) => {
      const day = Math.floor(at / 40);
      return rename(BEGIN + day * DAY_MS + 23.2 * HOUR_MS + (at % 40) * 60_000, "host-1");
    }).filter(({ time }) => ![5, 6].includes(Math.floor((time - BEGIN) / DAY_MS) % 7));
    const found = run(inOrder([...weeks, ...nightly]), end);
    expect(found.filter(({ kind }) => kind === "many_file_rename")).toEqual([]);
  });

  it("is not misled about an hour by one absurd amount", () => {
    const flows = (days: number): FlowActivity[] =>
      Array.from({ length: days * 9 * 10 }, (_, at) => {
        const [day, hour] = [Math.floor(at / 90), Math.floor(at / 10) % 9];
        const time = BEGIN + day * DAY_MS + (7 + hour) * HOUR_MS + (at % 10) * 60_000;
        return transfer(time, `10.0.0.${(at * 31) % 10}`, (1 + ((at * 7919) % 97)) * 1_048_576);
      });
    const at = BEGIN + 14 * DAY_MS + 10.5 * HOUR_MS;
    const burst = transfer(BEGIN + 21 * DAY_MS + 11.5 * HOUR_MS, "10.0.0.3", 4e11);
    const expectedOf = (more: readonly Activity[]) => {
      const found = run(inOrder([...flows(21), ...more, burst]), burst.time + 1);
      const drivers = found.filter(({ events }) => events.at(-1)?.id === burst.id)[0]?.drivers;
      return Number(drivers?.[0]?.expected);
    };
    const usual = expectedOf([]);
    expect(usual).toBeGreaterThan(0);
    for (const bytes of [1e308, 1e15]) {
      const misled = expectedOf([transfer(at, "10.0.0.99", bytes)]);
      expect(misled / usual).toBeGreaterThan(0.5);
      expect(misled / usual).toBeLessThan(2);
    }
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
