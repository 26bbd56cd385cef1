// From a panel's definition to Grafana's: which queries, how it is drawn, units, links and the target.

import * as barchart from "@grafana/grafana-foundation-sdk/barchart";
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import type { DataTransformerConfig } from "@grafana/grafana-foundation-sdk/dashboard";
import * as stat from "@grafana/grafana-foundation-sdk/stat";
import * as table from "@grafana/grafana-foundation-sdk/table";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
import type { FigureQuery, MetricQuery, Panel, Text, Unit } from "../board.ts";
import { DIMENSION_LABELS, LONG_ID, SHORTENED_DIMENSIONS, valueLabels } from "../value-labels.ts";
import { columnsOf, FIGURES_SOURCE, pathOf, seriesTarget, tableTarget } from "./elasticsearch.ts";
import { consoleLink, rowLink } from "./links.ts";
import { METRICS_SOURCE, metricTarget } from "./prometheus.ts";
import { addTarget, noLimit } from "./target.ts";

export type Language = keyof Text;
type AnyBuilder =
  | barchart.PanelBuilder
  | stat.PanelBuilder
  | table.PanelBuilder
  | timeseries.PanelBuilder;

const UNITS: Readonly<Record<Unit, { readonly unit: string; readonly decimals?: number }>> = {
  count: { unit: "short", decimals: 0 },
  seconds: { unit: "s" },
  share: { unit: "percentunit", decimals: 1 },
  perSecond: { unit: "cps" },
  bytes: { unit: "bytes" },
  ratio: { unit: "none", decimals: 2 },
};
const NO_VALUE = "–";

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** The panel at its place. */
export function grafanaPanel(panel: Panel, id: number, place: Place, language: Language) {
  const builder = builderOf(panel);
  const { title, description, unit, width, height, query, link } = panel;
  builder
    .id(id)
    .title(title[language])
    .description(description[language])
    .gridPos({ ...place, w: width, h: height })
    .unit(UNITS[unit].unit)
    .noValue(NO_VALUE)
    .datasource(query.kind === "figures" ? FIGURES_SOURCE : METRICS_SOURCE);
  const { decimals } = UNITS[unit];
  if (decimals !== undefined) builder.decimals(decimals);
  if (link !== undefined && !isOfRow(panel)) {
    const by = query.kind === "figures" ? query.by?.dimension : undefined;
    builder.dataLinks([consoleLink(link, by, language)]);
  }
  if (query.kind === "metrics") addMetrics(builder, query, language);
  else if (isColumns(panel)) addColumns(builder, panel, query, language);
  else addSeries(builder, panel, query, language);
  return builder;
}

/** A table, or bars that stand for values in place of times. */
function isColumns({ draw, query }: Panel): boolean {
  if (query.kind === "metrics") return false;
  return draw === "table" || (draw === "bars" && query.interval === undefined);
}

/** Whether the link is one of each row: it then stands at the row's name alone. */
function isOfRow(panel: Panel): boolean {
  return isColumns(panel) && panel.link?.path.includes("{value}") === true;
}

function builderOf(panel: Panel): AnyBuilder {
  const { draw } = panel;
  if (draw === "number") {
    // The last bucket, also where it has no value: an older one would be taken for the present one.
    const calcs = [panel.query.kind === "figures" ? "last" : "lastNotNull"];
    return new stat.PanelBuilder()
      .reduceOptions(new ReduceDataOptionsBuilder().values(false).calcs(calcs))
      .graphMode(BigValueGraphMode.Area)
      .colorMode(BigValueColorMode.Value)
      .thresholds(noLimit())
      .textMode(BigValueTextMode.ValueAndName);
  }
  if (draw === "table") return new table.PanelBuilder();
  if (draw === "heatmap") throw new TypeError(`${panel.id}: heatmaps are not drawn in Grafana`);
  const legend = new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom);
  if (isColumns(panel)) return new barchart.PanelBuilder().legend(legend).fillOpacity(70);
  const graph = new timeseries.PanelBuilder().min(0).legend(legend);
  if (draw === "lines") return graph.lineWidth(2).showPoints(VisibilityMode.Auto);
  graph.drawStyle(GraphDrawStyle.Bars).fillOpacity(70);
  return draw === "stacked"
    ? graph.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group("A"))
    : graph;
}

function addMetrics(builder: AnyBuilder, { series }: MetricQuery, language: Language): void {
  for (const [at, one] of series.entries()) {
    builder.withTarget(metricTarget(one, refIdOf(at), one.label[language]));
  }
}

