// The rules that an event's gates opened, each once, in a list that is kept from event to event.
import type { GramSink } from "./gram-index.ts";
import type { EventState } from "./truth.ts";

export class Candidates implements GramSink {
  readonly list: Int32Array;
  readonly #considered: Uint8Array;
  readonly #state: EventState;
  count = 0;

  constructor(rules: number, state: EventState) {
    this.#state = state;
    this.list = new Int32Array(rules);
    this.#considered = new Uint8Array(rules);
  }

  begin(): void {
    for (let at = 0; at < this.count; at += 1) this.#considered[this.list[at] as number] = 0;
    this.count = 0;
  }

  consider(rules: Int32Array, proves?: Int32Array): void {
    if (proves !== undefined) this.#state.prove(proves);
    for (let at = 0; at < rules.length; at += 1) {
      const rule = rules[at] as number; // Within bounds.
      if (this.#considered[rule] !== 0) continue;
      this.#considered[rule] = 1;
      this.list[this.count] = rule;
      this.count += 1;
    }
  }
}
