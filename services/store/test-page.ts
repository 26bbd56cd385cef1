// A test page: somebody, or the calendar, wants to see that a page gets through. It is written as `requested`
// by the API, the command line or the calendar, sent by the stage `notify`, and kept as the proof.
import { z } from "zod";
import type { Kind } from "./store.ts";

const TARGETS_MAX = 20;
const RESULTS_MAX = 200;

/** What became of one contact. */
const testPageResultSchema = z.object({
  /** Idempotency key of the page. */
  id: z.string(),
  /** Configured name; missing: a room or a system. */
  person: z.string().optional(),
  channel: z.string(),
  /** Which of the person's contacts, from 0; of a target that names a channel: its place. */
  contact: z.number().int(),
  state: z.enum(["pending", "handed_over", "failed"]),
  /** When the channel took it, or it was given up, ms UTC. */
  at: z.number().optional(),
  /** From the request until the channel had taken it. */
  tookMs: z.number().optional(),
  attempts: z.number().int(),
  /** A stable key and what the channel said, without addresses. */
  fault: z.string().max(300).optional(),
  reference: z.string().max(200).optional(),
});
export type TestPageResult = z.infer<typeof testPageResultSchema>;

export const testPageSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  /** ms UTC. */
  requestedAt: z.number(),
  /** Opaque account id, `cli`, or `schedule` for the monthly one. */
  requestedBy: z.string(),
  /** Exactly one of them: the first step of a policy with all its contacts, a person, or a channel. */
  target: z.union([
    z.strictObject({ policy: z.string().max(64) }),
    z.strictObject({ person: z.string().max(64) }),
    z.strictObject({ channel: z.string().max(64), to: z.string().max(254).optional() }),
  ]),
  state: z.enum(["requested", "sending", "done"]),
  /** Missing until the stage has taken it up. */
  results: z.array(testPageResultSchema).max(RESULTS_MAX).optional(),
  /** Targets nobody stands behind at this hour, as `schedule:name`. */
  nobody: z.array(z.string().max(200)).max(TARGETS_MAX).optional(),
  /** Not sent by another process before this, ms UTC. */
  leaseUntil: z.number().optional(),
  doneAt: z.number().optional(),
});
export type TestPage = z.infer<typeof testPageSchema>;

export const TEST_PAGE_KIND: Kind<TestPage> = {
  name: "test_page",
  revision: 1,
  fields: {
    state: { kind: "keyword", values: (one) => [one.state] },
    requestedAt: { kind: "number", values: (one) => [one.requestedAt] },
    requestedBy: { kind: "keyword", values: (one) => [one.requestedBy] },
  },
};

/** As whoever asks for one writes it. */
export function requestedTestPage(
  asked: Pick<TestPage, "id" | "tenant" | "requestedAt" | "requestedBy" | "target">,
): TestPage {
  return { ...asked, state: "requested" };
}
