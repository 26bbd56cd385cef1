// Finds in the store what is due: findings whose moment has come, those that can't wait first, and those that are
// told with another one of which nothing more comes. All that other processes have written is found here.
import type { Priority } from "../../config/paging.ts";
import { isSettled } from "../paging/gather.ts";
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import type { Store } from "../store/store.ts";

const FINDINGS_PER_PAGE = 500;
const PAGES_PER_LOOK = 20;
/** Gathered findings that go on at once; the next look finds the others. */
const WOKEN_MAX = 500;

export type OnDue = (id: string, priority: Priority) => void;

/** @param until ms UTC, not included */
export async function lookInto(
  store: Store,
  tenant: string,
  until: number,
  due: OnDue,
): Promise<void> {
  // However much else is due, what can't wait is found.
  await lookThrough(store, tenant, until, ["p1"], due);
  await lookThrough(store, tenant, until, ["p2", "p3", "p4"], due);
}

async function lookThrough(
  store: Store,
  tenant: string,
  until: number,
  priorities: readonly Priority[],
  due: OnDue,
): Promise<void> {
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_PER_LOOK; page += 1) {
    const found = await store.search(tenant, FINDING_KIND, {
      terms: { pagingPriority: priorities },
      ranges: { pagingDueAt: { lt: until } },
      sort: [{ field: "pagingDueAt", order: "asc" }],
      limit: FINDINGS_PER_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { id, document } of found.hits) due(id, document.paging?.priority ?? "p4");
    cursor = found.cursor;
    if (cursor === undefined) return;
  }
}

/** What is gathered in findings of which nothing more comes goes on; one question for all that wait there. */
export async function wakeGathered(store: Store, tenant: string, due: OnDue): Promise<void> {
  const terms = { pagingState: ["gathered"] };
  const leaders = await store.count(tenant, FINDING_KIND, "pagingGatheredIn", { terms });
  for (const { value: leader } of leaders) {
    const found = await store.get(tenant, FINDING_KIND, leader);
    if (isSettled(found?.document.paging)) await wakeGatheredIn(store, tenant, leader, due);
  }
}

async function wakeGatheredIn(
  store: Store,
  tenant: string,
  leader: string,
  due: OnDue,
): Promise<void> {
  const { hits } = await store.search(tenant, FINDING_KIND, {
    terms: { pagingGatheredIn: [leader], pagingState: ["gathered"] },
    sort: [{ field: "pagingPriority", order: "asc" }],
    limit: WOKEN_MAX,
  });
  for (const { id, document } of hits) due(id, document.paging?.priority ?? "p4");
}

/** Wakes what was told with a finding as soon as that one is answered or over, where this process sees it. */
export function watchLeaders(store: Store, due: (tenant: string) => OnDue) {
  const underWay = new Set<string>();
  return {
    saw(tenant: string, { id, paging }: Finding) {
      const key = `${tenant}\n${id}`;
      if (paging?.leads === true && ["escalating", "quiet"].includes(paging.state)) {
        underWay.add(key);
      } else if (underWay.delete(key)) {
        // Where it fails, a look finds them.
        wakeGatheredIn(store, tenant, id, due(tenant)).catch(() => undefined);
      }
    },
  };
}

export async function openEscalations(store: Store, tenants: readonly string[]): Promise<number> {
  let open = 0;
  for (const tenant of tenants) {
    const terms = { pagingState: ["escalating", "quiet"] };
    open += (await store.search(tenant, FINDING_KIND, { terms, sort: [], limit: 1 })).total;
  }
  return open;
}
