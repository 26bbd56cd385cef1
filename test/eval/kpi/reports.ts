// What the report's JSON, its CSV and its two PDF say of the KPIs, against the KPI service's figures. The
// sections about KPIs of many histories are set as one PDF: setting each by itself would only take longer.
import assert from "node:assert/strict";
import { documentOf } from "../../../services/report/document/report-document.ts";
import { csvFiles } from "../../../services/report-document/csv.ts";
import type { ReportDocument, Section } from "../../../services/report-document/document.ts";
import { renderPdfs } from "../../../services/report-document/pdf.ts";
import type { KpiFigures, Statistics } from "../../../services/store/kpi.ts";
import { durationWords, ratioWords, shareWords } from "../../../services/store/kpi-words.ts";
import { readPdf } from "../../support/pdf-text.ts";
import type { Shown } from "./installation.ts";
import type { Tally } from "./tally.ts";

/** Two sections each, and a document has at most 40. */
export const HISTORIES_PER_PDF = 20;
const KPI_SECTIONS = ["1", "3"];
const NONE = "–";
const EDITION = { author: "Landkreis Beispiel", reference: undefined } as const;
const DURATIONS = ["corrective", "identification", "recovery"] as const;

export function compareJson({ name, report, quarter, months }: Shown, tally: Tally): void {
  const { kpi } = report.sections;
  tally.sameAll(`${name} JSON figures`, kpi.figures, quarter.figures);
  tally.same(`${name} JSON input`, kpi.inputHash, quarter.inputHash);
  for (const line of kpi.months) {
    const month = months.find(({ period }) => period.name === line.name);
    // A month before or after everything has no document.
    if (month !== undefined)
      tally.sameAll(`${name} JSON ${line.name}`, line, lineOf(month.figures, line.name));
  }
}

export function compareCsv({ name, report, quarter, months }: Shown, tally: Tally): void {
  const files = new Map(
    csvFiles(documentOf(report, EDITION, "full")).map((file) => [file.name, file.content]),
  );
  const durations = cellsOf(files.get("kennzahlen-dauern.csv"));
  DURATIONS.forEach((kpi, at) => {
    const figures = quarter.figures[kpi];
    const open = kpi === "identification" ? undefined : quarter.figures[kpi].open;
    const { n, meanS, medianS, p90S, minS, maxS } = figures;
    const meant = [n, meanS, medianS, p90S, minS, maxS, open?.n, open?.lowerBoundMeanS];
    tally.sameAll(`${name} CSV ${kpi}`, durations[at]?.slice(1), meant.map(csvText));
  });
  const byMonth = new Map(months.map((month) => [month.period.name, month.figures]));
  cellsOf(files.get("kennzahlen-monate.csv")).forEach((cells, at) => {
    const figures = byMonth.get(report.sections.kpi.months[at]?.name ?? "");
    if (figures === undefined) return;
    const { corrective, identification, recovery, falseAlarms, containment } = figures;
    const meant = [
      identifiedOf(figures),
      ...[corrective.meanS, identification.meanS, recovery.meanS],
      ...[falseAlarms?.perIncident, containment.share, recovery.open.n],
    ];
    tally.sameAll(`${name} CSV month ${at}`, cells.slice(1), meant.map(csvText));
  });
}

/** @param all at most HISTORIES_PER_PDF */
export async function comparePdf(all: readonly Shown[], tally: Tally): Promise<void> {
  const [first] = all;
  if (first === undefined) return;
  const sections = all.flatMap((shown, at) =>
    documentOf(shown.report, EDITION, "full")
      .sections.filter(({ number }) => KPI_SECTIONS.includes(number))
      .map((section) => renamed(section, at)),
  );
  const document: ReportDocument = {
    ...documentOf(first.report, EDITION, "full"),
    ...{ sections, attachments: [] },
  };
  const pdfs = await renderPdfs(document, new AbortController().signal);
  for (const [standard, bytes] of Object.entries(pdfs)) {
    const { pages } = await readPdf(bytes);
    const text = dense(pages.join(" "));
    let from = 0;
    all.forEach((shown, at) => {
      for (const line of wordsOf(shown)) {
        const found = text.indexOf(dense(line), from);
        const where = `${shown.name} PDF ${standard} history ${at}`;
        tally.same(where, found === -1 ? null : line, line);
        if (found !== -1) from = found;
      }
    });
  }
}

