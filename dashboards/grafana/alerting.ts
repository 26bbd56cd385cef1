// Alert rules as Grafana's file provisioning takes them.
import { stringify } from "yaml";
import type { Alert } from "../alerts.ts";
import { expressionOf, METRICS_SOURCE } from "./prometheus.ts";

const RUNBOOK = "docs/betrieb.md";
/** What a query looks back on; the last value counts. */
const RANGE_S = 600;
const HEAD =
  "# Alarme über den Zustand von Heidewacht selbst, geschrieben von npm run build:dashboards aus\n" +
  "# dashboards/alerts.ts. Wohin sie gehen, sagt die Benachrichtigung in Grafana (docs/grafana.md).\n";

/** The whole file. */
export function alertingFile(alerts: readonly Alert[]): string {
  const groups = [
    {
      ...{ orgId: 1, name: "Heidewacht", folder: "Heidewacht", interval: "1m" },
      rules: alerts.map(ruleOf),
    },
  ];
  const text = stringify({ apiVersion: 1, groups }, { lineWidth: 0 });
  // Grafana takes what follows a $ for a variable of the environment, unless it is doubled.
  return HEAD + text.replaceAll("$", "$$$$");
}

function ruleOf(alert: Alert) {
  const { id, title, summary, heading, forMinutes, severity } = alert;
  return {
    ...{ uid: `heidewacht-${id}`, title, condition: "C" },
    data: [query(alert), condition(alert)],
    noDataState: alert.isAlarmingWithoutData === true ? "Alerting" : "OK",
    ...{ execErrState: "Error", for: `${forMinutes}m` },
    annotations: { summary, runbook_url: `${RUNBOOK}#${anchorOf(heading)}` },
    labels: { severity, service: "heidewacht" },
    isPaused: false,
  };
}

function query({ series, window }: Alert) {
  const label = { de: "", en: "" };
  const expr = expressionOf({ ...series, label }, window);
  return {
    ...{ refId: "A", relativeTimeRange: { from: RANGE_S, to: 0 } },
    datasourceUid: METRICS_SOURCE.uid,
    model: { refId: "A", datasource: METRICS_SOURCE, expr, instant: true, range: false },
  };
}

function condition({ id, above, below }: Alert) {
  const limit = above ?? below;
  if (limit === undefined || (above !== undefined && below !== undefined)) {
    throw new TypeError(`${id}: either above or below`);
  }
  const evaluator = { type: above === undefined ? "lt" : "gt", params: [limit] };
  return {
    ...{ refId: "C", datasourceUid: "__expr__" },
    model: { refId: "C", type: "threshold", expression: "A", conditions: [{ evaluator }] },
  };
}

/** The address of a heading, as readers of Markdown make it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, "")
    .replaceAll(" ", "-");
}
