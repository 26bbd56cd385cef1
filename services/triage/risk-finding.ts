// Makes the finding about accumulated risk of an entity out of the findings that it is made of. Pure; what
// people did with it (status, verdicts) stays.
import type { DetectorInfo, Entity } from "../../detectors/detector.ts";
import { EVIDENCE_MAX, type Finding, RISK_DETECTOR } from "../store/finding.ts";
import { leftDays } from "./days.ts";
import { type FoldOptions, reopen } from "./fold.ts";
import { SUMMARY_MESSAGES } from "./messages.ts";
import { type Risk, type RiskPart, riskAt } from "./risk-score.ts";
import { keptContext, rescore } from "./score.ts";
import { summarize } from "./summary.ts";

/** From this many times the threshold on the finding is of level high. */
const HIGH_FROM = 2;
const SOURCES_MAX = 20;

/** A detector's part with the finding that stands for it. */
export interface RiskContribution {
  readonly part: RiskPart;
  readonly finding: Finding;
}

export interface RiskCase {
  readonly id: string;
  readonly tenant: string;
  readonly entity: Entity;
  readonly spanHours: number;
  readonly threshold: number;
  readonly risk: Risk;
  /** The heaviest first. */
  readonly contributions: readonly RiskContribution[];
}

/** @param existing as it is stored now */
export function riskFinding(
  existing: Finding | undefined,
  found: RiskCase,
  options: FoldOptions,
): Finding {
  const { contributions, entity } = found;
  const findings = contributions.map(({ finding }) => finding);
  const fresh = contributions.filter(
    ({ part }) => !existing?.contributors?.some((one) => one.detector === part.detector.id),
  );
  const firstEventAt = Math.min(...findings.map((one) => one.firstEventAt));
  const kept = existing && (fresh.length > 0 ? reopen(existing, latestRaised(fresh)) : existing);
  const base: Finding = {
    ...kept,
    id: found.id,
    tenant: found.tenant,
    detector: detectorOf(found, options.language),
    groupKey: `${entity.type}:${entity.value}`,
    entities: [{ type: entity.type, value: entity.value }],
    score: 0,
    scoreParts: [],
    summary: "",
    status: kept?.status ?? "new",
    verdictHistory: kept?.verdictHistory ?? [],
    signalCount: findings.reduce((sum, one) => sum + one.signalCount, 0),
    firstEventAt,
    ...leftDays(existing, firstEventAt),
    lastEventAt: Math.max(...findings.map((one) => one.lastEventAt)),
    raisedAt: raisedAt(found),
    sources: [...new Set(findings.flatMap((one) => one.sources))].sort().slice(0, SOURCES_MAX),
    evidence: findings
      .flatMap((one) => one.evidence.slice(-1))
      .slice(0, EVIDENCE_MAX)
      .sort((a, b) => a.time - b.time || (a.signalId < b.signalId ? -1 : 1)),
    contributors: contributions.map(({ part, finding }) => ({
      detector: part.detector.id,
      finding: finding.id,
      points: part.points,
    })),
    ...latestOf(findings, entity),
  };
  return rescore(
    { ...base, summary: summarize(base, options.timeZone, options.language) },
    {
      ...keptContext(existing),
      tacticsOfEntity: found.risk.tactics,
      criticalAsset: entity.type === "host" && options.isCriticalHost(entity.value),
    },
  );
}

function detectorOf(
  { risk, threshold, spanHours, entity, contributions }: RiskCase,
  language: FoldOptions["language"],
): Finding["detector"] {
  const text = SUMMARY_MESSAGES[language];
  const number = new Intl.NumberFormat(text.locale, { maximumFractionDigits: 2 });
  const { title, description, falsePositives, response } = text.risk;
  const detectors: DetectorInfo[] = contributions.map(({ finding }) => finding.detector);
  return {
    id: RISK_DETECTOR,
    kind: "correlation",
    title: title(text.entity[entity.type], entity.value),
    description: description(number.format(risk.value), number.format(threshold), spanHours),
    level: risk.value >= HIGH_FROM * threshold ? "high" : "medium",
    status: "test",
    techniques: [...new Set(detectors.flatMap((one) => one.techniques))].sort(),
    tactics: [...risk.tactics],
    falsePositives: [...falsePositives],
    references: [],
    response: [...response],
    origin: RISK_DETECTOR,
  };
}

/** When the threshold was reached: parts that come later don't change it. */
function raisedAt({ contributions, threshold, risk, spanHours }: RiskCase): number {
  const byTime = contributions
    .map(({ part, finding }) => ({ part, at: finding.raisedAt }))
    .sort((a, b) => a.at - b.at || (a.part.detector.id < b.part.detector.id ? -1 : 1));
  const active = ({ detector }: RiskPart) => ({ detector, hours: new Map([[risk.hour, ""]]) });
  for (let count = 1; count <= byTime.length; count += 1) {
    const until = byTime.slice(0, count);
    const parts = until.map(({ part }) => active(part));
    const last = until.at(-1);
    if (last !== undefined && riskAt(parts, risk.hour, spanHours).value >= threshold) {
      return last.at;
    }
  }
  return byTime.at(-1)?.at ?? 0;
}

function latestRaised(contributions: readonly RiskContribution[]): number {
  return Math.max(
    ...contributions.map(({ finding }) => finding.latest?.raisedAt ?? finding.raisedAt),
  );
}

function latestOf(findings: readonly Finding[], entity: Entity): Pick<Finding, "latest"> {
  const [last] = findings
    .flatMap(({ latest }) => (latest === undefined ? [] : [latest]))
    .sort((a, b) => b.raisedAt - a.raisedAt || (a.signalId > b.signalId ? -1 : 1));
  if (last === undefined) return {};
  return { latest: { ...last, entities: [{ type: entity.type, value: entity.value }] } };
}
