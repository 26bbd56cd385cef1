// Whether the chain of a tenant's published reports holds: each link with the one before, each head and its
// data with their hashes, and all of them with what the audit chain says was published.
import {
  FIRST_REPORT,
  type PublishedReport,
  REPORT_KIND,
  reportHash,
  reportId,
} from "../store/report.ts";
import type { Store } from "../store/store.ts";
import { frozenText, publishedReports } from "./publish.ts";
import { textHash } from "./report.ts";

const ENTRIES_PER_READ = 1000;

/** `unaudited`: the audit chain knows another one, or none; `missing`: it knows one that is not there. */
const REPORT_FAULTS = ["chain", "head", "data", "unaudited", "missing"] as const;
type ReportFault = (typeof REPORT_FAULTS)[number];

export interface VerifiedReport {
  readonly sequence: number;
  readonly period: string;
  readonly revision: number;
  readonly hash: string;
  /** Missing: it holds. */
  readonly fault?: ReportFault;
}

/** The oldest first. */
export async function verifyReports(store: Store, tenant: string): Promise<VerifiedReport[]> {
  const audited = await auditedHashes(store, tenant);
  const found: VerifiedReport[] = [];
  let previous = FIRST_REPORT;
  let sequence = 0;
  for (const report of await publishedReports(store, tenant)) {
    sequence += 1;
    const isNext = report.sequence === sequence && report.previousHash === previous;
    const fault = isNext ? await faultOf(store, report, audited) : "chain";
    found.push({ ...headOf(report), ...(fault === undefined ? {} : { fault }) });
    previous = report.hash;
    sequence = report.sequence;
  }
  for (const [at, { period, revision, hash }] of audited) {
    const isThere = (await store.get(tenant, REPORT_KIND, reportId(at))) !== undefined;
    if (!isThere) found.push({ sequence: at, period, revision, hash, fault: "missing" });
  }
  return found;
}

async function faultOf(
  store: Store,
  report: PublishedReport,
  audited: Awaited<ReturnType<typeof auditedHashes>>,
): Promise<ReportFault | undefined> {
  if (report.hash !== reportHash(report)) return "head";
  if (audited.get(report.sequence)?.hash !== report.hash) return "unaudited";
  const text = await frozenText(store, report);
  return text === undefined || textHash(text) !== report.dataHash ? "data" : undefined;
}

function headOf({ sequence, period, revision, hash }: PublishedReport): VerifiedReport {
  return { sequence, period: period.name, revision, hash };
}

interface AuditedReport {
  readonly period: string;
  readonly revision: number;
  readonly hash: string;
}

async function auditedHashes(store: Store, tenant: string): Promise<Map<number, AuditedReport>> {
  const found = new Map<number, AuditedReport>();
  for (let next = 1; ; ) {
    const entries = await store.readAudit(tenant, next, ENTRIES_PER_READ);
    for (const { action, subject, payload } of entries) {
      if (action !== "report.publish" || payload === undefined) continue;
      const { sequence, revision, hash } = payload;
      if (typeof sequence === "number" && typeof revision === "number" && typeof hash === "string")
        found.set(sequence, { period: subject, revision, hash });
    }
    const last = entries.at(-1);
    if (last === undefined || entries.length < ENTRIES_PER_READ) return found;
    next = last.sequence + 1;
  }
}
