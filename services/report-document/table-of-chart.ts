// The values of a chart as the table that stands under it and goes into its CSV: those who don't see the
// picture lose nothing.
import { figure } from "./chart-svg.ts";
import type { ChartBlock, ReportDocument, TableBlock, TableColumn } from "./document.ts";
import { DOCUMENT_MESSAGES } from "./messages.ts";

export function tableOfChart(chart: ChartBlock, language: ReportDocument["language"]): TableBlock {
  const messages = DOCUMENT_MESSAGES[language];
  return {
    kind: "table",
    id: chart.id,
    caption: `${messages.values}: ${chart.title} (${chart.unit})`,
    columns: [
      { header: chart.pointsName, isRowHeader: true },
      ...chart.series.map((one) => valueColumn(one.name)),
    ],
    rows: chart.points.map((point, at) => [
      point,
      ...chart.series.map(({ values }) => {
        const value = values[at] ?? null;
        return value === null ? messages.noValue : figure(value, chart.digits ?? 0);
      }),
    ]),
  };
}

/** So many points with short names stand side by side, in a table as wide as the picture. */
const POINTS_ABREAST_MAX = 13;
const NAME_ABREAST_MAX = 8;

/** The same values as they are shown: lying, where that saves the reader a long and narrow table. */
export function shownTableOfChart(
  chart: ChartBlock,
  language: ReportDocument["language"],
): TableBlock {
  const standing = tableOfChart(chart, language);
  const isShort = chart.points.every((point) => point.length <= NAME_ABREAST_MAX);
  if (chart.points.length > POINTS_ABREAST_MAX || !isShort) return standing;
  return {
    ...standing,
    columns: [
      { header: chart.pointsName, isRowHeader: true, weight: 2 },
      ...chart.points.map(valueColumn),
    ],
    rows: chart.series.map((one, at) => [
      one.name,
      ...standing.rows.map((row) => row[at + 1] ?? ""),
    ]),
  };
}

function valueColumn(header: string): TableColumn {
  return { header, align: "right" };
}
