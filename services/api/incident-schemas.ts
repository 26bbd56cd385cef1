// The shapes of incidents and comments as they cross the HTTP border. All times are ms UTC. Every change
// names the version that its author has seen.
import { z } from "zod";
import { LEGAL_CLOCKS } from "../../config/legal-clocks.ts";
import { LEVELS } from "../../detectors/detector.ts";
import { COMMENT_CHARS_MAX, commentSchema } from "../cases/comments.ts";
import { INCIDENT_STEPS } from "../cases/incident-state.ts";
import { WORK_KEYS } from "../cases/incident-work.ts";
import { CLOCK_STATES } from "../cases/legal-clocks.ts";
import {
  COMPROMISE_METHODS,
  IMPACTS,
  INCIDENT_CATEGORIES,
  INCIDENT_PLACES,
  INCIDENT_STATUS,
  INCIDENT_VERDICTS,
  incidentSchema,
  TIME_METHODS,
} from "../store/incident.ts";
import { tlpSchema } from "../store/tlp.ts";
import { containmentAnswer } from "./block-schemas.ts";
import { assigneeSchema } from "./finding-change-schemas.ts";
import { cursorParam, limitParam, listParam, timeParam } from "./schemas.ts";

const ID_CHARS_MAX = 512;
const FINDINGS_MAX = 1000;
const EVIDENCE_IDS_MAX = 100;
const TAGS_MAX = 50;
const PARTS_MAX = 20;
const TITLE_CHARS_MAX = 300;
const TEXT_CHARS_MAX = 2000;
const DESCRIPTION_CHARS_MAX = 20_000;

const id = z.string().min(1).max(ID_CHARS_MAX);
const time = z.number().int();
const title = z.string().trim().min(1).max(TITLE_CHARS_MAX);
const text = z.string().trim().min(1).max(TEXT_CHARS_MAX);
const version = z.number().int();
const tags = z.array(z.string().trim().min(1).max(100)).max(TAGS_MAX);
const findingIds = z.array(id).max(FINDINGS_MAX);
const someFindingIds = findingIds.min(1);
const description = z.string().trim().max(DESCRIPTION_CHARS_MAX);

/** Each asked; `unknown` is an answer. */
const impact = z.strictObject({
  confidentiality: z.enum(IMPACTS),
  integrity: z.enum(IMPACTS),
  availability: z.enum(IMPACTS),
});
const statement = z.strictObject({
  /** Needed unless the method is `unknown`. */
  at: time.optional(),
  method: z.enum(TIME_METHODS),
  /** Ids of evidence, findings or events; needed for the method `evidence`. */
  evidenceIds: z.array(id).max(EVIDENCE_IDS_MAX).default([]),
  reason: text.optional(),
});
const compromise = statement.extend({
  method: z.enum(COMPROMISE_METHODS),
  earliest: time.optional(),
  latest: time.optional(),
});

export const declareBody = z.strictObject({
  title,
  description: description.default(""),
  findingIds: findingIds.default([]),
  verdict: z.enum(INCIDENT_VERDICTS).default("true_positive"),
  /** By default the highest of the findings. */
  severity: z.enum(LEVELS).optional(),
  category: z.enum(INCIDENT_CATEGORIES).default("other"),
  tlp: tlpSchema.default("amber"),
  exercise: z.boolean().default(false),
  tags: tags.default([]),
  firstCompromise: compromise,
  impact,
});
export const editBody = z.strictObject({
  version,
  title: title.optional(),
  description: description.optional(),
  severity: z.enum(LEVELS).optional(),
  category: z.enum(INCIDENT_CATEGORIES).optional(),
  tlp: tlpSchema.optional(),
  exercise: z.boolean().optional(),
  tags: tags.optional(),
});
export const incidentAssignBody = z.strictObject({ version, assignee: assigneeSchema });
/** The caller's own account. */
export const incidentWatchBody = z.strictObject({ version, watching: z.boolean() });
export const linkBody = z.strictObject({ version, findingIds: someFindingIds });
export const containBody = statement.extend({
  version,
  impact,
  /** Seconds for which a service was down because of it. */
  downtimeS: z.number().min(0).optional(),
});
export const recoverBody = statement.extend({ version, impact });
export const impactBody = z.strictObject({ version, impact, firstImpactAt: time.optional() });
export const compromiseBody = compromise.extend({ version });
export const closeBody = z.strictObject({
  version,
  verdict: z.enum(INCIDENT_VERDICTS),
  /** Needed for `undetermined`. */
  reason: text.optional(),
});
export const reopenBody = z.strictObject({ version, reason: text });

const work = { version, title, dueAt: time.optional(), assignee: id.optional() };
export const actionBody = z.strictObject({ ...work, required: z.boolean().default(true) });
export const completeBody = z.strictObject({ version, action: id, completedAt: time.optional() });
export const cancelBody = z.strictObject({ version, action: id });
export const taskBody = z.strictObject(work);
export const taskChangeBody = z.strictObject({ version, task: id });
export const versionBody = z.strictObject({ version });

