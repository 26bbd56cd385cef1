// Starts the stages that a process runs, against the flow of data: a stage must be there before the one
// that feeds it; they stop with the flow.
import { SERVICES, type ServiceName } from "../config/services.ts";
import { configuredSources, sourceSetting } from "../config/sources.ts";
import { createManipulationDetector } from "../detectors/manipulation/manipulation.ts";
import { startDetect } from "./detect/detect.ts";
import { createDetectMetrics } from "./detect/metrics.ts";
import { startSourceCounter } from "./detect/source-counter.ts";
import { OWN_SOURCE } from "./detect/source-monitor.ts";
import { type KeyedStage, startKeyedStage } from "./keyed-stage.ts";
import { createNormalizer } from "./normalize/normalizer.ts";
import { createRecordJoiner } from "./normalize/record-joiner.ts";
import { pagingOpener } from "./notify-stage.ts";
import { startProgress } from "./progress.ts";
import { criticalHosts, type RuleRun, type Run, timeZonesOf } from "./run.ts";
import { startTriage } from "./triage/triage.ts";

const HOUR_MS = 3_600_000;
const RETRY_DELAY_MS = 1000;
const LINGER_MS = 5;

/** The services that can't do without rules. */
export const RULE_SERVICES: readonly ServiceName[] = SERVICES.filter((name) =>
  ["detect", "baseline", "api"].includes(name),
);

export async function startTriageStage(run: Run): Promise<() => Promise<void>> {
  const { config, tenants, ports, logger } = run;
  const opener = pagingOpener(run);
  const triage = await startTriage(
    ports.bus,
    ports.store,
    tenants,
    {
      findingWindowMs: config.detection.findingWindowHours * HOUR_MS,
      recordsPerBatchMax: config.detection.recordsPerBatchMax,
      retryDelayMs: RETRY_DELAY_MS,
      language: config.language,
      timeZoneOf: timeZonesOf(config),
      isCriticalHost: criticalHosts(config),
      inhibitions: config.detection.inhibitions,
      riskThreshold: config.detection.riskThreshold,
      ...(opener === undefined ? {} : { openPaging: opener }),
    },
    logger,
  );
  return () => triage.close();
}

export function startBaselineStage(run: RuleRun): Promise<KeyedStage> {
  return startKeyedStage({ ...run, detectors: () => run.rules.current.keyed });
}

export async function startDetectStage(run: RuleRun): Promise<() => Promise<void>> {
  const { config, tenants, ports, identities, rules, registry, activity, logger, now } = run;
  const isWatchedHost = criticalHosts(config);
  const sources = startSourceCounter({ bus: ports.bus, isWatchedHost, logger });
  const dataClassOf = sourceSetting(configuredSources(config.inputs), "dataClass");
  const { progress, close } = startProgress({
    ...{ config, bus: ports.bus, logger, now },
    // Nobody listens for progress where no rule joins events.
    isAsked: () => rules.current.keyed.levels.length > 0,
  });
  const detect = await startDetect(
    tenants,
    {
      bus: ports.bus,
      archive: ports.archive,
      writesAll:
        config.archive.kind !== "off" ||
        config.tenants.some(({ criticalHosts }) => criticalHosts.length > 0),
      normalizer: createNormalizer({ mappings: config.mappings, formats: run.formats }),
      joiner: createRecordJoiner(),
      enricher: run.enricher,
      privacy: identities.privacy,
      keepNames: identities.flush,
      rules: rules.rules,
      manipulation: createManipulationDetector(config.language),
      watchesBehaviour: config.anomaly.enabled,
      progress,
      metrics: createDetectMetrics(registry),
      activity,
      sources,
      dataClassOf: (tenant, source) =>
        source === OWN_SOURCE ? "security" : dataClassOf(tenant, source),
      logger,
    },
    {
      minLevel: config.detection.minLevel,
      recordsPerBatchMax: config.detection.recordsPerBatchMax,
      lingerMs: LINGER_MS,
      retryDelayMs: RETRY_DELAY_MS,
      now,
    },
  );
  return async () => {
    await detect.close();
    await sources.close();
    await close();
  };
}
