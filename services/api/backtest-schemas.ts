// The shapes of backtests as they cross the HTTP border: what is asked for, how far it has come, what was
// found.
import { z } from "zod";
import { LEVELS } from "../../detectors/detector.ts";
import { evidenceSchema } from "../store/finding.ts";

const RULE_IDS_MAX = 500;
const ID_CHARS_MAX = 200;
const RULE_TEXT_CHARS_MAX = 256 * 1024;
const LINES_CHARS_MAX = 8 * 1024 * 1024;
const FORMAT_CHARS_MAX = 64;
const DAY_MS = 86_400_000;
/** Longest range of the archive that is read at once. */
const RANGE_DAYS_MAX = 400;
/** Room for the lines and the rules, with what JSON has to escape in them. */
export const BACKTEST_BODY_BYTES_MAX = 12 * 1024 * 1024;

const time = z.number().int().min(0);

/** Which rules, and over what: each is one of several. */
export const backtestBody = z
  .strictObject({
    /** Ids of loaded rules and correlations; what correlations join runs with them. */
    ids: z.array(z.string().max(ID_CHARS_MAX)).min(1).max(RULE_IDS_MAX).optional(),
    /** Rules as YAML, one or more documents. */
    text: z.string().min(1).max(RULE_TEXT_CHARS_MAX).optional(),
    /** All loaded rules. */
    pack: z.literal(true).optional(),
    /** Event time in the archive, half-open, ms since 1970 UTC. */
    range: z.strictObject({ from: time, to: time }).optional(),
    /** Log lines of any format, one a line. */
    lines: z.string().min(1).max(LINES_CHARS_MAX).optional(),
    /** Format of the lines; left out: found out for each. */
    format: z.string().max(FORMAT_CHARS_MAX).optional(),
  })
  .refine(({ ids, text, pack }) => count([ids, text, pack]) === 1, {
    error: "ids, text | pack",
    path: ["ids"],
  })
  .refine(({ range, lines }) => count([range, lines]) === 1, {
    error: "range | lines",
    path: ["range"],
  })
  .refine(({ range }) => range === undefined || isSpan(range.from, range.to), {
    error: `0 < to - from ≤ ${RANGE_DAYS_MAX} d`,
    path: ["range"],
  });
export type BacktestBody = z.infer<typeof backtestBody>;

function count(values: readonly unknown[]): number {
  return values.filter((value) => value !== undefined).length;
}

function isSpan(from: number, to: number): boolean {
  return to > from && to - from <= RANGE_DAYS_MAX * DAY_MS;
}

const backtestSample = z.object({
  eventId: z.string(),
  time: z.number(),
  source: z.string(),
  groupKey: z.string(),
  /** Without identities. */
  matched: evidenceSchema.shape.matched,
});

const backtestRule = z.object({
  id: z.string(),
  title: z.string(),
  level: z.enum(LEVELS),
  origin: z.string(),
  /** Of a correlation: titles of what it joins. */
  joins: z.array(z.string()).optional(),
  /** A correlation joins it and speaks in its place: live its hits are no findings. */
  isSilenced: z.boolean(),
  hits: z.number().int(),
  findings: z.number().int(),
  firstHitAt: z.number().optional(),
  lastHitAt: z.number().optional(),
  /** Days of the tenant's time zone. */
  days: z.array(z.object({ day: z.string(), hits: z.number().int(), findings: z.number().int() })),
  samples: z.array(backtestSample),
  /** Whether any event can belong to its log source. */
  isReached: z.boolean(),
  inactive: z.string().optional(),
  /** False: it reads identities, of which the archive has pseudonyms only. */
  isExact: z.boolean(),
  inexactFields: z.array(z.string()),
});

const backtestResult = z.object({
  timeZone: z.string(),
  windowMs: z.number(),
  events: z.number().int(),
  firstEventAt: z.number().optional(),
  lastEventAt: z.number().optional(),
  /** Of what there was to read, 0 to 1. */
  share: z.number(),
  stopped: z.enum(["cancelled", "events"]).optional(),
  isCut: z.boolean(),
  /** Hits that correlations judged. */
  observations: z.number().int(),
  /** There were more hits for correlations than are judged: what came later they have not seen. */
  isCorrelationCut: z.boolean(),
  hits: z.number().int(),
  /** Without those of silenced rules. */
  findings: z.number().int(),
  /** Rules and correlations that ran. */
  ruleCount: z.number().int(),
  /** Of all loaded rules only those with hits. */
  rules: z.array(backtestRule),
  /** Rules that were left out. */
  faults: z.array(z.object({ place: z.string(), code: z.string(), message: z.string() })),
  /** Lines that no format reads. */
  unparsed: z.number().int(),
  durationMs: z.number(),
});

export const backtestJob = z.object({
  id: z.string(),
  /** Title of the rule where it is one. */
  name: z.string(),
  ruleCount: z.number().int(),
  startedAt: z.number(),
  state: z.enum(["running", "done", "cancelled", "failed"]),
  progress: z.object({ events: z.number().int(), hits: z.number().int(), share: z.number() }),
  result: backtestResult.optional(),
  /** Code of the error that ended it. */
  fault: z.string().optional(),
});
export type BacktestJob = z.infer<typeof backtestJob>;

/** Newest first, without results. */
export const backtestList = z.object({ backtests: z.array(backtestJob.omit({ result: true })) });
export type BacktestList = z.infer<typeof backtestList>;
