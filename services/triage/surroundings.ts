// What each finding's place among the others comes to: its proposed incident, the tactics seen on its
// objects, how rare and how trusted its detector is. Pure; outlook.ts reads and writes.
import type { DetectorRecord } from "../store/detector-record.ts";
import { type FindingFact, isRisk, scoreKey, tellsProgress } from "./facts.ts";
import type { Membership } from "./grouping.ts";
import { type Liked, likedOf } from "./likes.ts";
import { isNoisyDay, type Neighbourhood } from "./neighbourhood.ts";
import { confidencePart, type Rarity, rarityOf, unusualPart } from "./score.ts";

/** Days that rarity looks back from a finding's own. */
const RARITY_DAYS = 30;

/** What a finding's document should say. */
export interface Place {
  readonly proposal: string | undefined;
  /** Undefined: left as they are. */
  readonly tactics: readonly string[] | undefined;
  readonly judged: DetectorRecord["scored"] | undefined;
  readonly rarity: Rarity | undefined;
  readonly liked: Liked | undefined;
}

export interface Surroundings {
  readonly placeOf: (fact: FindingFact) => Place;
  /** Whether the document says so already. */
  readonly isUpToDate: (fact: FindingFact, place: Place) => boolean;
}

export function surroundingsOf(
  facts: readonly FindingFact[],
  around: Neighbourhood,
  members: Membership,
  recordOf: (detector: string) => DetectorRecord | undefined,
): Surroundings {
  const tactics = tacticsByEntity(facts, around);
  const rarities = new Map<string, Rarity | undefined>();
  const rarity = ({ detector, day }: FindingFact) => {
    const key = `${day}\n${detector}`;
    if (!rarities.has(key)) rarities.set(key, rarityOn(recordOf(detector), day));
    return rarities.get(key);
  };
  return {
    placeOf: (fact) => ({
      proposal: members.get(fact.id),
      tactics: isRisk({ id: fact.detector }) ? undefined : tacticsOf(fact, around, tactics),
      judged: recordOf(fact.detector)?.scored,
      rarity: rarity(fact),
      liked: fact.unusual && likedOf(fact.unusual, recordOf(fact.detector)?.likes),
    }),
    isUpToDate: (fact, place) =>
      fact.proposal === place.proposal && fact.scoreKey === keyOf(fact, place),
  };
}

/** How rare a detector's findings are on a day; undefined: common, or noisy on that day. */
export function rarityOn(record: DetectorRecord | undefined, day: number): Rarity | undefined {
  const days = record?.days ?? [];
  const own = days.find((one) => one.day === day);
  if (own !== undefined && isNoisyDay(own)) return undefined;
  const seen = days.filter((one) => one.day <= day && one.day >= day - RARITY_DAYS);
  return rarityOf(seen.reduce((sum, { findings }) => sum + findings, 0));
}

function keyOf(fact: FindingFact, { tactics, judged, rarity, liked }: Place): string {
  const [stored = ""] = fact.scoreKey.split("\n");
  const progress = tactics === undefined ? stored : progressDetail(tactics);
  const confidence = confidencePart({ status: fact.status, level: fact.level }, judged).detail;
  const unusual = unusualPart(fact.unusual, liked).detail;
  return scoreKey(progress, confidence, String(rarity ?? ""), unusual);
}

/** A single tactic is no progress, and the score's part then missing. */
function progressDetail(tactics: readonly string[]): string {
  return tactics.length > 1 ? tactics.join(", ") : "";
}

function tacticsByEntity(
  facts: readonly FindingFact[],
  around: Neighbourhood,
): Map<string, Set<string>> {
  const tactics = new Map<string, Set<string>>();
  for (const fact of facts) {
    if (!tellsProgress(fact) || around.isNoisy(fact)) continue;
    for (const entity of around.linksOf(fact)) {
      const key = `${fact.day}\n${entity}`;
      const known = tactics.get(key) ?? new Set<string>();
      tactics.set(key, known);
      for (const tactic of fact.tactics) known.add(tactic);
    }
  }
  return tactics;
}

function tacticsOf(
  fact: FindingFact,
  around: Neighbourhood,
  byEntity: ReadonlyMap<string, ReadonlySet<string>>,
): string[] {
  const all = new Set<string>(tellsProgress(fact) ? fact.tactics : []);
  for (const entity of around.linksOf(fact)) {
    for (const one of byEntity.get(`${fact.day}\n${entity}`) ?? []) all.add(one);
  }
  return [...all].sort();
}
