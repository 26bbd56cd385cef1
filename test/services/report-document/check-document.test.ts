// What a document has to hold to before it gets a form.
import { describe, expect, it } from "vitest";
import { isAppError } from "../../../config/errors.ts";
import { checkDocument, TABLE_ROWS_MAX } from "../../../services/report-document/check-document.ts";
import type { Block, ReportDocument } from "../../../services/report-document/document.ts";
import { sampleDocument } from "./sample-document.ts";

const table = (id: string, rows: string[][] = [["1", "2"]]): Block => ({
  ...{ kind: "table", id, caption: "T", columns: [{ header: "a" }, { header: "b" }], rows },
});
const withBlocks = (...blocks: Block[]): ReportDocument => ({
  ...sampleDocument(),
  sections: [{ number: "1", title: "S", blocks }],
});

describe("a document", () => {
  it("that is sound passes", () => {
    expect(() => checkDocument(sampleDocument())).not.toThrow();
    expect(() => checkDocument(withBlocks(table("a"), table("b")))).not.toThrow();
  });

  it.each<[string, ReportDocument]>([
    ["two tables of one id", withBlocks(table("a"), table("a"))],
    ["a row with a cell too few", withBlocks(table("a", [["1"]]))],
    ["an id that leads out of its folder", withBlocks(table("../a"))],
    ["a name of files that leads out", { ...sampleDocument(), fileName: "../bericht" }],
    [
      "an attachment named as a table's file",
      {
        ...withBlocks(table("a")),
        attachments: [
          {
            ...{ name: "a.csv", mediaType: "text/csv", content: "", relationship: "Data" as const },
            description: "",
          },
        ],
      },
    ],
  ])("with %s is a programmer's fault", (_, document) => {
    expect(() => checkDocument(document)).toThrow(/stands twice|cells of a row|id of a table|name/);
  });

  it("with more than can be printed says what and what to do", () => {
    const rows = Array.from({ length: TABLE_ROWS_MAX + 1 }, () => ["1", "2"]);
    const check = () => checkDocument(withBlocks(table("a", rows)));
    expect(check).toThrow("2001 rows of a, at most 2000 fit");
    try {
      check();
    } catch (error) {
      expect(isAppError(error, "HW_INPUT_TOO_LARGE") && error.mend).toMatch(/shorter period/);
    }
  });
});
