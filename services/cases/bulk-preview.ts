// Freezes the selection of a bulk change: ids and versions of exactly those findings that its author is
// shown, with their state before, written down in chunks.
import { createHash, randomUUID } from "node:crypto";
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import type { SearchQuery, Store, Versioned } from "../store/store.ts";
import { touchedOf } from "./bulk-change.ts";
import {
  BULK_CHUNK_KIND,
  BULK_FINDINGS_MAX,
  BULK_JOB_KIND,
  type BulkChange,
  type BulkChunk,
  type BulkJob,
  chunkId,
  FINDINGS_PER_CHUNK,
} from "./bulk-job.ts";
import { type ChangedBy, checkJudgement } from "./finding-changes.ts";
import { FindingFault } from "./finding-fault.ts";
import { checkDuplicate } from "./finding-write.ts";

const SAMPLE = 20;

export interface BulkSelection {
  readonly filter?: Pick<SearchQuery, "terms" | "ranges" | "text"> | undefined;
  readonly ids?: readonly string[] | undefined;
}

/** What its author should look at before. */
interface BulkWarnings {
  /** Were or are judged a true positive. */
  truePositives: number;
  /** Have a verdict that would be replaced. */
  judged: number;
  critical: number;
  /** Belong to a declared incident. */
  inIncidents: number;
  /** Are assigned to somebody. */
  assigned: number;
}

export interface BulkPreview {
  readonly job: BulkJob;
  readonly sample: readonly Versioned<Finding>[];
  readonly warnings: BulkWarnings;
}

/** @throws FindingFault when the change does not fit, or nothing or too much is selected */
export async function previewBulk(
  store: Store,
  tenant: string,
  asked: BulkSelection & { readonly change: BulkChange },
  by: ChangedBy,
): Promise<BulkPreview> {
  const { change } = asked;
  if (change.type === "verdict") {
    checkJudgement(change);
    await checkDuplicate(store, tenant, change.duplicateOf);
  }
  const id = randomUUID();
  const hash = createHash("sha256");
  const warnings = { truePositives: 0, judged: 0, critical: 0, inIncidents: 0, assigned: 0 };
  const sample: Versioned<Finding>[] = [];
  let total = 0;
  let chunks = 0;
  let members: BulkChunk["members"][number][] = [];
  const flush = async (): Promise<void> => {
    if (members.length === 0) return;
    await store.put(tenant, BULK_CHUNK_KIND, chunkId(id, chunks), { job: id, members });
    chunks += 1;
    members = [];
  };
  try {
    for await (const page of pagesOf(store, tenant, asked)) {
      for (const one of page) {
        if (change.type === "verdict" && change.duplicateOf === one.id)
          throw new FindingFault("HW_REQUEST_INVALID", "duplicateSelf", "body/change/duplicateOf");
        hash.update(`${JSON.stringify([one.id, one.version])}\n`);
        members.push({ id: one.id, version: one.version, before: touchedOf(one.document) });
        warn(warnings, one.document);
        if (sample.length < SAMPLE) sample.push(one);
        total += 1;
        if (members.length >= FINDINGS_PER_CHUNK) await flush();
      }
      if (total > BULK_FINDINGS_MAX) throw new FindingFault("HW_REQUEST_INVALID", "bulkMany");
    }
    await flush();
    if (total === 0) throw new FindingFault("HW_REQUEST_INVALID", "bulkEmpty");
  } catch (error) {
    await removeChunks(store, tenant, id, chunks);
    throw error;
  }
  const job: BulkJob = {
    ...{ id, tenant, change, state: "previewed", total, chunks, setHash: hash.digest("hex") },
    ...{ createdAt: by.at, createdBy: by.actor, beatAt: by.at },
  };
  await store.create(tenant, BULK_JOB_KIND, id, job);
  return { job, sample, warnings };
}

export async function removeChunks(
  store: Store,
  tenant: string,
  job: string,
  chunks: number,
): Promise<void> {
  for (let at = 0; at < chunks; at += 1)
    await store.remove(tenant, BULK_CHUNK_KIND, chunkId(job, at));
}

async function* pagesOf(
  store: Store,
  tenant: string,
  { filter, ids }: BulkSelection,
): AsyncGenerator<readonly Versioned<Finding>[]> {
  if (ids !== undefined) {
    const found: Versioned<Finding>[] = [];
    // Reads all in few requests and changes none.
    await store.reviseAll(tenant, FINDING_KIND, [...new Set(ids)], (present) => {
      found.push(present);
      return undefined;
    });
    yield found;
    return;
  }
  let cursor: string | undefined;
  do {
    const more: Pick<SearchQuery, "cursor"> = cursor === undefined ? {} : { cursor };
    const limit = FINDINGS_PER_CHUNK;
    const page = await store.search(tenant, FINDING_KIND, { ...filter, sort: [], limit, ...more });
    if (page.total > BULK_FINDINGS_MAX) throw new FindingFault("HW_REQUEST_INVALID", "bulkMany");
    yield page.hits;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

function warn(warnings: BulkWarnings, finding: Finding): void {
  const { verdict, verdictHistory, detector, incident, assignee } = finding;
  if ([verdict, ...verdictHistory].some((one) => one?.verdict === "true_positive"))
    warnings.truePositives += 1;
  if (verdict !== undefined) warnings.judged += 1;
  if (detector.level === "critical") warnings.critical += 1;
  if (incident !== undefined) warnings.inIncidents += 1;
  if (assignee !== undefined) warnings.assigned += 1;
}
