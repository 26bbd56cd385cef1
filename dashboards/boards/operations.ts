// Board 2, for the shift: what waits and for how long, when it comes, how fast it is taken up and judged, and
// what became of pages. Nothing here is about a person.
import type { Board, Panel } from "../board.ts";
import { drawn, measure } from "./parts.ts";

const QUEUE = {
  path: "/warteschlange?from={from}&to={to}",
  title: { de: "Warteschlange in der Konsole", en: "Queue in the console" },
};
const PAGING = {
  path: "/alarmierung",
  title: { de: "Alarmierung in der Konsole", en: "Paging in the console" },
};

const RAISED = measure("raised", "sum", { de: "gemeldet", en: "raised" });
const JUDGED = measure("judged", "sum", { de: "bewertet", en: "judged" });
const ACKNOWLEDGED = measure("acknowledged", "sum", { de: "übernommen", en: "acknowledged" });
const HOURS = { kind: "figures", set: "hour" } as const;
const DAYS = { kind: "figures", set: "day", interval: "1d" } as const;

function times(prefix: "acknowledge" | "judge") {
  return [
    measure(`${prefix}MedianS`, "max", { de: "Median", en: "Median" }),
    measure(`${prefix}MeanS`, "max", { de: "Mittel", en: "Mean" }),
    measure(`${prefix}P90S`, "max", { de: "P90", en: "P90" }),
  ];
}

const NUMBERS: readonly Panel[] = [
  drawn("number", {
    ...{ id: "queue-now", unit: "count", width: 6, height: 5, link: QUEUE },
    title: { de: "In der Warteschlange", en: "In the queue" },
    description: {
      de: "Offene Alarme am Ende der letzten Stunde.",
      en: "Open alarms at the end of the last hour.",
    },
    query: {
      ...{ ...HOURS, interval: "1h" },
      measures: [measure("queue", "max", { de: "offen", en: "open" })],
    },
  }),
  drawn("number", {
    ...{ id: "oldest-now", unit: "seconds", width: 6, height: 5, link: QUEUE },
    title: { de: "Ältester offener Alarm", en: "Oldest open alarm" },
    description: {
      de: "Wie lange der älteste offene Alarm am Ende der letzten Stunde schon wartete.",
      en: "How long the oldest open alarm had waited at the end of the last hour.",
    },
    query: {
      ...{ ...HOURS, interval: "1h" },
      measures: [measure("queueOldestS", "max", { de: "Alter", en: "Age" })],
    },
  }),
  drawn("number", {
    ...{ id: "work", unit: "count", width: 12, height: 5, link: QUEUE },
    title: { de: "Im Zeitraum", en: "In this period" },
    description: {
      de: "Wie viele Alarme kamen, übernommen und bewertet wurden.",
      en: "How many alarms came, were acknowledged and were judged.",
    },
    query: { ...HOURS, measures: [RAISED, ACKNOWLEDGED, JUDGED] },
  }),
];

const LOAD: readonly Panel[] = [
  drawn("lines", {
    ...{ id: "queue", unit: "count", width: 12, height: 8, link: QUEUE },
    title: { de: "Warteschlange", en: "Queue" },
    description: {
      de: "Offene Alarme am Ende jeder Stunde.",
      en: "Open alarms at the end of each hour.",
    },
    query: {
      ...{ ...HOURS, interval: "1h" },
      measures: [measure("queue", "max", { de: "offen", en: "open" })],
    },
  }),
  drawn("bars", {
    ...{ id: "flow", unit: "count", width: 12, height: 8, link: QUEUE },
    title: { de: "Zugang und Abgang je Tag", en: "Coming and going by day" },
    description: {
      de: "Liegt „gemeldet“ dauerhaft über „bewertet“, wächst die Warteschlange.",
      en: "Where “raised” stays above “judged”, the queue grows.",
    },
    query: { ...DAYS, measures: [RAISED, ACKNOWLEDGED, JUDGED] },
  }),
  drawn("bars", {
    ...{ id: "by-hour", unit: "count", width: 12, height: 8, link: QUEUE },
    title: { de: "Last nach Stunde des Tages", en: "Load by hour of the day" },
    description: {
      de: "Gemeldete und bewertete Alarme nach der Stunde, in der Zone des Mandanten.",
      en: "Alarms raised and judged by hour, in the tenant's zone.",
    },
    query: { ...HOURS, by: { dimension: "hourOfDay", limit: 24 }, measures: [RAISED, JUDGED] },
  }),
  drawn("bars", {
    ...{ id: "by-weekday", unit: "count", width: 12, height: 8, link: QUEUE },
    title: { de: "Last nach Wochentag", en: "Load by day of the week" },
    description: {
      de: "Gemeldete und bewertete Alarme nach Wochentag.",
      en: "Alarms raised and judged by day of the week.",
    },
    query: { ...HOURS, by: { dimension: "weekday", limit: 7 }, measures: [RAISED, JUDGED] },
  }),
];

