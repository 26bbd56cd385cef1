// A long document that has every block, with figures of no meaning, for the tests of its forms and for
// looking at them. Nothing in it comes from an installation.
import type {
  Block,
  ChartBlock,
  ReportDocument,
  Section,
  TableBlock,
  Tile,
} from "../../../services/report-document/document.ts";

export interface SampleSize {
  readonly tables: number;
  readonly rows: number;
}

const TYPES = ["Schadprogramm", "Anmeldeversuche", "Datenabfluss", "Fehlkonfiguration"];
const SEVERITIES = ["niedrig", "mittel", "hoch", "kritisch"];

export function sampleDocument(size: SampleSize = { tables: 1, rows: 40 }): ReportDocument {
  return {
    title: "Bericht zur Informationssicherheit",
    subtitle: "Bericht an den ISB nach ISO/IEC 27001 und BSI IT-Grundschutz",
    language: "de",
    tenant: { id: "lk", name: "Landkreis Musterheide" },
    period: {
      label: "4. Quartal 2026 (1. Oktober bis 31. Dezember 2026)",
      fromMs: Date.UTC(2026, 8, 30, 22),
      untilMs: Date.UTC(2026, 11, 31, 23),
    },
    createdAt: Date.UTC(2027, 0, 4, 6, 30, 0),
    author: "Heidewacht",
    fileName: "isb-bericht-lk-2026-q4",
    mark: "Simulierte Daten",
    meta: [
      { key: "Zeitraum", value: "1. Oktober 2026, 00:00 Uhr bis 31. Dezember 2026, 24:00 Uhr" },
      { key: "Stand der Daten", value: "4. Januar 2027, 07:30 Uhr" },
      { key: "Definition der Kennzahlen", value: "Fassung 3" },
      { key: "Prüfsumme der Daten", value: [{ text: "3f2a".repeat(16), style: "code" }] },
      { key: "Anteil KI", value: "0 von 14 Seiten von einem Sprachmodell geschrieben" },
    ],
    sections: [
      management(),
      situation(),
      figures(),
      ...Array.from({ length: size.tables }, (_, index) => records(index, size.rows)),
      annex(),
    ],
    attachments: [
      {
        name: "bericht.json",
        mediaType: "application/json",
        content: JSON.stringify({ period: "2026-Q4", incidents: 42 }),
        relationship: "Source",
        description: "Zahlen des Berichts, maschinenlesbar",
      },
    ],
    filing: {
      documentType: "Bericht an den ISB",
      retention: "10 Jahre nach Ende des Zeitraums (Vorschlag, ungeprüft)",
      reference: "FD 03 – 14.2/2026",
    },
  };
}

function management(): Section {
  const tile = (label: string, value: string, more: Omit<Tile, "label" | "value">): Tile => ({
    ...{ label, value, basis: "n = 42", command: "heidewacht kpi --period 2026-Q4 --tenant lk" },
    ...more,
  });
  return {
    number: "1",
    title: "Zusammenfassung für die Leitung",
    startsPage: true,
    blocks: [
      {
        kind: "paragraph",
        text: [
          { text: "Im Berichtszeitraum wurden " },
          { text: "42 Vorfälle", style: "strong" },
          { text: " abgeschlossen, 3 sind offen. Einzelheiten stehen in " },
          { text: "Abschnitt 2", link: { section: "2" } },
          { text: "." },
        ],
      },
      {
        kind: "tiles",
        tiles: [
          tile("K1 Zeit bis zur Entdeckung", "4 h 12 min", {
            target: "≤ 8 h",
            trend: { direction: "down", text: "−18 % gegen Q3" },
            light: { state: "met", text: "Ziel erreicht" },
          }),
          tile("K2 Zeit bis zur Bestätigung", "14 min", {
            target: "≤ 15 min",
            trend: { direction: "level", text: "wie in Q3" },
            light: { state: "near", text: "knapp erreicht" },
          }),
          tile("K3 Zeit bis zur Wiederherstellung", "31 h 05 min", {
            target: "≤ 24 h",
            trend: { direction: "up", text: "+22 % gegen Q3" },
            light: { state: "missed", text: "Ziel verfehlt" },
          }),
          tile("K4 Fehlalarme je Vorfall", "2,7", {
            target: "≤ 3",
            trend: { direction: "down", text: "−0,4 gegen Q3" },
            light: { state: "met", text: "Ziel erreicht" },
          }),
          tile("K5 Anteil selbst entdeckter Vorfälle", "k. A.", {
            trend: { direction: "unknown", text: "kein Vergleich" },
            light: { state: "unknown", text: "zu wenige Vorfälle" },
          }),
        ],
      },
      {
        kind: "list",
        isOrdered: true,
        items: [
          "Die Entdeckung wurde schneller, weil zwei Quellen nicht mehr verspätet liefern.",
          "Die Wiederherstellung dauerte länger: Ein Vorfall der Stufe kritisch band 61 Stunden.",
          "Bei den Fehlalarmen wirkt die Abstimmung von drei Regeln.",
        ],
      },
      {
        kind: "note",
        tone: "warning",
        title: "Ungeprüft",
        text: "Die Zuordnung der Maßnahmen hat der ISB noch nicht bestätigt.",
      },
    ],
  };
}

