// Judges whole days of accounts, hosts and addresses: what a trained network can't give back from eight numbers
// does not go together as it did on quiet days, even where each measure by itself would pass.
import type { Entity } from "../../detector.ts";
import { createStateWriter, readState } from "../../network/state.ts";
import type { Activity } from "../activity.ts";
import type { Anomaly, AnomalyDetector, Driver } from "../anomaly.ts";
import { readNumbers, writeNumbers } from "../behaviour/evidence-state.ts";
import { createMicroBatch } from "../micro-batch.ts";
import { createTail, type Tail } from "../tail.ts";
import { type Deviation, deviationOf } from "./deviation.ts";
import type { LiveAutoencoder } from "./live-autoencoder.ts";
import { amountOf, type Family, FEATURES, familyOf, MEASURES } from "./measures.ts";
import {
  createWindows,
  type FinishedWindow,
  WINDOW_DEFAULTS,
  type WindowOptions,
} from "./windows.ts";

/** How the detector remembers and speaks. */
export interface AutoencoderOptions extends WindowOptions {
  /** Nothing more probable than this is said. */
  readonly tailMax: number;
}

const DAY_MS = 86_400_000;
const STATE_VERSION = 1;
const DRIVERS_MAX = 6;
/** Types of entities have tails of their own: hosts are busier than accounts. */
const TYPES = ["account", "address", "host"] as const satisfies readonly Entity["type"][];
const TAIL_OPTIONS = { warmup: 200, bodyMax: 256, peaksMax: 128 } as const;

/**
 * Days are cut and given to `live.keep` in any case; they are judged while there is a model, and told while it is
 * in force.
 */
export function createAutoencoder(
  live: LiveAutoencoder,
  given: Partial<AutoencoderOptions> = {},
): AnomalyDetector<Activity> {
  const options = { ...WINDOW_DEFAULTS, tailMax: 1e-3, ...given };
  const windows = createWindows(options);
  const tails = new Map<Entity["type"], Tail>(
    TYPES.map((type) => [type, createTail(TAIL_OPTIONS)]),
  );

  const judge = (finished: readonly FinishedWindow[]): readonly Anomaly[] => {
    if (finished.length === 0) return [];
    live.keep(finished);
    const said: Anomaly[] = [];
    const learnt: (() => void)[] = [];
    const batch = createMicroBatch<FinishedWindow>({
      width: FEATURES,
      handle(rows, abouts) {
        const asked = live.expect(rows, abouts);
        if (asked === undefined) return;
        const { expected, residuals } = asked;
        for (const [place, window] of abouts.entries()) {
          const given = expected.subarray(place * FEATURES, (place + 1) * FEATURES);
          const deviation = deviationOf(window.row, given, residuals);
          const tail = tails.get(window.entity.type);
          const probability = tail?.probability(deviation.size) ?? 1;
          learnt.push(() => tail?.learn(deviation.size, window.from));
          if (probability > options.tailMax) continue;
          said.push(anomalyOf(window, given, residuals, deviation, probability));
        }
      },
    });
    for (const window of finished) batch.add(window.row, window);
    batch.flush();
    // Days that end together are judged by those before them, not by each other.
    for (const learn of learnt) learn();
    return live.state === "active" ? said : [];
  };

  return {
    observe: (activity) => judge(windows.observe(activity)),
    advance: (time) => judge(windows.advance(time)),
    store() {
      const writer = createStateWriter(STATE_VERSION);
      windows.write(writer);
      for (const type of TYPES) writeNumbers(writer, tails.get(type)?.state() ?? []);
      return writer.pieces();
    },
    restore(pieces) {
      readState(pieces, STATE_VERSION, "autoencoder", (reader) => {
        windows.read(reader);
        for (const type of TYPES) tails.set(type, createTail(TAIL_OPTIONS, readNumbers(reader)));
      });
    },
    get keys() {
      return windows.keys;
    },
    get evicted() {
      return windows.evicted;
    },
  };
}

function anomalyOf(
  window: FinishedWindow,
  expected: Float32Array,
  residuals: Float64Array,
  deviation: Deviation,
  tail: number,
): Anomaly {
  const { entity, from, source, events } = window;
  return {
    ...{ detector: "autoencoder", kind: kindOf(deviation), entity, from },
    ...{ time: from + DAY_MS - 1, tail, source, events },
    drivers: driversOf(window, expected, residuals, deviation),
  };
}

/** The family with the largest part of the deviation. */
function kindOf({ parts }: Deviation): Family {
  const sums = new Map<Family, number>();
  for (const [feature, part] of parts.entries()) {
    const family = familyOf(MEASURES[feature % MEASURES.length] ?? "logons");
    sums.set(family, (sums.get(family) ?? 0) + part);
  }
  const [most] = [...sums].sort((a, b) => b[1] - a[1]);
  return most?.[0] ?? "logons";
}

/** The measures that deviate most, each against what the network expects of it beside the others. */
function driversOf(
  { amounts, row, means, deviations }: FinishedWindow,
  expected: Float32Array,
  residuals: Float64Array,
  { parts, sum }: Deviation,
): readonly Driver[] {
  const width = MEASURES.length;
  return MEASURES.map((measure, column): Driver => {
    const [own, peers] = [parts[column] ?? 0, parts[column + width] ?? 0];
    const feature = own >= peers ? column : column + width;
    const amountAt = (features: number) =>
      amountOf(measure, (means[feature] ?? 0) + features * (deviations[feature] ?? 0));
    const given = expected[feature] ?? 0;
    const side = (row[feature] ?? 0) < given ? -1 : 1;
    return {
      ...{ feature: `autoencoder.${measure}`, seen: amounts[column] ?? 0 },
      ...{ expected: amountAt(given), limit: amountAt(given + side * limitOf(residuals, feature)) },
      ...{ against: own >= peers ? "own" : "peers", share: Math.min(1, (own + peers) / sum) },
    };
  })
    .sort((a, b) => b.share - a.share)
    .slice(0, DRIVERS_MAX);
}

/** Three deviations of what the network misses on quiet days. */
function limitOf(residuals: Float64Array, feature: number): number {
  return 3 * Math.sqrt(residuals[feature] ?? 0);
}
