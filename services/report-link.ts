// Wires the report: what it is told by the KPI calculator, the rules, the sources and the configuration. Each
// report has a reading of its own, with the clock stopped, so that all its figures are of one moment.
import { AppError } from "../config/errors.ts";
import type { Config } from "../config/schema.ts";
import packageJson from "../package.json" with { type: "json" };
import type { ReportProvider, ReportReference } from "./api/report-provider.ts";
import type { Detection } from "./detection.ts";
import { documentsOf, readLedger, STANDARD_SCOPES } from "./kpi/calculator.ts";
import type { KpiLedger } from "./kpi/ledger.ts";
import { MonthCalendar, periodBefore } from "./kpi/period.ts";
import { createKpiLink } from "./kpi-link.ts";
import { clockProfiles } from "./legal-clocks.ts";
import { collectReport } from "./report/collect.ts";
import type { ReportContext, ReportKpi, ReportRules, ReportSource } from "./report/context.ts";
import { type Controls, readControls } from "./report/controls.ts";
import type { Edition } from "./report/document/edition.ts";
import { documentOf } from "./report/document/report-document.ts";
import { reportFile } from "./report/files.ts";
import { frozenData, publishedReports, publishReport } from "./report/publish.ts";
import { type ReportData, reportJson, SECTION_NAMES } from "./report/report.ts";
import { verifyReports } from "./report/verify.ts";
import type { ReportDocument } from "./report-document/document.ts";
import { kpiTargetsOf, timeZonesOf } from "./run.ts";
import { type KpiDocument, type KpiPeriod, scopeName } from "./store/kpi.ts";
import { type PublishedReport, REPORT_KIND, reportId } from "./store/report.ts";
import type { Store } from "./store/store.ts";

const SECOND_MS = 1000;
/** How long a draft is used for the files that somebody asks for one after the other. */
const DRAFT_MS = 60_000;
/** Reports that are made at the same time, in this process. */
const RUNNING_MAX = 2;

export interface ReportLinkParts {
  readonly store: Store;
  readonly config: Config;
  /** Paths of the configuration made absolute. */
  readonly at: (path: string) => string;
  /** Rules of the running service. */
  readonly rules: () => ReportRules;
  readonly sources: (tenant: string) => Promise<readonly ReportSource[]>;
}

export interface ReportsParts extends ReportLinkParts {
  /** ms UTC. */
  readonly now: () => number;
}

/** Reports as the API asks for them. */
export function createReports(parts: ReportsParts): ReportProvider {
  const { store, now } = parts;
  const drafts = new Map<string, { readonly at: number; readonly data: Promise<ReportData> }>();
  const limited = limitedTo(RUNNING_MAX);
  const draft = (tenant: string, period: string): Promise<ReportData> => {
    const key = `${tenant} ${period}`;
    const known = drafts.get(key);
    if (known !== undefined && now() - known.at < DRAFT_MS) return known.data;
    // One a tenant: others are made anew.
    for (const other of drafts.keys()) if (other.startsWith(`${tenant} `)) drafts.delete(other);
    const at = now();
    const data = limited(() => collectReport(reportContext(parts, tenant, period, at)));
    drafts.set(key, { at, data });
    data.catch(() => drafts.delete(key));
    return data;
  };
  const load = async (tenant: string, reference: ReportReference) => {
    if ("period" in reference) return { data: await draft(tenant, reference.period) };
    const found = await store.get(tenant, REPORT_KIND, reportId(reference.sequence));
    if (found === undefined) {
      throw new AppError("HW_NOT_FOUND", "no such report", { place: String(reference.sequence) });
    }
    return { data: await frozenData(store, found.document), published: found.document };
  };
  return {
    list: async (tenant) => (await publishedReports(store, tenant)).reverse(),
    publish: (tenant, period, by) =>
      limited(async () => {
        const data = await collectReport(reportContext(parts, tenant, period, by.at));
        return publishReport(data, { store, by, ...signatureOf(parts, tenant) });
      }),
    async data(tenant, reference, section) {
      const { data } = await load(tenant, reference);
      const name = section === undefined ? undefined : SECTION_NAMES[section];
      return name === undefined ? data : data.sections[name];
    },
    async file(tenant, reference, { form, extract, table }) {
      const { data, published } = await load(tenant, reference);
      const edition = editionOf(parts, tenant, published);
      const document = documentOf(data, edition, extract);
      const signal = new AbortController().signal;
      return limited(() => reportFile(document, reportJson(data), form, { table, signal }));
    },
    verify: (tenant) => verifyReports(store, tenant),
  };
}

