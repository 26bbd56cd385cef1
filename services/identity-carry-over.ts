// Moves what speaks of accounts from an ending epoch's pseudonyms to the new ones, while both are known:
// matchers of what hides findings, and findings. What is written about it names no pseudonym: the link
// between old and new must not outlive the overlap.
import type { Matcher } from "../config/matcher.ts";
import { EXCEPTION_KIND } from "./store/exception.ts";
import type { Finding } from "./store/finding.ts";
import { pseudonymsIn, renamed } from "./store/identity-moves.ts";
import { FINDING_KIND, SILENCE_KIND } from "./store/kinds.ts";
import { MAINTENANCE_KIND } from "./store/maintenance.ts";
import type { AuditInput, Kind, SearchQuery, Store } from "./store/store.ts";

const PAGE = 200;
const LOOKED_UP_AT_ONCE = 100;
/** Beyond it names are looked up again. */
const REMEMBERED_MAX = 200_000;

/** How a pseudonym is called from now on; undefined for one that stays. */
type Onward = (pseudonym: string) => Promise<string | undefined>;

interface CarryOverParts {
  readonly store: Store;
  readonly now: () => number;
  /** Also of accounts that nobody has seen since the new epoch began. */
  readonly anyOnward: Onward;
  /** Only of those that were seen since. */
  readonly seenOnward: Onward;
}

/**
 * What is in force or open goes along in any case, what is over where its accounts are still there: an open
 * finding stays hidden by what hid it.
 */
export async function carryOver(parts: CarryOverParts, tenant: string): Promise<void> {
  const at = parts.now();
  const any = remembering(parts.anyOnward);
  await carryMatchers(parts, tenant, SILENCE_KIND, { ranges: { end: { gte: at } } }, any);
  await carryMatchers(parts, tenant, EXCEPTION_KIND, { ranges: { until: { gte: at } } }, any);
  await carryMatchers(parts, tenant, MAINTENANCE_KIND, { ranges: { end: { gte: at } } }, any);
  await carryFindings(parts, tenant, ["new", "in_progress"], any);
  const seen = remembering(parts.seenOnward);
  await carryMatchers(parts, tenant, SILENCE_KIND, {}, seen);
  await carryMatchers(parts, tenant, EXCEPTION_KIND, {}, seen);
  await carryMatchers(parts, tenant, MAINTENANCE_KIND, {}, seen);
  await carryFindings(parts, tenant, ["closed"], seen);
}

async function carryFindings(
  parts: CarryOverParts,
  tenant: string,
  status: readonly string[],
  onward: Onward,
): Promise<void> {
  for await (const findings of pagesOf(parts.store, tenant, FINDING_KIND, { terms: { status } })) {
    const named = findings.flatMap(({ groupKey, entities }) => [
      groupKey,
      ...entities.map(({ value }) => value),
    ]);
    const renaming = await renamingOf(named, onward);
    const ids = findings.map(({ id }) => id);
    await rewrite(parts, tenant, FINDING_KIND, ids, (finding) =>
      withoutDoubles(renamedWhole(finding, renaming)),
    );
  }
}

async function carryMatchers<D extends { readonly id: string; readonly matchers: Matcher[] }>(
  parts: CarryOverParts,
  tenant: string,
  kind: Kind<D>,
  query: Pick<SearchQuery, "terms" | "ranges">,
  onward: Onward,
): Promise<void> {
  for await (const documents of pagesOf(parts.store, tenant, kind, query)) {
    const values = documents.flatMap(({ matchers }) => matchers.map(({ value }) => value));
    const renaming = await renamingOf(values, onward);
    const ids = documents.map(({ id }) => id);
    await rewrite(parts, tenant, kind, ids, (document) => ({
      ...document,
      matchers: document.matchers.map((one) => ({ ...one, value: renamed(one.value, renaming) })),
    }));
  }
}

async function renamingOf(
  texts: readonly string[],
  onward: Onward,
): Promise<ReadonlyMap<string, string>> {
  const names = [...new Set(texts.flatMap((text) => [...pseudonymsIn(text)]))];
  const renaming = new Map<string, string>();
  for (let at = 0; at < names.length; at += LOOKED_UP_AT_ONCE) {
    const some = names.slice(at, at + LOOKED_UP_AT_ONCE);
    const found = await Promise.all(some.map(onward));
    for (const [index, from] of some.entries()) {
      const to = found[index];
      if (to !== undefined) renaming.set(from, to);
    }
  }
  return renaming;
}

async function rewrite<D>(
  { store, now }: CarryOverParts,
  tenant: string,
  kind: Kind<D>,
  ids: readonly string[],
  next: (document: D) => D,
): Promise<void> {
  const audit = (subject: string): AuditInput => ({
    ...{ at: now(), actor: "system", action: "privacy.identities_move", subject },
    payload: { kind: kind.name },
  });
  await store.reviseAll(tenant, kind, ids, ({ id, document }) => {
    const changed = next(document);
    if (JSON.stringify(changed) === JSON.stringify(document)) return undefined;
    return { document: changed, audit: audit(id) };
  });
}

/** Pseudonyms hold nothing that JSON escapes. */
function renamedWhole<D>(document: D, renaming: ReadonlyMap<string, string>): D {
  if (renaming.size === 0) return document;
  const text = JSON.stringify(document);
  const changed = renamed(text, renaming);
  // The same document with other names in its texts.
  return changed === text ? document : (JSON.parse(changed) as D);
}

/** Signals of both epochs may have brought the same account twice. */
function withoutDoubles(finding: Finding): Finding {
  const byKey = new Map(finding.entities.map((one) => [`${one.type}:${one.value}`, one]));
  return byKey.size === finding.entities.length
    ? finding
    : { ...finding, entities: [...byKey.values()] };
}

async function* pagesOf<D>(
  store: Store,
  tenant: string,
  kind: Kind<D>,
  query: Pick<SearchQuery, "terms" | "ranges">,
): AsyncGenerator<readonly D[]> {
  let cursor: string | undefined;
  do {
    const place = cursor === undefined ? {} : { cursor };
    const page = await store.search(tenant, kind, { ...query, sort: [], limit: PAGE, ...place });
    yield page.hits.map(({ document }) => document);
    cursor = page.cursor;
  } while (cursor !== undefined);
}

function remembering(onward: Onward): Onward {
  const known = new Map<string, Promise<string | undefined>>();
  return (pseudonym) => {
    let found = known.get(pseudonym);
    if (found === undefined) {
      if (known.size >= REMEMBERED_MAX) known.clear();
      found = onward(pseudonym);
      known.set(pseudonym, found);
    }
    return found;
  };
}
