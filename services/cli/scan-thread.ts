// One thread's part of a scan: reads files, parses, matches, takes the identities out, and gives signals
// and hits to whoever asked. Memory does not grow with the input: lines go as they come.
import type { Multiline } from "../../config/inputs.ts";
import { loadLogSources } from "../../config/log-sources.ts";
import { type LeveledPlan, levelPlan } from "../../detectors/correlation/leveled-plan.ts";
import { observationsOfMatches } from "../../detectors/correlation/match-observations.ts";
import { resolveCorrelations } from "../../detectors/correlation/resolve.ts";
import { type Level, levelRank, type Signal } from "../../detectors/detector.ts";
import { createSigmaEngine, type SigmaEngine } from "../../detectors/sigma/engine.ts";
import { PLAIN_READING, type RuleReading } from "../../detectors/sigma/reading.ts";
import type { RuleFault } from "../../detectors/sigma/rule.ts";
import { signalOf } from "../detect/signal.ts";
import { readLines } from "../ingest/file-read.ts";
import type { InputLine } from "../ingest/file-records.ts";
import { ecsDocument } from "../normalize/ecs-document.ts";
import { usableMappings } from "../normalize/mapping/mapping-folder.ts";
import { createNormalizer, type Normalizer } from "../normalize/normalizer.ts";
import {
  createRecordJoiner,
  type JoinableEvent,
  type RecordJoiner,
} from "../normalize/record-joiner.ts";
import { createKeyRing } from "../privacy/keys.ts";
import type { Privacy } from "../privacy/privacy.ts";
import { createPrivacy } from "../privacy/protect.ts";
import type { RuleCache } from "../rules/rule-cache.ts";
import { loadRuleReading } from "../rules/rule-reading.ts";
import { loadRuleSet, type RuleSet } from "../rules/rule-set.ts";
import type { CliLanguage } from "./messages.ts";
import type { ScanObserved } from "./scan-correlate.ts";

/** Tenant name under which a scan derives its pseudonyms and ids. */
export const SCAN_TENANT = "scan";
const LINE_BYTES_MAX = 4 * 1024 * 1024;
const FAULTS_PER_FILE_MAX = 100;

export interface ScanSettings {
  readonly rulePaths: readonly string[];
  readonly minLevel: Level;
  readonly timeZone: string;
  /** 64 hexadecimal digits: pseudonyms are the same for the same key. */
  readonly key: string;
  readonly format: string | undefined;
  /** Whether indented lines belong to the line before them. */
  readonly multiline?: Multiline;
  /** Mapping files, and the language in which their faults are told. */
  readonly mappings?: { readonly paths: readonly string[]; readonly language: CliLanguage };
  /** Files of pipelines that the rules go through, and the language in which their faults are told. */
  readonly pipelines?: { readonly paths: readonly string[]; readonly language: CliLanguage };
  /** Only rule ids and places, no findings. */
  readonly hitsOnly: boolean;
}

