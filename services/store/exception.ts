// The exception: made from a finding that was judged a false positive, it keeps findings of the same
// detector that fit its matchers out of the queue until it expires. It hides and never deletes.
import { z } from "zod";
import { matchersSchema } from "../../config/matcher.ts";
import { consentSchema, hasConsent } from "./consent.ts";
import type { Kind } from "./store.ts";

export const exceptionSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  /** Id of the one detector that it is about. */
  detector: z.string(),
  /** The detector's title when it was made, for lists. */
  title: z.string(),
  matchers: matchersSchema,
  /** The false positive that it was made from. */
  finding: z.string(),
  /** ms UTC; half-open [from, until). Compared with the time at which a signal was raised. */
  from: z.number(),
  until: z.number(),
  reason: z.string(),
  /** Who answers for it, as an opaque account id. */
  owner: z.string(),
  consent: consentSchema,
  /** As if it had never been made: what it hid comes back. */
  withdrawnAt: z.number().optional(),
  withdrawnBy: z.string().optional(),
});
export type Exception = z.infer<typeof exceptionSchema>;

/** Whether it hides what falls into its span. */
function isInForce({ consent, withdrawnAt }: Exception): boolean {
  return hasConsent(consent) && withdrawnAt === undefined;
}

export const EXCEPTION_KIND: Kind<Exception> = {
  name: "exception",
  revision: 1,
  fields: {
    detector: { kind: "keyword", values: (one) => [one.detector] },
    inForce: { kind: "boolean", values: (one) => [isInForce(one)] },
    until: { kind: "number", values: (one) => [one.until] },
    proposedAt: { kind: "number", values: (one) => [one.consent.proposedAt] },
  },
};
