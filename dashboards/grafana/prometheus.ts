// Queries of metrics, for Prometheus.
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import type { MetricSeries } from "../board.ts";

export const METRICS_SOURCE = { type: "prometheus", uid: "heidewacht-metrics" } as const;

export function metricTarget(series: MetricSeries, refId: string, legend: string) {
  return new DataqueryBuilder()
    .datasource(METRICS_SOURCE)
    .expr(expressionOf(series))
    .legendFormat(legend)
    .range()
    .refId(refId);
}

/**
 * A series as Prometheus' language says it.
 * @param window over which counters are looked at
 */
export function expressionOf(series: MetricSeries, window = "$__rate_interval"): string {
  const { metric, how, quantile, combine = "sum", by = [], factor } = series;
  const selector = selectorOf(series.where);
  const grouped = (labels: readonly string[], inner: string, how: string) =>
    labels.length === 0 ? `${how}(${inner})` : `${how} by (${labels.join(", ")}) (${inner})`;
  const numbers = {
    value: () => grouped(by, `${metric}${selector}`, combine),
    rate: () => grouped(by, `rate(${metric}${selector}[${window}])`, combine),
    increase: () => grouped(by, `increase(${metric}${selector}[${window}])`, combine),
    quantile: () => {
      if (quantile === undefined) throw new TypeError(`${metric}: which quantile?`);
      const buckets = `rate(${metric}_bucket${selector}[${window}])`;
      return `histogram_quantile(${quantile}, ${grouped([...by, "le"], buckets, "sum")})`;
    },
  };
  const expression = numbers[how]();
  return factor === undefined ? expression : `${expression} * ${factor}`;
}

function selectorOf(where: Readonly<Record<string, string>> = {}): string {
  const parts = Object.entries(where).map(
    ([label, value]) => `${label}="${value.replace(/["\\]/g, "\\$&")}"`,
  );
  return parts.length === 0 ? "" : `{${parts.join(", ")}}`;
}
