// The shapes of findings, events, rules and status as they cross the HTTP border. Requests are checked
// and answers are written by these schemas; OpenAPI and the console's types come from them too.
import { z } from "zod";
import { LEVELS } from "../../detectors/detector.ts";
import {
  entitySchema,
  evidenceSchema,
  FALSE_POSITIVE_REASONS,
  FINDING_STATUS,
  findingSchema,
  VERDICTS,
  verdictSchema,
} from "../store/finding.ts";
import { QUIET_STATES } from "../store/quiet-state.ts";

const ROWS_PER_PAGE_MAX = 500;
const ROWS_PER_PAGE = 100;
const TEXT_CHARS_MAX = 500;
const CURSOR_CHARS_MAX = 4096;
const COMMENT_CHARS_MAX = 2000;
const ID_CHARS_MAX = 512;

/** Ids are looked up, never put into a path or a statement. */
export const idParams = z.object({ id: z.string().min(1).max(ID_CHARS_MAX) });

export const errorAnswer = z.object({
  error: z.object({
    /** Stable: `HW_…`. */
    code: z.string(),
    /** For people, in the language of the installation. */
    message: z.string(),
    /** Which part of the request is meant, e.g. `body/verdict`. */
    place: z.string().optional(),
    mend: z.string().optional(),
    details: z.unknown().optional(),
  }),
});
export type ErrorAnswer = z.infer<typeof errorAnswer>;

/** Milliseconds since 1970 UTC, or ISO 8601 with a zone. */
export const timeParam = z.string().transform((text, context) => {
  const time = /^\d{1,15}$/.test(text) ? Number(text) : isoTime(text);
  if (Number.isFinite(time)) return time;
  context.addIssue({ code: "custom", message: "ms since 1970 or ISO 8601 with zone", input: text });
  return z.NEVER;
});

function isoTime(text: string): number {
  return z.iso.datetime({ offset: true }).safeParse(text).success ? Date.parse(text) : Number.NaN;
}

/** `a,b` or the parameter repeated. */
export const listParam = <T extends readonly [string, ...string[]]>(values: T) =>
  z
    .union([z.string(), z.array(z.string()).max(values.length)])
    .transform((given) => [given].flat().flatMap((one) => one.split(",")))
    .pipe(z.array(z.enum(values)).max(values.length));

export const limitParam = z.coerce
  .number()
  .int()
  .min(1)
  .max(ROWS_PER_PAGE_MAX)
  .default(ROWS_PER_PAGE);
export const cursorParam = z.string().max(CURSOR_CHARS_MAX);

// ---- findings

/** `last` and `first` go by event time: newest last event, oldest first event on top. */
const FINDING_SORTS = ["score", "level", "lastEventAt", "raisedAt", "last", "first"] as const;

export const findingsQuery = z.object({
  status: listParam(FINDING_STATUS).optional(),
  level: listParam(LEVELS).optional(),
  verdict: listParam(VERDICTS).optional(),
  /** `none`: what is in the queue; the others: what is out of it. Missing: all. */
  quiet: listParam(QUIET_STATES).optional(),
  /** Id of a finding: what stands below it. */
  inhibitedBy: z.string().max(ID_CHARS_MAX).optional(),
  /** Id of a proposed incident: what belongs to it. */
  proposal: z.string().min(1).max(ID_CHARS_MAX).optional(),
  /** ATT&CK short name: `credential-access`. */
  tactic: z.string().max(100).optional(),
  /** `type:value` or the value alone. */
  entity: z.string().max(TEXT_CHARS_MAX).optional(),
  detector: z.string().max(200).optional(),
  /** Half-open span of the last event's time. */
  from: timeParam.optional(),
  to: timeParam.optional(),
  text: z.string().max(TEXT_CHARS_MAX).optional(),
  sort: z.enum(FINDING_SORTS).default("score"),
  limit: limitParam,
  cursor: cursorParam.optional(),
});