/** One query a measure, so that each has its own name. */
function addSeries(builder: AnyBuilder, panel: Panel, query: FigureQuery, language: Language) {
  const { by, measures, interval } = query;
  const term = by === undefined ? "" : `{{term ${pathOf(by.dimension)}}}`;
  for (const [at, one] of measures.entries()) {
    const label = one.label[language];
    const alias = term === "" ? label : measures.length === 1 ? term : `${term}: ${label}`;
    const refId = refIdOf(at);
    builder.withTarget(seriesTarget(query, one, refId, alias));
    // A number over the whole range comes as a table, where the data source ignores the alias.
    if (interval === undefined && by === undefined) {
      builder.overrideByQuery(refId, [{ id: "displayName", value: label }]);
    }
  }
  if (by !== undefined && measures.length === 1) {
    for (const [value, text] of Object.entries(valueLabels(by.dimension, query.where))) {
      builder.overrideByName(value, [{ id: "displayName", value: text[language] }]);
    }
  }
  addTarget(builder, panel, query, refIdOf(0), language);
}

function addColumns(builder: AnyBuilder, panel: Panel, query: FigureQuery, language: Language) {
  const dimension = query.by?.dimension ?? "";
  builder.withTarget(tableTarget(query, refIdOf(0)));
  for (const one of transformations(query, language)) builder.withTransformation(one);
  const head = DIMENSION_LABELS[dimension]?.[language] ?? dimension;
  const mappings = mappingsOf(query, language);
  if (mappings.length > 0) builder.overrideByName(head, [{ id: "mappings", value: mappings }]);
  if (panel.link !== undefined && isOfRow(panel)) {
    const link = rowLink(panel.link, language).build();
    builder.overrideByName(head, [{ id: "links", value: [link] }]);
  }
  for (const { how, label } of query.measures) {
    if (how !== "share") continue;
    builder.overrideByName(label[language], [
      { id: "unit", value: UNITS.share.unit },
      { id: "decimals", value: UNITS.share.decimals },
      // Nothing judged is no rate of 0.
      {
        id: "mappings",
        value: [{ type: "special", options: { match: "nan", result: { text: NO_VALUE } } }],
      },
    ]);
  }
  if (builder instanceof barchart.PanelBuilder) builder.xField(head);
  if (panel.draw === "table" && builder instanceof table.PanelBuilder) builder.filterable(false);
}

/** What the values of the first column are called. */
function mappingsOf({ by, where }: FigureQuery, language: Language): object[] {
  const dimension = by?.dimension ?? "";
  const labels = Object.entries(valueLabels(dimension, where));
  const options = Object.fromEntries(
    labels.map(([value, text], index) => [value, { text: text[language], index }]),
  );
  const named = labels.length > 0 ? [{ type: "value", options }] : [];
  if (!SHORTENED_DIMENSIONS.has(dimension)) return named;
  const result = { text: "$1", index: labels.length };
  return [...named, { type: "regex", options: { pattern: LONG_ID.source, result } }];
}

/** Shares are divided where the table is drawn, then columns get their names and their order. */
function transformations(query: FigureQuery, language: Language): DataTransformerConfig[] {
  const dimension = query.by?.dimension ?? "";
  const columns = columnsOf(query);
  const columnOf = (name: string) => columns.find((one) => one.name === name)?.column ?? name;
  const shares = query.measures.filter(({ how }) => how === "share");
  const divisions = shares.flatMap(({ name, of = [], label }) => [
    calculation(`of ${name}`, {
      mode: "reduceRow",
      reduce: { reducer: "sum", include: of.map(columnOf) },
    }),
    calculation(label[language], {
      mode: "binary",
      binary: { left: byName(columnOf(name)), operator: "/", right: byName(`of ${name}`) },
    }),
  ]);
  const shown = query.measures.map(({ how, name, label }) => ({
    from: how === "share" ? label[language] : columnOf(name),
    to: label[language],
  }));
  const hidden = [
    ...shares.map(({ name }) => `of ${name}`),
    ...columns.map(({ column }) => column).filter((one) => shown.every(({ from }) => from !== one)),
  ];
  const head = {
    from: pathOf(dimension),
    to: DIMENSION_LABELS[dimension]?.[language] ?? dimension,
  };
  const all = [head, ...shown];
  const organize = {
    indexByName: Object.fromEntries(all.map(({ from }, at) => [from, at])),
    excludeByName: Object.fromEntries(hidden.map((name) => [name, true])),
    renameByName: Object.fromEntries(all.map(({ from, to }) => [from, to])),
  };
  return [...divisions, { id: "organize", options: organize }];
}

function calculation(alias: string, options: object): DataTransformerConfig {
  return { id: "calculateField", options: { alias, ...options } };
}

function byName(name: string) {
  return { matcher: { id: "byName", options: name } };
}

function refIdOf(at: number): string {
  return String.fromCharCode("A".charCodeAt(0) + at);
}
