// The only wiring: opens the ports, starts the services that this process runs in the order against the
// flow of data, and stops them with it, so that nothing that was accepted is lost.
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { hostname } from "node:os";
import { isAbsolute, join } from "node:path";
import type { Logger } from "pino";
import { collectDefaultMetrics, Registry } from "prom-client";
import type { LoadedConfig } from "../config/load.ts";
import { loadLogSources } from "../config/log-sources.ts";
import type { Config } from "../config/schema.ts";
import type { ServiceName } from "../config/services.ts";
import { configuredSources, sourceSetting } from "../config/sources.ts";
import packageJson from "../package.json" with { type: "json" };
import { startAnchoring } from "./anchoring.ts";
import { issueSetupCode } from "./api/setup.ts";
import { createStoreShipperKeys } from "./api/shipper-keys.ts";
import type { Archive } from "./archive/archive.ts";
import type { Bus } from "./bus/bus.ts";
import { registerBusMetrics } from "./bus-metrics.ts";
import { startConsole } from "./console.ts";
import { createActivity } from "./detect/activity.ts";
import { registerRuleMetrics } from "./detect/rule-metrics.ts";
import { registerSourceMetrics } from "./detect/source-metrics.ts";
import { createSourceMonitor } from "./detect/source-monitor.ts";
import { askedFields } from "./enrich/asked-fields.ts";
import { startEnrichment } from "./enrichment.ts";
import { startExplainStage } from "./explain-stage.ts";
import { lockFolder } from "./folder-lock.ts";
import { createHeartbeat, createPulses, followBus, type Heartbeat } from "./heartbeat.ts";
import { startIdentities } from "./identities.ts";
import { startIngest } from "./ingest/ingest.ts";
import { startKpiStage } from "./kpi-link.ts";
import { startLegalClocks } from "./legal-clocks.ts";
import { openLiveRules } from "./live-rules.ts";
import { openMasterKey } from "./master-key.ts";
import { startModelStage } from "./model-stage.ts";
import { startMonitoring } from "./monitoring-server.ts";
import { usableMappings } from "./normalize/mapping/mapping-folder.ts";
import { startNotifyStage } from "./notify-stage.ts";
import { untilIdle } from "./overview.ts";
import { refusePagingFaults } from "./paging-check.ts";
import { registerProcessMetrics } from "./process-metrics.ts";
import { startProcesses } from "./process-status.ts";
import { startRetention } from "./retention.ts";
import { trackRuleState } from "./rule-state.ts";
import type { Asker, Reload } from "./rule-swap.ts";
import type { RuleRun, Run } from "./run.ts";
import { openWhenThere } from "./server-wait.ts";
import { shareReloads } from "./shared-reload.ts";
import { startSourceWatch } from "./source-watch.ts";
import { RULE_SERVICES, startBaselineStage, startDetectStage, startTriageStage } from "./stages.ts";
import type { Store } from "./store/store.ts";
import { startSuspicionReports } from "./suspicion-link.ts";
import { watchWatchdog } from "./watchdog-watch.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const CLOSE_GRACE_MS = 5000;

type Closers = (() => Promise<void> | void)[];

const monotonicMs = () => performance.now();

const NO_RULES = async (): Promise<Reload> => ({ kind: "unchanged" });

export interface RunOptions {
  readonly logger: Logger;
  readonly now?: () => number;
  /** Milliseconds that only go forward, whatever is done to the clock; for tests. */
  readonly steadyNow?: () => number;
  /** Ends a start that waits for servers. */
  readonly signal?: AbortSignal;
}

