// An entry of a block list: an address, a domain or a hash that firewalls shall stop for a time. One person
// proposes it, a second one approves it, and a third may have put it in place.
import { z } from "zod";
import { consentSchema, hasConsent } from "./consent.ts";
import type { Kind } from "./store.ts";

export const BLOCK_TYPES = ["address", "domain", "hash"] as const;
export type BlockType = (typeof BLOCK_TYPES)[number];

export const blockEntrySchema = z.object({
  id: z.string(),
  tenant: z.string(),
  type: z.enum(BLOCK_TYPES),
  /** In the one form that comparing and serving need. */
  value: z.string(),
  /** What it was proposed from: one of the two, and the incident that the finding belongs to. */
  finding: z.string().optional(),
  incident: z.string().optional(),
  /** The incident's task that is about it. */
  task: z.string().optional(),
  reason: z.string(),
  /** How long it holds from its approval on. */
  days: z.number().int(),
  /** ms UTC; before the approval: until when it can be approved. */
  until: z.number(),
  consent: consentSchema,
  /** When it was put in place, as people say; ms UTC. */
  completedAt: z.number().optional(),
  completedBy: z.string().optional(),
  withdrawnAt: z.number().optional(),
  withdrawnBy: z.string().optional(),
});
export type BlockEntry = z.infer<typeof blockEntrySchema>;

/** Whether it is served until it expires. */
export function isApproved({ consent, withdrawnAt }: BlockEntry): boolean {
  return hasConsent(consent) && withdrawnAt === undefined;
}

const present = (value: string | undefined) => (value === undefined ? [] : [value]);

export const BLOCK_KIND: Kind<BlockEntry> = {
  name: "block_entry",
  revision: 1,
  fields: {
    type: { kind: "keyword", values: (one) => [one.type] },
    value: { kind: "keyword", values: (one) => [one.value] },
    incident: { kind: "keyword", values: (one) => present(one.incident) },
    approved: { kind: "boolean", values: (one) => [isApproved(one)] },
    until: { kind: "number", values: (one) => [one.until] },
    proposedAt: { kind: "number", values: (one) => [one.consent.proposedAt] },
  },
};
