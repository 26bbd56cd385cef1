// Published reports: the head of each as a link of the tenant's chain, and its data in parts beside it, named
// by their hash, so that no one can take the place of another. Written once, never changed.
import { createHash } from "node:crypto";
import { z } from "zod";
import { canonicalJson, GENESIS_HASH } from "./audit-chain.ts";
import { kpiDocumentSchema } from "./kpi.ts";
import type { Kind } from "./store.ts";

const value = z.union([z.number(), z.string(), z.boolean()]).nullable();

const reportDifferenceSchema = z.object({
  /** Path into the data: `kpi.figures.recovery.meanS`. */
  figure: z.string(),
  before: value,
  now: value,
});
export type ReportDifference = z.infer<typeof reportDifferenceSchema>;

export const publishedReportSchema = z.object({
  tenant: z.string(),
  /** Place in the tenant's chain, from 1. */
  sequence: z.number().int(),
  period: kpiDocumentSchema.shape.period,
  /** Of this period, from 1. */
  revision: z.number().int(),
  /** ms UTC. */
  publishedAt: z.number().int(),
  product: z.string(),
  definitionVersion: z.number().int(),
  isSimulated: z.boolean(),
  /** On its cover, as configured then. */
  author: z.string(),
  reference: z.string().optional(),
  /** SHA-256 of the data's canonical JSON. */
  dataHash: z.string(),
  /** How many parts the data have, and how long they are, UTF-16 units. */
  parts: z.number().int(),
  characters: z.number().int(),
  /** What is another one than in the revision before. */
  differences: z.array(reportDifferenceSchema),
  differencesLeftOut: z.number().int(),
  /** Of the report before in the chain. */
  previousHash: z.string(),
  /** SHA-256 over all of the above. */
  hash: z.string(),
});
export type PublishedReport = z.infer<typeof publishedReportSchema>;

/** Place in the chain → its head. */
export const REPORT_KIND: Kind<PublishedReport> = {
  name: "report",
  revision: 1,
  fields: {
    period: { kind: "keyword", values: ({ period }) => [period.name] },
    sequence: { kind: "number", values: ({ sequence }) => [sequence] },
    publishedAt: { kind: "number", values: ({ publishedAt }) => [publishedAt] },
  },
};

interface ReportPart {
  readonly text: string;
}

/** Hash of the data and number → a part of their text. */
export const REPORT_PART_KIND: Kind<ReportPart> = { name: "report_part", fields: {} };

/** `previousHash` of a tenant's first report. */
export const FIRST_REPORT = GENESIS_HASH;

/** Of a place in the chain. */
export function reportId(sequence: number): string {
  return String(sequence).padStart(6, "0");
}

export function reportHash({ hash: _, ...rest }: PublishedReport): string {
  return createHash("sha256").update(canonicalJson(rest)).digest("hex");
}
