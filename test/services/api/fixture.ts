// A whole API over the real embedded store and archive in a folder of its own, with accounts of two
// tenants, and a small client that carries cookie and CSRF token as the console does.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { Registry } from "prom-client";
import { onTestFinished } from "vitest";
import type { KpiTarget } from "../../../config/kpi.ts";
import { configSchema } from "../../../config/schema.ts";
import { PLAIN_READING } from "../../../detectors/sigma/reading.ts";
import { createAccount } from "../../../services/api/accounts.ts";
import { createToken } from "../../../services/api/api-tokens.ts";
import type { Api, ApiDependencies, ApiOptions } from "../../../services/api/context.ts";
import type { Role, TokenScope } from "../../../services/api/permissions.ts";
import { csrfTokenOf } from "../../../services/api/secrets.ts";
import { createApi } from "../../../services/api/server.ts";
import { openSession } from "../../../services/api/sessions.ts";
import type { Archive } from "../../../services/archive/archive.ts";
import { openEmbeddedArchive } from "../../../services/archive/embedded.ts";
import { createBacktests } from "../../../services/backtests.ts";
import { createFindingContextLink } from "../../../services/finding-context.ts";
import { createKpiLink } from "../../../services/kpi-link.ts";
import { createModelJobs } from "../../../services/models/model-jobs.ts";
import { createKeyRing } from "../../../services/privacy/keys.ts";
import { createPrivacy } from "../../../services/privacy/protect.ts";
import { createReports } from "../../../services/report-link.ts";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import type { Finding } from "../../../services/store/finding.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import type { Store } from "../../../services/store/store.ts";
import { createTriageLink } from "../../../services/triage-link.ts";

export const START = Date.UTC(2026, 10, 20, 8);
export const HOME = "landkreis";
export const FOREIGN = "samtgemeinde";
export const ORIGIN = "http://console.test";
const HOST = "console.test";
const SMALL_TRAINING = {
  ...{ ownFamilies: 21, namesPerFamily: 20, usualMax: 1500, networks: 1, epochs: 3 },
};
const REPORT_CONFIG = configSchema.parse({
  tenants: [
    { id: HOME, name: "Landkreis Beispiel" },
    { id: FOREIGN, name: "Samtgemeinde Beispiel" },
  ],
});
const LIMITS = { sessionIdleMs: 1_800_000, sessionAbsoluteMs: 36_000_000 };

interface Answer {
  readonly status: number;
  // Tests look into answers freely; what is wrong in them fails the expectation.
  readonly body: ReturnType<typeof JSON.parse>;
  readonly headers: Readonly<Record<string, unknown>>;
}

export type Send = (method: string, path: string, body?: unknown) => Promise<Answer>;

export interface World {
  readonly api: Api;
  readonly store: Store;
  readonly archive: Archive;
  /** Moves the clock. */
  readonly pass: (ms: number) => void;
  readonly now: () => number;
  /** Sends with these headers, below /api/v1 unless the path begins with `//`. */
  readonly send: (headers: Readonly<Record<string, string>>) => Send;
  readonly anonymous: Send;
  /** A signed-in account of this role. */
  readonly person: (
    role: Role,
    tenant?: string,
  ) => Promise<{ id: string; cookie: string; send: Send }>;
  readonly program: (scopes: readonly TokenScope[], tenant?: string) => Promise<Send>;
}

/** Backtests over an archive, with no rule loaded. */
function backtestsOf(archive: Archive, now: () => number): ApiDependencies["backtests"] {
  return createBacktests({
    archive,
    engine: () => ({ match: () => [], rules: [], faults: [] }),
    correlations: () => [],
    ...{ formats: [], view: (event) => event, now, timeZoneOf: () => "Europe/Berlin" },
    privacy: createPrivacy(createKeyRing(Buffer.alloc(32, 7))),
    ...{ findingWindowMs: 3_600_000, reading: PLAIN_READING },
    logger: pino({ level: "silent" }),
  });
}

