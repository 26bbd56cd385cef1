// Board 3, for those who tune the detection: which rules, sources and models give false alarms, how exact the
// alarms are, and whether the anomaly models keep their budget.
import type { Board, Panel, Text } from "../board.ts";
import { drawn, MONTHLY, measure, same } from "./parts.ts";

const FALSE = measure("falseAlarms", "sum", { de: "Fehlalarme", en: "False alarms" });
const TRUE = measure("truePositives", "sum", { de: "echt", en: "true" });
const BENIGN = measure("benignTruePositives", "sum", { de: "harmlos", en: "benign" });
const UNDETERMINED = measure("undetermined", "sum", { de: "unentschieden", en: "undetermined" });
const DUPLICATES = measure("duplicates", "sum", { de: "doppelt", en: "duplicate" });
const SHARE = measure("falseAlarms", "share", { de: "Fehlalarmrate", en: "False-alarm rate" }, [
  "falseAlarms",
  "truePositives",
]);
/** Each alarm has exactly one level: over all of them each counts once. */
const BY_LEVEL = { kind: "figures", set: "alarm", where: { per: "level" } } as const;
const ROWS_MAX = 25;
/** By rule: judged findings are closed, and the queue shows closed ones only when it is told to. */
const FINDINGS = "/warteschlange?view=list&status=new,in_progress,closed&text={value}";

function table(per: "rule" | "source" | "model", title: Text, path: string): Panel {
  return drawn("table", {
    ...{ id: `by-${per}`, unit: "count", width: per === "rule" ? 24 : 12, height: 10 },
    title,
    description: {
      de: "Bewertete Alarme im Zeitraum; die Rate ist Fehlalarme durch echte und falsche. Meiste Fehlalarme zuerst.",
      en: "Judged alarms of the period; the rate is false over true and false alarms. Most false alarms first.",
    },
    query: {
      ...{ kind: "figures", set: "alarm", where: { per } },
      // Rules and models are known by their title; a source's name is its own.
      by: { dimension: per === "source" ? "name" : "title", limit: ROWS_MAX },
      measures: [FALSE, TRUE, BENIGN, UNDETERMINED, SHARE],
    },
    link: { path, title: { de: "In der Konsole ansehen", en: "Show in the console" } },
  });
}

const NUMBERS: readonly Panel[] = [
  drawn("number", {
    ...{ id: "verdicts", unit: "count", width: 12, height: 5 },
    title: { de: "Bewertet im Zeitraum", en: "Judged in this period" },
    description: {
      de: "Bewertete Alarme nach ihrer Bewertung.",
      en: "Judged alarms by their verdict.",
    },
    query: { ...BY_LEVEL, measures: [FALSE, TRUE, BENIGN, UNDETERMINED, DUPLICATES] },
  }),
  drawn("number", {
    ...{ id: "false-share-now", unit: "share", width: 6, height: 5 },
    title: { de: "Fehlalarmrate im Monat", en: "False-alarm rate this month" },
    description: {
      de: "Fehlalarme durch echte und falsche Alarme, laufender Monat.",
      en: "False over true and false alarms, running month.",
    },
    query: {
      ...MONTHLY,
      measures: [measure("k4FalseShare", "max", { de: "Rate", en: "Rate" })],
    },
  }),
  drawn("number", {
    ...{ id: "precision-now", unit: "share", width: 6, height: 5 },
    title: { de: "Genauigkeit im Monat", en: "Precision this month" },
    description: {
      de: "Echte Alarme durch echte und falsche, laufender Monat.",
      en: "True over true and false alarms, running month.",
    },
    query: {
      ...MONTHLY,
      measures: [measure("k4PrecisionShare", "max", { de: "Genauigkeit", en: "Precision" })],
    },
  }),
];

const COURSE: readonly Panel[] = [
  drawn("stacked", {
    ...{ id: "by-verdict", unit: "count", width: 12, height: 8 },
    title: { de: "Bewertungen je Tag", en: "Verdicts by day" },
    description: {
      de: "Alarme nach dem Tag ihrer Bewertung.",
      en: "Alarms by the day of their verdict.",
    },
    query: {
      ...{ ...BY_LEVEL, interval: "1d" },
      measures: [TRUE, FALSE, BENIGN, UNDETERMINED, DUPLICATES],
    },
  }),
  drawn("stacked", {
    ...{ id: "by-level", unit: "count", width: 12, height: 8 },
    title: { de: "Gemeldete Alarme nach Schwere", en: "Raised alarms by severity" },
    description: {
      de: "Alarme nach dem Tag, an dem sie gemeldet wurden.",
      en: "Alarms by the day on which they were raised.",
    },
    query: {
      ...{ ...BY_LEVEL, interval: "1d", by: { dimension: "name", limit: 5 } },
      measures: [measure("raised", "sum", { de: "gemeldet", en: "raised" })],
    },
    link: {
      path: "/warteschlange?view=list&from={from}&to={to}",
      title: { de: "Warteschlange in der Konsole", en: "Queue in the console" },
    },
  }),
  drawn("lines", {
    ...{ id: "shares", unit: "share", width: 12, height: 8 },
    title: { de: "Fehlalarmrate und Genauigkeit", en: "False-alarm rate and precision" },
    description: {
      de: "Je Monat, aus den Kennzahlen.",
      en: "By month, out of the KPIs.",
    },
    query: {
      ...MONTHLY,
      measures: [
        measure("k4FalseShare", "max", { de: "Fehlalarmrate", en: "False-alarm rate" }),
        measure("k4PrecisionShare", "max", { de: "Genauigkeit", en: "Precision" }),
      ],
    },
  }),
  drawn("bars", {
    ...{ id: "anomaly-budget", unit: "count", width: 12, height: 8 },
    title: { de: "Befunde der Anomaliemodelle", en: "Findings of anomaly models" },
    description: {
      de: "Je Tag, gegen das Budget, das die Modelle haben.",
      en: "By day, against the budget that the models have.",
    },
    query: {
      ...{ kind: "figures", set: "day", interval: "1d" },
      measures: [measure("anomalies", "max", { de: "Befunde", en: "Findings" })],
    },
    target: { name: "anomalyBudget", label: same("Budget") },
    link: {
      path: "/modelle",
      title: { de: "Modelle in der Konsole", en: "Models in the console" },
    },
  }),
];

export const DETECTION_BOARD: Board = {
  id: "detection",
  title: { de: "3 Güte der Erkennung", en: "3 Detection quality" },
  description: {
    de: "Welche Regeln, Quellen und Modelle Fehlalarme geben, wie genau die Alarme sind, und ob die Modelle ihr Budget halten.",
    en: "Which rules, sources and models give false alarms, how exact alarms are, and whether models keep their budget.",
  },
  range: "90d",
  panels: [
    ...NUMBERS,
    ...COURSE,
    table("rule", { de: "Nach Regel", en: "By rule" }, FINDINGS),
    table("source", { de: "Nach Quelle", en: "By source" }, "/quellen"),
    table("model", { de: "Nach Modell", en: "By model" }, "/modelle"),
  ],
};
