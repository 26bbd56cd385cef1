// How many of the recorded attacks lead to a finding of at least medium severity with the recorded
// tactic, and how many such findings the same rules raise on a simulated quiet day: with our own rules
// alone and with SigmaHQ's added. Recordings go through the scan's own path, one at a time.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { DetectorInfo } from "../../detectors/detector.ts";
import { guardProcessRegexes } from "../../detectors/sigma/regex-guard.ts";
import { createScanThread, SCAN_TENANT, type ScanThread } from "../../services/cli/scan-thread.ts";
import { STARTER_PACK } from "../../services/rules/rule-set.ts";
import { SOURCES } from "../../services/simulator/record.ts";
import { writeSimulation } from "../../services/simulator/write-simulation.ts";
import { groupSignals } from "../../services/triage/triage.ts";
import { printFigure } from "../bench/figure.ts";
import { sharedDataOrSkip } from "../support/shared-data.ts";
import { recordedTactics, techniqueTactics } from "./attack-tactics.ts";

/** As in a scan: hits of one rule on one entity within this window are one finding. */
const FINDING_WINDOW_MS = 3_600_000;
const QUIET_SEEDS = ["quiet-1", "quiet-2", "quiet-3"];
const PSEUDONYM_KEY = "5a".repeat(32);

const indexSchema = z.array(
  z.object({
    file: z.string(),
    source: z.string(),
    attack: z.array(z.string()).optional(),
  }),
);
type Recording = z.infer<typeof indexSchema>[number];

guardProcessRegexes();
const folder = sharedDataOrSkip("eval:attacks", "sigma/otrf");
if (folder !== undefined) {
  const sigmaHq = sharedDataOrSkip(
    "eval:attacks with SigmaHQ's rules",
    "sigma/sigma/sigmahq-rules-8eaafff1.tar.gz",
  );
  await evaluate(folder, "own", [STARTER_PACK]);
  if (sigmaHq !== undefined) await evaluate(folder, "own+sigmahq", [STARTER_PACK, sigmaHq]);
}

async function evaluate(data: string, rules: string, rulePaths: string[]): Promise<void> {
  const thread = await createScanThread({
    rulePaths,
    minLevel: "medium",
    timeZone: "Europe/Berlin",
    key: PSEUDONYM_KEY,
    format: undefined,
    hitsOnly: false,
  });
  await attacks(thread, data, rules);
  await quietDays(thread, rules);
}

async function attacks(thread: ScanThread, data: string, rules: string): Promise<void> {
  const recordings = indexSchema.parse(JSON.parse(readFileSync(join(data, "INDEX.json"), "utf8")));
  const count = { labelled: 0, found: 0, byTechnique: 0, any: 0, events: 0, unparsed: 0 };
  for (const recording of recordings) {
    const searched = await search(thread, [join(data, recording.file)]);
    const detectors = [...searched.findings.values()];
    count.events += searched.events;
    count.unparsed += searched.unparsed;
    const wanted = recordedTactics(recording);
    const found = hasTactic(detectors, wanted);
    if (wanted.size > 0) count.labelled += 1;
    if (found) count.found += 1;
    if (found || hasTactic(detectors, techniqueTactics(recording))) count.byTechnique += 1;
    if (detectors.length > 0) count.any += 1;
    if (!found) process.stderr.write(missedLine(rules, recording, wanted, detectors));
  }
  printFigure("attacks.found_share", count.found / count.labelled, "ratio", {
    rules,
    found: count.found,
    of: count.labelled,
    foundWithTacticOfTechnique: count.byTechnique,
    any: count.any,
    recordings: recordings.length,
    events: count.events,
    unparsed: count.unparsed,
    loaded: thread.rules,
  });
}

function hasTactic(detectors: readonly DetectorInfo[], wanted: ReadonlySet<string>): boolean {
  return detectors.some((detector) => detector.tactics.some((tactic) => wanted.has(tactic)));
}

function missedLine(
  rules: string,
  { file, attack }: Recording,
  wanted: ReadonlySet<string>,
  detectors: readonly DetectorInfo[],
): string {
  const tactics = wanted.size === 0 ? "no tactic recorded" : [...wanted].join(",");
  const others = new Set(detectors.flatMap((detector) => detector.tactics));
  const instead = others.size === 0 ? "nothing" : [...others].sort().join(",");
  const techniques = attack === undefined ? "" : ` ${[...new Set(attack)].join(",")}`;
  return `${rules}: missed ${file} (${tactics}${techniques}), found ${instead}\n`;
}

async function quietDays(thread: ScanThread, rules: string): Promise<void> {
  const perDay: number[] = [];
  const byRule = new Map<string, number>();
  let [events, unparsed] = [0, 0];
  for (const seed of QUIET_SEEDS) {
    const day = mkdtempSync(join(tmpdir(), "heidewacht-quiet-"));
    try {
      writeSimulation(day, { seed, intrusion: false });
      const files = Object.values(SOURCES).map((source) => join(day, source.file));
      const searched = await search(thread, files);
      perDay.push(searched.findings.size);
      events += searched.events;
      unparsed += searched.unparsed;
      for (const { level, title } of searched.findings.values()) {
        const name = `${level} ${title}`;
        byRule.set(name, (byRule.get(name) ?? 0) + 1);
      }
    } finally {
      rmSync(day, { recursive: true });
    }
  }
  for (const [name, times] of [...byRule].sort((a, b) => b[1] - a[1])) {
    process.stderr.write(`${rules}: ${times} findings in ${perDay.length} quiet days: ${name}\n`);
  }
  const sum = perDay.reduce((total, findings) => total + findings, 0);
  printFigure("attacks.quiet_day_findings", sum / perDay.length, "findings/day", {
    rules,
    perDay,
    seeds: QUIET_SEEDS,
    events,
    unparsed,
  });
}

interface Searched {
  /** The findings of at least medium severity: id → the rule that made it. */
  readonly findings: ReadonlyMap<string, DetectorInfo>;
  readonly events: number;
  /** Records that no format could read: nothing can be found in them. */
  readonly unparsed: number;
}

async function search(thread: ScanThread, files: readonly string[]): Promise<Searched> {
  const findings = new Map<string, DetectorInfo>();
  let [events, unparsed] = [0, 0];
  for (const file of files) {
    for await (const part of thread.scanFile(file, new AbortController().signal)) {
      for (const [id, [first]] of groupSignals(SCAN_TENANT, part.signals, FINDING_WINDOW_MS)) {
        if (first !== undefined) findings.set(id, first.detector);
      }
      events += part.events;
      unparsed += part.unparsed;
      for (const fault of part.faults) process.stderr.write(`${fault.place}: ${fault.reason}\n`);
    }
  }
  return { findings, events, unparsed };
}
