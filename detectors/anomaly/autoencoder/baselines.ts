// What is usual of each measure: mean and variance of an entity's days and of its peers', the longest unseen
// giving way. A day counts only as far as it lies near what was usual, so that nobody pushes it far at once.
import type { StateReader, StateWriter } from "../../network/state.ts";
import { RecencyMap } from "../../recency-map.ts";
import { readNumbers, writeNumbers } from "../behaviour/evidence-state.ts";
import { FEATURES, levelOf, MEASURES } from "./measures.ts";

/** A window's features, and what it takes to say what was expected. */
export interface Scaled {
  /** Levels against the own past, then against the peers', in deviations. */
  readonly row: Float32Array;
  /** Of each feature: its mean and its deviation, as levels. */
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  /** Days of the entity that were learnt. */
  readonly days: number;
}

export interface Baselines {
  scale(entity: string, group: string, amounts: Float64Array): Scaled;
  learn(entity: string, group: string, amounts: Float64Array): void;
  readonly keys: number;
  readonly evicted: number;
  write(writer: StateWriter): void;
  read(reader: StateReader): void;
}

interface Baseline {
  days: number;
  readonly means: Float64Array<ArrayBuffer>;
  readonly variances: Float64Array<ArrayBuffer>;
}

/** Features lie within so many deviations. */
const DEVIATIONS_MAX = 6;
/** Least deviation of a level: a count that was always 0 and is 1 lies at the edge. */
const DEVIATION_MIN = 0.12;
/** So many days of the peers stand for an entity's unknown past. */
const PEERS_DAYS = 4;
/** The newest day weighs at least one in so many; a group has many members. */
const OWN_DAYS = 20;
const GROUP_DAYS = 1000;
/** What lies further out is learnt as this. */
const LEARNT_DEVIATIONS = 2;
const LEARNT_AFTER_DAYS = 4;

/** Baselines of at most so many entities and as many groups. */
export function createBaselines(keysMax: number): Baselines {
  const own = new RecencyMap<string, Baseline>();
  const groups = new RecencyMap<string, Baseline>();
  let evicted = 0;
  const touch = (map: typeof own, key: string): Baseline => {
    const baseline = map.get(key) ?? emptyBaseline();
    map.set(key, baseline);
    if (map.size > keysMax) {
      const { oldest } = map;
      if (oldest !== undefined && map.delete(oldest)) evicted += 1;
    }
    return baseline;
  };
  return {
    scale(entity, group, amounts) {
      const mine = own.get(entity) ?? emptyBaseline();
      const peers = groups.get(group) ?? emptyBaseline();
      return scaled(mine, peers, amounts);
    },
    learn(entity, group, amounts) {
      learnDay(touch(own, entity), amounts, OWN_DAYS);
      learnDay(touch(groups, group), amounts, GROUP_DAYS);
    },
    get keys() {
      return own.size + groups.size;
    },
    get evicted() {
      return evicted;
    },
    write(writer) {
      writer.float(evicted);
      for (const map of [own, groups]) {
        writer.count(map.size);
        for (const [key, { days, means, variances }] of map) {
          writer.text(key);
          writer.float(days);
          writeNumbers(writer, means);
          writeNumbers(writer, variances);
        }
      }
    },
    read(reader) {
      evicted = reader.float();
      for (const map of [own, groups]) {
        map.clear();
        for (let left = reader.count(); left > 0; left -= 1) {
          const key = reader.text();
          const days = reader.float();
          const [means, variances] = [readNumbers(reader), readNumbers(reader)];
          if (means.length !== MEASURES.length || variances.length !== MEASURES.length)
            throw new RangeError("a baseline of another length");
          map.set(key, { days, means, variances });
        }
      }
    },
  };
}

function scaled(own: Baseline, peers: Baseline, amounts: Float64Array): Scaled {
  const row = new Float32Array(FEATURES);
  const means = new Float64Array(FEATURES);
  const deviations = new Float64Array(FEATURES);
  const part = own.days / (own.days + PEERS_DAYS);
  for (const [column, measure] of MEASURES.entries()) {
    const level = levelOf(measure, amounts[column] ?? 0);
    const peersMean = peers.means[column] ?? 0;
    const peersVariance = peers.variances[column] ?? 0;
    const put = (feature: number, mean: number, variance: number) => {
      const deviation = Math.sqrt(variance + DEVIATION_MIN ** 2);
      means[feature] = mean;
      deviations[feature] = deviation;
      row[feature] = bounded((level - mean) / deviation, DEVIATIONS_MAX);
    };
    put(
      column,
      part * (own.means[column] ?? 0) + (1 - part) * peersMean,
      part * (own.variances[column] ?? 0) + (1 - part) * peersVariance,
    );
    put(MEASURES.length + column, peersMean, peersVariance);
  }
  return { row, means, deviations, days: own.days };
}

function learnDay(baseline: Baseline, amounts: Float64Array, daysMax: number): void {
  const { days, means, variances } = baseline;
  const weight = 1 / Math.min(days + 1, daysMax);
  for (const [column, measure] of MEASURES.entries()) {
    const mean = means[column] ?? 0;
    const variance = variances[column] ?? 0;
    const away = levelOf(measure, amounts[column] ?? 0) - mean;
    const limit = LEARNT_DEVIATIONS * Math.sqrt(variance + DEVIATION_MIN ** 2);
    const learnt = days < LEARNT_AFTER_DAYS ? away : bounded(away, limit);
    means[column] = mean + weight * learnt;
    variances[column] = (1 - weight) * (variance + weight * learnt ** 2);
  }
  baseline.days = days + 1;
}

function bounded(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}

function emptyBaseline(): Baseline {
  const [means, variances] = [new Float64Array(MEASURES.length), new Float64Array(MEASURES.length)];
  return { days: 0, means, variances };
}
