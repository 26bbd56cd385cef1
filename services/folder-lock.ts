// One process at a time works on a data folder. The lock is a file with the owner's process id; a lock
// whose owner is gone (after kill -9) is taken over.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../config/errors.ts";

const NAME = "heidewacht.lock";

/**
 * Takes the lock; the result gives it back.
 * @throws AppError HW_PLACE_TAKEN while another process holds it
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, NAME);
  const owner = readOwner(path);
  if (owner !== undefined && owner !== process.pid && isAlive(owner)) {
    throw new AppError("HW_PLACE_TAKEN", `der Ordner wird von Prozess ${owner} benutzt`, {
      place: folder,
      mend: "den anderen Prozess anhalten oder einen anderen Ordner wählen (dataFolder)",
    });
  }
  writeFileSync(path, `${process.pid}\n`, { mode: 0o600 });
  return () => rmSync(path, { force: true });
}

function readOwner(path: string): number | undefined {
  try {
    const owner = Number(readFileSync(path, "utf8").trim());
    return Number.isSafeInteger(owner) && owner > 0 ? owner : undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not permitted means: it is there, but somebody else's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
