// The document as the data that report.typ sets: every text made visible, drawable and breakable. Texts
// reach Typst as strings of a JSON file, never as source, so that no text of theirs becomes markup or code.
import { chartSvg } from "./chart-svg.ts";
import { columnWidths, isCrowded } from "./column-widths.ts";
import { csvFiles } from "./csv.ts";
import type {
  Block,
  ChartBlock,
  KeyValue,
  ReportDocument,
  Run,
  Section,
  TableBlock,
  Text,
  Tile,
} from "./document.ts";
import { canDraw } from "./fonts.ts";
import { outsideAddress } from "./markup.ts";
import { DOCUMENT_MESSAGES, LIGHT_SIGNS, NOTE_SIGNS, TREND_SIGNS } from "./messages.ts";
import { rowsNote } from "./rows-note.ts";
import { shownTableOfChart } from "./table-of-chart.ts";
import {
  CELL_CHARACTERS_MAX,
  LINE_CHARACTERS_MAX,
  TEXT_CHARACTERS_MAX,
  visibleText,
} from "./visible-text.ts";

/** Takes a few lines even in a narrow column. */
const SHORT_CELL_CHARACTERS_MAX = 150;

/** A plain text, or runs: text, style, place in the document or outside. */
type SetText = string | { t: string; s?: string; to?: string; url?: string }[];

interface EmbeddedFile {
  readonly path: string;
  readonly content: string;
}

export interface TypstData {
  /** Of report.typ. */
  readonly json: string;
  readonly embedded: readonly EmbeddedFile[];
}

/** What is set; the attachments and CSV go with it only where the standard carries them. */
export function typstData(document: ReportDocument, embeds: boolean): TypstData {
  const messages = DOCUMENT_MESSAGES[document.language];
  const created = new Date(document.createdAt);
  const [page = "", of = ""] = messages.page("\n", "\n").split("\n");
  const files = embeds ? attached(document) : [];
  const data = {
    ...{ title: line(document.title), subtitle: line(document.subtitle) },
    ...{ tenant: line(document.tenant.name), period: line(document.period.label) },
    ...{ author: line(document.author), mark: line(document.mark ?? "") },
    created: {
      ...{ year: created.getUTCFullYear(), month: created.getUTCMonth() + 1 },
      ...{ day: created.getUTCDate(), hour: created.getUTCHours() },
      ...{ minute: created.getUTCMinutes(), second: created.getUTCSeconds() },
    },
    meta: document.meta.map((one) => setMeta(one, document)),
    words: { page, of, contents: messages.contents, target: messages.target },
    sections: document.sections.map((section) => setSection(section, document)),
    attachments: files.map(({ content: _, ...file }) => file),
  };
  return { json: JSON.stringify(data), embedded: files };
}

function setMeta({ key, value }: KeyValue, document: ReportDocument): [string, SetText] {
  return [line(key), setText(value, document)];
}

function attached(document: ReportDocument) {
  const own = document.attachments.map((one) => ({
    ...{ name: one.name, mime: one.mediaType, content: one.content.toWellFormed() },
    ...{ relationship: one.relationship.toLowerCase(), description: line(one.description) },
  }));
  const tables = csvFiles(document).map((one) => ({
    ...{ name: one.name, mime: "text/csv", content: one.content },
    ...{ relationship: "data", description: line(one.caption) },
  }));
  return [...own, ...tables].map((one, index) => ({ ...one, path: `embedded/${index}` }));
}

function setSection(section: Section, document: ReportDocument) {
  return {
    ...{ number: line(section.number), title: line(section.title) },
    ...{ label: labelOf(section.number, document), startsPage: section.startsPage === true },
    blocks: section.blocks.map((block) => setBlock(block, document)),
  };
}

function labelOf(number: string, document: ReportDocument): string {
  const at = document.sections.findIndex((one) => one.number === number && number !== "");
  return at < 0 ? "" : `section-${at}`;
}

function setBlock(block: Block, document: ReportDocument): Record<string, unknown> {
  switch (block.kind) {
    case "paragraph":
      return { kind: block.kind, text: setText(block.text, document) };
    case "heading":
      return { kind: block.kind, text: line(block.text) };
    case "list": {
      const items = block.items.map((item) => setText(item, document));
      return { kind: block.kind, ordered: block.isOrdered === true, items };
    }
    case "code":
      return { kind: block.kind, text: lines(block.text) };
    case "pageBreak":
      return { kind: block.kind };
    case "note":
      return {
        ...{ kind: block.kind, tone: block.tone, title: line(block.title) },
        sign: NOTE_SIGNS[block.tone],
        text: setText(block.text, document),
      };
    case "table":
      return setTable(block, document);
    case "tiles":
      return { kind: block.kind, tiles: block.tiles.map(setTile) };
    case "chart":
      return setChart(block, document);
  }
}