/** Lines of the tables about KPIs as people read them, made from the KPI service's figures, in their order. */
function wordsOf({ quarter: { figures }, months }: Shown): string[] {
  const { corrective, identification, recovery, falseAlarms, containment } = figures;
  const tiles = [
    ...[corrective.meanS, identification.meanS, recovery.meanS].map((value) => span(value)),
    falseAlarms?.perIncident == null ? "keine Daten" : ratioWords(falseAlarms.perIncident, "de"),
    containment.share === null ? "keine Daten" : shareWords(containment.share, "de"),
  ].map((value) => (value === NONE ? "keine Daten" : value));
  const durations = [corrective, identification, recovery].map((one) => {
    const open = "open" in one ? one.open : undefined;
    const rest = [String(open?.n ?? NONE), span(open?.lowerBoundMeanS ?? null)];
    return [...statisticsWords(one), ...rest].join("");
  });
  const known = new Set(["2026-10", "2026-11", "2026-12"]);
  const lines = months
    .filter(({ period }) => known.has(period.name))
    .toReversed()
    .map(({ figures: month }) => monthWords(month));
  return [...tiles, ...durations, ...lines];
}

function monthWords(figures: KpiFigures): string {
  const { corrective, identification, recovery, falseAlarms, containment } = figures;
  return [
    String(identifiedOf(figures)),
    ...[corrective, identification, recovery].map(({ meanS }) => span(meanS)),
    falseAlarms?.perIncident == null ? NONE : ratioWords(falseAlarms.perIncident, "de"),
    containment.share === null ? NONE : shareWords(containment.share, "de"),
    String(recovery.open.n),
  ].join("");
}

function statisticsWords({ n, meanS, medianS, p90S, minS, maxS }: Statistics): string[] {
  return [String(n), ...[meanS, medianS, p90S, minS, maxS].map(span)];
}

function span(seconds: number | null): string {
  return seconds === null ? NONE : durationWords(seconds, "de");
}

/** Numbers of sections and names of tables are unique in a document. */
function renamed(section: Section, at: number): Section {
  return {
    ...section,
    number: `${at * KPI_SECTIONS.length + KPI_SECTIONS.indexOf(section.number) + 1}`,
    blocks: section.blocks.map((block) =>
      block.kind === "table" || block.kind === "chart"
        ? { ...block, id: `${block.id}-${at}` }
        : block,
    ),
  };
}

function lineOf(figures: KpiFigures, name: string) {
  const { corrective, identification, recovery, falseAlarms, containment } = figures;
  return {
    ...{ name, identified: identifiedOf(figures) },
    ...{ correctiveS: corrective.meanS, correctiveN: corrective.n },
    ...{ identificationS: identification.meanS, identificationN: identification.n },
    ...{ recoveryS: recovery.meanS, recoveryN: recovery.n, open: recovery.open.n },
    falseAlarms: falseAlarms?.falseAlarms,
    falseAlarmsPerIncident: falseAlarms?.perIncident,
    ...{ contained: containment.contained, containedN: containment.n },
    containedShare: containment.share,
  };
}

function identifiedOf({ falseAlarms }: KpiFigures): number {
  assert(falseAlarms !== null, "the whole tenant has K4");
  return falseAlarms.incidents;
}

/** Rows behind the head; our own tables about KPIs have no cell that needs quoting. */
function cellsOf(csv: string | undefined): string[][] {
  assert(csv !== undefined, "the table has its CSV");
  const lines = csv.replace("\ufeff", "").split("\r\n").slice(1, -1);
  return lines.map((line) => line.split(";"));
}

function csvText(value: number | null | undefined): string {
  return value == null ? "" : String(value);
}

/** A break of lines within a cell is a blank for who reads the places of letters. */
function dense(text: string): string {
  return text.replace(/[\s\u00ad]+/g, "");
}