export async function openWorld(
  options: Partial<ApiOptions> = {},
  providers: Partial<ApiDependencies> = {},
  targets: readonly KpiTarget[] = [],
): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), "heidewacht-api-"));
  const store = openEmbeddedStore({ dataDir });
  const archive = openEmbeddedArchive({ dataDir, onDamage: () => undefined });
  let time = START;
  const models = createModelJobs({
    ...{ store, archive, backend: "wasm", turns: () => () => undefined, now: () => time },
    ...{ logger: pino({ level: "silent" }), size: SMALL_TRAINING },
  });
  const api = await createApi({
    store,
    archive,
    options: { language: "de", ...options },
    logger: pino({ level: "silent" }),
    registry: new Registry(),
    clock: () => time,
    rules: () => ({ rules: [], faults: [], leftOut: [], notes: [], costs: [] }),
    status: () => ({
      version: "0",
      startedAt: START,
      eventsPerSecond: 0,
      lagMs: 0,
      lag: [],
      sources: [],
    }),
    sources: () => [],
    triage: createTriageLink(store, { inhibitions: [], riskThreshold: 30 }),
    backtests: backtestsOf(archive, () => time),
    models,
    kpi: createKpiLink({
      ...{ store, now: () => time, timeZoneOf: () => "Europe/Berlin" },
      targetsOf: () => targets,
    }),
    reports: createReports({
      ...{ store, config: REPORT_CONFIG, at: (path) => path, now: () => time },
      rules: () => ({ rules: [], faults: 0, leftOut: 0 }),
      sources: async () => [],
    }),
    findingContext: createFindingContextLink({
      config: { timeLimitMs: 5000, cacheSeconds: 0, cacheEntriesMax: 100 },
      enricher: { document: () => undefined },
      ...{ store, language: "de", logger: pino({ level: "silent" }), now: () => time },
    }),
    ready: async () => true,
    ...providers,
  });
  onTestFinished(async () => {
    await api.close();
    await models.close();
    await archive.close();
    await store.close();
    rmSync(dataDir, { recursive: true });
  });
  const send = sender(api);
  return {
    api,
    store,
    archive,
    pass: (ms) => {
      time += ms;
    },
    now: () => time,
    send,
    anonymous: send({}),
    person: async (role, tenant = HOME) => {
      const account = await createAccount(store, {
        tenant,
        name: `${role}.${tenant}.${crypto.randomUUID()}`,
        role,
        password: PASSWORD,
        passwordChangeDue: false,
        createdAt: time,
      });
      const owner = { accountId: account.id, tenant };
      const { secret } = await openSession(store, owner, time, LIMITS);
      const cookie = `hw_session=${secret}`;
      const headers = { cookie, origin: ORIGIN, "x-csrf-token": csrfTokenOf(secret) };
      return { id: account.id, cookie, send: send(headers) };
    },
    program: async (scopes, tenant = HOME) => {
      const expiresAt = time + 86_400_000;
      const given = { tenant, name: "program", scopes, createdAt: time, createdBy: "x", expiresAt };
      const { token } = await createToken(store, given);
      return send({ authorization: `Bearer ${token}` });
    },
  };
}

export const PASSWORD = "ein langes Passwort";

function sender(api: Api) {
  return (headers: Readonly<Record<string, string>>): Send =>
    async (method, path, body) => {
      const answer = await api.inject({
        // Only methods that the routes know are written in the tests.
        method: method as "GET",
        url: path.startsWith("//") ? path.slice(1) : `/api/v1${path}`,
        headers: { host: HOST, ...headers },
        ...(body === undefined ? {} : { payload: body as object }),
      });
      const isJson = String(answer.headers["content-type"]).includes("json");
      return {
        status: answer.statusCode,
        body: isJson ? JSON.parse(answer.body) : answer.body,
        headers: answer.headers,
      };
    };
}

/** A finding as triage leaves it; what a test is about goes into `changes`. */
export function findingOf(id: string, changes: Partial<Finding> = {}): Finding {
  return {
    id,
    tenant: HOME,
    detector: {
      id: "5b1c7d5e-3c2a-4d53-9a32-6f1f1a2b3c4d",
      kind: "sigma",
      title: "Sicherungen gelöscht",
      description: "Schattenkopien wurden gelöscht.",
      level: "high",
      status: "stable",
      techniques: ["T1490"],
      tactics: ["impact"],
      falsePositives: [],
      references: [],
      response: ["Rechner vom Netz nehmen"],
      origin: "windows/backup.yml",
    },
    groupKey: "host:fs01",
    entities: [{ type: "host", value: "fs01" }],
    score: 70,
    scoreParts: [{ key: "severity", points: 70, detail: "high" }],
    summary: "Auf fs01 wurden Schattenkopien gelöscht.",
    status: "new",
    verdictHistory: [],
    signalCount: 1,
    firstEventAt: START - 60_000,
    lastEventAt: START - 60_000,
    raisedAt: START - 59_000,
    sources: ["dc"],
    evidence: [],
    ...changes,
  };
}

/** Puts findings into a tenant. */
export async function addFindings(
  store: Store,
  findings: readonly Finding[],
  tenant = HOME,
): Promise<void> {
  for (const finding of findings) {
    await store.create(tenant, FINDING_KIND, finding.id, { ...finding, tenant });
  }
}
