// Builds the console when it is not there yet or older than its sources.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError } from "../../config/errors.ts";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const CONSOLE = join(ROOT, "services/console");
const PAGE = join(CONSOLE, "dist/index.html");

/** Whether the built console is missing or older than one of its sources. */
export function consoleIsStale(): boolean {
  if (!existsSync(PAGE)) return true;
  const built = statSync(PAGE).mtimeMs;
  return readdirSync(CONSOLE, { recursive: true, encoding: "utf8" })
    .filter((name) => !name.startsWith("dist"))
    .some((name) => {
      const stats = statSync(join(CONSOLE, name));
      return stats.isFile() && stats.mtimeMs > built;
    });
}

/** @throws AppError HW_INPUT_UNREADABLE with the build's output */
export async function buildConsole(failed: string): Promise<void> {
  const vite = join(ROOT, "node_modules/vite/bin/vite.js");
  const child = spawn(process.execPath, [vite, "build", CONSOLE, "--logLevel", "warn"], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0)
    throw new AppError("HW_INPUT_UNREADABLE", `${failed}: ${output.slice(-2000)}`, {
      place: CONSOLE,
    });
}
