// `npm run test:faults -- [--faults N] [--minutes N] [--seed S] [--only KIND] [--keep]`: Heidewacht as seven
// processes over a real Kafka and a real Elasticsearch of our own; faults are drawn from the seed while records are shipped and
// findings are judged. Nothing that was acknowledged may be missing or be there twice, and the findings have
// to be those of an undisturbed run of the same records. Exit code 1 when they are not.
import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { openArena } from "./arena.ts";
import { runCourse } from "./course.ts";
import { KINDS } from "./draw.ts";
import { printFigures, tableOf, tell, wrongsOf } from "./told.ts";

const FAULTS = 200;

const { values } = parseArgs({
  options: {
    faults: { type: "string" },
    minutes: { type: "string" },
    seed: { type: "string" },
    only: { type: "string" },
    keep: { type: "boolean", default: false },
  },
});
const seed = values.seed ?? String(Date.now() % 2 ** 31);
const isEndless = values.faults === undefined && values.minutes !== undefined;
const faultsMax = isEndless ? Number.POSITIVE_INFINITY : Number(values.faults ?? FAULTS);
const minutesMax = Number(values.minutes ?? Number.POSITIVE_INFINITY);
const only = KINDS.find((kind) => kind === values.only);
const isKnown = values.only === undefined || only !== undefined;
if (!(isKnown && faultsMax > 0 && minutesMax > 0)) {
  tell(
    "usage: npm run test:faults -- [--faults N] [--minutes N] [--seed S] [--only KIND] [--keep]",
  );
  tell(`kinds: ${KINDS.join(", ")}`);
  process.exit(2);
}
tell(`seed ${seed}`);
const arena = await openArena();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void arena.close().finally(() => process.exit(130)));
process.exitCode = 1;
try {
  const { recovered, balance, labels } = await runCourse(arena, {
    ...{ seed, faultsMax, minutesMax, only },
  });
  printFigures(recovered, balance, { seed, ...labels });
  tell(`\n${tableOf(recovered)}\n`);
  const wrongs = wrongsOf(balance);
  for (const wrong of wrongs) tell(wrong);
  if (wrongs.length === 0) process.exitCode = 0;
} catch (error) {
  tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  await arena.close();
  if (values.keep || process.exitCode !== 0) tell(`logs and data are kept in ${arena.folder}`);
  else rmSync(arena.folder, { recursive: true, force: true });
}
// Senders of a run that failed would go on, and disturb the next one on the same ports.
process.exit();
