// How a document lies in Elasticsearch: its text exactly as it is, and beside it what can be searched, under
// an explicit mapping to which no document can add a field.
import type { estypes } from "@elastic/elasticsearch";
import { AppError } from "../../config/errors.ts";
import { orderKey } from "./elasticsearch-names.ts";
import { wordsOf } from "./elasticsearch-words.ts";
import {
  definitionOf,
  entriesOf,
  hasText,
  MISSING,
  outsideEntriesOf,
  textOfDocument,
} from "./field-index.ts";
import type { FieldKind, Kind } from "./store.ts";

/** Raised with every change of what this file writes; older indices are then made anew. */
const STORE_LAYOUT = 2;
const DOCUMENT_BYTES_MAX = 10_000_000;
/** Stands for "no value" of a number and sorts below all others. */
const NO_NUMBER = -Number.MAX_VALUE;
/** Stands for "no value" of a keyword; a present one begins with PRESENT. */
const NO_KEYWORD = "";
const PRESENT = "!";
/** One of these number fields, the first that a kind has, is when its documents happened. */
const MAIN_TIMES = ["raisedAt", "createdAt", "changedAt", "pointAt"];

/** An audit entry that is part of a write and may not be in the chain yet. */
export interface StoredAudit {
  /** The mark of the write; with `member` it tells this entry from all others. */
  readonly batch: string;
  readonly member: number;
  /** JSON of what is to be appended. */
  readonly entry: string;
}

/** `_source` of a document. */
export interface StoredDocument {
  readonly tenant: string;
  readonly id: string;
  readonly order: string;
  /** The version that callers see. It counts by itself, so that copying to another index keeps it. */
  readonly rev: number;
  /** When it was written, ms UTC. */
  readonly changedAt: number;
  /** Random, of this write: tells our own work after an answer that never came. */
  readonly write: string;
  readonly json: string;
  readonly "@timestamp"?: number;
  readonly fields: Readonly<Record<string, readonly (string | number | boolean)[]>>;
  readonly sort: Readonly<Record<string, string | number>>;
  readonly words?: readonly string[];
  /** Signals of the last fold, which are counted though not written down by themselves yet. */
  readonly pending?: readonly string[];
  /** The month under which signals of this finding are written down. */
  readonly signalsMonth?: string;
  /** Entries of its last writes, in their order; whoever writes it next takes them along. */
  readonly audits?: readonly StoredAudit[];
  /** Whether it has any, to be found by. */
  readonly unsettled?: true;
}

/** What `storedDocument` can't know of the document itself. */
export type Bookkeeping = Pick<
  StoredDocument,
  "tenant" | "id" | "rev" | "changedAt" | "write" | "pending" | "signalsMonth" | "audits"
>;

interface KindMeta {
  readonly layout: number;
  readonly revision: number;
  readonly definition: string;
}

function metaOfKind<D>(kind: Kind<D>): KindMeta {
  return { layout: STORE_LAYOUT, revision: kind.revision ?? 1, definition: definitionOf(kind) };
}

/** How an index whose mapping says `meta` compares with what this program would make. */
export function layoutAge<D>(
  kind: Kind<D>,
  meta: Readonly<Record<string, unknown>>,
): "older" | "same" | "newer" {
  const ours = metaOfKind(kind);
  const layout = Number(meta.layout ?? 0);
  const revision = Number(meta.revision ?? 0);
  if (layout > ours.layout || revision > ours.revision) return "newer";
  const isSame = layout === ours.layout && revision === ours.revision;
  return isSame && meta.definition === ours.definition ? "same" : "older";
}

/** JSON of a document. @throws AppError HW_INPUT_TOO_LARGE */
export function jsonOf(document: unknown, id: string): string {
  const json = JSON.stringify(document);
  const bytes = Buffer.byteLength(json);
  if (bytes <= DOCUMENT_BYTES_MAX) return json;
  throw new AppError("HW_INPUT_TOO_LARGE", `${bytes} bytes, at most ${DOCUMENT_BYTES_MAX}`, {
    place: id.slice(0, 200),
  });
}

/** The JSON is what `JSON.stringify` made of a D when it was written under the same kind. */
export function parseStored<D>(json: string): D {
  return JSON.parse(json) as D;
}

