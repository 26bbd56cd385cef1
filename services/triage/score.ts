// The score 0–100 that orders the queue. Deterministic and made of parts that the screen shows one by
// one: how bad, how sure, how far the attack has come on this entity, how much, how precious the asset,
// how rare, whether a threat list names it.
import type { Level } from "../../detectors/detector.ts";
import type { Finding, ScorePart } from "../store/finding.ts";
import { type Liked, rankWith, type Unusual } from "./likes.ts";
import { expectedPrecision, type Judged } from "./precision.ts";
import { renewKnown } from "./summary.ts";

// The parts' maxima add up to 100. Severity leads: all that can be added to a medium finding (40) is less
// than what parts it from a critical one, however often that one was a false alarm.
const SEVERITY: Readonly<Record<Level, number>> = {
  informational: 2,
  low: 9,
  medium: 20,
  high: 40,
  critical: 60,
};
const CONFIDENCE_MAX = 14;
/** A model is trusted by how improbable what it saw is: both together are as much as for a rule. */
const UNUSUAL_MAX = 10;
const PROGRESS_PER_TACTIC = 2;
const PROGRESS_MAX = 8;
const VOLUME_MAX = 3;
const ASSET_MAX = 5;
const RARITY_MAX = 5;
const INTELLIGENCE_MAX = 5;

/** Points for a detector with at most this many findings in 30 days; beyond the last: none. */
const RARITY_STEPS = [2, 5, 12, 30, 100] as const;
/** Words for the value of an asset in registers, German and English. */
const ASSET_WORDS: Readonly<Record<string, number>> = {
  critical: ASSET_MAX,
  kritisch: ASSET_MAX,
  "sehr hoch": ASSET_MAX,
  high: 3,
  hoch: 3,
};
const INDICATOR_CONFIDENCE: Readonly<Record<string, number>> = {
  ...{ high: 1, medium: 0.7, low: 0.4, none: 0 },
};
const INDICATORS_SHOWN_MAX = 3;
const INDICATOR_CHARACTERS_MAX = 60;

/** What the score needs to know beyond the finding itself. */
export interface ScoreContext {
  /** ATT&CK tactics seen on the finding's entities on the same day, in all findings of medium or above. */
  readonly tacticsOfEntity: readonly string[];
  /** Whether a host of the finding is configured as critical. */
  readonly criticalAsset: boolean;
  /** How findings of this detector were judged here; undefined: none was. */
  readonly judged?: Judged | undefined;
  /** How what is like it was judged here; undefined: nothing was, or no model saw it. */
  readonly liked?: Liked | undefined;
  /** `rarityOf` the detector; undefined: not known. */
  readonly rarity?: Rarity | undefined;
}

/** At most this many findings of the detector in the 30 days up to the finding's own. */
export type Rarity = (typeof RARITY_STEPS)[number];

/** The finding with its score made anew, and what its summary says of it. */
export function rescore(finding: Finding, context: ScoreContext): Finding {
  const parts = scoreParts(finding, context);
  const summary = renewKnown(finding, parts);
  return { ...finding, scoreParts: parts, score: totalScore(parts), summary };
}

/** What a finding's present score was made of, as far as it is not in the finding itself. */
export function keptContext(
  finding: Finding | undefined,
): Omit<ScoreContext, "tacticsOfEntity"> & Partial<Pick<ScoreContext, "tacticsOfEntity">> {
  const detailOf = (key: ScorePart["key"]) =>
    finding?.scoreParts.find((part) => part.key === key)?.detail;
  const tactics = detailOf("progress");
  const asset = finding?.scoreParts.find((part) => part.key === "asset");
  const rarity = RARITY_STEPS.find((step) => String(step) === detailOf("rarity"));
  return {
    ...(tactics === undefined ? {} : { tacticsOfEntity: tactics.split(", ") }),
    criticalAsset: asset?.points === ASSET_MAX,
    judged: judgedOf(detailOf("confidence") ?? ""),
    liked: likedIn(detailOf("unusual") ?? ""),
    rarity,
  };
}

/** The step that a number of findings in 30 days falls into; undefined: too common to be rare. */
export function rarityOf(findings: number): Rarity | undefined {
  return RARITY_STEPS.find((step) => findings <= step);
}

/** The parts of the score, each with the facts behind it; `rescore` sums them. */
function scoreParts(finding: Finding, context: ScoreContext): ScorePart[] {
  const { detector } = finding;
  const others = Math.max(0, context.tacticsOfEntity.length - 1);
  const parts: ScorePart[] = [
    { key: "severity", points: SEVERITY[detector.level], detail: detector.level },
    confidencePart(detector, context.judged),
    unusualPart(finding.anomaly, context.liked),
    {
      key: "progress",
      points: Math.min(PROGRESS_MAX, others * PROGRESS_PER_TACTIC),
      detail: [...context.tacticsOfEntity].sort().join(", "),
    },
    {
      key: "volume",
      points: Math.min(VOLUME_MAX, Math.floor(Math.log2(finding.signalCount))),
      detail: String(finding.signalCount),
    },
    assetPart(finding, context.criticalAsset),
    rarityPart(context.rarity),
    intelligencePart(finding),
  ];
  return parts.filter((part) => part.points > 0);
}

