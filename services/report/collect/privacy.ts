// Section 8, which also goes to the staff council by itself: names that were asked for behind pseudonyms and
// what came of it, what was deleted, what left the house. What leaves no trace is told as such, never as 0.
import { z } from "zod";
import {
  IDENTITY_REASONS,
  IDENTITY_REQUEST_KIND,
  PRIVACY_EPOCH_KIND,
} from "../../store/identity.ts";
import { endOf, isIn, type ReportContext } from "../context.ts";
import { durationsOf, durationsSchema } from "../durations.ts";
import { by, documentsOf } from "../pages.ts";
import { ACTS, actSchema, type actsTaker } from "./acts.ts";
import type { AuditCounts } from "./audit.ts";

const count = z.number().int();

export const privacySchema = z.object({
  requests: z.object({
    asked: count,
    approved: count,
    refused: count,
    /** At the end of the period. */
    waiting: count,
    /** Approved requests that were decided by the one who asked. */
    withoutSecondPerson: count,
    /** How often an approved name was read. */
    read: count,
    decision: durationsSchema,
    byReason: z.array(
      z.object({ reason: z.enum(IDENTITY_REASONS), asked: count, approved: count }),
    ),
  }),
  deletions: z.object({
    /** Payloads of the audit chain that were erased by law. */
    auditPayloads: actSchema,
    /** Keys of pseudonyms that were destroyed: the link to names is gone then. */
    keysDestroyed: actSchema,
    /** Rounds that deleted events beyond their retention, and how many events those were. */
    events: actSchema.extend({ events: count }).nullable(),
  }),
  /** Of the audit chain by `audit export`, of all by `backup`; null: none is written down. */
  exports: z.object({
    reports: actSchema,
    audit: actSchema.nullable(),
    backups: actSchema.nullable(),
  }),
  suspicions: count,
  state: z.object({
    epochs: count,
    retentionDays: z.object({
      security: count,
      network: count,
      content: count,
      original: count,
      deadLetter: count,
    }),
  }),
});
export type PrivacyData = z.infer<typeof privacySchema>;

export async function collectPrivacy(
  context: ReportContext,
  audit: AuditCounts,
  acts: ReturnType<typeof actsTaker>,
): Promise<PrivacyData> {
  const { retention } = context;
  const deleted = acts.known(ACTS.eventsDeleted);
  return {
    requests: { ...(await requestsOf(context)), read: audit.n("identity.read") },
    deletions: {
      auditPayloads: acts.act(ACTS.erased),
      keysDestroyed: acts.act(ACTS.keysDestroyed),
      events: deleted && { ...deleted, events: acts.sum(ACTS.eventsDeleted, "events") },
    },
    exports: {
      reports: acts.act(ACTS.reports),
      audit: acts.known(ACTS.auditExports),
      backups: acts.known(ACTS.backups),
    },
    suspicions: audit.n("suspicion.report"),
    state: {
      epochs: await epochsOf(context),
      retentionDays: {
        security: retention.securityDays,
        network: retention.networkDays,
        content: retention.contentDays,
        original: retention.originalDays,
        deadLetter: retention.deadLetterDays,
      },
    },
  };
}

async function requestsOf(context: ReportContext) {
  const { store, tenant } = context;
  const end = endOf(context);
  const counts = { asked: 0, approved: 0, refused: 0, waiting: 0, withoutSecondPerson: 0 };
  const byReason = IDENTITY_REASONS.map((reason) => ({ reason, asked: 0, approved: 0 }));
  const spans: number[] = [];
  const query = { ranges: { createdAt: { lt: end } }, sort: by("createdAt") };
  for await (const one of documentsOf(store, tenant.id, IDENTITY_REQUEST_KIND, query)) {
    const { createdAt, decidedAt, state } = one;
    const reason = byReason.find((row) => row.reason === one.reason);
    if (isIn(createdAt, context)) {
      counts.asked += 1;
      if (reason !== undefined) reason.asked += 1;
    }
    if ((decidedAt ?? end) >= end) counts.waiting += 1;
    if (decidedAt === undefined || !isIn(decidedAt, context)) continue;
    spans.push(decidedAt - createdAt);
    if (state === "refused") counts.refused += 1;
    if (state !== "approved") continue;
    counts.approved += 1;
    if (reason !== undefined) reason.approved += 1;
    if (one.decidedBy === one.requester) counts.withoutSecondPerson += 1;
  }
  const isThere = ({ asked, approved }: (typeof byReason)[number]) => asked + approved > 0;
  return { ...counts, decision: durationsOf(spans), byReason: byReason.filter(isThere) };
}

async function epochsOf({ store, tenant }: ReportContext): Promise<number> {
  let epochs = 0;
  for await (const _ of documentsOf(store, tenant.id, PRIVACY_EPOCH_KIND, { sort: by("number") }))
    epochs += 1;
  return epochs;
}
