// Reads recordings: NDJSON files, packed with zstd or not, and the SigmaHQ rules from their archive.
import { readFileSync } from "node:fs";
import { constants, gunzipSync, zstdDecompressSync } from "node:zlib";
import { readRuleFile } from "../../detectors/rule-file.ts";
import type { RuleFault, SigmaRule } from "../../detectors/sigma/rule.ts";
import { readRuleFiles } from "../../services/rules/rule-source.ts";

// The recordings were packed with a window of 2^24 bytes.
const WINDOW_LOG_MAX = 27;

/** The lines of a file without empty ones; `.zst` and `.gz` are unpacked. */
export function readLinesOf(path: string): string[] {
  const bytes = readFileSync(path);
  const plain = path.endsWith(".zst")
    ? zstdDecompressSync(bytes, { params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG_MAX } })
    : path.endsWith(".gz")
      ? gunzipSync(bytes)
      : bytes;
  return plain
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "");
}

/** All rules of a folder or archive. */
export async function readRulePackage(
  path: string,
): Promise<{ rules: SigmaRule[]; faults: RuleFault[] }> {
  const rules: SigmaRule[] = [];
  const faults: RuleFault[] = [];
  for (const file of await readRuleFiles(path)) {
    const read = readRuleFile(file.text, file.path);
    rules.push(...read.rules);
    faults.push(...read.faults);
  }
  return { rules, faults };
}
