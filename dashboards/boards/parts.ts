// What the definitions of the boards share: short ways to write down what comes again and again.
import type { FigureMeasure, FigureQuery, MetricSeries, Panel, Text } from "../board.ts";

/** A panel of one way to draw. */
export function drawn(draw: Panel["draw"], panel: Omit<Panel, "draw">): Panel {
  return { ...panel, draw };
}

export function measure(
  name: string,
  how: FigureMeasure["how"],
  label: Text,
  of?: readonly string[],
): FigureMeasure {
  return { name, how, label, ...(of === undefined ? {} : { of }) };
}

/** Numbers that already are those of a month and the whole tenant: `max` gives them as they are. */
export const MONTHLY = {
  kind: "figures",
  set: "kpi",
  where: { granularity: "month", severity: null, category: null },
  interval: "1M",
} as const satisfies Omit<FigureQuery, "measures">;

export const TARGET: Text = { de: "Ziel", en: "Target" };

/** The same word in both languages. */
export function same(word: string): Text {
  return { de: word, en: word };
}

/** A rate a second, summed over what is not named in `by`. */
export function rate(metric: string, label: Text, more: Partial<MetricSeries> = {}): MetricSeries {
  return { metric, how: "rate", label, ...more };
}

export function value(metric: string, label: Text, more: Partial<MetricSeries> = {}): MetricSeries {
  return { metric, how: "value", label, ...more };
}

export function quantiles(
  metric: string,
  parts: readonly number[],
  more: Partial<MetricSeries> = {},
): MetricSeries[] {
  return parts.map((quantile) => ({
    ...{ metric, how: "quantile" as const, quantile, label: same(`P${quantile * 100}`) },
    ...more,
  }));
}
