import { describe, expect, it } from "vitest";
import type { DnsActivity } from "../../../../detectors/anomaly/activity.ts";
import { createTunnelDetector } from "../../../../detectors/network/tunnel/tunnel.ts";
import { randomFrom } from "../beacon/county-flows.ts";
import { expectSameAfterSnapshot, run } from "../window-attack.ts";

const HOUR_MS = 3_600_000;
const HOURS = 12;
const END = (HOURS + 1) * HOUR_MS;

function asked(name: string, time: number, over: Partial<DnsActivity> = {}): DnsActivity {
  return {
    ...{ kind: "dns", id: `q${time}`, time, source: "dns", from: "10.0.0.1", name },
    ...{ type: "A", answer: "NOERROR" },
    ...over,
  };
}

/** Sixteen hosts that ask for some dozen short names of three content networks each hour. */
function quiet(): DnsActivity[] {
  const random = randomFrom(5);
  return Array.from({ length: HOURS * 16 * 60 }, (_, place) => {
    const host = place % 16;
    const hour = Math.floor(place / (16 * 60));
    const name = `s${Math.floor(random() ** 2 * 60)}.cdn${place % 3}.example.net`;
    return asked(name, hour * HOUR_MS + random() * HOUR_MS, { from: `10.0.1.${host}` });
  });
}

/** Two kilobytes in an hour, sixty characters a name. */
function tunnel(type: string): DnsActivity[] {
  const random = randomFrom(9);
  return Array.from({ length: 60 }, (_, place) => {
    const chunk = Array.from({ length: 60 }, () => Math.floor(random() * 32).toString(32)).join("");
    const time = HOURS * HOUR_MS + place * 30_000;
    return asked(`${chunk}.t.tunnel.example`, time, { from: "10.0.1.3", type });
  });
}

describe("the tunnel detector", () => {
  it.each(["A", "TXT", "NULL"])("names the host and the domain of a tunnel through %s", (type) => {
    const said = run(createTunnelDetector(), [...quiet(), ...tunnel(type)], END);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({ kind: "dns_tunnel", entity: { value: "10.0.1.3" } });
    expect(said[0]?.drivers.map(({ seen }) => seen)).toContain("tunnel.example");
    expect(said[0]?.events.length).toBeGreaterThan(0);
  });

  it("says nothing of quiet hours", () => {
    expect(run(createTunnelDetector(), quiet(), END)).toEqual([]);
  });

  it("goes on after a snapshot as if nothing had happened", () => {
    expectSameAfterSnapshot(() => createTunnelDetector(), [...quiet(), ...tunnel("TXT")], END);
  });

  it("still sees a tunnel among hostile names, within its memory", () => {
    const hostile = Array.from({ length: 3000 }, (_, place) =>
      asked(`x.${place}.org`, HOURS * HOUR_MS + place, { from: `10.9.${place}` }),
    );
    const odd = ["", "...", "a".repeat(1_000_000), "\ud800.x.y", "__proto__.a.b"].map((name) =>
      asked(name, HOURS * HOUR_MS),
    );
    const bad = [asked("a.b.c", Number.NaN), asked("a.b.c", Number.POSITIVE_INFINITY)];
    const detector = createTunnelDetector({ keysMax: 1000 });
    for (const one of bad) expect(detector.observe(one)).toEqual([]);
    const said = run(detector, [...quiet(), ...hostile, ...odd, ...tunnel("TXT")], END);
    expect(said.map(({ entity }) => entity.value)).toContain("10.0.1.3");
    expect(detector.keys).toBeLessThanOrEqual(2000);
    expect(detector.evicted).toBeGreaterThan(1000);
  });
});
