// What `predict metrics` reads and writes, and the benchmark's score of given alarms.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { scoreNab } from "../eval/anomaly/nab-score.ts";
import { drawnSeries } from "../support/drawn-series.ts";
import { predictMetrics } from "./metrics.ts";

const folder = mkdtempSync(join(tmpdir(), "heidewacht-predict-"));
afterAll(() => rmSync(folder, { recursive: true }));

const stamp = (row: number) =>
  new Date(Date.UTC(2026, 0, 1) + row * 60_000).toISOString().slice(0, 19).replace("T", " ");

function writeSeries(path: string, values: readonly (number | string)[]): void {
  mkdirSync(dirname(path), { recursive: true });
  const rows = values.map((value, row) => `${stamp(row)},${value}`);
  writeFileSync(path, `timestamp,value\n${rows.join("\n")}\n`);
}

describe("predict metrics", () => {
  const values: (number | string)[] = [...drawnSeries("noise", 3, 1500)];
  values[1200] = 900;
  values[700] = "";
  values[800] = "1e999";

  it.each(["data/cpu/a.csv", "cpu/a.csv"])(
    "writes a score for each row of %s, in order",
    async (name) => {
      const input = join(folder, `in-${name.length}`);
      const output = join(folder, `out-${name.length}`);
      writeSeries(join(input, name), values);
      mkdirSync(join(input, "labels"));
      writeFileSync(join(input, "labels", "other.csv"), "id,label\n1,1\n");
      await predictMetrics(input, output);
      const lines = readFileSync(join(output, "cpu", "a.csv"), "utf8")
        .trimEnd()
        .split("\n");
      expect(lines[0]).toBe("timestamp,anomaly_score");
      const rows = lines.slice(1).map((line) => line.split(","));
      expect(rows.map(([time]) => time)).toEqual(values.map((_, row) => stamp(row)));
      const scores = rows.map(([, score]) => Number(score));
      expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
      expect(scores[700]).toBe(0);
      expect(scores[1200]).toBeGreaterThanOrEqual(0.5);
      expect(scores.filter((score) => score >= 0.5).length).toBeLessThan(8);
    },
  );

  it("takes a single file, too", async () => {
    const input = join(folder, "one.csv");
    writeSeries(input, values);
    await predictMetrics(input, join(folder, "one-out.csv"));
    const lines = readFileSync(join(folder, "one-out.csv"), "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(1501);
  });
});

describe("the benchmark's score", () => {
  const rows = 1000;
  const windows = [[400, 449]] as const;
  it.each<[string, readonly number[], number]>([
    ["nothing is alarmed", [], 0],
    ["the window's first row is alarmed", [400], 100],
    ["the window is alarmed twice", [400, 420], 100],
    ["only rows on probation are alarmed", [10, 149], 0],
    // One false alarm far from any window costs 0.11 of 2.
    ["there is one false alarm beside", [200, 400], 94.5],
    ["there are only false alarms", [200, 900], -11],
  ])("is what the formula gives when %s", (_, alarms, score) => {
    expect(scoreNab([{ name: "a", rows, alarms, windows }]).score).toBeCloseTo(score, 6);
  });
});
