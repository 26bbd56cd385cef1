// The board of sources and pipeline: what arrives, what is refused or not understood, how fast detection
// answers. Reads /metrics through Prometheus.
import { DashboardBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

interface Series {
  readonly expression: string;
  readonly legend: string;
}

/** Title, Grafana unit, series. */
const PANELS: readonly (readonly [string, string, readonly Series[]])[] = [
  [
    "Empfangene Einträge je Sekunde, nach Quelle",
    "cps",
    [
      {
        expression: "sum by (source) (rate(heidewacht_ingest_records_total[$__rate_interval]))",
        legend: "{{source}}",
      },
    ],
  ],
  [
    "Ausgewertete Ereignisse je Sekunde, nach Format",
    "cps",
    [
      {
        expression: "sum by (format) (rate(heidewacht_detect_events_total[$__rate_interval]))",
        legend: "{{format}}",
      },
    ],
  ],
  [
    "Zeit vom Empfang bis zum Treffer",
    "s",
    [0.5, 0.99].map((quantile) => ({
      expression: `histogram_quantile(${quantile}, sum by (le) (rate(heidewacht_detect_delay_seconds_bucket[$__rate_interval])))`,
      legend: `P${quantile * 100}`,
    })),
  ],
  [
    "Treffer je Minute",
    "short",
    [
      {
        expression: "sum(rate(heidewacht_detect_signals_total[$__rate_interval])) * 60",
        legend: "Treffer",
      },
    ],
  ],
  [
    "Nicht verstanden, abgewiesen, verworfen (je Minute)",
    "short",
    [
      {
        expression: "sum(rate(heidewacht_detect_dead_letters_total[$__rate_interval])) * 60",
        legend: "nicht verstanden",
      },
      {
        expression:
          "sum by (reason) (rate(heidewacht_ingest_rejected_total[$__rate_interval])) * 60",
        legend: "abgewiesen: {{reason}}",
      },
      {
        expression: "sum(rate(heidewacht_ingest_dropped_total[$__rate_interval])) * 60",
        legend: "verworfen",
      },
    ],
  ],
];

/** The board as Grafana's file provisioning reads it (classic JSON). */
export function pipelineBoard(): object {
  const board = new DashboardBuilder("Heidewacht: Quellen und Verarbeitung")
    .uid("heidewacht-pipeline")
    .tags(["heidewacht"])
    .refresh("30s")
    .time({ from: "now-6h", to: "now" })
    .timezone("browser");
  for (const [title, unit, series] of PANELS) {
    const panel = new PanelBuilder().title(title).unit(unit).min(0);
    for (const { expression, legend } of series) {
      panel.withTarget(new DataqueryBuilder().expr(expression).legendFormat(legend));
    }
    board.withPanel(panel);
  }
  return board.build();
}
