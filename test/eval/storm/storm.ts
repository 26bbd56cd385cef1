// A storm, drawn from a seed: a day of process starts in a county, most of them harmless, tens of thousands
// of which set off noisy rules, with some attacks of several steps in between.
import { createDraw, type Draw } from "./draw.ts";
import {
  drawDetectors,
  STORM_TACTICS,
  type StormDetector,
  type StormDetectors,
} from "./storm-detectors.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Midnight in Germany, in winter. */
const DAY_START = Date.UTC(2026, 10, 16, 23);
const SERVICE_ACCOUNTS = ["svc-backup", "svc-monitor", "svc-deploy"];
/** Of an attack's steps, those that only a noisy rule sees. */
const NOISY_STEPS_SHARE = 0.2;

export interface StormSize {
  readonly events: number;
  readonly signals: number;
  readonly noisyDetectors: number;
  readonly rareDetectors: number;
  readonly hosts: number;
  readonly attacks: number;
  /** Hits of rare rules on harmless programs. */
  readonly strays: number;
}

export const WHOLE_STORM: StormSize = {
  events: 1_000_000,
  signals: 40_000,
  noisyDetectors: 60,
  rareDetectors: 80,
  hosts: 600,
  attacks: 12,
  strays: 60,
};

interface StormEvent {
  /** ms UTC. */
  readonly time: number;
  readonly host: string;
  readonly user: string;
  /** Undefined: it sets off nothing. */
  readonly detector?: StormDetector;
  /** The attack that it belongs to. */
  readonly attack?: number;
}

export interface Storm {
  readonly detectors: StormDetectors;
  /** In time order. */
  readonly hits: readonly StormEvent[];
  readonly hosts: readonly StormHost[];
}

interface StormHost {
  readonly name: string;
  readonly owner: string;
}

export function drawStorm(seed: number, size: StormSize): Storm {
  const draw = createDraw(seed);
  const detectors = drawDetectors(draw, size.noisyDetectors, size.rareDetectors);
  const hosts = drawHosts(draw, size.hosts);
  const attacks = Array.from({ length: size.attacks }, (_, number) =>
    drawAttack(draw, detectors, hosts, number),
  ).flat();
  const strays = Array.from({ length: size.strays }, () => drawStray(draw, detectors, hosts));
  const noise = drawNoise(draw, detectors, hosts, size.signals - attacks.length - strays.length);
  const hits = [...attacks, ...strays, ...noise].sort(
    (a, b) => a.time - b.time || (a.host < b.host ? -1 : 1),
  );
  return { detectors, hits, hosts };
}

/** One machine in eight has many users: servers, terminal servers, domain controllers. */
function drawHosts(draw: Draw, count: number): StormHost[] {
  return Array.from({ length: count }, (_, index) => {
    const name = index % 8 === 0 ? `srv${index}` : `ws${index}`;
    return { name, owner: index % 8 === 0 ? "" : `person${draw.whole(1000, 9999)}.${index}` };
  });
}

// Most activity of an administration lies between six and eighteen o'clock.
function timeOfDay(draw: Draw): number {
  const hour = draw.share() < 0.7 ? 6 + 12 * draw.share() : 24 * draw.share();
  return DAY_START + Math.floor(hour * HOUR_MS);
}

function userOn(draw: Draw, hosts: readonly StormHost[], host: StormHost): string {
  const chance = draw.share();
  if (chance < 0.2) return draw.one(SERVICE_ACCOUNTS);
  if (chance < 0.35) return "SYSTEM";
  if (host.owner !== "") return host.owner;
  return draw.one(hosts.slice(0, 200)).owner || draw.one(SERVICE_ACCOUNTS);
}

/** Each noisy rule has hosts of its own, from a dozen to most of them, and its own frequency. */
function drawNoise(
  draw: Draw,
  { noisy }: StormDetectors,
  hosts: readonly StormHost[],
  count: number,
): StormEvent[] {
  const weights = noisy.map((_, index) => 1 / (index + 1) ** 0.7);
  const places = noisy.map(() =>
    draw.shuffled(hosts).slice(0, draw.whole(12, Math.max(12, Math.floor(hosts.length * 0.7)))),
  );
  return Array.from({ length: count }, () => {
    const index = draw.weighted(weights);
    const host = draw.one(places[index] ?? hosts);
    const time = timeOfDay(draw);
    return { time, host: host.name, user: userOn(draw, hosts, host), ...hit(noisy[index]) };
  });
}

