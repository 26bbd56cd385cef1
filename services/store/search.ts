// Search over the field index. The cost of a page is bounded: either the filter is narrow, then its
// documents are gathered and sorted; or it is wide, then the index of the first sort field is walked
// until the page is full. With n documents the cheaper of both looks at about √(n · limit) of them.
import { AppError } from "../../config/errors.ts";
import { numberOf, textOf } from "../sqlite/sqlite.ts";
import { type Cursor, readCursor, writeCursor } from "./cursor.ts";
import type { DocumentTable, KnownKind } from "./document-table.ts";
import { fieldKind, type IndexValue, indexValue } from "./field-index.ts";
import type { Kind, SearchPage, SearchQuery } from "./store.ts";
import { textQuery } from "./text-query.ts";

const ROWS_PER_PAGE_MAX = 10_000;
const COUNT_VALUES_MAX = 1000;
/** Counting beyond this to find the narrowest filter would cost more than it saves. */
const ESTIMATE_MAX = 5000;

interface Sql {
  readonly text: string;
  readonly values: readonly IndexValue[];
}

interface Filter {
  /** Selects each fitting `document` once. */
  readonly driver: Sql;
  /** Whether the document with this row number fits. */
  readonly probe: (row: string) => Sql;
}

export function searchDocuments<D>(
  table: DocumentTable,
  kind: Kind<D>,
  query: SearchQuery,
): SearchPage<D> {
  if (!Number.isInteger(query.limit) || query.limit < 1 || query.limit > ROWS_PER_PAGE_MAX)
    throw new AppError("HW_REQUEST_INVALID", `a page has 1 to ${ROWS_PER_PAGE_MAX} rows`);
  const known = table.kind(kind);
  for (const { field } of query.sort) fieldKind(kind, field);
  const cursor = query.cursor === undefined ? undefined : readCursor(query.sort, query.cursor);
  const filters = narrowestFirst(table, filtersOf(kind, known, query));
  const total = cursor?.total ?? countAll(table, known, filters);
  const documents = table.documents(known);
  // The root of the page query; see the head of this file.
  const walk = filters.length === 0 || query.limit * documents < total * total;
  const { text, values } = pageQuery(known, query, filters, cursor, walk);
  const found = table.database.prepare(text).all(...values, query.limit + 1);
  const rows = found.slice(0, query.limit).map(({ row }) => numberOf(row));
  const hits = table.byRows<D>(rows);
  const last = found.length > query.limit ? found[query.limit - 1] : undefined;
  if (last === undefined) return { hits, total, cursor: undefined };
  const sortValues = query.sort.map((_, index) => readValue(last[`value${index}`]));
  return {
    hits,
    total,
    cursor: writeCursor(query.sort, { values: sortValues, id: textOf(last.id), total }),
  };
}

/** Documents per value, largest first, at most COUNT_VALUES_MAX values. */
export function countDocuments<D>(
  table: DocumentTable,
  kind: Kind<D>,
  field: string,
  query: Pick<SearchQuery, "terms" | "ranges" | "text">,
): { value: string; documents: number }[] {
  const known = table.kind(kind);
  fieldKind(kind, field);
  const filters = narrowestFirst(table, filtersOf(kind, known, query));
  const [driver, ...rest] = filters;
  const id = fieldId(known, field);
  const probes = (driver === undefined ? [] : rest).map((filter) => filter.probe("f.document"));
  const from =
    driver === undefined
      ? { text: "field f", values: [] }
      : {
          text: `(${driver.driver.text}) d CROSS JOIN field f ON f.document = d.document`,
          values: driver.driver.values,
        };
  const rows = table.database
    .prepare(
      `SELECT f.value AS value, count(*) AS documents FROM ${from.text}
       WHERE f.field = ${id} AND f.value <> -9e999 ${andAll(probes)}
       GROUP BY f.value ORDER BY documents DESC, f.value LIMIT ${COUNT_VALUES_MAX}`,
    )
    .all(...from.values, ...probes.flatMap((probe) => probe.values));
  return rows.map((row) => ({
    value: String(readValue(row.value)),
    documents: numberOf(row.documents),
  }));
}

function filtersOf<D>(
  kind: Kind<D>,
  known: KnownKind,
  query: Pick<SearchQuery, "terms" | "ranges" | "text">,
): Filter[] {
  const filters: Filter[] = [];
  for (const [field, wanted] of Object.entries(query.terms ?? {})) {
    const type = fieldKind(kind, field);
    const values = [...new Set(wanted.map((value) => indexValue(type, value)))];
    filters.push(termsFilter(fieldId(known, field), values));
  }
  for (const [field, { gte, lt }] of Object.entries(query.ranges ?? {})) {
    fieldKind(kind, field);
    // MISSING lies below -MAX_VALUE and text above Infinity: both stay out.
    const bounds = [gte ?? -Number.MAX_VALUE, lt ?? Number.POSITIVE_INFINITY] as const;
    filters.push(rangeFilter(fieldId(known, field), bounds));
  }
  const words = query.text === undefined ? undefined : textQuery(query.text);
  if (words !== undefined) filters.push(textFilter(known.text?.table, words));
  return filters;
}

function termsFilter(field: number, values: readonly IndexValue[]): Filter {
  const list = `(${values.map(() => "?").join(", ")})`;
  return {
    driver: {
      // A document with several of the values comes by its lowest one only.
      text: `SELECT f.document FROM field f WHERE f.field = ${field} AND f.value IN ${list}
        AND (f.lowest = 1 OR NOT EXISTS (SELECT 1 FROM field g WHERE g.document = f.document
          AND g.field = ${field} AND g.value IN ${list} AND g.value < f.value))`,
      values: [...values, ...values],
    },
    probe: (row) => ({
      text: `EXISTS (SELECT 1 FROM field p WHERE p.document = ${row} AND p.field = ${field}
        AND p.value IN ${list})`,
      values,
    }),
  };
}

