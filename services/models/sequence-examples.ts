// Examples for the sequence model: which kept rows it learns from, which are held out, and what it is worth on those
// beside rows that go on as another one does.
import { seededRandom } from "../../detectors/network/dga/seeded.ts";
import {
  CONTEXT_SIGNS,
  ROW_SIGNS,
  type SequenceModel,
} from "../../detectors/templates/sequence/model.ts";
import type { ModelMetrics } from "../store/model.ts";
import type { Store } from "../store/store.ts";
import type { ConfirmedAttacks } from "./confirmed-attacks.ts";
import { markOf } from "./day-rows.ts";
import { holdOutMetrics } from "./hold-out-metrics.ts";
import type { Pace } from "./row-store.ts";
import { readSequenceRows } from "./sequence-rows.ts";

/** One row of so many is held out. */
const HOLD_OUT = 5;
/** Rows that are held out are judged up to this many. */
const JUDGED_MAX = 2000;
/** In nats: e⁵ times less probable than after the last sentence alone. */
export const FLAGGED_FROM = 5;

/** Rows of `ROW_SIGNS` sentences, one behind the other. */
export interface SequenceExamples {
  readonly learnt: Uint32Array;
  readonly heldOut: Uint32Array;
}

/** Parts the kept rows by their keys, so that a row stays on its side whatever others come. */
export async function gatherRows(
  store: Store,
  tenant: string,
  window: { readonly from: number; readonly to: number },
  { days, wholeDays }: Pick<ConfirmedAttacks, "days" | "wholeDays">,
  pace: Pace,
): Promise<SequenceExamples> {
  const attacked = new Set(days.map(({ entity, day }) => `${day}\n${markOf(entity, day)}`));
  const rows = await readSequenceRows(
    store,
    tenant,
    window,
    (mark, day) => wholeDays.has(day) || attacked.has(`${day}\n${mark}`),
    pace,
  );
  const side = (isHeldOut: boolean) => {
    const chosen = rows.filter(({ key }) => (key % HOLD_OUT === 0) === isHeldOut);
    const flat = new Uint32Array(chosen.length * ROW_SIGNS);
    for (const [place, { signs }] of chosen.entries()) flat.set(signs, place * ROW_SIGNS);
    return flat;
  };
  return { learnt: side(false), heldOut: side(true) };
}

/** The rows apart. */
export function rowsOf(flat: Uint32Array): Uint32Array[] {
  return Array.from({ length: flat.length / ROW_SIGNS }, (_, row) =>
    flat.subarray(row * ROW_SIGNS, (row + 1) * ROW_SIGNS),
  );
}

/** How the model tells held-out rows from those that go on as another one. */
export function sequenceMetrics(
  model: SequenceModel,
  heldOut: Uint32Array,
  seed: number,
): ModelMetrics {
  const rows = rowsOf(heldOut).slice(0, JUDGED_MAX);
  const sizes = (all: readonly ArrayLike<number>[]) =>
    Float64Array.from(all, (row) => oddnessOf(model, row));
  return holdOutMetrics(sizes(rows), sizes(mixedRows(rows, seed)), FLAGGED_FROM);
}

/** The greatest oddness of the sentences behind the first dozen. */
export function oddnessOf(model: SequenceModel, row: ArrayLike<number>): number {
  const state = model.start();
  let most = 0;
  for (let at = 0; at + 1 < row.length; at += 1) {
    const [before = 0, sign = 0] = [row[at], row[at + 1]];
    model.step(state, before);
    if (at + 1 >= CONTEXT_SIGNS && model.isKnown(sign))
      most = Math.max(most, model.oddness(state, before, sign));
  }
  return most;
}

/** Each goes over into another one at a sentence that both have: no pair of sentences is new. */
function mixedRows(rows: readonly Uint32Array[], seed: number): Uint32Array[] {
  const random = seededRandom(seed);
  return rows.flatMap((row) => {
    const other = rows[Math.floor(random() * rows.length)] ?? row;
    const joint = row[CONTEXT_SIGNS] ?? 0;
    const from = other.indexOf(joint);
    if (other === row || from < 0) return [];
    const rest = other.subarray(from + 1, from + ROW_SIGNS - CONTEXT_SIGNS);
    const mixed = Uint32Array.from([...row.subarray(0, CONTEXT_SIGNS + 1), ...rest]);
    return mixed.length > CONTEXT_SIGNS + 4 ? [mixed] : [];
  });
}
