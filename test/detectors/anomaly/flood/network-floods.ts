// Quiet days in a network with attacks in them, while a million addresses that nobody saw before come through
// another source or through the same one.
import type {
  Activity,
  DnsActivity,
  FlowActivity,
} from "../../../../detectors/anomaly/activity.ts";
import type { Anomaly, AnomalyDetector } from "../../../../detectors/anomaly/anomaly.ts";
import { createBeaconDetector } from "../../../../detectors/network/beacon/beacon.ts";
import { createDgaDetector } from "../../../../detectors/network/dga/dga.ts";
import { createExfiltrationDetector } from "../../../../detectors/network/exfiltration/exfiltration.ts";
import { createScanDetector } from "../../../../detectors/network/scan/scan.ts";
import { createTunnelDetector } from "../../../../detectors/network/tunnel/tunnel.ts";
import { drawDay, randomFrom } from "../../network/beacon/county-flows.ts";
import { FLOOD_SOURCE, type Flood } from "./flood.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A Thursday. */
const DAY = Date.UTC(2026, 10, 5);
/** When the flood begins. */
const BEGIN = DAY + 10 * HOUR_MS;
const VICTIMS = { "10.0.1.4": "during", "10.0.1.5": "after" } as const;
const VICTIM_ADDRESSES = Object.keys(VICTIMS);
const SOURCES = { firewall: "firewall", dns: "dns", other: FLOOD_SOURCE } as const;

type Case = readonly [string, () => Flood<Activity>];

export const NETWORK_FLOODS: readonly Case[] = [
  ["beacon", () => beaconFlood()],
  ...bothWays("scan", createScanDetector, scans(), 10 * MINUTE_MS, madeFlow),
  ...bothWays("exfiltration", createExfiltrationDetector, thefts(), HOUR_MS, madeFlow),
  ...bothWays("tunnel", createTunnelDetector, tunnels(), HOUR_MS, madeQuestion),
  ...bothWays("dga", () => createDgaDetector({ score }), madeNames(), HOUR_MS, madeQuestion),
];

/** The flood comes through another source, and through that of the attack. */
function bothWays(
  name: string,
  create: () => AnomalyDetector<Activity>,
  life: readonly Activity[],
  windowMs: number,
  make: (at: number, time: number, source: string) => Activity,
): readonly Case[] {
  const flood = (source: string): Flood<Activity> => ({
    ...{ create, life, begin: BEGIN, until: BEGIN + 4 * windowMs },
    flood: (at, time) => make(at, time, source),
    attacks: ["after", "during"],
    attackOf({ entity: { value }, time }: Anomaly) {
      const isTheirs = value === "10.0.1.4" || value === "10.0.1.5";
      return isTheirs && time >= BEGIN ? VICTIMS[value] : undefined;
    },
  });
  const own = life[0]?.source ?? "";
  return [
    [name, () => flood(SOURCES.other)],
    [`${name}, through the source that tells of the attack`, () => flood(own)],
  ];
}

/** As many of what is made in each window by each host; the attacks in two windows one after the other. */
function inWindows(
  windowMs: number,
  count: number,
  usual: (time: number, host: number) => Activity,
  attack: (time: number, from: string) => readonly Activity[],
): readonly Activity[] {
  const random = randomFrom(6);
  const hosts = Array.from({ length: 20 * 30 * count }, (_, place) => {
    const window = Math.floor(place / (20 * count)) - 26;
    return usual(BEGIN + (window + random()) * windowMs, place % 20);
  });
  const attacks = VICTIM_ADDRESSES.flatMap((from, at) => attack(BEGIN + at * windowMs, from));
  return inOrder([...hosts, ...attacks]);
}

function scans(): readonly Activity[] {
  const random = randomFrom(7);
  return inWindows(
    10 * MINUTE_MS,
    40,
    (time, host) => {
      const to = `198.51.100.${Math.floor(random() * 60)}`;
      return flow(time, { from: `10.0.1.${host}`, to, allowed: random() > 0.03 });
    },
    (time, from) =>
      Array.from({ length: 500 }, (_, place) =>
        flow(time + place * 1000, { from, to: "10.0.2.1", port: 1 + place, allowed: false }),
      ),
  );
}

/** The theft begins with a connection as many have them. */
function thefts(): readonly Activity[] {
  const random = randomFrom(8);
  return inWindows(
    HOUR_MS,
    3,
    (time, host) => {
      const to = `198.51.100.${Math.floor(random() * 5)}`;
      return flow(time, { from: `10.0.1.${host}`, to, bytesOut: 1e6 * (0.5 + random()) });
    },
    (time, from) => [
      flow(time + 1000, { from, to: "203.0.113.66", bytesOut: 1_000_000 }),
      flow(time + 2000, { from, to: "203.0.113.66", bytesOut: 2_000_000_000 }),
    ],
  );
}

