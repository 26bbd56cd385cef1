// event_count: how many events; value_count: how many different values; value_percentile without
// `percentile`: how rare a value is among all.
import type { BlockLayout, GroupBlock } from "./group-block.ts";
import { appendEdge, entriesOf, eventsOf, expire, fulfils, isRising, type Judge } from "./judge.ts";
import type { CorrelationRule } from "./rule.ts";

const COUNTED: BlockLayout = {
  extraBytes: 0,
  keepsGroup: false,
  keepsNumbers: false,
  payload: "none",
};
/** The first extra number of windows that close: all observations. */
const ALL = 0;
const CLOSING: BlockLayout = { ...COUNTED, extraBytes: 16, keepsGroup: true };

/** `event_count` */
export function eventCountJudge({ comparisons, timespanMs }: CorrelationRule): Judge {
  const isClosing = !isRising(comparisons);
  return {
    layout: isClosing ? CLOSING : COUNTED,
    isClosing,
    needs: "nothing",
    take(block, observation) {
      if (isClosing) {
        block.setExtra(ALL, block.extra(ALL) + 1);
        appendEdge(block, observation);
        return false;
      }
      expire(block, observation.time - timespanMs);
      block.append(observation, 0);
      return fulfils(comparisons, block.entries);
    },
    conclude(block) {
      const count = isClosing ? block.extra(ALL) : block.entries;
      if (!fulfils(comparisons, count)) return undefined;
      return { value: count, count, events: eventsOf(block, entriesOf(block)) };
    },
  };
}

/** `value_count`: of each value the newest event is kept, in windows that close the first one. */
export function valueCountJudge(
  { comparisons, timespanMs }: CorrelationRule,
  valuesMax: number,
): Judge {
  const isClosing = !isRising(comparisons);
  return {
    layout: { ...(isClosing ? CLOSING : COUNTED), payload: "value" },
    isClosing,
    needs: "value",
    take(block, observation) {
      if (isClosing) {
        countValue(block, observation, valuesMax);
        return false;
      }
      expire(block, observation.time - timespanMs);
      const known = findCounted(block, observation);
      if (known !== 0) block.remove(known);
      block.append(observation, 0);
      return fulfils(comparisons, block.entries);
    },
    conclude(block) {
      const value = block.entries;
      if (!fulfils(comparisons, value)) return undefined;
      const count = isClosing ? block.extra(ALL) : value;
      return { value, count, events: eventsOf(block, entriesOf(block)) };
    },
  };
}

/** `value_percentile` without `percentile`: the share of a value among all, in percent. */
export function valueShareJudge({ comparisons }: CorrelationRule, valuesMax: number): Judge {
  return {
    layout: { ...CLOSING, payload: "value" },
    isClosing: true,
    needs: "value",
    take(block, observation) {
      countValue(block, observation, valuesMax);
      return false;
    },
    conclude(block) {
      const all = block.extra(ALL);
      const share = (entry: number) => (100 * block.entryTimes(entry)) / all;
      const rare = entriesOf(block).filter((entry) => fulfils(comparisons, share(entry)));
      if (rare.length === 0) return undefined;
      return {
        value: Math.min(...rare.map(share)),
        count: rare.reduce((sum, entry) => sum + block.entryTimes(entry), 0),
        events: eventsOf(block, rare),
      };
    },
  };
}

function countValue(
  block: GroupBlock,
  observation: Parameters<Judge["take"]>[1],
  valuesMax: number,
): void {
  block.setExtra(ALL, block.extra(ALL) + 1);
  const known = findCounted(block, observation);
  if (known !== 0) block.setEntryTimes(known, block.entryTimes(known) + 1);
  else if (block.entries < valuesMax) block.append(observation, 0);
}

// A value that lately had another name is the same one.
function findCounted(
  block: GroupBlock,
  { value, formerValue }: Parameters<Judge["take"]>[1],
): number {
  const known = block.findValue(value ?? "");
  return known === 0 && formerValue !== undefined ? block.findValue(formerValue) : known;
}
