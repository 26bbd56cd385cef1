// How surprising a count is that is nearly always 0: how often it is above 0 at all, as learnt, and above
// that each further one is less probable by the same factor (geometric).
import type { StateReader, StateWriter } from "../../network/state.ts";

export interface RareCount {
  /** One chance for the count to be above 0 has passed. */
  chance(): void;
  /** −ln of the probability of a count at least as large, nats; then it is learnt. */
  surprise(count: number): number;
  fade(factor: number): void;
  write(writer: StateWriter): void;
  read(reader: StateReader): void;
}

/** No count is more surprising than this. */
const SURPRISE_MAX = 40;
/** Before anything is learnt: one in so many chances, and each further one half as probable. */
const CHANCES_PRIOR = 50;
const FURTHER_PRIOR = 4;
/** A larger count is learnt as this, so that one attack does not make the next one usual. */
const LEARNT_MAX = 3;

export function createRareCount(): RareCount {
  let chances = 0;
  let seen = 0;
  let further = 0;
  return {
    chance() {
      chances += 1;
    },
    surprise(count) {
      if (!(count >= 1)) return 0;
      const rate = Math.min(1, (seen + 0.5) / (chances + CHANCES_PRIOR));
      const next = (further + FURTHER_PRIOR / 2) / (seen + further + FURTHER_PRIOR);
      const found = -Math.log(rate) - (count - 1) * Math.log(next);
      seen += 1;
      further += Math.min(LEARNT_MAX, count) - 1;
      return Math.min(SURPRISE_MAX, found);
    },
    fade(factor) {
      chances *= factor;
      seen *= factor;
      further *= factor;
    },
    write(writer) {
      for (const number of [chances, seen, further]) writer.float(number);
    },
    read(reader) {
      chances = reader.float();
      seen = reader.float();
      further = reader.float();
    },
  };
}