/** A finding as lists and the live stream have it: without evidence. */
export const findingRow = z.object({
  id: z.string(),
  /** To give back with a change. */
  version: z.number().int(),
  detectorId: z.string(),
  kind: findingSchema.shape.detector.shape.kind,
  title: z.string(),
  level: z.enum(LEVELS),
  score: z.number(),
  status: z.enum(FINDING_STATUS),
  verdict: verdictSchema.optional(),
  /** Why it is out of the queue; `none`: it is in. */
  quiet: z.array(z.enum(QUIET_STATES)),
  entities: z.array(entitySchema),
  techniques: z.array(z.string()),
  tactics: z.array(z.string()),
  summary: z.string(),
  signalCount: z.number().int(),
  firstEventAt: z.number(),
  lastEventAt: z.number(),
  raisedAt: z.number(),
});
export type FindingRow = z.infer<typeof findingRow>;

export const findingPage = z.object({
  findings: z.array(findingRow),
  total: z.number().int(),
  cursor: z.string().optional(),
});
export type FindingPage = z.infer<typeof findingPage>;

export const versionedFinding = z.object({
  version: z.number().int(),
  finding: findingSchema,
});
export type VersionedFinding = z.infer<typeof versionedFinding>;

export const verdictBody = z.strictObject({
  version: z.number().int(),
  verdict: z.enum(VERDICTS),
  /** Needed for `false_positive`, and only there. */
  reason: z.enum(FALSE_POSITIVE_REASONS).optional(),
  /** Needed for `undetermined`. */
  comment: z.string().trim().max(COMMENT_CHARS_MAX).optional(),
  /** For `duplicate`: the id of the finding that is looked at in its place. */
  duplicateOf: z.string().min(1).max(ID_CHARS_MAX).optional(),
});

/** A finding is closed by a verdict only. */
export const statusBody = z.strictObject({
  version: z.number().int(),
  status: z.enum(["new", "in_progress"]),
});

export const undoBody = z.strictObject({ version: z.number().int() });

/**
 * How many findings there are per status and per level of those in the queue, and how many open ones are
 * out of it; `level` counts the open ones.
 */
export const findingSummary = z.object({
  total: z.number().int(),
  status: z.record(z.enum(FINDING_STATUS), z.number().int()),
  level: z.record(z.enum(LEVELS), z.number().int()),
  quiet: z.object({
    silenced: z.number().int(),
    inhibited: z.number().int(),
    excepted: z.number().int(),
    maintenance: z.number().int(),
  }),
});
export type FindingSummary = z.infer<typeof findingSummary>;

