// Deletes what was kept long enough: the log of calls, and annotations that nobody took over.
import { ANNOTATION_KIND } from "../store/annotation.ts";
import { LLM_CALL_KIND } from "../store/llm-call.ts";
import type { Kind, Store } from "../store/store.ts";

const DAY_MS = 86_400_000;
const DOCUMENTS_PER_ROUND = 500;
const ROUNDS_MAX = 200;

/** @param now ms UTC */
export async function forgetOld(
  store: Store,
  tenant: string,
  keepDays: number,
  now: number,
): Promise<void> {
  const before = now - keepDays * DAY_MS;
  await removeBefore(store, tenant, LLM_CALL_KIND, "at", before);
  const state = ["requested", "proposed", "rejected"];
  await removeBefore(store, tenant, ANNOTATION_KIND, "createdAt", before, { state });
}

async function removeBefore<D>(
  store: Store,
  tenant: string,
  kind: Kind<D>,
  field: string,
  before: number,
  terms: Readonly<Record<string, readonly string[]>> = {},
): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const page = await store.search(tenant, kind, {
      ...{ terms, ranges: { [field]: { lt: before } } },
      sort: [{ field, order: "asc" }],
      limit: DOCUMENTS_PER_ROUND,
    });
    for (const { id } of page.hits) await store.remove(tenant, kind, id);
    if (page.hits.length < DOCUMENTS_PER_ROUND) return;
  }
}
