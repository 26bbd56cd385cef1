// Observations that wait for their turn, the one with the oldest event time first.
import type { Observation } from "../../detectors/keyed.ts";

/** A binary heap by (time, id, place of the rule), then detector and key: what is equal comes adjacent. */
export class ObservationHeap {
  #items: Observation[] = [];

  get size(): number {
    return this.#items.length;
  }

  /** The next one; undefined when there is none. */
  get first(): Observation | undefined {
    return this.#items[0];
  }

  /** In no particular order. */
  get items(): readonly Observation[] {
    return this.#items;
  }

  push(observation: Observation): void {
    const items = this.#items;
    let at = items.length;
    items.push(observation);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent];
      if (above === undefined || !isBefore(observation, above)) break;
      items[at] = above;
      at = parent;
    }
    items[at] = observation;
  }

  pop(): Observation | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (first === undefined || last === undefined || items.length === 0) return first;
    let at = 0;
    for (;;) {
      const [left, right] = [items[2 * at + 1], items[2 * at + 2]];
      if (left === undefined) break;
      const isRight = right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (!isBefore(child, last)) break;
      items[at] = child;
      at = 2 * at + (isRight ? 2 : 1);
    }
    items[at] = last;
    return first;
  }
}

function isBefore(a: Observation, b: Observation): boolean {
  if (a.time !== b.time) return a.time < b.time;
  if (a.id !== b.id) return a.id < b.id;
  if (a.rule !== b.rule) return a.rule < b.rule;
  return a.detector !== b.detector ? a.detector < b.detector : a.key < b.key;
}
