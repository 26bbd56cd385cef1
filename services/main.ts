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
import { createSigmaEngine, type SigmaEngine } from "../detectors/sigma/engine.ts";
import packageJson from "../package.json" with { type: "json" };
import type { PipelineStatus, RulesAnswer } from "./api/schemas.ts";
import { createApi } from "./api/server.ts";
import { issueSetupCode } from "./api/setup.ts";
import { createStoreShipperKeys } from "./api/shipper-keys.ts";
import type { Archive } from "./archive/archive.ts";
import { openEmbeddedArchive } from "./archive/embedded.ts";
import type { Bus, Sealer, TopicSettings } from "./bus/bus.ts";
import { openEmbeddedBus } from "./bus/embedded.ts";
import { type Activity, createActivity } from "./detect/activity.ts";
import { startDetect } from "./detect/detect.ts";
import { createDetectMetrics } from "./detect/metrics.ts";
import { lockFolder } from "./folder-lock.ts";
import { startIngest } from "./ingest/ingest.ts";
import { createNormalizer } from "./normalize/normalizer.ts";
import { createKeyRing, loadMasterKey } from "./privacy/keys.ts";
import { createPrivacy } from "./privacy/protect.ts";
import { createSealer } from "./privacy/seal.ts";
import { startRetention } from "./retention.ts";
import { loadRuleSet, type RuleSet, STARTER_PACK } from "./rules/rule-set.ts";
import { openEmbeddedStore } from "./store/embedded.ts";
import type { Store } from "./store/store.ts";
import { startTriage } from "./triage/triage.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const CLOSE_GRACE_MS = 5000;
const RETRY_DELAY_MS = 1000;
/** Signals are small; a week of them is there for a replay. */
const SIGNAL_DAYS = 7;
const SIGNAL_BYTES_MAX = 2_000_000_000;
const LINGER_MS = 5;
const IDLE_POLL_MS = 50;

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
  readonly rules: RuleSet;
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
  const { config, folder } = loaded;
  const { logger, now = Date.now } = options;
  const at = (path: string) => (isAbsolute(path) ? path : join(folder, path));
  const dataDir = at(config.dataFolder);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const closers: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (const one of closers.splice(0).reverse()) await one();
  };
  try {
    closers.push(lockFolder(dataDir));
    const keyFile = at(config.privacy.masterKeyFile);
    const { key, created } = loadMasterKey(keyFile);
    const ring = createKeyRing(key);
    const ports = openPorts(config, dataDir, createSealer(ring), logger);
    closers.push(
      () => ports.archive.close(),
      () => ports.store.close(),
      () => ports.bus.close(),
    );
    const rules = await loadRules(config, at, logger);
    const engine = createSigmaEngine({ rules: rules.rules, logSources: loadLogSources() });
    for (const fault of engine.faults) logger.warn({ ...fault }, "a rule was left out");
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const activity = createActivity();
    const tenants = config.tenants.map((tenant) => tenant.id);
    closers.push(startRetention(tenants, ports, config.retention, now, logger));
    closers.push(
      await startStages(config, tenants, ports, ring, engine, registry, activity, options),
    );
    const ingest = await startIngest({
      config: config.inputs,
      bus: ports.bus,
      keys: createStoreShipperKeys(ports.store),
      registry,
      logger,
      stateFolder: dataDir,
      stdin: process.stdin,
      closeGraceMs: CLOSE_GRACE_MS,
    });
    const setupCode = await issueSetupCode(ports.store, tenants[0] ?? "", now());
    const startedAt = now();
    const api = await createApi({
      store: ports.store,
      archive: ports.archive,
      logger,
      registry,
      clock: now,
      options: {
        language: config.language,
        publicUrl: config.console.publicUrl,
        consoleFolder: consoleFolder(),
        limits: {
          sessionIdleMs: config.console.sessionIdleMinutes * 60_000,
          sessionAbsoluteMs: config.console.sessionHours * HOUR_MS,
        },
      },
      rules: (tenant) => rulesAnswer(engine, rules, activity, tenant),
      status: (tenant) => statusOf(tenant, ports.bus, activity, startedAt, now),
      ready: async () => (await ports.store.tenants(), true),
    });
    const consoleUrl = await listen(api, config.console.host, config.console.port);
    closers.push(() => api.close());
    // Stopped first of all: what was taken must have time to run through.
    closers.push(() => ingest.close());
    return {
      consoleUrl,
      inputUrl: ingest.url,
      setupCode,
      createdKey: created ? keyFile : undefined,
      rules,
      ...ports,
      idle: (tenant) => untilIdle(ports.bus, tenant),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Ports {
  readonly bus: Bus;
  readonly store: Store;
  readonly archive: Archive;
}

function openPorts(config: Config, dataDir: string, sealer: Sealer, logger: Logger): Ports {
  return {
    bus: openEmbeddedBus({
      dataDir,
      topics: topicsOf(config),
      sealer,
      sealedTopics: ["raw", "dead-letter"],
    }),
    store: openEmbeddedStore({ dataDir }),
    archive: openEmbeddedArchive({
      dataDir,
      onDamage: (error) => logger.error({ err: error, place: error.place }, "archive damaged"),
    }),
  };
}

function topicsOf(config: Config): TopicSettings[] {
  const { queue, retention } = config;
  const shared = { compacted: false, backlogBytesMax: queue.backlogBytesMax };
  return [
    {
      ...shared,
      name: "raw",
      partitions: queue.partitions,
      retentionMs: retention.originalDays * DAY_MS,
      retentionBytes: retention.rawBytesMax,
    },
    {
      ...shared,
      name: "signals",
      partitions: 1,
      retentionMs: SIGNAL_DAYS * DAY_MS,
      retentionBytes: SIGNAL_BYTES_MAX,
    },
    {
      ...shared,
      name: "dead-letter",
      partitions: 1,
      retentionMs: retention.deadLetterDays * DAY_MS,
      retentionBytes: retention.rawBytesMax,
    },
  ];
}

async function loadRules(
  config: Config,
  at: (path: string) => string,
  logger: Logger,
): Promise<RuleSet> {
  const { starterPack, ruleFolders } = config.detection;
  const rules = await loadRuleSet([...(starterPack ? [STARTER_PACK] : []), ...ruleFolders.map(at)]);
  for (const fault of rules.faults) logger.warn({ ...fault }, "a rule was left out");
  logger.info({ rules: rules.rules.length, faults: rules.faults.length }, "rules loaded");
  return rules;
}

// Triage first: a stage must be there before the one that feeds it.
async function startStages(
  config: Config,
  tenants: readonly string[],
  ports: Ports,
  ring: ReturnType<typeof createKeyRing>,
  engine: SigmaEngine,
  registry: Registry,
  activity: Activity,
  options: RunOptions,
): Promise<() => Promise<void>> {
  const { logger, now = Date.now } = options;
  const critical = config.tenants.flatMap((tenant) => tenant.criticalHosts).map(hostPattern);
  const triage = await startTriage(
    ports.bus,
    ports.store,
    tenants,
    {
      findingWindowMs: config.detection.findingWindowHours * HOUR_MS,
      recordsPerBatchMax: config.detection.recordsPerBatchMax,
      retryDelayMs: RETRY_DELAY_MS,
      language: config.language,
      timeZoneOf: (tenant) =>
        config.tenants.find((one) => one.id === tenant)?.timeZone ?? "Europe/Berlin",
      isCriticalHost: (host) => critical.some((pattern) => pattern.test(host)),
    },
    logger,
  );
  const detect = await startDetect(
    tenants,
    {
      bus: ports.bus,
      archive: ports.archive,
      normalizer: createNormalizer({ mappings: [] }),
      privacy: createPrivacy(ring),
      rules: () => engine,
      metrics: createDetectMetrics(registry),
      activity,
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
    await triage.close();
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

function rulesAnswer(
  engine: SigmaEngine,
  rules: RuleSet,
  activity: Activity,
  tenant: string,
): RulesAnswer {
  const hits = activity.hits(tenant);
  return {
    rules: engine.rules.map(({ info }) => {
      const seen = hits.get(info.id);
      return {
        ...info,
        techniques: [...info.techniques],
        tactics: [...info.tactics],
        falsePositives: [...info.falsePositives],
        references: [...info.references],
        response: [...info.response],
        hits: seen?.hits ?? 0,
        ...(seen === undefined ? {} : { lastHitAt: seen.lastHitAt }),
      };
    }),
    faults: [...rules.faults, ...engine.faults].map(({ place, code, message }) => ({
      place,
      code,
      message,
    })),
  };
}

const GROUPS = [
  ["raw", "detect"],
  ["signals", "triage"],
] as const;

async function statusOf(
  tenant: string,
  bus: Bus,
  activity: Activity,
  startedAt: number,
  now: () => number,
): Promise<PipelineStatus> {
  const sources = activity.sources(tenant, now());
  const lag = await Promise.all(
    GROUPS.map(async ([topic, group]) => ({
      topic,
      group,
      ...(await bus.lag(tenant, topic, group)),
    })),
  );
  return {
    version: packageJson.version,
    startedAt,
    eventsPerSecond: sources.reduce((sum, source) => sum + source.eventsPerSecond, 0),
    lagMs: 0,
    lag,
    sources,
  };
}

async function untilIdle(bus: Bus, tenant: string): Promise<void> {
  for (const [topic, group] of GROUPS) {
    while ((await bus.lag(tenant, topic, group)).records > 0) {
      await new Promise((resolve) => setTimeout(resolve, IDLE_POLL_MS));
    }
  }
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