function situation(): Section {
  return {
    number: "2",
    title: "Lage",
    startsPage: true,
    blocks: [
      { kind: "heading", text: "Vorfälle nach Schwere" },
      {
        kind: "table",
        id: "schwere",
        caption: "Vorfälle nach Schwere",
        columns: [
          { header: "Schwere", isRowHeader: true, weight: 2 },
          { header: "Vorfälle", align: "right" },
          { header: "davon offen", align: "right" },
        ],
        rows: SEVERITIES.map((name, index) => [name, String(17 - index * 4), String(index % 2)]),
        note: "Ohne Übungen.",
      },
      { kind: "heading", text: "Verlauf" },
      chart("wochen", "line"),
      chart("monate", "bar"),
      {
        kind: "list",
        items: [
          "Übungen sind gekennzeichnet und nicht gezählt.",
          [
            { text: "Grundlage: " },
            { text: "BSI IT-Grundschutz", link: { url: "https://www.bsi.bund.de/grundschutz" } },
            { text: " und " },
            { text: "nichts Böses", link: { url: "javascript:alert(1)" } },
          ],
        ],
      },
    ],
  };
}

function chart(id: string, shape: "line" | "bar"): ChartBlock {
  return {
    kind: "chart",
    ...{ id, shape, unit: "Vorfälle", digits: 0 },
    title: shape === "line" ? "Vorfälle je Woche" : "Vorfälle und Fehlalarme je Monat",
    alt: "Die Zahl schwankt zwischen 1 und 12.",
    pointsName: shape === "line" ? "Woche" : "Monat",
    points:
      shape === "line"
        ? Array.from({ length: 13 }, (_, index) => `KW ${40 + index}`)
        : ["Oktober", "November", "Dezember"],
    series:
      shape === "line"
        ? [{ name: "Vorfälle", values: [3, 4, 2, null, 6, 7, 12, 9, 4, 3, 2, 1, 5] }]
        : [
            { name: "Vorfälle", values: [11, 9, 12] },
            { name: "Fehlalarme", values: [31, 22, 27] },
          ],
    ...(shape === "line" ? { target: { name: "Ziel", value: 5 } } : {}),
  };
}

function figures(): Section {
  return {
    number: "3",
    title: "Kennzahlen im Einzelnen",
    blocks: [
      { kind: "paragraph", text: `${"Eine Kennzahl nennt, worauf sie beruht. ".repeat(6).trim()}` },
      {
        kind: "code",
        text: "heidewacht kpi --period 2026-Q4 --tenant lk\nheidewacht audit verify",
      },
      ...(["info", "success", "danger"] as const).map((tone) => ({
        ...{ kind: "note" as const, tone, title: `Hinweis ${tone}` },
        text: "Ausgeschlossen: 2 Vorfälle ohne Zeitpunkt der ersten Kompromittierung.",
      })),
      {
        kind: "table",
        id: "leer",
        caption: "Revisionen",
        columns: [{ header: "Revision" }, { header: "Änderung", weight: 3 }],
        rows: [],
        emptyText: "Keine Revisionen in diesem Zeitraum.",
      },
    ],
  };
}

