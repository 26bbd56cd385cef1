// Wires the boards of the console: their definitions, the rows of figures, and a memory of this process's own
// metrics that is filled while the API runs.
import { hostname } from "node:os";
import { BOARDS } from "../dashboards/boards.ts";
import type { ApiDependencies } from "./api/context.ts";
import { boardPanel, metricNames } from "./boards/boards.ts";
import { MetricMemory, SAMPLE_MS } from "./boards/metric-memory.ts";
import { type Run, timeZonesOf } from "./run.ts";

/** Starts to remember metrics, and answers panels. */
export function startBoards(
  { config, ports, registry, logger, now }: Run,
  closers: (() => Promise<void> | void)[],
): NonNullable<ApiDependencies["boards"]> {
  const instance = `${hostname()}-${process.pid}`;
  const memory = new MetricMemory({ registry, names: metricNames(BOARDS), instance, now });
  const sample = () => {
    memory.sample().catch((error: unknown) => logger.warn({ err: error }, "metrics not sampled"));
  };
  sample();
  const timer = setInterval(sample, SAMPLE_MS);
  // Nothing waits for the next sample when the process is to end.
  timer.unref();
  closers.push(() => clearInterval(timer));
  const parts = { boards: BOARDS, store: ports.store, memory, timeZoneOf: timeZonesOf(config) };
  return (tenant, asked, range) => boardPanel(parts, tenant, asked, range);
}
