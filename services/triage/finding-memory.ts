// Findings of whole days in memory, as facts: read from the store once, then kept up to date with what
// triage writes. Bounded by days; what is dropped is read again.
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import type { Store } from "../store/store.ts";
import { dayOf, dayStart } from "./days.ts";
import { type FindingFact, factOf } from "./facts.ts";

const ROWS_PER_PAGE = 500;
/** Findings of one day that are looked at; beyond it, the ones that began last stand alone. */
const FINDINGS_PER_DAY_MAX = 200_000;
const DAYS_MAX = 64;

export interface FindingMemory {
  /** Reads what is not known yet. @returns the days that were read now */
  load(tenant: string, days: Iterable<number>): Promise<number[]>;
  /** Takes findings as they are now; those of days that are not loaded are left out. */
  take(tenant: string, findings: readonly Finding[]): void;
  facts(tenant: string, days: Iterable<number>): FindingFact[];
  /** Somebody else may have written findings meanwhile. */
  forget(): void;
}

export function createFindingMemory(store: Store): FindingMemory {
  const tenants = new Map<string, TenantMemory>();
  const of = (tenant: string): TenantMemory => {
    const known = tenants.get(tenant) ?? { days: new Map(), dayOf: new Map() };
    tenants.set(tenant, known);
    return known;
  };
  return {
    async load(tenant, days) {
      const memory = of(tenant);
      const missing = [...days].filter((day) => !memory.days.has(day));
      for (const day of missing) {
        const facts = await readDay(store, tenant, day);
        memory.days.set(day, facts);
        for (const id of facts.keys()) place(memory, id, day);
      }
      dropOldest(memory, new Set(days));
      return missing;
    },
    take(tenant, findings) {
      const memory = of(tenant);
      for (const finding of findings) {
        const day = dayOf(finding.firstEventAt);
        place(memory, finding.id, day);
        memory.days.get(day)?.set(finding.id, factOf(finding));
      }
    },
    facts: (tenant, days) =>
      [...days].flatMap((day) => [...(of(tenant).days.get(day)?.values() ?? [])]),
    forget: () => tenants.clear(),
  };
}

interface TenantMemory {
  readonly days: Map<number, Map<string, FindingFact>>;
  readonly dayOf: Map<string, number>;
}

/** A finding is on one day only: also when the store had it on another one already when that was read. */
function place({ days, dayOf: placed }: TenantMemory, id: string, day: number): void {
  const before = placed.get(id);
  if (before !== undefined && before !== day) days.get(before)?.delete(id);
  if (days.has(day)) placed.set(id, day);
  else placed.delete(id);
}

async function readDay(
  store: Store,
  tenant: string,
  day: number,
): Promise<Map<string, FindingFact>> {
  const facts = new Map<string, FindingFact>();
  let cursor: string | undefined;
  do {
    const page = await store.search(tenant, FINDING_KIND, {
      ranges: { firstEventAt: { gte: dayStart(day), lt: dayStart(day + 1) } },
      sort: [{ field: "firstEventAt", order: "asc" }],
      limit: ROWS_PER_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { id, document } of page.hits) facts.set(id, factOf(document));
    cursor = page.cursor;
  } while (cursor !== undefined && facts.size < FINDINGS_PER_DAY_MAX);
  return facts;
}

function dropOldest({ days, dayOf: placed }: TenantMemory, needed: ReadonlySet<number>): void {
  const spare = [...days.keys()].filter((day) => !needed.has(day)).sort((a, b) => a - b);
  for (const day of spare.slice(0, Math.max(0, days.size - DAYS_MAX))) {
    for (const id of days.get(day)?.keys() ?? []) placed.delete(id);
    days.delete(day);
  }
}
