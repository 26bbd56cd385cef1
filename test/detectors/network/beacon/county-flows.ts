// Draws a day of connections of an administration from a seed: people's visits, periodic services that many
// or few hosts use, and beacons of many kinds among them. For tests and evaluation of the beacon detector.
import type { FlowActivity } from "../../../../detectors/anomaly/activity.ts";

const DAY_S = 86_400;
const BEGIN_S = 1_700_000_000 - (1_700_000_000 % DAY_S);

const BEACON_KINDS = [
  ...["fixed", "jitter", "wide_jitter", "exponential_jitter", "drop_outs", "slow", "very_slow"],
  ...["working_hours", "sleep_mask", "varying_sizes", "two_hosts", "two_destinations"],
] as const;
type BeaconKind = (typeof BEACON_KINDS)[number];

interface DrawnDay {
  /** In the order of time. */
  readonly flows: readonly FlowActivity[];
  /** Pair `from>to` → the kind of its beacon. */
  readonly beacons: ReadonlyMap<string, BeaconKind>;
}

interface DayOptions {
  readonly hosts: number;
  readonly destinations: number;
  readonly beaconsOfKind: number;
}

type Random = () => number;

/** mulberry32: small and good enough to draw scenes. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function drawDay(seed: number, options: DayOptions): DrawnDay {
  const random = randomFrom(seed);
  const flows: FlowActivity[] = [];
  const beacons = new Map<string, BeaconKind>();
  const add = (seconds: number, from: string, to: string, port: number, bytesOut: number) => {
    if (seconds < 0 || seconds >= DAY_S) return;
    const time = (BEGIN_S + seconds) * 1000;
    const id = `${seed}-${flows.length}`;
    flows.push({
      ...{ kind: "flow", id, time, source: "firewall", from, to, port, protocol: "tcp" },
      ...{ bytesOut: Math.max(0, Math.round(bytesOut)), bytesIn: 500, durationMs: 300 },
      allowed: true,
    });
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const hosts = Array.from({ length: options.hosts }, (_, i) => `10.1.${i >> 8}.${i & 255}`);

  for (const host of hosts) {
    for (let visits = 8 + Math.floor(random() * 14); visits > 0; visits -= 1) {
      // Few destinations are visited by all, most by hardly anybody.
      const rank = Math.floor(options.destinations * random() ** 2.5);
      for (let sessions = 1 + Math.floor(random() * 6); sessions > 0; sessions -= 1) {
        let at = (7 + 11 * random()) * 3600;
        for (let clicks = 1 + Math.floor(random() * 15); clicks > 0; clicks -= 1) {
          add(at, host, `198.51.${rank >> 8}.${rank & 255}`, 443, 1000 * Math.exp(normal()));
          at += 10 * Math.exp(1.4 * normal());
        }
      }
    }
  }
  /** A programme that calls regularly: most hosts, or a handful as with special software. */
  const service = (to: string, share: number, period: number, jitter: number, size: number) => {
    for (const host of hosts) {
      if (random() > share) continue;
      for (let at = random() * period; at < DAY_S; at += period * (1 + jitter * (random() - 0.5)))
        add(at, host, to, 443, size * (1 + 0.05 * normal()));
    }
  };
  service("192.0.2.1", 0.9, 1024, 0.04, 48);
  service("192.0.2.2", 0.8, 300, 0.1, 600);
  service("192.0.2.3", 0.6, 3600, 0.2, 900);
  service("192.0.2.4", 0.5, 14_400, 0.2, 2400);

  BEACON_KINDS.forEach((kind, place) => {
    for (let number = 0; number < options.beaconsOfKind; number += 1) {
      const to = `203.0.${place}.${number}`;
      const host = hosts[Math.floor(random() * hosts.length)] ?? "";
      const infected =
        kind === "two_hosts" ? [host, hosts[(number + 7) % hosts.length] ?? ""] : [host];
      const targets = kind === "two_destinations" ? [to, `203.0.${place}.${number + 100}`] : [to];
      for (const from of infected) {
        for (const [at, size] of calls(kind, random, normal)) {
          const target = targets[Math.floor(random() * targets.length)] ?? to;
          add(at, from, target, 443, size);
          beacons.set(`${from}>${target}`, kind);
        }
      }
    }
  });
  flows.sort((a, b) => a.time - b.time);
  return { flows, beacons };
}

/** Seconds of the day and bytes of each call. */
function* calls(kind: BeaconKind, random: Random, normal: Random): Generator<[number, number]> {
  const period =
    kind === "very_slow"
      ? 3600 * (1 + 1.5 * random())
      : kind === "slow"
        ? 900 * (1 + 2 * random())
        : 20 * 30 ** random();
  const size = 150 + 1300 * random();
  const spread = kind === "varying_sizes" ? 0.35 : 0.08 * random();
  const [from, to] = kind === "working_hours" ? [8 * 3600, 17 * 3600] : [0, DAY_S];
  for (let at = from + period * random(); at < to; ) {
    if (kind !== "drop_outs" || random() > 0.25) yield [at, size * Math.exp(spread * normal())];
    let pause = period;
    if (kind === "jitter") pause *= 1 + 0.4 * (random() - 0.5);
    else if (kind === "wide_jitter" || kind === "very_slow" || kind === "two_hosts")
      pause *= 1 + (random() - 0.5);
    else if (kind === "exponential_jitter") pause *= 0.7 - 0.3 * Math.log(1 - random());
    else if (kind === "sleep_mask" && random() < 0.05) pause *= 5 + 20 * random();
    at += pause;
  }
}
