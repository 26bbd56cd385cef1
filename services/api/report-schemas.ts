// The shapes of reports as they cross the HTTP border.
import { z } from "zod";
import { publishedReportSchema } from "../store/report.ts";

const PERIOD_CHARS_MAX = 30;
const TABLE_CHARS_MAX = 100;

/** What a report is handed out as, and which part of it. */
const REPORT_FILE_FORMS = ["json", "html", "pdf-a", "pdf-ua", "csv", "dms"] as const;
export type ReportFileForm = (typeof REPORT_FILE_FORMS)[number];
export const REPORT_FILE_EXTRACTS = ["full", "management", "works-council"] as const;
export type ReportFileExtract = (typeof REPORT_FILE_EXTRACTS)[number];

const period = z.string().min(1).max(PERIOD_CHARS_MAX);
const section = z.enum(["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]);
/** Who names the tenant is told when the account or token is of another one. */
const tenant = z.string().max(64).optional();

export const publishReportBody = z.strictObject({ period, tenant });
export const draftQuery = z.strictObject({ period, tenant, section: section.optional() });
export const reportDataQuery = z.strictObject({ section: section.optional() });
const fileQuery = {
  extract: z.enum(REPORT_FILE_EXTRACTS).default("full"),
  /** Of a CSV; without it all tables come in an archive. */
  table: z.string().min(1).max(TABLE_CHARS_MAX).optional(),
};
export const draftFileQuery = z.strictObject({ period, tenant, ...fileQuery });
export const reportFileQuery = z.strictObject(fileQuery);
export const tenantQuery = z.strictObject({ tenant });

const formParam = z.enum(REPORT_FILE_FORMS);
export const reportParams = z.object({ id: z.coerce.number().int().min(1) });
export const draftFileParams = z.object({ form: formParam });
export const reportFileParams = z.object({ ...reportParams.shape, form: formParam });
export const summaryParams = z.object({
  ...reportParams.shape,
  form: z.enum(["html", "pdf-a", "pdf-ua"]),
});

export const reportAnswer = publishedReportSchema
  .omit({ tenant: true, parts: true })
  .extend({ isLatest: z.boolean() });
export type ReportAnswer = z.infer<typeof reportAnswer>;

/** Newest first; what changed is counted here and told by the report itself. */
export const reportList = z.object({
  reports: z.array(
    reportAnswer
      .omit({ differences: true, differencesLeftOut: true })
      .extend({ changes: z.number().int() }),
  ),
});
export type ReportList = z.infer<typeof reportList>;

/** The data as they are, or one section of them; their shape is docs/berichte.md. */
export const reportDataAnswer = z.object({ data: z.unknown() });

export const verificationAnswer = z.object({
  isIntact: z.boolean(),
  reports: z.array(
    z.object({
      sequence: z.number().int(),
      period: z.string(),
      revision: z.number().int(),
      hash: z.string(),
      fault: z.enum(["chain", "head", "data", "unaudited", "missing"]).optional(),
    }),
  ),
});
export type Verification = z.infer<typeof verificationAnswer>;
