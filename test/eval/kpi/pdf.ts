// What the report's two PDF say of the KPIs, against the KPI service's figures. The sections about KPIs of
// many histories are set as one PDF: setting each by itself would only take longer.
import { documentOf } from "../../../services/report/document/report-document.ts";
import type { ReportDocument, Section } from "../../../services/report-document/document.ts";
import { renderPdfs } from "../../../services/report-document/pdf.ts";
import type { KpiFigures } from "../../../services/store/kpi.ts";
import { durationWords, ratioWords, shareWords } from "../../../services/store/kpi-words.ts";
import { readPdf } from "../../support/pdf-text.ts";
import type { Shown } from "./installation.ts";
import { DURATIONS, EDITION, identifiedOf, linesOf, tileValues } from "./reports.ts";
import type { Tally } from "./tally.ts";

/** Two sections each, and a document has at most 40. */
export const HISTORIES_PER_PDF = 20;
const KPI_SECTIONS = ["1", "3"];
const NONE = "–";
const NO_DATA = "keine Daten";
const TILES = [
  "K1 Korrekturmaßnahmen",
  "K2 Kompromittierung bis Identifizierung",
  "K3 Erkennung bis Behebung",
  "K4 Fehlalarme je Vorfall",
  "K5 vor Schaden eingedämmt",
];

/**
 * The text of each PDF, by its standard.
 * @param all at most HISTORIES_PER_PDF
 */
export async function pdfTexts(all: readonly Shown[]): Promise<ReadonlyMap<string, string>> {
  const [first] = all;
  if (first === undefined) return new Map();
  const sections = all.flatMap((shown, at) =>
    documentOf(shown.report, EDITION, "full")
      .sections.filter(({ number }) => KPI_SECTIONS.includes(number))
      .map((section) => renamed(section, at)),
  );
  const document: ReportDocument = {
    ...documentOf(first.report, EDITION, "full"),
    ...{ sections, attachments: [] },
  };
  const texts = new Map<string, string>();
  for (const [standard, bytes] of Object.entries(
    await renderPdfs(document, new AbortController().signal),
  )) {
    texts.set(standard, (await readPdf(bytes)).pages.join(" "));
  }
  return texts;
}

/** @param texts of the same histories in the same order */
export function comparePdf(
  all: readonly Shown[],
  texts: ReadonlyMap<string, string>,
  tally: Tally,
): void {
  for (const [standard, text] of texts) {
    const reader = new Reader(text);
    for (const shown of all) {
      for (const { within, rows, end } of tablesOf(shown)) {
        reader.skipTo(within);
        rows.forEach(({ label, words }, at) => {
          const told = reader.between(label, rows[at + 1]?.label ?? end);
          tally.same(`${shown.name} PDF ${standard} ${within} ${label}`, told, dense(words));
        });
      }
    }
  }
}

interface Table {
  readonly within: string;
  readonly rows: readonly { readonly label: string; readonly words: string }[];
  /** What comes behind the last row. */
  readonly end: string;
}

/** What people read of the KPIs, made from the KPI service's figures, in the order in which they read it. */
function tablesOf(shown: Shown): Table[] {
  const { figures } = shown.quarter;
  const tiles = tileValues(figures).map((value, at) => ({
    within: TILES[at] ?? "",
    rows: [{ label: TILES[at] ?? "", words: tileWords(value, at) }],
    // The light; its words hang on targets, of which there are none.
    end: "○",
  }));
  const durations = DURATIONS.map((kpi, at) => ({
    label: TILES[at] ?? "",
    words: durationsWords(figures[kpi]),
  }));
  return [
    ...tiles,
    { within: "Dauern K1 bis K3", rows: durations, end: "In der CSV-Datei" },
    ...linesOf(shown).map(({ caption, lines }) => ({
      within: caption,
      rows: lines.map((one) => ({ label: one.words, words: lineWords(one.figures) })),
      end: "Nachrechnen",
    })),
  ];
}

function tileWords(value: number | null, at: number): string {
  if (value === null) return NO_DATA;
  if (at < DURATIONS.length) return span(value);
  return at === DURATIONS.length ? ratioWords(value, "de") : shareWords(value, "de");
}

function durationsWords(one: KpiFigures[(typeof DURATIONS)[number]]): string {
  const { n, meanS, medianS, p90S, minS, maxS } = one;
  const open = "open" in one ? one.open : undefined;
  const rest = [String(open?.n ?? NONE), span(open?.lowerBoundMeanS ?? null)];
  return [String(n), ...[meanS, medianS, p90S, minS, maxS].map(span), ...rest].join("");
}

function lineWords(figures: KpiFigures): string {
  const { corrective, identification, recovery, falseAlarms, containment } = figures;
  return [
    String(identifiedOf(figures)),
    ...[corrective, identification, recovery].map(({ meanS }) => span(meanS)),
    falseAlarms?.perIncident == null ? NONE : ratioWords(falseAlarms.perIncident, "de"),
    containment.share === null ? NONE : shareWords(containment.share, "de"),
    String(recovery.open.n),
  ].join("");
}

function span(seconds: number | null): string {
  return seconds === null ? NONE : durationWords(seconds, "de");
}

/** Goes through a text, never back: the same words stand in it for each history. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = dense(text);
  }

  /** To where the words begin; where they are missing, it stays. */
  skipTo(words: string): void {
    const found = this.#text.indexOf(dense(words), this.#at);
    if (found !== -1) this.#at = found;
  }

  /** What stands behind a label and before other words; null where one of the two is missing. */
  between(label: string, end: string): string | null {
    const found = this.#text.indexOf(dense(label), this.#at);
    if (found === -1) return null;
    const from = found + dense(label).length;
    const to = this.#text.indexOf(dense(end), from);
    if (to === -1) return null;
    this.#at = to;
    return this.#text.slice(from, to);
  }
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

/** A break of lines within a cell is a blank for who reads the places of letters, a parted word a hyphen. */
function dense(text: string): string {
  return text.replace(/[\s\u00ad-]+/g, "");
}
