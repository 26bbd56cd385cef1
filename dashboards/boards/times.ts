// Board 4: MTTD and MTTR in depth. How they spread, what of them is detection and what is people's triage, and
// the cases that are not in any mean because they are still open.
import type { Board, FigureMeasure, Panel, Text } from "../board.ts";
import { drawn, MONTHLY, measure } from "./parts.ts";

const CASES = {
  path: "/vorfaelle?from={from}&to={to}",
  title: { de: "Vorfälle in der Konsole", en: "Incidents in the console" },
};
const CASE = {
  path: "/vorfaelle/{value}",
  title: { de: "Vorfall in der Konsole", en: "Incident in the console" },
};
const ROWS_MAX = 25;

function spread(id: string, kpi: "k2" | "k3", title: Text): Panel {
  return drawn("lines", {
    ...{ id, unit: "seconds", width: 12, height: 8, title, link: CASES },
    description: {
      de: "Liegt das Mittel weit über dem Median, bestimmen es wenige lange Fälle. Median und P90 sind Werte, die es gab.",
      en: "Where the mean lies far above the median, few long cases make it. Median and P90 are values that occurred.",
    },
    query: {
      ...MONTHLY,
      measures: [
        measure(`${kpi}MeanS`, "max", { de: "Mittel", en: "Mean" }),
        measure(`${kpi}MedianS`, "max", { de: "Median", en: "Median" }),
        measure(`${kpi}P90S`, "max", { de: "P90", en: "P90" }),
      ],
    },
  });
}

function bySeverity(id: string, name: string, title: Text): Panel {
  return drawn("lines", {
    ...{ id, unit: "seconds", width: 12, height: 8, title, link: CASES },
    description: {
      de: "Mittel je Monat, nach Schwere des Vorfalls.",
      en: "Mean by month, by the incident's severity.",
    },
    query: {
      ...{ kind: "figures", set: "kpi", where: { granularity: "month", category: null } },
      ...{ interval: "1M", by: { dimension: "severity", limit: 5 } },
      measures: [measure(name, "max", { de: "Mittel", en: "Mean" })],
    },
  });
}

function longest(phase: string, title: Text, measures: readonly FigureMeasure[]): Panel {
  return drawn("table", {
    ...{ id: `${phase}-cases`, unit: "seconds", width: 12, height: 9, title, link: CASE },
    description: {
      de: "Ein Vorfall je Zeile, längster zuerst. Titel und Beteiligte stehen nur in der Konsole.",
      en: "One incident a row, longest first. Titles and those involved stand in the console only.",
    },
    query: {
      ...{ kind: "figures", set: "case", where: { phase } },
      by: { dimension: "incident", limit: ROWS_MAX },
      measures,
    },
  });
}

const NUMBERS: readonly Panel[] = [
  drawn("number", {
    ...{ id: "mttd-now", unit: "seconds", width: 6, height: 5, link: CASES },
    title: { de: "MTTD im Monat", en: "MTTD this month" },
    description: {
      de: "Erste Kompromittierung bis Identifizierung (K2), laufender Monat.",
      en: "First compromise to identification (K2), running month.",
    },
    query: { ...MONTHLY, measures: [measure("k2MeanS", "max", { de: "MTTD", en: "MTTD" })] },
  }),
  drawn("number", {
    ...{ id: "mttr-now", unit: "seconds", width: 6, height: 5, link: CASES },
    title: { de: "MTTR im Monat", en: "MTTR this month" },
    description: {
      de: "Erkennung bis Behebung (K3), laufender Monat.",
      en: "Detection to recovery (K3), running month.",
    },
    query: { ...MONTHLY, measures: [measure("k3MeanS", "max", { de: "MTTR", en: "MTTR" })] },
  }),
  drawn("number", {
    ...{ id: "open-now", unit: "count", width: 12, height: 5, link: CASES },
    title: { de: "Offen im Monat", en: "Open this month" },
    description: {
      de: "Vorfälle, die noch nicht behoben sind oder deren Maßnahmen offen sind, und solche mit unbekanntem Beginn.",
      en: "Incidents not recovered yet or with open actions, and those whose begin is unknown.",
    },
    query: {
      ...MONTHLY,
      measures: [
        measure("k3Open", "max", { de: "nicht behoben", en: "not recovered" }),
        measure("k1Open", "max", { de: "Maßnahmen offen", en: "actions open" }),
        measure("k2Unknown", "max", { de: "Beginn unbekannt", en: "begin unknown" }),
      ],
    },
  }),
];

