// How long Sigma matching takes beside `JSON.parse` of the same lines, with all SigmaHQ rules, on a mixed
// lane and on process creations alone. CPU time of one thread; parsing is taken off again.
import { join } from "node:path";
import { loadLogSources } from "../../config/log-sources.ts";
import { createSigmaEngine, type SigmaEngine } from "../../detectors/sigma/engine.ts";
import { guardProcessRegexes } from "../../detectors/sigma/regex-guard.ts";
import { windowsFlat } from "../../services/normalize/windows/windows-flat.ts";
import { readLinesOf, readRulePackage } from "../support/recordings.ts";
import { sharedDataOrSkip } from "../support/shared-data.ts";
import { cpuSeconds, spread } from "./cpu-time.ts";
import { printFigure } from "./figure.ts";

const ROUNDS = 7;
/** The lane of process creations is short. */
const PROCESS_REPEATS = 10;
const RULE_COUNTS = [100, 1000, Number.POSITIVE_INFINITY];

guardProcessRegexes();
const data = sharedDataOrSkip("bench:sigma", "sigma");
if (data !== undefined) await benchmark(data);

async function benchmark(folder: string): Promise<void> {
  const mix = readLinesOf(join(folder, "lanes/mix_dev.ndjson.zst"));
  const once = readLinesOf(join(folder, "lanes/proc_dev.ndjson.zst"));
  const process = Array.from({ length: PROCESS_REPEATS }, () => once).flat();
  const { rules } = await readRulePackage(join(folder, "sigma/sigmahq-rules-8eaafff1.tar.gz"));
  const logSources = loadLogSources();
  for (const count of RULE_COUNTS) {
    const step = Math.max(1, rules.length / count);
    const drawn = rules.filter(
      (_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step),
    );
    const compile = { engine: createSigmaEngine({ rules: [], logSources }) };
    const seconds = await cpuSeconds(() => {
      compile.engine = createSigmaEngine({ rules: drawn, logSources });
    });
    printFigure("sigma.create_cpu_s", seconds, "s", { rules: drawn.length });
    await benchLane("mix", mix, compile.engine, drawn.length);
    await benchLane("proc", process, compile.engine, drawn.length);
  }
}

async function benchLane(
  lane: string,
  lines: readonly string[],
  engine: SigmaEngine,
  rules: number,
): Promise<void> {
  const ratios: number[] = [];
  const rates: number[] = [];
  let hits = matchAll(lines, engine);
  for (let round = 0; round < ROUNDS; round += 1) {
    const parse = await cpuSeconds(() => parseAll(lines));
    const both = await cpuSeconds(() => {
      hits = matchAll(lines, engine);
    });
    ratios.push((both - parse) / parse);
    rates.push(lines.length / (both - parse));
  }
  const ratio = spread(ratios);
  const more = { rules, events: lines.length, hits };
  printFigure(`sigma.${lane}.over_json_parse`, ratio.median, "ratio", {
    range: ratio.range,
    ...more,
  });
  printFigure(`sigma.${lane}.events_per_cpu_s`, spread(rates).median, "events/s", more);
}

function parseAll(lines: readonly string[]): void {
  for (const line of lines) JSON.parse(line);
}

function matchAll(lines: readonly string[], engine: SigmaEngine): number {
  let hits = 0;
  for (const text of lines) {
    const record = JSON.parse(text);
    const { shape } = windowsFlat;
    const times = { time: 0, ingestedAt: 0 };
    hits += engine.match({ id: "", tenant: "", source: "", ...times, shape, record, text }).length;
  }
  return hits;
}
