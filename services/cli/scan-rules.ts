// The rules of a scan with several threads: reading thousands of YAML files takes longer than many a scan,
// so each thread reads its share of the files and gives the others what it found, as bytes that all of them
// see. A rule set made from the shares is the one that a thread alone would have loaded.
import { type RuleFileContent, readRuleFile } from "../../detectors/rule-file.ts";
import type { RuleCache } from "../rules/rule-cache.ts";
import { decodeRules, encodeRules } from "../rules/rule-codec.ts";
import { readRuleFiles } from "../rules/rule-source.ts";

/** What one thread has read. Each file takes two lines of UTF-8: its origin, its content. */
export type RuleShare = SharedArrayBuffer;

/** The part `index` of `of` equal parts of all files; whatever can't be read or told is left to `loadRuleSet`. */
export async function readRuleShare(
  paths: readonly string[],
  index: number,
  of: number,
): Promise<RuleShare> {
  const lines: string[] = [];
  for (const path of paths) {
    let files: Awaited<ReturnType<typeof readRuleFiles>>;
    try {
      files = await readRuleFiles(path);
    } catch {
      // Loading meets the same fault and tells it.
      continue;
    }
    for (let place = index; place < files.length; place += of) {
      const file = files[place];
      if (file === undefined) continue;
      const content = encoded(readRuleFile(file.text, file.origin));
      if (content !== undefined) lines.push(JSON.stringify(file.origin), content);
    }
  }
  const bytes = Buffer.from(lines.join("\n"), "utf8");
  const share = new SharedArrayBuffer(bytes.length);
  bytes.copy(Buffer.from(share));
  return share;
}

function encoded(content: RuleFileContent): string | undefined {
  try {
    return encodeRules(content);
  } catch (error) {
    // Nested too deeply to be written: each thread reads such a file itself.
    if (error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Lets `loadRuleSet` take from the shares what it would else read from the files. */
export function sharedRules(shares: readonly RuleShare[]): RuleCache {
  const contents = new Map<string, string>();
  for (const share of shares) {
    const lines = Buffer.from(share).toString("utf8").split("\n");
    for (let at = 0; at + 1 < lines.length; at += 2) {
      const [origin, content] = [lines[at], lines[at + 1]];
      if (origin !== undefined && content !== undefined) contents.set(origin, content);
    }
  }
  return {
    contentOf(file, read) {
      const content = contents.get(JSON.stringify(file.origin));
      // A thread of this process wrote it with `encodeRules`.
      return content === undefined ? read() : (decodeRules(content) as RuleFileContent);
    },
    save: () => undefined,
  };
}
