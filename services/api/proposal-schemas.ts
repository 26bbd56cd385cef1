// The shapes of the queue, of proposed incidents and of what people decide about grouping, as they cross
// the HTTP border.
import { z } from "zod";
import { groupingSchema, proposalSchema } from "../store/proposal.ts";
import { findingRow } from "./schemas.ts";

const ID_CHARS_MAX = 512;
const ROWS_PER_PAGE_MAX = 200;
const ROWS_PER_PAGE = 50;
const CURSOR_CHARS_MAX = 8192;
const REASON_CHARS_MAX = 500;
const FINDINGS_MAX = 200;
const PROPOSALS_MAX = 20;

export const queueQuery = z.object({
  limit: z.coerce.number().int().min(1).max(ROWS_PER_PAGE_MAX).default(ROWS_PER_PAGE),
  cursor: z.string().max(CURSOR_CHARS_MAX).optional(),
});

/** A proposed incident as lists have it: without its story. */
const proposalRow = proposalSchema.omit({ tenant: true, story: true, findingIds: true });

export const queuePage = z.object({
  items: z.array(
    z.discriminatedUnion("type", [
      z.object({ type: z.literal("proposal"), proposal: proposalRow }),
      z.object({ type: z.literal("finding"), finding: findingRow }),
    ]),
  ),
  /** All items, over all pages. */
  total: z.number().int(),
  cursor: z.string().optional(),
});
export type QueueAnswer = z.infer<typeof queuePage>;

export const proposalAnswer = z.object({
  proposal: proposalSchema.omit({ tenant: true }),
  /** Its strongest findings; those of a large burst are not all there. */
  findings: z.array(findingRow),
});

const ids = (most: number) => z.array(z.string().min(1).max(ID_CHARS_MAX)).max(most);
const reason = z.string().trim().min(1).max(REASON_CHARS_MAX).optional();

/** Findings to be taken out; they stay together, by themselves. */
export const splitBody = z.strictObject({ findings: ids(FINDINGS_MAX).min(1), reason });

/** What is to be one proposed incident; at least two in all. */
export const mergeBody = z.strictObject({
  proposals: ids(PROPOSALS_MAX).default([]),
  findings: ids(FINDINGS_MAX).default([]),
  reason,
});

export const endGroupingBody = z.strictObject({ version: z.number().int() });

const groupingAnswer = groupingSchema.omit({ tenant: true });

/** A decision with the proposed incidents that its findings are in now. */
export const decidedAnswer = z.object({
  version: z.number().int(),
  grouping: groupingAnswer,
  proposals: z.array(z.string()),
});
export type DecidedAnswer = z.infer<typeof decidedAnswer>;

export const groupingList = z.object({
  groupings: z.array(z.object({ version: z.number().int(), grouping: groupingAnswer })),
  /** There are older ones. */
  truncated: z.boolean(),
});