// Never nothing: a detector that was always wrong stays a little above one that does not exist.
export function confidencePart(
  detector: Pick<Finding["detector"], "status" | "level"> & Partial<Finding["detector"]>,
  judged: Judged | undefined,
): ScorePart {
  const most = detector.kind === "anomaly" ? CONFIDENCE_MAX - UNUSUAL_MAX : CONFIDENCE_MAX;
  const points = Math.max(1, Math.round(most * expectedPrecision(detector, judged)));
  const { truePositive = 0, falsePositive = 0 } = judged ?? {};
  const verdicts = truePositive + falsePositive;
  const experience = verdicts === 0 ? "" : ` ${falsePositive}/${verdicts}`;
  return { key: "confidence", points, detail: `${detector.status}${experience}` };
}

// Never nothing either: no verdict hides what a model saw.
export function unusualPart(anomaly: Unusual | undefined, liked: Liked | undefined): ScorePart {
  if (anomaly === undefined) return { key: "unusual", points: 0, detail: "" };
  const points = Math.max(1, Math.min(UNUSUAL_MAX, Math.round(rankWith(anomaly, liked))));
  const tail = anomaly.tail.toPrecision(2);
  if (liked === undefined) return { key: "unusual", points, detail: tail };
  const all = liked.truePositive + liked.falsePositive;
  return {
    key: "unusual",
    points,
    detail: `${tail} ${liked.factor} ${liked.falsePositive}/${all}`,
  };
}

function likedIn(detail: string): Liked | undefined {
  const [, factor, wrong, all] = /^\S+ (\S+) (\d{1,9})\/(\d{1,9})$/.exec(detail) ?? [];
  if (factor === undefined || wrong === undefined || all === undefined) return undefined;
  const falsePositive = Number(wrong);
  return { factor: Number(factor), falsePositive, truePositive: Number(all) - falsePositive };
}

function judgedOf(detail: string): Judged | undefined {
  const [, wrong, all] = / (\d{1,9})\/(\d{1,9})$/.exec(detail) ?? [];
  if (wrong === undefined || all === undefined) return undefined;
  return { falsePositive: Number(wrong), truePositive: Number(all) - Number(wrong) };
}

function rarityPart(rarity: Rarity | undefined): ScorePart {
  const points = rarity === undefined ? 0 : RARITY_MAX - RARITY_STEPS.indexOf(rarity);
  return { key: "rarity", points, detail: String(rarity ?? "") };
}

function assetPart(finding: Finding, critical: boolean): ScorePart {
  const words = valuesOf(finding, (name) => name === "host.asset.criticality");
  const rated = words.map((word) => ASSET_WORDS[word.toLowerCase()] ?? 0);
  const points = critical ? ASSET_MAX : Math.max(0, ...rated);
  return { key: "asset", points, detail: "" };
}

// Threat lists write what they know into the event's document when it is enriched.
function intelligencePart(finding: Finding): ScorePart {
  const isName = (name: string) =>
    /^(?:\w+\.)*threat\.indicator\.(?:ip|name|domain|url\.domain|file\.hash\.\w+)$/.test(name) ||
    /^labels\.threat_(?:ip|name|domain|hash|indicator)$/.test(name);
  const names = [...new Set(valuesOf(finding, isName))].sort();
  if (names.length === 0) return { key: "intelligence", points: 0, detail: "" };
  const isConfidence = (name: string) => /(?:threat\.indicator\.|threat_)confidence$/.test(name);
  const given = valuesOf(finding, isConfidence).map(shareOf);
  const share = given.length === 0 ? 1 : Math.max(...given);
  const shown = names.slice(0, INDICATORS_SHOWN_MAX).map(cut);
  return {
    key: "intelligence",
    points: Math.max(1, Math.round(INTELLIGENCE_MAX * share)),
    detail: shown.join(", "),
  };
}

function cut(value: string): string {
  return value.slice(0, INDICATOR_CHARACTERS_MAX);
}

/** A word of ECS or a number up to 100 as a share. */
function shareOf(confidence: string): number {
  const word = INDICATOR_CONFIDENCE[confidence.toLowerCase()];
  if (word !== undefined) return word;
  const number = Number(confidence);
  return Number.isFinite(number) ? Math.min(1, Math.max(0, number / 100)) : 1;
}

function valuesOf({ evidence }: Finding, asked: (name: string) => boolean): string[] {
  const values: string[] = [];
  for (const { events } of evidence) {
    for (const { document } of events) {
      for (const [name, value] of Object.entries(document)) {
        if (asked(name)) values.push(...[value].flat().map(String));
      }
    }
  }
  return values;
}

function totalScore(parts: readonly ScorePart[]): number {
  return Math.min(
    100,
    parts.reduce((sum, part) => sum + part.points, 0),
  );
}
