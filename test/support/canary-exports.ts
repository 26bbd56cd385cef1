// What is taken out of an installation to lie elsewhere: a backup, and the log of the model's calls.
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { zstdDecompressSync } from "node:zlib";
import type { LoadedConfig } from "../../config/load.ts";
import { backup } from "../../services/cli/transfer/backup.ts";

const EXPORT_BYTES_MAX = 1024 * 1024 * 1024;

/** A backup beside the running service, unpacked. */
export async function backupTexts(loaded: LoadedConfig, to: string): Promise<string[]> {
  await backup(loaded, to, "test");
  const files = readdirSync(to, { recursive: true, encoding: "utf8" })
    .map((name) => join(to, name))
    .filter((path) => statSync(path).isFile());
  return files.map((path) => {
    const bytes = readFileSync(path);
    return (path.endsWith(".json") ? bytes : zstdDecompressSync(bytes)).toString();
  });
}

/** The lines that `heidewacht llm export` writes. */
export async function exportedCalls(configFile: string): Promise<string[]> {
  const program = join(import.meta.dirname, "../../services/cli/heidewacht.ts");
  const command = [program, "llm", "export", "-c", configFile];
  const options = { maxBuffer: EXPORT_BYTES_MAX };
  const { stdout } = await promisify(execFile)(process.execPath, command, options);
  return stdout.split("\n").filter((line) => line !== "");
}
