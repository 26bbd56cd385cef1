// How long the forms of a report take: both PDF of some 60 pages with tables of 500 rows, read back for
// their pages, and the HTML page.
import { renderHtml } from "../../services/report-document/html.ts";
import { renderPdfs } from "../../services/report-document/pdf.ts";
import { sampleDocument } from "../services/report-document/sample-document.ts";
import { readPdf } from "../support/pdf-text.ts";
import { printFigure } from "./figure.ts";

const RUNS = 5;
const document = sampleDocument({ tables: 3, rows: 500 });

let started = performance.now();
const html = renderHtml(document);
printFigure("report.html_ms", performance.now() - started, "ms", { bytes: html.length });

const times: number[] = [];
for (let run = 0; run < RUNS; run += 1) {
  started = performance.now();
  const { archive } = await renderPdfs(document, new AbortController().signal);
  times.push(performance.now() - started);
  if (run > 0) continue;
  const { pages } = await readPdf(archive);
  printFigure("report.pdf_pages", pages.length, "pages", { bytes: archive.length });
}
times.sort((a, b) => a - b);
printFigure("report.pdfs_median_ms", times[Math.floor(RUNS / 2)] ?? Number.NaN, "ms", {
  ...{ n: RUNS, min: times[0], max: times.at(-1), what: "PDF/A-3a and PDF/UA-1 together" },
});
