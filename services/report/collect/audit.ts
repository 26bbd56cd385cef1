// Section 12, and the counts that other sections take from it: the audit chain is walked once, its entries
// of the period are counted by what was done, never by who did it.
import { z } from "zod";
import { lastEntry } from "../../store/audit-anchor.ts";
import { SETTING_KIND } from "../../store/kinds.ts";
import type { Store } from "../../store/store.ts";
import { endOf, type ReportContext } from "../context.ts";
import { ranked, tally } from "../pages.ts";
import type { AuditTaker } from "./acts.ts";

const ENTRIES_PER_READ = 1000;
/** Names the last day whose head was written down outside (services/anchoring.ts). */
const ANCHORED = "audit.anchored";

const head = z.object({ sequence: z.number().int(), hash: z.string(), at: z.number() });

export const integritySchema = z.object({
  /** Entries of the period. */
  entries: z.number().int(),
  byAction: z.array(z.object({ name: z.string(), n: z.number().int() })),
  /** The last entry of the period; null: there was none until then. */
  headAtEnd: head.nullable(),
  /** As it was found when the report was made; no part of what is compared between revisions. */
  state: z.object({
    head: head.nullable(),
    /** The first entry that does not hold; null: the chain holds. */
    brokenAt: z.number().int().nullable(),
    /** Day, `2026-10-25`; null: no place outside is configured, or it was never reached. */
    anchoredOn: z.string().nullable(),
  }),
});
export type IntegrityData = z.infer<typeof integritySchema>;

export interface AuditCounts {
  readonly data: IntegrityData;
  /** How often something was done in the period. */
  readonly n: (action: string) => number;
}

/** @param takers told of each entry since the beginning of the period, to the end of the chain */
export async function collectAudit(
  context: ReportContext,
  takers: readonly AuditTaker[],
): Promise<AuditCounts> {
  const { store, tenant, period } = context;
  const end = endOf(context);
  const brokenAt = (await store.verifyAudit(tenant.id)) ?? null;
  const last = await lastEntry(store, tenant.id);
  const actions = new Map<string, number>();
  let entries = 0;
  let headAtEnd: IntegrityData["headAtEnd"] = null;
  const first =
    last === undefined ? 1 : await firstSince(store, tenant.id, period.from, last.sequence);
  for (let next = Math.max(1, first - 1); ; ) {
    const read = await store.readAudit(tenant.id, next, ENTRIES_PER_READ);
    for (const entry of read) {
      const { at, action, sequence, hash } = entry;
      if (at >= period.from) for (const taker of takers) taker.take(entry);
      if (at >= end) continue;
      headAtEnd = { sequence, hash, at };
      if (at < period.from) continue;
      entries += 1;
      tally(actions, action);
    }
    const after = read.at(-1);
    if (after === undefined || read.length < ENTRIES_PER_READ) break;
    next = after.sequence + 1;
  }
  const state = {
    head: last === undefined ? null : { sequence: last.sequence, hash: last.hash, at: last.at },
    brokenAt,
    anchoredOn: await anchoredOn(store, tenant.id),
  };
  const data = { entries, byAction: ranked(actions), headAtEnd, state };
  return { data, n: (action) => actions.get(action) ?? 0 };
}

/** Entries are appended as they happen, so that their times rise with their numbers. */
async function firstSince(
  store: Pick<Store, "readAudit">,
  tenant: string,
  from: number,
  last: number,
): Promise<number> {
  let [low, high] = [1, last + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [entry] = await store.readAudit(tenant, middle, 1);
    if (entry !== undefined && entry.at < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function anchoredOn(store: Store, tenant: string): Promise<string | null> {
  const found = await store.get(tenant, SETTING_KIND, ANCHORED);
  return typeof found?.document.value === "string" ? found.document.value : null;
}
