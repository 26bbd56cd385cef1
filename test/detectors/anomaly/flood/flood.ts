// A million entities that nobody saw before, in ten minutes: what a detector says and remembers while they come,
// and what it finds of attacks that happen meanwhile and afterwards.
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Anomaly, AnomalyDetector } from "../../../../detectors/anomaly/anomaly.ts";

setFlagsFromString("--expose-gc");
// What the flag puts into a new context takes nothing and gives nothing.
const collectGarbage = runInNewContext("gc") as () => void;

const ENTITIES = 1_000_000;
export const FLOOD_MS = 600_000;
/** Whose the flood is, where it is not that of the attack. */
export const FLOOD_SOURCE = "flut";
/** The memory in use is measured whenever so many entities have come. */
const MEASURED_EACH = 250_000;
const SETTLING_MAX = 20;

export interface Flood<I> {
  create(): AnomalyDetector<I>;
  /** Days of everyday life, and the attacks; in the order of time. */
  readonly life: readonly I[];
  /** What the flood makes of the entity of this number. */
  flood(at: number, time: number): I;
  /** When the flood begins, and until when is looked, milliseconds since 1970 UTC. */
  readonly begin: number;
  readonly until: number;
  /** Names of attacks, and which of them an anomaly tells of. */
  readonly attacks: readonly string[];
  attackOf(anomaly: Anomaly): string | undefined;
}

export interface Flooded {
  /** Attacks that were told of. */
  readonly found: readonly string[];
  /** Anomalies of the flood itself. */
  readonly told: number;
  readonly keys: number;
  readonly evicted: number;
  /** Most that was in use beside what was before, MiB. */
  readonly megabytes: number;
}

export async function runFlood<I extends { readonly time: number; readonly source: string }>(
  flood: Flood<I>,
): Promise<Flooded> {
  const { create, begin, until, attackOf } = flood;
  const before = await settledMegabytes();
  const detector = create();
  const found = new Set<string>();
  let [told, most, keys] = [0, 0, 0];
  const take = (anomalies: readonly Anomaly[]) => {
    for (const anomaly of anomalies) {
      const attack = attackOf(anomaly);
      if (attack !== undefined) found.add(attack);
      if (anomaly.source === FLOOD_SOURCE) told += 1;
    }
  };
  const measure = () => {
    most = Math.max(most, megabytes() - before);
    keys = Math.max(keys, detector.keys);
  };
  let [newest, count] = [Number.NEGATIVE_INFINITY, 0];
  for (const one of both(flood)) {
    if (one.time > newest) take(detector.advance(one.time));
    newest = Math.max(newest, one.time);
    take(detector.observe(one));
    if (one.time < begin) continue;
    count += 1;
    if (count % MEASURED_EACH === 0) measure();
  }
  take(detector.advance(until));
  measure();
  const { evicted } = detector;
  return { found: [...found].sort(), told, keys, evicted, megabytes: most };
}

/** Everyday life with the flood in it, in the order of time. */
function* both<I extends { readonly time: number }>({
  life,
  flood,
  begin,
}: Flood<I>): Generator<I> {
  let at = 0;
  const timeOf = () => begin + Math.floor((at * FLOOD_MS) / ENTITIES);
  for (const one of life) {
    for (; at < ENTITIES && timeOf() < one.time; at += 1) yield flood(at, timeOf());
    yield one;
  }
  for (; at < ENTITIES; at += 1) yield flood(at, timeOf());
}

/** What the test before has left is garbage only when its call is over, and not all of it at once. */
async function settledMegabytes(): Promise<number> {
  let used = megabytes();
  for (let attempt = 0; attempt < SETTLING_MAX; attempt += 1) {
    await setImmediate();
    const now = megabytes();
    if (used - now < 1) return now;
    used = now;
  }
  return used;
}

function megabytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
}
