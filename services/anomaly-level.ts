// Puts the anomaly detectors beside the correlations of the lowest level: both look at events, in the order
// of event time, and share its watermark, its snapshots and its late lanes.
import {
  ANOMALY,
  createKeyedAnomalies,
  type KeyedAnomalies,
  PIECE_MARK,
} from "../detectors/anomaly/keyed-anomalies.ts";
import { createProductDetectors } from "../detectors/anomaly/product-detectors.ts";
import type { KeyedDetector } from "../detectors/keyed.ts";

type CreateDetector = () => KeyedDetector;

/** The shard that holds the state of the anomaly detectors, in front of that of correlations. */
const SHARD = 0;

/** The levels with anomaly detectors on the lowest, which is made where there is none. */
export function withAnomalies(
  levels: readonly CreateDetector[],
  { findingsPerDay }: { readonly findingsPerDay: number },
): readonly CreateDetector[] {
  const [lowest, ...rest] = levels;
  const create = () =>
    beside(lowest?.(), createKeyedAnomalies(createProductDetectors(), { findingsPerDay }));
  return [create, ...rest];
}

function beside(correlator: KeyedDetector | undefined, anomalies: KeyedAnomalies): KeyedDetector {
  let hasChanged = false;
  return {
    observe(observation) {
      if (observation.detector !== ANOMALY) return correlator?.observe(observation) ?? [];
      hasChanged = true;
      return anomalies.observe(observation);
    },
    advance: (time) => [...(correlator?.advance(time) ?? []), ...anomalies.advance(time)],
    changedShards() {
      const changed = correlator?.changedShards() ?? [];
      return hasChanged && !changed.includes(SHARD) ? [...changed, SHARD] : changed;
    },
    store(shard) {
      const own = correlator?.store(shard) ?? [];
      if (shard !== SHARD) return own;
      hasChanged = false;
      return [...anomalies.store(), ...own];
    },
    restore(shard, pieces) {
      // Pieces of correlations begin with the version of theirs, which is none of ours.
      const end = pieces.findIndex((piece) => piece[0] !== PIECE_MARK);
      const count = shard !== SHARD ? 0 : end < 0 ? pieces.length : end;
      if (count > 0) anomalies.restore(pieces.slice(0, count));
      correlator?.restore(shard, pieces.slice(count));
    },
    get keys() {
      return (correlator?.keys ?? 0) + anomalies.keys;
    },
    get evicted() {
      return (correlator?.evicted ?? 0) + anomalies.evicted;
    },
  };
}
