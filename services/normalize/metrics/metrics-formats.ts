// The list of formats that bring metrics. A new one is one file and one line here.
import type { Format } from "../format.ts";
import { graphite } from "./graphite.ts";
import { metricbeat } from "./metricbeat.ts";
import { otlpMetrics } from "./otlp-metrics.ts";
import { prometheus } from "./prometheus.ts";
import { telegraf } from "./telegraf.ts";

export const METRICS_FORMATS: readonly Format[] = [
  metricbeat,
  telegraf,
  otlpMetrics,
  prometheus,
  graphite,
];
