// Speed of the template miner, one thread, header search included: recorded logs where they are, and drawn
// logs, of which half the lines have words that were never seen.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { learnHeader, messageStart } from "../../../detectors/templates/header.ts";
import { TemplateMiner } from "../../../detectors/templates/miner.ts";
import { linesOf as drawLines, LOG_STYLES } from "../../detectors/templates/log-styles.ts";
import { linesOf } from "../../predict/templates.ts";
import { sharedDataOrSkip } from "../../support/shared-data.ts";
import { cpuSeconds, spread } from "../cpu-time.ts";
import type { Figure } from "../figure.ts";

const REPETITIONS = 5;
const LINES_DRAWN = 20_000;
/** Each log is mined so often in one measurement, as a stream that goes on. */
const ROUNDS = 20;

export async function benchTemplates(): Promise<readonly Figure[]> {
  const drawn = LOG_STYLES.map((style) => drawLines(style, LINES_DRAWN, 3).map(([, line]) => line));
  const figures = [await measure("templates.lines_per_cpu_s_drawn", drawn, 1)];
  figures.push(await measure("templates.lines_per_cpu_s_new_words", [newWords()], 1));
  const folder = sharedDataOrSkip("bench:anomaly templates", "anomaly/loghub_2k");
  if (folder === undefined) return figures;
  const logs = readdirSync(folder)
    .map((name) => join(folder, name, `${name}_2k.log`))
    .filter((path) => existsSync(path))
    .map((path) => linesOf(readFileSync(path, "utf8")));
  return [await measure("templates.lines_per_cpu_s", logs, ROUNDS), ...figures];
}

async function measure(
  figure: string,
  logs: readonly (readonly string[])[],
  rounds: number,
): Promise<Figure> {
  const lines = logs.reduce((sum, log) => sum + log.length, 0) * rounds;
  const perSecond: number[] = [];
  for (let run = 0; run <= REPETITIONS; run += 1) {
    const seconds = await cpuSeconds(() => {
      for (const log of logs) mine(log, rounds);
    });
    // The first run warms up.
    if (run > 0) perSecond.push(lines / seconds);
  }
  const { median, range } = spread(perSecond);
  return { figure, value: median, unit: "lines/CPU-s", more: { range, lines } };
}

function mine(lines: readonly string[], rounds: number): void {
  const layout = learnHeader(lines);
  const miner = new TemplateMiner();
  for (let round = 0; round < rounds; round += 1) {
    for (const line of lines) miner.observe(line, messageStart(line, layout));
  }
}

// Lines whose words are new each time: nothing can be recognised, everything has to be compared.
function newWords(): readonly string[] {
  const word = (number: number) =>
    number.toString(26).replace(/\d/g, (digit) => String.fromCharCode(113 + Number(digit)));
  return Array.from({ length: LINES_DRAWN }, (_, line) =>
    line % 2 === 0
      ? `session opened for user ${word(line)} on host`
      : `${word(line * 7)} ${word(line * 11)} was ${word(line * 13)} and ${word(line * 17)}`,
  );
}
