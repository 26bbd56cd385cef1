// How well made names of unknown families are told from usual ones: labelled names in five folds, each
// family scored by a model that never saw it; and a model that saw our own drawn families alone.
import { readFileSync } from "node:fs";
import { openBackend } from "../../../detectors/anomaly/backend.ts";
import { loadDga, trainDga } from "../../../detectors/network/dga/model.ts";
import type { Figure } from "../../bench/figure.ts";
import { sharedDataOrSkip } from "../../support/shared-data.ts";
import { readCsv } from "../csv.ts";
import { recallByGroup, type Scored, scoreBinary } from "./binary-score.ts";
import { labelledNames, scoreFolds } from "./dga-folds.ts";

const RATE = 0.01;
const FOLDS = 5;

export async function evaluateDga(): Promise<Figure[]> {
  const path = sharedDataOrSkip("eval:anomaly dga", "anomaly/dga/train.csv");
  if (path === undefined) return [];
  const names = labelledNames(readCsv(readFileSync(path, "utf8")));
  const backend = await openBackend();
  const figureOf = (figure: string, score: () => Scored[]): Figure => {
    const before = process.cpuUsage();
    const items = score();
    const used = process.cpuUsage(before);
    const { recall, auroc, threshold } = scoreBinary(items, RATE);
    const families = recallByGroup(items, threshold);
    const cpuSeconds = (used.user + used.system) / 1e6;
    const more = { auroc, families, n: items.length, cpuSeconds, backend: backend.name };
    return { figure, value: recall, unit: "share", more };
  };
  return [
    figureOf("dga.recall_at_fpr_1pct", () => scoreFolds(names, FOLDS, backend)),
    figureOf("dga.own_families_recall_at_fpr_1pct", () => {
      const isLearnt = (_: string, place: number) => place % 2 === 0;
      const artefact = trainDga(names.usual.filter(isLearnt), { backend });
      const model = loadDga(artefact, backend);
      const scored = (list: readonly string[], group: string) =>
        [...model.score(list)].map((score) => ({ score, isPositive: group !== "", group }));
      const rest = names.usual.filter((name, place) => !isLearnt(name, place));
      const families = names.families.flatMap((one) => scored(one.names, one.family));
      const items = [...scored(rest, ""), ...families];
      model.dispose();
      return items;
    }),
  ];
}
