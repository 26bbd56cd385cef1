// Texts of `heidewacht kpi`, German and English. What the figures mean is in services/store/kpi-messages.ts.
import type { CliLanguage } from "./messages.ts";

const de = {
  kpi: "Kennzahlen zeigen und veröffentlichen",
  show: "Kennzahlen eines Zeitraums (ohne Angabe: laufender Monat)",
  period: "2026, 2026-Q4, 2026-10 oder 2026-10-25",
  months: "Kennzahlen der Monate",
  periods: "veröffentlichte Zeiträume und was sich seitdem geändert hat",
  publish: "Kennzahlen eines Zeitraums veröffentlichen, der zu Ende ist; für immer",
  definitions: "was die Kennzahlen bedeuten",
  severityOption: "nur Vorfälle dieser Schwere",
  categoryOption: "nur Vorfälle dieser Art",
  jsonOption: "als JSON ausgeben",
  columns: { kpi: "Kennzahl", n: "n", mean: "Mittel", median: "Median", p90: "P90", open: "offen" },
  monthColumns: {
    month: "Monat",
    mttd: "MTTD",
    mttr: "MTTR",
    falseAlarms: "Fehlalarme : Vorfälle",
  },
  share: (contained: number, n: number, low: number, high: number) =>
    `${contained} von ${n} (95 %: ${low} bis ${high} %)`,
  noShare: "kein behobener Vorfall mit bekannter Auswirkung",
  excluded: "nicht gezählt",
  definitionVersion: (version: number) => `Definitionen, Fassung ${version}`,
  none: "–",
  published: (name: string, hash: string) => `${name} ist veröffentlicht, SHA-256 ${hash}`,
  nothing: "Noch kein Zeitraum ist veröffentlicht.",
  damaged: "Prüfsumme stimmt nicht",
  unchanged: "unverändert",
};

const en: typeof de = {
  kpi: "show and publish KPIs",
  show: "KPIs of a period (without one: the running month)",
  period: "2026, 2026-Q4, 2026-10 or 2026-10-25",
  months: "KPIs of the months",
  periods: "published periods and what has changed since",
  publish: "publish the KPIs of a period that has ended; for good",
  definitions: "what the KPIs mean",
  severityOption: "only incidents of this severity",
  categoryOption: "only incidents of this category",
  jsonOption: "print JSON",
  columns: { kpi: "KPI", n: "n", mean: "mean", median: "median", p90: "P90", open: "open" },
  monthColumns: {
    month: "month",
    mttd: "MTTD",
    mttr: "MTTR",
    falseAlarms: "false alarms : incidents",
  },
  share: (contained, n, low, high) => `${contained} of ${n} (95 %: ${low} to ${high} %)`,
  noShare: "no recovered incident with known impact",
  excluded: "left out",
  definitionVersion: (version) => `definitions, version ${version}`,
  none: "–",
  published: (name, hash) => `${name} is published, SHA-256 ${hash}`,
  nothing: "No period is published yet.",
  damaged: "the hash does not hold",
  unchanged: "unchanged",
};

export type KpiTexts = typeof de;
export const KPI_CLI_MESSAGES: Readonly<Record<CliLanguage, KpiTexts>> = { de, en };
