// The days that have to be looked at together when findings of some days change: a chain goes on into the
// next day at most, and decisions of people can reach farther.
import { GROUPING_KIND, type Grouping } from "../store/proposal.ts";
import type { Store } from "../store/store.ts";
import { dayOf, dayStart } from "./days.ts";

const DECISIONS_MAX = 1000;
/** Days that decisions can add; what lies farther apart is grouped by itself. */
const DECISION_DAYS_MAX = 24;

export interface Region {
  /** Days whose findings can change their place. */
  readonly own: ReadonlySet<number>;
  /** These and their neighbours, which they depend on. */
  readonly all: ReadonlySet<number>;
  /** In force, about findings of these days. */
  readonly decisions: readonly Grouping[];
}

export async function regionOf(
  store: Store,
  tenant: string,
  days: ReadonlySet<number>,
): Promise<Region> {
  const own = withNeighbours(days);
  const joined = new Set<string>();
  for (;;) {
    const all = withNeighbours(own);
    const decisions = await decisionsIn(store, tenant, all);
    const added = decisions
      .filter(({ id }) => !joined.has(id))
      .flatMap(({ id, findings }) => {
        joined.add(id);
        return findings.map(({ at }) => dayOf(at));
      })
      .filter((day) => !own.has(day));
    if (added.length === 0 || own.size >= days.size * 3 + DECISION_DAYS_MAX) {
      return { own, all, decisions };
    }
    for (const day of withNeighbours(new Set(added))) own.add(day);
  }
}

/** Decisions in force about findings of these days, the oldest first. */
export async function decisionsIn(
  store: Store,
  tenant: string,
  days: ReadonlySet<number>,
): Promise<readonly Grouping[]> {
  const page = await store.search(tenant, GROUPING_KIND, {
    terms: { inForce: [true] },
    ranges: {
      findingAt: { gte: dayStart(Math.min(...days)), lt: dayStart(Math.max(...days) + 1) },
    },
    sort: [{ field: "createdAt", order: "asc" }],
    limit: DECISIONS_MAX,
  });
  return page.hits.map((hit) => hit.document);
}

function withNeighbours(days: ReadonlySet<number>): Set<number> {
  return new Set([...days].flatMap((day) => [day - 1, day, day + 1]));
}
