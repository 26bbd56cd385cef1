import { describe, expect, it } from "vitest";
import type { FlowActivity } from "../../../../detectors/anomaly/activity.ts";
import { createScanDetector } from "../../../../detectors/network/scan/scan.ts";
import { randomFrom } from "../beacon/county-flows.ts";
import { expectSameAfterSnapshot, run } from "../window-attack.ts";

const WINDOW_MS = 600_000;
const WINDOWS = 16;
const BEGIN = WINDOWS * WINDOW_MS;
const END = BEGIN + WINDOW_MS;

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

/** Twenty hosts that reach some dozen servers in every window; few connections fail. */
function quiet(): FlowActivity[] {
  const random = randomFrom(6);
  return Array.from({ length: WINDOWS * 20 * 40 }, (_, place) => {
    const window = Math.floor(place / 800);
    const to = `198.51.100.${Math.floor(random() * 60)}`;
    const allowed = random() > 0.03;
    const time = window * WINDOW_MS + random() * WINDOW_MS;
    return flow(time, { from: `10.0.1.${place % 20}`, to, allowed });
  });
}

const ATTACKS = {
  port_scan: (place: number) => ({ to: "10.0.2.1", port: 1 + place, allowed: false }),
  address_scan: (place: number) => ({
    to: `10.0.${place >> 8}.${place & 255}`,
    port: 445,
    bytesIn: 0,
  }),
};

function attack(kind: keyof typeof ATTACKS): FlowActivity[] {
  return Array.from({ length: 500 }, (_, place) =>
    flow(BEGIN + place * 500, { from: "10.0.1.5", ...ATTACKS[kind](place) }),
  );
}

describe("the scan detector", () => {
  it.each(["port_scan", "address_scan"] as const)("names the source of a %s", (kind) => {
    const said = run(createScanDetector(), [...quiet(), ...attack(kind)], END);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({ kind, entity: { type: "address", value: "10.0.1.5" } });
    const targets = Number(said[0]?.drivers[0]?.seen);
    expect(targets).toBeGreaterThan(400);
    expect(targets).toBeLessThan(600);
  });

  it("says nothing of quiet hours", () => {
    expect(run(createScanDetector(), quiet(), END)).toEqual([]);
  });

  it("gets used to a monitoring that reaches everything, and still sees another scanner", () => {
    const monitoring = Array.from({ length: WINDOWS + 1 }, (_, window) =>
      Array.from({ length: 300 }, (_, place) =>
        flow(window * WINDOW_MS + place * 100, { from: "10.0.9.9", to: `10.7.0.${place}` }),
      ),
    ).flat();
    const all = [...quiet(), ...monitoring, ...attack("port_scan")];
    const last = run(createScanDetector(), all, END).filter(({ from }) => from === BEGIN);
    expect(last.map(({ entity }) => entity.value)).toEqual(["10.0.1.5"]);
  });

  it("goes on after a snapshot as if nothing had happened", () => {
    const all = [...quiet(), ...attack("port_scan")];
    expectSameAfterSnapshot(() => createScanDetector(), all, END);
  });

  it("still sees a scan among hostile flows, within its memory", () => {
    const flood = Array.from({ length: 3000 }, (_, place) =>
      flow(BEGIN + place / 10, { from: `172.20.${place}` }),
    );
    const odd = [
      flow(BEGIN, { from: "" }),
      flow(BEGIN, { to: "x".repeat(1_000_000), port: Number.NaN }),
      flow(BEGIN, { bytesIn: Number.NaN, bytesOut: 1e308, port: Number.POSITIVE_INFINITY }),
    ];
    const detector = createScanDetector({ keysMax: 1000 });
    expect(detector.observe(flow(Number.NaN))).toEqual([]);
    expect(detector.observe(flow(Number.POSITIVE_INFINITY))).toEqual([]);
    const said = run(detector, [...quiet(), ...flood, ...odd, ...attack("port_scan")], END);
    expect(said.map(({ entity }) => entity.value)).toContain("10.0.1.5");
    expect(detector.keys).toBeLessThanOrEqual(2000);
    expect(detector.evicted).toBeGreaterThan(1000);
  });
});