export const evidenceBody = z.strictObject({
  version,
  kind: incidentSchema.shape.evidence.element.shape.kind,
  reference: z.string().trim().min(1).max(1000),
  description: z.string().trim().max(TEXT_CHARS_MAX).default(""),
  sha256: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/)
    .optional(),
  /** By default now. */
  collectedAt: time.optional(),
});
export const handOverBody = z.strictObject({
  version,
  evidence: id,
  action: z.string().trim().min(1).max(100),
  comment: z.string().trim().max(TEXT_CHARS_MAX).default(""),
});
export const notificationBody = z.strictObject({
  version,
  clock: z.enum(LEGAL_CLOCKS),
  outcome: z.enum(["sent", "not_required"]),
  sentAt: time,
  authority: title,
  comment: text.optional(),
});
export const mergeBody = z.strictObject({ version, source: id });
export const splitBody = z.strictObject({
  version,
  parts: z.array(z.strictObject({ title, findingIds: someFindingIds })).max(PARTS_MAX),
});
export const commentBody = z.strictObject({
  text: z.string().trim().min(1).max(COMMENT_CHARS_MAX),
});

// ---- answers

const workItem = z.object({
  key: z.enum(WORK_KEYS),
  /** `missing`: a KPI leaves the incident out; `quality`: something looks wrong. */
  kind: z.enum(["missing", "quality"]),
  text: z.string(),
  field: z.string(),
  step: z.enum(INCIDENT_STEPS),
});
const clockReading = z.object({
  clock: z.enum(LEGAL_CLOCKS),
  name: z.string(),
  state: z.enum(CLOCK_STATES),
  startedAt: time.optional(),
  dueAt: time.optional(),
  remainingMs: z.number().optional(),
  percent: z.number().optional(),
  notification: incidentSchema.shape.notifications.unwrap().element.optional(),
});

/** An incident with all that a screen needs to go on: allowed next steps, missing facts, time limits. */
export const incidentAnswer = z.object({
  version,
  incident: incidentSchema,
  steps: z.array(z.enum(INCIDENT_STEPS)),
  work: z.array(workItem),
  clocks: z.array(clockReading),
});
export type IncidentAnswer = z.infer<typeof incidentAnswer>;

export const splitAnswer = incidentAnswer.extend({ parts: z.array(incidentAnswer) });

const SORTS = ["createdAt", "changedAt", "identifiedAt"] as const;
/** `true`, `1` or nothing. */
const flag = z.enum(["true", "false"]).transform((given) => given === "true");

export const incidentsQuery = z.object({
  status: listParam(INCIDENT_STATUS).optional(),
  verdict: listParam(INCIDENT_VERDICTS).optional(),
  severity: listParam(LEVELS).optional(),
  category: listParam(INCIDENT_CATEGORIES).optional(),
  /** By default those that stand for themselves: neither merged nor split. */
  place: listParam(INCIDENT_PLACES).default(["standing"]),
  tag: z.string().max(100).optional(),
  finding: z.string().max(ID_CHARS_MAX).optional(),
  /** Assigned to whoever asks. */
  mine: flag.optional(),
  /** Watched by whoever asks. */
  watching: flag.optional(),
  /** Half-open span of the declaration. */
  from: timeParam.optional(),
  to: timeParam.optional(),
  text: z.string().max(500).optional(),
  sort: z.enum(SORTS).default("createdAt"),
  limit: limitParam,
  cursor: cursorParam.optional(),
});

const row = incidentSchema
  .pick({ id: true, title: true, status: true, verdict: true, severity: true, category: true })
  .extend({
    ...incidentSchema.pick({ tlp: true, exercise: true, tags: true, mergedInto: true }).shape,
    ...incidentSchema.pick({ detectedAt: true, identifiedAt: true, createdAt: true }).shape,
    ...incidentSchema.pick({ closedAt: true, changedAt: true }).shape,
    version,
    findings: z.number().int(),
    containedAt: time.optional(),
    recoveredAt: time.optional(),
    /** How much is missing for a KPI. */
    missing: z.number().int(),
    /** The next legal clock that ends. */
    nextDue: z.object({ clock: z.enum(LEGAL_CLOCKS), dueAt: time }).optional(),
  });
export type IncidentRow = z.infer<typeof row>;
export const incidentPage = z.object({
  incidents: z.array(row),
  total: z.number().int(),
  cursor: z.string().optional(),
});

/** Of lists without filters. */
export const pageQuery = z.object({ limit: limitParam, cursor: cursorParam.optional() });
const incidentWork = z.object({ work: z.array(workItem), clocks: z.array(clockReading) });
/** Of one incident, with the times that completed blocks propose for its containment. */
export const oneWork = incidentWork.extend({ containment: containmentAnswer });
export const openWork = z.object({
  incidents: z.array(
    incidentWork.extend({ id: z.string(), version, title: z.string(), severity: z.enum(LEVELS) }),
  ),
  cursor: z.string().optional(),
});

export const draftQuery = z.object({ clock: z.enum(LEGAL_CLOCKS) });
export const draftAnswer = z.object({ clock: z.enum(LEGAL_CLOCKS), text: z.string() });

export const commentAnswer = commentSchema.pick({ id: true, text: true, at: true, by: true });
export const commentPage = z.object({
  comments: z.array(commentAnswer),
  total: z.number().int(),
  cursor: z.string().optional(),
});
