// How long Sigma matching takes beside reading the same bytes (UTF-8 and JSON.parse), with 100, 1,000 and
// all SigmaHQ rules: on a mixed lane, on process creations alone, and on those without repeated values.
// CPU time of the process; reading is taken off again. No value is remembered from event to event but
// those of the few fields that decide the log source.
import { join } from "node:path";
import { loadLogSources } from "../../config/log-sources.ts";
import { createSigmaEngine, type SigmaEngine } from "../../detectors/sigma/engine.ts";
import { guardProcessRegexes } from "../../detectors/sigma/regex-guard.ts";
import type { SigmaRule } from "../../detectors/sigma/rule.ts";
import { windowsFlat } from "../../services/normalize/windows/windows-flat.ts";
import { readLinesOf, readRulePackage } from "../support/recordings.ts";
import { sharedDataOrSkip } from "../support/shared-data.ts";
import { cpuSeconds, spread } from "./cpu-time.ts";
import { printFigure } from "./figure.ts";
import { withoutRepeats } from "./sigma-lanes.ts";

const ROUNDS = 7;
/** The lane of process creations is short. */
const PROCESS_REPEATS = 10;
const RULE_COUNTS = [100, 1000];
const DEAREST_RULES = 10;
const MIB = 1024 * 1024;

interface Lane {
  readonly name: string;
  readonly lines: readonly Buffer[];
}

interface RuleSet {
  readonly suffix: string;
  readonly rules: number;
  readonly engine: SigmaEngine;
}

guardProcessRegexes();
const data = sharedDataOrSkip("bench:sigma", "sigma");
if (data !== undefined) await benchmark(data);

async function benchmark(folder: string): Promise<void> {
  const lanes = readLanes(folder);
  const before = retainedMib();
  const archive = join(folder, "sigma/sigmahq-rules-8eaafff1.tar.gz");
  const read = { rules: [] as readonly SigmaRule[] };
  const coldSeconds = await cpuSeconds(async () => {
    read.rules = (await readRulePackage(archive)).rules;
  });
  const { rules } = read;
  const all = await compileAll(rules, lanes, coldSeconds);
  printFigure("sigma.memory_mib", retainedMib() - before, "MiB", {
    rules: rules.length,
    tables: all.tableBytes() / MIB,
  });
  const sets: RuleSet[] = RULE_COUNTS.map((count) => {
    const drawn = draw(rules, count);
    return { suffix: `_${count}`, rules: drawn.length, engine: engineOf(drawn) };
  });
  sets.push({ suffix: "", rules: rules.length, engine: all });
  const growth: Record<string, number> = {};
  for (const lane of lanes) growth[lane.name] = await benchLane(lane, sets);
  printFigure("sigma.growth_100_to_all", Math.max(...Object.values(growth)), "ratio", growth);
  printDearest(all);
}

function readLanes(folder: string): Lane[] {
  const bytesOf = (lines: readonly string[]) => lines.map((line) => Buffer.from(line));
  const once = readLinesOf(join(folder, "lanes/proc_dev.ndjson.zst"));
  const mix = readLinesOf(join(folder, "lanes/mix_dev.ndjson.zst"));
  const repeated = Array.from({ length: PROCESS_REPEATS }, () => once).flat();
  return [
    { name: "mix", lines: bytesOf(mix) },
    { name: "proc", lines: bytesOf(repeated) },
    { name: "proc_distinct", lines: bytesOf(withoutRepeats(once, PROCESS_REPEATS)) },
  ];
}

function draw(rules: readonly SigmaRule[], count: number): SigmaRule[] {
  const step = Math.max(1, rules.length / count);
  return rules.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

function engineOf(rules: readonly SigmaRule[]): SigmaEngine {
  return createSigmaEngine({
    rules,
    logSources: loadLogSources(),
    now: () => performance.now(),
  });
}

/** What the first pass over the lanes takes beyond a later one: engines are compiled when first needed. */
async function compileAll(
  rules: readonly SigmaRule[],
  lanes: readonly Lane[],
  coldSeconds: number,
): Promise<SigmaEngine> {
  // V8 compiles its own code in the first passes of all; that is no work on rules.
  const warm = engineOf(rules);
  for (let pass = 0; pass < 2; pass += 1) for (const lane of lanes) matchAll(lane.lines, warm);
  const made = { engine: warm };
  const create = await cpuSeconds(() => {
    made.engine = engineOf(rules);
  });
  const pass = () => {
    for (const lane of lanes) matchAll(lane.lines, made.engine);
  };
  const first = await cpuSeconds(pass);
  const later = await cpuSeconds(pass);
  printFigure("sigma.compile_s", create + Math.max(0, first - later), "s", {
    rules: rules.length,
    create_s: create,
    cold_s: coldSeconds,
  });
  return made.engine;
}

/** Returns how many times as much all rules cost as the fewest. */
async function benchLane({ name, lines }: Lane, sets: readonly RuleSet[]): Promise<number> {
  const hits = sets.map(({ engine }) => matchAll(lines, engine));
  const ratios: number[][] = sets.map(() => []);
  const microseconds: number[][] = sets.map(() => []);
  const readMicroseconds: number[] = [];
  const growths: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const read = await cpuSeconds(() => readAll(lines));
    readMicroseconds.push((read / lines.length) * 1e6);
    const costs: number[] = [];
    for (const [at, { engine }] of sets.entries()) {
      const both = await cpuSeconds(() => {
        matchAll(lines, engine);
      });
      costs.push(both - read);
      ratios[at]?.push((both - read) / read);
      microseconds[at]?.push(((both - read) / lines.length) * 1e6);
    }
    growths.push((costs.at(-1) ?? 0) / (costs[0] ?? 1));
  }
  for (const [at, { suffix, rules }] of sets.entries()) {
    const ratio = spread(ratios[at] ?? []);
    printFigure(`sigma.${name}.match_over_parse${suffix}`, ratio.median, "ratio", {
      range: ratio.range,
      rules,
      events: lines.length,
      hits: hits[at],
      match_us: spread(microseconds[at] ?? []).median,
      parse_us: spread(readMicroseconds).median,
    });
  }
  return spread(growths).median;
}

function readAll(lines: readonly Buffer[]): void {
  for (const line of lines) JSON.parse(line.toString("utf8"));
}

function matchAll(lines: readonly Buffer[], engine: SigmaEngine): number {
  const { shape } = windowsFlat;
  const times = { time: 0, ingestedAt: 0 };
  let hits = 0;
  for (const line of lines) {
    const text = line.toString("utf8");
    const record = JSON.parse(text);
    const { length } = engine.match({
      id: "",
      tenant: "",
      source: "",
      ...times,
      shape,
      record,
      text,
      textRecord: record,
    });
    hits += length;
  }
  return hits;
}

function printDearest(engine: SigmaEngine): void {
  for (const { rule, candidates, hits, milliseconds } of engine.costs().slice(0, DEAREST_RULES)) {
    printFigure("sigma.dearest_rule_ms", milliseconds, "ms", {
      rule: rule.info.title,
      id: rule.info.id,
      candidates,
      hits,
    });
  }
}

/** Memory that is still held after a collection, without the lanes' own buffers being made or freed. */
function retainedMib(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / MIB;
}
