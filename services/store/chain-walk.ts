// Walks an audit chain, wherever it lies, to see whether anybody changed what was written.
import { setImmediate as nextTurn } from "node:timers/promises";
import { ERASE_ACTION, GENESIS_HASH, isChained } from "./audit-chain.ts";
import type { AuditEntry } from "./store.ts";

const ENTRIES_PER_STEP = 1000;

/** Where the chain lies. */
export interface ChainPlace {
  /** Sequence number and hash of the last entry, as they were written down apart from it. */
  readonly head: () => Promise<{ readonly sequence: number; readonly hash: string } | undefined>;
  readonly read: (fromSequence: number, limit: number) => Promise<readonly AuditEntry[]>;
}

/** The first broken sequence number; undefined when the chain holds. */
export async function walkChain(chain: ChainPlace): Promise<number | undefined> {
  const head = await chain.head();
  const end = head?.sequence ?? 0;
  const erased = new Set<string>();
  const missing: number[] = [];
  let broken: number | undefined;
  let previous = GENESIS_HASH;
  for (let next = 1; broken === undefined && next <= end; ) {
    const entries = await chain.read(next, Math.min(ENTRIES_PER_STEP, end - next + 1));
    if (entries.length === 0) broken = next;
    for (const entry of entries) {
      if (!isChained(entry, next, previous)) {
        broken = next;
        break;
      }
      if (entry.payload === undefined) missing.push(entry.sequence);
      if (entry.action === ERASE_ACTION) erased.add(entry.subject);
      previous = entry.hash;
      next += 1;
    }
    await nextTurn();
  }
  if (broken === undefined && end > 0 && previous !== head?.hash) broken = end;
  // Beyond the head there is nothing, unless somebody moved the head back.
  if (broken === undefined && (await isBeyond(chain, end))) broken = end + 1;
  const unexplained = missing.find((sequence) => !erased.has(String(sequence)));
  if (unexplained === undefined) return broken;
  return broken === undefined ? unexplained : Math.min(broken, unexplained);
}

/** Entries that were appended during the walk do not count. */
async function isBeyond(chain: ChainPlace, end: number): Promise<boolean> {
  const beyond = await chain.read(end + 1, 1);
  return beyond.length > 0 && ((await chain.head())?.sequence ?? 0) === end;
}