const TIMES: readonly Panel[] = [
  drawn("lines", {
    ...{ id: "acknowledge", unit: "seconds", width: 12, height: 8, link: QUEUE },
    title: { de: "Zeit bis zur Übernahme", en: "Time to acknowledgement" },
    description: {
      de: "Vom Melden bis jemand den Alarm übernimmt, nach dem Tag der Übernahme.",
      en: "From raised until somebody takes the alarm up, by the day on which it was.",
    },
    query: { ...DAYS, measures: times("acknowledge") },
  }),
  drawn("lines", {
    ...{ id: "judge", unit: "seconds", width: 12, height: 8, link: QUEUE },
    title: { de: "Zeit bis zur Bewertung", en: "Time to the verdict" },
    description: {
      de: "Vom Melden bis zur Bewertung, nach dem Tag der Bewertung.",
      en: "From raised to the verdict, by the day of the verdict.",
    },
    query: { ...DAYS, measures: times("judge") },
  }),
];

const PAGES: readonly Panel[] = [
  drawn("stacked", {
    ...{ id: "pages", unit: "count", width: 12, height: 8, link: PAGING },
    title: { de: "Alarmierungen je Tag", en: "Pages by day" },
    description: {
      de: "Was aus Alarmierungen wurde: zugestellt oder an einem Kanal gescheitert.",
      en: "What became of pages: handed over, or failed at a channel.",
    },
    query: {
      ...{ kind: "figures", set: "paging", interval: "1d" },
      measures: [
        measure("handedOver", "sum", { de: "zugestellt", en: "handed over" }),
        measure("failed", "sum", { de: "gescheitert", en: "failed" }),
      ],
    },
  }),
  drawn("table", {
    ...{ id: "paging-priority", unit: "count", width: 12, height: 8, link: PAGING },
    title: { de: "Alarmierung nach Priorität", en: "Paging by priority" },
    description: {
      de: "Befunde und Antworten im Zeitraum, je Priorität.",
      en: "Findings and answers in this period, by priority.",
    },
    query: {
      ...{ kind: "figures", set: "paging", by: { dimension: "priority", limit: 10 } },
      measures: [
        measure("findings", "sum", { de: "Befunde", en: "Findings" }),
        measure("pages", "sum", { de: "Alarmierungen", en: "Pages" }),
        measure("accepted", "sum", { de: "angenommen", en: "accepted" }),
        measure("declined", "sum", { de: "abgelehnt", en: "declined" }),
        measure("escalated", "sum", { de: "weitergereicht", en: "escalated" }),
      ],
    },
  }),
  drawn("lines", {
    ...{ id: "accept", unit: "seconds", width: 24, height: 8, link: PAGING },
    title: { de: "Zeit bis zur Annahme, nach Priorität", en: "Time to acceptance, by priority" },
    description: {
      de: "Median je Tag von der Alarmierung bis jemand sie annimmt.",
      en: "Median by day from the page until somebody accepts it.",
    },
    query: {
      ...{
        kind: "figures",
        set: "paging",
        interval: "1d",
        by: { dimension: "priority", limit: 10 },
      },
      measures: [measure("acceptMedianS", "max", { de: "Median", en: "Median" })],
    },
  }),
];

export const OPERATIONS_BOARD: Board = {
  id: "operations",
  title: { de: "2 Betrieb der Sicherheitszentrale", en: "2 SOC operations" },
  description: {
    de: "Was wartet und wie lange, wann es kommt, wie schnell es übernommen und bewertet wird, und was aus Alarmierungen wurde.",
    en: "What waits and for how long, when it comes, how fast it is taken up and judged, and what became of pages.",
  },
  range: "7d",
  panels: [...NUMBERS, ...LOAD, ...TIMES, ...PAGES],
};
