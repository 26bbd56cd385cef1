// Whether a person's name, gender or origin changes anything: 500 pairs of cases that differ in nothing else.
// `npm run eval:bias`
import { printFigure } from "../bench/figure.ts";
import { biasPairs, differences, movedInQueue } from "./bias/pairs.ts";

const PAIRS = 500;

const pairs = biasPairs(PAIRS);
const found = pairs.map(differences).filter((one) => one.length > 0);
const moved = movedInQueue(pairs);
printFigure("bias.pairs", pairs.length, "pairs");
printFigure("bias.changes", found.length + moved, "changes", { moved, first: found.slice(0, 3) });
