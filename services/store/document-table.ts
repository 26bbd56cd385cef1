// Documents of all kinds of one tenant in SQLite: their JSON, their version, and the index of their
// fields, which is always changed in the same transaction.
import assert from "node:assert/strict";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { AppError } from "../../config/errors.ts";
import { inTransaction, numberOf, textOf } from "../sqlite/sqlite.ts";
import {
  definitionOf,
  entriesOf,
  entryChanges,
  hasText,
  type IndexEntry,
  textOfDocument,
} from "./field-index.ts";
import type { Kind, RevisionResult, Versioned } from "./store.ts";

const ENTRIES_AT_ONCE_MAX = 32;
/** Of which the JSON stands in memory beside what is made of it. */
const ROWS_READ_AT_ONCE_MAX = 500;
const KIND_NAME = /^[a-z][a-z0-9_]{0,63}$/;

interface TextTable {
  readonly table: string;
  readonly set: StatementSync;
  readonly delete: StatementSync;
}

/** A kind as this file knows it. */
export interface KnownKind {
  readonly id: number;
  readonly name: string;
  readonly definition: string;
  readonly fieldIds: ReadonlyMap<string, number>;
  /** Its full-text table; undefined when it has no text fields. */
  readonly text: TextTable | undefined;
}

interface Found {
  readonly row: number;
  readonly version: number;
  readonly json: string;
}

export class DocumentTable {
  readonly database: DatabaseSync;
  readonly #kinds = new Map<string, KnownKind>();
  /** The same by the very object, which is what nearly all callers give. */
  readonly #known = new WeakMap<object, KnownKind>();
  readonly #statements;
  /** By how many entries they add. */
  readonly #adders: StatementSync[] = [];

