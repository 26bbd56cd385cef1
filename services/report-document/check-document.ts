// What a document has to hold to, asked once before it gets a form. Its makers are our own code, so a
// fault here is a programmer's; sizes are the data's, so these are told as an error that one can mend.
import assert from "node:assert/strict";
import { AppError } from "../../config/errors.ts";
import type { Block, ReportDocument, TableBlock } from "./document.ts";

/** Rows of one table that are printed; more belong into `csvRows`. */
export const TABLE_ROWS_MAX = 2_000;
/** Cells of all printed tables together; memory and time of the PDF go with them. */
const CELLS_MAX = 40_000;
const COLUMNS_MAX = 14;
const SECTIONS_MAX = 40;
const BLOCKS_MAX = 5_000;
const POINTS_MAX = 400;
const SERIES_MAX = 6;
/** All attachments together, in UTF-16 units. */
const ATTACHMENTS_CHARACTERS_MAX = 128 * 1024 * 1024;

const FILE_NAME = /^[a-z0-9][a-z0-9._-]{0,120}$/;
const ID = /^[a-z0-9][a-z0-9_-]{0,80}$/;

/**
 * @throws AppError HW_INPUT_TOO_LARGE when it has more than can be printed
 * @throws AssertionError when it is not built as document.ts says
 */
export function checkDocument(document: ReportDocument): void {
  assert.match(document.fileName, FILE_NAME, "name of the files");
  assert(Number.isSafeInteger(document.createdAt), "moment of creation");
  const { sections, attachments } = document;
  const blocks = sections.flatMap((section) => section.blocks);
  unique(sections.map((section) => section.number).filter((number) => number !== ""));
  unique(blocks.flatMap((block) => ("id" in block ? [block.id] : [])));
  unique([...attachments.map((one) => one.name), ...blocks.flatMap(csvNames)]);
  for (const { name } of attachments) assert.match(name, FILE_NAME, "name of an attachment");
  for (const block of blocks) checkBlock(block);
  atMost("sections", sections.length, SECTIONS_MAX);
  atMost("blocks", blocks.length, BLOCKS_MAX);
  atMost("cells", sum(blocks.map(cellsOf)), CELLS_MAX);
  const characters = sum(attachments.map((one) => one.content.length));
  atMost("characters of attachments", characters, ATTACHMENTS_CHARACTERS_MAX);
}

function checkBlock(block: Block): void {
  if (block.kind === "table") {
    assert.match(block.id, ID, "id of a table");
    atMost(`columns of ${block.id}`, block.columns.length, COLUMNS_MAX);
    atMost(`rows of ${block.id}`, block.rows.length, TABLE_ROWS_MAX);
    const width = block.columns.length;
    assert(width > 0, `table ${block.id} has columns`);
    for (const row of [...block.rows, ...(block.csvRows ?? [])])
      assert.equal(row.length, width, `cells of a row of table ${block.id}`);
  }
  if (block.kind === "chart") {
    assert.match(block.id, ID, "id of a chart");
    atMost(`points of ${block.id}`, block.points.length, POINTS_MAX);
    atMost(`series of ${block.id}`, block.series.length, SERIES_MAX);
    for (const { values } of block.series)
      assert.equal(values.length, block.points.length, `values of chart ${block.id}`);
  }
}

/** The file that a table or a chart gives. */
export function csvName(id: string): string {
  return `${id}.csv`;
}

function csvNames(block: Block): string[] {
  return "id" in block ? [csvName(block.id)] : [];
}

function cellsOf(block: Block): number {
  if (block.kind === "table") return tableCells(block);
  return block.kind === "chart" ? block.points.length * (block.series.length + 1) : 0;
}

function tableCells(table: TableBlock): number {
  return table.rows.length * table.columns.length;
}

function unique(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    assert(!seen.has(name), `${name} stands twice in the document`);
    seen.add(name);
  }
}

function atMost(what: string, count: number, max: number): void {
  if (count <= max) return;
  throw new AppError("HW_INPUT_TOO_LARGE", `the report has ${count} ${what}, at most ${max} fit`, {
    place: what,
    mend: "Choose a shorter period, or print fewer rows: the CSV may hold all of them.",
  });
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, one) => all + one, 0);
}
