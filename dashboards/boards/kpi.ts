// Board 1, for the management: the five KPIs of the strategy by month, against the targets that were in force,
// with how many incidents stand behind each.
import type { Board, FigureMeasure, Panel, Text } from "../board.ts";
import { drawn, MONTHLY, measure, TARGET } from "./parts.ts";

/** One KPI as a number with its target, and its course below. */
interface Shown {
  readonly id: string;
  readonly title: Text;
  readonly description: Text;
  readonly unit: Panel["unit"];
  readonly headline: string;
  readonly target: NonNullable<Panel["target"]>;
  readonly course: readonly FigureMeasure[];
}

const MEAN = { de: "Mittel", en: "Mean" };
const MEDIAN = { de: "Median", en: "Median" };
const P90 = { de: "P90", en: "P90" };
const BOUND = {
  de: "untere Schranke mit offenen Fällen",
  en: "lower bound with open cases",
};

function duration(id: "k1" | "k2" | "k3", title: Text, description: Text): Shown {
  return {
    ...{ id, title, description, unit: "seconds", headline: `${id}MeanS` },
    target: { name: `${id}TargetS`, label: TARGET },
    course: [
      measure(`${id}MeanS`, "max", MEAN),
      measure(`${id}MedianS`, "max", MEDIAN),
      measure(`${id}P90S`, "max", P90),
      ...(id === "k2" ? [] : [measure(`${id}LowerBoundS`, "max", BOUND)]),
    ],
  };
}

const KPIS: readonly Shown[] = [
  duration(
    "k1",
    { de: "K1 Korrekturmaßnahmen", en: "K1 Corrective actions" },
    {
      de: "Mittlere Zeit von der Identifizierung bis zur letzten erforderlichen Maßnahme; niedriger ist besser.",
      en: "Mean time from identification to the last required action; lower is better.",
    },
  ),
  duration(
    "k2",
    { de: "K2 Kompromittierung bis Identifizierung", en: "K2 Compromise to identification" },
    {
      de: "MTTD: mittlere Zeit von der ersten Kompromittierung bis ein Mensch den Vorfall bestätigt; niedriger ist besser.",
      en: "MTTD: mean time from first compromise until a human confirms the incident; lower is better.",
    },
  ),
  duration(
    "k3",
    { de: "K3 Erkennung bis Behebung", en: "K3 Detection to recovery" },
    {
      de: "MTTR: mittlere Zeit vom ersten echten Treffer bis zur bestätigten Wiederherstellung; niedriger ist besser.",
      en: "MTTR: mean time from the first true hit to confirmed recovery; lower is better.",
    },
  ),
  {
    id: "k4",
    title: { de: "K4 Fehlalarme je Vorfall", en: "K4 False alarms per incident" },
    description: {
      de: "Zahl der Fehlalarme durch Zahl der Vorfälle; ohne Vorfall gibt es keinen Wert. Niedriger ist besser.",
      en: "Number of false alarms over number of incidents; no value without an incident. Lower is better.",
    },
    ...{ unit: "ratio", headline: "k4PerIncident", target: { name: "k4Target", label: TARGET } },
    course: [measure("k4PerIncident", "max", { de: "Fehlalarme je Vorfall", en: "Per incident" })],
  },
  {
    id: "k5",
    title: { de: "K5 Vor Schaden eingedämmt", en: "K5 Contained before damage" },
    description: {
      de: "Anteil der Vorfälle, die vor Schadenseintritt eingedämmt waren, mit dem 95-%-Intervall; höher ist besser.",
      en: "Share of incidents contained before damage, with the 95 % interval; higher is better.",
    },
    ...{ unit: "share", headline: "k5Share" },
    target: { name: "k5TargetShare", label: TARGET, isAtLeast: true },
    course: [
      measure("k5Share", "max", { de: "Anteil", en: "Share" }),
      measure("k5LowShare", "max", { de: "untere Grenze (95 %)", en: "lower bound (95 %)" }),
      measure("k5HighShare", "max", { de: "obere Grenze (95 %)", en: "upper bound (95 %)" }),
    ],
  },
];

const CASES = {
  path: "/vorfaelle?from={from}&to={to}",
  title: { de: "Vorfälle in der Konsole", en: "Incidents in the console" },
};

function number({ id, title, description, unit, headline, target }: Shown, at: number): Panel {
  const isLast = at === KPIS.length - 1;
  return drawn("number", {
    ...{ id: `${id}-now`, title, description, unit, width: isLast ? 4 : 5, height: 6 },
    query: { ...MONTHLY, measures: [measure(headline, "max", title)] },
    target,
    link: CASES,
  });
}

function course({ id, title, description, unit, target, course: measures }: Shown): Panel {
  return drawn("lines", {
    ...{ id: `${id}-course`, description, unit, width: 12, height: 8 },
    title: { de: `${title.de}: Verlauf`, en: `${title.en}: course` },
    query: { ...MONTHLY, measures },
    target,
    link: CASES,
  });
}

export const KPI_BOARD: Board = {
  id: "kpi",
  title: { de: "1 Kennzahlen für die Leitung", en: "1 KPIs for management" },
  description: {
    de: "Die fünf Kennzahlen je Monat mit Ziel, Verlauf und Zahl der Fälle. Es sind die Zahlen des Kennzahlendienstes.",
    en: "The five KPIs by month with target, course and number of cases. They are the KPI service's numbers.",
  },
  range: "12M",
  panels: [
    ...KPIS.map(number),
    ...KPIS.map(course),
    drawn("bars", {
      ...{ id: "cases", unit: "count", width: 12, height: 8 },
      title: { de: "Zahl der Fälle (n)", en: "Number of cases (n)" },
      description: {
        de: "Auf wie vielen Vorfällen jede Kennzahl eines Monats beruht. Unter fünf sagt ein Verlauf wenig.",
        en: "On how many incidents each KPI of a month rests. Below five a course says little.",
      },
      query: {
        ...MONTHLY,
        measures: [
          measure("k1N", "max", { de: "K1", en: "K1" }),
          measure("k2N", "max", { de: "K2", en: "K2" }),
          measure("k3N", "max", { de: "K3", en: "K3" }),
          measure("k4Incidents", "max", { de: "K4 Vorfälle", en: "K4 incidents" }),
          measure("k5N", "max", { de: "K5", en: "K5" }),
        ],
      },
      link: CASES,
    }),
  ],
};
