// What every route needs of the outside: ports, clock, texts, limits and the providers that main injects.
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Registry } from "prom-client";
import type { z } from "zod";
import type { PagingConfig } from "../../config/paging.ts";
import type { Archive } from "../archive/archive.ts";
import type { Protected } from "../cases/block-value.ts";
import type { AskContext } from "../cases/finding-context.ts";
import type { ClockProfile } from "../cases/legal-clocks.ts";
import type { KeyRing } from "../privacy/keys.ts";
import type { Exception } from "../store/exception.ts";
import type { Finding } from "../store/finding.ts";
import type { Maintenance } from "../store/maintenance.ts";
import type { Model, ModelName } from "../store/model.ts";
import type { Silence } from "../store/silence.ts";
import type { Store } from "../store/store.ts";
import type { BacktestBody, BacktestJob } from "./backtest-schemas.ts";
import type { BoardPanelAnswer } from "./board-schemas.ts";
import type { Principal } from "./guard.ts";
import type { KpiProvider } from "./kpi-provider.ts";
import type { LiveStreams } from "./live-streams.ts";
import type { ApiMessages } from "./messages.ts";
import type { ModelJob } from "./model-schemas.ts";
import type { ReloadAnswer } from "./reload-schema.ts";
import type { ReportProvider } from "./report-provider.ts";
import { errorAnswer, type PipelineStatus, type RulesAnswer } from "./schemas.ts";
import type { FindingRisk } from "./silence-schemas.ts";
import type { SourceAnswer } from "./source-schemas.ts";

/** The server whose routes are typed by their zod schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Every limit of the API, with its unit. */
export interface ApiLimits {
  readonly sessionIdleMs: number;
  readonly sessionAbsoluteMs: number;
  /** Per account or token; per address where nobody is signed in. */
  readonly requestsPerMinuteMax: number;
  /** Sign-in attempts in 15 minutes, good ones included. */
  readonly signInsPerAddressMax: number;
  readonly signInsPerNameMax: number;
  readonly signInsPerNameAndAddressMax: number;
  readonly bodyBytesMax: number;
  /** Links in alarms that are none of ours, a minute. */
  readonly badLinksPerAddressMax: number;
  readonly streamsMax: number;
  readonly streamsPerActorMax: number;
  readonly streamHeartbeatMs: number;
  readonly streamBatchMs: number;
}

export const API_LIMITS: ApiLimits = {
  sessionIdleMs: 30 * 60_000,
  sessionAbsoluteMs: 10 * 3_600_000,
  requestsPerMinuteMax: 1200,
  signInsPerAddressMax: 60,
  signInsPerNameMax: 50,
  signInsPerNameAndAddressMax: 10,
  bodyBytesMax: 64 * 1024,
  badLinksPerAddressMax: 30,
  streamsMax: 200,
  streamsPerActorMax: 8,
  streamHeartbeatMs: 15_000,
  streamBatchMs: 200,
};

export interface ApiOptions {
  readonly language: "de" | "en";
  /** The address that browsers use, when a TLS proxy stands in front. */
  readonly publicUrl?: string | undefined;
  /** Addresses or networks of proxies whose `x-forwarded-for` is believed; `publicUrl` alone: loopback. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Tenant id → its name on screens; without one the id stands there. */
  readonly tenantNames?: Readonly<Record<string, string>> | undefined;
  /** Folder of the built console. */
  readonly consoleFolder?: string | undefined;
  /** The IANA zone in which a tenant tells times; without it that of Berlin. */
  readonly timeZoneOf?: ((tenant: string) => string) | undefined;
  /** How long blocks last where nobody says, and what is never blocked. */
  readonly blockLists?:
    | {
        readonly days: number;
        readonly protectedOf: (tenant: string) => Protected | Promise<Protected>;
      }
    | undefined;
  /** Whether statistics look for what no rule knows, and how many findings of theirs a quiet day may have. */
  readonly anomaly?: { readonly enabled: boolean; readonly findingsPerDay: number } | undefined;
  /** Which legal clocks a tenant has; without it none. */
  readonly clockProfileOf?: ((tenant: string) => ClockProfile) | undefined;
  /** Of the token that lets other machines read /metrics; lower-case hexadecimal. */
  readonly metricsTokenSha256?: string | undefined;
  readonly limits?: Partial<ApiLimits> | undefined;
}

/** What the API needs of triage. */
export interface TriageLink {
  /** After a finding's status or verdict was changed: what stands below it may come back. */
  findingChanged(tenant: string, id: string): Promise<void>;
  /** The same for many: after a bulk change, or after an incident was declared of them. */
  findingsChanged(tenant: string, ids: readonly string[]): Promise<void>;
  /** After people joined or parted findings of these times, ms UTC. */
  regroup(tenant: string, times: readonly number[]): Promise<void>;
  /** After a silence was made or ended. */
  silenceChanged(tenant: string, silence: Silence): Promise<void>;
  /** After an exception came into force or was withdrawn. */
  exceptionChanged(tenant: string, exception: Exception): Promise<void>;
  /** After a maintenance window was made or ended. */
  maintenanceChanged(tenant: string, maintenance: Maintenance): Promise<void>;
  /** The risk of a finding's entities at its last event. */
  riskOf(tenant: string, finding: Finding): Promise<FindingRisk>;
}

/** What the API needs of paging. */
export interface PagingLink {
  readonly config: PagingConfig;
  readonly keys: KeyRing;
  /** Answers by short message that a gateway hands over by HTTP; left out: none are taken. */
  readonly sms?: SmsAnswers | undefined;
}

