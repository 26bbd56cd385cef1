// Our Sigma engine beside the others, on the same rules and the same recorded events, in one run: every
// repetition starts each engine once, one after the other. CPU time of parsing and matching together, from
// the bytes of a line to its hits; loading is told apart. `--repetitions N`, three by default;
// `--lane mix|proc` one lane alone.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { readRuleFiles } from "../../services/rules/rule-source.ts";
import { readLinesOf } from "../support/recordings.ts";
import { sharedDataOrSkip } from "../support/shared-data.ts";
import { spread } from "./cpu-time.ts";
import { printFigure } from "./figure.ts";
import { buildPySigma, buildRsigma } from "./rivals/build.ts";
import { type Engine, type Lane, type LaneReport, output, runLane } from "./rivals/lane-run.ts";

const REPETITIONS = 3;
/** The lane of process creations is short. */
const LANES = [
  { name: "mix", file: "mix_dev", repeat: 1 },
  { name: "proc", file: "proc_dev", repeat: 10 },
];
const GROUPS = 1_000_000;
const RULES_SHOWN_MAX = 5;
const OURS = "heidewacht";
const PARSE = "json_parse";
/** As its makers route events: one engine holds all rules and is told the log source of each event. */
const RSIGMA = "rsigma";
/** With an engine for each log source, which its users would have to write themselves. */
const RSIGMA_ROUTED = "rsigma_routed";

const { values } = parseArgs({
  options: { repetitions: { type: "string" }, lane: { type: "string" } },
});
const repetitions = z.coerce
  .number()
  .int()
  .positive()
  .parse(values.repetitions ?? REPETITIONS);
