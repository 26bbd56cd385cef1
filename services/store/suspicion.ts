// The report of a suspicion: somebody believes that a log steers the language model, that it treats people
// differently, or that it is wrong. It carries what was seen, without identities, and how far it was sent.
import { z } from "zod";
import type { Kind } from "./store.ts";

/** `injection`: a log gives orders. `bias`: people are treated differently. `error`: the model is wrong. */
export const SUSPICION_KINDS = ["injection", "bias", "error"] as const;
export const SUSPICION_CHANNELS = ["mail", "webhook"] as const;
export type SuspicionChannel = (typeof SUSPICION_CHANNELS)[number];

export const suspicionSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  kind: z.enum(SUSPICION_KINDS),
  finding: z.string(),
  /** As written; what leaves the house is freed of identities before. */
  comment: z.string(),
  /** ms UTC. */
  createdAt: z.number(),
  /** Opaque account id; never sent. */
  createdBy: z.string(),
  detector: z.object({ id: z.string(), title: z.string(), level: z.string() }),
  /** What the model had said; missing: it had said nothing. */
  annotation: z
    .object({
      id: z.string(),
      task: z.string(),
      outcome: z.string(),
      model: z.string().optional(),
      promptHash: z.string().optional(),
      claims: z.number().int(),
      verification: z
        .object({ total: z.number().int(), dropped: z.record(z.string(), z.number().int()) })
        .optional(),
      removedCharacters: z.number().int(),
    })
    .optional(),
  /** Fields of the evidence with cut excerpts in which nothing is alive and nobody is named. */
  seen: z.array(z.object({ field: z.string(), sign: z.string(), excerpt: z.string() })),
  /** When each way that is configured had taken it, ms UTC. */
  delivered: z.object({ mail: z.number().optional(), webhook: z.number().optional() }),
  /** False: sent wherever it is to go, or given up. */
  pending: z.boolean(),
  attempts: z.number().int(),
  /** Not tried again before, ms UTC. */
  nextAt: z.number(),
});
export type Suspicion = z.infer<typeof suspicionSchema>;

export const SUSPICION_KIND: Kind<Suspicion> = {
  name: "suspicion",
  revision: 1,
  fields: {
    kind: { kind: "keyword", values: (one) => [one.kind] },
    finding: { kind: "keyword", values: (one) => [one.finding] },
    pending: { kind: "boolean", values: (one) => [one.pending] },
    nextAt: { kind: "number", values: (one) => [one.nextAt] },
    createdAt: { kind: "number", values: (one) => [one.createdAt] },
  },
};
