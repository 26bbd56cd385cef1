// The memory of metrics over a real registry: rates, quantiles, groups, bounds, and what it forgets.
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import type { MetricSeries } from "../../../dashboards/board.ts";
import { BOARDS } from "../../../dashboards/boards.ts";
import { metricNames } from "../../../services/boards/boards.ts";
import {
  MetricMemory,
  POINTS_MAX,
  SAMPLE_MS,
  SERIES_MAX,
} from "../../../services/boards/metric-memory.ts";
import { histogramQuantile, metricPanel } from "../../../services/boards/metric-panel.ts";

const START = Date.UTC(2026, 10, 20);
const HOUR_MS = 3_600_000;
const label = { de: "x", en: "x" };

function open(...names: string[]) {
  const registry = new Registry();
  let time = START;
  const memory = new MetricMemory({
    ...{ registry, names: new Set(names), instance: "haus-1", now: () => time },
  });
  const sample = async (count = 1, act: (n: number) => void = () => undefined) => {
    for (let n = 0; n < count; n += 1) {
      act(n);
      await memory.sample();
      time += SAMPLE_MS;
    }
  };
  const ask = (series: Partial<MetricSeries> & { metric: string }, from = START, tenant = "t") =>
    metricPanel(
      { kind: "metrics", series: [{ how: "value", label, ...series }] },
      memory.between(from, time),
      tenant,
    );
  return { registry, memory, sample, ask, now: () => time };
}

