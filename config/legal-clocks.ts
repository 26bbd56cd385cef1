// Which reports to authorities a tenant owes after an incident, and thereby which time limits are counted.
import { z } from "zod";

/** What can apply; the spans stand in services/cases/legal-clocks.ts with their sources. */
export const LEGAL_CLOCKS = [
  "gdpr_art33",
  "nis2_early_warning",
  "nis2_notification",
  "nis2_final_report",
  "ndig_26",
] as const;
export type LegalClock = (typeof LEGAL_CLOCKS)[number];

const HOURS_MAX = 8760;

export const legalClocksSchema = z
  .strictObject({
    clocks: z
      .array(z.enum(LEGAL_CLOCKS))
      .max(LEGAL_CLOCKS.length)
      .refine((all) => new Set(all).size === all.length, "jede Frist darf nur einmal vorkommen")
      .default(["gdpr_art33"]),
    /** § 26 NDIG names no number of hours; missing: without undue delay, no countdown. */
    ndigHours: z.number().positive().max(HOURS_MAX).optional(),
  })
  .refine(
    ({ clocks }) => !clocks.includes("nis2_final_report") || clocks.includes("nis2_notification"),
    "nis2_final_report beginnt mit der Meldung und braucht nis2_notification",
  );
