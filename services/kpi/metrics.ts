// The running month's figures for Prometheus, read from the document that everybody reads. A label names the
// tenant and the KPI, never a person; a figure that does not exist is missing, not 0.
import { Gauge, type Registry } from "prom-client";
import type { KpiDocument, KpiFigures, Statistics } from "../store/kpi.ts";

const DURATIONS = {
  corrective: "k1",
  identification: "k2",
  recovery: "k3",
} as const satisfies Readonly<Partial<Record<keyof KpiFigures, string>>>;

const BY_KPI: readonly {
  readonly name: string;
  readonly help: string;
  readonly value: (statistics: Statistics) => number | null;
}[] = [
  { name: "mean_seconds", help: "Mean duration", value: ({ meanS }) => meanS },
  {
    name: "median_seconds",
    help: "Median duration, nearest rank",
    value: ({ medianS }) => medianS,
  },
  { name: "p90_seconds", help: "P90 of the duration, nearest rank", value: ({ p90S }) => p90S },
  { name: "cases", help: "Incidents behind the figure", value: ({ n }) => n },
];

const WHOLE: readonly {
  readonly name: string;
  readonly help: string;
  readonly value: (figures: KpiFigures) => number | null | undefined;
}[] = [
  {
    name: "incidents",
    help: "Incidents identified",
    value: ({ falseAlarms }) => falseAlarms?.incidents,
  },
  { name: "open_incidents", help: "Not recovered", value: ({ recovery }) => recovery.open.n },
  {
    name: "open_corrective",
    help: "Incidents with required actions that are not done",
    value: ({ corrective }) => corrective.open.n,
  },
  {
    name: "false_alarms",
    help: "Alarms judged as false positive",
    value: ({ falseAlarms }) => falseAlarms?.falseAlarms,
  },
  {
    name: "false_alarms_per_incident",
    help: "K4, false alarms to incidents",
    value: ({ falseAlarms }) => falseAlarms?.perIncident,
  },
  {
    name: "precision",
    help: "True alarms of all judged true or false",
    value: ({ falseAlarms }) => falseAlarms?.precision,
  },
  {
    name: "unjudged_alarms",
    help: "Alarms that wait for a verdict",
    value: ({ falseAlarms }) => falseAlarms?.unjudged,
  },
  {
    name: "contained_share",
    help: "K5, share contained before damage",
    value: ({ containment }) => containment.share,
  },
];

/** Registers `heidewacht_kpi_…`, labelled by tenant (and K1 to K3 by `kpi`). */
export function registerKpiMetrics(
  registry: Registry,
  tenants: readonly string[],
  current: (tenant: string) => KpiDocument | undefined,
): void {
  const gauge = (
    name: string,
    help: string,
    labelNames: readonly string[],
    fill: (set: (labels: Record<string, string>, value: number) => void) => void,
  ) =>
    new Gauge({
      name: `heidewacht_kpi_${name}`,
      help: `${help}, running month`,
      labelNames,
      registers: [registry],
      collect() {
        this.reset();
        fill((labels, value) => this.set(labels, value));
      },
    });
  const documents = () =>
    tenants.flatMap((tenant) => {
      const document = current(tenant);
      return document === undefined ? [] : [{ tenant, document }];
    });
  for (const { name, help, value } of BY_KPI) {
    gauge(name, `${help} of K1 to K3`, ["tenant", "kpi"], (set) => {
      for (const { tenant, document } of documents()) {
        for (const key of ["corrective", "identification", "recovery"] as const) {
          const figure = value(document.figures[key]);
          if (figure !== null) set({ tenant, kpi: DURATIONS[key] }, figure);
        }
      }
    });
  }
  for (const { name, help, value } of WHOLE) {
    gauge(name, help, ["tenant"], (set) => {
      for (const { tenant, document } of documents()) {
        const figure = value(document.figures);
        if (typeof figure === "number") set({ tenant }, figure);
      }
    });
  }
  gauge(
    "definition_version",
    "Version of the definitions that the figures follow",
    ["tenant"],
    (set) => {
      for (const { tenant, document } of documents()) set({ tenant }, document.definitionVersion);
    },
  );
}
