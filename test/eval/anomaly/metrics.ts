// How well the detector for one series finds the labelled windows of the Numenta benchmark, at the product's
// own threshold; and how much of that stays when the series are turned upside down or disturbed.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import type { Figure } from "../../bench/figure.ts";
import { predictMetrics } from "../../predict/metrics.ts";
import { sharedDataOrSkip } from "../../support/shared-data.ts";
import { readCsv } from "../csv.ts";
import { type ScoredSeries, scoreNab } from "./nab-score.ts";

const THRESHOLD = 0.5;
const NOISE_SHARE = 0.03;

export async function evaluateMetrics(): Promise<Figure[]> {
  const data = sharedDataOrSkip("eval:anomaly metrics", "anomaly/nab");
  if (data === undefined) return [];
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-metrics-"));
  try {
    const before = process.cpuUsage();
    const plain = await alarmsOf(data, data, join(folder, "plain"));
    const used = process.cpuUsage(before);
    const { score, windows, found, falseAlarms } = scoreNab(plain);
    const more: Record<string, unknown> = {
      ...{ threshold: THRESHOLD, files: plain.length, windows, found, falseAlarms },
      // Settings were fixed with all files at hand; halves show how far it hangs on which ones they are.
      halves: [0, 1].map((half) => rounded(scoreNab(plain.filter((_, at) => at % 2 === half)))),
      cpuSeconds: (used.user + used.system) / 1e6,
    };
    for (const [name, change] of Object.entries(DISTURBANCES)) {
      const changed = join(folder, `${name}-input`);
      disturb(data, changed, change);
      more[name] = rounded(scoreNab(await alarmsOf(changed, data, join(folder, name))));
    }
    return [{ figure: "nab.standard", value: score, unit: "points", more }];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Disturbance = (values: readonly number[]) => readonly number[];

const DISTURBANCES: Readonly<Record<string, Disturbance>> = {
  upsideDown: (values) => values.map((value) => -value),
  noisy(values) {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = values.reduce((sum, value) => sum + Math.abs(value - mean), 0) / values.length;
    let state = 7;
    return values.map((value) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return value + NOISE_SHARE * spread * (state / 2 ** 32 - 0.5);
    });
  },
};

function disturb(data: string, output: string, change: Disturbance): void {
  for (const name of seriesIn(data)) {
    const rows = readCsv(readFileSync(join(data, "data", name), "utf8"));
    const values = change(rows.map((row) => Number(row.value)));
    const lines = rows.map((row, at) => `${row.timestamp},${values[at]}`);
    const path = join(output, "data", name);
    mkdirFor(path);
    writeFileSync(path, `timestamp,value\n${lines.join("\n")}\n`);
  }
}

async function alarmsOf(input: string, data: string, output: string): Promise<ScoredSeries[]> {
  await predictMetrics(input, output);
  // The labels' form is the benchmark's own: file → list of first and last stamp of each window.
  const windowsOf: Record<string, [string, string][]> = parse(
    readFileSync(join(data, "labels", "combined_windows.json"), "utf8"),
  );
  return seriesIn(data).map((name) => {
    const rows = readCsv(readFileSync(join(output, name), "utf8"));
    const rowOf = new Map<string, number>();
    const alarms: number[] = [];
    rows.forEach(({ timestamp = "", anomaly_score }, row) => {
      if (!rowOf.has(timestamp)) rowOf.set(timestamp, row);
      if (Number(anomaly_score) >= THRESHOLD) alarms.push(row);
    });
    const place = (stamp: string) => rowOf.get(stamp.replace(/\.0+$/, "")) ?? 0;
    const windows = (windowsOf[name] ?? []).map(([from, to]) => [place(from), place(to)] as const);
    return { name, rows: rows.length, alarms, windows };
  });
}

function seriesIn(data: string): readonly string[] {
  const names = readdirSync(join(data, "data"), { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".csv")).sort();
}

function mkdirFor(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
}

function rounded({ score }: { readonly score: number }): number {
  return Number(score.toFixed(2));
}
