// What a detector judged since it was last asked: the tail probability of each entity's day or window, usual
// ones among them. Whoever watches for drift takes it; where nobody does, it stays bounded.

/** How probable what was seen is, 0 < tail ≤ 1, and when it was, milliseconds since 1970 UTC. */
export interface Score {
  readonly time: number;
  readonly tail: number;
}

interface Scores {
  add(tail: number, time: number): void;
  /** What was added since, each once. */
  take(): readonly Score[];
}

const SCORES_MAX = 100_000;
const NONE: readonly Score[] = [];

/** Holds so many scores at most; what comes when it is full is left out. */
export function createScores(): Scores {
  let scores: Score[] = [];
  return {
    add(tail, time) {
      if (scores.length < SCORES_MAX) scores.push({ time, tail });
    },
    take() {
      if (scores.length === 0) return NONE;
      const taken = scores;
      scores = [];
      return taken;
    },
  };
}
