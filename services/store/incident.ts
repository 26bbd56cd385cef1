// The incident: a declared case made of findings. It carries the time stamps that the five KPIs are
// calculated from; a time that nobody has entered yet is missing, never guessed. All times are ms UTC.
import { z } from "zod";
import { LEGAL_CLOCKS } from "../../config/legal-clocks.ts";
import { LEVELS } from "../../detectors/detector.ts";
import { tlpSchema } from "./tlp.ts";

export const INCIDENT_STATUS = ["open", "closed"] as const;
export const INCIDENT_VERDICTS = [
  "true_positive",
  "benign_true_positive",
  "false_positive",
  "undetermined",
] as const;
/** Classes of the Reference Incident Classification Taxonomy (ENISA, TF-CSIRT), first level. */
export const INCIDENT_CATEGORIES = [
  "abusive_content",
  "malicious_code",
  "information_gathering",
  "intrusion_attempt",
  "intrusion",
  "availability",
  "information_content_security",
  "fraud",
  "vulnerable",
  "other",
] as const;
export const IMPACTS = ["none", "limited", "significant", "unknown"] as const;
/** How a time is known. */
export const TIME_METHODS = ["evidence", "estimate", "unknown"] as const;
export const COMPROMISE_METHODS = [...TIME_METHODS, "pre_compromise"] as const;

const time = z.number().int();
/** Opaque account id, `system`, or `cli`. */
const actor = z.string();

/** A time that a human entered, and what it rests on. */
const statedTime = z.object({
  at: time.optional(),
  method: z.enum(TIME_METHODS),
  /** Ids of entries of `evidence`, of findings or of events. */
  evidenceIds: z.array(z.string()),
  reason: z.string().max(2000).optional(),
});

const compromiseTime = statedTime.extend({
  /** `pre_compromise`: recognised before anything succeeded; the duration to identification is 0. */
  method: z.enum(COMPROMISE_METHODS),
  /** Bounds of an estimate. */
  earliest: time.optional(),
  latest: time.optional(),
});

/** What has to be done so that it does not happen again. K1 ends when all required ones are done. */
const correctiveAction = z.object({
  id: z.string(),
  title: z.string().max(300),
  required: z.boolean(),
  createdAt: time,
  dueAt: time.optional(),
  completedAt: time.optional(),
  cancelledAt: time.optional(),
  assignee: actor.optional(),
});

/** A step on the way: from the rule's playbook or thought of meanwhile. Done by humans. */
const task = z.object({
  id: z.string(),
  title: z.string().max(300),
  origin: z.enum(["playbook", "manual"]),
  /** The rule that it comes from. */
  rule: z.string().optional(),
  createdAt: time,
  dueAt: time.optional(),
  doneAt: time.optional(),
  doneBy: actor.optional(),
  assignee: actor.optional(),
});

/** A piece of evidence and everybody who had it in hand, oldest first. */
const evidenceItem = z.object({
  id: z.string(),
  kind: z.enum(["finding", "event", "file", "note"]),
  /** Id of the finding or event, name of the file. */
  reference: z.string().max(1000),
  description: z.string().max(2000),
  /** Of the content, hexadecimal. */
  sha256: z.string().optional(),
  collectedAt: time,
  collectedBy: actor,
  custody: z.array(
    z.object({ at: time, actor, action: z.string().max(100), comment: z.string().max(2000) }),
  ),
});

/** That a report to an authority was sent, or need not be sent; written down by a human. */
const notification = z.object({
  id: z.string(),
  clock: z.enum(LEGAL_CLOCKS),
  outcome: z.enum(["sent", "not_required"]),
  /** When it was sent or decided. */
  sentAt: time,
  /** To whom, in words. */
  authority: z.string().max(300),
  comment: z.string().max(2000).optional(),
  recordedAt: time,
  by: actor,
});
export type Notification = z.infer<typeof notification>;