interface SmsAnswers {
  /** What a channel's gateway signs with; undefined where it has none. */
  readonly secretOf: (channel: string) => string | undefined;
  /** @throws what the store throws when it is away: the gateway is to send it again then */
  readonly take: (
    channel: string,
    message: { readonly from: string; readonly text: string; readonly at: number },
  ) => Promise<void>;
}

/** What main hands to the API. */
export interface ApiDependencies {
  readonly store: Store;
  readonly archive: Archive;
  readonly options: ApiOptions;
  readonly logger: FastifyBaseLogger;
  readonly registry: Registry;
  /** ms UTC. */
  readonly clock: () => number;
  /** Loaded rules with their hits for this tenant, and what could not be loaded. */
  readonly rules: (tenant: string) => RulesAnswer | Promise<RulesAnswer>;
  /** Reads the rules anew and puts them in place; who asked is written down. Undefined: they are fixed. */
  readonly reloadRules?: (by: Pick<Principal, "tenant" | "actor">) => Promise<ReloadAnswer>;
  readonly status: (tenant: string) => PipelineStatus | Promise<PipelineStatus>;
  /** Log sources that are configured or were heard of. */
  readonly sources: (tenant: string) => readonly SourceAnswer[] | Promise<readonly SourceAnswer[]>;
  readonly triage: TriageLink;
  /** Left out: nobody is paged. */
  readonly paging?: PagingLink;
  /** Clear name of a pseudonym; undefined when the vault has none. Only for approved requests. */
  readonly resolveIdentity?: (tenant: string, pseudonym: string) => Promise<string | undefined>;
  /** A text without the names that are known of a tenant's people; left out: texts stay as written. */
  readonly protectText?: (tenant: string, text: string) => string;
  readonly backtests: BacktestProvider;
  readonly models: ModelProvider;
  readonly kpi: KpiProvider;
  /** Left out: there are none. */
  readonly reports?: ReportProvider;
  /** Answers panels of boards; undefined for one that is not there. Left out: there are no boards. */
  readonly boards?: BoardProvider;
  /** What is known around a finding; takes no longer than its limit of time. */
  readonly findingContext: AskContext;
  /** Whether the process can work; rejects or answers false when not. */
  readonly ready: () => Promise<boolean>;
  /** Whether the stages of the process get on; left out: it does not say. */
  readonly heartbeat?: (userAgent: string | undefined) => Promise<HeartbeatAnswer>;
}

/** Names of stages and servers, and seconds; who asks has no session. */
interface HeartbeatAnswer {
  readonly status: "ok" | "silent";
  readonly silent: readonly string[];
  readonly stages: Readonly<Record<string, { readonly aliveAgoS: number }>>;
}

/** @throws AppError HW_REQUEST_INVALID when the span holds too much */
type BoardProvider = (
  tenant: string,
  asked: { readonly board: string; readonly panel: string },
  /** ms UTC, half-open [from, to). */
  range: { readonly from: number; readonly to: number },
) => Promise<BoardPanelAnswer | undefined>;

/** Rules over archived or given events; everything is of one tenant. */
export interface BacktestProvider {
  /** @throws AppError HW_BUSY while as many run as may */
  readonly start: (tenant: string, body: BacktestBody) => BacktestJob;
  /** Newest first, without results. */
  readonly list: (tenant: string) => readonly BacktestJob[];
  readonly get: (tenant: string, id: string) => BacktestJob | undefined;
  /** Cancels a running one, forgets a finished one; says whether there was one. */
  readonly remove: (tenant: string, id: string) => boolean;
}

/** Trained models; everything is of one tenant, and each change is in its audit chain. */
interface ModelProvider {
  /** Latest first. */
  readonly jobs: (tenant: string) => readonly ModelJob[];
  /** @throws AppError HW_BUSY while another one of the tenant waits or runs */
  readonly train: (
    tenant: string,
    name: ModelName,
    ask: { readonly days: number; readonly seed: number },
    actor: string,
  ) => ModelJob;
  /** @throws AppError HW_BUSY, HW_NOT_FOUND */
  readonly evaluate: (
    tenant: string,
    name: ModelName,
    ask: { readonly days: number; readonly version?: number | undefined },
    actor: string,
  ) => Promise<ModelJob>;
  /** @throws AppError HW_NOT_FOUND, HW_CONFLICT */
  readonly promote: (
    tenant: string,
    name: ModelName,
    version: number | undefined,
    actor: string,
  ) => Promise<Model>;
  /** @throws AppError HW_NOT_FOUND, HW_CONFLICT */
  readonly rollback: (
    tenant: string,
    name: ModelName,
    version: number | undefined,
    actor: string,
  ) => Promise<Model>;
  /** Ends a running job; says whether it ran. */
  readonly cancel: (tenant: string, id: string) => boolean;
}

export interface ApiContext extends ApiDependencies {
  readonly limits: ApiLimits;
  readonly messages: ApiMessages;
  readonly streams: LiveStreams;
}

/** The answers of a route: its own, and what every failure looks like. */
export function answers<Schema extends z.ZodType>(schema: Schema) {
  return { 200: schema, "4xx": errorAnswer, "5xx": errorAnswer };
}

/** Writes down who did what, in the chain of the actor's tenant. */
export async function recordAudit(
  context: ApiContext,
  by: Pick<Principal, "tenant" | "actor">,
  action: string,
  subject: string,
  payload: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await context.store.appendAudit(by.tenant, {
    at: context.clock(),
    actor: by.actor,
    action,
    subject,
    payload,
  });
}
