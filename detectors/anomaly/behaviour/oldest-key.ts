// Which key of a map was put in first, asked again and again while the oldest ones are deleted: a fresh iterator
// walks over all places that are free again, so that a flood of new keys would slow everything down.

/**
 * Gives the key put in first. What it gave has to be deleted before it is asked again; a key that is deleted
 * and put in anew is the newest.
 */
export function oldestKeyOf(map: ReadonlyMap<string, unknown>): () => string | undefined {
  let keys = map.keys();
  return () => {
    const next = keys.next();
    if (next.done !== true) return next.value;
    keys = map.keys();
    return keys.next().value;
  };
}