/** The document of a published report, with its data as they were frozen. */
export async function publishedDocument(
  parts: ReportLinkParts,
  report: PublishedReport,
): Promise<ReportDocument> {
  const data = await frozenData(parts.store, report);
  return documentOf(data, editionOf(parts, report.tenant, report), "full");
}

/** A published report keeps who answered for it then. */
function editionOf(
  parts: ReportLinkParts,
  tenant: string,
  published: PublishedReport | undefined,
): Edition {
  if (published === undefined) return signatureOf(parts, tenant);
  return { published, author: published.author, reference: published.reference };
}

function signatureOf({ config }: ReportLinkParts, tenant: string) {
  const name = config.tenants.find(({ id }) => id === tenant)?.name ?? tenant;
  return { author: config.report.author ?? name, reference: config.report.fileReference };
}

/** @throws AppError HW_BUSY while as many run as may */
function limitedTo(most: number) {
  let running = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= most) throw new AppError("HW_BUSY", "as many reports are made as may");
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
    }
  };
}

/**
 * What a report of a tenant and period is made from.
 * @param at the moment that it tells of, ms UTC
 * @throws AppError HW_REQUEST_INVALID for what is no period, HW_CONFIG_INVALID for a mapping that can't be read
 */
export function reportContext(
  parts: ReportLinkParts,
  tenantId: string,
  period: string,
  at: number,
): ReportContext {
  const { store, config } = parts;
  const tenant = config.tenants.find(({ id }) => id === tenantId);
  if (tenant === undefined) throw new TypeError("only configured tenants are asked for");
  const kpi = reportKpi(parts, tenantId, at);
  const { paging, retention, llm } = config;
  return {
    ...{ tenant, period: kpi.period(period), at, version: packageJson.version, store, kpi },
    rules: async () => parts.rules(),
    sources: () => parts.sources(tenantId),
    paging: paging.tenants[tenantId],
    clocks: clockProfiles(config)(tenantId),
    retention,
    llmModel: llm.url === undefined ? undefined : llm.model,
    controls: controlsOf(parts),
  };
}

function reportKpi({ store, config }: ReportLinkParts, tenant: string, at: number): ReportKpi {
  const timeZoneOf = timeZonesOf(config);
  // Made anew for each report: what it reads is read once, and not what somebody heard a while ago.
  let ledger: KpiLedger | undefined;
  const targetsOf = kpiTargetsOf(config);
  const link = createKpiLink({
    store,
    timeZoneOf,
    targetsOf,
    now: () => at,
    ledgerOf: () => ledger,
  });
  const made = new Map<string, readonly KpiDocument[]>();
  return {
    period: (name) => link.period(tenant, { period: name }),
    before: periodBefore,
    monthsOf,
    async figures(period, scope) {
      ledger ??= await readLedger(store, tenant, timeZoneOf(tenant));
      // All scopes of a period at once: they are narrowed from the same selection.
      const documents =
        made.get(period.name) ?? documentsOf(ledger, tenant, period, STANDARD_SCOPES, at);
      made.set(period.name, documents);
      const found = documents.find((one) => scopeName(one.scope) === scopeName(scope));
      return found ?? link.figures(tenant, period, scope);
    },
    review: (period) => link.review(tenant, period),
    tuning: (period, per) => link.tuning(tenant, period, per),
    published: () => link.published(tenant),
  };
}

function monthsOf({ from, to, timeZone }: KpiPeriod): KpiPeriod[] {
  const calendar = new MonthCalendar(timeZone);
  const first = calendar.monthOf(from / SECOND_MS);
  const last = calendar.monthOf(to / SECOND_MS - 1);
  if (first === last) return [];
  return Array.from({ length: last - first + 1 }, (_, index) => calendar.periodOf(first + index));
}

function controlsOf({ config, at }: ReportLinkParts): Controls {
  const { controlsFile } = config.report;
  return controlsFile === undefined ? readControls() : readControls(at(controlsFile));
}

/** What a report tells of the rules that are in force. */
export function reportRules({ engine, plan, rules, faults }: Detection): ReportRules {
  return {
    rules: [...engine.rules, ...plan.levels.flat()].map(({ info }) => info),
    faults: rules.faults.length + faults.length,
    leftOut: rules.leftOut.length,
  };
}
