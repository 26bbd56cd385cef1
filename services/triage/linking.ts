// Which findings are joined into chains: steps on shared objects that are close in time and in the order
// of ATT&CK. Pure. Edges are tried from the closest on, so that what is refused (too large, taken apart by
// people) is the same however the findings came.
import { levelRank } from "../../detectors/detector.ts";
import { followsOn } from "./attack-order.ts";
import { dayStart } from "./days.ts";
import type { DisjointSets } from "./disjoint-sets.ts";
import type { FindingFact } from "./facts.ts";
import type { Neighbourhood } from "./neighbourhood.ts";

const HOUR_MS = 3_600_000;
/** Between a step and the next one; out of ATT&CK's order they have to be closer. */
const GAP_MS_MAX = 6 * HOUR_MS;
const GAP_OUT_OF_ORDER_MS_MAX = HOUR_MS;
const GAP_ON_HUB_MS_MAX = HOUR_MS;
/** Between a step of a chain and a hit of a noisy detector on the same object. */
const GAP_OF_NOISE_MS_MAX = HOUR_MS / 2;
/** Later findings of an object that one is compared with. */
const NEXT_MAX = 5;
const NOISE_PER_CHAIN_MAX = 6;
/** A chain takes up a hit of a noisy detector when it has this many detectors of its own. */
const DETECTORS_FOR_NOISE_MIN = 2;

interface Edge {
  readonly gap: number;
  /** Indices into the findings, which are sorted by (first event, id). */
  readonly from: number;
  readonly to: number;
}

/** Joins what belongs together within one day, then across midnight. */
export function linkChains(
  facts: readonly FindingFact[],
  around: Neighbourhood,
  sets: DisjointSets,
): void {
  const edges = chainEdges(facts, around);
  for (const { from, to } of edges) if (facts[from]?.day === facts[to]?.day) sets.join(from, to);
  linkOverMidnight(facts, edges, sets);
}

// A day's chain goes on in the next day only if it began after noon. What goes on began before noon of
// its own day, so nothing spans more than two days and each day is a function of its neighbours alone.
function linkOverMidnight(
  facts: readonly FindingFact[],
  edges: readonly Edge[],
  sets: DisjointSets,
): void {
  const begins = new Map<string, number>();
  const roots = facts.map((_, index) => sets.root(index));
  const keyOf = (index: number) => `${facts[index]?.day} ${roots[index]}`;
  for (const [index, fact] of facts.entries()) {
    const key = keyOf(index);
    begins.set(key, Math.min(begins.get(key) ?? Infinity, fact.firstEventAt));
  }
  for (const { from, to } of edges) {
    const [earlier, later] = [facts[from], facts[to]];
    if (earlier === undefined || later === undefined || earlier.day === later.day) continue;
    const noon = dayStart(earlier.day) + 12 * HOUR_MS;
    if ((begins.get(keyOf(from)) ?? 0) >= noon) sets.join(from, to);
  }
}

/** The closest first. */
function chainEdges(facts: readonly FindingFact[], around: Neighbourhood): Edge[] {
  const edges: Edge[] = [];
  for (const indices of byEntity(facts, around).values()) {
    for (const [at, from] of indices.entries()) {
      for (const to of indices.slice(at + 1, at + 1 + NEXT_MAX)) {
        const gap = gapOf(facts[from], facts[to], around);
        if (gap !== undefined) edges.push({ gap, from, to });
      }
    }
  }
  return edges.sort(compareEdges);
}

function compareEdges(a: Edge, b: Edge): number {
  return a.gap - b.gap || a.from - b.from || a.to - b.to;
}

/** Entity → its findings in time order. Those on nothing but a hub stand under the hub, by themselves. */
function byEntity(facts: readonly FindingFact[], around: Neighbourhood): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [index, fact] of facts.entries()) {
    if (around.isNoisy(fact)) continue;
    const links = around.linksOf(fact);
    const names = links.length > 0 ? links : fact.entities.slice(0, 1).map((hub) => `hub ${hub}`);
    for (const name of names) {
      const indices = found.get(name);
      if (indices === undefined) found.set(name, [index]);
      else indices.push(index);
    }
  }
  return found;
}

