// The real API over the real embedded store and archive, in a folder of its own, for the console's browser
// tests. What main would tell the API about rules and sources is written here.

import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { collectDefaultMetrics, Registry } from "prom-client";
import { enrichmentSchema } from "../../config/enrichment.ts";
import { loadLogSources } from "../../config/log-sources.ts";
import { configSchema } from "../../config/schema.ts";
import { BOARDS } from "../../dashboards/boards.ts";
import type { EcsDocument } from "../../detectors/event.ts";
import { createSigmaEngine } from "../../detectors/sigma/engine.ts";
import { PLAIN_READING } from "../../detectors/sigma/reading.ts";
import { createAccount } from "../../services/api/accounts.ts";
import { createApi } from "../../services/api/server.ts";
import { issueSetupCode } from "../../services/api/setup.ts";
import type { Archive } from "../../services/archive/archive.ts";
import { openEmbeddedArchive } from "../../services/archive/embedded.ts";
import { createBacktests } from "../../services/backtests.ts";
import { boardPanel, metricNames } from "../../services/boards/boards.ts";
import { MetricMemory, SAMPLE_MS } from "../../services/boards/metric-memory.ts";
import { createFindingContextLink } from "../../services/finding-context.ts";
import { createKpiLink } from "../../services/kpi-link.ts";
import { createModelJobs } from "../../services/models/model-jobs.ts";
import { createKeyRing } from "../../services/privacy/keys.ts";
import { createPrivacy } from "../../services/privacy/protect.ts";
import { createReports } from "../../services/report-link.ts";
import { loadRuleSet, STARTER_PACK } from "../../services/rules/rule-set.ts";
import { openEmbeddedStore } from "../../services/store/embedded.ts";
import type { Finding } from "../../services/store/finding.ts";
import { FINDING_KIND } from "../../services/store/kinds.ts";
import type { Store } from "../../services/store/store.ts";
import { createTriageLink } from "../../services/triage-link.ts";
import { pipelineStatus, rulesOverview, sourcesOverview } from "./console-overviews.ts";
import { PAGING_LINK } from "./console-paging.ts";

export interface ConsoleServer {
  readonly url: string;
  /** For the first account; undefined when there is one. */
  readonly setupCode: string | undefined;
  /** Adds or replaces a finding, as the pipeline would: the live streams are told. */
  readonly put: (finding: Finding) => Promise<void>;
  readonly get: (id: string) => Promise<Finding | undefined>;
  /** Groups the findings around these times anew, as the pipeline would. */
  readonly regroup: (times: readonly number[]) => Promise<void>;
  readonly store: Store;
  readonly close: () => Promise<void>;
}

export const ACCOUNT = { name: "sichtung", password: "richtig-langes-Passwort" };
export const ADMIN = { name: "verwaltung", password: "auch-ein-langes-Passwort" };
export const MANAGEMENT = { name: "leitung", password: "noch-ein-langes-Passwort" };
export const TENANT = "lklg";
/** What its KPIs are measured against. */
const TARGETS = [
  { validFrom: "2025-01-01", recoveryHours: 48, falseAlarmsPerIncident: 12 },
  {
    ...{ validFrom: "2026-01-01", reason: "Beschluss der Leitungsrunde", correctiveHours: 120 },
    ...{ identificationHours: 24, recoveryHours: 36, falseAlarmsPerIncident: 10 },
    containedShare: 0.8,
  },
];
/** What reports are made with. */
const REPORT_CONFIG = configSchema.parse({
  tenants: [{ id: TENANT, name: "Landkreis Heidetal", kpiTargets: TARGETS }],
});
/** Done in a second. */
const SMALL_TRAINING = {
  ...{ ownFamilies: 21, namesPerFamily: 20, usualMax: 1500, networks: 1, epochs: 3 },
};
/** Just after the newest simulated event, so that the event search's day covers it. */
const START = Date.UTC(2026, 10, 20, 9, 41);
const FINDINGS_WITH_ARCHIVED_EVENTS = 20;
/** What this tenant reports to authorities. */
const CLOCKS = { clocks: ["gdpr_art33"], ndigHours: undefined, timeZone: "Europe/Berlin" } as const;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Turns the direction of what follows; must be shown, not obeyed. */
const HOSTILE_MARK = "\u202E";

/** Writes account, findings and the events of the first ones; the folder is copied for every server. */
export async function prepareData(findings: readonly Finding[]): Promise<string> {
  const dataDir = freshFolder();
  const store = openEmbeddedStore({ dataDir });
  const archive = openEmbeddedArchive({ dataDir, onDamage: failTest });
  const settings = { tenant: TENANT, passwordChangeDue: false, createdAt: START };
  await createAccount(store, { ...settings, ...ACCOUNT, role: "analyst" });
  await createAccount(store, { ...settings, ...ADMIN, role: "admin" });
  await createAccount(store, { ...settings, ...MANAGEMENT, role: "management" });
  await Promise.all(
    findings.map((finding) => store.put(TENANT, FINDING_KIND, finding.id, finding)),
  );
  await archiveEvents(archive, findings.slice(0, FINDINGS_WITH_ARCHIVED_EVENTS));
  await archivePast(archive);
  await archive.close();
  await store.close();
  return dataDir;
}

/**
 * Starts the server on a free loopback port with the built console.
 * @param prepared data to begin with; without it the server waits for its first account
 */
