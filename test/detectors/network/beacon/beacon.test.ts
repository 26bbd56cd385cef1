import { describe, expect, it } from "vitest";
import type { FlowActivity } from "../../../../detectors/anomaly/activity.ts";
import { createBeaconDetector } from "../../../../detectors/network/beacon/beacon.ts";
import { drawDay } from "./county-flows.ts";

const SMALL = { hosts: 60, destinations: 200, beaconsOfKind: 1 } as const;
const HOUR_MS = 3_600_000;

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

describe("the beacon detector", () => {
  it("ranks every kind of beacon above people and common services", () => {
    const { flows, beacons } = drawDay(7, SMALL);
    const detector = createBeaconDetector();
    for (const one of flows) detector.observe(one);
    const ranked = [...detector.scores()].sort((a, b) => b.score - a.score);
    const top = ranked.slice(0, beacons.size + 3).map(({ from, to }) => `${from}>${to}`);
    expect([...beacons.keys()].filter((pair) => !top.includes(pair))).toEqual([]);
  });

  it("says a beacon once, with what drove it, after quiet days", () => {
    const detector = createBeaconDetector();
    const dayMs = 24 * HOUR_MS;
    const quiet = drawDay(11, { ...SMALL, beaconsOfKind: 0 }).flows;
    const begin = Math.floor((quiet[0]?.time ?? 0) / dayMs) * dayMs;
    const said = quiet.flatMap((one) => detector.observe(one));
    expect(said).toEqual([]);
    const attack: FlowActivity[] = [];
    for (let at = begin + dayMs + 1; at < begin + dayMs + 12 * HOUR_MS; at += 300_000 + (at % 7000))
      attack.push(flow(at, { from: "10.1.0.5", to: "203.0.113.7" }));
    const next = quiet.map((one) => ({ ...one, time: one.time + dayMs, id: `b${one.id}` }));
    const all = [...next, ...attack].sort((a, b) => a.time - b.time);
    const found = all.flatMap((one) => detector.observe(one));
    const named = found.filter(({ drivers }) => drivers.some(({ seen }) => seen === "203.0.113.7"));
    expect(named).toHaveLength(1);
    expect(named[0]).toMatchObject({
      detector: "beacon",
      entity: { type: "address", value: "10.1.0.5" },
    });
    expect(named[0]?.tail).toBeLessThan(1e-3);
    expect(named[0]?.events.length).toBeGreaterThan(1);
    expect(found.length).toBeLessThanOrEqual(3);
  });

  it("goes on after a snapshot as if nothing had happened", () => {
    const { flows } = drawDay(3, SMALL);
    const whole = createBeaconDetector();
    let part = createBeaconDetector();
    flows.forEach((one, place) => {
      if (place === Math.floor(flows.length / 2)) {
        const pieces = part.store();
        part = createBeaconDetector();
        part.restore(pieces);
        expect(part.store()).toEqual(pieces);
      }
      expect(part.observe(one)).toEqual(whole.observe(one));
    });
    expect([...part.scores()]).toEqual([...whole.scores()]);
  });

  it.each([
    ["a piece that is missing", (pieces: readonly Uint8Array[]) => pieces.slice(1)],
    ["a byte that was turned", (pieces: readonly Uint8Array[]) => turned(pieces)],
  ])("refuses %s", (_, spoil) => {
    const detector = createBeaconDetector();
    detector.observe(flow(1000));
    expect(() => createBeaconDetector().restore(spoil(detector.store()))).toThrow(
      expect.objectContaining({ code: "HW_STORE_CORRUPT" }),
    );
  });

  it("refuses the state of another version", () => {
    const pieces = createBeaconDetector().store();
    const other = pieces.map((piece) => Uint8Array.of(99, ...piece.subarray(1)));
    expect(() => createBeaconDetector().restore(other)).toThrow(
      expect.objectContaining({ code: "HW_STORE_VERSION" }),
    );
  });

  it("keeps an old beacon through a flood of new pairs, and counts what it forgot", () => {
    const detector = createBeaconDetector({ pairsMax: 100, newPairsMax: 1000 });
    for (let beat = 0; beat < 20; beat += 1) {
      detector.observe(flow(beat * 60_000));
      for (let other = 0; other < 500; other += 1)
        detector.observe(flow(beat * 60_000 + 1, { to: `198.51.${beat}.${other}` }));
    }
    const kept = [...detector.scores()].find(({ to }) => to === "192.0.2.9");
    expect(kept?.score).toBeGreaterThan(3);
    expect(detector.evicted).toBeGreaterThan(8000);
    expect(detector.keys).toBeLessThan(12_000);
  });

  it.each([
    ["times that are no number", { time: Number.NaN }],
    ["endless times", { time: Number.POSITIVE_INFINITY }],
    ["bytes that are no number", { bytesOut: Number.NaN }],
    ["huge bytes", { bytesOut: 1e308 }],
    ["negative bytes", { bytesOut: -1 }],
    ["an empty address", { from: "", to: "" }],
    ["an address of a megabyte", { to: "x".repeat(1_000_000) }],
  ] satisfies [string, Partial<FlowActivity>][])("still sees a beacon among %s", (_, hostile) => {
    const detector = createBeaconDetector();
    for (let beat = 0; beat < 40; beat += 1) {
      detector.observe(flow(beat * 60_000));
      detector.observe(flow(beat * 60_000 + 500, { id: `h${beat}`, ...hostile }));
    }
    const score = [...detector.scores()].find(({ to }) => to === "192.0.2.9")?.score;
    expect(score).toBeGreaterThan(1);
    expect(detector.store().every((piece) => piece.length < 1_048_576)).toBe(true);
  });
});

function turned(pieces: readonly Uint8Array[]): Uint8Array[] {
  return pieces.map((piece) => piece.map((byte, at) => (at === 5 ? byte ^ 1 : byte)));
}
