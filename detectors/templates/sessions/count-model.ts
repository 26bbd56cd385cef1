// What normal sessions hold: how often each event comes in one, and which of these counts vary freely. A
// session is as unusual as the cheapest way to make a known one of it.

/** How many of each event a session has. */
export type Counts = ReadonlyMap<string, number>;

/** An event whose count is not that of the most similar known session. */
export interface Deviation {
  readonly event: string;
  readonly seen: number;
  readonly expected: number;
  /** Decimal digits of improbability: 3 is one session in a thousand. */
  readonly surprise: number;
}

interface Combination {
  readonly key: number;
  readonly counts: Counts;
  /** Sessions that have it. */
  weight: number;
}

/** Different combinations of counts that are kept: the most frequent ones. */
const COMBINATIONS_MAX = 2_048;
/** What counts for a thing never seen in so many sessions: half a time. */
const UNSEEN = 0.5;
/** Beyond twice the highest count and this, a count says more than that it varies. */
const MARGIN = 2;
/** An event that was seen in so many counts may have others between them and beyond. */
const VALUES_OF_NUMBER = 4;
const VALUES_MAX = 64;

/** Different events of one session; those above it are counted as one. */
const DIFFERENT_MAX = 256;
const OTHERS = "\u0002";

/** Counts of a session's events. */
export function countsOf(events: readonly string[]): Counts {
  const counts = new Map<string, number>();
  for (const one of events) {
    const event = counts.has(one) || counts.size < DIFFERENT_MAX ? one : OTHERS;
    counts.set(event, (counts.get(event) ?? 0) + 1);
  }
  return counts;
}

/** Learnt of normal sessions. */
export interface CountModel {
  /** The largest surprise of one event's being there, or of all that differs from the most similar session. */
  score(counts: Counts): number;
  /** What makes the score, the largest first. */
  deviations(counts: Counts): readonly Deviation[];
}

/** Learns normal sessions. */
export function learnCounts(sessions: readonly Counts[]): CountModel {
  const total = sessions.length;
  const present = new Map<string, number>();
  const values = new Map<string, Set<number>>();
  const combinations = new Map<number, Combination>();
  for (const counts of sessions) {
    for (const [event, count] of counts) {
      present.set(event, (present.get(event) ?? 0) + 1);
      const seen = values.get(event) ?? new Set([0]);
      if (seen.size < VALUES_MAX) seen.add(count);
      values.set(event, seen);
    }
    const key = keyOf(counts);
    const known = combinations.get(key);
    if (known === undefined) combinations.set(key, { key, counts, weight: 1 });
    else known.weight += 1;
  }
  const kept = [...combinations.values()]
    .sort((one, other) => other.weight - one.weight)
    .slice(0, COMBINATIONS_MAX);
  const unseen = surpriseOf(UNSEEN, total);
  const free = freedoms(kept);
  const costOf = (event: string, seen: number): number => {
    if (!present.has(event)) return unseen + 1;
    const known = values.get(event) ?? new Set();
    const isNumber = known.size >= VALUES_OF_NUMBER && seen <= 2 * Math.max(...known) + MARGIN;
    const isUsual = known.has(seen) || isNumber;
    return surpriseOf((free.get(event) ?? 0) + UNSEEN, total) + (isUsual ? 0 : unseen);
  };
  const nearest = (counts: Counts) => nearestOf(counts, kept, costOf);
  const rarity = (event: string) => {
    const sessionsWith = present.get(event);
    if (sessionsWith === undefined) return unseen + 1;
    // Few sightings prove little: one standard deviation less than what was seen.
    return surpriseOf(Math.max(UNSEEN, sessionsWith - Math.sqrt(sessionsWith)), total);
  };
  return {
    score(counts) {
      let rarest = 0;
      for (const event of counts.keys()) rarest = Math.max(rarest, rarity(event));
      return combinations.has(keyOf(counts)) ? rarest : Math.max(rarest, nearest(counts).cost);
    },
    deviations(counts) {
      const other = nearest(counts).counts;
      return [...new Set([...counts.keys(), ...other.keys()])]
        .map((event): Deviation => {
          const seen = counts.get(event) ?? 0;
          const expected = other.get(event) ?? 0;
          const change = seen === expected ? 0 : costOf(event, seen);
          const surprise = Math.max(change, seen > 0 ? rarity(event) : 0);
          return { event, seen, expected, surprise };
        })
        .filter(({ seen, expected, surprise }) => seen !== expected || surprise >= 1)
        .sort((one, another) => another.surprise - one.surprise);
    },
  };
}

function surpriseOf(weight: number, total: number): number {
  return Math.max(0, -Math.log10(weight / (total + 1)));
}

// In how many sessions an event's count is another than mostly, where all other events are the same.
function freedoms(combinations: readonly Combination[]): Map<string, number> {
  const weights = new Map(combinations.map(({ key, weight }) => [key, weight]));
  const groups = new Map<string, Map<number, { sum: number; most: number }>>();
  for (const { key, counts, weight } of combinations) {
    for (const [event, count] of counts) {
      const rest = withoutPair(key, event, count);
      const ofEvent = groups.get(event) ?? new Map<number, { sum: number; most: number }>();
      groups.set(event, ofEvent);
      // The same without the event at all is of the group too.
      const none = weights.get(rest) ?? 0;
      const group = ofEvent.get(rest) ?? { sum: none, most: none };
      group.sum += weight;
      group.most = Math.max(group.most, weight);
      ofEvent.set(rest, group);
    }
  }
  const free = new Map<string, number>();
  for (const [event, ofEvent] of groups) {
    let varied = 0;
    for (const { sum, most } of ofEvent.values()) varied += sum - most;
    free.set(event, varied);
  }
  return free;
}

function nearestOf(
  counts: Counts,
  combinations: readonly { counts: Counts }[],
  costOf: (event: string, seen: number) => number,
): { cost: number; counts: Counts } {
  let best = { cost: Number.POSITIVE_INFINITY, counts: new Map() as Counts };
  for (const { counts: known } of combinations) {
    let cost = 0;
    for (const [event, count] of counts) {
      if (known.get(event) !== count) cost += costOf(event, count);
      if (cost >= best.cost) break;
    }
    for (const event of known.keys()) {
      if (cost >= best.cost) break;
      if (!counts.has(event)) cost += costOf(event, 0);
    }
    if (cost < best.cost) best = { cost, counts: known };
  }
  return best;
}

const KEYS = 2 ** 48;
const HASHED_CHARACTERS_MAX = 256;

// A number for the counts: a sum over the pairs, so that it is the same in any order.
function keyOf(counts: Counts): number {
  let key = 0;
  for (const [event, count] of counts) key = (key + pairNumber(event, count)) % KEYS;
  return key;
}

function withoutPair(key: number, event: string, count: number): number {
  return (key - pairNumber(event, count) + KEYS) % KEYS;
}

function pairNumber(event: string, count: number): number {
  let hash = Math.imul(0x811c9dc5 ^ count, 0x01000193) ^ event.length;
  for (let at = 0; at < event.length && at < HASHED_CHARACTERS_MAX; at += 1) {
    hash = Math.imul(hash ^ event.charCodeAt(at), 0x01000193);
  }
  const high = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  const low = Math.imul(hash ^ count ^ (hash >>> 13), 0xc2b2ae35);
  return ((high ^ (high >>> 13)) >>> 0) * 0x10000 + ((low ^ (low >>> 16)) & 0xffff);
}
