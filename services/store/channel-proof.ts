// The last proof of life of a channel, one document a channel in each tenant that uses it: when it took a
// page last, when it was last asked without one, and what failed last.
import { z } from "zod";
import type { Kind } from "./store.ts";

export const channelProofSchema = z.object({
  /** The channel's configured name; the document's id. */
  channel: z.string(),
  kind: z.string(),
  /** When it took a page last, ms UTC, and which. */
  handedOverAt: z.number().optional(),
  page: z.string().optional(),
  /** When it answered a probe last, ms UTC. */
  probedAt: z.number().optional(),
  /** What failed last, of a page or a probe; gone by is what is older than the proofs. */
  fault: z.object({ at: z.number(), kind: z.string(), message: z.string().max(300) }).optional(),
  /** Whether pages are held back because the channel fails. */
  circuit: z.enum(["closed", "open", "half_open"]),
  /** ms UTC. */
  changedAt: z.number(),
});
export type ChannelProof = z.infer<typeof channelProofSchema>;

export const CHANNEL_PROOF_KIND: Kind<ChannelProof> = {
  name: "channel_proof",
  revision: 1,
  fields: {
    handedOverAt: {
      kind: "number",
      values: ({ handedOverAt }) => (handedOverAt === undefined ? [] : [handedOverAt]),
    },
    changedAt: { kind: "number", values: (one) => [one.changedAt] },
  },
};
