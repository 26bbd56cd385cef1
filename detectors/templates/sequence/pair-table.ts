// How often a token follows another, counted: what is known without looking further back than one sentence. An
// order is odd by what the sequence model says beyond this.
import type { StateReader, StateWriter } from "../../network/state.ts";

/** What counts for a pair that never came: half a time. */
const UNSEEN = 0.5;

export interface PairTable {
  /** How surprising the token is after the one before, in nats. */
  surprise(before: number, token: number): number;
  write(to: StateWriter): void;
}

/** Counts the pairs in rows of tokens; a token of −1 ends a row. */
export function countPairs(rows: readonly Int32Array[], tokens: number): PairTable {
  const counts = new Map<number, number>();
  for (const row of rows)
    for (let at = 1; at < row.length && (row[at] ?? -1) >= 0; at += 1) {
      const key = (row[at - 1] ?? 0) * tokens + (row[at] ?? 0);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  return createPairTable(counts, tokens);
}

/** Reads what a table of so many tokens wrote. */
export function readPairs(from: StateReader, tokens: number): PairTable {
  const counts = new Map<number, number>();
  for (let left = from.count(); left > 0; left -= 1) counts.set(from.count(), from.count());
  return createPairTable(counts, tokens);
}

function createPairTable(counts: ReadonlyMap<number, number>, tokens: number): PairTable {
  const sums = new Float64Array(tokens);
  for (const [key, count] of counts) {
    const before = Math.floor(key / tokens);
    sums[before] = (sums[before] ?? 0) + count;
  }
  return {
    surprise: (before, token) =>
      Math.log(((sums[before] ?? 0) + 1) / (counts.get(before * tokens + token) ?? UNSEEN)),
    write(to) {
      to.count(counts.size);
      for (const [key, count] of counts) {
        to.count(key);
        to.count(count);
      }
    },
  };
}
