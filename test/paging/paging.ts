// Whether paging can be relied on: thousands of pages over hundreds of drawn faults, with real peers, the real
// store and a process that is really killed, on a virtual clock that passes through half a year and both
// nights on which clocks change. `node test/paging/paging.ts --pages 10000 --faults 1000 --seed 1`
import { parseArgs } from "node:util";
import { printFigure } from "../bench/figure.ts";
import { pageStorm } from "./storm.ts";
import { tryPaging } from "./try-paging.ts";

const SHOWN_MAX = 20;
const STORM_PAGES_MAX = 5;

const { values } = parseArgs({
  options: {
    pages: { type: "string", default: "10000" },
    faults: { type: "string", default: "1000" },
    /** Of the storm; 0: none. */
    signals: { type: "string", default: "40000" },
    seed: { type: "string", default: "1" },
    /** Nothing but this kind of fault. */
    only: { type: "string" },
  },
});
const { seed } = values;
process.stderr.write(`seed ${seed}\n`);
const { verdict, told, violations } = await tryPaging({
  ...{ seed, pages: Number(values.pages), faults: Number(values.faults) },
  only: values.only,
  onProgress: (text) => process.stderr.write(`${text}\n`),
});
const { deliveries, duplicates, lost, late, wrong, steps } = verdict;
const faults = [...told.faults.values()].reduce((sum, one) => sum + one, 0);
printFigure("paging.pages", deliveries, "pages", { seed, findings: told.lives.length });
printFigure("paging.faults", faults, "faults", { seed, ...Object.fromEntries(told.faults) });
printFigure("paging.lost", lost.length, "pages", { seed });
printFigure("paging.duplicates_share", duplicates / deliveries, "ratio", { seed, duplicates });
printFigure("paging.steps_late", late.length, "steps", { seed, of: steps });
printFigure("paging.wrong_person", wrong.length, "steps", { seed });
const storm =
  Number(values.signals) > 0 ? await pageStorm(seed, Number(values.signals)) : undefined;
if (storm !== undefined)
  printFigure("paging.storm_pages", storm.pages, "pages", { ...storm, seed });
const isStormHeld = storm === undefined || (storm.pages <= STORM_PAGES_MAX && storm.untold === 0);
for (const one of [...lost, ...late, ...wrong].slice(0, SHOWN_MAX))
  process.stderr.write(`${one}\n`);
for (const one of violations) process.stderr.write(`violated: ${one}\n`);
if (!isStormHeld) process.stderr.write("violated: the storm\n");
process.exitCode = violations.length === 0 && isStormHeld ? 0 : 1;
