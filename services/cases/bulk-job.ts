// A change of many findings at once, as it is stored: what was asked for, the frozen selection in chunks of
// bounded size with the state of each finding before, and how far the work has come. So that it can be gone
// on with after a crash, and taken back.
import { z } from "zod";
import {
  FALSE_POSITIVE_REASONS,
  FINDING_STATUS,
  VERDICTS,
  verdictSchema,
} from "../store/finding.ts";
import type { Kind } from "../store/store.ts";

/** More ask for a narrower selection. */
export const BULK_FINDINGS_MAX = 200_000;
/** Findings in one chunk document. */
export const FINDINGS_PER_CHUNK = 1000;
/** Findings that were left out and are named; the others are counted. */
export const LEFT_OUT_NAMED_MAX = 100;
export const UNDO_MS = 10 * 60_000;
/** How long a selection can be looked at before it is applied. */
export const PREVIEW_MS = 60 * 60_000;

const tags = z.array(z.string().trim().min(1).max(100)).max(20).default([]);

export const bulkChangeSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("verdict"),
    verdict: z.enum(VERDICTS),
    reason: z.enum(FALSE_POSITIVE_REASONS).optional(),
    comment: z.string().trim().max(2000).optional(),
    duplicateOf: z.string().min(1).max(512).optional(),
  }),
  z.strictObject({ type: z.literal("status"), status: z.enum(["new", "in_progress"]) }),
  /** Opaque account id; null: nobody. */
  z.strictObject({ type: z.literal("assign"), assignee: z.string().min(1).max(512).nullable() }),
  z.strictObject({ type: z.literal("tags"), add: tags, remove: tags }),
]);
export type BulkChange = z.infer<typeof bulkChangeSchema>;

/** What a bulk change can touch of a finding, as it was. */
const touchedSchema = z.object({
  status: z.enum(FINDING_STATUS),
  verdict: verdictSchema.optional(),
  verdictHistory: z.array(verdictSchema).optional(),
  assignee: z.string().optional(),
  tags: z.array(z.string()).optional(),
  bulkJob: z.string().optional(),
  takenUpAt: z.number().optional(),
});
export type Touched = z.infer<typeof touchedSchema>;

const leftOutSchema = z.object({
  /** Changed by somebody else: since the preview, or, when taking back, since the change. */
  changed: z.number().int(),
  missing: z.number().int(),
  /** Ids of the first ones. */
  named: z.array(z.string()),
});

const passSchema = z.object({
  at: z.number(),
  actor: z.string(),
  /** Chunks that are done. */
  position: z.number().int(),
  done: z.number().int(),
  leftOut: leftOutSchema,
  /** Once what depends on the findings is up to date, too. */
  finishedAt: z.number().optional(),
});
/** One way through the selection: the change, or taking it back. */
export type BulkPass = z.infer<typeof passSchema>;

export const bulkJobSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  change: bulkChangeSchema,
  state: z.enum(["previewed", "running", "done", "undoing", "undone"]),
  createdAt: z.number(),
  createdBy: z.string(),
  total: z.number().int(),
  chunks: z.number().int(),
  /** SHA-256 over ids and versions in their order. */
  setHash: z.string(),
  apply: passSchema.optional(),
  undo: passSchema.optional(),
  /** The last sign of life of the process that works on it, ms UTC. */
  beatAt: z.number(),
});
export type BulkJob = z.infer<typeof bulkJobSchema>;

export interface BulkChunk {
  readonly job: string;
  readonly members: readonly {
    readonly id: string;
    readonly version: number;
    readonly before: Touched;
  }[];
}

export const BULK_JOB_KIND: Kind<BulkJob> = {
  name: "bulk_job",
  revision: 1,
  fields: {
    state: { kind: "keyword", values: (job) => [job.state] },
    createdAt: { kind: "number", values: (job) => [job.createdAt] },
  },
};

export const BULK_CHUNK_KIND: Kind<BulkChunk> = {
  name: "bulk_chunk",
  revision: 1,
  fields: { job: { kind: "keyword", values: (chunk) => [chunk.job] } },
};

export function chunkId(job: string, number: number): string {
  return `${job}:${number}`;
}
