// Examples for the autoencoder: which kept days it learns from, which are held out, and what it is worth on those
// beside days that are put together from parts of different ones.
import { sizesOf } from "../../detectors/anomaly/autoencoder/deviation.ts";
import { FEATURES, MEASURES } from "../../detectors/anomaly/autoencoder/measures.ts";
import type { AutoencoderModel } from "../../detectors/anomaly/autoencoder/model.ts";
import { seededRandom } from "../../detectors/network/dga/seeded.ts";
import type { ModelMetrics } from "../store/model.ts";
import type { ConfirmedAttacks } from "./confirmed-attacks.ts";
import { markOf, readDayRows } from "./day-rows.ts";
import { holdOutMetrics } from "./hold-out-metrics.ts";
import type { Pace } from "./row-store.ts";

/** One of so many days is held out. */
const HOLD_OUT = 5;
/** Of a longer window the days are thinned out, evenly over all of it. */
const ROWS_MAX = 50_000;
/** Measures of a made day that stem from another one. */
const STRANGE_SHARE = 0.5;
const LIMIT_MIN = 1e-6;
/** The size of a deviation beside the model's own limit. */
export const FLAGGED_FROM = 1;

/** Rows one behind the other. */
export interface AutoencoderExamples {
  readonly learnt: Float32Array;
  readonly heldOut: Float32Array;
}

/** Parts the kept days by their marks, so that a day stays on its side whatever others come. */
export async function gatherDays(
  store: Parameters<typeof readDayRows>[0],
  tenant: string,
  window: { readonly from: number; readonly to: number },
  { days, wholeDays }: Pick<ConfirmedAttacks, "days" | "wholeDays">,
  pace: Pace,
): Promise<AutoencoderExamples> {
  const attacked = new Set(days.map(({ entity, day }) => keyOf(markOf(entity, day), day)));
  const isLeftOut = (mark: number, day: number) =>
    wholeDays.has(day) || attacked.has(keyOf(mark, day));
  const all = await readDayRows(store, tenant, "autoencoder", window, isLeftOut, pace);
  const every = Math.max(1, all.length / ROWS_MAX);
  const chosen = Array.from({ length: Math.floor(all.length / every) }, (_, place) =>
    Math.floor(place * every),
  ).flatMap((place) => all[place] ?? []);
  const rowsWhere = (isHeldOut: boolean) =>
    chosen.filter(({ mark }) => (mark % HOLD_OUT === 0) === isHeldOut).map(({ row }) => row);
  return { learnt: flat(rowsWhere(false)), heldOut: flat(rowsWhere(true)) };
}

/** How the model tells held-out days from made ones. */
export function autoencoderMetrics(
  model: Pick<AutoencoderModel, "expected" | "residuals" | "limit">,
  heldOut: Float32Array,
  seed: number,
): ModelMetrics {
  const relative = (rows: Float32Array) => {
    const count = rows.length / FEATURES;
    return relativeSizes(model, rows, model.expected(rows, count), count);
  };
  return holdOutMetrics(relative(heldOut), relative(mixedDays(heldOut, seed)), FLAGGED_FROM);
}

/** Sizes of deviations beside the model's own limit. */
export function relativeSizes(
  { residuals, limit }: Pick<AutoencoderModel, "residuals" | "limit">,
  rows: Float32Array,
  expected: Float32Array,
  count: number,
): Float64Array {
  return sizesOf(rows, expected, residuals, count).map((size) => size / Math.max(LIMIT_MIN, limit));
}

/** Days with parts of other days: each measure by itself is one that was seen. */
function mixedDays(rows: Float32Array, seed: number): Float32Array {
  const random = seededRandom(seed);
  const count = rows.length / FEATURES;
  const mixed = Float32Array.from(rows);
  for (let row = 0; row < count; row += 1)
    for (let column = 0; column < MEASURES.length; column += 1) {
      if (random() >= STRANGE_SHARE) continue;
      const other = Math.floor(random() * count);
      for (const feature of [column, column + MEASURES.length])
        mixed[row * FEATURES + feature] = rows[other * FEATURES + feature] ?? 0;
    }
  return mixed;
}

function keyOf(mark: number, day: number): string {
  return `${day}\n${mark}`;
}

function flat(rows: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(rows.length * FEATURES);
  for (const [place, row] of rows.entries()) whole.set(row, place * FEATURES);
  return whole;
}
