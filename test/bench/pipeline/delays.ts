// How long findings take from their event until the API lists them, while other events come at a steady
// pace.
import { printFigure } from "../figure.ts";
import { measureDelays, type ProbeApi, quantile } from "./probe.ts";

const PROBES = 200;
const PROBE_EVERY_MS = 100;

export interface SteadyLoad {
  readonly lines: readonly string[];
  /** Events a second. */
  readonly rate: number;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly send: (lines: readonly string[], perSecond?: number) => Promise<void>;
}

/** Prints median and 99th percentile under this name. */
export async function benchDelays(
  name: string,
  api: ProbeApi,
  { lines, rate, labels, send }: SteadyLoad,
): Promise<void> {
  const needed = Math.ceil(rate * ((PROBES * PROBE_EVERY_MS) / 1000));
  const background = Array.from({ length: needed }, (_, at) => lines[at % lines.length] ?? "");
  const running = send(background, rate);
  const pace = { probes: PROBES, everyMs: PROBE_EVERY_MS, run: String(process.hrtime.bigint()) };
  const delays = await measureDelays(api, (line) => send([line]), pace);
  await running;
  const more = { ...labels, load_events_per_s: Math.round(rate), probes: PROBES };
  printFigure(`${name}.latency_p50_s`, quantile(delays, 0.5) / 1000, "s", more);
  printFigure(`${name}.latency_p99_s`, quantile(delays, 0.99) / 1000, "s", more);
}