/** A running Heidewacht. */
export interface Running {
  /** Undefined where this process does not run the API. */
  readonly consoleUrl: string | undefined;
  /** Health and figures of a process without the API. */
  readonly monitoringUrl: string | undefined;
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
 * Starts the services of the configuration.
 * @throws AppError HW_PLACE_TAKEN, HW_CONFIG_INVALID, HW_STORE_VERSION, HW_CLOSED when told to stop
 * meanwhile; nothing stays open then
 */
export async function startHeidewacht(loaded: LoadedConfig, options: RunOptions): Promise<Running> {
  const closers: Closers = [];
  const close = async () => {
    for (const one of closers.splice(0).reverse()) await one();
  };
  let stopped: Promise<void> | undefined;
  // Closed ports let go of whatever waits for their servers.
  const stop = () => {
    stopped = close();
    stopped.catch(() => undefined);
  };
  options.signal?.addEventListener("abort", stop, { once: true });
  try {
    return { ...(await startAll(loaded, options, closers)), close };
  } catch (error) {
    await stopped;
    await close();
    throw error;
  } finally {
    options.signal?.removeEventListener("abort", stop);
  }
}

/** Each step adds what undoes it to `closers`. */
async function startAll(
  loaded: LoadedConfig,
  options: RunOptions,
  closers: Closers,
): Promise<Omit<Running, "close">> {
  const { config } = loaded;
  refusePagingFaults(loaded, (options.now ?? Date.now)(), options.logger);
  const { run, createdKey } = await openRun(loaded, options, closers);
  const { ports, tenants, logger, now } = run;
  const rules = RULE_SERVICES.some(run.runs) ? await openRules(run, closers) : undefined;
  const shared = shareState(run, rules, closers);
  const heartbeat = tellHeartbeat(run, options, closers);
  if (run.runs("triage")) {
    closers.push(startRetention(tenants, ports, config.retention, now, logger));
    const { anchor } = config.audit;
    const folder = anchor.folder === undefined ? {} : { folder: run.at(anchor.folder) };
    const { store } = ports;
    const anchoring = { store, tenants, ring: run.ring, anchor: { ...anchor, ...folder } };
    closers.push(startAnchoring({ ...anchoring, now, logger }));
    closers.push(startLegalClocks({ config, store: ports.store, tenants, now, logger }));
  }
  // Stopped after the stages: what they counted last is stored too.
  if (run.runs("baseline")) closers.push(await watchSources(run));
  const kpi = run.runs("triage") ? startKpiStage(run) : undefined;
  if (kpi !== undefined) closers.push(() => kpi.close());
  if (run.runs("triage")) closers.push(await startTriageStage(run), startSuspicionReports(run));
  // Stopped before triage: what that opens last stands in the store.
  if (run.runs("notify")) closers.push(startNotifyStage(run));
  if (run.runs("explain")) closers.push(startExplainStage(run));
  const keyed = rules && run.runs("baseline") ? await startBaselineStage(rules) : undefined;
  if (keyed !== undefined) closers.push(() => keyed.close());
  if (rules && run.runs("detect")) closers.push(await startDetectStage(rules));
  if (rules) closers.push(() => rules.rules.close(), await rules.rules.watch());
  const consoleUrl =
    rules && run.runs("api")
      ? await startConsole(rules, { ...shared, kpi, heartbeat }, closers)
      : undefined;
  const monitoringUrl =
    consoleUrl === undefined ? await monitor(run, heartbeat, closers) : undefined;
  return {
    consoleUrl,
    monitoringUrl,
    inputUrl: run.runs("ingest") ? await openInputs(run, loaded.folder, closers) : undefined,
    setupCode: run.runs("api")
      ? await issueSetupCode(ports.store, tenants[0] ?? "", now())
      : undefined,
    createdKey,
    reloadRules: rules?.rules.reload ?? NO_RULES,
    ...ports,
    idle: (tenant) => untilIdle(ports.bus, tenant, () => keyed?.status(tenant).pending ?? 0),
  };
}

async function openRun({ config, folder }: LoadedConfig, options: RunOptions, closers: Closers) {
  const { logger, now = Date.now, steadyNow = monotonicMs } = options;
  const at = (path: string) => (isAbsolute(path) ? path : join(folder, path));
  const dataDir = at(config.dataFolder);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const runs = (service: ServiceName) => config.services.includes(service);
  // Where all lies on servers, a folder holds what inputs remember of their files, and a cache.
  const isOwner = [config.bus.kind, config.store.kind].includes("embedded") || runs("ingest");
  if (isOwner) closers.push(lockFolder(dataDir));
  const { ring, createdKey } = openMasterKey(config, at);
  const tenants = config.tenants.map((tenant) => tenant.id);
  const parts = { config, at, dataDir, ring, logger, signal: options.signal };
  const opened = await openWhenThere({ ...parts, tenants, now }, (open) => {
    closers.push(
      () => open.archive.close(),
      () => open.store.close(),
      () => open.bus.close(),
    );
  });
  const pulses = createPulses(steadyNow);
  for (const service of ["ingest", "api"] as const) if (runs(service)) pulses.runs(service);
  const ports = { ...opened, bus: followBus(opened.bus, pulses) };
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  registerProcessMetrics({ registry, pulses, dataDir, logger });
  const activity = createActivity();
  if (runs("triage")) registerBusMetrics({ registry, bus: ports.bus, tenants, logger, now });
  if (runs("detect")) {
    warnOfMissingClasses(config, logger);
    registerRuleMetrics(registry, activity, tenants);
  }
  const about = { config, tenants, store: ports.store, ring, registry, logger, now, at };
  const { identities, close } = await startIdentities({ ...about, rotates: runs("triage") });
  closers.push(close);
  const shared = { config, tenants, ports, ring, identities, registry, activity, pulses };
  const run: Run = { ...shared, logger, now, at, dataDir, runs };
  return { run, createdKey };
}

async function openRules(run: Run, closers: Closers): Promise<RuleRun> {
  const { config, at, registry, logger, now } = run;
  const formats = usableMappings(config.mappingFolders.map(at), config.language);
  const logSources = loadLogSources();
  const { store } = run.ports;
  const asksModels = config.anomaly.enabled && run.runs("baseline");
  const { backend } = config.anomaly;
  const models = asksModels ? await startModelStage({ ...run, store, backend }) : undefined;
  // Closed after the stage that asks them.
  if (models !== undefined) closers.push(() => models.close());
  const rules = await openLiveRules({ ...run, logSources, store, modelsOf: models?.modelsOf });
  const asked = askedFields(rules.current.engine.rules, logSources);
  const enrichment = { config: config.enrichment, at, asked, registry, logger, now };
  const { enricher, close } = await startEnrichment(enrichment);
  closers.push(close);
  rules.onSwap(({ engine }) => enricher.ask(askedFields(engine.rules, logSources)));
  return { ...run, formats, rules, enricher };
}

/** What this process and all others tell each other. */
function shareState(run: Run, rules: RuleRun | undefined, closers: Closers) {
  const { config, ports, logger, now } = run;
  const instance = `${hostname()}-${process.pid}-${randomBytes(2).toString("hex")}`;
  const about = { services: config.services, version: packageJson.version, startedAt: now() };
  const processes = startProcesses({
    ...run,
    store: ports.store,
    about: { instance, ...about },
    rules: rules === undefined ? () => undefined : trackRuleState(rules.rules, logger),
  });
  closers.push(() => processes.close());
  const reload = rules?.rules.reload ?? NO_RULES;
  const reloads = shareReloads({ store: ports.store, instance, reload, logger, now });
  closers.push(() => reloads.close());
  return { processes, reloads };
}

async function openInputs(
  { config, ports, registry, logger, dataDir }: Run,
  folder: string,
  closers: Closers,
): Promise<string | undefined> {
  const ingest = await startIngest({
    config: config.inputs,
    busConfig: config.bus,
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
  return ingest.url;
}

/** How this process says that its stages get on, to a watchdog that it watches itself. */
function tellHeartbeat(
  { pulses, ports, tenants, registry, logger }: Run,
  { steadyNow = monotonicMs }: RunOptions,
  closers: Closers,
): (userAgent: string | undefined) => Promise<Heartbeat> {
  const heartbeat = createHeartbeat({ pulses, ports, tenants, steadyNow });
  const watch = watchWatchdog({ registry, logger, steadyNow });
  closers.push(() => watch.close());
  return (userAgent) => {
    watch.asked(userAgent);
    return heartbeat();
  };
}

async function monitor(
  { config, ports, registry, logger }: Run,
  heartbeat: (userAgent: string | undefined) => Promise<Heartbeat>,
  closers: Closers,
) {
  const { host, port } = config.monitoring;
  const ready = async () => {
    await ports.store.tenants();
    return [];
  };
  const monitoring = await startMonitoring({ host, port, registry, ready, heartbeat, logger });
  closers.push(() => monitoring.close());
  return monitoring.url;
}

// By § 19 (1) NDIG only logs of five classes of sources may be evaluated; which one is for people to say.
function warnOfMissingClasses(config: Config, logger: Logger): void {
  const configured = configuredSources(config.inputs);
  const classOf = sourceSetting(configured, "ndigClass");
  const unclassed = configured.filter(({ tenant, source }) => !classOf(tenant, source));
  const sources = [...new Set(unclassed.map(({ source }) => source))];
  if (sources.length > 0) logger.warn({ sources }, "sources without NDIG class");
}

function watchSources({ config, tenants, ports, registry, logger, now }: Run) {
  const silenceMinutesOf = sourceSetting(configuredSources(config.inputs), "silenceMinutes");
  const startedAt = now();
  const monitor = createSourceMonitor({
    store: ports.store,
    startedAt,
    silenceMsOf: (tenant, source) => {
      const minutes = silenceMinutesOf(tenant, source);
      return minutes === undefined ? undefined : minutes * MINUTE_MS;
    },
  });
  registerSourceMetrics(registry, monitor, tenants, now);
  return startSourceWatch({
    ...{ bus: ports.bus, store: ports.store, monitor, tenants, startedAt, logger, now },
    findingWindowMs: config.detection.findingWindowHours * HOUR_MS,
  });
}
