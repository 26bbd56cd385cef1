// Runs a script as a process of its own and kills it with SIGKILL in the middle of its work.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/**
 * Starts the script, waits until it has reported `reports` numbers (one a line: what is acknowledged),
 * and kills it at once.
 * @returns the last number that it reported before it died
 */
export async function killAfter(
  script: URL,
  args: readonly string[],
  reports: number,
): Promise<number> {
  const child = spawn(process.execPath, [fileURLToPath(script), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const faults: string[] = [];
  child.stderr.on("data", (bytes: Buffer) => faults.push(bytes.toString()));
  let last = Number.NaN;
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    seen += 1;
    if (seen === reports) child.kill("SIGKILL");
  }
  if (seen < reports) throw new Error(`the script ended by itself: ${faults.join("")}`);
  return last;
}
