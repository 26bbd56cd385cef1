import { describe, expect, it } from "vitest";
import type { FlowActivity } from "../../../../detectors/anomaly/activity.ts";
import { createExfiltrationDetector } from "../../../../detectors/network/exfiltration/exfiltration.ts";
import { randomFrom } from "../beacon/county-flows.ts";
import { expectSameAfterSnapshot, run } from "../window-attack.ts";

const HOUR_MS = 3_600_000;
// A Monday, so that all hours of the test are those of working days.
const MONDAY = Date.UTC(2026, 10, 2);
const DAYS = 4;
const BEGIN = MONDAY + DAYS * 24 * HOUR_MS + 10 * HOUR_MS;
const END = BEGIN + HOUR_MS;

function flow(time: number, over: Partial<FlowActivity> = {}): FlowActivity {
  return {
    ...{
      kind: "flow",
      id: `f${time}`,
      time,
      source: "firewall",
      from: "10.0.0.1",
      to: "192.0.2.9",
    },
    ...{ port: 443, protocol: "tcp", bytesOut: 300, bytesIn: 500, durationMs: 200, allowed: true },
    ...over,
  };
}

/** Fifteen hosts with a few megabytes an hour, and a backup that sends gigabytes at night. */
function quiet(days = DAYS): FlowActivity[] {
  const random = randomFrom(8);
  const flows: FlowActivity[] = [];
  for (let hour = 0; hour < days * 24 + 10; hour += 1) {
    const time = MONDAY + hour * HOUR_MS;
    for (let host = 0; host < 15; host += 1) {
      const bytesOut = 3e6 * Math.exp(1.6 * (random() - 0.5));
      const to = `198.51.100.${Math.floor(random() * 5)}`;
      flows.push(flow(time + host * 1000, { from: `10.0.1.${host}`, to, bytesOut }));
    }
    if (hour % 24 < 4)
      flows.push(flow(time + 60_000, { from: "10.0.1.99", to: "192.0.2.50", bytesOut: 5e9 }));
  }
  return flows;
}

const theft = [flow(BEGIN + 1000, { from: "10.0.1.4", to: "203.0.113.66", bytesOut: 2e9 })];

describe("the exfiltration detector", () => {
  it("names the host that sends gigabytes to a new destination", () => {
    const said = run(createExfiltrationDetector(), [...quiet(), ...theft], END);
    const last = said.filter(({ time }) => time === END);
    expect(last).toHaveLength(1);
    expect(last[0]).toMatchObject({ kind: "bytes_out", entity: { value: "10.0.1.4" } });
    expect(last[0]?.drivers[0]).toMatchObject({ seen: 2e9, against: "own" });
    expect(last[0]?.drivers.map(({ seen }) => seen)).toContain("203.0.113.66");
  });

  it("gets used to a nightly backup", () => {
    const said = run(createExfiltrationDetector(), quiet(8), MONDAY + 8 * 24 * HOUR_MS);
    expect(said.filter(({ time }) => time > MONDAY + 5 * 24 * HOUR_MS)).toEqual([]);
  });

  it.each([
    ["what stays inside", { to: "10.9.9.9" }],
    ["bytes that are no number", { bytesOut: Number.NaN }],
    ["endless bytes that are negative", { bytesOut: Number.NEGATIVE_INFINITY }],
  ] satisfies [string, Partial<FlowActivity>][])("says nothing of %s", (_, over) => {
    const other = theft.map((one) => ({ ...one, ...over }));
    const said = run(createExfiltrationDetector(), [...quiet(), ...other], END);
    expect(said.filter(({ time }) => time === END)).toEqual([]);
  });

  it("goes on after a snapshot as if nothing had happened", () => {
    expectSameAfterSnapshot(() => createExfiltrationDetector(), [...quiet(), ...theft], END);
  });

  it("still sees a theft among hostile flows, within its memory", () => {
    const flood = Array.from({ length: 3000 }, (_, place) =>
      flow(BEGIN + place / 10, { from: `172.20.${place}`, to: `x${place}` }),
    );
    const odd = [
      flow(BEGIN, { from: "", to: "" }),
      flow(BEGIN, { to: "x".repeat(1_000_000), bytesOut: 1e308 }),
      flow(BEGIN, { bytesOut: Number.POSITIVE_INFINITY }),
    ];
    const detector = createExfiltrationDetector({ keysMax: 1000, destinationsMax: 1000 });
    expect(detector.observe(flow(Number.NaN))).toEqual([]);
    const said = run(detector, [...quiet(), ...flood, ...odd, ...theft], END);
    expect(said.map(({ entity }) => entity.value)).toContain("10.0.1.4");
    expect(detector.keys).toBeLessThanOrEqual(2000);
    expect(detector.evicted).toBeGreaterThan(1000);
  });
});
