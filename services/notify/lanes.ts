// What waits, in lanes by its urgency: the most urgent goes first, each lane in the order in which it came. Every
// fourth place is for what has waited longest, so that nothing waits for ever behind what is more urgent.
import { PRIORITIES, type Priority } from "../../config/paging.ts";

const OLDEST_EVERY = 4;

export interface Lanes<Value> {
  readonly size: number;
  /** What waits already keeps its place, and goes to the lane that is more urgent. */
  put(key: string, priority: Priority, value: Value): void;
  has(key: string): boolean;
  /** The next one, taken out; undefined: none waits in a lane that may go. */
  take(mayGo: (priority: Priority) => boolean): Taken<Value> | undefined;
}

interface Taken<Value> {
  readonly key: string;
  readonly priority: Priority;
  readonly value: Value;
}

interface Waiting<Value> {
  readonly order: number;
  readonly value: Value;
}

export function createLanes<Value>(): Lanes<Value> {
  const lanes = PRIORITIES.map((priority) => ({
    priority,
    waiting: new Map<string, Waiting<Value>>(),
  }));
  const laneWith = (key: string) => lanes.find(({ waiting }) => waiting.has(key));
  let came = 0;
  let taken = 0;
  return {
    get size() {
      return lanes.reduce((sum, { waiting }) => sum + waiting.size, 0);
    },
    put(key, priority, value) {
      const lane = lanes.find((one) => one.priority === priority);
      const known = laneWith(key);
      if (lane === undefined || lane === known) return;
      const isLess = known !== undefined && lanes.indexOf(lane) > lanes.indexOf(known);
      if (isLess) return;
      const order = known?.waiting.get(key)?.order ?? came++;
      known?.waiting.delete(key);
      lane.waiting.set(key, { order, value });
    },
    has: (key) => laneWith(key) !== undefined,
    take(mayGo) {
      const open = lanes.filter(({ priority, waiting }) => waiting.size > 0 && mayGo(priority));
      if (open.length === 0) return undefined;
      taken += 1;
      const isForOldest = taken % OLDEST_EVERY === 0;
      const lane = isForOldest ? open.toSorted((a, b) => headOf(a) - headOf(b))[0] : open[0];
      const [head] = lane?.waiting ?? [];
      if (lane === undefined || head === undefined) return undefined;
      const [key, { value }] = head;
      lane.waiting.delete(key);
      return { key, priority: lane.priority, value };
    },
  };
}

function headOf({ waiting }: { readonly waiting: ReadonlyMap<string, Waiting<unknown>> }): number {
  const [first] = waiting.values();
  return first?.order ?? Number.POSITIVE_INFINITY;
}
