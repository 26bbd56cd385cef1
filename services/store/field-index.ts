// Turns a document into what can be searched in it: one entry per value of each declared field, and one
// text of all its text fields. Pure; document-table.ts writes it down.
import { AppError } from "../../config/errors.ts";
import type { FieldKind, Kind } from "./store.ts";

/** Stands for "no value" and sorts below every number and text. JSON can't hold it, so no document can. */
export const MISSING = Number.NEGATIVE_INFINITY;

/** Longer keywords are indexed and searched by their beginning. */
const KEYWORD_CHARS_MAX = 1024;
const FIELD_VALUES_MAX = 1000;
const TEXT_CHARS_MAX = 100_000;

export type IndexValue = string | number;

export interface IndexEntry {
  readonly field: string;
  readonly value: IndexValue;
  /** Whether it is the one that the document is sorted by. */
  readonly lowest: boolean;
}

/** How a value of a field lies in the index. */
export function indexValue(kind: FieldKind, value: string | number | boolean): IndexValue {
  if (kind === "keyword") return String(value).slice(0, KEYWORD_CHARS_MAX);
  return Number(value);
}

/** Entries of all fields that can be filtered and sorted by. */
export function entriesOf<D>(kind: Kind<D>, document: D): IndexEntry[] {
  return searchedFields(kind).flatMap(({ field, kind: type, values }) =>
    fieldEntries(field, type, values(document)),
  );
}

interface SearchedField<D> {
  readonly field: string;
  readonly kind: Exclude<FieldKind, "text">;
  readonly values: Kind<D>["fields"][string]["values"];
}

/** By kind, for a kind may have many more fields that only others read. */
const searched = new WeakMap<object, readonly SearchedField<never>[]>();

function searchedFields<D>(kind: Kind<D>): readonly SearchedField<D>[] {
  const known = searched.get(kind);
  // It was made of this very kind.
  if (known !== undefined) return known as readonly SearchedField<D>[];
  const made = Object.entries(kind.fields).flatMap(([field, definition]) => {
    const { kind: type, values, outside } = definition;
    return type === "text" || outside ? [] : [{ field, kind: type, values }];
  });
  searched.set(kind, made);
  return made;
}

/** Values of the fields that only others read; one that is missing has no entry. */
export function outsideEntriesOf<D>(kind: Kind<D>, document: D): IndexEntry[] {
  return Object.entries(kind.fields).flatMap(([field, definition]) =>
    definition.kind === "text" || !definition.outside
      ? []
      : fieldEntries(field, definition.kind, definition.values(document)).filter(
          ({ value }) => value !== MISSING,
        ),
  );
}

/** What has to be written where a document becomes another one: most changes touch few fields. */
interface EntryChanges {
  readonly removed: readonly IndexEntry[];
  readonly added: readonly IndexEntry[];
  /** Fields with one value before and another one after. */
  readonly replaced: readonly {
    readonly field: string;
    readonly from: IndexValue;
    readonly to: IndexValue;
  }[];
}

export function entryChanges<D>(kind: Kind<D>, before: D, after: D): EntryChanges {
  const removed: IndexEntry[] = [];
  const added: IndexEntry[] = [];
  const replaced: EntryChanges["replaced"][number][] = [];
  for (const { field, kind: type, values } of searchedFields(kind)) {
    const had = values(before);
    const has = values(after);
    if (isSameList(had, has)) continue;
    const all = fieldEntries(field, type, had);
    const next = fieldEntries(field, type, has);
    const old = without(all, next);
    const fresh = without(next, all);
    const [from, ...others] = old;
    const [to, ...more] = fresh;
    const isSwap = others.length + more.length === 0 && from?.lowest === to?.lowest;
    if (from !== undefined && to !== undefined && isSwap) {
      replaced.push({ field, from: from.value, to: to.value });
      continue;
    }
    removed.push(...old);
    added.push(...fresh);
  }
  return { removed, added, replaced };
}

function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((value, at) => Object.is(value, other[at]));
}

function without(entries: readonly IndexEntry[], others: readonly IndexEntry[]): IndexEntry[] {
  const known = new Map(others.map(({ value, lowest }) => [value, lowest]));
  return entries.filter(({ value, lowest }) => known.get(value) !== lowest);
}

function fieldEntries(
  field: string,
  kind: Exclude<FieldKind, "text">,
  given: readonly (string | number | boolean)[],
): IndexEntry[] {
  const values = new Set<IndexValue>();
  for (const value of given.slice(0, FIELD_VALUES_MAX)) {
    const indexed = indexValue(kind, value);
    if (!Number.isNaN(indexed)) values.add(indexed);
  }
  if (values.size === 0) return [{ field, value: MISSING, lowest: true }];
  const [lowest, ...rest] = [...values].sort(compareValues);
  return [
    { field, value: lowest ?? MISSING, lowest: true },
    ...rest.map((value) => ({ field, value, lowest: false })),
  ];
}

/** All text fields, one after the other; empty when the kind has none. */
export function textOfDocument<D>(kind: Kind<D>, document: D): string {
  return Object.values(kind.fields)
    .filter((definition) => definition.kind === "text")
    .flatMap((definition) => definition.values(document).map(String))
    .join("\n")
    .slice(0, TEXT_CHARS_MAX);
}

export function hasText<D>(kind: Kind<D>): boolean {
  return Object.values(kind.fields).some((definition) => definition.kind === "text");
}

/** What the index of a kind was made from; when it differs, the index is made anew. */
export function definitionOf<D>(kind: Kind<D>): string {
  const fields = Object.entries(kind.fields).map(
    ([name, field]) => `${name}:${field.kind}${field.outside ? ":outside" : ""}`,
  );
  return JSON.stringify([kind.revision ?? 1, ...fields.sort()]);
}

/**
 * The declared kind of a field.
 * @throws AppError HW_REQUEST_INVALID for one that can't be filtered or sorted by
 */
export function fieldKind<D>(kind: Kind<D>, field: string): FieldKind {
  const definition = Object.hasOwn(kind.fields, field) ? kind.fields[field] : undefined;
  if (definition === undefined || definition.kind === "text" || definition.outside)
    throw new AppError("HW_REQUEST_INVALID", `${kind.name} has no searchable field`, {
      place: JSON.stringify(field.slice(0, 80)),
    });
  return definition.kind;
}

/** Numbers before text, as SQLite orders them. */
function compareValues(left: IndexValue, right: IndexValue): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  return Buffer.compare(Buffer.from(String(left)), Buffer.from(String(right)));
}
