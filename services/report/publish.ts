// Freezes a report: its data are written once, as a link of the tenant's chain in which each has the hash of
// the one before, together with an entry of the audit chain. After a change it is published again as a new
// revision that says what changed; without a change there is nothing to publish.
import { AppError, isAppError } from "../../config/errors.ts";
import {
  FIRST_REPORT,
  type PublishedReport,
  REPORT_KIND,
  REPORT_PART_KIND,
  reportHash,
  reportId,
} from "../store/report.ts";
import type { AuditInput, Store } from "../store/store.ts";
import { differencesOf } from "./differences.ts";
import { isSimulatedReport } from "./document/report-document.ts";
import { by, documentsOf } from "./pages.ts";
import { type ReportData, reportDataSchema, reportJson, textHash } from "./report.ts";

/** UTF-16 units; what a store takes in one document without pain. */
const PART_CHARACTERS = 500_000;
const DIFFERENCES_MAX = 2000;
/** Another process may publish at the same moment. */
const TRIES_MAX = 5;

export interface PublishParts {
  readonly store: Store;
  readonly author: string;
  readonly reference: string | undefined;
  readonly by: Pick<AuditInput, "at" | "actor">;
}

/**
 * @throws AppError HW_REQUEST_INVALID while the period runs; HW_EXISTS where the last revision says the same;
 * HW_CONFLICT where others kept publishing at the same moment
 */
export async function publishReport(
  data: ReportData,
  parts: PublishParts,
): Promise<PublishedReport> {
  const { period, tenant } = data;
  if (period.to > parts.by.at) {
    throw new AppError("HW_REQUEST_INVALID", "the period has not ended", { place: period.name });
  }
  const { store } = parts;
  const text = reportJson(data);
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const report = await nextReport(data, text, parts);
    // Before its head, and only where there is something to publish: nothing removes what nobody needs.
    if (tries === 0) await putParts(store, tenant.id, text);
    const { sequence, revision, hash, dataHash } = report;
    try {
      await store.create(tenant.id, REPORT_KIND, reportId(sequence), report, {
        ...{ ...parts.by, action: "report.publish", subject: period.name },
        payload: { sequence, revision, hash, dataHash },
      });
      return report;
    } catch (error) {
      if (!isAppError(error, "HW_EXISTS")) throw error;
    }
  }
  throw new AppError("HW_CONFLICT", "others publish reports at the same moment", {
    place: period.name,
  });
}

/** All of a tenant, the oldest first. */
export async function publishedReports(store: Store, tenant: string): Promise<PublishedReport[]> {
  const all: PublishedReport[] = [];
  const query = { sort: by("sequence") };
  for await (const one of documentsOf(store, tenant, REPORT_KIND, query)) all.push(one);
  return all;
}

/** The text that was frozen; undefined where a part is missing. */
export async function frozenText(
  store: Store,
  { tenant, dataHash, parts }: PublishedReport,
): Promise<string | undefined> {
  const texts: string[] = [];
  for (let number = 0; number < parts; number += 1) {
    const part = await store.get(tenant, REPORT_PART_KIND, partId(dataHash, number));
    if (part === undefined) return undefined;
    texts.push(part.document.text);
  }
  return texts.join("");
}

/** @throws AppError HW_STORE_CORRUPT when what is stored is not what the hash was made of */
export async function frozenData(store: Store, report: PublishedReport): Promise<ReportData> {
  const text = await frozenText(store, report);
  if (text === undefined || textHash(text) !== report.dataHash) {
    throw new AppError("HW_STORE_CORRUPT", "the data of a published report were changed", {
      place: `report ${report.sequence}`,
    });
  }
  return reportDataSchema.parse(JSON.parse(text));
}

async function putParts(store: Store, tenant: string, text: string): Promise<void> {
  const dataHash = textHash(text);
  for (let at = 0, number = 0; at < text.length; at += PART_CHARACTERS, number += 1) {
    const part = { text: text.slice(at, at + PART_CHARACTERS) };
    await store.put(tenant, REPORT_PART_KIND, partId(dataHash, number), part);
  }
}

async function nextReport(
  data: ReportData,
  text: string,
  { store, author, reference, by: publisher }: PublishParts,
): Promise<PublishedReport> {
  const { tenant, period } = data;
  const all = await publishedReports(store, tenant.id);
  const last = all.at(-1);
  const before = all.findLast((one) => one.period.name === period.name);
  const differences = before === undefined ? [] : await changesSince(store, before, data);
  if (before !== undefined && differences.length === 0) {
    throw new AppError("HW_EXISTS", "the last revision says the same", { place: period.name });
  }
  const report = {
    tenant: tenant.id,
    sequence: (last?.sequence ?? 0) + 1,
    period,
    revision: (before?.revision ?? 0) + 1,
    publishedAt: publisher.at,
    product: data.product,
    definitionVersion: data.sections.kpi.definitionVersion,
    isSimulated: isSimulatedReport(data),
    author,
    ...(reference === undefined ? {} : { reference }),
    dataHash: textHash(text),
    parts: Math.ceil(text.length / PART_CHARACTERS),
    characters: text.length,
    differences: differences.slice(0, DIFFERENCES_MAX),
    differencesLeftOut: Math.max(0, differences.length - DIFFERENCES_MAX),
    previousHash: last?.hash ?? FIRST_REPORT,
    hash: "",
  };
  return { ...report, hash: reportHash(report) };
}

/** Where the one before is damaged, that is what is told. */
async function changesSince(store: Store, before: PublishedReport, now: ReportData) {
  try {
    return differencesOf(await frozenData(store, before), now);
  } catch (error) {
    if (!isAppError(error, "HW_STORE_CORRUPT")) throw error;
    return [{ figure: "dataHash", before: before.dataHash, now: textHash(reportJson(now)) }];
  }
}

function partId(dataHash: string, number: number): string {
  return `${dataHash}.${number}`;
}
