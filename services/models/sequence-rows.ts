// Rows of sentences as hosts wrote them, on their way into the store and out of it again: a sample of each day. A
// row holds numbers that stand for sentences, and nobody's name.
import { hash } from "node:crypto";
import type { SequenceRow } from "../../detectors/templates/sequence/live-sequences.ts";
import { ROW_SIGNS } from "../../detectors/templates/sequence/model.ts";
import type { Store } from "../store/store.ts";
import { markOf } from "./day-rows.ts";
import { createRowWriter, type Pace, readRows } from "./row-store.ts";

const DAY_MS = 86_400_000;
/** 208 kB a day. */
const FORM = { model: "sequence", bytes: 4 + 4 * ROW_SIGNS, rowsPerDayMax: 2000 } as const;
/** A host gives so many rows a day: who writes much teaches no more than this. */
const ROWS_PER_HOST_MAX = 200;
const HOSTS_MAX = 20_000;

export interface SequenceRowWriter {
  add(row: SequenceRow): void;
  /** Writes what waits; what could not be written waits on. @throws what the store throws */
  flush(): Promise<void>;
}

export function createSequenceRowWriter(store: Store, tenant: string): SequenceRowWriter {
  const writer = createRowWriter(store, tenant, FORM);
  const counts = new Map<number, number>();
  let present = Number.NaN;
  return {
    add({ host, source, time, signs }) {
      const day = Math.floor(time / DAY_MS) * DAY_MS;
      if (day !== present) counts.clear();
      present = day;
      const mark = markOf({ type: "host", value: host }, day);
      const count = (counts.get(mark) ?? 0) + 1;
      if (count > ROWS_PER_HOST_MAX || (count === 1 && counts.size >= HOSTS_MAX)) return;
      counts.set(mark, count);
      const row = Buffer.alloc(FORM.bytes);
      row.writeUInt32LE(mark);
      for (const [at, sign] of signs.slice(0, ROW_SIGNS).entries())
        row.writeUInt32LE(sign, 4 * (at + 1));
      const key = hash("sha256", `${time}\n${source}\n${mark}`, "buffer").readUInt32LE(0);
      writer.add(day, key, row);
    },
    flush: () => writer.flush(),
  };
}

/** Rows of the window; without those of host and day that are left out. @throws as `readRows` */
export async function readSequenceRows(
  store: Store,
  tenant: string,
  window: { readonly from: number; readonly to: number },
  isLeftOut: (mark: number, day: number) => boolean,
  pace: Pace,
): Promise<{ readonly key: number; readonly signs: Uint32Array }[]> {
  const found: { key: number; signs: Uint32Array }[] = [];
  for await (const { day, rows } of readRows(store, tenant, FORM, window, pace))
    for (const [key, row] of rows) {
      const view = new DataView(row.buffer, row.byteOffset, row.byteLength);
      if (isLeftOut(view.getUint32(0, true), day)) continue;
      const signs = new Uint32Array(ROW_SIGNS);
      for (let at = 0; at < ROW_SIGNS; at += 1) signs[at] = view.getUint32(4 * (at + 1), true);
      found.push({ key, signs });
    }
  return found;
}
