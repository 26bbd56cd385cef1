// Speed and memory of the detector for one series: points a CPU-second over drawn series of several kinds,
// and bytes a series, as the heap grows by ten thousand of them and as a snapshot holds them.

import { hourOfWeek } from "../../../detectors/anomaly/calendar.ts";
import { createSeries, SERIES_BYTES, type Series } from "../../../detectors/metrics/layout.ts";
import { observeSeries } from "../../../detectors/metrics/series.ts";
import { drawnSeries, KINDS } from "../../support/drawn-series.ts";
import { cpuSeconds, spread } from "../cpu-time.ts";
import type { Figure } from "../figure.ts";

const POINTS = 20_000;
const REPETITIONS = 5;
const SERIES = 10_000;
const STEP_MS = 60_000;
const FIRST_TIME = Date.UTC(2026, 8, 1);

export async function benchMetrics(): Promise<readonly Figure[]> {
  const drawn = KINDS.map((kind, at) => drawnSeries(kind, at + 1, POINTS));
  const perSecond: number[] = [];
  for (let run = 0; run <= REPETITIONS; run += 1) {
    const seconds = await cpuSeconds(() => {
      for (const values of drawn) watch(createSeries(), values);
    });
    // The first run warms up.
    if (run > 0) perSecond.push((drawn.length * POINTS) / seconds);
  }
  const { median, range } = spread(perSecond);
  const more = { range, n: perSecond.length, kinds: KINDS.length };
  return [
    { figure: "metrics.points_per_cpu_s", value: median, unit: "points/CPU-s", more },
    bytesPerSeries(drawn[0] ?? new Float64Array()),
  ];
}

function watch(series: Series, values: Float64Array): void {
  let time = FIRST_TIME;
  for (const value of values) {
    observeSeries(series, time, value, hourOfWeek);
    time += STEP_MS;
  }
}

function bytesPerSeries(values: Float64Array): Figure {
  const start = values.subarray(0, 200);
  const before = usedBytes();
  const all: Series[] = [];
  for (let count = 0; count < SERIES; count += 1) {
    const series = createSeries();
    watch(series, start);
    all.push(series);
  }
  const grown = usedBytes() - before;
  const value = grown / all.length;
  const more = { series: all.length, snapshotBytes: SERIES_BYTES };
  return { figure: "metrics.bytes_per_series", value, unit: "bytes", more };
}

function usedBytes(): number {
  if (globalThis.gc === undefined) throw new Error("needs node --expose-gc");
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
