// value_sum, value_avg, value_median and value_percentile: figures of the numbers that a field has.
import { addExactly, roundedSum } from "./exact-sum.ts";
import type { BlockLayout, GroupBlock } from "./group-block.ts";
import { appendEdge, entriesOf, eventsOf, fulfils, isRising, type Judge } from "./judge.ts";
import type { CorrelationRule } from "./rule.ts";

const CLOSING: BlockLayout = {
  extraBytes: 16,
  keepsGroup: true,
  keepsNumbers: true,
  payload: "none",
};
const SLIDING: BlockLayout = {
  extraBytes: 16,
  keepsGroup: false,
  keepsNumbers: false,
  payload: "number",
};
/** Extra numbers. Of windows that close: all observations. Of sliding ones: the sum and its error. */
const ALL = 0;
const SUM = 0;
const ERROR = 1;
/** A sum's rounding error is at most this part of the sum. */
const ROUNDING = 2 ** -53;

/** `value_sum` with `gt` or `gte`: the sum of what lies in the window that ends with the observation. */
export function slidingSumJudge(
  { comparisons, timespanMs }: CorrelationRule,
  eventsMax: number,
): Judge {
  return {
    layout: SLIDING,
    isClosing: false,
    needs: "number",
    take(block, observation, number) {
      const begin = observation.time - timespanMs;
      while (block.entries > 0) {
        const first = block.firstEntry;
        if (block.entryTime(first) > begin && block.entries < eventsMax) break;
        addTo(block, -block.entryNumber(first));
        block.remove(first);
      }
      if (block.entries === 0) {
        block.setExtra(SUM, 0);
        block.setExtra(ERROR, 0);
      }
      block.append(observation, number);
      addTo(block, number);
      return fulfils(comparisons, sumFor(block, comparisons));
    },
    conclude(block) {
      const value = exactSum(block);
      return { value, count: block.entries, events: eventsOf(block, entriesOf(block)) };
    },
  };
}

/** Types that are judged when the window closes. */
export function closingNumberJudge(
  { type, comparisons, percentile }: CorrelationRule,
  valuesMax: number,
): Judge {
  const isSum = type === "value_sum" || type === "value_avg";
  return {
    layout: CLOSING,
    isClosing: true,
    needs: "number",
    take(block, observation, number) {
      block.setExtra(ALL, block.extra(ALL) + 1);
      if (isSum) {
        const parts = numbersOf(block);
        addExactly(parts, number);
        block.setNumbers(0, parts);
      } else if (block.numbers < valuesMax) {
        block.setNumbers(block.numbers, [number]);
      }
      appendEdge(block, observation);
      return false;
    },
    conclude(block) {
      const count = block.extra(ALL);
      const numbers = numbersOf(block);
      let value: number;
      if (type === "value_sum") value = roundedSum(numbers);
      else if (type === "value_avg") value = roundedSum(numbers) / count;
      else value = percentileOf(numbers, percentile ?? 50);
      if (!fulfils(comparisons, value)) return undefined;
      return { value, count, events: eventsOf(block, entriesOf(block)) };
    },
  };
}

/** Whether a sum may be judged at each observation. */
export function isSlidingSum({ type, comparisons }: CorrelationRule): boolean {
  return type === "value_sum" && isRising(comparisons);
}

/**
 * The percentile, 0 to 100, of at least one number, linear between neighbours; 50 is the median.
 * Source: Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996, definition 7.
 */
function percentileOf(numbers: readonly number[], percentile: number): number {
  const sorted = Float64Array.from(numbers).sort();
  const place = (percentile / 100) * (sorted.length - 1);
  const low = sorted[Math.floor(place)] ?? 0;
  const high = sorted[Math.ceil(place)] ?? 0;
  const part = place - Math.floor(place);
  return low * (1 - part) + high * part;
}

function numbersOf(block: GroupBlock): number[] {
  return Array.from({ length: block.numbers }, (_, place) => block.number(place));
}

// Whole numbers add up exactly as long as they are small enough; the others' rounding is counted.
function addTo(block: GroupBlock, number: number): void {
  const before = block.extra(SUM);
  const sum = before + number;
  const isExact =
    Number.isSafeInteger(sum) && Number.isSafeInteger(before) && Number.isSafeInteger(number);
  block.setExtra(SUM, sum);
  if (!isExact) block.setExtra(ERROR, block.extra(ERROR) + Math.abs(sum) * ROUNDING);
}

// The running sum, where its error can't change the answer; else it is added up anew.
function sumFor(block: GroupBlock, comparisons: CorrelationRule["comparisons"]): number {
  const sum = block.extra(SUM);
  const error = block.extra(ERROR);
  if (error === 0) return sum;
  const isClear = comparisons.every(({ value }) => Math.abs(sum - value) > 4 * error);
  return isClear ? sum : exactSum(block);
}

function exactSum(block: GroupBlock): number {
  const parts: number[] = [];
  for (const entry of entriesOf(block)) addExactly(parts, block.entryNumber(entry));
  const sum = roundedSum(parts);
  block.setExtra(SUM, sum);
  block.setExtra(ERROR, parts.length > 1 ? Math.abs(sum) * ROUNDING : 0);
  return sum;
}