const data = sharedDataOrSkip("bench:rivals", "sigma");
if (data !== undefined) {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-rivals-"));
  try {
    await compare(data, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function compare(recordings: string, folder: string): Promise<void> {
  const rules = join(folder, "rules");
  await unpackRules(join(recordings, "sigma/sigmahq-rules-8eaafff1.tar.gz"), rules);
  const rsigma = buildRsigma();
  const engines = enginesWith(rsigma);
  for (const one of LANES.filter(({ name }) => name === (values.lane ?? name))) {
    compareOn(unpackLane(one, recordings, folder), engines, rules, folder);
  }
  const pySigma = buildPySigma();
  // It translates rules and has no matcher: only loading can be compared.
  if (pySigma !== undefined)
    printLine("rivals.pysigma.load", output(pySigma[0], [pySigma[1], rules]));
  if (rsigma !== undefined) {
    printLine("rivals.rsigma.correlation", output(rsigma, ["--groups", String(GROUPS)]));
  }
}

async function unpackRules(archive: string, folder: string): Promise<void> {
  for (const { path, text } of await readRuleFiles(archive)) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

function unpackLane(lane: (typeof LANES)[number], recordings: string, folder: string): Lane {
  const from = (ending: string) => readLinesOf(join(recordings, `lanes/${lane.file}.${ending}`));
  const file = join(folder, `${lane.name}.ndjson`);
  const logSources = join(folder, `${lane.name}.logsource.txt`);
  writeFileSync(file, `${from("ndjson.zst").join("\n")}\n`);
  writeFileSync(logSources, `${from("logsource.txt.gz").join("\n")}\n`);
  const { name, repeat } = lane;
  return { name, repeat, file, logSources, expected: new Set(from("expected.tsv")) };
}

function enginesWith(rsigma: string | undefined): Engine[] {
  const program = fileURLToPath(new URL("rivals/sigma-lane.ts", import.meta.url));
  const node = [process.execPath, program] as const;
  const ours = { name: OURS, command: node, routing: "own" } as const;
  const both: Engine[] = [
    { name: PARSE, command: node, routing: "parse", threads: 1 },
    { ...ours, threads: 1 },
    { ...ours, name: twice(OURS), threads: 2 },
  ];
  if (rsigma === undefined) return both;
  const told = { name: RSIGMA, command: [rsigma], routing: "told" } as const;
  return [
    ...both,
    { ...told, threads: 1 },
    { ...told, name: twice(RSIGMA), threads: 2 },
    { ...told, name: RSIGMA_ROUTED, routing: "own", threads: 1 },
  ];
}

function twice(name: string): string {
  return `${name}_2_threads`;
}

function compareOn(lane: Lane, engines: readonly Engine[], rules: string, folder: string): void {
  const reports = new Map<string, LaneReport[]>(engines.map(({ name }) => [name, []]));
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    for (const engine of engines) {
      const hits = repetition === 0 ? join(folder, `${engine.name}.tsv`) : undefined;
      reports.get(engine.name)?.push(runLane(engine, lane, rules, hits));
    }
  }
  for (const { name } of engines) {
    printEngine(lane, name, reports.get(name) ?? [], join(folder, `${name}.tsv`));
  }
  const ratio = (figure: string, over: string, under: string, of: (one: LaneReport) => number) =>
    printRatio(`sigma.${lane.name}.${figure}`, reports.get(over), reports.get(under), of);
  const cpu = (report: LaneReport) => report.cpu_s;
  const wall = (report: LaneReport) => report.wall_s;
  ratio("over_rsigma", RSIGMA, OURS, cpu);
  ratio("over_rsigma_routed", RSIGMA_ROUTED, OURS, cpu);
  ratio("two_workers_over_one", OURS, twice(OURS), wall);
  ratio("rsigma_two_threads_over_one", RSIGMA, twice(RSIGMA), wall);
}

/** The quotient of what two engines took in the same repetition. */
function printRatio(
  figure: string,
  over: readonly LaneReport[] | undefined,
  under: readonly LaneReport[] | undefined,
  of: (report: LaneReport) => number,
): void {
  if (over === undefined || under === undefined) return;
  const ratios = over.flatMap((report, index) => {
    const other = under[index];
    return other === undefined ? [] : [of(report) / of(other)];
  });
  const { median, range } = spread(ratios);
  printFigure(figure, median, "ratio", { range, repetitions });
}

function printEngine(
  lane: Lane,
  name: string,
  reports: readonly LaneReport[],
  hitFile: string,
): void {
  const [first] = reports;
  if (first === undefined) return;
  const rate = spread(reports.map((report) => report.events / report.cpu_s));
  const middle = (of: (report: LaneReport) => number) =>
    Number(spread(reports.map(of)).median.toPrecision(3));
  printFigure(`rivals.${lane.name}.${name}`, rate.median, "events/CPU-s", {
    range: rate.range,
    repetitions,
    rules: first.rules,
    rejected: first.rejected,
    load_cpu_s: middle((report) => report.load_cpu_s),
    first_pass_cpu_s: middle((report) => report.first_pass_cpu_s ?? report.cpu_s),
    peak_mib: Math.round(middle((report) => report.peak_mib)),
    ...(name === PARSE ? {} : differences(lane, hitFile)),
  });
}

function differences(lane: Lane, hitFile: string) {
  const hits = new Set(readFileSync(hitFile, "utf8").split("\n").filter(Boolean));
  const differing = [...hits.symmetricDifference(lane.expected)];
  const rules = [...new Set(differing.map((hit) => hit.split("\t")[1]))];
  return {
    hits: hits.size,
    differing: differing.length,
    ...(rules.length === 0 ? {} : { differing_rules: rules.slice(0, RULES_SHOWN_MAX) }),
  };
}

/** A program's own line under a name of ours; the numbers in it name their units. */
function printLine(figure: string, line: string): void {
  const report = z.record(z.string(), z.number()).parse(JSON.parse(line));
  for (const [name, value] of Object.entries(report)) {
    const unit = name.endsWith("_mib") ? "MiB" : name.endsWith("_s") ? "s" : "count";
    printFigure(`${figure}.${name}`, value, unit);
  }
}