function tunnels(): readonly Activity[] {
  const random = randomFrom(9);
  const letter = () => Math.floor(random() * 32).toString(32);
  return inWindows(
    HOUR_MS,
    40,
    (time, host) => {
      const name = `s${Math.floor(random() ** 2 * 60)}.cdn${host % 3}.example.net`;
      return question(time, name, { from: `10.0.1.${host}` });
    },
    (time, from) =>
      Array.from({ length: 60 }, (_, place) => {
        const name = `${Array.from({ length: 60 }, letter).join("")}.t.tunnel.example`;
        return question(time + place * 9000, name, { from, type: "TXT" });
      }),
  );
}

/** Stands for a model: names with this word were made. */
function score(names: readonly string[]): Float64Array {
  return Float64Array.from(names, (name) => (name.startsWith("gemacht") ? 0.99 : 0.1));
}

function madeNames(): readonly Activity[] {
  let count = 0;
  return inWindows(
    HOUR_MS,
    3,
    (time, host) => {
      count += 1;
      return question(time, `usual${count}.example`, { from: `10.0.1.${host}` });
    },
    (time, from) =>
      Array.from({ length: 60 }, (_, place) => {
        const name = `gemacht${from.at(-1)}x${place}.example`;
        return question(time + place * 9000, name, { from, answer: "NXDOMAIN" });
      }),
  );
}

/** Two machines call home every few minutes, one from before the flood on and one from the day after. */
function beaconFlood(): Flood<Activity> {
  const quiet = drawDay(11, { hosts: 60, destinations: 200, beaconsOfKind: 0 }).flows;
  const first = Math.floor((quiet[0]?.time ?? 0) / DAY_MS) * DAY_MS;
  const days = [0, 1, 2, 3].flatMap((day) =>
    quiet.map((one) => ({ ...one, id: `${day}-${one.id}`, time: one.time + day * DAY_MS })),
  );
  const calls = { "203.0.113.7": 1, "203.0.113.8": 2 } as const;
  for (const [to, day] of Object.entries(calls)) {
    const begin = first + day * DAY_MS;
    for (let time = begin; time < begin + DAY_MS / 2; time += 5 * MINUTE_MS + (time % 7000))
      days.push(flow(time, { from: `10.1.0.${day}`, to }));
  }
  return {
    ...{ create: createBeaconDetector, life: inOrder(days), begin: first + DAY_MS + HOUR_MS },
    ...{ until: first + 4 * DAY_MS, attacks: Object.keys(calls) },
    flood: (at, time) => madeFlow(at, time, SOURCES.firewall),
    attackOf: ({ drivers }) =>
      Object.keys(calls).find((to) => drivers.some(({ seen }) => seen === to)),
  };
}

function flow(time: number, more: Partial<FlowActivity>): FlowActivity {
  return {
    ...{ kind: "flow", id: `${more.from}-${time}`, time, source: SOURCES.firewall },
    ...{ from: "10.0.0.1", to: "192.0.2.9", port: 443, protocol: "tcp", bytesOut: 300 },
    ...{ bytesIn: 500, durationMs: 200, allowed: true, ...more },
  };
}

function question(time: number, name: string, more: Partial<DnsActivity>): DnsActivity {
  return {
    ...{ kind: "dns", id: `${more.from}-${time}`, time, source: SOURCES.dns, from: "10.0.0.1" },
    ...{ name, type: "A", answer: "NOERROR", ...more },
  };
}

/** Where the flood has a source of its own it also sends as much as some do in an hour. */
function madeFlow(at: number, time: number, source: string): FlowActivity {
  const to = `2001:db8::${at.toString(16)}`;
  const bytesOut = source === FLOOD_SOURCE ? 2_000_000 : 60;
  const made = { to, port: at & 65_535, bytesOut, bytesIn: 0, allowed: false };
  return flow(time, { ...made, id: `flood-${at}`, source, from: madeAddress(at) });
}

function madeQuestion(at: number, time: number, source: string): DnsActivity {
  const made = { id: `flood-${at}`, source, from: madeAddress(at), type: "TXT" };
  return question(time, `n${at}.example${at}.com`, made);
}

function madeAddress(at: number): string {
  return `100.${at >> 16}.${(at >> 8) & 255}.${at & 255}`;
}

function inOrder(activities: readonly Activity[]): readonly Activity[] {
  return [...activities].sort((a, b) => a.time - b.time);
}
