// The two PDF of a document, read with another program than the one that writes them.
import { beforeAll, describe, expect, it } from "vitest";
import type { Block, ReportDocument, Text } from "../../../services/report-document/document.ts";
import { type ReportPdfs, renderPdfs } from "../../../services/report-document/pdf.ts";
import { type ReadPdf, readPdf } from "../../support/pdf-text.ts";
import { hostileDocument, sampleDocument } from "./sample-document.ts";

const never = new AbortController().signal;
const document = sampleDocument({ tables: 1, rows: 60 });
let pdfs: ReportPdfs;
let archive: ReadPdf;
let accessible: ReadPdf;

beforeAll(async () => {
  pdfs = await renderPdfs(document, never);
  archive = await readPdf(pdfs.archive);
  accessible = await readPdf(pdfs.accessible);
});

const plain = (text: Text) =>
  typeof text === "string" ? text : text.map((run) => run.text).join("");

/** The texts of a block in the order in which they are read. */
function texts(block: Block): string[] {
  switch (block.kind) {
    case "paragraph":
      return [plain(block.text)];
    case "heading":
      return [block.text];
    case "list":
      return block.items.map(plain);
    case "code":
      return block.text.split("\n");
    case "note":
      return [block.title, plain(block.text)];
    case "table":
      return [
        block.caption,
        ...block.columns.map((column) => column.header),
        ...block.rows.flat().map(plain),
      ];
    case "tiles":
      return block.tiles.flatMap((one) =>
        [
          one.label,
          one.value,
          one.light?.text,
          one.target,
          one.trend?.text,
          one.basis,
          one.command,
        ].filter((text) => text !== undefined),
      );
    case "chart":
      return [
        block.title,
        ...block.series.flatMap(({ values }) => values.map((value) => String(value ?? "–"))),
      ];
    case "pageBreak":
      return [];
  }
}

/** Without blanks and hyphens, because words are parted at the ends of lines. */
const dense = (text: string) => text.replace(/[\s\u00ad-]+/g, "");

/** The first text that does not come after the one before it. */
function firstMissing(given: ReportDocument, read: ReadPdf): string | undefined {
  const all = dense(read.pages.slice(2).join(" "));
  let at = 0;
  for (const section of given.sections)
    for (const text of [section.title, ...section.blocks.flatMap(texts)]) {
      const found = all.indexOf(dense(text), at);
      if (found < 0) return `${text} (behind ${all.slice(Math.max(0, at - 60), at)})`;
      at = found + dense(text).length;
    }
  return undefined;
}

