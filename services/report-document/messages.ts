// The words that a form adds to a document's own. A document's language says which; so far there are
// German ones only, because the authority's reports are German.
import type { ReportDocument, Tile } from "./document.ts";

interface DocumentMessages {
  readonly contents: string;
  readonly skip: string;
  readonly page: (page: string, of: string) => string;
  readonly period: string;
  readonly tenant: string;
  readonly created: string;
  readonly rows: (shown: string, of: string, file: string) => string;
  readonly noRows: string;
  readonly values: string;
  readonly target: string;
  readonly command: string;
  readonly noValue: string;
  readonly attachments: string;
  readonly lights: Readonly<Record<NonNullable<Tile["light"]>["state"], string>>;
}

export const DOCUMENT_MESSAGES: Readonly<Record<ReportDocument["language"], DocumentMessages>> = {
  de: {
    contents: "Inhalt",
    skip: "Zum Inhalt springen",
    page: (page, of) => `Seite ${page} von ${of}`,
    period: "Zeitraum",
    tenant: "Mandant",
    created: "Stand der Daten",
    rows: (shown, of, file) => `${shown} von ${of} Zeilen, alle in ${file}.`,
    noRows: "Keine Einträge.",
    values: "Werte",
    target: "Ziel",
    command: "Nachrechnen",
    noValue: "–",
    attachments: "Eingebettete Dateien",
    lights: { met: "grün", near: "gelb", missed: "rot", unknown: "grau" },
  },
};

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
