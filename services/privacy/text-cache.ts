// What was found out about short texts, which come again and again (paths, images, names of hosts). Holds
// good as long as the names and keys of the tenant stay the same, and takes a bounded amount of memory.

/** Of one tenant, both halves. */
const BYTES_MAX = 32_000_000;
/** Longer ones are messages with a time in them, never the same twice. */
export const CACHED_CHARACTERS_MAX = 640;
/** About what an entry takes beside its characters. */
const ENTRY_BYTES = 250;
/** Key and results, two bytes a unit at worst. */
const BYTES_PER_CHARACTER = 6;

/** A text without its identities, and how many names in it were not known. */
export interface Protected {
  /** undefined: it stays as it is. */
  readonly text: string | undefined;
  readonly unknown: number;
}

export interface SeenText extends Protected {
  /** The text with its known names replaced, as it is searched for the event's own names. */
  readonly known: string;
  lower: string | undefined;
  /** Which names of an event were last looked for, and what came of it. */
  ownNames: string;
  own: Protected;
}

export interface TextCache {
  readonly state: string;
  text(text: string): SeenText | undefined;
  keep(text: string, seen: SeenText): void;
}

/** The cache of each tenant, begun anew when the state of its names and keys is another one. */
export function createTextCaches(
  stateOf: (tenant: string) => string,
  bytesMax = BYTES_MAX,
): (tenant: string) => TextCache {
  const caches = new Map<string, TextCache>();
  return (tenant) => {
    const state = stateOf(tenant);
    let cache = caches.get(tenant);
    if (cache?.state !== state) {
      cache = createTextCache(state, bytesMax);
      caches.set(tenant, cache);
    }
    return cache;
  };
}

// Two halves: what is asked for again moves to the young one, the old one goes when the young one is full.
function createTextCache(state: string, bytesMax: number): TextCache {
  let young = new Map<string, SeenText>();
  let old = new Map<string, SeenText>();
  let bytes = 0;
  const add = (text: string, seen: SeenText) => {
    const added = ENTRY_BYTES + BYTES_PER_CHARACTER * text.length;
    if (bytes + added > bytesMax / 2) {
      old = young;
      young = new Map();
      bytes = 0;
    }
    bytes += added;
    young.set(text, seen);
  };
  return {
    state,
    text(text) {
      const known = young.get(text);
      if (known !== undefined) return known;
      const aged = old.get(text);
      if (aged !== undefined) add(ownCopy(text), aged);
      return aged;
    },
    keep: (text, seen) => add(ownCopy(text), seen),
  };
}

/** A text that was cut out of a longer one would keep all of that in memory. */
export function ownCopy(text: string): string {
  const copy = Buffer.from(text, "latin1").toString("latin1");
  return copy === text ? copy : Buffer.from(text, "utf16le").toString("utf16le");
}
