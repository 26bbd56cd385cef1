// temporal: which of the joined rules hit within the time span; temporal_ordered: in the order of the list.
import type { EventReference, Observation } from "../keyed.ts";
import { hasNegation, isTrue, type Sequence, sequencesOf } from "./expression.ts";
import type { BlockLayout, GroupBlock } from "./group-block.ts";
import { entriesOf, eventsOf, expire, fulfils, isRising, type Judge } from "./judge.ts";
import type { CorrelationRule } from "./rule.ts";

const SLIDING: BlockLayout = {
  extraBytes: 0,
  keepsGroup: false,
  keepsNumbers: false,
  payload: "none",
};
const CLOSING: BlockLayout = { ...SLIDING, extraBytes: 16, keepsGroup: true };
/** Extra numbers of windows that close: all observations, and a bit for each rule that hit. */
const ALL = 0;
const HITS = 1;

/** `temporal`: of each rule the newest event is kept, in windows that close the first one. */
export function temporalJudge(rule: CorrelationRule): Judge {
  const { comparisons, expression, timespanMs } = rule;
  const isClosing = expression === undefined ? !isRising(comparisons) : hasNegation(expression);
  const isFulfilled = (block: GroupBlock): boolean => {
    if (expression !== undefined) return isTrue(expression, hitsOf(block));
    if (comparisons.length > 0) return fulfils(comparisons, block.entries);
    return block.entries === rule.rules.length;
  };
  return {
    layout: isClosing ? CLOSING : SLIDING,
    isClosing,
    needs: "nothing",
    take(block, observation) {
      if (isClosing) block.setExtra(ALL, block.extra(ALL) + 1);
      else expire(block, observation.time - timespanMs);
      const known = block.findRule(observation.rule);
      if (isClosing && known !== 0) return false;
      if (known !== 0) block.remove(known);
      block.append(observation, 0);
      return !isClosing && isFulfilled(block);
    },
    conclude(block) {
      if (!isFulfilled(block)) return undefined;
      const value = block.entries;
      const count = isClosing ? block.extra(ALL) : value;
      return { value, count, events: eventsOf(block, entriesOf(block)) };
    },
  };
}

/**
 * `temporal_ordered`: for each sequence, and each step of it, the chain is kept whose first event is the
 * newest; no other one can still become a hit that this one doesn't.
 */
export function orderedJudge(rule: CorrelationRule): Judge {
  const sequences = sequencesOf(rule) ?? [];
  const isClosing = sequences.some(({ without }) => without !== 0);
  return {
    layout: isClosing ? CLOSING : SLIDING,
    isClosing,
    needs: "nothing",
    take(block, observation) {
      if (isClosing) note(block, observation);
      else expire(block, observation.time - rule.timespanMs);
      block.append(observation, 0);
      const { complete, kept } = chainsIn(block, sequences);
      if (!isClosing && complete.some((chain) => chain !== undefined)) return true;
      for (const entry of entriesOf(block).reverse()) if (!kept.has(entry)) block.remove(entry);
      return false;
    },
    conclude(block) {
      const hits = isClosing ? block.extra(HITS) : 0;
      const { complete } = chainsIn(block, sequences);
      const chain = complete.find(
        (one, at) => one !== undefined && ((sequences[at]?.without ?? 0) & hits) === 0,
      );
      if (chain === undefined) return undefined;
      const events: EventReference[] = eventsOf(block, chain);
      return { value: chain.length, count: isClosing ? block.extra(ALL) : chain.length, events };
    },
  };
}

function note(block: GroupBlock, { rule }: Observation): void {
  block.setExtra(ALL, block.extra(ALL) + 1);
  block.setExtra(HITS, block.extra(HITS) | (1 << rule));
}

function hitsOf(block: GroupBlock): number {
  let hits = 0;
  for (const entry of entriesOf(block)) hits |= 1 << block.entryRule(entry);
  return hits;
}

interface Chains {
  /** By sequence: its first chain from beginning to end. */
  readonly complete: readonly (readonly number[] | undefined)[];
  /** Entries that some chain needs. */
  readonly kept: ReadonlySet<number>;
}

function chainsIn(block: GroupBlock, sequences: readonly Sequence[]): Chains {
  const entries = entriesOf(block);
  const kept = new Set<number>();
  const complete = sequences.map(({ places }) => {
    const chains: (readonly number[])[] = [];
    for (const entry of entries) {
      const step = places.indexOf(block.entryRule(entry));
      const before = step === 0 ? [] : chains[step - 1];
      if (step === -1 || before === undefined) continue;
      const chain = [...before, entry];
      if (step === places.length - 1) {
        for (const one of chain) kept.add(one);
        return chain;
      }
      chains[step] = chain;
    }
    for (const one of chains.flat()) kept.add(one);
    return undefined;
  });
  return { complete, kept };
}