/** A rule's hit on a record of a file. */
export interface ScanHit {
  readonly rule: string;
  /** The file, or the entry of an archive: `logs.zip!/folder/a.evtx`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly event: string;
}

/** What came out of a part of a file. Counters are of this part alone. */
export interface ScanPart {
  /** As it was given to `scanFile`. */
  readonly file: string;
  readonly bytesRead: number;
  readonly lines: number;
  readonly events: number;
  readonly unparsed: number;
  readonly hits: readonly ScanHit[];
  readonly signals: readonly Signal[];
  /** What correlations have to judge when all is read. */
  readonly observed: readonly ScanObserved[];
  readonly faults: readonly { readonly place: string; readonly reason: string }[];
}

export interface ScanThread {
  readonly ruleSet: RuleSet;
  readonly rules: number;
  readonly faults: readonly RuleFault[];
  /** @throws AppError HW_INPUT_UNREADABLE after everything readable was given out */
  scanFile(path: string, signal: AbortSignal): AsyncGenerator<ScanPart>;
}

interface Tools {
  readonly settings: ScanSettings;
  readonly engine: SigmaEngine;
  readonly plan: LeveledPlan;
  readonly normalizer: Normalizer;
  readonly joiner: RecordJoiner;
  readonly privacy: Privacy;
}

/** @param known what rule files were read into before */
export async function createScanThread(
  settings: ScanSettings,
  known?: RuleCache,
): Promise<ScanThread> {
  const ruleSet = await loadScanRules(settings, known);
  const engine = createSigmaEngine({ rules: ruleSet.rules, logSources: loadLogSources() });
  const resolved = resolveCorrelations(engine.rules, ruleSet.correlations);
  const tools: Tools = {
    settings,
    engine,
    plan: levelPlan(resolved),
    normalizer: createNormalizer({
      mappings: [],
      formats:
        settings.mappings === undefined
          ? []
          : usableMappings(settings.mappings.paths, settings.mappings.language),
    }),
    joiner: createRecordJoiner(),
    privacy: createPrivacy(createKeyRing(Buffer.from(settings.key, "hex"))),
  };
  return {
    ruleSet,
    rules: engine.rules.length,
    faults: [...ruleSet.faults, ...engine.faults, ...resolved.faults],
    async *scanFile(path, signal) {
      const { multiline = "none" } = settings;
      const lineBytesMax = LINE_BYTES_MAX;
      for await (const batch of readLines(path, { lineBytesMax, multiline, signal })) {
        const part = scanLines(batch.place, batch.lines, tools);
        const faults = batch.faults
          .slice(0, FAULTS_PER_FILE_MAX)
          .map((fault) => ({ place: fault.place ?? path, reason: fault.message }));
        yield { ...part, file: path, bytesRead: batch.bytesRead, faults };
      }
    },
  };
}

/** The rules of a scan. @param known what rule files were read into before */
export function loadScanRules(settings: ScanSettings, known?: RuleCache): Promise<RuleSet> {
  return loadRuleSet(settings.rulePaths, {
    reading: readingOf(settings),
    now: Date.now(),
    ...(known === undefined ? {} : { cache: known }),
  });
}

function readingOf({ pipelines }: ScanSettings): RuleReading {
  if (pipelines === undefined) return PLAIN_READING;
  const source = { placeholders: {}, pipelines: pipelines.paths };
  return loadRuleReading(source, (path) => path, pipelines.language).reading;
}

function scanLines(
  place: string,
  lines: readonly InputLine[],
  tools: Tools,
): Omit<ScanPart, "file" | "bytesRead" | "faults"> {
  const { settings, normalizer, joiner } = tools;
  const output: Output = { hits: [], signals: [], observed: [] };
  const waiting: JoinableEvent[] = [];
  let [events, unparsed] = [0, 0];
  const receivedAt = Date.now();
  for (const [index, { text, line }] of lines.entries()) {
    const parsed = normalizer.normalize(
      {
        id: `${place}:${line}`,
        idFromSender: false,
        source: place,
        format: settings.format,
        timeZone: settings.timeZone,
        receivedAt,
        text,
      },
      SCAN_TENANT,
    );
    if ("fault" in parsed) unparsed += 1;
    if (!("event" in parsed)) continue;
    // Most events stand alone: matched at once, they are gone before the next one comes.
    if (parsed.format.join?.keyOf(parsed.event.record) === undefined) {
      events += 1;
      matchEvent({ ...parsed, index }, place, line, tools, output);
    } else waiting.push({ ...parsed, index });
  }
  for (const joined of joiner.join(waiting)) {
    events += 1;
    matchEvent(joined, place, lines[joined.index]?.line ?? 0, tools, output);
  }
  output.hits.sort((one, other) => one.line - other.line);
  return { lines: lines.length, events, unparsed, ...output };
}

interface Output {
  readonly hits: ScanHit[];
  readonly signals: Signal[];
  readonly observed: ScanObserved[];
}

function matchEvent(
  { event, format }: JoinableEvent,
  file: string,
  line: number,
  { settings, engine, plan, privacy }: Tools,
  { hits, signals, observed }: Output,
): void {
  const all = engine.match(event);
  if (all.length === 0) return;
  const matches = all.filter(
    (match) => levelRank(match.detector.level) >= levelRank(settings.minLevel),
  );
  for (const match of matches) hits.push({ rule: match.detector.id, file, line, event: event.id });
  const isJoined = all.some(({ detector }) => plan.linksOf(detector.id).length > 0);
  const told = settings.hitsOnly
    ? []
    : matches.filter(({ detector }) => !plan.isSilenced(detector.id));
  if (told.length === 0 && !isJoined) return;
  const document = ecsDocument(event, format);
  const identities = privacy.protectDocument(SCAN_TENANT, document);
  for (const match of told) {
    signals.push(signalOf(match, document, identities, privacy, event.time));
  }
  if (!isJoined) return;
  const observations = observationsOfMatches(plan, all, event.id, (field, value) => {
    const shown = { field, value, operator: "", pattern: "" };
    return privacy.protectMatched(SCAN_TENANT, identities, [shown])[0]?.value;
  });
  if (observations.length === 0) return;
  const kept = settings.hitsOnly ? undefined : document;
  observed.push({ observations, id: event.id, file, line, document: kept });
}
