// Ids as people read them on paper and on screens: their beginning, as long as it takes to tell those apart
// that stand together. Links, JSON and CSV keep the whole id.

const CHARACTERS_MIN = 8;
/** Ids that are no longer were made to be read, and stay whole. */
const READABLE_MAX = 16;

/** Id → its short form, unambiguous among those given; the same set gives the same forms, in any order. */
export function shortIds(ids: Iterable<string>): ReadonlyMap<string, string> {
  const sorted = [...new Set(ids)].sort();
  return new Map(
    sorted.map((id, place) => {
      // Of sorted texts the neighbours share the longest beginning.
      const shared = Math.max(
        sharedBeginning(id, sorted[place - 1] ?? ""),
        sharedBeginning(id, sorted[place + 1] ?? ""),
      );
      return [id, shortened(id, Math.max(CHARACTERS_MIN, shared + 1))];
    }),
  );
}

/** Of an id that stands alone. */
export function shortId(id: string): string {
  return shortened(id, CHARACTERS_MIN);
}

/** Does not end between two groups of a UUID. */
function shortened(id: string, characters: number): string {
  if (id.length <= READABLE_MAX) return id;
  const last = id[characters - 1] === "-" ? characters + 1 : characters;
  return last >= id.length ? id : id.slice(0, last);
}

function sharedBeginning(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  let shared = 0;
  while (shared < most && one[shared] === other[shared]) shared += 1;
  return shared;
}
