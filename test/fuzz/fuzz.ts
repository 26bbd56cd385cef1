// `npm run fuzz -- --minutes N [--seed S] [--only TARGET]`: spoils the samples of all formats and frames
// for so long, and holds what is promised: no error but our own, sound documents, nothing takes over
// 100 ms (a command that reads a whole file has its own limit). What breaks a promise is printed with its
// seed and ends the run with exit code 1.
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { printFigure } from "../bench/figure.ts";
import { chanceOf } from "./mutate.ts";
import { type FuzzTarget, fuzzTargets } from "./targets.ts";
import { startWatchdog } from "./watchdog.ts";

const STALL_MS = 100;
/** A stall has to show again and again: the machine may have been busy with something else. */
const TRIES = 5;
const INPUTS_PER_TURN = 50;
const SHOWN_CHARACTERS = 500;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string" },
    only: { type: "string" },
  },
});
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const endsAt = Date.now() + Number(values.minutes) * 60_000;
const targets = (await fuzzTargets()).filter(({ name }) => name.includes(values.only ?? ""));
if (targets.length === 0 || !Number.isFinite(endsAt) || !Number.isInteger(seed)) {
  process.stderr.write("usage: npm run fuzz -- --minutes N [--seed S] [--only TARGET]\n");
  process.exit(2);
}
process.stdout.write(`seed ${seed}, ${targets.length} targets\n`);

const chance = chanceOf(seed);
const watchdog = startWatchdog();
let inputs = 0;
let slowestMs = 0;
while (Date.now() < endsAt) {
  const target = targets[chance(targets.length)];
  if (target === undefined) break;
  for (let count = 0; count < INPUTS_PER_TURN; count++) {
    const input = target.make(chance);
    watchdog.watch(input);
    const elapsedMs = await timed(target, input);
    inputs++;
    slowestMs = Math.max(slowestMs, elapsedMs);
    if (elapsedMs > (target.stallMs ?? STALL_MS)) {
      fail(target, input, new Error(`took ${Math.round(elapsedMs)} ms`));
    }
  }
}
printFigure("fuzz.inputs", inputs, "inputs", { seed, targets: targets.length });
printFigure("fuzz.slowest_ms", slowestMs, "ms", { seed });

/** Milliseconds of CPU that one input takes; over the limit, the least of several tries. */
async function timed(target: FuzzTarget, input: Buffer): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let count = 0; count < TRIES && least > (target.stallMs ?? STALL_MS); count++) {
    const before = process.cpuUsage();
    try {
      await target.run(input);
    } catch (error) {
      fail(target, input, error);
    }
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

function fail(target: FuzzTarget, input: Buffer, error: unknown): never {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const path = join(tmpdir(), `heidewacht-fuzz-${target.name}.bin`);
  writeFileSync(path, input);
  const shown = JSON.stringify(input.toString("utf8").slice(0, SHOWN_CHARACTERS));
  process.stderr.write(
    `${target.name} (seed ${seed}, ${input.length} bytes, kept in ${path}): ${reason}\n${shown}\n`,
  );
  process.exit(1);
}