function drawStray(draw: Draw, { rare }: StormDetectors, hosts: readonly StormHost[]): StormEvent {
  const host = draw.one(hosts);
  const user = userOn(draw, hosts, host);
  return { time: timeOfDay(draw), host: host.name, user, ...hit(draw.one(rare)) };
}

/**
 * Three to eight steps in the order of ATT&CK within ten minutes to six hours. Every fourth attack uses a
 * service account that is seen everywhere, every fourth one begins on a server; half of the others move on
 * to a second machine with the account that they have.
 */
function drawAttack(
  draw: Draw,
  detectors: StormDetectors,
  hosts: readonly StormHost[],
  number: number,
): StormEvent[] {
  const isOnServer = number % 4 === 1;
  const first = draw.one(hosts.filter(({ owner }) => (owner === "") === isOnServer));
  const second = draw.one(hosts);
  const shared = number % 4 === 0;
  const user = shared ? draw.one(SERVICE_ACCOUNTS) : first.owner || `person${number}.admin`;
  const moves = !shared && !isOnServer && draw.share() < 0.5;
  const steps = stepsOf(draw, detectors, draw.whole(3, 8));
  const lasts = draw.whole(10 * MINUTE_MS, 6 * HOUR_MS);
  const begins = DAY_START + Math.floor(draw.share() * (DAY_MS - lasts));
  const offsets = steps.map(() => draw.share()).sort((a, b) => a - b);
  return steps.map((detector, index) => ({
    time: begins + Math.floor((offsets[index] ?? 0) * lasts),
    host: moves && index >= steps.length / 2 ? second.name : first.name,
    user,
    attack: number,
    ...hit(detector),
  }));
}

/** Rules of rising columns of ATT&CK; two steps may share one. */
function stepsOf(draw: Draw, { noisy, rare }: StormDetectors, count: number): StormDetector[] {
  const columns = draw
    .shuffled(STORM_TACTICS.map((_, column) => column))
    .slice(0, count)
    .sort((a, b) => a - b);
  return columns.map((column) => {
    const from = draw.share() < NOISY_STEPS_SHARE ? noisy : rare;
    const fit = from.filter(({ step }) => step === column);
    return draw.one(fit.length > 0 ? fit : rare);
  });
}

function hit(detector: StormDetector | undefined): Pick<StormEvent, "detector"> {
  return detector === undefined ? {} : { detector };
}

/** The storm's events as lines of Winlogbeat, the harmless ones in between; in time order. */
export function* stormLines({ hits, hosts }: Storm, seed: number, events: number) {
  const draw = createDraw(seed + 1);
  const harmless = events - hits.length;
  let number = 0;
  let next = 0;
  for (let index = 0; index < harmless; index += 1) {
    const time = DAY_START + Math.floor((index / harmless) * DAY_MS);
    for (let one = hits[next]; one !== undefined && one.time <= time; one = hits[next]) {
      yield lineOf(one, number);
      number += 1;
      next += 1;
    }
    const host = draw.one(hosts);
    yield lineOf({ time, host: host.name, user: host.owner || "SYSTEM" }, number);
    number += 1;
  }
  for (const one of hits.slice(next)) {
    yield lineOf(one, number);
    number += 1;
  }
}

function lineOf({ time, host, user, detector }: StormEvent, number: number): string {
  const computer = `${host}.kreis.example`;
  const account = user === "SYSTEM" ? "NT AUTHORITY\\SYSTEM" : `KREIS\\${user}`;
  const flag = detector === undefined ? "" : ` ${detector.marker}`;
  return JSON.stringify({
    "@timestamp": new Date(time).toISOString(),
    event: { code: "1", kind: "event", provider: "Microsoft-Windows-Sysmon" },
    winlog: {
      channel: "Microsoft-Windows-Sysmon/Operational",
      provider_name: "Microsoft-Windows-Sysmon",
      event_id: "1",
      record_id: number,
      computer_name: computer,
      event_data: {
        Image: "C:\\Program Files\\Fachverfahren\\dienst.exe",
        CommandLine: `dienst.exe /lauf ${number}${flag}`,
        User: account,
        ParentImage: "C:\\Windows\\System32\\svchost.exe",
      },
    },
    host: { name: computer },
    agent: { type: "winlogbeat", version: "8.19.2" },
  });
}
