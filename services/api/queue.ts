// The queue: proposed incidents and the findings that are in none, in one order. Both lie in the store as
// kinds of their own; a page is put together from the heads of both.
import { z } from "zod";
import { AppError } from "../../config/errors.ts";
import { parseOutsideJson } from "../normalize/json-nesting.ts";
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import { PROPOSAL_KIND, type Proposal } from "../store/proposal.ts";
import type { Kind, SearchQuery, Store, Versioned } from "../store/store.ts";

export type QueueItem =
  | { readonly type: "proposal"; readonly found: Versioned<Proposal> }
  | { readonly type: "finding"; readonly found: Versioned<Finding> };

export interface QueuePage {
  readonly items: readonly QueueItem[];
  /** All items, over all pages. */
  readonly total: number;
  /** Undefined on the last page. */
  readonly cursor: string | undefined;
}

/** What is open, not hidden, and in no declared incident. */
const ALONE = { status: ["new", "in_progress"], quiet: ["none"], alone: [true] };
const SORT: SearchQuery["sort"] = [
  { field: "score", order: "desc" },
  { field: "lastEventAt", order: "desc" },
];
/** Where each kind goes on: a cursor of the store, its beginning, or its end. */
const BEGIN = "";
const END = "-";
const placeSchema = z.tuple([z.string(), z.string()]);

/**
 * A page of the queue, the highest score first; of equal ones what happened last, then by id.
 * @throws AppError HW_REQUEST_INVALID for a cursor that is not one of ours
 */
export async function readQueue(
  store: Store,
  tenant: string,
  query: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<QueuePage> {
  const { limit } = query;
  const [atProposals, atFindings] = readPlace(query.cursor);
  const proposals = kindReader(store, tenant, PROPOSAL_KIND, { open: [true] }, atProposals);
  const findings = kindReader(store, tenant, FINDING_KIND, ALONE, atFindings);
  const [someProposals, someFindings] = await Promise.all([
    proposals.head(limit),
    findings.head(limit),
  ]);
  const items = [
    ...someProposals.hits.map((found): QueueItem => ({ type: "proposal", found })),
    ...someFindings.hits.map((found): QueueItem => ({ type: "finding", found })),
  ]
    .sort(compareItems)
    .slice(0, limit);
  const shown = items.filter(({ type }) => type === "proposal").length;
  const [nextProposals, nextFindings] = await Promise.all([
    proposals.after(shown),
    findings.after(items.length - shown),
  ]);
  const isEnd = nextProposals === END && nextFindings === END;
  return {
    items,
    total: someProposals.total + someFindings.total,
    cursor: isEnd ? undefined : writePlace([nextProposals, nextFindings]),
  };
}

function compareItems({ found: a }: QueueItem, { found: b }: QueueItem): number {
  return (
    b.document.score - a.document.score ||
    b.document.lastEventAt - a.document.lastEventAt ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

function kindReader<D>(
  store: Store,
  tenant: string,
  kind: Kind<D>,
  terms: NonNullable<SearchQuery["terms"]>,
  place: string,
) {
  const search = (limit: number) => {
    const cursor = place === BEGIN || place === END ? {} : { cursor: place };
    return store.search(tenant, kind, { terms, sort: SORT, limit, ...cursor });
  };
  return {
    /** The next documents; none after the end, but their number all the same. */
    head: async (limit: number) => {
      const page = await search(place === END ? 1 : limit);
      return { hits: place === END ? [] : page.hits, total: page.total };
    },
    /** The place behind so many documents. */
    after: async (count: number): Promise<string> => {
      if (place === END) return END;
      if (count > 0) return (await search(count)).cursor ?? END;
      return (await search(1)).hits.length === 0 ? END : place;
    },
  };
}

function writePlace(place: readonly [string, string]): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

function readPlace(cursor: string | undefined): readonly [string, string] {
  if (cursor === undefined) return [BEGIN, BEGIN];
  try {
    return placeSchema.parse(parseOutsideJson(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch (cause) {
    throw new AppError("HW_REQUEST_INVALID", "not a cursor of the queue", { cause });
  }
}