/** Milliseconds between two findings on an entity when they can be joined by it. */
function gapOf(
  earlier: FindingFact | undefined,
  later: FindingFact | undefined,
  around: Neighbourhood,
): number | undefined {
  if (earlier === undefined || later === undefined || later.day - earlier.day > 1) return undefined;
  const gap = Math.max(0, later.firstEventAt - earlier.until);
  const isSame = earlier.detector === later.detector;
  const inOrder = isSame || followsOn(earlier.span, later.span);
  const onHub = [earlier, later].some((fact) => around.linksOf(fact).length === 0);
  // Two hits on a domain controller alone have nothing in common unless one can be the other's next step.
  if (onHub) return !isSame && inOrder && gap <= GAP_ON_HUB_MS_MAX ? gap : undefined;
  return gap <= (inOrder ? GAP_MS_MAX : GAP_OUT_OF_ORDER_MS_MAX) ? gap : undefined;
}

/**
 * Hits of noisy detectors that are part of a chain: so that no burst swallows a step of an attack. They
 * join nothing, each goes to the closest step on its own object.
 */
export function takeUpNoise(
  facts: readonly FindingFact[],
  around: Neighbourhood,
  sets: DisjointSets,
): void {
  const steps = stepsByEntity(facts, around, sets);
  const edges: Edge[] = [];
  for (const [index, fact] of facts.entries()) {
    if (!around.isNoisy(fact) || sets.size(index) > 1) continue;
    if (levelRank(fact.level) < levelRank("medium")) continue;
    for (const entity of around.linksOf(fact)) {
      for (const step of steps.get(`${fact.day}\n${entity}`) ?? []) {
        const gap = noiseGap(fact, facts[step]);
        if (gap !== undefined) edges.push({ gap, from: index, to: step });
      }
    }
  }
  const taken = new Map<number, number>();
  for (const { from, to } of edges.sort(compareEdges)) {
    if (sets.size(from) > 1) continue;
    const chain = sets.root(to);
    const count = taken.get(chain) ?? 0;
    if (count >= NOISE_PER_CHAIN_MAX || !sets.join(from, to)) continue;
    taken.delete(chain);
    taken.set(sets.root(to), count + 1);
  }
}

function stepsByEntity(
  facts: readonly FindingFact[],
  around: Neighbourhood,
  sets: DisjointSets,
): Map<string, number[]> {
  const detectors = new Map<number, Set<string>>();
  const isStep = facts.map((fact, index) => sets.size(index) > 1 && !around.isNoisy(fact));
  for (const [index, fact] of facts.entries()) {
    if (isStep[index] !== true) continue;
    const root = sets.root(index);
    const known = detectors.get(root) ?? new Set<string>();
    detectors.set(root, known.add(fact.detector));
  }
  const steps = new Map<string, number[]>();
  for (const [index, fact] of facts.entries()) {
    const own = detectors.get(sets.root(index))?.size ?? 0;
    if (isStep[index] !== true || own < DETECTORS_FOR_NOISE_MIN) continue;
    for (const entity of around.linksOf(fact)) {
      const key = `${fact.day}\n${entity}`;
      const indices = steps.get(key);
      if (indices === undefined) steps.set(key, [index]);
      else indices.push(index);
    }
  }
  return steps;
}

function noiseGap(noise: FindingFact, step: FindingFact | undefined): number | undefined {
  if (step === undefined) return undefined;
  const isBefore = noise.firstEventAt < step.firstEventAt;
  const [earlier, later] = isBefore ? [noise, step] : [step, noise];
  const gap = Math.max(0, later.firstEventAt - earlier.until);
  return gap <= GAP_OF_NOISE_MS_MAX && followsOn(earlier.span, later.span) ? gap : undefined;
}
