// Puts the anomaly detectors beside the correlations of the lowest level: both look at events, in the order
// of event time, and share its watermark, its snapshots and its late lanes.
import {
  ANOMALY,
  createKeyedAnomalies,
  type KeyedAnomalies,
  PIECE_MARK,
} from "../detectors/anomaly/keyed-anomalies.ts";
import {
  createLineDetectors,
  createProductDetectors,
  createSampleDetectors,
  type ProductModels,
} from "../detectors/anomaly/product-detectors.ts";
import { createSampleAnomalies, withSamples } from "../detectors/anomaly/sample-anomalies.ts";
import type { KeyedDetector } from "../detectors/keyed.ts";
import { NO_SEQUENCES } from "../detectors/templates/sequence/live-sequences.ts";

type CreateDetector = (tenant: string) => KeyedDetector;

/** How anomalies are looked for. */
export interface AnomalyLevelOptions {
  readonly findingsPerDay: number;
  /** The models of a tenant; left out: none is asked. */
  readonly modelsOf?: ((tenant: string) => ProductModels) | undefined;
}

/** The shard that holds the state of the anomaly detectors, in front of that of correlations. */
const SHARD = 0;

/** The levels with anomaly detectors on the lowest, which is made where there is none. */
export function withAnomalies(
  levels: readonly CreateDetector[],
  { findingsPerDay, modelsOf = () => NO_MODELS }: AnomalyLevelOptions,
): readonly CreateDetector[] {
  const [lowest, ...rest] = levels;
  const create = (tenant: string) => {
    const models = modelsOf(tenant);
    const outward = (text: string): string => others.outward(text);
    const detectors = createProductDetectors(models, outward);
    const samples = createSampleAnomalies(createSampleDetectors(), { findingsPerDay });
    const others = createKeyedAnomalies(
      detectors,
      { findingsPerDay },
      createLineDetectors(models),
      () => samples.othersShare,
    );
    const anomalies = withSamples(others, samples);
    return beside(lowest?.(tenant), anomalies);
  };
  return [create, ...rest];
}

const NO_MODELS: ProductModels = {
  autoencoder: { state: "none", expect: () => undefined, keep: () => undefined },
  dga: { state: "none", score: ({ length }) => new Float64Array(length) },
  sequence: NO_SEQUENCES,
};

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
    get faults() {
      return (correlator?.faults ?? 0) + anomalies.faults;
    },
    get drifts() {
      return anomalies.drifts;
    },
  };
}
