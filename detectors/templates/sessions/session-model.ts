// Judges whole sessions (all events of one block, job or request) against normal ones: by what they hold
// and by what follows what. From where on a session is reported is decided on the normal sessions alone.
import { type Counts, countsOf, type Deviation, learnCounts } from "./count-model.ts";
import { learnTransitions } from "./transition-model.ts";

export interface SessionModelOptions {
  /** A session is reported when at most this share of normal ones is as unusual. */
  readonly alarmShare: number;
  /** Normal sessions that the bars are checked on, each by a model that has not seen it. */
  readonly checkedMax: number;
}

const SESSION_MODEL_DEFAULTS: SessionModelOptions = { alarmShare: 1e-3, checkedMax: 20_000 };

/** Parts that normal sessions are cut into: each is judged by a model of the others. */
const FOLDS = 5;
/** Models of fewer sessions say less of what they never saw. */
const FEWER = Math.log10(FOLDS / (FOLDS - 1)) + 1e-3;

export interface SessionModel {
  /** How unusual: 1 and above is reported. */
  score(events: readonly string[]): number;
  /** What the session has that normal ones have not, the most surprising first. */
  deviations(events: readonly string[]): readonly Deviation[];
  /** Its rarest transition, where it is that which is reported. */
  transition(events: readonly string[]): readonly [from: string, to: string] | undefined;
}

/** Learns normal sessions; the same sessions in the same order give the same model. */
export function learnSessions(
  sessions: readonly (readonly string[])[],
  options: SessionModelOptions = SESSION_MODEL_DEFAULTS,
): SessionModel {
  const { alarmShare } = options;
  const all = partsOf(sessions);
  const held = heldOut(sessions.slice(0, options.checkedMax));
  // Where little was learnt, nothing can be as rare as asked for: what was never seen is the bar.
  const rare = Math.min(-Math.log10(alarmShare), Math.log10(2 * (sessions.length + 1)));
  const checked = held.counts.length;
  const countBar = Math.max(rare, barOf(held.counts, chanceMax(alarmShare * checked)));
  // Order says less than what is there, where work is done in parallel: it has to be surer.
  const transitionsAllowed = Math.floor((alarmShare / 10) * checked);
  const transitionBar = Math.max(rare, barOf(held.transitions, transitionsAllowed));
  const known = new Map<string, number>();
  const transitionScore = (events: readonly string[]) =>
    all.transitions.score(events) / transitionBar;
  return {
    score(events) {
      const counts = countsOf(events);
      return Math.max(cached(known, counts, all.counts.score) / countBar, transitionScore(events));
    },
    deviations: (events) => all.counts.deviations(countsOf(events)),
    transition: (events) =>
      transitionScore(events) >= 1 ? all.transitions.rarest(events) : undefined,
  };
}

function partsOf(sessions: readonly (readonly string[])[]) {
  return {
    counts: learnCounts(sessions.map(countsOf)),
    transitions: learnTransitions(sessions),
  };
}

// Scores of normal sessions by models that have not seen them.
function heldOut(sessions: readonly (readonly string[])[]): {
  counts: readonly number[];
  transitions: readonly number[];
} {
  const counts: number[] = [];
  const transitions: number[] = [];
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const model = partsOf(sessions.filter((_, index) => index % FOLDS !== fold));
    const known = new Map<string, number>();
    for (const events of sessions.filter((_, index) => index % FOLDS === fold)) {
      counts.push(cached(known, countsOf(events), model.counts.score) + FEWER);
      transitions.push(model.transitions.score(events) + FEWER);
    }
  }
  return { counts, transitions };
}

// Just above what all but so many of the normal sessions reach.
function barOf(scores: readonly number[], allowed: number): number {
  const sorted = scores.toSorted((one, other) => other - one);
  return (sorted[allowed] ?? 0) * (1 + 1e-9) + 1e-9;
}

// How many there may be by chance where so many are expected: more have a probability below 5 % (Poisson).
function chanceMax(expected: number): number {
  let probability = Math.exp(-expected);
  let below = probability;
  let count = 0;
  while (below < 0.95 && count < 2 * expected + 20) {
    count += 1;
    probability *= expected / count;
    below += probability;
  }
  return count;
}

const CACHED_MAX = 10_000;

// Most sessions are equal to one that was judged before.
function cached(
  known: Map<string, number>,
  counts: Counts,
  score: (counts: Counts) => number,
): number {
  const key = [...counts]
    .map(([event, count]) => `${event}\u0000${count}`)
    .sort()
    .join("\u0001");
  const before = known.get(key);
  if (before !== undefined) return before;
  const fresh = score(counts);
  if (known.size >= CACHED_MAX) known.clear();
  known.set(key, fresh);
  return fresh;
}
