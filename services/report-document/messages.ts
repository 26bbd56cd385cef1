// The words that a form adds to a document's own. A document's language says which; so far there are
// German ones only, because the authority's reports are German.
import type { NoteBlock, ReportDocument, Tile } from "./document.ts";

interface DocumentMessages {
  readonly contents: string;
  readonly skip: string;
  readonly page: (page: string, of: string) => string;
  readonly rows: (shown: string, of: string, file: string) => string;
  readonly noRows: string;
  readonly values: string;
  readonly target: string;
  readonly noValue: string;
  readonly schema: string;
}

export const DOCUMENT_MESSAGES: Readonly<Record<ReportDocument["language"], DocumentMessages>> = {
  de: {
    contents: "Inhalt",
    skip: "Zum Inhalt springen",
    page: (page, of) => `Seite ${page} von ${of}`,
    rows: (shown, of, file) => `${shown} von ${of} Zeilen, alle in ${file}.`,
    noRows: "Keine Einträge.",
    values: "Werte",
    target: "Ziel",
    noValue: "–",
    schema: "Schema der Metadaten",
  },
};

/** Behind a text that was too long. */
export const CUT_SIGN = " … ⟨gekürzt⟩";

/** Signs besides the words, so that no meaning hangs on colour: each has a shape of its own. */
export const LIGHT_SIGNS: Readonly<Record<NonNullable<Tile["light"]>["state"], string>> = {
  met: "●",
  near: "▲",
  missed: "■",
  unknown: "○",
};
export const TREND_SIGNS: Readonly<Record<NonNullable<Tile["trend"]>["direction"], string>> = {
  up: "↗",
  down: "↘",
  level: "→",
  unknown: "–",
};
export const NOTE_SIGNS: Readonly<Record<NoteBlock["tone"], string>> = {
  info: "●",
  success: "✓",
  warning: "▲",
  danger: "■",
};
