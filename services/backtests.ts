// Wires backtests for the running service: which rules and which events somebody asked for, and the
// engine, archive and limits that they are run with.
import type { Logger } from "pino";
import { loadLogSources } from "../config/log-sources.ts";
import type { CorrelationRule } from "../detectors/correlation/rule.ts";
import type { LogEvent } from "../detectors/event.ts";
import { readRuleFile } from "../detectors/rule-file.ts";
import { createSigmaEngine, type SigmaEngine } from "../detectors/sigma/engine.ts";
import { applyFilters } from "../detectors/sigma/filter.ts";
import type { RuleReading } from "../detectors/sigma/reading.ts";
import type { RuleFault } from "../detectors/sigma/rule.ts";
import type { BacktestBody, BacktestJob } from "./api/backtest-schemas.ts";
import type { BacktestProvider } from "./api/context.ts";
import type { Archive } from "./archive/archive.ts";
import { archivedEvents } from "./backtest/archived-events.ts";
import { givenEvents } from "./backtest/given-events.ts";
import { createJobs, JOB_LIMITS, type Job, type JobWork } from "./backtest/jobs.ts";
import type { BacktestEvent } from "./backtest/result.ts";
import {
  type BacktestRules,
  backtestRules,
  type RulesAndCorrelations,
  withJoined,
} from "./backtest/rules.ts";
import { runBacktest } from "./backtest/run.ts";
import { BESIDE_DETECTION } from "./backtest/turns.ts";
import type { Format } from "./normalize/format.ts";
import { createNormalizer } from "./normalize/normalizer.ts";
import { createRecordJoiner } from "./normalize/record-joiner.ts";
import type { Privacy } from "./privacy/privacy.ts";
import { shapeCorrelations } from "./rules/shape-correlations.ts";

const EVENTS_MAX = 50_000_000;
const SAMPLES_PER_RULE_MAX = 5;
/** Some hundred bytes each. */
const OBSERVATIONS_MAX = 200_000;

