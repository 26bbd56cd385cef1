// Which fault comes next: drawn from a seed, so that the same seed gives the same faults.
import type { Random } from "../../services/simulator/random.ts";
import type { RealServer } from "./real-server.ts";

type ServerName = RealServer["name"];

/** One fault, with all that it needs to be done. */
export type Fault =
  /** kill -9 of one of our processes. */
  | { readonly kind: "kill"; readonly target: string }
  /** SIGSTOP, and SIGCONT later; longer than the session it comes back as one that has lost its work. */
  | { readonly kind: "stop"; readonly target: string; readonly ms: number }
  /** kill -9 of a server, started again after a while. */
  | { readonly kind: "server_kill"; readonly target: ServerName; readonly ms: number }
  | { readonly kind: "server_stop"; readonly target: ServerName; readonly ms: number }
  /** All connections to a server end, new ones are turned away. */
  | { readonly kind: "cut"; readonly target: ServerName; readonly ms: number }
  /** All connections to a server, also new ones, stand still and go on later. */
  | { readonly kind: "hold"; readonly target: ServerName; readonly ms: number }
  /** All connections to a server are dead from now on, and nobody is told. */
  | { readonly kind: "half_open"; readonly target: ServerName }
  | { readonly kind: "disk_full"; readonly target: ServerName; readonly ms: number };

/** One fault, or two of which the second begins so much later. */
export interface Draw {
  readonly faults: readonly Fault[];
  readonly apartMs: number;
}

/** Starts of a server take long. */
const SERVER_KILLS_MAX = 20;
const DISK_FULL_MAX = 6;
const PAIR_SHARE = 0.2;
const APART_MS_MAX = 1500;

/** How often of a hundred. */
const SHARES = [
  ["kill", 36],
  ["stop", 18],
  ["server_kill", 8],
  ["server_stop", 8],
  ["cut", 12],
  ["hold", 8],
  ["half_open", 6],
  ["disk_full", 4],
] as const;
export const KINDS = SHARES.map(([kind]) => kind);
export const SERVERS = ["kafka", "elasticsearch"] as const;

export interface DrawingOptions {
  readonly random: Random;
  /** Names of our processes. */
  readonly processes: readonly string[];
  /** After which a silent process loses its partitions. */
  readonly sessionTimeoutMs: number;
  /** Servers whose disk can be filled. */
  readonly canFill: readonly ServerName[];
  /** Nothing else is drawn; undefined: all kinds. */
  readonly only: Fault["kind"] | undefined;
}

/** Draws one after the other. */
export function* draws(options: DrawingOptions): Generator<Draw> {
  const { random, processes, sessionTimeoutMs, canFill, only } = options;
  const counts = new Map<string, number>();
  const isSpent = ({ kind, target }: Fault): boolean => {
    const count = counts.get(`${kind} ${target}`) ?? 0;
    if (kind === "server_kill") return count >= SERVER_KILLS_MAX;
    return kind === "disk_full" && (count >= DISK_FULL_MAX || !canFill.includes(target));
  };
  const next = (): Fault => {
    for (;;) {
      const fault = drawFault(random, processes, sessionTimeoutMs);
      if (isSpent(fault) || (only ?? fault.kind) !== fault.kind) continue;
      const key = `${fault.kind} ${fault.target}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return fault;
    }
  };
  for (;;) {
    const first = next();
    if (!random.chance(PAIR_SHARE)) {
      yield { faults: [first], apartMs: 0 };
      continue;
    }
    let second = next();
    // Two on one server at once are one to whoever needs it.
    while (isServer(first) && second.target === first.target) second = next();
    yield { faults: [first, second], apartMs: random.int(0, APART_MS_MAX) };
  }
}

function isServer({ kind }: Fault): boolean {
  return kind !== "kill" && kind !== "stop";
}

function drawFault(random: Random, processes: readonly string[], sessionTimeoutMs: number): Fault {
  const kind = drawKind(random);
  if (kind === "kill") return { kind, target: random.pick(processes) };
  if (kind === "stop") {
    const isLong = random.chance(0.5);
    const [least, most] = isLong ? [1.2, 2.2] : [0.1, 0.6];
    const ms = random.int(least * sessionTimeoutMs, most * sessionTimeoutMs);
    return { kind, target: random.pick(processes), ms };
  }
  const target = random.pick(SERVERS);
  if (kind === "half_open") return { kind, target };
  if (kind === "server_kill") return { kind, target, ms: random.int(0, 2000) };
  if (kind === "disk_full") return { kind, target, ms: random.int(1000, 4000) };
  return { kind, target, ms: random.int(500, 10_000) };
}

function drawKind(random: Random): Fault["kind"] {
  let left = random.next() * SHARES.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [kind, weight] of SHARES) {
    left -= weight;
    if (left < 0) return kind;
  }
  return "kill";
}
