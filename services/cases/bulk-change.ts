// What a bulk change does to one finding, and how it is taken back: pure.
import { isDeepStrictEqual } from "node:util";
import type { Finding } from "../store/finding.ts";
import type { BulkChange, BulkJob, Touched } from "./bulk-job.ts";
import { assign, type ChangedBy, changeTags, judge, setStatus } from "./finding-changes.ts";

/** The verb of the audit entries. */
export function bulkAction({ type }: BulkChange): string {
  return type === "verdict" ? "finding.verdict" : `finding.${type}`;
}

/** @throws FindingFault when the change does not fit this finding */
export function applyBulk(
  finding: Finding,
  job: Pick<BulkJob, "id" | "change">,
  by: ChangedBy,
): Finding {
  return { ...changed(finding, job.change, by), bulkJob: job.id };
}

/** What a bulk change can touch, as it is. */
export function touchedOf(finding: Finding): Touched {
  const { status, verdict, verdictHistory, assignee, tags, bulkJob, takenUpAt } = finding;
  return {
    status,
    ...(verdict === undefined ? {} : { verdict }),
    ...(verdictHistory.length === 0 ? {} : { verdictHistory }),
    ...(assignee === undefined ? {} : { assignee }),
    ...(tags === undefined ? {} : { tags }),
    ...(bulkJob === undefined ? {} : { bulkJob }),
    ...(takenUpAt === undefined ? {} : { takenUpAt }),
  };
}

/** The finding with what was touched as it was before. */
export function restoreBulk(finding: Finding, before: Touched): Finding {
  const {
    verdict: _verdict,
    assignee: _assignee,
    tags: _tags,
    bulkJob: _bulkJob,
    takenUpAt: _takenUpAt,
    ...rest
  } = finding;
  return { ...rest, ...before, verdictHistory: before.verdictHistory ?? [] };
}

/** Whether nobody has changed since what the bulk change has set. */
export function isAsApplied(
  finding: Finding,
  before: Touched,
  job: Pick<BulkJob, "id" | "change">,
  by: ChangedBy,
): boolean {
  if (finding.bulkJob !== job.id) return false;
  const again = applyBulk(restoreBulk(finding, before), job, by);
  return isDeepStrictEqual(touchedOf(again), touchedOf(finding));
}

function changed(finding: Finding, change: BulkChange, by: ChangedBy): Finding {
  switch (change.type) {
    case "verdict":
      return judge(finding, change, by);
    case "status":
      return setStatus(finding, change.status, by);
    case "assign":
      return assign(finding, change.assignee);
    case "tags":
      return changeTags(finding, change);
  }
}
