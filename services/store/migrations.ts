// The layout of a tenant's store file, version by version. Append only: a released version never changes.
import type { Migration } from "../sqlite/sqlite.ts";

export const STORE_MIGRATIONS: readonly Migration[] = [
  // `field` is the index of all kinds: every value of every searchable field of every document. A document
  // without a value has one row with MISSING, so that sorting by any field sees every document. `lowest`
  // marks the value that a document is sorted by. Full text lies in one table per kind, `text_<kind>`.
  `CREATE TABLE kind (
     id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
     definition TEXT NOT NULL, documents INTEGER NOT NULL
   );
   CREATE TABLE field_name (
     id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL, UNIQUE (kind, name)
   );
   CREATE TABLE document (
     row INTEGER PRIMARY KEY, kind INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
     UNIQUE (kind, id)
   );
   CREATE TABLE body (row INTEGER PRIMARY KEY, json TEXT NOT NULL);
   CREATE TABLE field (
     field INTEGER NOT NULL, value NOT NULL, document INTEGER NOT NULL, lowest INTEGER NOT NULL,
     PRIMARY KEY (field, value, document)
   ) WITHOUT ROWID;
   CREATE INDEX field_of_document ON field (document, field, value, lowest);
   CREATE TABLE signal (
     kind INTEGER NOT NULL, finding TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (kind, finding, id)
   ) WITHOUT ROWID;
   CREATE TABLE audit (
     sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
     subject TEXT NOT NULL, payload TEXT, salt TEXT,
     payload_hash TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL
   );
   CREATE TABLE audit_head (
     one INTEGER PRIMARY KEY CHECK (one = 1), sequence INTEGER NOT NULL, hash TEXT NOT NULL
   );`,
];
