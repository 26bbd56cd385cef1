// The backtest itself: rules over events, then correlations over what the rules hit, counted. Where the
// events come from and where the result goes is for others to say.
import type { LogSourceTable } from "../../config/log-sources.ts";
import type { Match } from "../../detectors/detector.ts";
import type { LogEvent } from "../../detectors/event.ts";
import { groupKeyOf } from "../privacy/entities.ts";
import type { Privacy } from "../privacy/privacy.ts";
import { runPaced } from "../rules/pace.ts";
import { createBacktestCorrelation } from "./correlate.ts";
import { createDayOf } from "./day-of.ts";
import type {
  BacktestEvent,
  BacktestProgress,
  BacktestResult,
  BacktestSample,
  BacktestStop,
} from "./result.ts";
import { type CountedDetector, ruleResults } from "./rule-result.ts";
import type { BacktestRules } from "./rules.ts";
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
  readonly detection: BacktestRules;
  readonly tables: readonly LogSourceTable[];
  readonly privacy: Pick<Privacy, "protectMatched">;
  /** Whether the events hold pseudonyms where rules ask for identities. */
  readonly isArchived: boolean;
  /** IANA zone whose days are counted. */
  readonly timeZone: string;
  readonly windowMs: number;
  readonly eventsMax: number;
  readonly samplesPerRuleMax: number;
  /** Hits that correlations judge; what comes later they don't see. */
  readonly observationsMax: number;
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
  await runPaced(run.correlate(), turn);
  const result = run.result(stopped, performance.now() - startedAt);
  options.onProgress({ events: result.events, hits: result.hits, share: result.share });
  return result;
}

interface Run {
  readonly events: number;
  take(one: BacktestEvent): void;
  /** Counts what correlations make of all that was taken. */
  correlate(): Generator<undefined, void>;
  progress(): BacktestProgress;
  result(stopped: BacktestStop | undefined, durationMs: number): BacktestResult;
}

function createRun(options: BacktestOptions): Run {
  const { detection, shareAt } = options;
  const tallies = createTallies(options);
  const correlation = createBacktestCorrelation({
    ...{ tenant: options.tenant, privacy: options.privacy, isArchived: options.isArchived },
    ...{ plan: detection.correlations, observationsMax: options.observationsMax },
  });
  let [events, share] = [0, 0];
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
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
      const matches = detection.match(event);
      if (matches.length === 0) return;
      for (const match of matches) tallies.match(match, one);
      correlation.take(one, matches);
    },
    *correlate() {
      for (const { id, sample } of yield* correlation.judge()) tallies.hit(id, sample);
    },
    progress: () => ({ events, hits: tallies.hits, share }),
    result(stopped, durationMs) {
      const counted = ruleResults(detection, tallies.of, options);
      // What others join makes no findings of its own.
      const speaking = counted.filter(({ isSilenced }) => !isSilenced);
      return {
        ...{ timeZone: options.timeZone, windowMs: options.windowMs, events },
        ...(events === 0 ? {} : { firstEventAt: first, lastEventAt: last }),
        share: stopped === undefined ? 1 : share,
        ...(stopped === undefined ? {} : { stopped }),
        isCut: tallies.isCut,
        observations: correlation.observations,
        isCorrelationCut: correlation.isCut,
        hits: tallies.hits,
        findings: speaking.reduce((sum, { findings }) => sum + findings, 0),
        ruleCount: counted.length,
        rules: counted,
        unparsed: options.unparsed(),
        faults: detection.faults,
        durationMs: Math.round(durationMs),
      };
    },
  };
}

interface Tallies {
  readonly hits: number;
  readonly isCut: boolean;
  readonly of: (id: string) => RuleTally | undefined;
  /** Counts a rule's hit; those of other rules are passed over. */
  match(match: Match, one: BacktestEvent): void;
  /** Counts a correlation's hit. */
  hit(id: string, sample: BacktestSample): void;
}

function createTallies(options: BacktestOptions): Tallies {
  const { detection, timeZone, windowMs, samplesPerRuleMax } = options;
  const dayOf = createDayOf(timeZone);
  const budget: FindingBudget = { left: FINDINGS_MAX, isCut: false };
  const counted: readonly CountedDetector[] = [
    ...detection.rules,
    ...detection.correlations.levels.flat(),
  ];
  const tallies = new Map(
    counted.map(({ info }) => [info.id, createTally(dayOf, windowMs, samplesPerRuleMax, budget)]),
  );
  let [hits, samples] = [0, 0];
  const isSampled = (tally: RuleTally, time: number, groupKey: string): boolean => {
    hits += 1;
    tally.add(time, groupKey);
    if (samples >= SAMPLES_MAX || !tally.wantsSample(groupKey)) return false;
    samples += 1;
    return true;
  };
  return {
    get hits() {
      return hits;
    },
    get isCut() {
      return budget.isCut;
    },
    of: (id) => tallies.get(id),
    match(match, one) {
      const tally = tallies.get(match.detector.id);
      if (tally === undefined) return;
      const { document, identities } = one.evidence();
      const { id: eventId, time, source } = one.event;
      const groupKey = groupKeyOf(document, source);
      if (!isSampled(tally, time, groupKey)) return;
      const explained = match.explain().slice(0, MATCHED_FIELDS_MAX);
      const matched = options.privacy.protectMatched(options.tenant, identities, explained);
      tally.sample(quoted({ eventId, time, source, groupKey, matched }));
    },
    hit(id, sample) {
      const tally = tallies.get(id);
      if (tally !== undefined && isSampled(tally, sample.time, sample.groupKey)) {
        tally.sample(quoted({ ...sample, matched: sample.matched.slice(0, MATCHED_FIELDS_MAX) }));
      }
    },
  };
}

function quoted(sample: BacktestSample): BacktestSample {
  const matched = sample.matched.map((field) => ({
    ...field,
    value: field.value.slice(0, MATCHED_CHARACTERS_MAX),
    pattern: field.pattern.slice(0, MATCHED_CHARACTERS_MAX),
  }));
  return { ...sample, matched };
}
