// English texts of the management page and of the boards.
import type { figuresDe } from "./figures-de.ts";
import { reportsEn } from "./reports-en.ts";

const incidentsWord = (n: number) => `${n} ${n === 1 ? "incident" : "incidents"}`;

export const figuresEn: typeof figuresDe = {
  reports: reportsEn,
  nav: "Figures",
  title: "Situation",
  running: "not over yet",
  print: "Print",
  span: {
    between: (from: string, to: string) => `${from} to ${to}`,
    since: (from: string) => `since ${from}`,
    until: (to: string) => `until ${to}`,
    drop: "Drop the span of time",
  },
  simulated: (incidents, findings) =>
    `Simulated data: ${incidentsWord(incidents)} and ${findings} ${findings === 1 ? "finding" : "findings"} of this period were made up for a demonstration.`,
  changes: "What has changed and why",
  noValue: "no value",
  noCourse: "No course yet.",
  atMost: (amount) => `at most ${amount}`,
  atLeast: (amount) => `at least ${amount}`,
  definition: "What this means",
  definitionVersion: (version) => `Definitions, version ${version}.`,
  noTarget: "No targets are set.",
  targetSince: (day, reason) =>
    `Targets since ${day}${reason === undefined ? "" : ` (${reason})`}.`,
  asTable: "As a table",
  point: "Period",
  value: {
    seconds: "Mean",
    ratio: "False alarms per incident",
    share: "Share",
  },
  median: "Median",
  target: "Target",
  course: (name, periods) =>
    `${name}: course of the last ${periods} periods; the figures are in the table below`,
  facts: {
    ranks: (median, p90) => `, median ${median}, P90 ${p90}`,
    open: (n, bound) => `${n} open; with them a mean of at least ${bound}`,
    leftOut: (list) => `Left out: ${list}`,
    precision: (share, bounds) =>
      `Precision ${share}${bounds === undefined ? "" : ` (${bounds.join(" to ")})`}`,
    unjudged: (unjudged, undetermined) =>
      `${unjudged} not judged yet, ${undetermined} undetermined`,
    contained: (contained, n) => `${contained} of ${n} recovered`,
    interval: (low, high) => `95 % interval ${low} to ${high}`,
    impactUnknown: "impact unknown",
  },
  period: {
    label: "Period",
    sizes: { month: "Month", quarter: "Quarter", year: "Year" },
  },
  incidents: {
    title: "Incidents behind these figures",
    intro:
      "Without titles, findings and people. A duration stands where the incident counts in this period.",
    more: (shown, total) => `${shown} of ${total} are shown.`,
    none: "There is none in this period.",
    simulated: "simulated",
    reopened: "re-opened",
    columns: {
      id: "Id",
      severity: "Severity",
      category: "Category",
      corrective: "K1 measures",
      identification: "K2 identification",
      recovery: "K3 recovery",
      open: "open for",
      containment: "K5 contained",
    },
    containments: {
      contained: "yes",
      not_contained: "no",
      impact_unknown: "impact unknown",
    },
  },
};
