// Which pseudonyms of an ending epoch became which, as long as both epochs overlap: what speaks of the old
// one is found by the new one, and the other way round. Outside of an overlap there is nothing to look up.
import {
  IDENTITY_MOVE_KIND,
  type IdentityMove,
  moveBackId,
  PRIVACY_EPOCH_KIND,
} from "./identity.ts";
import type { SearchQuery, Store } from "./store.ts";

// As privacy makes them; a SID of a person has the same symbols behind the beginning of all such SIDs.
const PSEUDONYM = /\b(?:konto|admin|dienst)-[0-9a-z]{10}(?![0-9a-z])/g;
const SID = /\bS-1-5-21-([0-9a-z]{10})(?![0-9a-z-])/g;
const SID_START = "S-1-5-21-";
const SID_CLASS = "konto-";
const LOOKED_UP_AT_ONCE = 100;

/** Pseudonym → the same account's pseudonym of the other epoch. */
type Renaming = ReadonlyMap<string, string>;

export interface IdentityMoves {
  /** Old → new. */
  readonly onward: Renaming;
  /** New → old. */
  readonly back: Renaming;
}

const NONE: IdentityMoves = { onward: new Map(), back: new Map() };

/** The pseudonyms that stand in a text, each once. */
export function pseudonymsIn(text: string): Set<string> {
  const found = new Set(text.match(PSEUDONYM));
  for (const [, symbols] of text.matchAll(SID)) found.add(SID_CLASS + symbols);
  return found;
}

/** The text with other pseudonyms; those without another one stay. */
export function renamed(text: string, renaming: Renaming): string {
  if (renaming.size === 0) return text;
  return text
    .replace(PSEUDONYM, (one) => renaming.get(one) ?? one)
    .replace(SID, (sid, symbols: string) => {
      const other = renaming.get(SID_CLASS + symbols);
      return other === undefined ? sid : SID_START + other.slice(SID_CLASS.length);
    });
}

/** The moves of the pseudonyms in these texts. */
export async function movesIn(
  store: Store,
  tenant: string,
  texts: readonly string[],
): Promise<IdentityMoves> {
  const names = [...new Set(texts.flatMap((text) => [...pseudonymsIn(text)]))];
  if (names.length === 0 || !(await isOverlap(store, tenant))) return NONE;
  const onward = new Map<string, string>();
  const back = new Map<string, string>();
  const note = ({ from, to }: Pick<IdentityMove, "from" | "to">) => {
    onward.set(from, to);
    back.set(to, from);
  };
  for (let at = 0; at < names.length; at += LOOKED_UP_AT_ONCE) {
    const some = names.slice(at, at + LOOKED_UP_AT_ONCE);
    const ids = some.flatMap((name) => [name, moveBackId(name)]);
    const found = await Promise.all(ids.map((id) => store.get(tenant, IDENTITY_MOVE_KIND, id)));
    for (const one of found) if (one !== undefined) note(one.document);
  }
  return { onward, back };
}

/** A search for findings of an entity finds those under its other pseudonym, too. */
export async function withMoves<Query extends Pick<SearchQuery, "terms">>(
  store: Store,
  tenant: string,
  query: Query,
): Promise<Query> {
  const { entity, ...terms } = query.terms ?? {};
  if (entity === undefined) return query;
  const { onward, back } = await movesIn(store, tenant, entity.map(String));
  if (onward.size === 0) return query;
  const all = entity.flatMap((value) => {
    const text = String(value);
    return [value, renamed(text, onward), renamed(text, back)];
  });
  return { ...query, terms: { ...terms, entity: [...new Set(all)] } };
}

// With the key of the old epoch all moves go, too.
async function isOverlap(store: Store, tenant: string): Promise<boolean> {
  const epochs = await store.search(tenant, PRIVACY_EPOCH_KIND, {
    sort: [{ field: "number", order: "asc" }],
    limit: 2,
  });
  return epochs.hits.length > 1;
}
