// Which event follows which in normal sessions, begin and end included.

/** Learnt of normal sessions. */
export interface TransitionModel {
  /** Surprise of the rarest transition, in decimal digits, by the share of sessions that have it. */
  score(events: readonly string[]): number;
  /** The rarest transition; undefined: the session is empty. */
  rarest(events: readonly string[]): readonly [from: string, to: string] | undefined;
}

/** Events of a session that are looked at. */
const EVENTS_MAX = 10_000;
const TRANSITIONS_MAX = 100_000;
const UNSEEN = 0.5;
/** Begin and end of a session; no event has such a name. */
const EDGE = "\u0000";

export function learnTransitions(sessions: readonly (readonly string[])[]): TransitionModel {
  const weights = new Map<string, number>();
  for (const events of sessions) {
    for (const key of new Set(transitions(events).map(keyOf))) {
      if (weights.size >= TRANSITIONS_MAX && !weights.has(key)) continue;
      weights.set(key, (weights.get(key) ?? 0) + 1);
    }
  }
  const surprise = (pair: readonly [string, string]) =>
    -Math.log10((weights.get(keyOf(pair)) ?? UNSEEN) / (sessions.length + 1));
  return {
    score: (events) =>
      transitions(events).reduce((most, pair) => Math.max(most, surprise(pair)), 0),
    rarest: (events) =>
      transitions(events).reduce<readonly [string, string] | undefined>(
        (rarest, pair) =>
          rarest === undefined || surprise(pair) > surprise(rarest) ? pair : rarest,
        undefined,
      ),
  };
}

function transitions(events: readonly string[]): (readonly [string, string])[] {
  return [...events.slice(0, EVENTS_MAX), EDGE].map((event, at) => [events[at - 1] ?? EDGE, event]);
}

function keyOf([from, to]: readonly [string, string]): string {
  return `${from}\u0001${to}`;
}
