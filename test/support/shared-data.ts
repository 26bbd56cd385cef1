// Finds the real recordings that lie beside the project. They are for evaluation only; where they are
// missing, what needs them says so by name and is skipped.
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const DATA = join(ROOT, "../shared/data");

/** Path of a recording, or undefined where it is missing. */
function sharedData(path: string): string | undefined {
  const full = join(DATA, path);
  return existsSync(full) ? full : undefined;
}

/** As `sharedData`; prints which part is skipped and why when the recording is missing. */
export function sharedDataOrSkip(part: string, path: string): string | undefined {
  const found = sharedData(path);
  if (found === undefined)
    process.stderr.write(`SKIPPED ${part}: ../shared/data/${path} is missing\n`);
  return found;
}
