// Answers a panel's query of metrics from the memory of samples, as Prometheus would: rates and increases
// between samples, quantiles of histograms by linear interpolation within a bucket. Pure.
import type { MetricQuery, MetricSeries } from "../../dashboards/board.ts";
import type { PanelData, PanelSeries } from "./figure-panel.ts";
import type { Remembered, RememberedSeries } from "./metric-memory.ts";

const SECOND_MS = 1000;

/** @param tenant series of other tenants are left out; those of none are of the whole process */
export function metricPanel(
  { series }: MetricQuery,
  remembered: Remembered,
  tenant: string,
): PanelData {
  const own = remembered.series.filter(({ labels }) => (labels.tenant ?? tenant) === tenant);
  const { times } = remembered;
  return {
    points: times,
    series: series.flatMap((wanted, of) => answerSeries(wanted, of, own, times)),
  };
}

function answerSeries(
  wanted: MetricSeries,
  of: number,
  all: readonly RememberedSeries[],
  times: readonly number[],
): PanelSeries[] {
  const { metric, how, where = {}, by = [], factor = 1 } = wanted;
  const name = how === "quantile" ? `${metric}_bucket` : metric;
  const fitting = all.filter(
    (one) =>
      one.name === name &&
      Object.entries(where).every(([label, value]) => one.labels[label] === value),
  );
  const groups = new Map<string, RememberedSeries[]>();
  for (const one of fitting) {
    const key = JSON.stringify(by.map((label) => one.labels[label] ?? ""));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, members]) => {
      const labels = Object.fromEntries(
        by.map((label) => [label, members[0]?.labels[label] ?? ""]),
      );
      const values = valuesOf(wanted, members, times);
      return {
        ...{ of, labels },
        values: values.map((value) => (Number.isFinite(value) ? value * factor : null)),
      };
    })
    .filter(({ values }) => values.some((value) => value !== null));
}

function valuesOf(
  { how, quantile = 0.5, combine = "sum" }: MetricSeries,
  members: readonly RememberedSeries[],
  times: readonly number[],
): number[] {
  if (how === "quantile") return quantilesOf(members, times, quantile);
  return times.map((_time, at) => {
    const values = members
      .map((one) =>
        how === "value" ? (one.values[at] ?? Number.NaN) : change(one, at, times, how),
      )
      .filter((value) => !Number.isNaN(value));
    if (values.length === 0) return Number.NaN;
    if (combine === "sum") return values.reduce((sum, value) => sum + value, 0);
    return combine === "max" ? Math.max(...values) : Math.min(...values);
  });
}

/** Since the sample before; a counter that went back has begun anew from 0. */
function change(
  { values }: RememberedSeries,
  at: number,
  times: readonly number[],
  how: "rate" | "increase",
): number {
  const [now, before] = [values[at] ?? Number.NaN, values[at - 1] ?? Number.NaN];
  const more = now < before ? now : now - before;
  if (how === "increase") return more;
  const seconds = ((times[at] ?? 0) - (times[at - 1] ?? 0)) / SECOND_MS;
  return seconds > 0 ? more / seconds : Number.NaN;
}

function quantilesOf(
  members: readonly RememberedSeries[],
  times: readonly number[],
  quantile: number,
): number[] {
  const bounds = [...new Set(members.map(({ labels }) => boundOf(labels.le ?? "")))].sort(
    (a, b) => a - b,
  );
  return times.map((_time, at) => {
    const counts = bounds.map((bound) =>
      members
        .filter(({ labels }) => boundOf(labels.le ?? "") === bound)
        .map((one) => change(one, at, times, "increase"))
        .filter((value) => !Number.isNaN(value))
        .reduce((sum, value) => sum + value, 0),
    );
    return histogramQuantile(quantile, bounds, counts);
  });
}

/**
 * As `histogram_quantile` of Prometheus: linear within a bucket, whose lower bound is 0 for the first one.
 * @param counts of all values up to each bound, the last bound being infinite
 * @returns NaN where nothing was counted
 */
export function histogramQuantile(
  quantile: number,
  bounds: readonly number[],
  counts: readonly number[],
): number {
  const total = counts.at(-1) ?? 0;
  if (total <= 0) return Number.NaN;
  const rank = quantile * total;
  const at = counts.findIndex((count) => count >= rank);
  const upper = bounds[at] ?? Number.NaN;
  // Beyond the last bound nothing is known but that it lies there.
  if (upper === Number.POSITIVE_INFINITY) return bounds[at - 1] ?? Number.NaN;
  const [lower, below] = [bounds[at - 1] ?? 0, counts[at - 1] ?? 0];
  const inside = (counts[at] ?? 0) - below;
  return inside === 0 ? upper : lower + ((upper - lower) * (rank - below)) / inside;
}

function boundOf(le: string): number {
  return le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le);
}
