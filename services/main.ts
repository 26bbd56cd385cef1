// The only wiring: opens the ports, starts the stages in the order against the flow of data, and stops
// them with it, so that nothing that was accepted is lost.
import { existsSync, mkdirSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import { collectDefaultMetrics, Registry } from "prom-client";
import { AppError } from "../config/errors.ts";
import type { LoadedConfig } from "../config/load.ts";
import { loadLogSources } from "../config/log-sources.ts";
import type { Config } from "../config/schema.ts";
import { configuredSources, sourceSetting } from "../config/sources.ts";
import { createApi } from "./api/server.ts";
import { issueSetupCode } from "./api/setup.ts";
import { createStoreShipperKeys } from "./api/shipper-keys.ts";
import type { Archive } from "./archive/archive.ts";
import { createBacktests } from "./backtests.ts";
import type { Bus } from "./bus/bus.ts";
import { type Activity, createActivity } from "./detect/activity.ts";
import { startDetect } from "./detect/detect.ts";
import { createDetectMetrics } from "./detect/metrics.ts";
import { registerRuleMetrics } from "./detect/rule-metrics.ts";
import { registerSourceMetrics } from "./detect/source-metrics.ts";
import { OWN_SOURCE, openSourceMonitor, type SourceMonitor } from "./detect/source-monitor.ts";
import { openPorts, type Ports } from "./embedded-ports.ts";
import { askedFields } from "./enrich/asked-fields.ts";
import type { Enricher } from "./enrich/enricher.ts";
import { startEnrichment } from "./enrichment.ts";
import { lockFolder } from "./folder-lock.ts";
import { startIngest } from "./ingest/ingest.ts";
import { type KeyedStage, startKeyedStage } from "./keyed-stage.ts";
import { type LiveRules, openLiveRules } from "./live-rules.ts";
import type { Format } from "./normalize/format.ts";
import { mappedJson } from "./normalize/generic/json-mapped.ts";
import { usableMappings } from "./normalize/mapping/mapping-folder.ts";
import { createNormalizer, type Normalizer } from "./normalize/normalizer.ts";
import { createRecordJoiner } from "./normalize/record-joiner.ts";
import { reloadAnswer, rulesAnswer, statusOf, untilIdle } from "./overview.ts";
import { createKeyRing, type KeyRing, loadMasterKey } from "./privacy/keys.ts";
import { createPrivacy } from "./privacy/protect.ts";
import { createSealer } from "./privacy/seal.ts";
import { startRetention } from "./retention.ts";
import type { Asker, Reload } from "./rule-swap.ts";
import { sourcesOf } from "./source-overview.ts";
import { startSourceWatch } from "./source-watch.ts";
import type { Store } from "./store/store.ts";
import { startTriage } from "./triage/triage.ts";
import { createTriageLink } from "./triage-link.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const CLOSE_GRACE_MS = 5000;
const RETRY_DELAY_MS = 1000;
const LINGER_MS = 5;

export interface RunOptions {
  readonly logger: Logger;
  readonly now?: () => number;
}

/** A running Heidewacht. */
export interface Running {
  readonly consoleUrl: string;
  /** Address of the HTTP input; undefined when it is off. */
  readonly inputUrl: string | undefined;
  /** The one-time code for the first account; undefined when there is one already. */
  readonly setupCode: string | undefined;
  /** Path of the master key when it was made just now. */
  readonly createdKey: string | undefined;
  /** Reads the rules anew and puts them in the place of the old ones. */
  readonly reloadRules: (by: Asker) => Promise<Reload>;
  readonly store: Store;
  readonly archive: Archive;
  readonly bus: Bus;
  /** Resolves when everything received so far is processed. */
  idle(tenant: string): Promise<void>;
  /** Stops the inputs, lets the stages finish what they began, closes the ports. */
  close(): Promise<void>;
}

/**
 * Starts every service on the embedded ports.
 * @throws AppError HW_PLACE_TAKEN, HW_CONFIG_INVALID, HW_STORE_VERSION; nothing stays open then
 */
export async function startHeidewacht(loaded: LoadedConfig, options: RunOptions): Promise<Running> {
  const closers: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (const one of closers.splice(0).reverse()) await one();
  };
  try {
    return { ...(await startAll(loaded, options, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Each step adds what undoes it to `closers`. */
async function startAll(
  { config, folder }: LoadedConfig,
  options: RunOptions,
  closers: (() => Promise<void> | void)[],
): Promise<Omit<Running, "close">> {
  const { logger, now = Date.now } = options;
  const at = (path: string) => (isAbsolute(path) ? path : join(folder, path));
  const dataDir = at(config.dataFolder);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  closers.push(lockFolder(dataDir));
  const formats = usableMappings(config.mappingFolders.map(at), config.language);
  const normalizer = createNormalizer({ mappings: config.mappings, formats });
  const keyFile = at(config.privacy.masterKeyFile);
  const { key, created } = loadMasterKey(keyFile);
  const ring = createKeyRing(key);
  const ports = openPorts(config, dataDir, createSealer(ring), logger);
  closers.push(
    () => ports.archive.close(),
    () => ports.store.close(),
    () => ports.bus.close(),
  );
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const activity = createActivity();
  const tenants = config.tenants.map((tenant) => tenant.id);
  const logSources = loadLogSources();
  const rules = await openLiveRules({
    ...{ config, at, dataDir, tenants, logSources, store: ports.store, logger, now },
  });
  const sources = await openSources(config, tenants, ports.store, now());
  warnOfMissingClasses(config, logger);
  registerSourceMetrics(registry, sources, tenants, now);
  registerRuleMetrics(registry, activity, tenants);
  const asked = askedFields(rules.current.engine.rules, logSources);
  const enrichment = { config: config.enrichment, at, asked, registry, logger };
  const { enricher, close: stopEnrichment } = await startEnrichment(enrichment);
  closers.push(stopEnrichment);
  rules.onSwap(({ engine }) => enricher.ask(askedFields(engine.rules, logSources)));
  const shared = { config, tenants, normalizer, ports, ring, rules, registry, enricher };
  const run: Run = { ...shared, formats, activity, sources, logger, now };
  closers.push(startRetention(tenants, ports, config.retention, now, logger));
  // Stopped after the stages: what they counted last is stored too.
  closers.push(watchSources(run));
  const stages = await startStages(run);
  closers.push(
    () => stages.close(),
    () => rules.close(),
  );
  closers.push(await rules.watch());
  const consoleUrl = await startConsole(run, closers);
  const ingest = await startIngest({
    config: config.inputs,
    bus: ports.bus,
    keys: createStoreShipperKeys(ports.store),
    registry,
    logger,
    configFolder: folder,
    stateFolder: dataDir,
    stdin: process.stdin,
    closeGraceMs: CLOSE_GRACE_MS,
  });
  // Stopped first of all: what was taken must have time to run through.
  closers.push(() => ingest.close());
  return {
    consoleUrl,
    inputUrl: ingest.url,
    setupCode: await issueSetupCode(ports.store, tenants[0] ?? "", now()),
    createdKey: created ? keyFile : undefined,
    reloadRules: rules.reload,
    ...ports,
    idle: (tenant) => untilIdle(ports.bus, tenant, () => stages.keyed.status(tenant).pending),
  };
}

/** What the parts of one start share. */
interface Run {
  readonly config: Config;
  readonly tenants: readonly string[];
  readonly normalizer: Normalizer;
  /** Of mapping files. */
  readonly formats: readonly Format[];
  readonly ports: Ports;
  readonly ring: KeyRing;
  readonly rules: LiveRules;
  readonly enricher: Enricher;
  readonly registry: Registry;
  readonly activity: Activity;
  readonly sources: SourceMonitor;
  readonly logger: Logger;
  readonly now: () => number;
}

function openSources(
  config: Config,
  tenants: readonly string[],
  store: Store,
  startedAt: number,
): Promise<SourceMonitor> {
  const configured = configuredSources(config.inputs);
  const silenceMinutesOf = sourceSetting(configured, "silenceMinutes");
  return openSourceMonitor({
    store,
    tenants,
    startedAt,
    silenceMsOf: (tenant, source) => {
      const minutes = silenceMinutesOf(tenant, source);
      return minutes === undefined ? undefined : minutes * MINUTE_MS;
    },
    isWatchedHost: criticalHosts(config),
  });
}

// By § 19 (1) NDIG only logs of five classes of sources may be evaluated; which one is for people to say.
function warnOfMissingClasses(config: Config, logger: Logger): void {
  const configured = configuredSources(config.inputs);
  const classOf = sourceSetting(configured, "ndigClass");
  const unclassed = configured.filter(({ tenant, source }) => !classOf(tenant, source));
  const sources = [...new Set(unclassed.map(({ source }) => source))];
  if (sources.length > 0) logger.warn({ sources }, "sources without NDIG class");
}

function watchSources({ config, tenants, ports, sources, activity, logger, now }: Run) {
  return startSourceWatch({
    ...{ bus: ports.bus, store: ports.store, monitor: sources, activity, tenants, logger, now },
    findingWindowMs: config.detection.findingWindowHours * HOUR_MS,
    startedAt: now(),
  });
}

/** Whether a host is named as critical by a tenant. */
function criticalHosts(config: Config): (host: string) => boolean {
  const patterns = config.tenants.flatMap((tenant) => tenant.criticalHosts).map(hostPattern);
  return (host) => patterns.some((pattern) => pattern.test(host));
}

function timeZonesOf({ tenants }: Config): (tenant: string) => string {
  return (tenant) => tenants.find((one) => one.id === tenant)?.timeZone ?? "Europe/Berlin";
}

async function startConsole(run: Run, closers: (() => Promise<void> | void)[]): Promise<string> {
  const { config, ports, rules, activity, sources, logger, registry, now } = run;
  const startedAt = now();
  const backtests = createBacktests({
    archive: ports.archive,
    engine: () => rules.current.engine,
    correlations: () => rules.current.rules.correlations,
    formats: [...config.mappings.map(mappedJson), ...run.formats],
    view: run.enricher.view,
    privacy: createPrivacy(run.ring),
    get reading() {
      return rules.reading;
    },
    timeZoneOf: timeZonesOf(config),
    findingWindowMs: config.detection.findingWindowHours * HOUR_MS,
    ...{ logger, now },
  });
  closers.push(() => backtests.close());
  const api = await createApi({
    store: ports.store,
    archive: ports.archive,
    logger,
    registry,
    clock: now,
    options: {
      language: config.language,
      publicUrl: config.console.publicUrl,
      tenantNames: Object.fromEntries(config.tenants.map(({ id, name }) => [id, name])),
      consoleFolder: consoleFolder(),
      limits: {
        sessionIdleMs: config.console.sessionIdleMinutes * MINUTE_MS,
        sessionAbsoluteMs: config.console.sessionHours * HOUR_MS,
      },
    },
    rules: (tenant) => rulesAnswer(rules.current, activity, tenant),
    reloadRules: async (by) => reloadAnswer(await rules.reload(by)),
    status: (tenant) => statusOf(tenant, ports.bus, activity, startedAt, now),
    sources: (tenant) =>
      sourcesOf(tenant, configuredSources(config.inputs), ports.store, {
        reports: sources.report(tenant, now()),
        activity: activity.sources(tenant, now()),
      }),
    triage: createTriageLink(ports.store, config.detection),
    backtests,
    ready: async () => {
      await ports.store.tenants();
      return true;
    },
  });
  const url = await listen(api, config.console.host, config.console.port);
  closers.push(() => api.close());
  return url;
}

// Triage first: a stage must be there before the one that feeds it.
async function startStages(run: Run): Promise<{ keyed: KeyedStage; close: () => Promise<void> }> {
  const { config, tenants, ports, ring, rules, registry, activity, sources, logger, now } = run;
  const dataClassOf = sourceSetting(configuredSources(config.inputs), "dataClass");
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
    },
    logger,
  );
  const keyed = await startKeyedStage({ ...run, detectors: () => rules.current.keyed });
  const detect = await startDetect(
    tenants,
    {
      bus: ports.bus,
      archive: ports.archive,
      normalizer: run.normalizer,
      joiner: createRecordJoiner(),
      enricher: run.enricher,
      privacy: createPrivacy(ring),
      rules: rules.rules,
      progress: keyed.progress,
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
  return {
    keyed,
    close: async () => {
      await detect.close();
      await keyed.close();
      await triage.close();
    },
  };
}

/** `dc*` as an expression without anything that could backtrack. */
function hostPattern(pattern: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i");
}

function consoleFolder(): string | undefined {
  const folder = fileURLToPath(new URL("console/dist", import.meta.url));
  return existsSync(folder) ? folder : undefined;
}

async function listen(
  api: Awaited<ReturnType<typeof createApi>>,
  host: string,
  port: number,
): Promise<string> {
  try {
    return await api.listen({ host, port });
  } catch (cause) {
    await api.close();
    if (!(cause instanceof Error) || !("code" in cause) || cause.code !== "EADDRINUSE") throw cause;
    throw new AppError("HW_PLACE_TAKEN", `Port ${port} auf ${host} ist belegt`, {
      place: "console.port",
      mend: "den anderen Dienst anhalten oder einen anderen Port wählen",
      cause,
    });
  }
}
