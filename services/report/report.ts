// The report's data: what every form of it (PDF, HTML, CSV, page) is made of, and what is frozen when it is
// published. Numbers are numbers, times ms UTC, spans in the unit at the end of their name; what is not known
// is null. Nothing in it is a figure of a person.
import { createHash } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "../store/audit-chain.ts";
import { kpiDocumentSchema } from "../store/kpi.ts";
import { aiSchema } from "./collect/ai.ts";
import { integritySchema } from "./collect/audit.ts";
import { detectionSchema } from "./collect/detection.ts";
import { kpiSchema } from "./collect/kpi.ts";
import { legalSchema } from "./collect/legal.ts";
import { measuresSchema } from "./collect/measures.ts";
import { privacySchema } from "./collect/privacy.ts";
import { responseSchema } from "./collect/response.ts";
import { situationSchema } from "./collect/situation.ts";
import { sourcesSchema } from "./collect/sources.ts";
import { controlsDataSchema } from "./controls.ts";

/** Of this shape; goes up when a reader of old reports has to know. */
export const REPORT_SCHEMA_VERSION = 1;

const sectionsSchema = z.object({
  /** Sections 1 and 3. */
  kpi: kpiSchema,
  /** Section 2. */
  situation: situationSchema,
  /** Section 4. */
  detection: detectionSchema,
  /** Section 5. */
  sources: sourcesSchema,
  /** Section 6. */
  response: responseSchema,
  /** Section 7. */
  legal: legalSchema,
  /** Section 8. */
  privacy: privacySchema,
  /** Section 9. */
  ai: aiSchema,
  /** Section 10. */
  controls: controlsDataSchema,
  /** Section 11. */
  measures: measuresSchema,
  /** Section 12. */
  integrity: integritySchema,
});
export type ReportSections = z.infer<typeof sectionsSchema>;

export const reportDataSchema = z.object({
  schemaVersion: z.literal(REPORT_SCHEMA_VERSION),
  /** The release that made it. */
  product: z.string(),
  tenant: z.object({ id: z.string(), name: z.string() }),
  period: kpiDocumentSchema.shape.period,
  /** The moment that it tells of, ms UTC. */
  at: z.number().int(),
  sections: sectionsSchema,
});
export type ReportData = z.infer<typeof reportDataSchema>;

/** What of it is looked at by itself, on the command line and by the numbers that the report prints. */
export const SECTION_NAMES: Readonly<Record<string, keyof ReportSections>> = {
  "1": "kpi",
  "2": "situation",
  "3": "kpi",
  "4": "detection",
  "5": "sources",
  "6": "response",
  "7": "legal",
  "8": "privacy",
  "9": "ai",
  "10": "controls",
  "11": "measures",
  "12": "integrity",
};

/** The same data give the same text, whatever order a store keeps its keys in. */
export function reportJson(data: ReportData): string {
  return canonicalJson(data);
}

/** SHA-256 of that text, hexadecimal. */
export function dataHashOf(data: ReportData): string {
  return textHash(reportJson(data));
}

export function textHash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