/** What is written for a document whose JSON this is. */
export function storedDocument<D>(kind: Kind<D>, json: string, more: Bookkeeping): StoredDocument {
  const document = parseStored<D>(json);
  const fields: Record<string, (string | number | boolean)[]> = {};
  const sort: Record<string, string | number> = {};
  const add = (field: string, type: FieldKind, value: string | number) => {
    const values = fields[field] ?? [];
    values.push(fieldValue(type, value));
    fields[field] = values;
  };
  for (const { field, value, lowest } of entriesOf(kind, document)) {
    const type = kind.fields[field]?.kind ?? "keyword";
    if (lowest) sort[field] = sortValue(type, value);
    if (value !== MISSING) add(field, type, value);
  }
  for (const { field, value } of outsideEntriesOf(kind, document))
    add(field, kind.fields[field]?.kind ?? "keyword", value);
  const time = mainTime(kind);
  const at = time === undefined ? undefined : fields[time]?.[0];
  return {
    ...more,
    ...(more.audits === undefined ? {} : { unsettled: true }),
    order: orderKey(more.id),
    json,
    ...(typeof at === "number" ? { "@timestamp": at } : {}),
    fields,
    sort,
    ...(hasText(kind) ? { words: wordsOf(textOfDocument(kind, document)) } : {}),
  };
}

/** A value as it is indexed and searched: booleans as such, numbers finite. */
export function fieldValue(kind: FieldKind, value: string | number): string | number | boolean {
  if (typeof value === "string") return value.toWellFormed();
  return kind === "boolean" ? value === 1 : finite(value);
}

/** Where a field's values are searched: a time has its exact number beside the date. */
export function searchedPath<D>(kind: Kind<D>, field: string): string {
  const isTime = kind.fields[field]?.kind === "number" && isTimeName(field);
  return isTime ? `fields.${field}.exact` : `fields.${field}`;
}

export function mappingOf<D>(kind: Kind<D>): estypes.MappingTypeMapping {
  const fields: Record<string, estypes.MappingProperty> = {};
  const sort: Record<string, estypes.MappingProperty> = {};
  for (const [name, { kind: type, outside }] of Object.entries(kind.fields)) {
    if (type === "text") continue;
    fields[name] = fieldMapping(name, type);
    if (!outside) sort[name] = { type: type === "keyword" ? "keyword" : "double", index: false };
  }
  const only = { doc_values: false } as const;
  return {
    dynamic: false,
    _meta: { ...metaOfKind(kind) },
    properties: {
      "@timestamp": { type: "date", format: "epoch_millis", ignore_malformed: true },
      tenant: { type: "keyword" },
      id: { type: "keyword", ignore_above: 1024, ...only },
      order: { type: "keyword" },
      rev: { type: "long", index: false },
      changedAt: { type: "date", format: "epoch_millis" },
      write: { type: "keyword", index: false, ...only },
      json: { type: "object", enabled: false },
      pending: { type: "object", enabled: false },
      signalsMonth: { type: "keyword", index: false, ...only },
      audits: { type: "object", enabled: false },
      unsettled: { type: "boolean", ...only },
      fields: { type: "object", dynamic: false, properties: fields },
      sort: { type: "object", dynamic: false, properties: sort },
      words: { type: "keyword", ...only },
    },
  };
}

/** What a cursor may hold for a field. */
export function isSortValue(kind: FieldKind, value: unknown): value is string | number {
  return kind === "keyword" ? typeof value === "string" : typeof value === "number";
}

function fieldMapping(name: string, kind: FieldKind): estypes.MappingProperty {
  if (kind === "boolean") return { type: "boolean" };
  if (kind === "keyword") return { type: "keyword" };
  if (!isTimeName(name)) return { type: "double" };
  return {
    type: "date",
    format: "epoch_millis",
    // No date can hold what hostile clocks say; the number can.
    ignore_malformed: true,
    fields: { exact: { type: "double" } },
  };
}

function sortValue(kind: FieldKind, value: string | number): string | number {
  if (value === MISSING) return kind === "keyword" ? NO_KEYWORD : NO_NUMBER;
  return typeof value === "string" ? `${PRESENT}${value.toWellFormed()}` : finite(value);
}

function finite(value: number): number {
  // The least one stands for "no value".
  const most = Number.MAX_VALUE * (1 - Number.EPSILON);
  return Math.max(-most, Math.min(most, value));
}

function isTimeName(name: string): boolean {
  return name.endsWith("At");
}

function mainTime<D>(kind: Kind<D>): string | undefined {
  return MAIN_TIMES.find((name) => kind.fields[name]?.kind === "number");
}
