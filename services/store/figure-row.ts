// Rows of figures that boards are drawn from, in Grafana and in the console, and that the report's tables are
// made of. The KPI stage alone writes them, from the same ledger as the KPIs, so that every picture shows the
// number that stands everywhere else. A row is a moment, a set, a few dimensions and numbers. No dimension
// leads to a person: rows are about periods, rules, sources, channels and incidents.
import type { Kind } from "./store.ts";

/** What a row can be filtered and grouped by; a set uses some of them. */
export const FIGURE_DIMENSIONS = [
  /** `month`, `quarter` (set `kpi`). */
  "granularity",
  /** `identified`, `recovered`, `corrected`, `open` (set `case`). */
  "phase",
  /** Id of an incident (set `case`), for links. */
  "incident",
  "severity",
  "category",
  /** `rule`, `source`, `model`, `level` (set `alarm`). */
  "per",
  /** Which rule, source, model or level; which channel. */
  "name",
  /** What the rule or model is called, with what tells it from others of the same title (set `alarm`). */
  "title",
  /** `p1` … (set `paging`). */
  "priority",
  /** `00` … `23`, in the tenant's zone (set `hour`). */
  "hourOfDay",
  /** `1` Monday … `7` Sunday, in the tenant's zone (set `hour`). */
  "weekday",
] as const;
export type FigureDimension = (typeof FIGURE_DIMENSIONS)[number];

/**
 * What rows exist, and the numbers that they carry. Names end in their unit: `S` seconds, `Share` 0 to 1;
 * all others are counts. A number that does not exist (a mean of nothing) is missing, never 0.
 */
export const FIGURE_SETS = {
  /**
   * One row a month and a quarter, at its begin, whole tenant; and per severity and per category where there
   * was something (then with that dimension). The numbers of the KPI document, and the targets in force.
   */
  kpi: [
    ...["k1MeanS", "k1MedianS", "k1P90S", "k1N", "k1Open", "k1LowerBoundS", "k1OverdueShare"],
    ...["k2MeanS", "k2MedianS", "k2P90S", "k2N", "k2DetectionS", "k2TriageS", "k2Unknown"],
    ...["k3MeanS", "k3MedianS", "k3P90S", "k3N", "k3Open", "k3LowerBoundS", "k3ReopenedShare"],
    ...["k4FalseAlarms", "k4Incidents", "k4PerIncident", "k4PrecisionShare", "k4FalseShare"],
    ...["k4Unjudged", "k5N", "k5Contained", "k5Share", "k5LowShare", "k5HighShare"],
    ...["k1TargetS", "k2TargetS", "k3TargetS", "k4Target", "k5TargetShare"],
  ],
  /** One row an incident and phase, at the moment of the phase; only incidents that are in the KPIs. */
  case: [
    "correctiveS",
    "identificationS",
    "detectionS",
    "triageS",
    "recoveryS",
    "ageS",
    "contained",
  ],
  /**
   * One row a day (at its begin in the tenant's zone) and rule, source, model or level: alarms raised on that
   * day, and judged on that day by verdict. One of a rule or model for each title that it had.
   */
  alarm: [
    ...["raised", "falseAlarms", "truePositives", "undetermined", "benignTruePositives"],
    ...["duplicates"],
  ],
  /** One row an hour: what came, what was worked on, and the queue at its end. */
  hour: ["raised", "judged", "acknowledged", "queue", "queueOldestS"],
  /**
   * One row a day: times from raised to first acknowledged and to judged, of what was acknowledged or judged
   * on that day; the queue at its end; findings by anomaly models and what the budget allows.
   */
  day: [
    ...["raised", "judged", "acknowledged", "queue", "queueOldestS"],
    ...["acknowledgeMeanS", "acknowledgeMedianS", "acknowledgeP90S", "acknowledgeN"],
    ...["judgeMeanS", "judgeMedianS", "judgeP90S", "judgeN"],
    ...["anomalies", "anomalyBudget"],
  ],
  /** One row a day and priority: findings paged, pages by outcome, time to the first acceptance. */
  paging: [
    ...["findings", "pages", "handedOver", "failed", "declined", "accepted", "escalated"],
    ...["acceptMeanS", "acceptMedianS", "acceptP90S", "acceptN"],
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type FigureSet = keyof typeof FIGURE_SETS;
export const FIGURE_SET_NAMES = Object.keys(FIGURE_SETS) as FigureSet[];

/** All numbers that any row may carry, each once. */
export const FIGURE_MEASURES: readonly string[] = [...new Set(Object.values(FIGURE_SETS).flat())];

export interface FigureRow {
  readonly tenant: string;
  readonly set: FigureSet;
  /** What the row is about begins here, ms UTC: the range of a board is asked of this. */
  readonly at: number;
  readonly dimensions: Readonly<Partial<Record<FigureDimension, string>>>;
  /** Finite numbers under names of the set. */
  readonly measures: Readonly<Record<string, number>>;
}

/** Rows of open incidents are asked for whenever they were. */
const SEARCHED: ReadonlySet<FigureDimension> = new Set(["phase"]);

/** Made anew from the ledger at any time; not part of a backup. */
export const FIGURE_ROW_KIND: Kind<FigureRow> = {
  name: "figure_row",
  revision: 2,
  fields: {
    set: { kind: "keyword", values: ({ set }) => [set] },
    /** Also the `@timestamp` of the document in Elasticsearch. */
    pointAt: { kind: "number", values: ({ at }) => [at] },
    /** All others are for who reads Elasticsearch directly: a row has some of very many. */
    ...Object.fromEntries(
      FIGURE_DIMENSIONS.map((name) => [
        name,
        {
          kind: "keyword" as const,
          values: ({ dimensions }: FigureRow) => present(dimensions[name]),
          ...(SEARCHED.has(name) ? {} : { outside: true as const }),
        },
      ]),
    ),
    ...Object.fromEntries(
      FIGURE_MEASURES.map((name) => [
        name,
        {
          kind: "number" as const,
          values: ({ measures }: FigureRow) => present(measures[name]),
          outside: true as const,
        },
      ]),
    ),
  },
};

/** Id of a row: the same moment, set and dimensions are the same row. */
export function figureRowId({
  set,
  at,
  dimensions,
}: Omit<FigureRow, "tenant" | "measures">): string {
  const parts = FIGURE_DIMENSIONS.flatMap((name) => {
    const value = dimensions[name];
    return value === undefined ? [] : [`${name}=${value}`];
  });
  return [set, at, ...parts].join("|");
}

function present<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}