const auditEntry = z.object({
  sequence: z.number().int(),
  at: z.number(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  /** Missing once erased by law. */
  payload: z.record(z.string(), z.unknown()).optional(),
  hash: z.string(),
});

export const findingHistory = z.object({
  entries: z.array(auditEntry),
  /** The chain was too long to be read to its beginning; older entries may exist. */
  truncated: z.boolean(),
});
export type FindingHistory = z.infer<typeof findingHistory>;

export const auditQuery = z.object({
  from: z.coerce.number().int().min(0).default(0),
  limit: limitParam,
});
export const auditPage = z.object({
  entries: z.array(auditEntry),
  /** Sequence to go on from; missing at the end of the chain. */
  next: z.number().int().optional(),
});

// ---- events

/** An archived event; its document is pseudonymised, flat ECS. */
export const archivedEvent = evidenceSchema.shape.events.element.extend({
  source: z.string(),
  dataClass: z.string(),
});

export const eventsQuery = z.object({
  /** Half-open span of event time; by default the last 24 hours. */
  from: timeParam.optional(),
  to: timeParam.optional(),
  /** Words that must all occur; `field:value` asks for an exact value of an ECS field. */
  text: z.string().max(TEXT_CHARS_MAX).optional(),
  /** `field:value`, may be repeated. */
  terms: z.union([z.string(), z.array(z.string()).max(20)]).optional(),
  order: z.enum(["newest", "oldest"]).default("newest"),
  limit: limitParam,
  cursor: cursorParam.optional(),
});

export const eventPage = z.object({
  events: z.array(archivedEvent),
  cursor: z.string().optional(),
});
export type EventPage = z.infer<typeof eventPage>;

export const eventQuery = z.object({ time: timeParam });

export const findingEvents = z.object({
  events: z.array(archivedEvent),
  /** Evidence events that retention has deleted from the archive. */
  missing: z.number().int(),
});

// ---- rules and status

const ruleOverview = findingSchema.shape.detector.extend({
  /** Signals since start. */
  hits: z.number().int(),
  lastHitAt: z.number().optional(),
  /** Titles of the filters that are part of it. */
  filteredBy: z.array(z.string()),
  /** A correlation speaks for it: its own hits are no findings. */
  isSilenced: z.boolean(),
  correlation: z
    .object({
      /** `event_count`, `temporal_ordered` … */
      type: z.string(),
      timespanMs: z.number(),
      /** What it joins. */
      rules: z.array(z.object({ id: z.string(), title: z.string() })),
    })
    .optional(),
});

/** A rule that is there but not loaded, although nothing is wrong with it. */
const ruleLeftOut = z.object({
  place: z.string(),
  title: z.string(),
  id: z.string(),
  reason: z.enum(["status", "obsolete", "renamed"]),
  /** The status, or the title of the rule that stays. */
  detail: z.string(),
});

/** A filter that deserves a look. */
const ruleNote = z.object({
  code: z.enum(["filter-expired", "filter-rule-missing", "filter-logsource", "filter-unused"]),
  place: z.string(),
  title: z.string(),
  /** The day, or the rule that is named. */
  detail: z.string(),
});

/** What judging a rule costs, measured on a sample of all events since the rules were loaded. */
const ruleCost = z.object({
  id: z.string(),
  title: z.string(),
  /** Of the time that all rules take, 0 to 1. */
  share: z.number(),
  /** Mean time of one try, in microseconds. */
  microseconds: z.number(),
});

const ruleFault = z.object({
  /** `file:line:column`. */
  place: z.string(),
  code: z.string(),
  message: z.string(),
  mend: z.string().optional(),
});

export const rulesAnswer = z.object({
  /** Rules and correlations. */
  rules: z.array(ruleOverview),
  faults: z.array(ruleFault),
  leftOut: z.array(ruleLeftOut),
  notes: z.array(ruleNote),
  /** The dearest rules first. */
  costs: z.array(ruleCost),
  /** Processes that work with rules; where fingerprints differ, one has not read the newest ones. */
  processes: z
    .array(
      z.object({
        name: z.string(),
        fingerprint: z.string(),
        rules: z.number().int(),
        faults: z.number().int(),
      }),
    )
    .optional(),
});
export type RulesAnswer = z.infer<typeof rulesAnswer>;

/** State of the pipeline for one tenant. */
const pipelineStatus = z.object({
  version: z.string(),
  /** ms UTC. */
  startedAt: z.number(),
  eventsPerSecond: z.number(),
  /** Age of the oldest event that detection has not seen yet; 0 when it is up to date. */
  lagMs: z.number(),
  lag: z.array(
    z.object({ topic: z.string(), group: z.string(), records: z.number(), bytes: z.number() }),
  ),
  sources: z.array(
    z.object({
      name: z.string(),
      events: z.number().int(),
      eventsPerSecond: z.number(),
      /** Records that went to the dead-letter. */
      failed: z.number().int(),
      lastEventAt: z.number().nullable(),
    }),
  ),
  /** Running processes, then those that fell silent without taking their leave. Times in ms UTC. */
  processes: z
    .array(
      z.object({
        name: z.string(),
        services: z.array(z.string()),
        version: z.string(),
        startedAt: z.number(),
        seenAt: z.number(),
        /** When the newest record that it has processed was received. */
        reachedAt: z.number().optional(),
        /** Findings that it can't page about because of a fault of the program; missing: none. */
        stuckPages: z.number().int().optional(),
        /** When a watchdog asked it for its heartbeat last; missing: none has since it runs. */
        watchdogAskedAt: z.number().optional(),
      }),
    )
    .optional(),
});
export type PipelineStatus = z.infer<typeof pipelineStatus>;

export const statusAnswer = pipelineStatus.extend({
  at: z.number(),
  archive: z.object({
    events: z.number().int(),
    bytes: z.number(),
    oldest: z.number().nullable(),
    newest: z.number().nullable(),
  }),
});
export type StatusAnswer = z.infer<typeof statusAnswer>;
