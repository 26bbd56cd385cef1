// What a finding keeps about being paged: it lies in the finding's own document, so that a page that is due
// is durable in the same write as the finding, in both stores. `services/paging` alone changes it.
import { z } from "zod";
import { PRIORITIES } from "../../config/paging.ts";

export const TOLD_KEPT_MAX = 50;

/**
 * A page to one contact. Written as `pending` before it is sent; its id is the idempotency key that every
 * repetition carries.
 */
const pageSchema = z.object({
  /** H(tenant, finding, opening, round, step, receiver, contact). */
  id: z.string(),
  /** Which opening of the finding's it belongs to; missing: the first. */
  opening: z.number().int().optional(),
  round: z.number().int(),
  step: z.number().int(),
  /** Who is to answer; missing: a room or a system. The configured name, never an address. */
  person: z.string().optional(),
  channel: z.string(),
  /** Which of the person's contacts, from 0; of a target that names a channel: its place in the step. */
  contact: z.number().int(),
  state: z.enum(["pending", "handed_over", "failed", "dropped"]),
  /** When it became due, ms UTC. */
  dueAt: z.number(),
  /** When the channel took it, or it was given up. */
  at: z.number().optional(),
  attempts: z.number().int(),
  /** Of a pending one: not before this; while it is on its way, the end of the sender's lease. */
  nextAt: z.number().optional(),
  /** When the last attempt began, and what it told was read. */
  sentAt: z.number().optional(),
  /** Why the last attempt failed: a stable key and what the channel said, without addresses. */
  fault: z.string().max(300).optional(),
  /** What the channel calls it. */
  reference: z.string().max(200).optional(),
  /** Findings that it told of beside its own, as many as were looked at. */
  told: z.array(z.string()).max(TOLD_KEPT_MAX).optional(),
});
export type PageDelivery = z.infer<typeof pageSchema>;

const answerSchema = z.object({
  kind: z.enum(["acknowledged", "declined"]),
  at: z.number(),
  /** Configured person, where the answer came by a page; opaque account id where by the console. */
  person: z.string().optional(),
  account: z.string().optional(),
  via: z.enum(["link", "matrix", "sms", "console"]),
  /** The page that was answered; missing: the finding as such. A link acts once for its page. */
  page: z.string().optional(),
});
export type PageAnswer = z.infer<typeof answerSchema>;

export const PAGES_KEPT_MAX = 200;
export const ANSWERS_KEPT_MAX = 50;
export const SKIPPED_KEPT_MAX = 20;

export const findingPagingSchema = z.object({
  priority: z.enum(PRIORITIES),
  /** Policy by its configured name; missing: it waits for the digest. */
  policy: z.string().optional(),
  /**
   * `escalating`: steps are being gone through; `gathered`: told with another one; `quiet`: waits for the end
   * of quiet hours; `digest`: waits for the digest; `acknowledged`: somebody has it; `ended`: nothing more
   * is to be done.
   */
  state: z.enum(["escalating", "gathered", "quiet", "digest", "acknowledged", "ended"]),
  /** How often it was taken up anew: re-opened, risen, or acknowledged without any action; from 0. */
  opening: z.number().int(),
  /** When it was to be paged, of the present opening, ms UTC. */
  requestedAt: z.number(),
  /** The next moment at which something is to be done, ms UTC; missing: never. What is due is found by it. */
  dueAt: z.number().optional(),
  /** What begins next: round and step, from 0. */
  round: z.number().int(),
  step: z.number().int(),
  /** When that begins, ms UTC; of an acknowledged one, when it is taken up again without any action. */
  stepAt: z.number().optional(),
  /** Whether it pages by itself; missing: that is not decided yet. */
  leads: z.boolean().optional(),
  /** The finding whose page tells of this one too, and since when. */
  gatheredIn: z.string().optional(),
  gatheredAt: z.number().optional(),
  /** When that one must have told of it, ms UTC: if it has not, this one pages by itself. */
  toldBy: z.number().optional(),
  /** Why it is taken up again, beyond its repetitions. */
  again: z.enum(["no_action", "risen", "reopened"]).optional(),
  /** Of an acknowledged one: what people had done with the finding by then. */
  mark: z.string().optional(),
  /** Steps that reached nobody, and why; newest last. */
  skipped: z
    .array(
      z.object({
        round: z.number().int(),
        step: z.number().int(),
        why: z.enum(["nobody", "refused", "declined"]),
      }),
    )
    .max(SKIPPED_KEPT_MAX)
    .optional(),
  /** Newest last; the oldest that are done go first beyond PAGES_KEPT_MAX. */
  pages: z.array(pageSchema).max(PAGES_KEPT_MAX),
  /** In the order given. */
  answers: z.array(answerSchema).max(ANSWERS_KEPT_MAX),
  /** Why it ended; `told`: with another one that is over. */
  ended: z.enum(["closed", "quieted", "exhausted", "digested", "not_routed", "told"]).optional(),
});
export type FindingPaging = z.infer<typeof findingPagingSchema>;
