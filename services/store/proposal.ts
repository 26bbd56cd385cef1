// The proposed incident: findings that belong together, offered as one item of the queue. Triage makes it
// anew from the findings that name it; nobody edits it. What people decided about grouping is kept apart,
// as constraints, so that it outlives every recomputation.
import { z } from "zod";
import { LEVELS, levelRank } from "../../detectors/detector.ts";
import { entitySchema } from "./finding.ts";
import type { Kind } from "./store.ts";

/** `chain`: steps on shared entities; `burst`: one detector on many entities within a day. */
const PROPOSAL_TYPES = ["chain", "burst"] as const;

/** A line of the story: what happened when and where. */
const storyLine = z.object({
  /** Event time, ms UTC. */
  at: z.number(),
  finding: z.string(),
  level: z.enum(LEVELS),
  /** ATT&CK short name; missing: the rule names none. */
  tactic: z.string().optional(),
  text: z.string(),
});

const proposalScorePart = z.object({
  /** The strongest finding; what is added for each further tactic, and for each further detector. */
  key: z.enum(["lead", "tactics", "breadth"]),
  points: z.number(),
  detail: z.string(),
});

export const proposalSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  type: z.enum(PROPOSAL_TYPES),
  title: z.string(),
  summary: z.string(),
  /** The gravest level of its findings. */
  level: z.enum(LEVELS),
  /** 0–100, the sum of its parts, at most 100. */
  score: z.number(),
  scoreParts: z.array(proposalScorePart),
  /** Its strongest findings, at most `PROPOSAL_FINDINGS_MAX`; `findingCount` counts all. */
  findingIds: z.array(z.string()),
  findingCount: z.number().int(),
  /** Findings that are still to be worked on: open, not hidden, in no declared incident. */
  openCount: z.number().int(),
  signalCount: z.number().int(),
  detectors: z.array(z.object({ id: z.string(), title: z.string(), level: z.enum(LEVELS) })),
  entities: z.array(entitySchema),
  /** ATT&CK short names in the order in which they were first seen. */
  tactics: z.array(z.string()),
  techniques: z.array(z.string()),
  /** In time order; of many findings the strongest. */
  story: z.array(storyLine),
  /** Times of the findings shown, ms UTC. */
  firstEventAt: z.number(),
  lastEventAt: z.number(),
  raisedAt: z.number(),
});
export type Proposal = z.infer<typeof proposalSchema>;

/** Findings that a proposed incident names; those of a larger burst are found by their `proposal`. */
export const PROPOSAL_FINDINGS_MAX = 200;

export const PROPOSAL_KIND: Kind<Proposal> = {
  name: "proposal",
  revision: 1,
  fields: {
    type: { kind: "keyword", values: ({ type }) => [type] },
    level: { kind: "keyword", values: ({ level }) => [level] },
    levelRank: { kind: "number", values: ({ level }) => [levelRank(level)] },
    score: { kind: "number", values: ({ score }) => [score] },
    /** Whether it is in the queue. */
    open: { kind: "boolean", values: ({ openCount }) => [openCount > 0] },
    firstEventAt: { kind: "number", values: ({ firstEventAt }) => [firstEventAt] },
    lastEventAt: { kind: "number", values: ({ lastEventAt }) => [lastEventAt] },
  },
};

/** A decision of a human: `together` joins findings, `apart` takes them out of what they were in. */
export const groupingSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  decision: z.enum(["together", "apart"]),
  /** What is joined; or what is taken out, which then stays together. */
  findings: z.array(z.object({ id: z.string(), at: z.number() })),
  /** `apart`: the findings that these are not to be joined with. */
  others: z.array(z.string()),
  /** The proposed incidents that the decision was made about. */
  proposals: z.array(z.string()),
  reason: z.string().max(500).optional(),
  /** ms UTC. */
  createdAt: z.number(),
  /** Opaque account id. */
  createdBy: z.string(),
  /** Taken back. */
  endedAt: z.number().optional(),
  endedBy: z.string().optional(),
});
export type Grouping = z.infer<typeof groupingSchema>;

export const GROUPING_KIND: Kind<Grouping> = {
  name: "grouping",
  revision: 1,
  fields: {
    inForce: { kind: "boolean", values: ({ endedAt }) => [endedAt === undefined] },
    /** First event of each finding, ms UTC, as it was when the decision was made. */
    findingAt: { kind: "number", values: ({ findings }) => findings.map(({ at }) => at) },
    finding: { kind: "keyword", values: ({ findings }) => findings.map(({ id }) => id) },
    proposal: { kind: "keyword", values: ({ proposals }) => proposals },
    createdAt: { kind: "number", values: ({ createdAt }) => [createdAt] },
  },
};