export async function startConsoleServer(dist: string, prepared?: string): Promise<ConsoleServer> {
  const dataDir = freshFolder();
  if (prepared !== undefined) cpSync(prepared, dataDir, { recursive: true });
  const store = openEmbeddedStore({ dataDir });
  const archive = openEmbeddedArchive({ dataDir, onDamage: failTest });
  const startedAt = Date.now();
  const clock = () => START + Date.now() - startedAt;
  const setupCode = await issueSetupCode(store, TENANT, clock());
  const { rules, correlations } = await loadRuleSet([STARTER_PACK]);
  const engine = createSigmaEngine({ rules, logSources: loadLogSources() });
  const backtests = createBacktests({
    ...{ archive, engine: () => engine, formats: [], view: (event) => event, now: clock },
    correlations: () => correlations,
    ...{ reading: PLAIN_READING, timeZoneOf: () => "Europe/Berlin", findingWindowMs: HOUR_MS },
    privacy: createPrivacy(createKeyRing(Buffer.alloc(32, 7))),
    logger: pino({ level: "silent" }),
  });
  const models = createModelJobs({
    ...{ store, archive, backend: "wasm", turns: () => () => undefined, now: clock },
    size: SMALL_TRAINING,
    logger: pino({ level: "silent" }),
  });
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const memory = await sampledMemory(registry, clock());
  const triage = createTriageLink(store, { inhibitions: [], riskThreshold: 30 });
  const api = await createApi({
    store,
    archive,
    options: {
      language: "de",
      tenantNames: { [TENANT]: "Landkreis Heidetal" },
      consoleFolder: dist,
      clockProfileOf: () => CLOCKS,
      anomaly: { enabled: true, findingsPerDay: 3 },
    },
    logger: pino({ level: "silent" }),
    registry,
    clock,
    rules: async () => rulesOverview(START),
    reloadRules: async () => ({ kind: "changed", added: 3, removed: 0, changed: 1 }),
    status: () => pipelineStatus(clock()),
    sources: () => sourcesOverview(clock()),
    triage,
    paging: PAGING_LINK,
    backtests,
    models,
    kpi: createKpiLink({
      ...{ store, now: clock, timeZoneOf: () => "Europe/Berlin" },
      targetsOf: () => TARGETS,
    }),
    boards: (tenant, asked, range) =>
      boardPanel(
        { boards: BOARDS, store, memory, timeZoneOf: () => "Europe/Berlin" },
        tenant,
        asked,
        range,
      ),
    reports: createReports({
      ...{ store, config: REPORT_CONFIG, at: (path) => path, now: clock },
      rules: () => ({ rules: rules.map(({ info }) => info), faults: 0, leftOut: 0 }),
      sources: async () => [],
    }),
    findingContext: createFindingContextLink({
      config: enrichmentSchema.parse({}).context,
      enricher: { document: registerOfTests },
      ...{ store, language: "de", logger: pino({ level: "silent" }), now: clock },
    }),
    ready: async () => true,
  });
  const url = await api.listen({ port: 0, host: "127.0.0.1" });
  return {
    url,
    setupCode,
    put: (finding) => store.put(TENANT, FINDING_KIND, finding.id, finding),
    get: async (id) => (await store.get(TENANT, FINDING_KIND, id))?.document,
    regroup: (times) => triage.regroup(TENANT, times),
    store,
    close: async () => {
      await api.close();
      await backtests.close();
      await models.close();
      await archive.close();
      await store.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** An hour of this process's own metrics, as if it had run for so long. */
async function sampledMemory(registry: Registry, now: number): Promise<MetricMemory> {
  let time = now - HOUR_MS;
  const names = metricNames(BOARDS);
  const memory = new MetricMemory({ registry, names, instance: "heidewacht-1", now: () => time });
  for (; time <= now; time += SAMPLE_MS) await memory.sample();
  return memory;
}

function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), "heidewacht-console-"));
}

function failTest(error: Error): void {
  throw error;
}

async function archiveEvents(archive: Archive, findings: readonly Finding[]): Promise<void> {
  const events = findings
    .flatMap((finding) => finding.evidence.flatMap((signal) => signal.events))
    .map((event, offset) => ({
      offset,
      event: { ...event, source: "winlogbeat-dc", dataClass: "security" },
    }));
  const position = { stream: "raw/0", firstOffset: 0, lastOffset: events.length - 1 };
  await archive.append(TENANT, position, events);
}

/** Shadow copies deleted on some of the last days, as detection would have archived it. */
async function archivePast(archive: Archive): Promise<void> {
  const times = [1, 1, 2, 4, 4, 4, 9].map((days, at) => START - days * DAY_MS - at * HOUR_MS);
  const events = times.map((time, offset) => ({
    offset,
    event: {
      ...{ id: `past-${offset}`, time, source: "winlogbeat-dc", dataClass: "security" },
      document: {
        "@timestamp": new Date(time).toISOString(),
        ...{ "event.id": `past-${offset}`, "event.dataset": "windows-flat" },
        ...{ "winlog.channel": "Microsoft-Windows-Sysmon/Operational", "winlog.event_id": "1" },
        ...{ "host.name": `lk-fs0${offset % 3}${HOSTILE_MARK}`, "user.name": "konto-0123456789" },
        "process.executable": "C:\\Windows\\System32\\vssadmin.exe",
        "process.command_line": `vssadmin.exe delete shadows /all ${HOSTILE_MARK}`,
      },
    },
  }));
  const position = { stream: "raw/1", firstOffset: 0, lastOffset: events.length - 1 };
  await archive.append(TENANT, position, events);
}

/** A host of which no register answers. */
export const LOST_HOST = "lk-verloren";

/** Knows one machine. */
function registerOfTests(document: EcsDocument): void {
  if (document["host.name"] === LOST_HOST) throw new Error("the register is away");
  if (document["host.name"] !== "lk-dc01") return;
  document["host.asset.criticality"] = "sehr hoch";
  document["host.asset.unit"] = "Rechenzentrum";
}
