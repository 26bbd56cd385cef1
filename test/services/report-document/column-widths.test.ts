// Widths of printed columns: by weight, and wide enough for dates and figures.
import { describe, expect, it } from "vitest";
import { columnWidths } from "../../../services/report-document/column-widths.ts";

const widths = (weights: number[], row: string[]) =>
  columnWidths({
    ...{ kind: "table", id: "t", caption: "T", rows: [row] },
    columns: weights.map((weight) => ({ header: "h", weight })),
  });
const sum = (all: readonly number[]) => all.reduce((so, one) => so + one, 0);

describe("columns", () => {
  it("share the page by their weights", () => {
    expect(widths([1, 2], ["ein Wort", "mehr"])).toEqual([55, 110]);
  });

  it("are never narrower than a date in them, whatever their weight", () => {
    const all = widths([20, 1, 1], ["Titel", "01.10.2026 08:00", "noch nicht bekannt"]);
    expect(all[1]).toBeCloseTo(19);
    expect(all[2]).toBeCloseTo((165 - 19) / 21);
    expect(sum(all)).toBeCloseTo(165);
  });

  it("leave long runs alone, which are parted", () => {
    expect(widths([1, 1], ["3f2a".repeat(16), "x"])).toEqual([82.5, 82.5]);
  });

  it("share what there is when all need more", () => {
    const all = widths(new Array(14).fill(1), new Array(14).fill("123.456.789,00"));
    expect(all.every((one) => one > 11)).toBe(true);
    expect(sum(all)).toBeCloseTo(165);
  });
});