function isShort(cell: Text): boolean {
  const characters =
    typeof cell === "string" ? cell.length : cell.reduce((sum, run) => sum + run.text.length, 0);
  return characters <= SHORT_CELL_CHARACTERS_MAX;
}

function setTable(table: TableBlock, document: ReportDocument): Record<string, unknown> {
  const messages = DOCUMENT_MESSAGES[document.language];
  const widths = columnWidths(table);
  const cells = table.rows.flatMap((row) =>
    row.map((cell) => setText(cell, document, CELL_CHARACTERS_MAX)),
  );
  const notes = [rowsNote(table, document.language), table.note ?? ""].filter((one) => one !== "");
  return {
    ...{ kind: "table", caption: line(table.caption), cells, isCrowded: isCrowded(table) },
    hasShortCells: table.rows.every((row) => row.every(isShort)),
    columns: table.columns.map((column, at) => ({
      ...{ header: line(column.header), align: column.align ?? "left" },
      ...{ weight: widths[at] ?? 1, isRowHeader: column.isRowHeader === true },
    })),
    note: line(notes.join(" ")),
    empty: table.rows.length === 0 ? line(table.emptyText ?? messages.noRows) : "",
  };
}

function setTile(tile: Tile): Record<string, unknown> {
  const { trend, light } = tile;
  return {
    ...{ label: line(tile.label), value: line(tile.value), target: line(tile.target ?? "") },
    basis: line(tile.basis ?? ""),
    trend: trend === undefined ? "" : `${TREND_SIGNS[trend.direction]} ${line(trend.text)}`,
    sign: light === undefined ? "" : LIGHT_SIGNS[light.state],
    light: light === undefined ? "" : line(light.text),
    state: light?.state ?? "",
    command: line(tile.command ?? ""),
  };
}

function setChart(chart: ChartBlock, document: ReportDocument): Record<string, unknown> {
  return {
    ...{ kind: "chart", title: line(chart.title), alt: line(chart.alt) },
    svg: chartSvg(chart, canDraw),
    table: setTable(shownTableOfChart(chart, document.language), document),
  };
}

function setText(
  text: Text,
  document: ReportDocument,
  charactersMax: number = TEXT_CHARACTERS_MAX,
): SetText {
  if (typeof text === "string") return line(text, charactersMax);
  return text.map((run) => setRun(run, document, charactersMax));
}

function setRun(run: Run, document: ReportDocument, charactersMax: number) {
  const { link, style } = run;
  const to = link !== undefined && "section" in link ? labelOf(link.section, document) : "";
  const url = link !== undefined && "url" in link ? outsideAddress(link.url) : undefined;
  return {
    t: line(run.text, charactersMax),
    ...(style === undefined ? {} : { s: style }),
    ...(to === "" ? {} : { to }),
    ...(url === undefined ? {} : { url }),
  };
}

function line(text: string, charactersMax: number = LINE_CHARACTERS_MAX): string {
  return breakable(visibleText(text, { charactersMax, canDraw }));
}

function lines(text: string): string {
  const seen = visibleText(text, { charactersMax: TEXT_CHARACTERS_MAX, keepsLines: true, canDraw });
  return seen.split("\n").map(breakable).join("\n");
}

/** Longest run without a blank that is left alone, and how far apart breaks are allowed in longer ones. */
const UNBROKEN_MAX = 20;
const BREAK_EVERY = 12;
const LONG = new RegExp(`[^\\s]{${UNBROKEN_MAX + 1},}`, "g");

/** Allows breaks in hashes, paths and names of machines, which would run out of their column. Words of
 * letters alone are hyphenated instead, unless they are too long for any language. */
function breakable(text: string): string {
  return text.replace(LONG, (run) => {
    if (run.length < UNBROKEN_MAX * 2 && /^[\p{L}\p{P}]+$/u.test(run) && !/[/\\._:@]/.test(run))
      return run;
    const parts = run.replace(/(?<=[/\\._:@=&?,;])(?=[^\s/\\._:@=&?,;])/g, "\u200b");
    return parts
      .split("\u200b")
      .map((part) => (part.length > BREAK_EVERY * 2 ? chunks(part) : part))
      .join("\u200b");
  });
}

function chunks(part: string): string {
  const characters = part.match(/⟨[^⟩]{1,20}⟩|./gsu) ?? [];
  const found: string[] = [];
  for (let at = 0; at < characters.length; at += BREAK_EVERY)
    found.push(characters.slice(at, at + BREAK_EVERY).join(""));
  return found.join("\u200b");
}
