// How a storm looks in the queue: a million drawn events, 40,000 of which set off rules, with 12 attacks of
// several steps in between, through the real chain. `node test/eval/storm.ts 1 2 3` draws other storms.
import { guardProcessRegexes } from "../../detectors/sigma/regex-guard.ts";
import { printFigure } from "../bench/figure.ts";
import { runStorm } from "./storm/run-storm.ts";
import { WHOLE_STORM } from "./storm/storm.ts";

const SEEDS = [1, 2, 3, 4, 5];

guardProcessRegexes();
const given = process.argv.slice(2).map(Number);
for (const seed of given.length > 0 ? given : SEEDS) {
  const result = await runStorm(seed, WHOLE_STORM);
  const { attacksInFirst, byStepsAlone, ranks, detectSeconds, triageSeconds } = result;
  const { events, attacks } = WHOLE_STORM;
  printFigure("storm.queue_items", result.queueItems, "items", {
    seed,
    findings: result.findings,
  });
  printFigure("storm.attacks_in_first_30", attacksInFirst, "attacks", {
    ...{ seed, of: attacks, ranks, byStepsAlone },
  });
  printFigure("storm.signals", result.signals, "signals", { seed, events });
  printFigure("storm.seconds", detectSeconds + triageSeconds, "s", {
    seed,
    detect: Number(detectSeconds.toFixed(1)),
    triage: Number(triageSeconds.toFixed(1)),
  });
  printFigure("storm.own_share", result.purity, "ratio", { seed });
}
