// The shapes of block lists and of what they propose for an incident as they cross the HTTP border.
import { z } from "zod";
import { BLOCK_STATES } from "../cases/block-list.ts";
import { BLOCK_TYPES, blockEntrySchema } from "../store/block-list.ts";

const VALUE_CHARS_MAX = 500;
const REASON_CHARS_MAX = 500;
const ID_CHARS_MAX = 512;
const DAYS_MAX = 365;

const id = z.string().min(1).max(ID_CHARS_MAX);

export const blockBody = z.strictObject({
  type: z.enum(BLOCK_TYPES),
  value: z.string().trim().min(1).max(VALUE_CHARS_MAX),
  /** What it is proposed from: a finding or an incident, one of the two. */
  finding: id.optional(),
  incident: id.optional(),
  /** The incident's task that is about it. */
  task: id.optional(),
  reason: z.string().trim().min(1).max(REASON_CHARS_MAX),
  /** How long it holds from its approval on; by default as configured. */
  days: z.number().int().min(1).max(DAYS_MAX).optional(),
});

export const completeBlockBody = z.strictObject({
  /** Since when it is in place, ms UTC; by default now. */
  at: z.number().int().optional(),
});

export const blockAnswer = blockEntrySchema
  .omit({ tenant: true })
  .extend({ state: z.enum(BLOCK_STATES) });
export type BlockAnswer = z.infer<typeof blockAnswer>;

export const blockList = z.object({
  at: z.number(),
  entries: z.array(blockAnswer),
  /** There are older ones. */
  truncated: z.boolean(),
});

export const containmentAnswer = z.object({
  /** The latest first; people take one over, or none. */
  proposals: z.array(
    z.object({
      at: z.number(),
      method: z.literal("evidence"),
      block: z.string(),
      type: z.enum(BLOCK_TYPES),
      value: z.string(),
    }),
  ),
  /** Approved entries that nobody has said to be in place. */
  open: z.number().int(),
});
