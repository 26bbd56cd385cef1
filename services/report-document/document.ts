// What a report says, before it has a form: plain data with its German text already in it. The contents
// are made elsewhere; from here come PDF, HTML, CSV and the hand-over to a document management system,
// so that all of them say the same. Any text may be hostile: whoever gives it here need not clean it.

export interface ReportDocument {
  /** `ISB-Bericht zur Informationssicherheit`. */
  readonly title: string;
  readonly subtitle: string;
  readonly language: "de";
  readonly tenant: { readonly id: string; readonly name: string };
  readonly period: ReportPeriod;
  /** Milliseconds UTC; comes from the data, never from the clock, so that the same data give the same files. */
  readonly createdAt: number;
  /** The authority or the program that answers for it, never a person's name. */
  readonly author: string;
  /** The files' name without an ending, of `a-z`, `0-9`, `.`, `_` and `-`: `isb-bericht-lk-2026-q4`. */
  readonly fileName: string;
  /** What every page says in its head besides, such as `Simulierte Daten` or `Nur für den Dienstgebrauch`. */
  readonly mark?: string;
  /** Lines of the cover: definition version, data hash, revision, share of AI. */
  readonly meta: readonly KeyValue[];
  readonly sections: readonly Section[];
  /** What is embedded in the PDF/A and lies beside it in the hand-over. The CSV of tables are not among them: they are made. */
  readonly attachments: readonly Attachment[];
  readonly filing: Filing;
}

interface ReportPeriod {
  /** `4. Quartal 2026 (1. Oktober bis 31. Dezember 2026)`. */
  readonly label: string;
  /** Milliseconds UTC, the end not included. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What a document management system has to know. */
interface Filing {
  /** `Bericht an den ISB`. */
  readonly documentType: string;
  /** What says how long it is kept: `10 Jahre nach Ende des Zeitraums (Vorschlag, ungeprüft)`. */
  readonly retention: string;
  /** File reference (Aktenzeichen), where there is one. */
  readonly reference?: string;
}

export interface KeyValue {
  readonly key: string;
  readonly value: Text;
}

interface Attachment {
  /** A file name without folders, unique in the document: `bericht.json`. */
  readonly name: string;
  readonly mediaType: string;
  readonly content: string;
  readonly relationship: "Source" | "Data" | "Supplement";
  readonly description: string;
}

/** A heading of the first level with what stands under it. */
export interface Section {
  /** `1`, `12`, `A`; links lead to it, so it is unique in the document. Empty: a heading without a number. */
  readonly number: string;
  readonly title: string;
  /** Begins a new page. */
  readonly startsPage?: boolean;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: "paragraph"; readonly text: Text }
  /** Level below the section's heading. */
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "list"; readonly isOrdered?: boolean; readonly items: readonly Text[] }
  /** Lines to be typed or compared: commands, hashes. Breaks of lines are kept. */
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "pageBreak" }
  | NoteBlock
  | TableBlock
  | TilesBlock
  | ChartBlock;

/** A text, or runs of text. */
export type Text = string | readonly Run[];

export interface Run {
  readonly text: string;
  readonly style?: "strong" | "code";
  /** `{ section: "5" }` leads to that section, `{ url }` out of the document: http and https only, others stay text. */
  readonly link?: { readonly section: string } | { readonly url: string };
}

export interface NoteBlock {
  readonly kind: "note";
  readonly tone: "info" | "success" | "warning" | "danger";
  /** `Hinweis`, `Offen`: what says the tone in words. */
  readonly title: string;
  readonly text: Text;
}

export interface TableBlock {
  readonly kind: "table";
  /** Of `a-z`, `0-9`, `_` and `-`, unique in the document: gives the CSV its name (`vorfaelle` → `vorfaelle.csv`). */
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  /** As many cells as columns. */
  readonly rows: readonly (readonly Text[])[];
  /** Rows of the CSV, where it has more than is shown; the note "x von y Zeilen, alle in …" then is made. */
  readonly csvRows?: readonly (readonly string[])[];
  /** What stands under it: `Ohne Übungen.` */
  readonly note?: string;
  /** What stands in place of rows when there are none; else `Keine Einträge.` */
  readonly emptyText?: string;
}

export interface TableColumn {
  readonly header: string;
  /** Figures stand right. `left` when not said. */
  readonly align?: "left" | "right" | "center";
  /** Share of the width against the other columns; 1 when not said. */
  readonly weight?: number;
  /** Its cells name their rows (scope row). */
  readonly isRowHeader?: boolean;
}

/** Figures large, side by side. Symbols are set by the form, so that no meaning hangs on colour. */
interface TilesBlock {
  readonly kind: "tiles";
  readonly tiles: readonly Tile[];
}

export interface Tile {
  readonly label: string;
  /** Figure with unit: `4 h 12 min`, `k. A.` */
  readonly value: string;
  /** `≤ 8 h` */
  readonly target?: string;
  /** What it rests on: `n = 42`. */
  readonly basis?: string;
  /** `{ direction: "down", text: "−18 % gegen Q3" }` */
  readonly trend?: {
    readonly direction: "up" | "down" | "level" | "unknown";
    readonly text: string;
  };
  /** `{ state: "met", text: "Ziel erreicht" }` */
  readonly light?: { readonly state: "met" | "near" | "missed" | "unknown"; readonly text: string };
  /** Command that gives the figure again. */
  readonly command?: string;
}

/** A small picture of figures; its values stand under it as a table. */
export interface ChartBlock {
  readonly kind: "chart";
  /** As of a table: gives the CSV of its values. */
  readonly id: string;
  readonly shape: "line" | "bar";
  readonly title: string;
  /** What those see who don't see the picture: `Vorfälle je Woche: steigt von 3 auf 9.` */
  readonly alt: string;
  /** `Stunden` */
  readonly unit: string;
  /** Digits behind the comma; 0 when not said. */
  readonly digits?: number;
  /** What the points are: `Woche` */
  readonly pointsName: string;
  readonly points: readonly string[];
  /** As many values as points; `null` where there is none. */
  readonly series: readonly {
    readonly name: string;
    readonly values: readonly (number | null)[];
  }[];
  /** A line across. */
  readonly target?: { readonly name: string; readonly value: number };
}
