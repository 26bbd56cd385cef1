// Charts: their scale, their gaps, and what they are when there is nothing to draw.
import { describe, expect, it } from "vitest";
import { chartSvg, figure } from "../../../services/report-document/chart-svg.ts";
import type { ChartBlock } from "../../../services/report-document/document.ts";
import { shownTableOfChart } from "../../../services/report-document/table-of-chart.ts";

const chart = (values: (number | null)[], more: Partial<ChartBlock> = {}): ChartBlock => ({
  ...{
    kind: "chart",
    id: "c",
    shape: "line",
    title: "T",
    alt: "A",
    unit: "h",
    pointsName: "Woche",
  },
  points: values.map((_, index) => `${index}`),
  series: [{ name: "S", values }],
  ...more,
});
const axis = (svg: string) =>
  [...svg.matchAll(/text-anchor="end">([^<]*)</g)].map((match) => match[1]);

describe("a chart", () => {
  it.each<[string, (number | null)[], string[]]>([
    ["whole steps", [1, 7], ["0", "2", "4", "6", "8"]],
    ["small values", [0.1, 0.3], ["0,0", "0,1", "0,2", "0,3", "0,4"]],
    ["small counts", [0, 1], ["0", "1", "2", "3", "4"]],
    ["counts beside a few", [10], ["0,0", "2,5", "5,0", "7,5", "10,0"]],
    ["quarters", [0.5, 0.9], ["0,00", "0,25", "0,50", "0,75", "1,00"]],
    ["hundredths", [0.03], ["0,00", "0,01", "0,02", "0,03", "0,04"]],
    ["large values", [70_000], ["0", "20.000", "40.000", "60.000", "80.000"]],
    ["nothing", [null, null], ["0", "1", "2", "3", "4"]],
    ["zeros", [0, 0], ["0", "1", "2", "3", "4"]],
    ["no points", [], ["0", "1", "2", "3", "4"]],
  ])("has a scale from zero for %s", (_, values, expected) => {
    expect(axis(chartSvg(chart(values)))).toEqual(expected);
  });

  it("leaves a gap where there is no value", () => {
    const path = /<path d="(M[^"]*)" fill="none"/.exec(chartSvg(chart([1, 2, null, 3])))?.[1];
    expect(path?.match(/[ML]/g)).toEqual(["M", "L", "M"]);
  });

  it("draws a bar for each value, and a line for the target", () => {
    const bars = chart([1, null, 3], { shape: "bar", target: { name: "Ziel", value: 2 } });
    const svg = chartSvg(bars);
    // One more stands in the legend.
    expect(svg.match(/<rect /g)).toHaveLength(3);
    expect(svg).toContain("Ziel: 2");
  });

  it("keeps values inside, also beside one that is no number", () => {
    const svg = chartSvg(chart([Number.POSITIVE_INFINITY, 1, -5]));
    expect(svg).not.toMatch(/NaN|Infinity/);
  });
});

describe("its values", () => {
  it("lie where names are short, else stand", () => {
    const lying = shownTableOfChart(chart([1, null]), "de");
    expect(lying.rows).toEqual([["S", "1", "–"]]);
    const standing = shownTableOfChart(chart([1], { points: ["ein langer Name"] }), "de");
    expect(standing.rows).toEqual([["ein langer Name", "1"]]);
  });

  it("are written as Germans write them", () => {
    expect(figure(1234.5, 1)).toBe("1.234,5");
  });
});
