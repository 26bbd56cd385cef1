// The health of sources for Prometheus: gauges that are read when they are asked for.
import { Gauge, type Registry } from "prom-client";
import type { SourceMonitor, SourceReport } from "./source-monitor.ts";

const SECOND_MS = 1000;
/** Gauges that are asked within so long belong to one scrape. */
const SCRAPE_MS = 1000;

const GAUGES: readonly {
  readonly name: string;
  readonly help: string;
  readonly value: (report: SourceReport) => number | undefined;
}[] = [
  {
    name: "heidewacht_source_last_event_timestamp_seconds",
    help: "Receipt of the source's newest record, Unix time",
    value: (report) => report.lastSeenAt / SECOND_MS,
  },
  {
    name: "heidewacht_source_lag_seconds",
    help: "Median of receipt minus event time over the last minutes",
    value: ({ lagMedianMs }) => (lagMedianMs === undefined ? undefined : lagMedianMs / SECOND_MS),
  },
  {
    name: "heidewacht_source_clock_skew_seconds",
    help: "How far the source's clock is ahead of ours; 0 where nothing wrong is seen",
    value: ({ skewMs }) => (skewMs === undefined ? undefined : skewMs / SECOND_MS),
  },
  {
    name: "heidewacht_source_parse_share",
    help: "Share of the received records that a format understood, over the last minutes",
    value: ({ parseShare }) => parseShare,
  },
  {
    name: "heidewacht_source_silent",
    help: "1 while the source is silent for longer than it usually is",
    value: ({ silentSince }) => (silentSince === undefined ? 0 : 1),
  },
];

/** Registers the gauges, labelled by tenant and source. */
export function registerSourceMetrics(
  registry: Registry,
  monitor: Pick<SourceMonitor, "report">,
  tenants: readonly string[],
  now: () => number,
): void {
  const reports = oncePerScrape(monitor, tenants, now);
  for (const { name, help, value } of GAUGES) {
    new Gauge({
      name,
      help,
      labelNames: ["tenant", "source"],
      registers: [registry],
      collect() {
        this.reset();
        for (const { tenant, report } of reports()) {
          const figure = value(report);
          if (figure !== undefined) this.set({ tenant, source: report.source }, figure);
        }
      },
    });
  }
}

// All gauges of one scrape tell of the same moment, and the sources are gone through once.
function oncePerScrape(
  monitor: Pick<SourceMonitor, "report">,
  tenants: readonly string[],
  now: () => number,
): () => readonly { readonly tenant: string; readonly report: SourceReport }[] {
  let readAt = Number.NEGATIVE_INFINITY;
  let read: { readonly tenant: string; readonly report: SourceReport }[] = [];
  return () => {
    const at = now();
    if (at - readAt < SCRAPE_MS && at >= readAt) return read;
    readAt = at;
    read = tenants.flatMap((tenant) =>
      monitor.report(tenant, at).map((report) => ({ tenant, report })),
    );
    return read;
  };
}
