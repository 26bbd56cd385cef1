// Search and count: the store's queries as Elasticsearch's, always with the tenant as a filter beside the
// exact index, sorted so that every page begins exactly where the one before ended.
import { errors, type estypes } from "@elastic/elasticsearch";
import { AppError } from "../../config/errors.ts";
import { errorType } from "../elasticsearch/retry.ts";
import type { DocumentAccess } from "./elasticsearch-access.ts";
import { type ListPlace, readPlace, Views, writePlace } from "./elasticsearch-cursor.ts";
import { fieldValue, type StoredDocument, searchedPath } from "./elasticsearch-document.ts";
import { versionedOf } from "./elasticsearch-documents.ts";
import type { OpenIndex, StoreIndices } from "./elasticsearch-indices.ts";
import { kindAlias } from "./elasticsearch-names.ts";
import { searchedWords } from "./elasticsearch-words.ts";
import { fieldKind, hasText, indexValue } from "./field-index.ts";
import type { Kind, SearchPage, SearchQuery } from "./store.ts";

const ROWS_PER_PAGE_MAX = 10_000;
const COUNT_VALUES_MAX = 1000;
/** What Elasticsearch takes in one `terms`. */
const TERMS_MAX = 65_536;
/** A list is expected to be read on within this time; later it goes on in the present index. */
const VIEW_OPEN = "1m";

type Filters = Pick<SearchQuery, "terms" | "ranges" | "text">;

export class DocumentSearch {
  readonly #access: DocumentAccess;
  readonly #indices: StoreIndices;
  readonly #views: Views;

  constructor(parts: { access: DocumentAccess; indices: StoreIndices }) {
    this.#access = parts.access;
    this.#indices = parts.indices;
    this.#views = new Views(parts.access.client);
  }

  async search<D>(tenant: string, kind: Kind<D>, query: SearchQuery): Promise<SearchPage<D>> {
    const { limit, sort, cursor } = query;
    if (!Number.isInteger(limit) || limit < 1 || limit > ROWS_PER_PAGE_MAX)
      throw new AppError("HW_REQUEST_INVALID", `a page has 1 to ${ROWS_PER_PAGE_MAX} rows`);
    const alias = kindAlias(this.#indices.prefix, kind.name, tenant);
    for (const { field } of sort) fieldKind(kind, field);
    const place = cursor === undefined ? undefined : readPlace(alias, kind, sort, cursor);
    const wanted = queryOf(tenant, kind, query);
    const index = await this.#indices.find(tenant, kind);
    if (index === undefined) return { hits: [], total: 0, cursor: undefined };
    const view = place === undefined ? undefined : await this.#view(index, place);
    const found = await this.#page(index, view?.id, {
      query: wanted,
      // One more tells whether there is another page.
      size: limit + 1,
      sort: [
        ...sort.map(({ field, order }) => ({ [`sort.${field}`]: { order } })),
        { order: { order: "asc" as const } },
      ],
      track_total_hits: true,
      _source: ["id", "rev", "json"],
      ...(place === undefined ? {} : { search_after: [...place.values] }),
    });
    const rows = found.hits.hits;
    const hits = rows.slice(0, limit).flatMap(({ _source }) => {
      return _source === undefined ? [] : [versionedOf<D>(_source)];
    });
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    const total = totalOf(found);
    const name = this.#keepView(index, view, found.pit_id, last !== undefined);
    if (last === undefined) return { hits, total, cursor: undefined };
    const values = (last.sort ?? []).flatMap((one) =>
      typeof one === "string" || typeof one === "number" ? [one] : [],
    );
    return { hits, total, cursor: writePlace(alias, sort, { values, view: name }) };
  }

  async count<D>(tenant: string, kind: Kind<D>, field: string, filters: Filters) {
    fieldKind(kind, field);
    const query = queryOf(tenant, kind, filters);
    const index = await this.#indices.find(tenant, kind);
    if (index === undefined) return [];
    await this.#indices.refresh(index.alias);
    const terms = {
      field: searchedPath(kind, field),
      size: COUNT_VALUES_MAX,
      order: [{ _count: "desc" as const }, { _key: "asc" as const }],
    };
    const { client, retry } = this.#access;
    const found = await retry.run(() =>
      client.search<
        unknown,
        { values: { buckets: { key: string | number; doc_count: number }[] } }
      >({
        index: index.alias,
        size: 0,
        query,
        track_total_hits: false,
        allow_partial_search_results: false,
        aggs: { values: { terms } },
      }),
    );
    const buckets = found.aggregations?.values.buckets ?? [];
    return buckets.map(({ key, doc_count }) => ({ value: String(key), documents: doc_count }));
  }

  close(): void {
    this.#views.dropAll();
  }

  /** The view of a list; made for its second page, because most lists are never read on. */
  async #view(index: OpenIndex, place: ListPlace): Promise<{ id: string; name?: string }> {
    const known = this.#views.find(index.alias, place.view);
    if (known !== undefined) return { id: known, name: place.view };
    return { id: await this.#openView(index) };
  }

  async #openView(index: OpenIndex): Promise<string> {
    await this.#indices.refresh(index.alias);
    const { client, retry } = this.#access;
    const options = { index: index.alias, keep_alive: VIEW_OPEN };
    return (await retry.run(() => client.openPointInTime(options))).id;
  }

  async #page(
    index: OpenIndex,
    view: string | undefined,
    request: estypes.SearchRequest,
  ): Promise<estypes.SearchResponse<StoredDocument>> {
    const { client, retry } = this.#access;
    const search = (pit: string | undefined) =>
      retry.run(() =>
        client.search<StoredDocument>({
          ...request,
          ...(pit === undefined
            ? { index: index.alias, allow_partial_search_results: false }
            : { pit: { id: pit, keep_alive: VIEW_OPEN } }),
        }),
      );
    if (view === undefined) await this.#indices.refresh(index.alias);
    try {
      return await search(view);
    } catch (error) {
      if (view !== undefined && isViewGone(error)) return search(await this.#openView(index));
      if (errorType(error) === "index_not_found_exception") {
        this.#indices.forget(index.alias);
        return search(undefined);
      }
      throw error;
    }
  }

  #keepView(
    index: OpenIndex,
    view: { id: string; name?: string } | undefined,
    present: string | undefined,
    more: boolean,
  ): string {
    if (view === undefined) return "";
    const name = this.#views.keep(index.alias, present ?? view.id, view.name);
    if (more) return name;
    this.#views.drop(name);
    return "";
  }
}

