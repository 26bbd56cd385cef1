// Reports for the security officer: which requirements they show evidence for, and when they are made and
// sent by themselves.
import { CronPattern } from "croner";
import { z } from "zod";
import { mailSchema } from "./suspicion.ts";
import { TENANT_NAME } from "./tenant-name.ts";

const address = mailSchema.shape.from;
const SCHEDULES_MAX = 100;

const scheduleSchema = z
  .strictObject({
    /** Five fields, in the tenant's zone: `0 6 1 1,4,7,10 *`. */
    cron: z
      .string()
      .max(100)
      .refine(isCron, "fünf Felder wie 0 6 1 * * (Minute Stunde Tag Monat Wochentag)"),
    period: z.enum(["previous_month", "previous_quarter"]),
    tenant: z.string().regex(TENANT_NAME),
    /** Receivers of the PDF; needs `report.mail`. */
    mail: z.array(address).max(20).default([]),
    /** Takes all files of the report. */
    folder: z.string().min(1).max(4096).optional(),
  })
  .refine(
    ({ mail, folder }) => mail.length > 0 || folder !== undefined,
    "mail oder folder fehlt: der Bericht käme nirgends an",
  );
export type ReportSchedule = Readonly<z.infer<typeof scheduleSchema>>;

export const reportSchema = z
  .strictObject({
    /** A copy of config/report-controls.yml, as the security officer has confirmed it. */
    controlsFile: z.string().min(1).max(4096).optional(),
    /** Who answers for the report, on its cover: an authority, never a person's name. */
    author: z.string().min(1).max(200).optional(),
    /** File reference for the document management system. */
    fileReference: z.string().min(1).max(100).optional(),
    /** The mail server for reports. */
    mail: mailSchema.omit({ to: true }).optional(),
    schedule: z.array(scheduleSchema).max(SCHEDULES_MAX).default([]),
  })
  .refine(
    ({ mail, schedule }) => mail !== undefined || schedule.every((one) => one.mail.length === 0),
    "report.schedule nennt Empfänger, aber report.mail fehlt",
  );
export type ReportConfig = Readonly<z.infer<typeof reportSchema>>;

function isCron(text: string): boolean {
  try {
    new CronPattern(text, "UTC", { mode: "5-part" });
    return true;
  } catch {
    return false;
  }
}
