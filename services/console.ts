// Wires the API and the console: what they are told of the running stages, and where they listen.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { AppError } from "../config/errors.ts";
import { configuredSources } from "../config/sources.ts";
import type { ApiOptions } from "./api/context.ts";
import type { ReportProvider } from "./api/report-provider.ts";
import { createApi } from "./api/server.ts";
import { BESIDE_DETECTION, createTurns } from "./backtest/turns.ts";
import { createBacktests } from "./backtests.ts";
import { blockListsOf } from "./block-lists.ts";
import { startBoards } from "./board-link.ts";
import { createDayMarks } from "./day-marks.ts";
import { readSourceReports } from "./detect/source-monitor.ts";
import { createFindingContextLink } from "./finding-context.ts";
import type { Heartbeat } from "./heartbeat.ts";
import type { KpiStage } from "./kpi/kpi.ts";
import { createKpiLink } from "./kpi-link.ts";
import { clockProfiles } from "./legal-clocks.ts";
import { createModelJobs } from "./models/model-jobs.ts";
import { mappedJson } from "./normalize/generic/json-mapped.ts";
import { pagingOpener, smsAnswers } from "./notify-stage.ts";
import { reloadAnswer, rulesAnswer, statusOf } from "./overview.ts";
import type { Processes } from "./process-status.ts";
import { createReports, type ReportsParts, reportRules } from "./report-link.ts";
import { startReportSchedule } from "./report-schedule.ts";
import { criticalHosts, kpiTargetsOf, type RuleRun, timeZonesOf } from "./run.ts";
import type { SharedReload } from "./shared-reload.ts";
import { sourcesOf } from "./source-overview.ts";
import { textProtector } from "./text-protector.ts";
import { createTriageLink } from "./triage-link.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/**
 * Starts the API with the console; each step adds what undoes it to `closers`.
 * @returns its address
 * @throws AppError HW_PLACE_TAKEN
 */
export async function startConsole(
  run: RuleRun,
  {
    processes,
    reloads,
    kpi,
    heartbeat,
  }: {
    readonly processes: Processes;
    readonly reloads: SharedReload;
    /** Undefined where it runs in another process. */
    readonly kpi: KpiStage | undefined;
    readonly heartbeat: (userAgent: string | undefined) => Promise<Heartbeat>;
  },
  closers: (() => Promise<void> | void)[],
): Promise<string> {
  const { config, ports, rules, logger, registry, now } = run;
  const startedAt = now();
  const opener = pagingOpener(run);
  const backtests = createBacktests({
    archive: ports.archive,
    engine: () => rules.current.engine,
    correlations: () => rules.current.rules.correlations,
    formats: [...config.mappings.map(mappedJson), ...run.formats],
    view: run.enricher.view,
    privacy: run.identities.privacy,
    get reading() {
      return rules.reading;
    },
    timeZoneOf: timeZonesOf(config),
    findingWindowMs: config.detection.findingWindowHours * HOUR_MS,
    ...{ logger, now },
  });
  closers.push(() => backtests.close());
  const models = createModelJobs({
    ...{ store: ports.store, archive: ports.archive, backend: config.anomaly.backend, logger, now },
    turns: () => createTurns(BESIDE_DETECTION),
  });
  closers.push(() => models.close());
  const sources = async (tenant: string) =>
    sourcesOf(tenant, configuredSources(config.inputs), ports.store, {
      reports: await readSourceReports(ports.store, tenant),
      activity: (await processes.view(tenant)).activity.sources(tenant, now()),
    });
  const api = await createApi({
    store: ports.store,
    archive: ports.archive,
    logger,
    registry,
    clock: now,
    options: optionsOf(run),
    rules: async (tenant) => {
      const view = await processes.view(tenant);
      return rulesAnswer(rules.current, view.activity, tenant, view.processes);
    },
    reloadRules: async (by) => reloadAnswer(await reloads.ask(by)),
    status: async (tenant) =>
      statusOf(tenant, ports.bus, await processes.view(tenant), startedAt, now),
    sources,
    resolveIdentity: run.identities.resolve,
    protectText: textProtector(run.identities.privacy),
    triage: createTriageLink(ports.store, {
      ...config.detection,
      language: config.language,
      timeZoneOf: timeZonesOf(config),
      isCriticalHost: criticalHosts(config),
      ...(opener === undefined ? {} : { openPaging: opener }),
      ...(config.anomaly.enabled
        ? { onChanged: createDayMarks({ store: ports.store, bus: ports.bus, logger, now }) }
        : {}),
    }),
    paging: { config: config.paging, keys: run.ring, sms: smsAnswers(run) },
    backtests,
    models,
    kpi: createKpiLink({
      ...{ store: ports.store, now, timeZoneOf: timeZonesOf(config) },
      targetsOf: kpiTargetsOf(config),
      ledgerOf: (tenant) => kpi?.ledgerOf(tenant),
    }),
    reports: startReports(run, sources, closers),
    boards: startBoards(run, closers),
    findingContext: createFindingContextLink({
      ...{ enricher: run.enricher, store: ports.store, language: config.language, logger, now },
      config: config.enrichment.context,
    }),
    ready: async () => {
      await ports.store.tenants();
      return true;
    },
    heartbeat,
  });
  const url = await listen(api, config.console.host, config.console.port);
  closers.push(() => api.close());
  return url;
}

/** With what publishes and sends them by itself. */
function startReports(
  { config, ports, rules, logger, now, at }: RuleRun,
  sources: ReportsParts["sources"],
  closers: (() => Promise<void> | void)[],
): ReportProvider {
  const parts = {
    ...{ store: ports.store, config, at, now, sources },
    rules: () => reportRules(rules.current),
  };
  const reports = createReports(parts);
  closers.push(startReportSchedule(parts, reports, logger));
  return reports;
}

function optionsOf({ config, at }: RuleRun): ApiOptions {
  return {
    language: config.language,
    publicUrl: config.console.publicUrl,
    metricsTokenSha256: config.console.metricsTokenSha256,
    tenantNames: Object.fromEntries(config.tenants.map(({ id, name }) => [id, name])),
    timeZoneOf: timeZonesOf(config),
    blockLists: blockListsOf(config, at),
    consoleFolder: consoleFolder(),
    clockProfileOf: clockProfiles(config),
    anomaly: config.anomaly,
    limits: {
      sessionIdleMs: config.console.sessionIdleMinutes * MINUTE_MS,
      sessionAbsoluteMs: config.console.sessionHours * HOUR_MS,
    },
  };
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
