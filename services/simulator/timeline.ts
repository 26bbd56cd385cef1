// The clock of the simulation: things to do and records to give out, in one queue ordered by time.
// What is waiting is bounded by the number of accounts and activities, not by the length of the day.
import { strict as assert } from "node:assert";
import type { Draft } from "./emit/draft.ts";

type Entry =
  | { readonly time: number; readonly order: number; readonly run: (time: number) => void }
  | { readonly time: number; readonly order: number; readonly draft: Draft };

export interface Timeline {
  /** Runs something at a time that is not yet over. */
  readonly at: (time: number, run: (time: number) => void) => void;
  /** Gives out a record at its time. */
  readonly emit: (draft: Draft) => void;
  /** All records up to (not including) `end`, in the order of their time. */
  readonly drain: (end: number) => Generator<Draft>;
}

/** An empty timeline. Equal times keep the order in which they were put in. */
export function createTimeline(): Timeline {
  const heap: Entry[] = [];
  let order = 0;
  let now = Number.NEGATIVE_INFINITY;
  return {
    at: (time, run) => {
      assert(Math.round(time) >= now, "the simulation can't act in the past");
      push(heap, { time: Math.round(time), order: order++, run });
    },
    emit: (draft) => {
      assert(
        Number.isInteger(draft.time) && draft.time >= now,
        "the simulation can't log in the past",
      );
      push(heap, { time: draft.time, order: order++, draft });
    },
    *drain(end) {
      for (let entry = pop(heap); entry !== undefined && entry.time < end; entry = pop(heap)) {
        now = entry.time;
        if ("draft" in entry) yield entry.draft;
        else entry.run(entry.time);
      }
    },
  };
}

function before(left: Entry, right: Entry): boolean {
  return left.time < right.time || (left.time === right.time && left.order < right.order);
}

function push(heap: Entry[], entry: Entry): void {
  let index = heap.length;
  heap.push(entry);
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const parent = heap[parentIndex];
    if (parent === undefined || before(parent, entry)) break;
    heap[index] = parent;
    index = parentIndex;
  }
  heap[index] = entry;
}

function pop(heap: Entry[]): Entry | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (top === undefined || last === undefined || heap.length === 0) return top;
  let index = 0;
  for (;;) {
    const leftIndex = 2 * index + 1;
    const left = heap[leftIndex];
    if (left === undefined) break;
    const right = heap[leftIndex + 1];
    const rightFirst = right !== undefined && before(right, left);
    const child = rightFirst ? right : left;
    if (!before(child, last)) break;
    heap[index] = child;
    index = rightFirst ? leftIndex + 1 : leftIndex;
  }
  heap[index] = last;
  return top;
}
