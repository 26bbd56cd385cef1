// How many of 10,000 invented people are found in clear in what a running Heidewacht keeps and answers, after
// they were sent through its inputs.
import { printFigure } from "../bench/figure.ts";
import { runCanaries } from "../support/canary-run.ts";

const PEOPLE = Number(process.argv[2] ?? 10_000);

const { found, ...more } = await runCanaries(PEOPLE);
const clear = Object.values(found).reduce((sum, one) => sum + one, 0);
printFigure("privacy.canaries", PEOPLE, "people");
printFigure("privacy.canaries_in_clear", clear, "people", { people: PEOPLE, found, ...more });
if (clear > 0) process.exitCode = 1;
