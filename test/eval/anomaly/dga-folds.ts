// Divides labelled names into folds: whole families are left out of training together with their share of
// the usual names, so that what is scored comes from families that no model was trained on.
import type { TensorBackend } from "../../../detectors/anomaly/backend.ts";
import type { Family } from "../../../detectors/network/dga/families.ts";
import {
  type DgaTrainingOptions,
  loadDga,
  trainDga,
} from "../../../detectors/network/dga/model.ts";
import type { Scored } from "./binary-score.ts";

export interface LabelledNames {
  readonly usual: readonly string[];
  readonly families: readonly Family[];
}

/** Rows with the columns label (0 or 1), family, domain. */
export function labelledNames(rows: readonly Readonly<Record<string, string>>[]): LabelledNames {
  const usual: string[] = [];
  const families = new Map<string, string[]>();
  for (const { label, family = "", domain = "" } of rows) {
    if (label === "0") usual.push(domain);
    else {
      const names = families.get(family) ?? [];
      families.set(family, names);
      names.push(domain);
    }
  }
  return { usual, families: [...families].map(([family, names]) => ({ family, names })) };
}

/** Each name scored by the model of the fold that left it out. */
export function scoreFolds(
  { usual, families }: LabelledNames,
  folds: number,
  backend: TensorBackend,
  options: Partial<DgaTrainingOptions> = {},
  only?: number,
): Scored[] {
  const scored: Scored[] = [];
  // Large and small families are spread evenly; their names say nothing of the fold.
  const bySize = [...families].sort((a, b) => b.names.length - a.names.length);
  for (let fold = 0; fold < folds; fold += 1) {
    if (only !== undefined && fold !== only) continue;
    const isOut = (place: number) => place % folds === fold;
    const artefact = trainDga(
      usual.filter((_, place) => !isOut(place)),
      { ...options, backend },
      bySize.filter((_, place) => !isOut(place)),
    );
    const model = loadDga(artefact, backend);
    const score = (names: readonly string[], group: string) => {
      for (const value of model.score(names))
        scored.push({ score: value, isPositive: group !== "", group });
    };
    score(
      usual.filter((_, place) => isOut(place)),
      "",
    );
    for (const { family, names } of bySize.filter((_, place) => isOut(place))) score(names, family);
    model.dispose();
  }
  return scored;
}
