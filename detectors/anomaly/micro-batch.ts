// Gathers rows of features until a block is worth a call of the backend: at a batch of one TensorFlow.js
// spends a hundred times as long on a row as in a block of a thousand.
import { ROWS_MAX, ROWS_MIN } from "./dense-scorer.ts";

/** Rows with what belongs to each, given on in blocks. */
export interface MicroBatch<T> {
  /** Adds a row, which is copied; gives on all that wait when the block is full. What is no number counts as 0. */
  add(row: ArrayLike<number>, about: T): void;
  /** Gives on what waits, however little: at the end of a batch of the stream. */
  flush(): void;
  readonly waiting: number;
}

export interface MicroBatchOptions<T> {
  /** Features of a row. */
  readonly width: number;
  /** Rows of a block, 64 to 1,024. */
  readonly rows?: number;
  /** Gets `abouts.length` rows one behind the other, valid during the call only. */
  readonly handle: (rows: Float32Array, abouts: readonly T[]) => void;
}

/** Features are clamped to this: the squares of greater ones would not fit 32 bits. */
const FEATURE_MAX = 1e6;

/** @throws RangeError for blocks of another size */
export function createMicroBatch<T>({
  width,
  rows = ROWS_MAX,
  handle,
}: MicroBatchOptions<T>): MicroBatch<T> {
  if (!(rows >= ROWS_MIN && rows <= ROWS_MAX))
    throw new RangeError(`a block has ${ROWS_MIN} to ${ROWS_MAX} rows`);
  const block = new Float32Array(rows * width);
  let abouts: T[] = [];
  const flush = () => {
    if (abouts.length === 0) return;
    const given = abouts;
    abouts = [];
    handle(block.subarray(0, given.length * width), given);
  };
  return {
    add(row, about) {
      const from = abouts.length * width;
      for (let index = 0; index < width; index += 1) {
        const value = row[index] ?? 0;
        const usable = Number.isNaN(value) ? 0 : value;
        block[from + index] = Math.max(-FEATURE_MAX, Math.min(FEATURE_MAX, usable));
      }
      abouts.push(about);
      if (abouts.length === rows) flush();
    },
    flush,
    get waiting() {
      return abouts.length;
    },
  };
}
