// Cuts a stream of records into rows per partition, at named limits, so that a reader of few records
// never has to open a huge row.
import type { OutgoingRecord } from "./bus.ts";
import { type RowRecord, recordBytes } from "./row-codec.ts";

const ROW_RECORDS_MAX = 4096;
const ROW_BYTES_MAX = 1024 * 1024;

interface Open {
  readonly rows: RowRecord[][];
  row: RowRecord[];
  bytes: number;
}

/** Records on their way into rows; the order within a partition stays. */
export class RowLayout {
  readonly #open = new Map<number, Open>();

  add(partition: number, record: OutgoingRecord): void {
    const bytes = recordBytes(record);
    let open = this.#open.get(partition);
    if (open === undefined) {
      const row: RowRecord[] = [];
      open = { rows: [row], row, bytes: 0 };
      this.#open.set(partition, open);
    }
    const full = open.row.length >= ROW_RECORDS_MAX || open.bytes + bytes > ROW_BYTES_MAX;
    if (full && open.row.length > 0) {
      open.row = [];
      open.rows.push(open.row);
      open.bytes = 0;
    }
    open.bytes += bytes;
    open.row.push({ ...record, delta: open.row.length });
  }

  get byPartition(): ReadonlyMap<number, readonly (readonly RowRecord[])[]> {
    return new Map([...this.#open].map(([partition, { rows }]) => [partition, rows]));
  }
}