function records(index: number, rows: number): Section {
  const row = (at: number): string[] => [
    `V-${index + 1}-${String(at + 1).padStart(4, "0")}`,
    TYPES[at % TYPES.length] ?? "",
    SEVERITIES[(at * 7) % SEVERITIES.length] ?? "",
    `${String((at % 28) + 1).padStart(2, "0")}.10.2026 08:${String(at % 60).padStart(2, "0")}`,
    `host-${(at * 7919) % 997}.example.internal`,
    `${(at * 13) % 90} min`,
    at % 5 === 0 ? "Wirksamkeitsprüfung der Gegenmaßnahmen steht aus" : "abgeschlossen",
  ];
  const all = Array.from({ length: rows * 2 }, (_, at) => row(at));
  const table: TableBlock = {
    kind: "table",
    id: `vorfaelle-${index + 1}`,
    caption: "Vorfälle, pseudonym",
    columns: [
      { header: "Kennung", isRowHeader: true, weight: 1.1 },
      { header: "Art", weight: 1.5 },
      { header: "Schwere", weight: 0.9 },
      { header: "Entdeckt", weight: 1.5 },
      { header: "Objekt", weight: 1.7 },
      { header: "K1", align: "right", weight: 0.8 },
      { header: "Stand", weight: 2 },
    ],
    rows: all.slice(0, rows),
    csvRows: all,
  };
  return {
    number: `${4 + index}`,
    title: "Vorfälle im Einzelnen",
    startsPage: true,
    blocks: [table],
  };
}

function annex(): Section {
  return {
    number: "A",
    title: "Anhang: Begriffe",
    blocks: [{ kind: "paragraph", text: "Befund, Vorfall, Bewertung: siehe Handbuch." }],
  };
}

/** What an attacker would have a report say. */
export const HOSTILE_TEXTS: readonly string[] = [
  "<script>alert(1)</script>",
  '#import "x"; #read("/etc/passwd") $x$ *fett* _kursiv_ @label <label>',
  "links \u202egnudlob\u202c rechts",
  "half \ud800 pair \udc00",
  "null \u0000 escape \u001b[31m bell \u0007",
  "zero\u200bwidth \ufeff \u00ad",
  '=HYPERLINK("http://example.invalid")',
  "привет 漢字 مرحبا 🙂 \u{e0041}",
  `a${"\u0301".repeat(200)}`,
  "x".repeat(1_000_000),
  "]]> --> */ \" ' & ; \\ \n\r\n\u2028 Zeile",
  "\uffff\ufffe\ue000",
];

/** A document that holds every hostile text in every place. */
export function hostileDocument(): ReportDocument {
  const all = HOSTILE_TEXTS.join(" ").slice(0, 400);
  return {
    ...sampleDocument(),
    ...{ title: all, subtitle: all, mark: all, author: all, tenant: { id: "x", name: all } },
    meta: HOSTILE_TEXTS.map((text) => ({ key: text, value: text })),
    sections: HOSTILE_TEXTS.map((text, index) => ({
      number: `${index}`,
      title: text,
      blocks: hostileBlocks(text, index),
    })),
  };
}

function hostileBlocks(text: string, index: number): Block[] {
  const run = [
    { text, style: "code" as const, link: { url: text } },
    { text, link: { section: text } },
  ];
  return [
    { kind: "paragraph", text: run },
    { kind: "heading", text },
    { kind: "code", text },
    { kind: "list", items: [text, run] },
    { kind: "note", tone: "danger", title: text, text },
    {
      ...{ kind: "table", id: `t${index}`, caption: text, note: text },
      columns: [{ header: text }, { header: text }],
      rows: [[text, run]],
    },
    {
      kind: "table",
      id: `e${index}`,
      caption: text,
      columns: [{ header: text }],
      rows: [],
      emptyText: text,
    },
    {
      kind: "tiles",
      tiles: [
        {
          ...{ label: text, value: text, target: text, basis: text, command: text },
          trend: { direction: "up", text },
          light: { state: "near", text },
        },
      ],
    },
    {
      ...{ kind: "chart", id: `c${index}`, shape: "bar", title: text, alt: text, unit: text },
      ...{ pointsName: text, points: [text, text], series: [{ name: text, values: [1, null] }] },
      target: { name: text, value: 2 },
    },
  ];
}
