// One call of the language model as the log keeps it: what was asked (as a hash), with what, what came
// back, and what the verifier made of it. The human decision stands in the annotation that it led to.
import { z } from "zod";
import type { Kind } from "./store.ts";

export const llmCallSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  /** ms UTC. */
  at: z.number(),
  /** `finding:<id>` or `incident:<id>`. */
  subject: z.string(),
  task: z.string(),
  /** The annotation that came of it; missing: none. */
  annotation: z.string().optional(),
  promptHash: z.string(),
  promptChars: z.number(),
  model: z.string(),
  sampling: z.record(z.string(), z.union([z.string(), z.number()])),
  attempts: z.number().int(),
  durationMs: z.number(),
  promptTokens: z.number().optional(),
  completionTokens: z.number().optional(),
  /** `verified`, `replaced`, or the failure. */
  outcome: z.string(),
  verification: z
    .object({ total: z.number().int(), dropped: z.record(z.string(), z.number().int()) })
    .optional(),
  removedCharacters: z.number().int(),
  /** What the model wrote, cut. It saw tokens and pseudonyms only, and so holds no identities. */
  output: z.string().optional(),
});
export type LlmCallRecord = z.infer<typeof llmCallSchema>;

export const LLM_CALL_KIND: Kind<LlmCallRecord> = {
  name: "llm_call",
  revision: 1,
  fields: {
    at: { kind: "number", values: ({ at }) => [at] },
    subject: { kind: "keyword", values: ({ subject }) => [subject] },
    outcome: { kind: "keyword", values: ({ outcome }) => [outcome] },
  },
};