describe("the memory of metrics", () => {
  it("gives values, rates and increases of a counter", async () => {
    const { registry, sample, ask } = open("hits_total");
    const hits = new Counter({ name: "hits_total", help: "x", registers: [registry] });
    await sample(4, (n) => hits.inc(n * 30));
    expect(ask({ metric: "hits_total" }).series[0]?.values).toEqual([0, 30, 90, 180]);
    expect(ask({ metric: "hits_total", how: "rate" }).series[0]?.values).toEqual([null, 1, 2, 3]);
    expect(ask({ metric: "hits_total", how: "increase" }).series[0]?.values).toEqual([
      null,
      30,
      60,
      90,
    ]);
    expect(ask({ metric: "hits_total", how: "rate", factor: 60 }).series[0]?.values).toEqual([
      null,
      60,
      120,
      180,
    ]);
  });

  it("groups by labels, and tells processes apart", async () => {
    const { registry, sample, ask } = open("lag");
    const lag = new Gauge({
      name: "lag",
      help: "x",
      labelNames: ["group", "lane"],
      registers: [registry],
    });
    for (const [group, lane, value] of [
      ["detect", "1", 2],
      ["detect", "2", 3],
      ["triage", "1", 4],
    ] as const)
      lag.set({ group, lane }, value);
    await sample();
    const series = (by: readonly string[], more = {}) =>
      ask({ metric: "lag", by, ...more }).series.map(({ labels, values }) => [labels, ...values]);
    expect(series(["group"])).toEqual([
      [{ group: "detect" }, 5],
      [{ group: "triage" }, 4],
    ]);
    expect(series([])).toEqual([[{}, 9]]);
    expect(series([], { combine: "max" })).toEqual([[{}, 4]]);
    expect(series([], { combine: "min" })).toEqual([[{}, 2]]);
    expect(series(["group"], { where: { lane: "2" } })).toEqual([[{ group: "detect" }, 3]]);
    expect(series(["instance"])).toEqual([[{ instance: "haus-1" }, 9]]);
  });

  it("shows nothing of another tenant", async () => {
    const { registry, sample, ask } = open("open");
    const gauge = new Gauge({
      name: "open",
      help: "x",
      labelNames: ["tenant"],
      registers: [registry],
    });
    gauge.set({ tenant: "t" }, 1);
    gauge.set({ tenant: "other" }, 20);
    await sample();
    expect(ask({ metric: "open" }).series[0]?.values).toEqual([1]);
    expect(ask({ metric: "open" }, START, "other").series[0]?.values).toEqual([20]);
  });

  it("gives quantiles of a histogram as Prometheus does", async () => {
    const { registry, sample, ask } = open("delay");
    const delay = new Histogram({
      name: "delay",
      help: "x",
      buckets: [1, 2, 4],
      registers: [registry],
    });
    await sample(2, (n) => {
      if (n === 1) for (const value of [0.5, 1.5, 1.5, 3]) delay.observe(value);
    });
    const at = (quantile: number) =>
      ask({ metric: "delay", how: "quantile", quantile }).series[0]?.values;
    expect(at(0.5)).toEqual([null, 1.5]);
    expect(at(0.25)).toEqual([null, 1]);
    expect(at(1)).toEqual([null, 4]);
  });

  it.each([
    [0.5, [1, 2, Infinity], [0, 0, 0], Number.NaN],
    [0.9, [1, 2, Infinity], [1, 1, 10], 2],
    [0.5, [1, Infinity], [10, 10], 0.5],
  ])("takes the quantile %d of %j with %j as %d", (quantile, bounds, counts, expected) => {
    expect(histogramQuantile(quantile, bounds, counts)).toBe(expected);
  });

  it("leaves a gap where a series was not there, and takes a counter that went back as begun anew", async () => {
    const { registry, sample, ask } = open("gauge", "count_total");
    const gauge = new Gauge({ name: "gauge", help: "x", labelNames: ["a"], registers: [registry] });
    const counter = new Counter({ name: "count_total", help: "x", registers: [registry] });
    await sample(4, (n) => {
      if (n === 1) gauge.reset();
      else gauge.set({ a: "1" }, n);
      if (n === 2) counter.reset();
      counter.inc(30);
    });
    expect(ask({ metric: "gauge" }).series[0]?.values).toEqual([0, null, 2, 3]);
    expect(ask({ metric: "count_total", how: "increase" }).series[0]?.values).toEqual([
      null,
      30,
      30,
      30,
    ]);
  });

  it("is fine for the last hours, coarse for a week, and has room in a picture", async () => {
    const { registry, memory, sample, ask, now } = open("count_total");
    const counter = new Counter({ name: "count_total", help: "x", registers: [registry] });
    await sample(24 * 120, () => counter.inc(30));
    expect(ask({ metric: "count_total" }, now() - HOUR_MS).points).toHaveLength(120);
    const day = ask({ metric: "count_total", how: "rate" }, START);
    expect(day.points.length).toBeGreaterThan(POINTS_MAX / 2);
    expect(day.points.length).toBeLessThanOrEqual(POINTS_MAX);
    expect(day.series[0]?.values.slice(1).every((value) => value === 1)).toBe(true);
    expect(memory.since).toBe(START);
  });

  it("keeps no more series than it has room for, and counts the others", async () => {
    const { registry, memory, sample, ask } = open("many");
    const many = new Gauge({ name: "many", help: "x", labelNames: ["n"], registers: [registry] });
    for (let n = 0; n < SERIES_MAX + 5; n += 1) many.set({ n: String(n) }, 1);
    await sample();
    expect(memory.leftOut).toBe(5);
    expect(ask({ metric: "many" }).series[0]?.values).toEqual([SERIES_MAX]);
  });

  it("keeps nothing that no board names", async () => {
    const { registry, memory, sample } = open("known");
    new Gauge({ name: "unknown", help: "x", registers: [registry] }).set(1);
    await sample();
    expect(memory.between(START, START + 1).series).toEqual([]);
    expect(memory.between(START, START + 1).times).toEqual([START]);
  });
});

describe("names of metrics", () => {
  it("are those of the boards", () => {
    expect(metricNames(BOARDS)).toContain("process_cpu_seconds_total");
    expect(metricNames(BOARDS)).toContain("heidewacht_detect_delay_seconds");
  });
});
