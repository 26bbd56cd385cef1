// The consent of a second person: who proposed something that hides or blocks, why that needs another pair
// of eyes, and who has agreed.
import { z } from "zod";

/** Why one person is not enough. */
const CONSENT_NEEDS = [
  /** It would have hidden what was a true positive once. */
  "true_positives",
  /** The detector's findings are critical. */
  "critical_detector",
  /** There was more than could be looked at. */
  "preview_truncated",
  /** What is blocked, is blocked for everybody. */
  "block_list",
] as const;
export type ConsentNeed = (typeof CONSENT_NEEDS)[number];

export const consentSchema = z.object({
  /** ms UTC. */
  proposedAt: z.number(),
  /** Opaque account id, also where a program of that account sent it. */
  proposedBy: z.string(),
  /** Empty: nobody else has to agree. */
  needs: z.array(z.enum(CONSENT_NEEDS)),
  /** Findings judged true positive, now or once, that would have been hidden; the newest ones. */
  truePositives: z.array(z.string()),
  agreedAt: z.number().optional(),
  agreedBy: z.string().optional(),
});
export type Consent = z.infer<typeof consentSchema>;

/** Whether nobody's agreement is missing any more. */
export function hasConsent({ needs, agreedAt }: Consent): boolean {
  return needs.length === 0 || agreedAt !== undefined;
}
