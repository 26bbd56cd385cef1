// The finding: the deduplicated group of signals about the same thing that one human looks at.
// Its schema is the border: API answers and stored documents are both made from it.
import { z } from "zod";
import { toldAnomalySchema } from "../../detectors/anomaly/told-anomaly.ts";
import { ENTITY_TYPES, LEVELS } from "../../detectors/detector.ts";
import { findingPagingSchema } from "./paging.ts";
import { tlpSchema } from "./tlp.ts";

export const FINDING_STATUS = ["new", "in_progress", "closed"] as const;
export const VERDICTS = [
  "true_positive",
  "benign_true_positive",
  "false_positive",
  "duplicate",
  "undetermined",
] as const;
export const FALSE_POSITIVE_REASONS = ["logic", "data", "context_missing", "threshold"] as const;

export const entitySchema = z.object({ type: z.enum(ENTITY_TYPES), value: z.string() });
const ecsValue = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.string()),
  z.array(z.number()),
]);

const matchedFieldSchema = z.object({
  field: z.string(),
  value: z.string(),
  operator: z.string(),
  pattern: z.string(),
});

/** One signal as the finding keeps it: its events with the matched fields. */
export const evidenceSchema = z.object({
  signalId: z.string(),
  /** Event time, ms UTC. */
  time: z.number(),
  source: z.string(),
  matched: z.array(matchedFieldSchema),
  events: z.array(
    z.object({ id: z.string(), time: z.number(), document: z.record(z.string(), ecsValue) }),
  ),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** What silences and inhibitions look at: the signal that was raised last (of several, the highest id). */
const latestSignalSchema = z.object({
  signalId: z.string(),
  /** ms UTC. */
  raisedAt: z.number(),
  source: z.string(),
  entities: z.array(entitySchema),
  /** Its event; of several the first one. */
  document: z.record(z.string(), ecsValue),
});
export type LatestSignal = z.infer<typeof latestSignalSchema>;

/** A part of the score: a stable key, its points, and the facts that a German sentence is made of. */
const scorePartSchema = z.object({
  key: z.enum([
    "severity",
    "confidence",
    "unusual",
    "progress",
    "volume",
    "asset",
    "rarity",
    "intelligence",
  ]),
  points: z.number(),
  detail: z.string(),
});
export type ScorePart = z.infer<typeof scorePartSchema>;

export const verdictSchema = z.object({
  verdict: z.enum(VERDICTS),
  reason: z.enum(FALSE_POSITIVE_REASONS).optional(),
  /** Needed for `undetermined`. */
  comment: z.string().max(2000).optional(),
  /** Of a `duplicate`: the finding that is looked at in its place. */
  duplicateOf: z.string().optional(),
  at: z.number(),
  /** The account that judged, as its opaque id. Never shown as a statistic. */
  by: z.string(),
});

/** Detector of findings about accumulated risk. Its title, alone of all, names the entity. */
export const RISK_DETECTOR = "heidewacht-risk";

export const findingSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  detector: z.object({
    id: z.string(),
    kind: z.enum(["sigma", "correlation", "anomaly", "integrity"]),
    title: z.string(),
    description: z.string(),
    level: z.enum(LEVELS),
    status: z.string(),
    techniques: z.array(z.string()),
    tactics: z.array(z.string()),
    falsePositives: z.array(z.string()),
    references: z.array(z.string()),
    response: z.array(z.string()),
    origin: z.string(),
    suppress: z.object({ by: z.array(z.string()).readonly(), forMs: z.number() }).optional(),
  }),
  groupKey: z.string(),
  entities: z.array(entitySchema),
  /** 0–100, the sum of its parts, rounded. */
  score: z.number(),
  scoreParts: z.array(scorePartSchema),
  /** Template summary, German. */
  summary: z.string(),
  status: z.enum(FINDING_STATUS),
  verdict: verdictSchema.optional(),
  /** Earlier verdicts, oldest first; re-opening keeps them. */
  verdictHistory: z.array(verdictSchema),
  signalCount: z.number().int(),
  /** Event times of the first and last signal, ms UTC. */
  firstEventAt: z.number(),
  lastEventAt: z.number(),
  /**
   * Days, numbered as in a detector's record, that it began on before: triage has still to count and to
   * group them without it. Missing: none.
   */
  leftDays: z.array(z.number().int()).optional(),
  /** When the first signal was raised, ms UTC: `detected_at`. */
  raisedAt: z.number(),
  sources: z.array(z.string()),
  /** The first ones and the newest ones, at most EVIDENCE_MAX; `signalCount` counts all. */
  evidence: z.array(evidenceSchema),
  /** Of a model: what it says of the least probable one of its signals. */
  anomaly: toldAnomalySchema.optional(),
  /** When the signal was raised that put it back into the queue last, after it had been closed; ms UTC. */
  lateSignalAt: z.number().optional(),
  /** Missing in findings that were written before it was kept. */
  latest: latestSignalSchema.optional(),
  /** Of a finding about accumulated risk: the findings that it is made of, one a detector. */
  contributors: z
    .array(z.object({ detector: z.string(), finding: z.string(), points: z.number() }))
    .optional(),
  /** Silences that its latest signal fell into, sorted; missing: none. It is then out of the queue. */
  silencedBy: z.array(z.string()).optional(),
  /** Open findings that it stands below, the gravest first; missing: none. It is then out of the queue. */
  inhibitedBy: z.array(z.string()).optional(),
  /** Exceptions in force that it fits, sorted; missing: none. It is then out of the queue, and counted. */
  exceptedBy: z.array(z.string()).optional(),
  /** Maintenance windows that its latest signal fell into, sorted; missing: none. Likewise. */
  maintenanceBy: z.array(z.string()).optional(),
  /** The proposed incident that it belongs to; missing: it stands alone. */
  proposal: z.string().optional(),
  /** The declared incident that it is linked to. */
  incident: z.string().optional(),
  /**
   * When somebody first took it up by hand, ms UTC; missing: nobody did, or before it was kept. Whoever did
   * is not in here.
   */
  takenUpAt: z.number().optional(),
  /** Opaque account ids. */
  assignee: z.string().optional(),
  watchers: z.array(z.string()).optional(),
  tags: z.array(z.string().max(100)).optional(),
  tlp: tlpSchema.optional(),
  /** Missing: nobody was to be paged. */
  paging: findingPagingSchema.optional(),
  /** The bulk change that it took part in last; tells a repeated run what is done. */
  bulkJob: z.string().optional(),
});
export type Finding = z.infer<typeof findingSchema>;

/** Whether it was ever judged true positive, also where the verdict was changed since. */
export function wasTruePositive({
  verdict,
  verdictHistory,
}: Pick<Finding, "verdict" | "verdictHistory">): boolean {
  return [verdict, ...verdictHistory].some((one) => one?.verdict === "true_positive");
}

/** Signals whose evidence a finding carries itself. */
export const EVIDENCE_MAX = 20;
