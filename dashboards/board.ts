// What a board is, independent of what draws it: Grafana's JSON and the console's pictures are made from the
// same definitions. Panels read either rows of figures, which the KPI stage has calculated, or metrics.

/** Both languages, so that a missing one is a compile error. */
export interface Text {
  readonly de: string;
  readonly en: string;
}

export type Unit = "count" | "seconds" | "share" | "perSecond" | "bytes" | "ratio";

/** Numbers of rows, grouped. Every name is one of services/store/figure-row.ts. */
export interface FigureQuery {
  readonly kind: "figures";
  readonly set: string;
  /** Dimension → value; a dimension with `null` must be missing (the row of the whole). */
  readonly where?: Readonly<Record<string, string | null>>;
  /**
   * One series (or table row) a value of this dimension, those with the largest first measure first; hours and
   * days of the week in their own order.
   */
  readonly by?: { readonly dimension: string; readonly limit: number };
  /**
   * Buckets of time in the tenant's zone; missing: the whole range is one number. Rows that already are a
   * month, day or hour each have a bucket of their own size, so that `max` is the number itself.
   */
  readonly interval?: "1h" | "1d" | "1w" | "1M" | "1q";
  readonly measures: readonly FigureMeasure[];
}

export interface FigureMeasure {
  readonly name: string;
  /** `count`: rows that have the number. `share`: sum of `name` over the sum of all of `of`. */
  readonly how: "sum" | "mean" | "max" | "min" | "count" | "share";
  readonly of?: readonly string[];
  readonly label: Text;
}

/** Prometheus, said so that the console can answer it from its own memory of metrics. */
export interface MetricQuery {
  readonly kind: "metrics";
  readonly series: readonly MetricSeries[];
}

export interface MetricSeries {
  /** As on `/metrics`, without `_bucket`. */
  readonly metric: string;
  readonly how: "value" | "rate" | "increase" | "quantile";
  /** Of `quantile`: 0 to 1. */
  readonly quantile?: number;
  /** Label → value that it must have. */
  readonly where?: Readonly<Record<string, string>>;
  /** Summed over all other labels; missing: over all. `quantile` keeps `le` by itself. */
  readonly by?: readonly string[];
  readonly combine?: "sum" | "max" | "min";
  readonly factor?: number;
  /** May name labels: `{{source}}`. */
  readonly label: Text;
}

export interface Panel {
  /** Unique in the board; lower-case with hyphens. */
  readonly id: string;
  readonly title: Text;
  /** What the figure means and how to read it, in a sentence. */
  readonly description: Text;
  /** `number` with an interval: the last bucket, the others as a small line behind it. */
  readonly draw: "number" | "lines" | "bars" | "stacked" | "table" | "heatmap";
  readonly unit: Unit;
  /** Of 24 columns; rows of 8 units of height. */
  readonly width: number;
  readonly height: number;
  readonly query: FigureQuery | MetricQuery;
  /** The measure that holds the target, drawn as a dashed line; `isAtLeast`: more is better. */
  readonly target?: { readonly name: string; readonly label: Text; readonly isAtLeast?: true };
  /** Path in the console with what is known of the panel: `{from}`, `{to}` ms UTC, `{value}` of `by`. */
  readonly link?: { readonly path: string; readonly title: Text };
}

export interface Board {
  /** Also its uid in Grafana, after `heidewacht-`, and its address in the console. */
  readonly id: string;
  readonly title: Text;
  readonly description: Text;
  /** What it shows when it is opened. */
  readonly range: "24h" | "7d" | "30d" | "90d" | "12M";
  readonly panels: readonly Panel[];
}
