// The simulated intrusion's steps that no rule knows: how many of them anomaly detectors find after a quiet
// month, and how many findings the last quiet week had. Seeds were written down before anything was tuned, and
// nothing was tuned by them.
import { berlinDay, isDayOff } from "../../../detectors/anomaly/calendar.ts";
import { simulate } from "../../../services/simulator/simulate.ts";
import type { Truth } from "../../../services/simulator/truth.ts";
import type { Figure } from "../../bench/figure.ts";
import { type AnomalyFinding, findingsOf } from "./demo-run.ts";

const SEEDS = ["ruhe-4711", "ruhe-815", "ruhe-2027", "ruhe-90210", "ruhe-31337"];
/** Working days before the intrusion that have to stay within the budget. */
const QUIET_DAYS = 5;
const FINDINGS_PER_DAY = 5;
const DAY_MS = 86_400_000;
/** A county of this size, and its weeks before the intrusion. */
const STAFF = 240;
const HISTORY_DAYS = 30;

interface Run {
  readonly seed: string;
  readonly found: readonly string[];
  /** Findings of the last working days, the last one first. */
  readonly quiet: readonly number[];
  /** Findings of the day of the intrusion. */
  readonly onDay: number;
  readonly cpuSeconds: number;
}

/** @param seeds others than those of the figure, to tune by */
export async function evaluateDemo(seeds: readonly string[] = SEEDS): Promise<Figure[]> {
  const runs: Run[] = [];
  for (const seed of seeds) {
    const run = await runSeed(seed);
    process.stderr.write(`${JSON.stringify(run)}\n`);
    runs.push(run);
  }
  const steps = runs.map(({ found }) => found.length);
  const quiet = runs.flatMap((run) => run.quiet);
  const cpuSeconds = mean(runs.map((run) => run.cpuSeconds));
  return [
    {
      figure: "demo.anomaly_steps_found",
      ...{ value: mean(steps), unit: "steps" },
      more: { of: 5, worst: Math.min(...steps), perSeed: steps, seeds, cpuSeconds },
    },
    {
      figure: "demo.anomaly_findings_per_quiet_day",
      ...{ value: mean(quiet), unit: "findings/day" },
      more: {
        worstSeed: Math.max(...runs.map((run) => mean(run.quiet))),
        worstDay: Math.max(...quiet),
        onDayOfIntrusion: runs.map(({ onDay }) => onDay),
        seeds,
      },
    },
  ];
}

async function runSeed(seed: string): Promise<Run> {
  const before = process.cpuUsage();
  const size = { staffAccounts: STAFF, historyDays: HISTORY_DAYS };
  const simulation = simulate({ seed, ...size, intrusion: true });
  const findings = await findingsOf(simulation.records, FINDINGS_PER_DAY);
  const used = process.cpuUsage(before);
  const day = berlinDay(simulation.dayStart + DAY_MS / 2);
  return {
    seed,
    found: stepsFound(simulation.truth(), findings),
    quiet: quietDays(findings, day),
    onDay: findings.filter(({ time }) => berlinDay(time) === day).length,
    cpuSeconds: (used.user + used.system) / 1e6,
  };
}

function stepsFound({ steps }: Truth, findings: readonly AnomalyFinding[]): string[] {
  const evidence = new Set(findings.flatMap(({ eventIds }) => eventIds));
  return steps
    .filter(
      ({ knownToRules, eventIds }) => !knownToRules && eventIds.some((id) => evidence.has(id)),
    )
    .map(({ id }) => id);
}

function quietDays(findings: readonly AnomalyFinding[], intrusion: number): number[] {
  const counts: number[] = [];
  for (let day = intrusion - 1; counts.length < QUIET_DAYS; day -= 1) {
    if (isDayOff((day + 0.5) * DAY_MS)) continue;
    counts.push(findings.filter(({ time }) => berlinDay(time) === day).length);
  }
  return counts;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