function queryOf<D>(tenant: string, kind: Kind<D>, query: Filters): estypes.QueryDslQueryContainer {
  const filter: estypes.QueryDslQueryContainer[] = [{ term: { tenant } }];
  for (const [field, wanted] of Object.entries(query.terms ?? {})) {
    const type = fieldKind(kind, field);
    const values = wanted
      .map((value) => indexValue(type, value))
      .filter((value) => !Number.isNaN(value) && (type !== "boolean" || value === 0 || value === 1))
      .map((value) => fieldValue(type, value));
    if (values.length > TERMS_MAX)
      throw new AppError("HW_REQUEST_INVALID", `at most ${TERMS_MAX} values`, { place: field });
    filter.push({ terms: { [searchedPath(kind, field)]: values } });
  }
  for (const [field, bounds] of Object.entries(query.ranges ?? {}))
    filter.push(rangeOf(kind, field, bounds));
  const words = query.text === undefined ? undefined : searchedWords(query.text);
  if (words !== undefined) {
    // A kind without text fields holds no word.
    if (!hasText(kind)) filter.push({ match_none: {} });
    for (const word of words.whole) filter.push({ term: { words: word } });
    filter.push({ prefix: { words: { value: words.beginning } } });
  }
  return { bool: { filter } };
}

function rangeOf<D>(
  kind: Kind<D>,
  field: string,
  { gte, lt }: { readonly gte?: number; readonly lt?: number },
): estypes.QueryDslQueryContainer {
  const type = fieldKind(kind, field);
  // Text has no place among numbers; nothing is below or above what is no number.
  if (type === "keyword" || Number.isNaN(gte) || Number.isNaN(lt)) return { match_none: {} };
  const low = gte === undefined ? {} : { gte: fieldNumber(gte) };
  const high = lt === undefined || lt === Number.POSITIVE_INFINITY ? {} : { lt: fieldNumber(lt) };
  if (type !== "boolean") {
    // Without bounds: whatever has a value.
    return { range: { [searchedPath(kind, field)]: { gte: -Number.MAX_VALUE, ...low, ...high } } };
  }
  const inside = [0, 1].filter(
    (one) => one >= (gte ?? 0) && one < (lt ?? Number.POSITIVE_INFINITY),
  );
  return { terms: { [searchedPath(kind, field)]: inside.map((one) => one === 1) } };
}

function fieldNumber(value: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
}

function totalOf({ hits }: estypes.SearchResponse<StoredDocument>): number {
  return typeof hits.total === "number" ? hits.total : (hits.total?.value ?? 0);
}

// It expired, was closed, or its index was replaced.
function isViewGone(error: unknown): boolean {
  return error instanceof errors.ResponseError && error.statusCode === 404;
}
