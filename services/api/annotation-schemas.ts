// The shapes of the language model's suggestions, its switch and the log of its calls at the HTTP border.
import { z } from "zod";
import { ANNOTATION_STATES, annotationSchema } from "../store/annotation.ts";
import { llmCallSchema } from "../store/llm-call.ts";

const TEXT_CHARS_MAX = 10_000;
const REASON_CHARS_MAX = 1000;
const CALLS_PER_PAGE_MAX = 200;
const CURSOR_CHARS_MAX = 4096;

export const annotationAnswer = annotationSchema.omit({ tenant: true, contentHash: true }).extend({
  /** To give back with a decision. */
  version: z.number().int(),
  /** How it has to be marked wherever it is shown. */
  notice: z.string(),
  /** Whether a screen keeps it folded until somebody opens it, so that nobody's judgement leans on it. */
  folded: z.boolean(),
});
export type AnnotationAnswer = z.infer<typeof annotationAnswer>;

/** Newest first. */
export const annotationList = z.object({ annotations: z.array(annotationAnswer) });

export const draftBody = z.strictObject({ kind: z.enum(["report", "timeline", "questions"]) });

export const acceptBody = z.strictObject({ version: z.number().int() });
export const editBody = acceptBody.extend({ text: z.string().trim().min(1).max(TEXT_CHARS_MAX) });
export const rejectBody = acceptBody.extend({
  reason: z.string().trim().max(REASON_CHARS_MAX).optional(),
});

export const switchBody = z.strictObject({ on: z.boolean() });
export const switchAnswer = z.object({ on: z.boolean() });

/** Half-open span in ms UTC. */
export const callsQuery = z.object({
  from: z.coerce.number().int().min(0).default(0),
  to: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(CALLS_PER_PAGE_MAX).default(100),
  cursor: z.string().max(CURSOR_CHARS_MAX).optional(),
});

export const callPage = z.object({
  /** Oldest first. */
  calls: z.array(
    llmCallSchema.omit({ tenant: true }).extend({
      /** What people made of it; missing where nothing came of the call. */
      decision: z
        .object({ state: z.enum(ANNOTATION_STATES), at: z.number().optional() })
        .optional(),
    }),
  ),
  cursor: z.string().optional(),
});
