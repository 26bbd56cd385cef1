// The demo's outcome: findings against the truth, as a table for people and as figures for machines.

import { type Score, scoreFindings } from "../simulator/score.ts";
import type { Truth } from "../simulator/truth.ts";
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import type { Store } from "../store/store.ts";
import { CLI_MESSAGES, type CliLanguage } from "./messages.ts";
import { REPORT_MESSAGES } from "./report-messages.ts";

const PAGE = 500;
const FINDINGS_SHOWN = 8;

export interface DemoResult {
  readonly findings: readonly Finding[];
  readonly truth: Truth;
  readonly score: Score;
  /** From the shipping of the first trace to the first true finding. */
  readonly secondsToFirstFinding: number;
}

/** @param firstTraceAt when the intrusion's first record was shipped, ms UTC */
export async function scoreDemo(
  store: Store,
  tenant: string,
  truth: Truth,
  firstTraceAt: number,
): Promise<DemoResult> {
  const findings = await allFindings(store, tenant);
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
  return { findings, truth, score, secondsToFirstFinding: (first - firstTraceAt) / 1000 };
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