describe("the PDF of a report", () => {
  it("have every text and figure, in the order of reading", () => {
    expect(firstMissing(document, archive)).toBeUndefined();
    expect(firstMissing(document, accessible)).toBeUndefined();
    // A text that is nowhere would be noticed.
    const other = { ...document, sections: [...document.sections].reverse() };
    expect(firstMissing(other, archive)).toMatch(/Zusammenfassung|Lage|Kennzahlen|Vorfälle/);
  });

  it("show more of a cover than its title", () => {
    expect(archive.pages[0]).toContain("Prüfsumme der Daten 3f2a3f2a3f2a3f2a");
    expect(archive.pages[0]).toContain("Simulierte Daten");
  });

  it("keep the summary for the management on one page", () => {
    const page = archive.pages.filter((one) => one.includes("1 Zusammenfassung für die Leitung"));
    expect(page.some((one) => one.includes("Ungeprüft") && one.includes("K5 Anteil"))).toBe(true);
  });

  it("number their pages, name tenant and period on each, and repeat the heads of tables", () => {
    const { length } = archive.pages;
    expect(length).toBeGreaterThan(6);
    archive.ornaments.slice(1).forEach((ornament, index) => {
      expect(ornament).toContain(`Seite ${index + 2} von ${length}`);
      expect(ornament).toContain("Landkreis Musterheide · 4. Quartal 2026");
      expect(ornament).toContain("Simulierte Daten");
    });
    const repeated = archive.ornaments.filter((one) => one.includes("Kennung Art Schwere"));
    expect(repeated).toHaveLength(archive.pages.filter((one) => one.includes("V-1-0")).length - 1);
    expect(repeated.length).toBeGreaterThan(0);
  });

  it("are tagged: headings, tables with heads, pictures with a text in their place", () => {
    for (const read of [archive, accessible]) {
      const kinds = ["H1", "H2", "TH", "TD", "Caption", "Figure", "L", "TOC", "Link", "Code"];
      expect(kinds.filter((kind) => !read.kinds.has(kind))).toEqual([]);
      expect(read.kinds.get("H1")).toBe(1 + document.sections.length);
      expect(read.alternatives).toContain("Die Zahl schwankt zwischen 1 und 12.");
    }
  });

  it("have bookmarks, language and title, and say what standard they hold to", () => {
    expect(archive.bookmarks).toEqual(
      [
        ...["1 Zusammenfassung für die Leitung", "2 Lage", "Vorfälle nach Schwere", "Verlauf"],
        ...["3 Kennzahlen im Einzelnen", "4 Vorfälle im Einzelnen", "A Anhang: Begriffe"],
      ].map((title) => title.replace(/^(\S) /, "$1\u2002")),
    );
    expect(archive.language).toMatch(/^de/);
    expect(archive.title).toMatch(/^Bericht zur Informationssicherheit – Landkreis Musterheide/);
    expect(archive.metadata).toContain("<pdfaid:part>3</pdfaid:part>");
    expect(archive.metadata).toContain("<pdfaid:conformance>A</pdfaid:conformance>");
    expect(accessible.metadata).toContain("<pdfuaid:part>1</pdfuaid:part>");
    expect(archive.metadata).toContain("2027-01-04T06:30:00Z");
  });

  it("carry the figures and every table in the archive's file alone", () => {
    expect([...archive.attachments.keys()].sort()).toEqual([
      ...["bericht.json", "leer.csv", "monate.csv", "schwere.csv", "vorfaelle-1.csv", "wochen.csv"],
    ]);
    expect(archive.attachments.get("bericht.json")).toBe(document.attachments[0]?.content);
    expect(archive.attachments.get("schwere.csv")).toMatch(/^\ufeffSchwere;Vorfälle;/);
    expect(accessible.attachments.size).toBe(0);
  });

  it("are the same bytes for the same document, and others for another", async () => {
    const again = await renderPdfs(structuredClone(document), never);
    expect(again.archive.equals(pdfs.archive)).toBe(true);
    expect(again.accessible.equals(pdfs.accessible)).toBe(true);
    const other = await renderPdfs({ ...document, title: "Anderer Titel" }, never);
    expect(other.archive.equals(pdfs.archive)).toBe(false);
  });
});

describe("the process that sets them", () => {
  it("is ended when it takes too long", async () => {
    const limits = { timeMs: 1, heapMbMax: 256 };
    await expect(renderPdfs(document, never, limits)).rejects.toMatchObject({
      ...{ code: "HW_UNAVAILABLE", message: "not ready after 0.001 s" },
    });
  });

  it("is ended when nobody waits any more", async () => {
    const asked = new AbortController();
    const waiting = renderPdfs(document, asked.signal);
    asked.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
  });
});

describe("hostile texts", () => {
  it("stand in every place as what they are", async () => {
    const hostile = hostileDocument();
    const read = await readPdf((await renderPdfs(hostile, never)).archive);
    const all = dense(read.pages.join(" "));
    expect(all).toContain(dense("<script>alert(1)</script>"));
    expect(all).toContain(dense('#import "x"; #read("/etc/passwd") $x$ *fett*'));
    expect(all).toContain("links⟨U+202E⟩gnudlob⟨U+202C⟩rechts");
    expect(all).toContain("half⟨U+D800⟩pair⟨U+DC00⟩");
    expect(all).toContain("⟨U+6F22⟩⟨U+5B57⟩");
    expect(all).toContain("xxxx…⟨gekürzt⟩");
    expect(all).not.toMatch(/root:|\u202e|\u200b/);
  });
});
