// The annotation: what a language model said of a finding or an incident, after it was verified, and what
// people made of it. Nothing that scores, orders, judges or pages ever reads it.
import { z } from "zod";
import type { Kind } from "./store.ts";

const ANNOTATION_TASKS = ["summary", "report", "timeline", "questions"] as const;
/** `requested`: somebody waits for it. The others: what people decided. */
export const ANNOTATION_STATES = [
  "requested",
  "proposed",
  "accepted",
  "edited",
  "rejected",
] as const;
/**
 * `verified`: its claims may be shown. `replaced`: too many of them did not hold. `failed`: no usable
 * answer came. In the last two the template's text is all there is.
 */
const ANNOTATION_OUTCOMES = ["pending", "verified", "replaced", "failed"] as const;

const textPart = z.object({ type: z.literal("text"), text: z.string() });
/** A value of ours with the place that it comes from; `value` is log text, shown as quoted data only. */
const slotPart = z.object({
  type: z.enum(["time", "address", "count", "code", "pseudonym", "rule", "value"]),
  value: z.string(),
  /** Id of the event or finding. */
  event: z.string(),
  field: z.string(),
});

export const annotationSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  subject: z.object({ kind: z.enum(["finding", "incident"]), id: z.string() }),
  task: z.enum(ANNOTATION_TASKS),
  state: z.enum(ANNOTATION_STATES),
  outcome: z.enum(ANNOTATION_OUTCOMES),
  /** Why there is no answer, of a closed list (services/llm/failure.ts), or `switched_off`. */
  failure: z.string().optional(),
  /** ms UTC. */
  createdAt: z.number(),
  /** Opaque account id; missing: nobody asked, the stage did it by itself. */
  requestedBy: z.string().optional(),
  /** Of what was summarised; the same content is not asked about twice. */
  contentHash: z.string(),
  /** When the model answered, ms UTC. */
  at: z.number().optional(),
  durationMs: z.number().optional(),
  model: z.string().optional(),
  /** SHA-256 of the prompt; the log of calls has the same. */
  promptHash: z.string().optional(),
  /** No value plays anything down. */
  assessment: z.enum(["likely_attack", "possible_attack", "unclear"]).optional(),
  claims: z.array(
    z.object({
      kind: z.enum(["statement", "question"]),
      section: z.enum(["what", "where", "when", "why", "known", "next"]),
      parts: z.array(z.discriminatedUnion("type", [textPart, slotPart])),
    }),
  ),
  verification: z
    .object({
      /** Claims that the model made, and those that did not hold, by reason. */
      total: z.number().int(),
      dropped: z.record(z.string(), z.number().int()),
      /** Hidden characters that were taken out of log values. */
      removedCharacters: z.number().int(),
    })
    .optional(),
  /** Made of facts by a template, without a model; stands first. */
  template: z.string(),
  /** What somebody made of it. */
  editedText: z.string().optional(),
  reason: z.string().optional(),
  /** Opaque account id. */
  decidedBy: z.string().optional(),
  decidedAt: z.number().optional(),
});
export type Annotation = z.infer<typeof annotationSchema>;

/** What an annotation is about, as it is searched for. */
export function annotationSubject({ kind, id }: Annotation["subject"]): string {
  return `${kind}:${id}`;
}

export const ANNOTATION_KIND: Kind<Annotation> = {
  name: "annotation",
  revision: 1,
  fields: {
    subject: { kind: "keyword", values: ({ subject }) => [annotationSubject(subject)] },
    task: { kind: "keyword", values: ({ task }) => [task] },
    state: { kind: "keyword", values: ({ state }) => [state] },
    createdAt: { kind: "number", values: ({ createdAt }) => [createdAt] },
  },
};
