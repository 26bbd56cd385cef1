// Which tactics and techniques of ATT&CK a set of rules covers, with which rules, and how well: many rules
// that are of low severity or still on trial are no good coverage.
import { type DetectorInfo, levelRank } from "../../detectors/detector.ts";
import { TACTICS } from "./lint-tags.ts";

export interface CoveredTechnique {
  /** `T1059.001` */
  readonly id: string;
  readonly rules: readonly DetectorInfo[];
  /** Sum of the weights of its rules. */
  readonly weight: number;
  /** Whether all of its rules are weak. */
  readonly isWeak: boolean;
}

interface CoveredTactic {
  /** `credential-access` */
  readonly name: string;
  readonly rules: number;
  /** Techniques of the rules that name the tactic. */
  readonly techniques: readonly CoveredTechnique[];
}

export interface AttackCoverage {
  readonly rules: number;
  /** Rules that name neither tactic nor technique. */
  readonly untagged: number;
  /** By id. */
  readonly techniques: readonly CoveredTechnique[];
  /** All of the matrix in its order, then those that it does not have. */
  readonly tactics: readonly CoveredTactic[];
}

/** Of levels informational to critical. */
const LEVEL_WEIGHTS = [0.25, 0.5, 1, 2, 3];
const STATUS_WEIGHTS: ReadonlyMap<string, number> = new Map([
  ["stable", 1],
  ["test", 0.8],
  ["experimental", 0.4],
]);
const TECHNIQUE = /^T\d{4}(?:\.\d{3})?$/;

/** @param rules and correlations, as far as they are loaded */
export function attackCoverage(rules: readonly DetectorInfo[]): AttackCoverage {
  const byTechnique = new Map<string, DetectorInfo[]>();
  const byTactic = new Map<string, DetectorInfo[]>(TACTICS.map((name) => [name, []]));
  for (const rule of rules) {
    for (const id of new Set(rule.techniques)) if (TECHNIQUE.test(id)) addTo(byTechnique, id, rule);
    for (const name of new Set(rule.tactics)) addTo(byTactic, name, rule);
  }
  const techniques = [...byTechnique]
    .map(([id, own]) => techniqueOf(id, own))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    rules: rules.length,
    untagged: rules.filter((one) => one.techniques.length + one.tactics.length === 0).length,
    techniques,
    tactics: [...byTactic].map(([name, own]) => {
      const ids = new Set(own.flatMap((rule) => rule.techniques));
      return { name, rules: own.length, techniques: techniques.filter(({ id }) => ids.has(id)) };
    }),
  };
}

function techniqueOf(id: string, rules: readonly DetectorInfo[]): CoveredTechnique {
  const ordered = rules.toSorted((a, b) => weightOf(b) - weightOf(a));
  const weight = rules.reduce((sum, rule) => sum + weightOf(rule), 0);
  return { id, rules: ordered, weight: Number(weight.toFixed(2)), isWeak: rules.every(isWeak) };
}

function weightOf({ level, status }: DetectorInfo): number {
  return (LEVEL_WEIGHTS[levelRank(level)] ?? 1) * (STATUS_WEIGHTS.get(status) ?? 0.2);
}

// What nobody is paged for, or what is not yet tried out.
function isWeak({ level, status }: DetectorInfo): boolean {
  return levelRank(level) < levelRank("medium") || !["stable", "test"].includes(status);
}

function addTo<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
