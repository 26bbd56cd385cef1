// Usual names of a site, out of its own archive: what several of its hosts asked for and got an answer to.
// One host's malware, made names that nobody registered, and what people have confirmed as attacks are not learnt
// as usual.
import { hash as digest } from "node:crypto";
import { parseName } from "../../detectors/network/dga/name.ts";
import type { Archive } from "../archive/archive.ts";
import type { ConfirmedAttacks } from "./confirmed-attacks.ts";

const DAY_MS = 86_400_000;
/** Hosts that must have asked for a name. */
const HOSTS_MIN = 3;

export interface GatherLimits {
  readonly eventsMax: number;
  /** Names that are counted at the same time. */
  readonly namesMax: number;
  readonly timeMs: number;
}

const GATHER_LIMITS: GatherLimits = {
  ...{ eventsMax: 20_000_000, namesMax: 300_000, timeMs: 15 * 60_000 },
};

export interface GatheredNames {
  /** In the order of the alphabet: the same archive gives the same list. */
  readonly names: readonly string[];
  /** Answered queries that were looked at. */
  readonly queries: number;
  /** A limit ended it before the window did. */
  readonly isCut: boolean;
}

export interface GatherParts {
  readonly archive: Archive;
  readonly tenant: string;
  /** Event time, half-open [from, to), ms UTC. */
  readonly window: { readonly from: number; readonly to: number };
  readonly signal: AbortSignal;
  /** Lets others have their turn. */
  readonly turn: () => Promise<void> | undefined;
  /** Monotonic, ms. */
  readonly elapsed: () => number;
  readonly attacks: Pick<ConfirmedAttacks, "days" | "names">;
  readonly limits?: GatherLimits;
}

/** Reads the window. @throws the reason of `signal`; what the archive throws */
export async function gatherUsualNames(parts: GatherParts): Promise<GatheredNames> {
  const { archive, tenant, window, signal, turn, elapsed } = parts;
  const { eventsMax, namesMax, timeMs } = parts.limits ?? GATHER_LIMITS;
  const { attacks } = parts;
  const counter = createNameCounter(namesMax);
  const attacked = new Set(attacks.days.map(({ entity, day }) => keyOf(entity.value, day)));
  let [events, queries] = [0, 0];
  let isCut = false;
  for await (const { document, time } of archive.scan(tenant, window, signal)) {
    events += 1;
    if (events > eventsMax || elapsed() > timeMs) {
      isCut = true;
      break;
    }
    const name = document["dns.question.name"];
    const from = document["source.ip"] ?? document["host.name"];
    if (typeof name === "string" && typeof from === "string") {
      const day = Math.floor(time / DAY_MS) * DAY_MS;
      // Whatever a host asked for on the day on which it was attacked is not usual.
      const isAttacked =
        attacked.size > 0 &&
        [from, document["host.name"]].some((host) => attacked.has(keyOf(String(host), day)));
      if (document["dns.response_code"] !== "NXDOMAIN" && !isAttacked) {
        queries += 1;
        counter.add(name, from);
      }
    }
    const waiting = turn();
    if (waiting !== undefined) await waiting;
  }
  const names = counter.usual().filter((name) => !attacks.names.has(name));
  return { names, queries, isCut };
}

// Findings call hosts in small letters, sources as they like.
function keyOf(host: string, day: number): string {
  return `${day}\n${host.toLowerCase()}`;
}

interface NameCounter {
  add(name: string, host: string): void;
  usual(): string[];
}

/** Counts hosts by name; where names are too many, those that only one host asked for are forgotten. */
function createNameCounter(namesMax: number): NameCounter {
  const hosts = new Map<string, number[]>();
  let isFull = false;
  // Each pass makes room for many, or is the last: a flood of names costs no more than its length.
  const makeRoom = () => {
    for (const [name, all] of hosts) if (all.length < 2) hosts.delete(name);
    isFull = hosts.size > namesMax * 0.9;
  };
  return {
    add(asked, host) {
      const { label, suffix } = parseName(asked);
      if (label === "" || suffix === "") return;
      const name = `${label}.${suffix}`;
      const known = hosts.get(name);
      if (known === undefined) {
        if (hosts.size >= namesMax && !isFull) makeRoom();
        if (hosts.size < namesMax) hosts.set(name, [markOf(host)]);
        return;
      }
      const mark = markOf(host);
      if (known.length < HOSTS_MIN && !known.includes(mark)) known.push(mark);
    },
    usual: () =>
      [...hosts].flatMap(([name, all]) => (all.length >= HOSTS_MIN ? [name] : [])).sort(),
  };
}

/** 32 bits stand for a host, however it is written: names can be long, and only differing ones count. */
function markOf(host: string): number {
  return Buffer.from(digest("sha256", host.toLowerCase(), "buffer")).readUInt32LE(0);
}
