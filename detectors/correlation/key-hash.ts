// Hashes of keys: one that is the same everywhere, for the shard, and one with a seed, for the table.

/** 32 bits of a text; another seed gives an independent hash. */
export function hashOf(text: string, seed: number): number {
  let hash = seed ^ 0x9e3779b9;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  return mixed(hash ^ text.length);
}

/** Spreads the bits of a number over all of its 32. Source: the last steps of MurmurHash3. */
export function mixed(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
