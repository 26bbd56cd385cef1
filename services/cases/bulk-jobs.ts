// The life of a bulk change: previewed, applied exactly as previewed, taken back within ten minutes, and at
// last forgotten.
import type { Store, Versioned } from "../store/store.ts";
import { BULK_JOB_KIND, type BulkJob, type BulkPass, PREVIEW_MS, UNDO_MS } from "./bulk-job.ts";
import { removeChunks } from "./bulk-preview.ts";
import type { ChangedBy } from "./finding-changes.ts";
import { FindingFault } from "./finding-fault.ts";

/** How long what a job has changed is kept to look at. */
const KEPT_MS = 24 * 3_600_000;
const REMOVED_PER_TURN_MAX = 20;

/**
 * Applies a previewed selection.
 * @param setHash as the preview gave it: that its author has seen this very set
 * @throws FindingFault HW_NOT_FOUND, HW_CONFLICT
 */
export async function startBulk(
  store: Store,
  tenant: string,
  { id, setHash }: Pick<BulkJob, "id" | "setHash">,
  by: ChangedBy,
): Promise<BulkJob> {
  const present = await jobOf(store, tenant, id);
  const job = present.document;
  const isGone = job.setHash !== setHash || job.createdBy !== by.actor;
  if (isGone || (job.state === "previewed" && job.createdAt + PREVIEW_MS < by.at))
    throw new FindingFault("HW_NOT_FOUND", "bulkGone");
  if (job.state !== "previewed") throw new FindingFault("HW_CONFLICT", "bulkStarted");
  return write(store, present, by, "bulk.start", { state: "running", apply: newPass(by) });
}

/** @throws FindingFault HW_NOT_FOUND, HW_CONFLICT */
export async function undoBulk(
  store: Store,
  tenant: string,
  id: string,
  by: ChangedBy,
): Promise<BulkJob> {
  const present = await jobOf(store, tenant, id);
  const { state, apply } = present.document;
  if (state !== "done" || apply?.finishedAt === undefined || apply.finishedAt + UNDO_MS < by.at)
    throw new FindingFault("HW_CONFLICT", "bulkUndoOver");
  return write(store, present, by, "bulk.undo", { state: "undoing", undo: newPass(by) });
}

/** @throws FindingFault HW_NOT_FOUND */
export async function jobOf(store: Store, tenant: string, id: string): Promise<Versioned<BulkJob>> {
  const found = await store.get(tenant, BULK_JOB_KIND, id);
  if (found === undefined) throw new FindingFault("HW_NOT_FOUND", "bulkGone");
  return found;
}

/** Forgets selections that nobody applied, and what can't be taken back any more. */
export async function forgetOldJobs(store: Store, tenant: string, now: number): Promise<void> {
  const page = await store.search(tenant, BULK_JOB_KIND, {
    terms: { state: ["previewed", "done", "undone"] },
    ranges: { createdAt: { lt: now - PREVIEW_MS } },
    sort: [{ field: "createdAt", order: "asc" }],
    limit: REMOVED_PER_TURN_MAX,
  });
  for (const { id, document: job } of page.hits) {
    if (job.state !== "previewed" && job.createdAt + KEPT_MS > now) continue;
    await removeChunks(store, tenant, id, job.chunks);
    await store.remove(tenant, BULK_JOB_KIND, id);
  }
}

async function write(
  store: Store,
  { id, version, document }: Versioned<BulkJob>,
  by: ChangedBy,
  action: string,
  next: Partial<BulkJob>,
): Promise<BulkJob> {
  const { tenant, change, total, setHash } = document;
  const job = { ...document, ...next, beatAt: by.at };
  const saved = await store.replace(tenant, BULK_JOB_KIND, id, job, version, {
    ...{ at: by.at, actor: by.actor, action, subject: id },
    payload: { change, total, setHash },
  });
  return saved.document;
}

function newPass({ at, actor }: ChangedBy): BulkPass {
  const leftOut = { changed: 0, missing: 0, named: [] };
  return { at, actor, position: 0, done: 0, leftOut };
}
