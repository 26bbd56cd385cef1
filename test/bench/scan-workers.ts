// What two threads of one scan gain beside two scans that know nothing of each other: both get the two
// halves of a lane, one after the other in the same round. Wall clock from start to end, loading included.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { spread } from "./cpu-time.ts";
import { printFigure } from "./figure.ts";

const ROUNDS = 3;
/** How often each half holds its lines: once, where starting counts most, and often. */
const REPEATS = [1, 4];
const PROGRAM = fileURLToPath(new URL("../../services/cli/heidewacht.ts", import.meta.url));
/** The scan has ended with findings. */
const EXIT_FOUND = 1;

const summarySchema = z.object({ events: z.number(), hits: z.number() });
type Summary = z.infer<typeof summarySchema>;

/** @throws Error when both ways don't find the same */
export async function benchWorkers(
  folder: string,
  lines: readonly string[],
  rulesPath: string,
): Promise<void> {
  const middle = lines.length >> 1;
  for (const repeats of REPEATS) {
    const files = [lines.slice(0, middle), lines.slice(middle)].map((half, index) => {
      const file = join(folder, `half-${index}.ndjson`);
      writeFileSync(file, `${half.join("\n")}\n`.repeat(repeats));
      return file;
    });
    const ratios: number[] = [];
    const found = { events: 0, hits: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      const workers = await timed(() => Promise.all([scan(files, rulesPath)]));
      const processes = await timed(() =>
        Promise.all(files.map((file) => scan([file], rulesPath))),
      );
      if (workers.hits !== processes.hits || workers.events !== processes.events) {
        throw new Error(`two threads found ${workers.hits}, two processes ${processes.hits}`);
      }
      Object.assign(found, { events: workers.events, hits: workers.hits });
      ratios.push(processes.seconds / workers.seconds);
    }
    const { median, range } = spread(ratios);
    const more = { range, rounds: ROUNDS, ...found };
    printFigure("scan.workers_2_over_processes_2", median, "ratio", more);
  }
}

async function timed(work: () => Promise<Summary[]>) {
  const from = performance.now();
  const summaries = await work();
  const seconds = (performance.now() - from) / 1000;
  const sum = (name: keyof Summary) => summaries.reduce((all, one) => all + one[name], 0);
  return { seconds, events: sum("events"), hits: sum("hits") };
}

/** One `heidewacht scan` with a thread for each file. */
function scan(files: readonly string[], rulesPath: string): Promise<Summary> {
  const words = ["scan", "--no-pack", "--rules", rulesPath, "--format", "json"];
  const child = spawn(
    process.execPath,
    [PROGRAM, ...words, "--jobs", String(files.length), ...files],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === EXIT_FOUND)
        resolve(summarySchema.parse(JSON.parse(Buffer.concat(chunks).toString("utf8"))));
      else reject(new Error(`scan ended with ${code}`));
    });
  });
}
