// The audit entries of one finding. The chain is in time order, so its part since the finding was raised is
// found by bisection and read to the end; nothing is kept twice.
import type { AuditEntry, Store } from "../store/store.ts";

const ENTRIES_PER_READ = 1000;
const ENTRIES_READ_MAX = 100_000;
/** The pipeline's and the API's clock may differ by this much. */
const CLOCK_MARGIN_MS = 60_000;

export interface History {
  readonly entries: readonly AuditEntry[];
  readonly truncated: boolean;
}

/** The entries about a subject since a time (ms UTC), oldest first. */
export async function auditHistory(
  store: Store,
  tenant: string,
  subject: string,
  since: number,
): Promise<History> {
  const entries: AuditEntry[] = [];
  let from = await firstSince(store, tenant, since - CLOCK_MARGIN_MS);
  for (let read = 0; read < ENTRIES_READ_MAX; read += ENTRIES_PER_READ) {
    const page = await store.readAudit(tenant, from, ENTRIES_PER_READ);
    entries.push(...page.filter((entry) => entry.subject === subject));
    const last = page.at(-1);
    if (last === undefined || page.length < ENTRIES_PER_READ) return { entries, truncated: false };
    from = last.sequence + 1;
  }
  return { entries, truncated: true };
}

/** The lowest sequence whose entry is not older than `time`; past the end when all are. */
async function firstSince(store: Store, tenant: string, time: number): Promise<number> {
  let low = (await store.readAudit(tenant, 0, 1))[0]?.sequence ?? 0;
  let high = low + 1;
  // Doubling first: the port does not say how long the chain is.
  while (await isOlder(store, tenant, high, time)) high = low + (high - low) * 2;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (await isOlder(store, tenant, middle, time)) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function isOlder(
  store: Store,
  tenant: string,
  sequence: number,
  time: number,
): Promise<boolean> {
  const [entry] = await store.readAudit(tenant, sequence, 1);
  return entry !== undefined && entry.at < time;
}
