// Reports for the security officer: drafts, publishing, files, verification. Files that leave are written
// down in the audit chain.
import { isAppError } from "../../../config/errors.ts";
import type { PublishedReport } from "../../store/report.ts";
import { type Api, type ApiContext, answers, recordAudit } from "../context.ts";
import { ApiFault } from "../faults.ts";
import { checkTenant, type Principal, principalOf } from "../guard.ts";
import type { ReportProvider, ReportReference } from "../report-provider.ts";
import {
  draftFileParams,
  draftFileQuery,
  draftQuery,
  publishReportBody,
  type ReportAnswer,
  reportAnswer,
  reportDataAnswer,
  reportDataQuery,
  reportFileParams,
  reportFileQuery,
  reportList,
  reportParams,
  summaryParams,
  tenantQuery,
  verificationAnswer,
} from "../report-schemas.ts";

/** Registers `/reports`. */
export function registerReportRoutes(api: Api, context: ApiContext): void {
  const { reports } = context;
  if (reports === undefined) return;
  api.get(
    "/reports",
    { schema: { querystring: tenantQuery, response: answers(reportList) } },
    async (request) => {
      const { tenant } = ownTenant(principalOf(request), request.query.tenant);
      const all = await reports.list(tenant);
      return {
        reports: all.map((one) => {
          const { differences, differencesLeftOut, ...shown } = answerOf(one, all);
          return { ...shown, changes: differences.length + differencesLeftOut };
        }),
      };
    },
  );

  const publishing = { body: publishReportBody, response: answers(reportAnswer) };
  api.post("/reports", { schema: publishing }, async (request) => {
    const principal = principalOf(request);
    const { tenant, actor } = ownTenant(principal, request.body.tenant);
    const by = { at: context.clock(), actor };
    const published = await told(() => reports.publish(tenant, request.body.period, by));
    return answerOf(published, [published]);
  });

  const verifying = { querystring: tenantQuery, response: answers(verificationAnswer) };
  api.get("/reports/verification", { schema: verifying }, async (request) => {
    const { tenant } = ownTenant(principalOf(request), request.query.tenant);
    const all = await reports.verify(tenant);
    return { isIntact: all.every(({ fault }) => fault === undefined), reports: [...all] };
  });

  registerData(api, reports);
  registerFiles(api, context, reports);
}

function registerData(api: Api, reports: ReportProvider): void {
  const draft = { querystring: draftQuery, response: answers(reportDataAnswer) };
  api.get("/reports/draft", { schema: draft }, async (request) => {
    const { tenant } = ownTenant(principalOf(request), request.query.tenant);
    const { period, section } = request.query;
    return { data: await told(() => reports.data(tenant, { period }, section)) };
  });

  const one = { params: reportParams, response: answers(reportAnswer) };
  api.get("/reports/:id", { schema: one }, async (request) => {
    const all = await reports.list(principalOf(request).tenant);
    const found = all.find(({ sequence }) => sequence === request.params.id);
    if (found === undefined) throw new ApiFault("HW_NOT_FOUND");
    return answerOf(found, all);
  });

  const data = {
    params: reportParams,
    querystring: reportDataQuery,
    response: answers(reportDataAnswer),
  };
  api.get("/reports/:id/data", { schema: data }, async (request) => {
    const { tenant } = principalOf(request);
    const reference = { sequence: request.params.id };
    return { data: await reports.data(tenant, reference, request.query.section) };
  });
}

function registerFiles(api: Api, context: ApiContext, reports: ReportProvider): void {
  const made = async (
    principal: Principal,
    reference: ReportReference,
    asked: Parameters<ReportProvider["file"]>[2],
  ) => {
    // The data are those of the whole report, whoever is to get a part of it.
    if (asked.form === "json" && asked.extract !== "full") {
      throw new ApiFault("HW_REQUEST_INVALID", { place: "extract", text: (m) => m.reports.noData });
    }
    const file = await told(() => reports.file(principal.tenant, reference, asked));
    const { form, extract } = asked;
    await recordAudit(context, principal, "report.export", file.name, { form, extract });
    return file;
  };
  const headersOf = ({ name, mediaType }: Awaited<ReturnType<typeof made>>) => ({
    "content-type": mediaType,
    // A page of ours that is opened must not run in the console's name.
    "content-disposition": `attachment; filename="${name}"`,
  });

  const draft = { params: draftFileParams, querystring: draftFileQuery };
  api.get("/reports/draft/files/:form", { schema: draft }, async (request, reply) => {
    const { period, tenant, ...asked } = request.query;
    const principal = ownTenant(principalOf(request), tenant);
    const file = await made(principal, { period }, { ...asked, form: request.params.form });
    return reply.headers(headersOf(file)).send(file.content);
  });

  const published = { params: reportFileParams, querystring: reportFileQuery };
  api.get("/reports/:id/files/:form", { schema: published }, async (request, reply) => {
    const { id, form } = request.params;
    const file = await made(principalOf(request), { sequence: id }, { ...request.query, form });
    return reply.headers(headersOf(file)).send(file.content);
  });

  const summary = { params: summaryParams };
  api.get("/reports/:id/summary/:form", { schema: summary }, async (request, reply) => {
    const { id, form } = request.params;
    const asked = { form, extract: "management" as const };
    const file = await made(principalOf(request), { sequence: id }, asked);
    return reply.headers(headersOf(file)).send(file.content);
  });
}

/** @throws ApiFault HW_FORBIDDEN */
function ownTenant(principal: Principal, named: string | undefined): Principal {
  checkTenant(principal, named);
  return principal;
}

/** Refusals in words that say more than their code. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isAppError(error, "HW_EXISTS")) {
      throw new ApiFault("HW_EXISTS", { text: (m) => m.reports.unchanged });
    }
    if (isAppError(error, "HW_REQUEST_INVALID")) {
      throw new ApiFault("HW_REQUEST_INVALID", {
        place: "period",
        text: (m) => m.reports.periodUnfit,
        mend: (m) => m.reports.periodMend,
      });
    }
    throw error;
  }
}

function answerOf(report: PublishedReport, all: readonly PublishedReport[]): ReportAnswer {
  const { tenant: _, parts: __, ...shown } = report;
  const isLatest = !all.some(
    ({ period, revision }) => period.name === report.period.name && revision > report.revision,
  );
  return { ...shown, isLatest };
}
