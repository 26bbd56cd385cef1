// Draws from a seed what happens within half a year: findings, what people do with them, and faults. Both
// nights on which clocks change are in it, and get findings of their own.
import type { Level } from "../../detectors/detector.ts";
import { createRandom, type Random } from "../../services/simulator/random.ts";
import { CHANNELS, type ChannelName } from "./peers.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
export const BEGIN = Date.UTC(2026, 9, 20);
export const END = Date.UTC(2027, 3, 6);
/** Sundays on which Berlin changes its clocks, midnight UTC. */
const CHANGE_NIGHTS = [Date.UTC(2026, 9, 25), Date.UTC(2027, 2, 28)] as const;
const BURST = 8;
/** Pages that a finding comes to on the average; measured. */
const PAGES_PER_FINDING = 4.6;
/** Of the kills, those that wait for work; the others come when they come, which is mostly between. */
const AT_WORK_SHARE = 0.3;

export const FAULT_KINDS = [
  "kill",
  "store_away",
  "peer_5xx",
  "peer_hangs",
  "dns_gone",
  "disk_full",
  "clock_jump",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface DrawnFault {
  readonly kind: FaultKind;
  readonly at: number;
  readonly until: number;
  readonly channel: ChannelName;
  /** Of a clock. */
  readonly aheadMs: number;
  /** Of a kill: whether work is waited for, and how long after it began, real milliseconds. */
  readonly isAtWork: boolean;
  readonly delayMs: number;
}

/** What people do, after the finding was raised: ms. */
export interface DrawnFinding {
  readonly number: number;
  readonly level: Level;
  readonly at: number;
  readonly acknowledgedAfter: number | undefined;
  readonly closedAfter: number;
}

export interface Drawn {
  readonly findings: readonly DrawnFinding[];
  readonly faults: readonly DrawnFault[];
}

export function draw(
  seed: string,
  pages: number,
  faults: number,
  kinds: readonly FaultKind[],
): Drawn {
  const random = createRandom(seed);
  const findings = drawFindings(random.fork("findings"), Math.ceil(pages / PAGES_PER_FINDING));
  return { findings, faults: drawFaults(random.fork("faults"), faults, findings, kinds) };
}

function drawFindings(random: Random, count: number): DrawnFinding[] {
  const times: number[] = [];
  while (times.length < count) {
    const night = random.pick(CHANGE_NIGHTS);
    const at = random.chance(0.05)
      ? night - 2 * HOUR_MS + random.int(0, 6 * HOUR_MS)
      : random.int(BEGIN + DAY_MS, END - 3 * DAY_MS);
    const burst = random.chance(0.01) ? BURST : 1;
    for (let one = 0; one < burst; one += 1) times.push(at + one * random.int(0, 8000));
  }
  return times
    .slice(0, count)
    .sort((a, b) => a - b)
    .map((at, number) => {
      const level = random.pick(["critical", "critical", "high", "high", "medium"] as const);
      return { number, at, level, ...drawAnswer(random) };
    });
}

function drawAnswer(random: Random): Pick<DrawnFinding, "acknowledgedAfter" | "closedAfter"> {
  const soon = MINUTE_MS + random.exponential(10 * MINUTE_MS);
  const kind = random.next();
  // Taken and closed; taken and forgotten; closed at once; never answered.
  if (kind < 0.5)
    return { acknowledgedAfter: soon, closedAfter: soon + random.int(5, 25) * MINUTE_MS };
  if (kind < 0.6)
    return { acknowledgedAfter: soon, closedAfter: soon + random.int(35, 75) * MINUTE_MS };
  if (kind < 0.75) return { acknowledgedAfter: undefined, closedAfter: soon };
  return { acknowledgedAfter: undefined, closedAfter: 30 * HOUR_MS };
}

/** Near findings, one after the other: which of two faults would have to be blamed is never in question. */
function drawFaults(
  random: Random,
  count: number,
  findings: readonly DrawnFinding[],
  kinds: readonly FaultKind[],
): DrawnFault[] {
  const faults = Array.from({ length: count }, (_, number): DrawnFault => {
    const kind = kinds[number % kinds.length] ?? "kill";
    const at = random.pick(findings).at + random.int(-3 * MINUTE_MS, 15 * MINUTE_MS);
    return {
      ...{ kind, at, until: at + lengthOf(kind, random), channel: random.pick(CHANNELS) },
      aheadMs: random.chance(0.5) ? HOUR_MS : -HOUR_MS,
      ...{ isAtWork: random.chance(AT_WORK_SHARE), delayMs: random.int(0, 40) },
    };
  }).sort((a, b) => a.at - b.at);
  let free = 0;
  return faults.map((fault) => {
    const at = Math.max(fault.at, free);
    const until = at + (fault.until - fault.at);
    free = until + 30_000;
    return { ...fault, at, until };
  });
}

function lengthOf(kind: FaultKind, random: Random): number {
  if (kind === "kill") return random.int(3, 90) * 1000;
  if (kind === "clock_jump") return random.int(5, 60) * MINUTE_MS;
  if (kind === "store_away" || kind === "disk_full") return random.int(10, 600) * 1000;
  // Each try of a page waits for a peer that hangs, and real time passes with it.
  return random.int(1, kind === "peer_hangs" ? 5 : 20) * MINUTE_MS;
}
