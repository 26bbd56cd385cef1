// The rows of finished days on their way into the store and out of it again: a sample of each day, a byte for each
// feature, under marks that name nobody.
import { hash } from "node:crypto";
import { FEATURES } from "../../detectors/anomaly/autoencoder/measures.ts";
import type { Entity } from "../../detectors/detector.ts";
import type { Store } from "../store/store.ts";
import { createRowWriter, type Pace, type RowForm, readRows } from "./row-store.ts";

/** A sample as large as a training can use; 136 kB. */
const ROWS_PER_DAY_MAX = 2000;
/** Features lie within six deviations: a byte tells 254 steps of a twentieth of one. */
const STEPS = 127 / 6;

interface DayRow {
  readonly entity: Entity;
  /** Begin of its day, ms UTC. */
  readonly from: number;
  readonly row: Float32Array;
}

/**
 * What stands for an entity's day: no name and no pseudonym, and another one each day. Whoever knows the entity can
 * reckon it, as leaving out attacked ones does.
 */
export function markOf(entity: Entity, day: number): number {
  const key = `${day}\n${entity.type}\n${entity.value.toLowerCase()}`;
  return hash("sha256", key, "buffer").readUInt32LE(0);
}

export interface DayRowWriter {
  add(rows: readonly DayRow[]): void;
  /** Writes what waits; what could not be written waits on. @throws what the store throws */
  flush(): Promise<void>;
}

export function createDayRowWriter(
  store: Store,
  tenant: string,
  model: string,
  rowsPerDayMax = ROWS_PER_DAY_MAX,
): DayRowWriter {
  const writer = createRowWriter(store, tenant, formOf(model, rowsPerDayMax));
  return {
    add(rows) {
      for (const { entity, from, row } of rows)
        writer.add(from, markOf(entity, from), quantised(row));
    },
    flush: () => writer.flush(),
  };
}

/** Rows of the days that begin within the window, in the order of days and marks. @throws as `readRows` */
export async function readDayRows(
  store: Store,
  tenant: string,
  model: string,
  window: { readonly from: number; readonly to: number },
  isLeftOut: (mark: number, day: number) => boolean,
  pace: Pace,
): Promise<{ readonly mark: number; readonly row: Float32Array }[]> {
  const found: { mark: number; row: Float32Array }[] = [];
  const form = formOf(model, ROWS_PER_DAY_MAX);
  for await (const { day, rows } of readRows(store, tenant, form, window, pace))
    for (const [mark, row] of rows)
      if (!isLeftOut(mark, day)) found.push({ mark, row: featuresOf(row) });
  return found;
}

function formOf(model: string, rowsPerDayMax: number): RowForm {
  return { model, bytes: FEATURES, rowsPerDayMax };
}

function quantised(row: Float32Array): Uint8Array {
  return Uint8Array.from({ length: FEATURES }, (_, at) => {
    const step = Math.round((row[at] ?? 0) * STEPS);
    return Math.max(-127, Math.min(127, step || 0));
  });
}

function featuresOf(row: Uint8Array): Float32Array {
  const features = new Float32Array(row.length);
  for (const [at, step] of new Int8Array(row.buffer, row.byteOffset, row.length).entries())
    features[at] = step / STEPS;
  return features;
}
