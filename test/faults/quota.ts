// A disk of limited size that can be filled: a file system in memory where the machine lets us mount one.
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";

const PIECE = Buffer.alloc(1024 * 1024, "x");
const BLOCK = PIECE.subarray(0, 4096);

export interface Quota {
  /** Writes a filler until this share of the disk is used; 1 leaves nothing. */
  fill(share: number): void;
  free(): void;
  unmount(): void;
}

/** Undefined where we may not mount; the folder then lies on the disk of the machine. */
export function openQuota(folder: string, mebibytes: number): Quota | undefined {
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${mebibytes}m,mode=755`, "tmpfs", folder], {
      stdio: "ignore",
    });
  } catch {
    return undefined;
  }
  const filler = join(folder, "filler");
  return {
    fill(share) {
      const { blocks, bfree, bsize } = statfsSync(folder);
      const bytes = (bfree - blocks * (1 - share)) * bsize;
      for (let left = bytes; left >= PIECE.length && append(filler, PIECE); left -= PIECE.length);
      // What others give back meanwhile is taken, too.
      while (share === 1 && append(filler, BLOCK));
    },
    free: () => rmSync(filler, { force: true }),
    unmount: () => {
      execFileSync("umount", ["-l", folder], { stdio: "ignore" });
    },
  };
}

/** False where the disk is full. */
function append(file: string, bytes: Uint8Array): boolean {
  try {
    appendFileSync(file, bytes);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOSPC") return false;
    throw error;
  }
}
