// The SQLite file of one tenant's topics: rows of many records, the next offset of each partition and
// the positions of the consumer groups. Only SQL lies here; what it means is said in tenant-log.ts.
import type { DatabaseSync } from "node:sqlite";
import { bytesOf, inTransaction, numberOf, openDatabase, textOf } from "../sqlite/sqlite.ts";
import type { StoredRow } from "./row-codec.ts";

const MIGRATIONS = [
  `CREATE TABLE topic (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
   CREATE TABLE head (
     topic INTEGER NOT NULL, partition INTEGER NOT NULL,
     next INTEGER NOT NULL, bytes INTEGER NOT NULL,
     PRIMARY KEY (topic, partition)
   ) WITHOUT ROWID;
   CREATE TABLE batch (
     row INTEGER PRIMARY KEY,
     topic INTEGER NOT NULL, partition INTEGER NOT NULL,
     base INTEGER NOT NULL, last INTEGER NOT NULL,
     bytes_before INTEGER NOT NULL, plain_bytes INTEGER NOT NULL,
     appended_at INTEGER NOT NULL, sealed INTEGER NOT NULL, checksum INTEGER NOT NULL,
     data BLOB NOT NULL
   );
   CREATE UNIQUE INDEX batch_place ON batch (topic, partition, last);
   CREATE TABLE position (
     topic INTEGER NOT NULL, "group" TEXT NOT NULL, partition INTEGER NOT NULL,
     next INTEGER NOT NULL, read_bytes INTEGER NOT NULL, touched_at INTEGER NOT NULL,
     PRIMARY KEY (topic, "group", partition)
   ) WITHOUT ROWID;`,
];

/** A row with its place among the others. */
export interface LogRow extends StoredRow {
  readonly row: number;
  readonly last: number;
  /** Bytes of the partition, ever, before this row. */
  readonly bytesBefore: number;
}

export interface Head {
  /** Offset that the next record gets. */
  readonly next: number;
  /** Bytes ever appended. */
  readonly bytes: number;
}

export interface Position {
  readonly next: number;
  /** Bytes of the partition up to the furthest offset that the group ever reached. */
  readonly readBytes: number;
  readonly touchedAt: number;
}

/** One line of the `position` table. */
export interface StoredPosition extends Position {
  readonly topic: number;
  readonly group: string;
  readonly partition: number;
}

const COLUMNS =
  "row, partition, base, last, bytes_before, plain_bytes, appended_at, sealed, checksum, data";

export class LogFile {
  readonly #database: DatabaseSync;
  readonly #statements;