export const incidentSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  title: z.string().max(300),
  description: z.string().max(20_000),
  findingIds: z.array(z.string()),
  /** Administrative; in no KPI. */
  status: z.enum(INCIDENT_STATUS),
  verdict: z.enum(INCIDENT_VERDICTS),
  /** The sentence that `undetermined` needs at the end. */
  verdictReason: z.string().max(2000).optional(),
  severity: z.enum(LEVELS),
  category: z.enum(INCIDENT_CATEGORIES),
  tlp: tlpSchema,
  /** An exercise or penetration test: in no KPI. */
  exercise: z.boolean(),
  firstCompromise: compromiseTime,
  /** Earliest `raisedAt` of the linked findings that were judged true positive; computed, never typed. */
  detectedAt: time.optional(),
  /** First true-positive verdict, or the declaration by a human. */
  identifiedAt: time.optional(),
  contained: statedTime.optional(),
  /** Computed times that a judged finding would move past a stated time; the stated one has to be mended. */
  disputed: z.array(z.enum(["detectedAt", "identifiedAt"])).optional(),
  /** What a part of a split incident takes over: it was detected and identified with the whole. */
  inherited: z.object({ detectedAt: time.optional(), identifiedAt: time.optional() }).optional(),
  /** When the attack first did damage. */
  firstImpactAt: time.optional(),
  /** What the attack did; what containing it cost is `containmentDowntimeS`. */
  impact: z.object({
    confidentiality: z.enum(IMPACTS),
    integrity: z.enum(IMPACTS),
    availability: z.enum(IMPACTS),
  }),
  /** Seconds for which a service was down because of the containment. */
  containmentDowntimeS: z.number().min(0).optional(),
  /** The service is back, confirmed by a human. After re-opening: the last time. */
  recovered: statedTime.optional(),
  /** The first recovery, where the incident was re-opened after it. */
  recoveredFirstAt: time.optional(),
  actions: z.array(correctiveAction),
  /** Latest completion of the required actions, once none is open; computed. */
  correctiveCompletedAt: time.optional(),
  correctiveCompletedFirstAt: time.optional(),
  tasks: z.array(task),
  evidence: z.array(evidenceItem),
  reopened: z.array(z.object({ at: time, by: actor, reason: z.string().max(2000) })),
  /** Signals that have re-opened a linked finding, oldest first; each until the finding was judged anew. */
  lateSignals: z
    .array(
      z.object({
        finding: z.string(),
        at: time,
        /** The incident was closed then. */
        afterClosing: z.boolean(),
        judgedAt: time.optional(),
      }),
    )
    .optional(),
  closedAt: time.optional(),
  /** The incident that took this one over; it is then in no KPI, its alarms count there. */
  mergedInto: z.string().optional(),
  /** What was taken over, with what it brought along, so that it can be taken out again. */
  mergedFrom: z.array(
    z.object({
      id: z.string(),
      at: time,
      findingIds: z.array(z.string()),
      identifiedAt: time.optional(),
    }),
  ),
  /** The incident that this one was split from. */
  splitFrom: z.string().optional(),
  /** The incidents that it was split into; it is then in no KPI. */
  splitInto: z.array(z.string()),
  notifications: z.array(notification).optional(),
  /** Warnings of legal clocks that were given, each once. */
  clockWarnings: z
    .array(z.object({ clock: z.enum(LEGAL_CLOCKS), percent: z.number().int(), at: time }))
    .optional(),
  assignee: actor.optional(),
  watchers: z.array(actor),
  tags: z.array(z.string().max(100)),
  createdAt: time,
  /** The account that declared it, as its opaque id. */
  createdBy: actor,
  changedAt: time,
  /** Of the KPI definitions, services/kpi. */
  definitionVersion: z.number().int(),
});
export type Incident = z.infer<typeof incidentSchema>;

/** Whether an incident stands for itself, or others stand for it. */
export const INCIDENT_PLACES = ["standing", "merged", "split"] as const;

/** Merged and split incidents are kept, but others stand for them. */
export function incidentPlace(
  incident: Pick<Incident, "mergedInto" | "splitInto">,
): (typeof INCIDENT_PLACES)[number] {
  if (incident.mergedInto !== undefined) return "merged";
  return incident.splitInto.length > 0 ? "split" : "standing";
}

/** What has to be done, and is not done yet. */
export function openActions({ actions }: Pick<Incident, "actions">): Incident["actions"] {
  return actions.filter(
    ({ required, completedAt, cancelledAt }) =>
      required && completedAt === undefined && cancelledAt === undefined,
  );
}

/** Whether a signal came after closing and nobody has looked at it: neither re-opened nor judged anew. */
export function hasUnseenSignal({
  status,
  lateSignals = [],
  reopened,
}: Pick<Incident, "status" | "lateSignals" | "reopened">): boolean {
  const seenAt = reopened.at(-1)?.at ?? -Infinity;
  return (
    status === "closed" &&
    lateSignals.some(({ at, afterClosing, judgedAt }) => {
      return afterClosing && judgedAt === undefined && at > seenAt;
    })
  );
}
