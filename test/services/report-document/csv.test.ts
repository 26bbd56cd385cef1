// Tables as CSV: as German Excel reads them, and never as a formula.
import { describe, expect, it } from "vitest";
import { csvCell, csvFiles } from "../../../services/report-document/csv.ts";
import { HOSTILE_TEXTS, sampleDocument } from "./sample-document.ts";

describe("a cell", () => {
  it.each([
    ["a word", "hoch", "hoch"],
    ["a signed number", "-12,5", "-12,5"],
    ["a signed share", "+22 %", "+22 %"],
    ["a minus sign of typography", "−18 %", "−18 %"],
    ["a semicolon", "a;b", '"a;b"'],
    ["a quotation mark", 'a "b"', '"a ""b"""'],
    ["a break of lines", "a\r\nb", "a b"],
    ["a blank at its edge", " a", '" a"'],
  ])("holds %s", (_, text, expected) => {
    expect(csvCell(text)).toBe(expected);
  });

  it.each([
    "=1+1",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1+1",
    "-",
    "+49 4131 26-0",
  ])("is no formula: %j", (text) => {
    expect(csvCell(text)).toMatch(/^"?'/);
  });

  it.each(HOSTILE_TEXTS.map((text, index) => [index, text] as const))(
    "stays one cell of one line that Excel can hold, hostile text %i",
    (_, text) => {
      const cell = csvCell(text);
      expect(cell.length).toBeLessThan(32_767);
      expect(cell).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    },
  );
});

describe("the files", () => {
  const files = csvFiles(sampleDocument({ tables: 1, rows: 3 }));
  const named = (name: string) => files.find((one) => one.name === name)?.content;

  it("are one for every table and chart", () => {
    const names = ["schwere.csv", "wochen.csv", "monate.csv", "leer.csv", "vorfaelle-1.csv"];
    expect(files.map((one) => one.name)).toEqual(names);
  });

  it("begin with a byte order mark, and end every line with CR and LF", () => {
    expect(named("schwere.csv")).toBe(
      "\ufeffSchwere;Vorfälle;davon offen\r\nniedrig;17;0\r\nmittel;13;1\r\nhoch;9;0\r\nkritisch;5;1\r\n",
    );
  });

  it("hold all rows, also those that are not shown", () => {
    expect(named("vorfaelle-1.csv")?.trimEnd().split("\r\n")).toHaveLength(1 + 6);
  });

  it("hold the values of a chart, a line for every point", () => {
    expect(named("monate.csv")?.slice(1).split("\r\n")).toEqual([
      "Monat;Vorfälle;Fehlalarme",
      "Oktober;11;31",
      "November;9;22",
      "Dezember;12;27",
      "",
    ]);
  });
});