  constructor(path: string) {
    this.#database = openDatabase(path, MIGRATIONS);
    const sql = (text: string) => this.#database.prepare(text);
    this.#statements = {
      addTopic: sql("INSERT INTO topic (name) VALUES (?) ON CONFLICT DO NOTHING"),
      topic: sql("SELECT id FROM topic WHERE name = ?"),
      heads: sql("SELECT partition, next, bytes FROM head WHERE topic = ?"),
      setHead: sql("REPLACE INTO head VALUES (?, ?, ?, ?)"),
      addRow: sql(
        `INSERT INTO batch (topic, partition, base, last, bytes_before, plain_bytes, appended_at,
           sealed, checksum, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      rowFrom: sql(
        `SELECT ${COLUMNS} FROM batch WHERE topic = ? AND partition = ? AND last >= ?
         ORDER BY last LIMIT 1`,
      ),
      placeFrom: sql(
        `SELECT base, last, bytes_before, plain_bytes FROM batch
         WHERE topic = ? AND partition = ? AND last >= ? ORDER BY last LIMIT 1`,
      ),
      oldest: sql(
        `SELECT row, partition, base, last, plain_bytes, appended_at FROM batch
         WHERE topic = ? ORDER BY row`,
      ),
      deleteRow: sql("DELETE FROM batch WHERE row = ?"),
      positions: sql(`SELECT * FROM position`),
      setPosition: sql("REPLACE INTO position VALUES (?, ?, ?, ?, ?, ?)"),
      deleteGroup: sql(`DELETE FROM position WHERE topic = ? AND "group" = ?`),
    };
  }

  transaction<T>(work: () => T): T {
    return inTransaction(this.#database, work);
  }

  /** The number that stands for a topic's name in this file. */
  topicId(name: string): number {
    this.#statements.addTopic.run(name);
    return numberOf(this.#statements.topic.get(name)?.id);
  }

  heads(topic: number): Map<number, Head> {
    const rows = this.#statements.heads.all(topic);
    return new Map(
      rows.map((row) => [
        numberOf(row.partition),
        { next: numberOf(row.next), bytes: numberOf(row.bytes) },
      ]),
    );
  }

  setHead(topic: number, partition: number, head: Head): void {
    this.#statements.setHead.run(topic, partition, head.next, head.bytes);
  }

  addRow(topic: number, row: Omit<LogRow, "row">): void {
    this.#statements.addRow.run(
      topic,
      row.partition,
      row.base,
      row.last,
      row.bytesBefore,
      row.plainBytes,
      row.appendedAt,
      row.sealed ? 1 : 0,
      row.checksum,
      row.data,
    );
  }

  deleteRow(row: number): void {
    this.#statements.deleteRow.run(row);
  }

  /** The row that holds this offset, or else the next one after it. */
  rowFrom(topic: number, partition: number, offset: number): LogRow | undefined {
    const row = this.#statements.rowFrom.get(topic, partition, offset);
    if (row === undefined) return undefined;
    return {
      row: numberOf(row.row),
      partition,
      base: numberOf(row.base),
      last: numberOf(row.last),
      bytesBefore: numberOf(row.bytes_before),
      plainBytes: numberOf(row.plain_bytes),
      appendedAt: numberOf(row.appended_at),
      sealed: row.sealed === 1,
      checksum: numberOf(row.checksum),
      data: bytesOf(row.data),
    };
  }

  /** Where that row lies, without its data. */
  placeFrom(
    topic: number,
    partition: number,
    offset: number,
  ): { base: number; last: number; bytesBefore: number; plainBytes: number } | undefined {
    const row = this.#statements.placeFrom.get(topic, partition, offset);
    if (row === undefined) return undefined;
    return {
      base: numberOf(row.base),
      last: numberOf(row.last),
      bytesBefore: numberOf(row.bytes_before),
      plainBytes: numberOf(row.plain_bytes),
    };
  }

  /** Rows of a topic, oldest first, until the reader has seen enough. */
  *oldestRows(
    topic: number,
  ): Generator<{ row: number; partition: number; bytes: number; appendedAt: number }> {
    for (const row of this.#statements.oldest.iterate(topic))
      yield {
        row: numberOf(row.row),
        partition: numberOf(row.partition),
        bytes: numberOf(row.plain_bytes),
        appendedAt: numberOf(row.appended_at),
      };
  }

  positions(): StoredPosition[] {
    return this.#statements.positions.all().map((row) => ({
      topic: numberOf(row.topic),
      group: textOf(row.group),
      partition: numberOf(row.partition),
      next: numberOf(row.next),
      readBytes: numberOf(row.read_bytes),
      touchedAt: numberOf(row.touched_at),
    }));
  }

  setPosition(position: StoredPosition): void {
    const { topic, group, partition, next, readBytes, touchedAt } = position;
    this.#statements.setPosition.run(topic, group, partition, next, readBytes, touchedAt);
  }

  deleteGroup(topic: number, group: string): void {
    this.#statements.deleteGroup.run(topic, group);
  }

  /** Gives freed pages back to the file system. */
  shrink(): void {
    this.#database.exec("PRAGMA incremental_vacuum(4096)");
  }

  close(): void {
    this.#database.close();
  }
}
