// How many alarms waited for a verdict at the end of each hour, and for how long the oldest of them: from when
// each was raised and judged. In one pass over the alarms in the order in which they were raised.
import type { JudgedAlarm } from "../alarm.ts";
import type { Span } from "../period.ts";

export interface QueueLength {
  readonly length: number;
  /** Undefined where none waited. */
  readonly oldestS: number | undefined;
}

/**
 * At the end of each hour; of the running one, now.
 * @param alarms at least all that were open in one of them
 * @param hours that follow each other
 * @param now seconds UTC
 */
export function queueLengths(
  alarms: readonly Pick<JudgedAlarm, "raisedAt" | "judgedAt">[],
  hours: readonly Span[],
  now: number,
): QueueLength[] {
  const ends = hours.map(({ to }) => to);
  // How many more wait at the end of this hour than of the one before.
  const more = new Array<number>(ends.length + 1).fill(0);
  const oldest: (number | undefined)[] = ends.map(() => undefined);
  const next = ends.map((_, index) => index).concat(ends.length);
  for (const { raisedAt, judgedAt } of alarms.toSorted((a, b) => a.raisedAt - b.raisedAt)) {
    const first = endAfter(ends, raisedAt);
    const behind = judgedAt === undefined ? ends.length : endAfter(ends, judgedAt);
    if (first >= behind) continue;
    more[first] = (more[first] ?? 0) + 1;
    more[behind] = (more[behind] ?? 0) - 1;
    // Whoever came first is the oldest: each hour is given away once.
    for (let at = free(next, first); at < behind; at = free(next, at)) {
      oldest[at] = raisedAt;
      next[at] = at + 1;
    }
  }
  let length = 0;
  return ends.map((end, index) => {
    length += more[index] ?? 0;
    const since = oldest[index];
    const oldestS = since === undefined ? undefined : Math.max(0, Math.min(end, now) - since);
    return { length, oldestS };
  });
}

/** Index of the first end that is after a moment: it waits at that one, or was judged by then. */
function endAfter(ends: readonly number[], at: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? 0) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The first hour from here on that has no oldest yet; ways are made short on the way. */
function free(next: number[], from: number): number {
  let at = from;
  for (let to = next[at]; to !== undefined && to !== at; to = next[at]) {
    next[at] = next[to] ?? to;
    at = to;
  }
  return at;
}
