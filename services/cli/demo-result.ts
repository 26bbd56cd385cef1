// The demo's outcome: findings against the truth, as a table for people and as figures for machines.

import { isDayOff } from "../../detectors/anomaly/calendar.ts";
import { type Score, scoreFindings } from "../simulator/score.ts";
import type { Truth } from "../simulator/truth.ts";
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import type { Store } from "../store/store.ts";
import { CLI_MESSAGES, type CliLanguage } from "./messages.ts";
import { REPORT_MESSAGES } from "./report-messages.ts";

const PAGE = 500;
const FINDINGS_SHOWN = 8;
const SENTENCES_SHOWN = 3;
const DAY_MS = 86_400_000;
/** A week before the intrusion; five of its days are working days. */
const QUIET_DAYS = 7;

export interface DemoResult {
  readonly findings: readonly Finding[];
  readonly truth: Truth;
  readonly score: Score;
  /** From the shipping of the first trace to the first true finding. */
  readonly secondsToFirstFinding: number;
  /** With a history: what anomaly detectors found. */
  readonly anomalies: AnomalyResult | undefined;
}

interface AnomalyResult {
  /** Steps that no rule knows, and those of them that a finding of a model rests on. */
  readonly steps: number;
  readonly found: number;
  /** Findings of models on a working day of the week before. */
  readonly perQuietDay: number;
  /** Sentences of the findings that are about such steps. */
  readonly sentences: readonly string[];
}

interface DemoCourse {
  /** When the intrusion's first record was shipped, ms UTC. */
  readonly firstTraceAt: number;
  /** Local midnight of the day of the intrusion, ms UTC. */
  readonly dayStart: number;
  readonly historyDays: number;
}

export async function scoreDemo(
  store: Store,
  tenant: string,
  truth: Truth,
  { firstTraceAt, dayStart, historyDays }: DemoCourse,
): Promise<DemoResult> {
  const all = await allFindings(store, tenant);
  const findings = all.filter(({ lastEventAt }) => lastEventAt >= dayStart);
  const score = scoreFindings(
    truth,
    findings.map((finding) => ({
      detectorId: finding.detector.id,
      level: finding.detector.level,
      raisedAt: finding.raisedAt,
      eventIds: finding.evidence.flatMap((one) => one.events.map((event) => event.id)),
    })),
  );
  const first = score.firstFindingAt ?? Number.POSITIVE_INFINITY;
  const anomalies = historyDays < QUIET_DAYS ? undefined : anomaliesOf(all, truth, dayStart);
  const secondsToFirstFinding = (first - firstTraceAt) / 1000;
  return { findings, truth, score, secondsToFirstFinding, anomalies };
}

function anomaliesOf(all: readonly Finding[], truth: Truth, dayStart: number): AnomalyResult {
  const told = all.filter(({ detector }) => detector.kind === "anomaly");
  const steps = truth.steps.filter(({ knownToRules }) => !knownToRules);
  const own = new Set(steps.flatMap(({ eventIds }) => eventIds));
  const idsOf = ({ evidence }: Finding) =>
    evidence.flatMap(({ events }) => events.map(({ id }) => id));
  const about = told.filter((finding) => idsOf(finding).some((id) => own.has(id)));
  const seen = new Set(about.flatMap(idsOf));
  const isWork = (time: number) => !isDayOff(time);
  const isQuiet = ({ firstEventAt, lastEventAt }: Finding) =>
    lastEventAt < dayStart && firstEventAt >= dayStart - QUIET_DAYS * DAY_MS && isWork(lastEventAt);
  const days = Array.from({ length: QUIET_DAYS }, (_, back) => dayStart - (back + 0.5) * DAY_MS);
  return {
    steps: steps.length,
    found: steps.filter(({ eventIds }) => eventIds.some((id) => seen.has(id))).length,
    perQuietDay: told.filter(isQuiet).length / Math.max(1, days.filter(isWork).length),
    sentences: about.flatMap(({ anomaly }) => anomaly?.sentence ?? []),
  };
}

async function allFindings(store: Store, tenant: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.search(tenant, FINDING_KIND, {
      sort: [{ field: "score", order: "desc" }],
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    findings.push(...page.hits.map((hit) => hit.document));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return findings;
}

/** Prints findings, steps and figures. */
export function printDemoResult(
  result: DemoResult,
  language: CliLanguage,
  say: (line: string) => void,
): void {
  const text = CLI_MESSAGES[language];
  const report = REPORT_MESSAGES[language];
  const { score, truth } = result;
  say(`\n${text.demoFindings}`);
  for (const finding of result.findings.slice(0, FINDINGS_SHOWN)) {
    const level = report.level[finding.detector.level].padEnd(8);
    const entity = finding.entities[0]?.value ?? "";
    say(`  ${String(finding.score).padStart(3)}  ${level}  ${finding.detector.title}  (${entity})`);
  }
  say(`\n${text.demoSteps}`);
  const missed = new Set(score.missed);
  for (const step of truth.steps) {
    const found = !missed.has(step.id);
    const word = found ? text.demoFound : text.demoMissed;
    const hint = found || step.knownToRules ? "" : ` (${text.demoSubtle})`;
    say(`  ${found ? "✓" : "–"} ${String(step.order).padStart(2)}  ${step.title}: ${word}${hint}`);
  }
  const seconds = result.secondsToFirstFinding.toFixed(1);
  say(
    `\n${text.demoResult(score.trueStepsFound, score.trueSteps, score.findingsFalse, seconds)}\n`,
  );
  const { anomalies } = result;
  if (anomalies !== undefined) {
    const perDay = anomalies.perQuietDay.toFixed(1);
    say(text.demoAnomalies(anomalies.found, anomalies.steps, perDay));
    for (const sentence of anomalies.sentences.slice(0, SENTENCES_SHOWN)) say(`  ${sentence}`);
    say("");
  }
  const figures: [string, number, string, Record<string, unknown>][] = [
    [
      "demo.true_steps_found_share",
      score.share,
      "ratio",
      { found: score.trueStepsFound, steps: score.trueSteps },
    ],
    [
      "demo.known_steps_found_share",
      score.knownSteps === 0 ? 1 : score.knownStepsFound / score.knownSteps,
      "ratio",
      { found: score.knownStepsFound, steps: score.knownSteps },
    ],
    ["demo.findings_false", score.findingsFalse, "findings", { true: score.findingsTrue }],
    ["demo.seconds_to_first_finding", result.secondsToFirstFinding, "s", {}],
  ];
  for (const [figure, value, unit, more] of figures) {
    say(
      JSON.stringify({
        figure,
        value: Number(value.toPrecision(4)),
        unit,
        seed: truth.seed,
        ...more,
      }),
    );
  }
}
