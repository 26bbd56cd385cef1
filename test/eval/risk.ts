// How high the risk of entities rises on simulated quiet days, against days with an intrusion: what the
// default of `detection.riskThreshold` rests on. Only weak hits count, as in the running stage.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configSchema } from "../../config/schema.ts";
import { guardProcessRegexes } from "../../detectors/sigma/regex-guard.ts";
import { createScanThread, SCAN_TENANT, type ScanThread } from "../../services/cli/scan-thread.ts";
import { STARTER_PACK } from "../../services/rules/rule-set.ts";
import { SOURCES } from "../../services/simulator/record.ts";
import { writeSimulation } from "../../services/simulator/write-simulation.ts";
import type { Finding } from "../../services/store/finding.ts";
import { foldSignals } from "../../services/triage/fold.ts";
import {
  addActivity,
  hourOf,
  peakRisk,
  type RiskActivities,
} from "../../services/triage/risk-score.ts";
import { groupSignals } from "../../services/triage/triage.ts";
import { printFigure } from "../bench/figure.ts";
import { sharedDataOrSkip } from "../support/shared-data.ts";

const FINDING_WINDOW_MS = 3_600_000;
const DAY_HOURS = 24;
const SEEDS = ["risk-1", "risk-2", "risk-3"];
const FOLD = { timeZone: "Europe/Berlin", language: "de", isCriticalHost: () => false } as const;

guardProcessRegexes();
const tenants = [{ id: SCAN_TENANT, name: SCAN_TENANT }];
const threshold = configSchema.parse({ tenants }).detection.riskThreshold;
await evaluate("own", [STARTER_PACK]);
const sigmaHq = sharedDataOrSkip(
  "eval:risk with SigmaHQ's rules",
  "sigma/sigma/sigmahq-rules-8eaafff1.tar.gz",
);
if (sigmaHq !== undefined) await evaluate("own+sigmahq", [STARTER_PACK, sigmaHq]);

async function evaluate(rules: string, rulePaths: string[]): Promise<void> {
  const thread = await createScanThread({
    rulePaths,
    minLevel: "low",
    timeZone: "Europe/Berlin",
    key: "5a".repeat(32),
    format: undefined,
    hitsOnly: false,
  });
  for (const intrusion of [false, true]) {
    const days: number[][] = [];
    for (const seed of SEEDS) days.push(await peaksOfDay(thread, seed, intrusion));
    const peaks = days.map((all) => Math.max(0, ...all));
    const raised = days.map((all) => all.filter((value) => value >= threshold).length);
    const name = intrusion ? "risk.intrusion_day_peak" : "risk.quiet_day_peak";
    printFigure(name, Math.max(...peaks), "points", {
      rules,
      threshold,
      peaks,
      raised,
      seeds: SEEDS,
    });
  }
}

/** The highest risk of each entity on each day of a simulation. */
async function peaksOfDay(thread: ScanThread, seed: string, intrusion: boolean): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-risk-"));
  try {
    writeSimulation(folder, { seed, intrusion });
    const findings = new Map<string, Finding>();
    for (const source of Object.values(SOURCES)) {
      const file = join(folder, source.file);
      for await (const part of thread.scanFile(file, new AbortController().signal)) {
        for (const [id, group] of groupSignals(SCAN_TENANT, part.signals, FINDING_WINDOW_MS)) {
          findings.set(id, foldSignals(id, findings.get(id), group, FOLD));
        }
      }
    }
    return peaksOf([...findings.values()]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function peaksOf(findings: readonly Finding[]): number[] {
  const entities = new Map<string, { activities: RiskActivities; days: Set<number> }>();
  for (const finding of findings) {
    for (const { type, value } of finding.entities) {
      const key = `${type}:${value}`;
      const known = entities.get(key) ?? { activities: new Map(), days: new Set() };
      entities.set(key, known);
      addActivity(known.activities, finding);
      for (const at of [finding.firstEventAt, finding.lastEventAt]) {
        known.days.add(Math.floor(hourOf(at) / DAY_HOURS));
      }
    }
  }
  return [...entities.values()].flatMap(({ activities, days }) =>
    [...days].map((day) => peakRisk(activities, day * DAY_HOURS, DAY_HOURS)?.value ?? 0),
  );
}
