// Runs a scan over files with one or several threads, and folds the signals into findings as the triage
// stage does: the same input gives the same findings, whatever the number of threads.
import { Worker } from "node:worker_threads";
import { isAppError, messageOf } from "../../config/errors.ts";
import type { Signal } from "../../detectors/detector.ts";
import type { InputFile } from "../ingest/input-files.ts";
import type { RuleSet } from "../rules/rule-set.ts";
import type { Finding } from "../store/finding.ts";
import { foldSignals } from "../triage/fold.ts";
import { rescore } from "../triage/score.ts";
import { groupSignals } from "../triage/triage.ts";
import type { CliLanguage } from "./messages.ts";
import { REPORT_MESSAGES } from "./report-messages.ts";
import { createScanCorrelation } from "./scan-correlate.ts";
import { type RuleShare, sharedRules } from "./scan-rules.ts";
import type { ScanSummary } from "./scan-summary.ts";
import {
  createScanThread,
  loadScanRules,
  SCAN_TENANT,
  type ScanHit,
  type ScanPart,
  type ScanSettings,
} from "./scan-thread.ts";
import type { FromWorker, ToWorker, WorkerStart } from "./scan-worker.ts";

const WINDOW_MS = 3_600_000;
const DAY_MS = 86_400_000;
const FAULTS_MAX = 1000;

export interface ScanRunOptions {
  readonly settings: ScanSettings;
  readonly files: readonly InputFile[];
  readonly jobs: number;
  readonly language: CliLanguage;
  readonly onHit: (hit: ScanHit) => void;
  readonly onProgress: (bytesDone: number, events: number) => void;
}

/** Scans all files; what can't be read is in the summary's faults, the rest goes on. */
export async function runScan(options: ScanRunOptions): Promise<ScanSummary> {
  const startedAt = Date.now();
  const collector = createCollector(options);
  const jobs = Math.min(options.jobs, Math.max(1, options.files.length));
  const { rules, load } =
    jobs > 1 ? await scanInWorkers(options, jobs, collector) : await scanHere(options, collector);
  await collector.correlate(load);
  return collector.summary(rules, Date.now() - startedAt);
}

/** What remains when all files are read. */
interface Scanned {
  /** Rules that can fire. */
  readonly rules: number;
  readonly load: () => Promise<RuleSet>;
}

interface Collector {
  part(part: ScanPart): void;
  fault(fault: { readonly place: string; readonly reason: string }): void;
  /** Judges what was observed over all files. */
  correlate(load: Scanned["load"]): Promise<void>;
  summary(rules: number, elapsedMs: number): ScanSummary;
}

function createCollector(options: ScanRunOptions): Collector {
  const findings = new Map<string, Finding>();
  const faults: { place: string; reason: string }[] = [];
  const read = new Map<string, number>();
  let [lines, events, unparsed, hits, bytes] = [0, 0, 0, 0, 0];
  const fold = {
    timeZone: options.settings.timeZone,
    language: options.language,
    isCriticalHost: () => false,
  };
  const fault = (one: { place: string; reason: string }) => {
    if (faults.length < FAULTS_MAX) faults.push(one);
  };
  const correlation = createScanCorrelation();
  const take = (signals: readonly Signal[]) => {
    for (const [id, group] of groupSignals(SCAN_TENANT, signals, WINDOW_MS)) {
      findings.set(id, foldSignals(id, findings.get(id), group, fold));
    }
  };
  return {
    fault,
    async correlate(load) {
      if (correlation.isEmpty) return;
      const { rules: all, correlations } = await load();
      const judged = await correlation.judge(all, correlations, options.settings);
      hits += judged.hits.length;
      for (const hit of judged.hits) options.onHit(hit);
      take(judged.signals);
      if (correlation.isCut) {
        fault({ place: "correlation", reason: REPORT_MESSAGES[options.language].correlationCut });
      }
    },
    part(part) {
      bytes += part.bytesRead - (read.get(part.file) ?? 0);
      read.set(part.file, part.bytesRead);
      lines += part.lines;
      events += part.events;
      unparsed += part.unparsed;
      hits += part.hits.length;
      for (const hit of part.hits) options.onHit(hit);
      for (const one of part.faults) fault({ ...one });
      for (const one of part.observed) correlation.add(one);
      take(part.signals);
      options.onProgress(bytes, events);
    },
    summary: (rules, elapsedMs) => ({
      findings: withProgress([...findings.values()]),
      files: options.files.length,
      lines,
      bytes,
      events,
      unparsed,
      hits,
      rules,
      elapsedMs,
      faults,
    }),
  };
}

/** Scores with the tactics that were seen on the same entities on the same day. */
function withProgress(findings: readonly Finding[]): Finding[] {
  const tactics = new Map<string, Set<string>>();
  const keysOf = (finding: Finding) =>
    finding.entities.map(
      (entity) => `${Math.floor(finding.firstEventAt / DAY_MS)}/${entity.value}`,
    );
  for (const finding of findings) {
    if (["informational", "low"].includes(finding.detector.level)) continue;
    for (const key of keysOf(finding)) {
      const known = tactics.get(key) ?? new Set();
      for (const tactic of finding.detector.tactics) known.add(tactic);
      tactics.set(key, known);
    }
  }
  return findings.map((finding) => {
    const seen = new Set(keysOf(finding).flatMap((key) => [...(tactics.get(key) ?? [])]));
    return rescore(finding, { tacticsOfEntity: [...seen].sort(), criticalAsset: false });
  });
}

async function scanHere(options: ScanRunOptions, collector: Collector): Promise<Scanned> {
  const thread = await createScanThread(options.settings);
  for (const { path } of options.files) {
    try {
      for await (const part of thread.scanFile(path, new AbortController().signal)) {
        collector.part(part);
      }
    } catch (error) {
      const place = (isAppError(error) ? error.place : undefined) ?? path;
      collector.fault({ place, reason: messageOf(error) });
    }
  }
  return { rules: thread.rules, load: async () => thread.ruleSet };
}

function scanInWorkers(
  options: ScanRunOptions,
  jobs: number,
  collector: Collector,
): Promise<Scanned> {
  // The largest files first, so that no thread is left with one at the end.
  const waiting = [...options.files].sort((a, b) => a.bytes - b.bytes).map((file) => file.path);
  const shares: RuleShare[] = [];
  const workers: Worker[] = [];
  let rules = 0;
  const threads = Array.from({ length: jobs }, (_, index) => {
    const start: WorkerStart = { settings: options.settings, index, of: jobs };
    const worker = new Worker(new URL("scan-worker.ts", import.meta.url), { workerData: start });
    workers.push(worker);
    const next = () => {
      const file = waiting.pop();
      const message: ToWorker = file === undefined ? { stop: true } : { file };
      worker.postMessage(message);
    };
    return new Promise<void>((resolve, reject) => {
      worker.on("error", (error) => {
        // The others would wait for its share of the rules, and the process for them.
        for (const one of workers) void one.terminate();
        reject(error);
      });
      worker.on("exit", () => resolve());
      worker.on("message", (message: FromWorker) => {
        if (message.kind === "part") collector.part(message.part);
        else if (message.kind === "share") {
          shares.push(message.share);
          const all: ToWorker = { shares };
          if (shares.length === jobs) for (const one of workers) one.postMessage(all);
        } else {
          if (message.kind === "ready") rules = message.rules;
          else if (message.fault !== undefined) collector.fault(message.fault);
          next();
        }
      });
    });
  });
  const load = () => loadScanRules(options.settings, sharedRules(shares));
  return Promise.all(threads).then(() => ({ rules, load }));
}
