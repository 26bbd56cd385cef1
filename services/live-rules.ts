// The rules of a running service: where they are read from, how they are remembered, and what happens when
// they change. Faulty rules are left out and told of; the others go on.
import { join } from "node:path";
import type { Logger } from "pino";
import type { LogSourceTable } from "../config/log-sources.ts";
import type { Config } from "../config/schema.ts";
import type { ProductModels } from "../detectors/anomaly/product-detectors.ts";
import type { RuleReading } from "../detectors/sigma/reading.ts";
import { createDetection, type Detection, prepareDetection } from "./detection.ts";
import { createRuleSwap, IDS_TOLD_MAX, type RuleSwap, SYSTEM } from "./rule-swap.ts";
import type { Pace } from "./rules/pace.ts";
import { openRuleCache } from "./rules/rule-cache.ts";
import { type LoadedRuleReading, loadRuleReading } from "./rules/rule-reading.ts";
import { loadRuleSet, type RuleSet, STARTER_PACK } from "./rules/rule-set.ts";
import { watchRules } from "./rules/rule-watch.ts";
import { withSuppressions } from "./rules/suppressions.ts";
import type { Store } from "./store/store.ts";

/** In the data folder; may be deleted at any time. */
const CACHE_NAME = "rules.cache";
const QUIET_MS = 1000;
const POLL_MS = 60_000;

export interface LiveRulesParts {
  readonly config: Config;
  /** Paths of the configuration made absolute. */
  readonly at: (path: string) => string;
  readonly dataDir: string;
  readonly tenants: readonly string[];
  readonly logSources: readonly LogSourceTable[];
  readonly store: Store;
  /** The models of a tenant, where detectors ask them here. */
  readonly modelsOf?: ((tenant: string) => ProductModels) | undefined;
  readonly logger: Logger;
  readonly now: () => number;
}

export interface LiveRules extends RuleSwap {
  /** Placeholders and pipelines that the rules were read with last. */
  readonly reading: RuleReading;
  /** Called in the same turn in which new rules begin to hold. */
  onSwap(listener: (detection: Detection) => void): void;
  /** Looks after the files from now on; the result ends that. */
  watch(): Promise<() => Promise<void>>;
}

/** Loads the rules and compiles them. */
export async function openLiveRules(parts: LiveRulesParts): Promise<LiveRules> {
  const { config, logger, now } = parts;
  const { starterPack, ruleFolders, correlation, minLevel } = config.detection;
  const paths = [...(starterPack ? [STARTER_PACK] : []), ...ruleFolders.map(parts.at)];
  const { enabled, findingsPerDay } = config.anomaly;
  const { language } = config;
  const anomalies = enabled ? { findingsPerDay, language, modelsOf: parts.modelsOf } : undefined;
  const { groupsMax } = correlation;
  const options = { minLevel, groupsMax, logSources: parts.logSources, anomalies };
  const listeners: ((detection: Detection) => void)[] = [];
  let read = readingOf(parts);
  const rules = await load(paths, read, parts);
  for (const { place, key } of read.ignored) {
    logger.info({ place, key }, "a part of a pipeline has no meaning here");
  }
  for (const note of rules.notes) logger.warn({ ...note }, "a filter deserves a look");
  const first = createDetection(rules, options);
  for (const fault of [...rules.faults, ...first.faults]) {
    logger.warn({ ...fault }, "a rule was left out");
  }
  const counts = { faults: rules.faults.length, leftOut: rules.leftOut.length };
  logger.info({ rules: rules.rules.length, ...counts }, "rules loaded");
  const swap = createRuleSwap({
    first,
    load: (pace) => {
      read = readingOf(parts);
      return load(paths, read, parts, pace);
    },
    prepare: (next, pace) => prepareDetection(next, options, pace),
    onSwap: (detection) => {
      for (const listener of listeners) listener(detection);
    },
    onChanged: async ({ added, removed, changed }, by) => {
      const ids = [...added, ...removed, ...changed].slice(0, IDS_TOLD_MAX);
      const payload = { added: added.length, removed: removed.length, changed: changed.length };
      for (const tenant of parts.tenants) {
        const { actor } = by.tenant === tenant ? by : SYSTEM;
        const entry = { at: now(), actor, action: "rules.changed", subject: "rules" };
        await parts.store.appendAudit(tenant, { ...entry, payload: { ...payload, ids } });
      }
    },
    ...{ logger, now },
  });
  return {
    get current() {
      return swap.current;
    },
    get reading() {
      return read.reading;
    },
    rules: swap.rules,
    reload: swap.reload,
    close: swap.close,
    onSwap: (listener) => listeners.push(listener),
    watch: () =>
      watchRules({
        ...{ paths: [...paths, ...readFiles(parts)], quietMs: QUIET_MS, pollMs: POLL_MS },
        onChange: async () => {
          await swap.reload(SYSTEM);
        },
      }),
  };
}

function readingOf({ config, at }: LiveRulesParts): LoadedRuleReading {
  return loadRuleReading(config.detection, at, config.language);
}

/** The files of placeholders and pipelines. */
function readFiles({ config, at }: LiveRulesParts): string[] {
  const { pipelines, placeholders } = config.detection;
  const lists = Object.values(placeholders).flatMap((one) => (Array.isArray(one) ? [] : one.file));
  return [...pipelines, ...lists].map(at);
}

async function load(
  paths: readonly string[],
  { reading, fingerprint }: LoadedRuleReading,
  { config, dataDir, logger, now }: LiveRulesParts,
  pace?: Pace,
): Promise<RuleSet> {
  const path = join(dataDir, CACHE_NAME);
  const onFault = (reason: string) => logger.warn({ path, reason }, "rules can't be remembered");
  const rules = await loadRuleSet(paths, {
    cache: openRuleCache({ path, fingerprint, onFault }),
    reading,
    statuses: config.detection.statuses,
    now: now(),
    ...(pace === undefined ? {} : { pace }),
  });
  const { suppressions } = config.detection;
  return {
    ...rules,
    rules: withSuppressions(rules.rules, suppressions),
    correlations: withSuppressions(rules.correlations, suppressions),
  };
}
