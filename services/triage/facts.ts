// What grouping and ranking need to know of a finding, in a few words: all findings of some days stand in
// memory in this form, with what is stored about them now.
import { levelRank } from "../../detectors/detector.ts";
import { type Finding, RISK_DETECTOR } from "../store/finding.ts";
import { type TacticSpan, tacticSpan } from "./attack-order.ts";
import { dayOf } from "./days.ts";
import type { Unusual } from "./likes.ts";

const DAY_MS = 86_400_000;
/** A finding lasts a week at most; for closeness in time its first day counts. */
const SPAN_MS_MAX = DAY_MS;

export interface FindingFact {
  readonly id: string;
  readonly detector: string;
  readonly status: string;
  readonly level: Finding["detector"]["level"];
  readonly tactics: readonly string[];
  readonly span: TacticSpan | undefined;
  /** `type:value`. */
  readonly entities: readonly string[];
  readonly groupKey: string;
  /** ms UTC; `until` is at most a day later. */
  readonly firstEventAt: number;
  readonly until: number;
  readonly day: number;
  /** Of a model: what it saw. */
  readonly unusual?: Unusual | undefined;
  /** As it is stored now. */
  proposal: string | undefined;
  /** What the stored score rests on: see `scoreKey`. */
  scoreKey: string;
}

export function factOf(finding: Finding): FindingFact {
  const { detector, firstEventAt, lastEventAt } = finding;
  return {
    id: finding.id,
    detector: detector.id,
    status: detector.status,
    level: detector.level,
    tactics: detector.tactics,
    span: isRisk(detector) ? undefined : tacticSpan(detector.tactics),
    entities: finding.entities.map(({ type, value }) => `${type}:${value}`),
    groupKey: finding.groupKey,
    firstEventAt,
    until: Math.min(lastEventAt, firstEventAt + SPAN_MS_MAX),
    day: dayOf(firstEventAt),
    unusual: finding.anomaly && unusualOf(finding.anomaly),
    proposal: finding.proposal,
    scoreKey: storedScoreKey(finding),
  };
}

/** Without texts and picture, which are large. */
function unusualOf({ detector, kind, entity, tail, drivers }: Unusual): Unusual {
  return { detector, kind, entity, tail, drivers };
}

/** Whether its tactics count for how far an attack has come: weak hits and sums of others don't. */
export function tellsProgress(fact: Pick<FindingFact, "detector" | "level">): boolean {
  return fact.detector !== RISK_DETECTOR && levelRank(fact.level) >= levelRank("medium");
}

export function isRisk({ id }: Pick<Finding["detector"], "id">): boolean {
  return id === RISK_DETECTOR;
}

/** The parts of a score that do not rest on the finding alone, as one text to compare. */
export function scoreKey(
  tactics: string,
  confidence: string,
  rarity: string,
  unusual: string,
): string {
  return `${tactics}\n${confidence}\n${rarity}\n${unusual}`;
}

function storedScoreKey({ scoreParts }: Finding): string {
  const detailOf = (key: Finding["scoreParts"][number]["key"]) =>
    scoreParts.find((part) => part.key === key)?.detail ?? "";
  const details = [detailOf("progress"), detailOf("confidence"), detailOf("rarity")] as const;
  return scoreKey(...details, detailOf("unusual"));
}
