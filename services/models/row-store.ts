// Rows that models learn from on their way into the store and out of it again: at most so many a day, chosen by their
// keys, and so many days. The same rows written twice are the same rows, so a replay changes nothing.
import { MODEL_ROWS_KIND } from "../store/model-rows.ts";
import type { Store } from "../store/store.ts";

const DAY_MS = 86_400_000;
/** Days that are kept at most; fewer where events are. */
export const ROW_DAYS = 60;
/** Days that wait to be written while the store is away; the oldest give way. */
const DAYS_WAITING_MAX = 14;
const KEY_BYTES = 4;
/** A day has up to 280 kB. */
const PAGE = 5;
/** What is left is deleted the next time. */
const FORGOTTEN_PAGES_MAX = 100;

/** How the rows of a model lie in the store. */
export interface RowForm {
  readonly model: string;
  /** Bytes of each row, its key not among them. */
  readonly bytes: number;
  readonly rowsPerDayMax: number;
}

/** Rows by their keys: whole numbers, 0 to 2³² − 1. */
type Sample = Map<number, Uint8Array>;

export interface RowWriter {
  /** `day`: begin of the day that it belongs to, ms UTC. */
  add(day: number, key: number, row: Uint8Array): void;
  /** Writes what waits; what could not be written waits on. @throws what the store throws */
  flush(): Promise<void>;
}

export function createRowWriter(store: Store, tenant: string, form: RowForm): RowWriter {
  const { model, rowsPerDayMax } = form;
  const waiting = new Map<number, Sample>();
  const add = (day: number, key: number, row: Uint8Array) => {
    const sample = waiting.get(day) ?? new Map<number, Uint8Array>();
    waiting.set(day, sample);
    sample.set(key, row);
    if (sample.size > 2 * rowsPerDayMax) waiting.set(day, bounded(sample, rowsPerDayMax));
    const [oldest] = waiting.keys();
    if (waiting.size > DAYS_WAITING_MAX && oldest !== undefined) waiting.delete(oldest);
  };
  const write = async (day: number, sample: Sample) => {
    const id = `${model}-${new Date(day).toISOString().slice(0, 10)}`;
    const before = (await store.get(tenant, MODEL_ROWS_KIND, id))?.document.data;
    const all = bounded(new Map([...decode(before ?? "", form), ...sample]), rowsPerDayMax);
    const data = encode(all, form);
    if (data === before) return;
    await store.put(tenant, MODEL_ROWS_KIND, id, { model, day, rows: all.size, data });
    await forgetRows(store, tenant, day - ROW_DAYS * DAY_MS);
  };
  return {
    add(day, key, row) {
      // A day that no calendar knows has no name either.
      if (Math.abs(day) <= 8.64e15) add(day, key, row);
    },
    async flush() {
      for (const [day, sample] of [...waiting]) {
        waiting.delete(day);
        try {
          await write(day, sample);
        } catch (error) {
          for (const [key, row] of sample) add(day, key, row);
          throw error;
        }
      }
    },
  };
}

/** How a long reading goes on beside detection. */
export interface Pace {
  readonly signal: AbortSignal;
  /** Lets others have their turn. */
  readonly turn: () => Promise<void> | undefined;
}

/** Rows of a day as they were kept. */
interface KeptDay {
  /** Its begin, ms UTC. */
  readonly day: number;
  /** In the order of their keys. */
  readonly rows: ReadonlyMap<number, Uint8Array>;
}

/** The days that begin within the window, one after the other. @throws the reason of the signal */
export async function* readRows(
  store: Store,
  tenant: string,
  form: RowForm,
  window: { readonly from: number; readonly to: number },
  { signal, turn }: Pace,
): AsyncGenerator<KeptDay> {
  let cursor: string | undefined;
  do {
    const page = await store.search(tenant, MODEL_ROWS_KIND, {
      terms: { model: [form.model] },
      ranges: { day: { gte: window.from, lt: window.to } },
      sort: [{ field: "day", order: "asc" }],
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { document } of page.hits) {
      signal.throwIfAborted();
      yield { day: document.day, rows: decode(document.data, form) };
      const waiting = turn();
      if (waiting !== undefined) await waiting;
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/**
 * Deletes the days of all models that began before this time, ms UTC: also where no detector writes any more.
 * @returns how many there were
 */
export async function forgetRows(store: Store, tenant: string, before: number): Promise<number> {
  let days = 0;
  for (let page = 0; page < FORGOTTEN_PAGES_MAX; page += 1) {
    const old = await store.search(tenant, MODEL_ROWS_KIND, {
      ranges: { day: { lt: before } },
      sort: [{ field: "day", order: "asc" }],
      limit: PAGE,
    });
    for (const { id } of old.hits) await store.remove(tenant, MODEL_ROWS_KIND, id);
    days += old.hits.length;
    if (old.hits.length < PAGE) break;
  }
  return days;
}

/** The lowest keys: a fair sample, the same whatever the order. */
function bounded(sample: Sample, max: number): Sample {
  const sorted = [...sample].sort(([a], [b]) => a - b);
  return new Map(sorted.slice(0, max));
}

function encode(sample: Sample, { bytes: width }: RowForm): string {
  const record = KEY_BYTES + width;
  const bytes = Buffer.alloc(sample.size * record);
  let at = 0;
  for (const [key, row] of sample) {
    bytes.writeUInt32LE(key, at);
    bytes.set(row.subarray(0, width), at + KEY_BYTES);
    at += record;
  }
  return bytes.toString("base64");
}

/** What is cut is left out: rows are many. */
function decode(data: string, { bytes: width }: RowForm): Sample {
  const record = KEY_BYTES + width;
  const bytes = Buffer.from(data, "base64");
  const sample: Sample = new Map();
  for (let at = 0; at + record <= bytes.length; at += record)
    sample.set(bytes.readUInt32LE(at), new Uint8Array(bytes.subarray(at + KEY_BYTES, at + record)));
  return sample;
}
