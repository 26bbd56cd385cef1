// Files are brought from version to version exactly once, and a failed step leaves nothing behind.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inTransaction, type Migration, openDatabase } from "../../../services/sqlite/sqlite.ts";

let path: string;

beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), "hw-sqlite-")), "deep", "file.db");
});

afterEach(() => {
  rmSync(join(path, "..", ".."), { recursive: true, force: true });
});

const first: Migration = "CREATE TABLE note (text TEXT)";
const second: Migration = (database) => {
  database.exec("ALTER TABLE note ADD COLUMN size INTEGER; UPDATE note SET size = length(text)");
};

describe("migrations", () => {
  it("bring an old file up to date and keep what is in it", () => {
    const old = openDatabase(path, [first]);
    old.exec("INSERT INTO note VALUES ('vier')");
    old.close();
    const now = openDatabase(path, [first, second]);
    expect({ ...now.prepare("SELECT * FROM note").get() }).toEqual({ text: "vier", size: 4 });
    now.close();
    openDatabase(path, [first, second]).close();
  });

  it("leave the file as it was when one fails, so that it can be tried again", () => {
    openDatabase(path, [first]).close();
    const failing: Migration = "ALTER TABLE note ADD COLUMN size; INSERT INTO nowhere VALUES (1)";
    const code = { code: "HW_STORE_CORRUPT", place: path };
    expect(() => openDatabase(path, [first, failing])).toThrow(expect.objectContaining(code));
    const again = openDatabase(path, [first, second]);
    expect(again.prepare("PRAGMA user_version").get()).toMatchObject({ user_version: 2 });
    again.close();
  });

  it("refuse a file of a newer version", () => {
    openDatabase(path, [first, second]).close();
    const code = { code: "HW_STORE_VERSION", place: path };
    expect(() => openDatabase(path, [first])).toThrow(expect.objectContaining(code));
  });

  it("refuse a file that is no data base, and don't touch it", () => {
    openDatabase(path, [first]).close();
    writeFileSync(path, "kein SQLite ".repeat(1000));
    const code = { code: "HW_STORE_CORRUPT", place: path };
    expect(() => openDatabase(path, [first])).toThrow(expect.objectContaining(code));
  });
});

describe("a transaction", () => {
  it("happens fully or not at all", () => {
    const database = openDatabase(path, [first]);
    const add = (text: string) => database.prepare("INSERT INTO note VALUES (?)").run(text);
    const half = () =>
      inTransaction(database, () => {
        add("weg");
        throw new Error("nein");
      });
    expect(half).toThrow("nein");
    expect(inTransaction(database, () => add("da").changes)).toBe(1);
    expect(
      database
        .prepare("SELECT text FROM note")
        .all()
        .map(({ text }) => text),
    ).toEqual(["da"]);
    expect(database.prepare("PRAGMA synchronous").get()).toMatchObject({ synchronous: 2 });
    database.close();
  });
});