function rangeFilter(field: number, bounds: readonly [number, number]): Filter {
  return {
    driver: {
      text: `SELECT f.document FROM field f WHERE f.field = ${field}
        AND f.value >= ? AND f.value < ?
        AND (f.lowest = 1 OR NOT EXISTS (SELECT 1 FROM field g WHERE g.document = f.document
          AND g.field = ${field} AND g.value >= ? AND g.value < f.value))`,
      values: [...bounds, bounds[0]],
    },
    probe: (row) => ({
      text: `EXISTS (SELECT 1 FROM field p WHERE p.document = ${row} AND p.field = ${field}
        AND p.value >= ? AND p.value < ?)`,
      values: bounds,
    }),
  };
}

function textFilter(table: string | undefined, words: string): Filter {
  // A kind without text fields holds no word.
  if (table === undefined) {
    const nothing = { text: "SELECT 0 AS document WHERE 0", values: [] };
    return { driver: nothing, probe: () => ({ text: "0", values: [] }) };
  }
  const driver = {
    text: `SELECT rowid AS document FROM ${table} WHERE ${table} MATCH ?`,
    values: [words],
  };
  return { driver, probe: (row) => ({ ...driver, text: `${row} IN (${driver.text})` }) };
}

function narrowestFirst(table: DocumentTable, filters: readonly Filter[]): readonly Filter[] {
  if (filters.length < 2) return filters;
  const sized = filters.map((filter) => {
    const counted = table.database
      .prepare(`SELECT count(*) AS n FROM (${filter.driver.text} LIMIT ${ESTIMATE_MAX})`)
      .get(...filter.driver.values);
    return { filter, size: numberOf(counted?.n) };
  });
  return sized.sort((left, right) => left.size - right.size).map(({ filter }) => filter);
}

function countAll(table: DocumentTable, kind: KnownKind, filters: readonly Filter[]): number {
  const [first, ...rest] = filters;
  if (first === undefined) return table.documents(kind);
  const probes = rest.map((filter) => filter.probe("d.document"));
  const counted = table.database
    .prepare(`SELECT count(*) AS n FROM (${first.driver.text}) d WHERE 1 ${andAll(probes)}`)
    .get(...first.driver.values, ...probes.flatMap((probe) => probe.values));
  return numberOf(counted?.n);
}

function pageQuery(
  kind: KnownKind,
  query: SearchQuery,
  filters: readonly Filter[],
  cursor: Cursor | undefined,
  walk: boolean,
): Sql {
  const [driver] = walk ? [] : filters;
  const probes = (walk ? filters : filters.slice(1)).map((filter) => filter.probe("d.row"));
  const tables = driver === undefined ? [] : [`(${driver.driver.text}) f`];
  const conditions = [`d.kind = ${kind.id}`];
  // Every table after the first is tied to the first one's document.
  let document = driver === undefined ? undefined : "f.document";
  for (const [index, { field }] of query.sort.entries()) {
    const table = `s${index}`;
    tables.push(`field ${table}`);
    conditions.push(`${table}.field = ${fieldId(kind, field)}`, `${table}.lowest = 1`);
    if (document !== undefined) conditions.push(`${table}.document = ${document}`);
    document ??= `${table}.document`;
  }
  tables.push("document d");
  if (document !== undefined) conditions.push(`d.row = ${document}`);
  const place = cursor === undefined ? undefined : keyset(query.sort, cursor);
  const order = query.sort.map((one, at) => `s${at}.value ${one.order === "asc" ? "ASC" : "DESC"}`);
  const columns = query.sort.map((_, index) => `, s${index}.value AS value${index}`).join("");
  return {
    // CROSS JOIN keeps SQLite from choosing another order of the tables than this one.
    text: `SELECT d.row AS row, d.id AS id${columns} FROM ${tables.join(" CROSS JOIN ")}
      WHERE ${conditions.join(" AND ")} ${andAll(probes)}
      ${place === undefined ? "" : `AND ${place.text}`}
      ORDER BY ${[...order, "d.id ASC"].join(", ")} LIMIT ?`,
    values: [
      ...(driver?.driver.values ?? []),
      ...probes.flatMap((probe) => probe.values),
      ...(place?.values ?? []),
    ],
  };
}

/** "After the cursor" in the order of the sorting, as SQLite can use it to enter the first index. */
function keyset(sort: SearchQuery["sort"], cursor: Cursor): Sql {
  const keys = sort.map(({ order }, index) => ({
    column: `s${index}.value`,
    beyond: order === "asc" ? ">" : "<",
    value: cursor.values[index] ?? 0,
  }));
  const all = [...keys, { column: "d.id", beyond: ">", value: cursor.id }];
  const steps = all.map((key, index) => {
    const same = all.slice(0, index);
    return {
      text: [...same.map(({ column }) => `${column} = ?`), `${key.column} ${key.beyond} ?`].join(
        " AND ",
      ),
      values: [...same, key].map(({ value }) => value),
    };
  });
  const [first] = all;
  const text = steps.map((step) => `(${step.text})`).join(" OR ");
  return {
    text: `${first?.column} ${first?.beyond}= ? AND (${text})`,
    values: [first?.value ?? 0, ...steps.flatMap((step) => step.values)],
  };
}

function andAll(conditions: readonly Sql[]): string {
  return conditions.map((condition) => `AND ${condition.text}`).join(" ");
}

function fieldId(kind: KnownKind, field: string): number {
  return kind.fieldIds.get(field) ?? 0;
}

function readValue(value: unknown): IndexValue {
  return typeof value === "number" ? value : textOf(value);
}
