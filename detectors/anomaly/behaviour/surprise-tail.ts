// How probable a sum of surprises (nats) is where nothing is wrong. Surprises are −ln of probabilities, so
// their tail is exponential by construction: peaks over a threshold with the shape held at 0, which a few
// dozen past values determine; only the scale is learnt.
import type { StateReader, StateWriter } from "../../network/state.ts";
import { TAIL_MIN } from "../tail.ts";
import { readNumbers, writeNumbers } from "./evidence-state.ts";

const VALUES_MAX = 256;
/** Values needed before anything is said. */
const VALUES_MIN = 30;
const PEAK_SHARE = 0.2;
/** Were the learnt probabilities exact, the scale would be one nat. */
const SCALE_MIN = 1;
/** An excess counts at most as so many medians: one wild day must not blind the fit. */
const MEDIANS_MAX = 5;
/** What is less probable may be an attack: only each such one in so many is learnt. */
const DOUBTFUL = 1e-3;
const DOUBTFUL_EACH = 5;

export interface SurpriseTail {
  /** TAIL_MIN to 1; 1 as long as too little is known. */
  probability(surprise: number): number;
  /** Learns a positive surprise. */
  learn(surprise: number): void;
  write(writer: StateWriter): void;
  read(reader: StateReader): void;
}

export function createSurpriseTail(): SurpriseTail {
  /** The newest values; the oldest is overwritten. */
  let values: number[] = [];
  let next = 0;
  let doubtful = 0;
  let fitted:
    | { readonly sorted: number[]; readonly over: number; readonly scale: number }
    | undefined;
  const fitNow = () => {
    const sorted = [...values].sort((a, b) => a - b);
    const over = sorted[Math.floor(sorted.length * (1 - PEAK_SHARE))] ?? 0;
    const excesses = sorted.map((value) => value - over).filter((excess) => excess > 0);
    const max = MEDIANS_MAX * (excesses[excesses.length >> 1] ?? 0);
    let sum = 0;
    for (const excess of excesses) sum += Math.min(max, excess);
    const scale = Math.max(SCALE_MIN, excesses.length === 0 ? 0 : sum / excesses.length);
    return { sorted, over, scale };
  };
  const probability = (surprise: number): number => {
    if (values.length < VALUES_MIN) return 1;
    fitted ??= fitNow();
    const { sorted, over, scale } = fitted;
    if (surprise > over)
      return Math.max(TAIL_MIN, PEAK_SHARE * Math.exp(-(surprise - over) / scale));
    const atLeast = sorted.filter((value) => value >= surprise).length;
    return Math.max(PEAK_SHARE, atLeast / sorted.length);
  };
  return {
    probability,
    learn(surprise) {
      if (!(surprise > 0)) return;
      if (probability(surprise) < DOUBTFUL) {
        doubtful += 1;
        if (doubtful % DOUBTFUL_EACH !== 0) return;
      }
      values[next] = surprise;
      next = (next + 1) % VALUES_MAX;
      fitted = undefined;
    },
    write(writer) {
      writer.count(next);
      writer.count(doubtful);
      writeNumbers(writer, values);
    },
    read(reader) {
      next = reader.count();
      doubtful = reader.count();
      values = [...readNumbers(reader)];
      fitted = undefined;
      if (values.length > VALUES_MAX || next > values.length)
        throw new RangeError("a sample of another size");
    },
  };
}
