// What is usual among the findings of a day: detectors that fire on many objects, and objects that meet so
// many others that sharing them says nothing. Pure, a function of the set of findings.
import type { FindingFact } from "./facts.ts";

/** From this many objects, or findings, a day on a detector is noisy: its hits alone join nothing. */
const NOISY_SUBJECTS_MIN = 8;
const NOISY_FINDINGS_MIN = 30;
/** From this many other objects a day on an object is a hub: a domain controller, a scanner. */
const HUB_NEIGHBOURS_MIN = 12;
/** A finding about fifty accounts makes none of them a hub. */
const NEIGHBOURS_PER_FINDING_MAX = 3;

/** A detector's findings on one day. */
interface DetectorDay {
  readonly findings: number;
  /** Different group keys. */
  readonly subjects: number;
}

export interface Neighbourhood {
  readonly detectorDay: (fact: Pick<FindingFact, "detector" | "day">) => DetectorDay;
  readonly isNoisy: (fact: Pick<FindingFact, "detector" | "day">) => boolean;
  readonly isHub: (entity: string, day: number) => boolean;
  /** The entities that can join a finding with others. */
  readonly linksOf: (fact: FindingFact) => readonly string[];
}

export function isNoisyDay({ findings, subjects }: DetectorDay): boolean {
  return subjects >= NOISY_SUBJECTS_MIN || findings >= NOISY_FINDINGS_MIN;
}

export function neighbourhoodOf(facts: readonly FindingFact[]): Neighbourhood {
  const detectors = new Map<string, { findings: number; subjects: Set<string> }>();
  const entities = new Map<string, Set<string>>();
  for (const fact of facts) {
    const key = dayKey(fact.detector, fact.day);
    const known = detectors.get(key) ?? { findings: 0, subjects: new Set<string>() };
    detectors.set(key, known);
    known.findings += 1;
    known.subjects.add(fact.groupKey);
    meet(fact, entities);
  }
  const detectorDay: Neighbourhood["detectorDay"] = ({ detector, day }) => {
    const known = detectors.get(dayKey(detector, day));
    return { findings: known?.findings ?? 0, subjects: known?.subjects.size ?? 0 };
  };
  const isHub = (entity: string, day: number) =>
    (entities.get(dayKey(entity, day))?.size ?? 0) >= HUB_NEIGHBOURS_MIN;
  return {
    detectorDay,
    isNoisy: (fact) => isNoisyDay(detectorDay(fact)),
    isHub,
    linksOf: (fact) => fact.entities.filter((entity) => !isHub(entity, fact.day)),
  };
}

function meet(fact: FindingFact, entities: Map<string, Set<string>>): void {
  for (const entity of fact.entities) {
    const key = dayKey(entity, fact.day);
    const others = entities.get(key) ?? new Set<string>();
    entities.set(key, others);
    let met = 0;
    for (const other of fact.entities) {
      if (others.size >= HUB_NEIGHBOURS_MIN || met >= NEIGHBOURS_PER_FINDING_MAX) break;
      if (other === entity) continue;
      others.add(other);
      met += 1;
    }
  }
}

function dayKey(name: string, day: number): string {
  return `${day}\n${name}`;
}