  constructor(database: DatabaseSync) {
    this.database = database;
    const sql = (text: string) => database.prepare(text);
    this.#statements = {
      find: sql(
        `SELECT row, version, json FROM document JOIN body USING (row) WHERE kind = ? AND id = ?`,
      ),
      byRows: sql(
        `SELECT row, document.id AS id, version, body.json AS json FROM json_each(?) AS wanted
         CROSS JOIN document ON row = wanted.value CROSS JOIN body USING (row)`,
      ),
      insert: sql("INSERT INTO document (kind, id, version) VALUES (?, ?, 1)"),
      insertBody: sql("INSERT INTO body VALUES (?, ?)"),
      update: sql("UPDATE document SET version = ? WHERE row = ?"),
      updateBody: sql("UPDATE body SET json = ? WHERE row = ?"),
      delete: sql("DELETE FROM document WHERE row = ?"),
      deleteBody: sql("DELETE FROM body WHERE row = ?"),
      countUp: sql("UPDATE kind SET documents = documents + ? WHERE id = ?"),
      documents: sql("SELECT documents FROM kind WHERE id = ?"),
      changeEntry: sql("UPDATE field SET value = ? WHERE field = ? AND value = ? AND document = ?"),
      deleteEntry: sql("DELETE FROM field WHERE field = ? AND value = ? AND document = ?"),
    };
  }

  /** Makes a kind known to this file; its index is made anew when the declared fields have changed. */
  kind<D>(kind: Kind<D>): KnownKind {
    const seen = this.#known.get(kind);
    if (seen !== undefined) return seen;
    const definition = definitionOf(kind);
    let known = this.#kinds.get(kind.name);
    if (known === undefined) {
      assert.match(kind.name, KIND_NAME);
      known = inTransaction(this.database, () => this.#register(kind, definition));
      this.#kinds.set(kind.name, known);
    }
    assert.equal(known.definition, definition, `two different kinds "${kind.name}"`);
    this.#known.set(kind, known);
    return known;
  }

  documents(kind: KnownKind): number {
    return numberOf(this.#statements.documents.get(kind.id)?.documents);
  }

  get<D>(kind: KnownKind, id: string): Versioned<D> | undefined {
    const found = this.#find(kind, id);
    return found && { id, version: found.version, document: parse<D>(found.json) };
  }

  /** In the same order. Many are read at once: a question for each costs more than its answer. */
  byRows<D>(rows: readonly number[]): Versioned<D>[] {
    const found = new Map<number, Versioned<D>>();
    for (let at = 0; at < rows.length; at += ROWS_READ_AT_ONCE_MAX) {
      const some = rows.slice(at, at + ROWS_READ_AT_ONCE_MAX);
      for (const one of this.#statements.byRows.iterate(JSON.stringify(some)))
        found.set(numberOf(one.row), {
          id: textOf(one.id),
          version: numberOf(one.version),
          document: parse<D>(textOf(one.json)),
        });
    }
    return rows.flatMap((row) => found.get(row) ?? []);
  }

  /** @throws AppError HW_EXISTS */
  create<D>(kind: Kind<D>, id: string, document: D): Versioned<D> {
    const known = this.kind(kind);
    if (this.#find(known, id) !== undefined)
      throw new AppError("HW_EXISTS", `${kind.name} exists already`, { place: id });
    return this.#insert(kind, known, id, document);
  }

  /** @throws AppError HW_NOT_FOUND, HW_CONFLICT */
  replace<D>(kind: Kind<D>, id: string, document: D, version: number): Versioned<D> {
    const known = this.kind(kind);
    const found = this.#find(known, id);
    if (found === undefined)
      throw new AppError("HW_NOT_FOUND", `no such ${kind.name}`, { place: id });
    if (found.version !== version)
      throw new AppError("HW_CONFLICT", `version is ${found.version}, not ${version}`, {
        place: `${kind.name} ${id}`,
        mend: "read it again and repeat the change",
      });
    return this.#update(kind, known, id, document, found);
  }

  /** As `Store.reviseAll`, for one document. */
  revise<D>(
    kind: Kind<D>,
    id: string,
    revise: (present: Versioned<D>) => D | undefined,
  ): { readonly result: RevisionResult; readonly change: Versioned<D> | undefined } {
    const known = this.kind(kind);
    const found = this.#find(known, id);
    if (found === undefined) return { result: "missing", change: undefined };
    const present = { id, version: found.version, document: parse<D>(found.json) };
    const next = revise(present);
    if (next === undefined) return { result: "left", change: undefined };
    const change = this.#update(kind, known, id, next, found, present.document);
    return { result: "done", change };
  }

  put<D>(kind: Kind<D>, id: string, document: D): Versioned<D> {
    const known = this.kind(kind);
    const found = this.#find(known, id);
    if (found === undefined) return this.#insert(kind, known, id, document);
    return this.#update(kind, known, id, document, found);
  }

  remove<D>(kind: Kind<D>, id: string): boolean {
    const known = this.kind(kind);
    const found = this.#find(known, id);
    if (found === undefined) return false;
    this.#deleteEntries(known, found.row, entriesOf(kind, parse<D>(found.json)));
    known.text?.delete.run(found.row);
    this.#statements.deleteBody.run(found.row);
    this.#statements.delete.run(found.row);
    this.#statements.countUp.run(-1, known.id);
    return true;
  }

  #find(kind: KnownKind, id: string): Found | undefined {
    const row = this.#statements.find.get(kind.id, id);
    if (row === undefined) return undefined;
    return {
      row: numberOf(row.row),
      version: numberOf(row.version),
      json: textOf(row.json),
    };
  }

  #insert<D>(kind: Kind<D>, known: KnownKind, id: string, document: D): Versioned<D> {
    const json = JSON.stringify(document);
    // What is indexed and given back is what will be read back.
    const stored = parse<D>(json);
    const row = Number(this.#statements.insert.run(known.id, id).lastInsertRowid);
    this.#statements.insertBody.run(row, json);
    this.#statements.countUp.run(1, known.id);
    this.#addEntries(known, row, entriesOf(kind, stored));
    known.text?.set.run(row, textOfDocument(kind, stored));
    return { id, version: 1, document: stored };
  }

  #update<D>(
    kind: Kind<D>,
    known: KnownKind,
    id: string,
    document: D,
    found: Found,
    before = parse<D>(found.json),
  ): Versioned<D> {
    const json = JSON.stringify(document);
    const stored = parse<D>(json);
    const version = found.version + 1;
    this.#statements.update.run(version, found.row);
    this.#statements.updateBody.run(json, found.row);
    const { removed, added, replaced } = entryChanges(kind, before, stored);
    for (const { field, from, to } of replaced)
      this.#statements.changeEntry.run(to, known.fieldIds.get(field) ?? 0, from, found.row);
    this.#deleteEntries(known, found.row, removed);
    this.#addEntries(known, found.row, added);
    const text = textOfDocument(kind, stored);
    if (text !== textOfDocument(kind, before)) known.text?.set.run(found.row, text);
    return { id, version, document: stored };
  }

  #addEntries(kind: KnownKind, row: number, entries: readonly IndexEntry[]): void {
    for (let at = 0; at < entries.length; at += ENTRIES_AT_ONCE_MAX) {
      const some = entries.slice(at, at + ENTRIES_AT_ONCE_MAX);
      const values = some.flatMap(({ field, value, lowest }) => [
        ...[kind.fieldIds.get(field) ?? 0, value, row, lowest ? 1 : 0],
      ]);
      this.#adding(some.length).run(...values);
    }
  }

  /** Adds so many entries at once, which costs little more than one. */
  #adding(count: number): StatementSync {
    const known = this.#adders[count];
    if (known !== undefined) return known;
    const rows = Array.from({ length: count }, () => "(?, ?, ?, ?)").join(", ");
    const made = this.database.prepare(`REPLACE INTO field VALUES ${rows}`);
    this.#adders[count] = made;
    return made;
  }

  #deleteEntries(kind: KnownKind, row: number, entries: readonly IndexEntry[]): void {
    for (const { field, value } of entries)
      this.#statements.deleteEntry.run(kind.fieldIds.get(field) ?? 0, value, row);
  }

  #register<D>(kind: Kind<D>, definition: string): KnownKind {
    const { database } = this;
    database
      .prepare(
        "INSERT INTO kind (name, definition, documents) VALUES (?, '', 0) ON CONFLICT DO NOTHING",
      )
      .run(kind.name);
    const row = database.prepare("SELECT id, definition FROM kind WHERE name = ?").get(kind.name);
    const id = numberOf(row?.id);
    const fieldIds = new Map<string, number>();
    for (const name of Object.keys(kind.fields)) {
      database
        .prepare("INSERT INTO field_name (kind, name) VALUES (?, ?) ON CONFLICT DO NOTHING")
        .run(id, name);
      const field = database
        .prepare("SELECT id FROM field_name WHERE kind = ? AND name = ?")
        .get(id, name);
      fieldIds.set(name, numberOf(field?.id));
    }
    const known: KnownKind = {
      id,
      name: kind.name,
      definition,
      fieldIds,
      text: hasText(kind) ? this.#textStatements(`text_${id}`) : undefined,
    };
    if (textOf(row?.definition) !== definition) this.#indexAnew(kind, known);
    return known;
  }

  #textStatements(table: string): TextTable {
    this.database.exec(
      `CREATE VIRTUAL TABLE IF NOT EXISTS ${table} USING fts5(
         content, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2")`,
    );
    return {
      table,
      set: this.database.prepare(`REPLACE INTO ${table} (rowid, content) VALUES (?, ?)`),
      delete: this.database.prepare(`DELETE FROM ${table} WHERE rowid = ?`),
    };
  }

  #indexAnew<D>(kind: Kind<D>, known: KnownKind): void {
    const { database } = this;
    database
      .prepare("DELETE FROM field WHERE field IN (SELECT id FROM field_name WHERE kind = ?)")
      .run(known.id);
    const rows = database
      .prepare("SELECT row, json FROM document JOIN body USING (row) WHERE kind = ?")
      .iterate(known.id);
    for (const found of rows) {
      const row = numberOf(found.row);
      const document = parse<D>(textOf(found.json));
      this.#addEntries(known, row, entriesOf(kind, document));
      known.text?.set.run(row, textOfDocument(kind, document));
    }
    database.prepare("UPDATE kind SET definition = ? WHERE id = ?").run(known.definition, known.id);
  }
}

/** The JSON is what `JSON.stringify` made of a D when it was written under the same kind. */
function parse<D>(json: string): D {
  return JSON.parse(json) as D;
}
