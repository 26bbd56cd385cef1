// Counts how often each run of one to six characters occurs in labels, in a hashed table of fixed size.
// Labels can be taken out again, so that a training example is judged as if it had never been seen.
import { AppError } from "../../../config/errors.ts";

export const GRAM_MAX = 6;
const BITS = 22;
const MASK = 2 ** BITS - 1;
const PRIME = 0x01000193;
const START = 0x811c9dc5;

export interface GramTable {
  /** Counts a label `weight` times; a negative weight takes it out. */
  add(label: string, weight: number): void;
  /**
   * Counts of the runs that end at each place of `^label$`: `counts[place * GRAM_MAX + length - 1]`.
   * Valid until the next call.
   */
  countsOf(label: string): Int32Array;
  /** Characters counted. */
  readonly total: number;
  bytes(): Uint8Array;
}

export function createGramTable(stored?: Uint8Array): GramTable {
  const cells = new Int32Array(MASK + 1);
  let total = 0;
  if (stored !== undefined) total = read(stored, cells);
  let counts = new Int32Array(0);
  const eachGram = (
    label: string,
    visit: (cell: number, place: number, length: number) => void,
  ) => {
    const text = padded(label);
    for (let place = 0; place < text.length; place += 1) {
      let hash = START;
      for (let length = 1; length <= GRAM_MAX && length <= place + 1; length += 1) {
        hash = Math.imul(hash ^ text.charCodeAt(place - length + 1), PRIME);
        visit(mixed(hash ^ length), place, length);
      }
    }
  };
  return {
    add(label, weight) {
      eachGram(label, (cell) => {
        cells[cell] = (cells[cell] ?? 0) + weight;
      });
      total += weight * (label.length + 2);
    },
    countsOf(label) {
      const size = (label.length + 2) * GRAM_MAX;
      if (counts.length < size) counts = new Int32Array(size);
      counts.fill(0, 0, size);
      eachGram(label, (cell, place, length) => {
        counts[place * GRAM_MAX + length - 1] = cells[cell] ?? 0;
      });
      return counts;
    },
    get total() {
      return total;
    },
    bytes: () => write(cells, total),
  };
}

function padded(label: string): string {
  return `^${label}$`;
}

function mixed(hash: number): number {
  let value = hash ^ (hash >>> 15);
  value = Math.imul(value, 0x2c1b3c6d);
  return (value ^ (value >>> 13)) & MASK;
}

/** The cells that hold something: distance to the one before, and the count. */
function write(cells: Int32Array, total: number): Uint8Array {
  const used: number[] = [total];
  let before = 0;
  cells.forEach((count, cell) => {
    if (count <= 0) return;
    used.push(cell - before, count);
    before = cell;
  });
  const bytes: number[] = [];
  for (const value of used) {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
    bytes.push(rest);
  }
  return Uint8Array.from(bytes);
}

function read(bytes: Uint8Array, cells: Int32Array): number {
  let at = 0;
  const next = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = bytes[at];
      if (byte === undefined)
        throw new AppError("HW_STORE_CORRUPT", "a table of a model is cut off");
      at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  const total = next();
  let cell = 0;
  while (at < bytes.length) {
    cell += next();
    if (cell > MASK) throw new AppError("HW_STORE_CORRUPT", "a table of a model is damaged");
    cells[cell] = next();
  }
  return total;
}