const PARTS: readonly Panel[] = [
  drawn("stacked", {
    ...{ id: "detection-triage", unit: "seconds", width: 12, height: 8, link: CASES },
    title: { de: "Erkennung und Bewertung", en: "Detection and triage" },
    description: {
      de: "MTTD zerlegt: wie lange bis zum ersten echten Treffer, und von da bis ein Mensch den Vorfall bestätigt.",
      en: "MTTD in parts: how long until the first true hit, and from there until a human confirms the incident.",
    },
    query: {
      ...MONTHLY,
      measures: [
        measure("k2DetectionS", "max", { de: "Erkennung", en: "Detection" }),
        measure("k2TriageS", "max", { de: "Bewertung", en: "Triage" }),
      ],
    },
  }),
  drawn("lines", {
    ...{ id: "bounds", unit: "seconds", width: 12, height: 8, link: CASES },
    title: { de: "MTTR mit offenen Fällen", en: "MTTR with open cases" },
    description: {
      de: "Die untere Schranke zählt offene Fälle mit ihrem Alter: Wer nur die leichten schließt, verbessert sie nicht.",
      en: "The lower bound counts open cases at their age: closing only the easy ones does not improve it.",
    },
    query: {
      ...MONTHLY,
      measures: [
        measure("k3MeanS", "max", { de: "MTTR", en: "MTTR" }),
        measure("k3LowerBoundS", "max", { de: "untere Schranke", en: "lower bound" }),
      ],
    },
  }),
  drawn("lines", {
    ...{ id: "late", unit: "share", width: 24, height: 7, link: CASES },
    title: { de: "Überfällig und wieder geöffnet", en: "Overdue and reopened" },
    description: {
      de: "Anteil der fälligen Maßnahmen, die nicht rechtzeitig erledigt waren, und der behobenen Vorfälle, die wieder geöffnet wurden.",
      en: "Share of due actions that were not done in time, and of recovered incidents that were reopened.",
    },
    query: {
      ...MONTHLY,
      measures: [
        measure("k1OverdueShare", "max", { de: "überfällig", en: "overdue" }),
        measure("k3ReopenedShare", "max", { de: "wieder geöffnet", en: "reopened" }),
      ],
    },
  }),
];

export const TIMES_BOARD: Board = {
  id: "times",
  title: { de: "4 MTTD und MTTR", en: "4 MTTD and MTTR" },
  description: {
    de: "Verteilung der Zeiten, Anteil von Erkennung und Bewertung, offene Fälle.",
    en: "How times spread, the parts of detection and triage, open cases.",
  },
  range: "12M",
  panels: [
    ...NUMBERS,
    spread("mttd-spread", "k2", { de: "MTTD: Verteilung", en: "MTTD: spread" }),
    spread("mttr-spread", "k3", { de: "MTTR: Verteilung", en: "MTTR: spread" }),
    ...PARTS,
    bySeverity("mttd-severity", "k2MeanS", { de: "MTTD nach Schwere", en: "MTTD by severity" }),
    bySeverity("mttr-severity", "k3MeanS", { de: "MTTR nach Schwere", en: "MTTR by severity" }),
    longest(
      "identified",
      { de: "Längste bis zur Identifizierung", en: "Longest to identification" },
      [
        measure("identificationS", "max", { de: "gesamt", en: "total" }),
        measure("detectionS", "max", { de: "Erkennung", en: "detection" }),
        measure("triageS", "max", { de: "Bewertung", en: "triage" }),
      ],
    ),
    longest("recovered", { de: "Längste bis zur Behebung", en: "Longest to recovery" }, [
      measure("recoveryS", "max", { de: "Behebung", en: "recovery" }),
    ]),
    longest("corrected", { de: "Längste Korrekturmaßnahmen", en: "Longest corrective actions" }, [
      measure("correctiveS", "max", { de: "Maßnahmen", en: "actions" }),
    ]),
    longest("open", { de: "Offene Fälle", en: "Open cases" }, [
      measure("ageS", "max", { de: "Alter", en: "age" }),
    ]),
  ],
};