export interface BacktestParts {
  readonly archive: Archive;
  /** Of all loaded rules. */
  readonly engine: () => Pick<SigmaEngine, "match" | "rules" | "faults">;
  /** All that were loaded. */
  readonly correlations: () => readonly CorrelationRule[];
  /** How rules that are sent along are read: placeholders and pipelines of the site. */
  readonly reading: RuleReading;
  /** Formats of the configuration, besides the built-in ones. */
  readonly formats: readonly Format[];
  /** Gives rules the fields that enrichment computes. */
  readonly view: (event: LogEvent) => LogEvent;
  readonly privacy: Privacy;
  readonly timeZoneOf: (tenant: string) => string;
  readonly findingWindowMs: number;
  readonly logger: Pick<Logger, "error">;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

/** The backtests that the API offers; closing them cancels what runs. */
export function createBacktests(
  parts: BacktestParts,
): BacktestProvider & { readonly close: () => Promise<void> } {
  const jobs = createJobs({
    limits: JOB_LIMITS,
    now: parts.now,
    onError: (error) => parts.logger.error({ err: error }, "a backtest failed"),
  });
  return {
    start(tenant, body) {
      const asked = rulesOf(body, parts);
      const about = { name: asked.name, ruleCount: asked.ruleCount };
      return answerOf(jobs.start(tenant, about, workOf(tenant, body, asked, parts)));
    },
    list: (tenant) => jobs.list(tenant).map(({ result: _result, ...job }) => answerOf(job)),
    get(tenant, id) {
      const job = jobs.get(tenant, id);
      return job === undefined ? undefined : answerOf(job);
    },
    remove: jobs.remove,
    close: jobs.close,
  };
}

/** The rules of a request. */
interface Asked {
  readonly name: string;
  readonly ruleCount: number;
  /** Compiles them, when it is their turn. */
  readonly detection: () => BacktestRules;
  /** Whether only rules with hits are told of. */
  readonly isPack: boolean;
}

function rulesOf(body: BacktestBody, parts: BacktestParts): Asked {
  const engine = parts.engine();
  const loaded = { rules: engine.rules, correlations: parts.correlations() };
  if (body.pack === true) {
    return {
      ...{ name: "", ruleCount: countOf(loaded), isPack: true },
      // The engine that detects, as it is compiled already.
      detection: () => backtestRules(loaded, { ...engine, faults: [] }, []),
    };
  }
  const { text, ids = [] } = body;
  const { faults, ...given } = text === undefined ? chosen(ids, loaded) : read(text, parts.reading);
  const whole = withJoined(given, loaded);
  const asked = [...given.correlations, ...given.rules];
  return {
    name: asked.length === 1 ? (asked[0]?.info.title ?? "") : "",
    ruleCount: countOf(whole),
    detection: () => {
      const made = createSigmaEngine({ rules: whole.rules, logSources: loadLogSources() });
      // Of loaded rules it is told too when a correlation speaks for them that is not asked for.
      const live = text === undefined ? backtestRules(loaded, engine, []).silenced : undefined;
      return backtestRules(whole, made, faults, live);
    },
    isPack: false,
  };
}

function countOf({ rules, correlations }: RulesAndCorrelations): number {
  return rules.length + correlations.length;
}

interface Given extends RulesAndCorrelations {
  readonly faults: readonly RuleFault[];
}

function chosen(ids: readonly string[], { rules, correlations }: RulesAndCorrelations): Given {
  const wanted = new Set(ids);
  return {
    rules: rules.filter(({ info }) => wanted.has(info.id)),
    correlations: correlations.filter(({ info }) => wanted.has(info.id)),
    faults: [],
  };
}

function read(text: string, reading: RuleReading): Given {
  const { rules, correlations, filters, faults } = readRuleFile(text, "backtest.yml", reading);
  const filtered = applyFilters(rules, filters, reading);
  const shaped = shapeCorrelations(correlations, filtered.rules, reading);
  return {
    rules: filtered.rules,
    correlations: shaped.correlations,
    faults: [...faults, ...filtered.faults, ...shaped.faults],
  };
}

function workOf(
  tenant: string,
  body: BacktestBody,
  { detection, isPack }: Asked,
  parts: BacktestParts,
): JobWork {
  return async (signal, onProgress) => {
    const source = await sourceOf(tenant, body, parts, signal);
    const result = await runBacktest(source.events, {
      ...{ tenant, detection: detection(), tables: loadLogSources(), privacy: parts.privacy },
      isArchived: body.range !== undefined,
      timeZone: parts.timeZoneOf(tenant),
      windowMs: parts.findingWindowMs,
      eventsMax: EVENTS_MAX,
      samplesPerRuleMax: SAMPLES_PER_RULE_MAX,
      observationsMax: OBSERVATIONS_MAX,
      turns: BESIDE_DETECTION,
      ...{ shareAt: source.shareAt, unparsed: source.unparsed },
      ...{ signal, onProgress },
    });
    if (!isPack) return result;
    return { ...result, rules: result.rules.filter(({ hits }) => hits > 0) };
  };
}

interface Source {
  readonly events: AsyncIterable<BacktestEvent>;
  readonly shareAt: (event: LogEvent) => number;
  readonly unparsed: () => number;
}

async function sourceOf(
  tenant: string,
  { range, lines = "", format }: BacktestBody,
  parts: BacktestParts,
  signal: AbortSignal,
): Promise<Source> {
  const { archive, formats, view, privacy, now } = parts;
  if (range !== undefined) {
    const { oldest = range.from, newest = range.to } = await archive.statistics(tenant);
    const from = Math.max(range.from, oldest);
    const span = Math.max(1, Math.min(range.to, newest + 1) - from);
    return {
      events: archivedEvents(archive, { tenant, range, formats, view, signal }),
      shareAt: ({ time }) => Math.min(1, Math.max(0, (time - from) / span)),
      unparsed: () => 0,
    };
  }
  const given = lines.split(/\r?\n/).map((text, index) => ({ text, line: index + 1 }));
  const tools = {
    ...{ tenant, privacy, view, now, format, timeZone: parts.timeZoneOf(tenant) },
    normalizer: createNormalizer({ mappings: [], formats }),
    joiner: createRecordJoiner(),
    onUnparsed: () => {
      unparsed += 1;
    },
  };
  let [read, unparsed] = [0, 0];
  return {
    events: (async function* () {
      const filled = given.filter(({ text }) => text !== "");
      for (const one of givenEvents("backtest", filled, tools)) {
        read += 1;
        yield one;
      }
    })(),
    shareAt: () => Math.min(1, read / given.length),
    unparsed: () => unparsed,
  };
}

// The stage's lists are read-only and the schema's are not; the values are the same, so a copy is one.
function answerOf(job: Job): BacktestJob {
  const copy: unknown = structuredClone(job);
  return copy as BacktestJob; // See above.
}
