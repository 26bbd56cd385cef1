// The score 0–100 that orders the queue. Deterministic and made of parts that the screen shows one by
// one: how bad, how sure, how far the attack has come on this entity, how much, how precious the asset.
import type { Level } from "../../detectors/detector.ts";
import type { Finding, ScorePart } from "../store/finding.ts";

// The parts' maxima add up to 100. Severity leads: a lone critical hit must stand above any number of
// medium ones, progress along the ATT&CK tactics can lift a finding by half a level.
const SEVERITY: Readonly<Record<Level, number>> = {
  informational: 4,
  low: 16,
  medium: 34,
  high: 52,
  critical: 70,
};
// Sigma's status says how well a rule was tested (specification, "status").
const CONFIDENCE: Readonly<Record<string, number>> = { stable: 8, test: 5, experimental: 2 };
const PROGRESS_PER_TACTIC = 3;
const PROGRESS_MAX = 12;
const VOLUME_MAX = 4;
const ASSET = 6;

/** What the score needs to know beyond the finding itself. */
export interface ScoreContext {
  /** ATT&CK tactics seen on the finding's entities on the same day, in all findings of medium or above. */
  readonly tacticsOfEntity: readonly string[];
  /** Whether a host of the finding is configured as critical. */
  readonly criticalAsset: boolean;
}

/** The finding with its score made anew. */
export function rescore(finding: Finding, context: ScoreContext): Finding {
  const parts = scoreParts(finding, context);
  return { ...finding, scoreParts: parts, score: totalScore(parts) };
}

/** The parts of the score, each with the facts behind it; `rescore` sums them. */
function scoreParts(finding: Finding, context: ScoreContext): ScorePart[] {
  const others = Math.max(0, context.tacticsOfEntity.length - 1);
  const parts: ScorePart[] = [
    { key: "severity", points: SEVERITY[finding.detector.level], detail: finding.detector.level },
    {
      key: "confidence",
      points: CONFIDENCE[finding.detector.status] ?? 0,
      detail: finding.detector.status,
    },
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
    { key: "asset", points: context.criticalAsset ? ASSET : 0, detail: "" },
  ];
  return parts.filter((part) => part.points > 0);
}

function totalScore(parts: readonly ScorePart[]): number {
  return Math.min(
    100,
    parts.reduce((sum, part) => sum + part.points, 0),
  );
}
