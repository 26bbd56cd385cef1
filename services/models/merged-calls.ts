// For work that is asked for again and again, and has to be done once after the last time it was asked for: looks at a
// store, writes of what has changed.

/** One call at a time; while one is slow, all who ask meanwhile wait for one and the same next call. */
export function merged(work: () => Promise<void>): () => Promise<void> {
  let turn: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  return () => {
    next ??= turn.then(() => {
      next = undefined;
      return work();
    });
    turn = next;
    return next;
  };
}
