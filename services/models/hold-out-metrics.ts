// What a model is worth on examples that it did not learn from: how it tells usual ones from made ones.
import type { ModelMetrics } from "../store/model.ts";

const FALSE_POSITIVE_RATE = 0.01;

/** Both are sorted here. `flaggedFrom`: scores from here on count as flagged. */
export function holdOutMetrics(
  usual: Float64Array,
  made: Float64Array,
  flaggedFrom: number,
): ModelMetrics {
  usual.sort();
  made.sort();
  const limit = usual[Math.ceil(usual.length * (1 - FALSE_POSITIVE_RATE)) - 1] ?? 1;
  const share = (scores: Float64Array, isFlagged: (score: number) => boolean) =>
    scores.length === 0 ? 0 : scores.filter(isFlagged).length / scores.length;
  return {
    recallAtFpr1pct: share(made, (score) => score > limit),
    auroc: aurocOf(usual, made),
    flaggedUsual: share(usual, (score) => score >= flaggedFrom),
    flaggedMade: share(made, (score) => score >= flaggedFrom),
    ...{ usual: usual.length, made: made.length },
  };
}

/** Mann-Whitney: the share of pairs in which the made one scores higher; ties are halves. Both sorted. */
function aurocOf(usual: Float64Array, made: Float64Array): number {
  if (usual.length === 0 || made.length === 0) return 0.5;
  let [below, equalEnd, wins] = [0, 0, 0];
  for (const score of made) {
    while (below < usual.length && (usual[below] ?? 0) < score) below += 1;
    equalEnd = Math.max(equalEnd, below);
    while (equalEnd < usual.length && usual[equalEnd] === score) equalEnd += 1;
    wins += below + (equalEnd - below) / 2;
  }
  return wins / (usual.length * made.length);
}
