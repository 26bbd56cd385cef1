// The backtest itself: rules over events, counted. Where the events come from and where the result goes
// is for others to say.
import type { LogSourceTable } from "../../config/log-sources.ts";
import type { Match } from "../../detectors/detector.ts";
import type { LogEvent } from "../../detectors/event.ts";
import type { RuleFault, SigmaRule } from "../../detectors/sigma/rule.ts";
import { groupKeyOf } from "../privacy/entities.ts";
import type { Privacy } from "../privacy/privacy.ts";
import { createReach } from "../rules/log-source-reach.ts";
import { createDayOf } from "./day-of.ts";
import { identityFields } from "./exactness.ts";
import type {
  BacktestEvent,
  BacktestProgress,
  BacktestResult,
  BacktestRule,
  BacktestSample,
  BacktestStop,
} from "./result.ts";
import { createTally, type FindingBudget, type RuleTally } from "./tally.ts";
import { createTurns, type Turns } from "./turns.ts";

/** Findings of all rules together that are kept apart. */
const FINDINGS_MAX = 200_000;
/** Samples of all rules together. */
const SAMPLES_MAX = 2000;
const MATCHED_FIELDS_MAX = 12;
const MATCHED_CHARACTERS_MAX = 500;
/** Events between two looks at the clock. */
const EVENTS_PER_LOOK = 32;

export interface BacktestOptions {
  readonly tenant: string;
  readonly rules: readonly SigmaRule[];
  /** An engine of these rules; it may have others, whose hits don't count. */
  readonly engine: {
    match(event: LogEvent): readonly Match[];
    readonly faults: readonly RuleFault[];
  };
  readonly tables: readonly LogSourceTable[];
  readonly privacy: Pick<Privacy, "protectMatched">;
  /** Whether the events hold pseudonyms where rules ask for identities. */
  readonly isArchived: boolean;
  /** IANA zone whose days are counted. */
  readonly timeZone: string;
  readonly windowMs: number;
  readonly eventsMax: number;
  readonly samplesPerRuleMax: number;
  readonly turns: Turns;
  readonly signal: AbortSignal;
  /** Records so far that no format reads. */
  readonly unparsed: () => number;
  /** How much of what there is was read until an event, 0 to 1. */
  readonly shareAt: (event: LogEvent) => number;
  readonly onProgress: (progress: BacktestProgress) => void;
}

/**
 * Runs to the end of the events, to `eventsMax`, or until it is cancelled; what was counted until then
 * is the result. What the source of the events throws ends it.
 */
export async function runBacktest(
  events: AsyncIterable<BacktestEvent>,
  options: BacktestOptions,
): Promise<BacktestResult> {
  const startedAt = performance.now();
  const run = createRun(options);
  const turn = createTurns(options.turns);
  let stopped: BacktestStop | undefined;
  try {
    for await (const one of events) {
      options.signal.throwIfAborted();
      if (run.events >= options.eventsMax) {
        stopped = "events";
        break;
      }
      run.take(one);
      if (run.events % EVENTS_PER_LOOK !== 0) continue;
      const rest = turn();
      if (rest === undefined) continue;
      options.onProgress(run.progress());
      await rest;
    }
  } catch (error) {
    if (!options.signal.aborted) throw error;
    stopped = "cancelled";
  }
  const result = run.result(stopped, performance.now() - startedAt);
  options.onProgress({ events: result.events, hits: result.hits, share: result.share });
  return result;
}

interface Run {
  readonly events: number;
  take(one: BacktestEvent): void;
  progress(): BacktestProgress;
  result(stopped: BacktestStop | undefined, durationMs: number): BacktestResult;
}

function createRun(options: BacktestOptions): Run {
  const { rules, engine, timeZone, windowMs, samplesPerRuleMax, shareAt } = options;
  const dayOf = createDayOf(timeZone);
  const budget: FindingBudget = { left: FINDINGS_MAX, isCut: false };
  const tallies = new Map(
    rules.map(({ info }) => [info.id, createTally(dayOf, windowMs, samplesPerRuleMax, budget)]),
  );
  let [events, hits, samples, share] = [0, 0, 0, 0];
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const count = (match: Match, tally: RuleTally, one: BacktestEvent): void => {
    const { document, identities } = one.evidence();
    const groupKey = groupKeyOf(document, one.event.source);
    hits += 1;
    tally.add(one.event.time, groupKey);
    if (samples >= SAMPLES_MAX || !tally.wantsSample(groupKey)) return;
    samples += 1;
    const explained = match.explain().slice(0, MATCHED_FIELDS_MAX);
    const matched = options.privacy.protectMatched(options.tenant, identities, explained);
    tally.sample(sampleOf(one.event, groupKey, matched));
  };
  return {
    get events() {
      return events;
    },
    take(one) {
      events += 1;
      const { event } = one;
      first = Math.min(first, event.time);
      last = Math.max(last, event.time);
      share = shareAt(event);
      for (const match of engine.match(event)) {
        const tally = tallies.get(match.detector.id);
        if (tally !== undefined) count(match, tally, one);
      }
    },
    progress: () => ({ events, hits, share }),
    result(stopped, durationMs) {
      const isReached = createReach(options.tables);
      const counted = rules.map((rule) =>
        ruleResult(rule, tallies.get(rule.info.id), isReached(rule.logSource), options),
      );
      return {
        timeZone,
        windowMs,
        events,
        ...(events === 0 ? {} : { firstEventAt: first, lastEventAt: last }),
        share: stopped === undefined ? 1 : share,
        ...(stopped === undefined ? {} : { stopped }),
        isCut: budget.isCut,
        hits,
        findings: counted.reduce((sum, { findings }) => sum + findings, 0),
        ruleCount: rules.length,
        rules: counted,
        unparsed: options.unparsed(),
        faults: engine.faults,
        durationMs: Math.round(durationMs),
      };
    },
  };
}

function sampleOf(
  { id, time, source }: LogEvent,
  groupKey: string,
  matched: BacktestSample["matched"],
): BacktestSample {
  const quoted = matched.map((field) => ({
    ...field,
    value: field.value.slice(0, MATCHED_CHARACTERS_MAX),
    pattern: field.pattern.slice(0, MATCHED_CHARACTERS_MAX),
  }));
  return { eventId: id, time, source, groupKey, matched: quoted };
}

function ruleResult(
  rule: SigmaRule,
  tally: RuleTally | undefined,
  isReached: boolean,
  { isArchived, tables }: BacktestOptions,
): BacktestRule {
  const { id, title, level, origin } = rule.info;
  const { days, findings } = tally?.days() ?? { days: [], findings: 0 };
  const inexactFields = isArchived ? identityFields(rule, tables) : [];
  return {
    ...{ id, title, level, origin, isReached, findings, days, inexactFields },
    hits: tally?.hits ?? 0,
    ...(tally?.firstHitAt === undefined ? {} : { firstHitAt: tally.firstHitAt }),
    ...(tally?.lastHitAt === undefined ? {} : { lastHitAt: tally.lastHitAt }),
    samples: tally?.samples ?? [],
    ...(rule.inactive === undefined ? {} : { inactive: rule.inactive }),
    isExact: inexactFields.length === 0,
  };
}
