// Recall at a false-positive rate and area under the ROC curve of scored items: equal scores are taken
// together, so that no order among them flatters.

export interface Scored {
  readonly score: number;
  readonly isPositive: boolean;
  readonly group: string;
}

export interface BinaryScore {
  readonly recall: number;
  readonly auroc: number;
  /** What has this score or a higher one is within the rate. */
  readonly threshold: number;
}

/** The highest recall whose false-positive rate is at most `rateMax` (0 to 1). */
export function scoreBinary(items: readonly Scored[], rateMax: number): BinaryScore {
  const sorted = [...items].sort((a, b) => b.score - a.score);
  const positives = sorted.filter(({ isPositive }) => isPositive).length;
  const negatives = sorted.length - positives;
  let [found, wrong, area, recall] = [0, 0, 0, 0];
  let threshold = Number.POSITIVE_INFINITY;
  for (let at = 0; at < sorted.length; ) {
    const score = sorted[at]?.score ?? 0;
    const [foundBefore, wrongBefore] = [found, wrong];
    for (; at < sorted.length && sorted[at]?.score === score; at += 1) {
      if (sorted[at]?.isPositive === true) found += 1;
      else wrong += 1;
    }
    area += ((wrong - wrongBefore) * (found + foundBefore)) / 2;
    if (wrong > rateMax * negatives) continue;
    recall = found / positives;
    threshold = score;
  }
  return { recall, auroc: area / (positives * negatives), threshold };
}

/** Share of each group's positives that the threshold finds. */
export function recallByGroup(items: readonly Scored[], threshold: number): Record<string, number> {
  const groups = new Map<string, [number, number]>();
  for (const { score, isPositive, group } of items) {
    if (!isPositive) continue;
    const counts = groups.get(group) ?? [0, 0];
    groups.set(group, counts);
    counts[1] += 1;
    if (score >= threshold) counts[0] += 1;
  }
  const shares = [...groups].map(([group, [found, all]]) => [group, round(found / all)]);
  return Object.fromEntries(shares);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
