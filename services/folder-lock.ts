// One process at a time works on a data folder. The lock is SQLite's own on a small file, so the operating
// system gives it back whenever its owner ends, also by kill -9 or a power cut; the file says who it is.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AppError } from "../config/errors.ts";
import { inTransaction, numberOf } from "./sqlite/sqlite.ts";

const NAME = "lock.db";
/** `errcode` of a file that somebody else has locked (SQLITE_BUSY, sqlite.org/rescode.html). */
const SQLITE_BUSY = 5;

/**
 * Takes the lock; the result gives it back.
 * @throws AppError HW_PLACE_TAKEN while it is held, also by this process
 */
export function lockFolder(folder: string): () => void {
  const file = new DatabaseSync(join(folder, NAME), { timeout: 0 });
  try {
    inTransaction(file, () => {
      file.exec("CREATE TABLE IF NOT EXISTS owner (pid INTEGER NOT NULL)");
      file.exec(`DELETE FROM owner; INSERT INTO owner VALUES (${process.pid})`);
    });
    // Held until the file is closed: others may read who owns it, but begin no change of their own.
    file.exec("BEGIN IMMEDIATE");
  } catch (cause) {
    const owner = isBusy(cause) ? ownerOf(file) : undefined;
    file.close();
    if (!isBusy(cause)) throw cause;
    throw new AppError("HW_PLACE_TAKEN", `der Ordner wird von Prozess ${owner ?? "?"} benutzt`, {
      place: folder,
      mend: "den anderen Prozess anhalten oder einen anderen Ordner wählen (dataFolder)",
      cause,
    });
  }
  return () => file.close();
}

/** The process that works on a folder; undefined when none does. */
export function folderOwner(folder: string): number | undefined {
  const path = join(folder, NAME);
  if (!existsSync(path)) return undefined;
  const file = new DatabaseSync(path, { timeout: 0 });
  try {
    file.exec("BEGIN IMMEDIATE; ROLLBACK");
    return undefined;
  } catch (error) {
    if (isBusy(error)) return ownerOf(file);
    throw error;
  } finally {
    file.close();
  }
}

function ownerOf(file: DatabaseSync): number | undefined {
  try {
    return numberOf(file.prepare("SELECT pid FROM owner").get()?.pid);
  } catch {
    // It is just being written.
    return undefined;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
}
