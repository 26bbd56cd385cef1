// A copy of a SQLite file as it was at one moment, also while another process works on it.
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

/**
 * Copies in one read transaction (VACUUM INTO, sqlite.org/lang_vacuum.html): writers go on meanwhile.
 * @param to must not exist yet
 */
export function copyDatabase(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  const source = new DatabaseSync(from, { timeout: 10_000 });
  try {
    source.prepare("VACUUM INTO ?").run(to);
  } finally {
    source.close();
  }
}
