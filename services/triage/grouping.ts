// Which finding belongs to which proposed incident: chains of steps on shared objects, and bursts of one
// detector on many. Pure, a function of the set of findings and of what people decided.
import { createHash } from "node:crypto";
import type { Grouping } from "../store/proposal.ts";
import { DisjointSets } from "./disjoint-sets.ts";
import type { FindingFact } from "./facts.ts";
import { linkChains, takeUpNoise } from "./linking.ts";
import type { Neighbourhood } from "./neighbourhood.ts";

/** Findings of one chain; what would make it larger starts another one. */
const CHAIN_FINDINGS_MAX = 200;
/** Findings of a detector that is not noisy, alone on their objects: from this many a day on they are a burst. */
const LONE_FINDINGS_MIN = 3;
const NOISY_FINDINGS_MIN = 2;

/** Finding id → id of its proposed incident; what is missing stands alone. */
export type Membership = ReadonlyMap<string, string>;

/**
 * @param facts all findings of some days; those of the first and last day may lack their other neighbours
 * @param decisions in force
 */
export function groupFindings(
  facts: readonly FindingFact[],
  around: Neighbourhood,
  decisions: readonly Grouping[],
): Membership {
  const sorted = [...facts].sort(
    (a, b) => a.firstEventAt - b.firstEventAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
  const sets = new DisjointSets(sorted.length, CHAIN_FINDINGS_MAX);
  const barred = applyDecisions(sorted, decisions, sets);
  linkChains(sorted, around, sets);
  takeUpNoise(sorted, around, sets);
  const members = new Map<string, string>();
  nameChains(sorted, around, sets, members);
  nameBursts(sorted, around, barred, members);
  return members;
}

/** @returns finding id → bursts that it was taken out of */
function applyDecisions(
  sorted: readonly FindingFact[],
  decisions: readonly Grouping[],
  sets: DisjointSets,
): Map<string, Set<string>> {
  const barred = new Map<string, Set<string>>();
  if (decisions.length === 0) return barred;
  const index = new Map(sorted.map((fact, at) => [fact.id, at]));
  const places = (ids: readonly string[]) =>
    ids.flatMap((id) => {
      const at = index.get(id);
      return at === undefined ? [] : [at];
    });
  const ordered = [...decisions].sort(
    (a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1),
  );
  for (const [number, one] of ordered.entries()) {
    if (one.decision !== "apart") continue;
    for (const at of places(one.findings.map(({ id }) => id))) sets.putOnSide(at, number, 0);
    for (const at of places(one.others)) sets.putOnSide(at, number, 1);
    for (const { id } of one.findings) {
      const known = barred.get(id) ?? new Set<string>();
      barred.set(id, known);
      for (const proposal of one.proposals) known.add(proposal);
    }
  }
  for (const { findings } of ordered) {
    const joined = places(findings.map(({ id }) => id));
    for (const [at, one] of joined.entries()) {
      joined.slice(0, at).some((other) => sets.join(one, other));
    }
  }
  return barred;
}

/** A chain has the id of its first finding; of what noisy detectors gave only where there is nothing else. */
function nameChains(
  sorted: readonly FindingFact[],
  around: Neighbourhood,
  sets: DisjointSets,
  members: Map<string, string>,
): void {
  const names = new Map<number, string>();
  const spare = new Map<number, string>();
  for (const [index, fact] of sorted.entries()) {
    if (sets.size(index) < 2) continue;
    const into = around.isNoisy(fact) ? spare : names;
    const root = sets.root(index);
    if (!into.has(root)) into.set(root, fact.id);
  }
  for (const [index, { id }] of sorted.entries()) {
    const root = sets.root(index);
    const name = names.get(root) ?? spare.get(root);
    if (name !== undefined) members.set(id, name);
  }
}

function nameBursts(
  sorted: readonly FindingFact[],
  around: Neighbourhood,
  barred: ReadonlyMap<string, ReadonlySet<string>>,
  members: Map<string, string>,
): void {
  const left = new Map<string, FindingFact[]>();
  for (const fact of sorted) {
    if (members.has(fact.id)) continue;
    const name = `${fact.day}\n${fact.detector}`;
    const found = left.get(name);
    if (found === undefined) left.set(name, [fact]);
    else found.push(fact);
  }
  for (const found of left.values()) {
    const [first] = found;
    if (first === undefined) continue;
    const id = burstId(first);
    const fit = found.filter((fact) => barred.get(fact.id)?.has(id) !== true);
    const least = around.isNoisy(first) ? NOISY_FINDINGS_MIN : LONE_FINDINGS_MIN;
    if (fit.length >= least) for (const fact of fit) members.set(fact.id, id);
  }
}

const BURST_PREFIX = "burst-";

function burstId({ detector, day }: Pick<FindingFact, "detector" | "day">): string {
  const text = JSON.stringify(["burst", detector, day]);
  return `${BURST_PREFIX}${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
}

export function isBurst(proposal: string): boolean {
  return proposal.startsWith(BURST_PREFIX);
}
