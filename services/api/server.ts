// The HTTP server of the API and the console: puts guard, limits, security headers and routes together.
// Main makes it, listens and closes it.
import { randomUUID } from "node:crypto";
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import rateLimit, { normalizeIP } from "@fastify/rate-limit";
import Fastify, { type FastifyRequest, LogController } from "fastify";
import { serializerCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import packageJson from "../../package.json" with { type: "json" };
import { registerConsole } from "./console-files.ts";
import { API_LIMITS, type Api, type ApiContext, type ApiDependencies } from "./context.ts";
import { registerDescription, registerDocsPage } from "./docs-page.ts";
import { ApiFault, answerFault, requestChecker } from "./faults.ts";
import { replaceNames } from "./free-text.ts";
import { createGuard } from "./guard.ts";
import { registerJsonBodies } from "./json-bodies.ts";
import { createLiveStreams } from "./live-streams.ts";
import { API_MESSAGES } from "./messages.ts";
import { countRequests } from "./metrics.ts";
import { ROUTE_ACCESS, routeKey } from "./permissions.ts";
import { registerAccountRoutes } from "./routes/accounts.ts";
import { registerAnnotationRoutes } from "./routes/annotations.ts";
import { registerAnomalyRoutes } from "./routes/anomalies.ts";
import { registerAnswerPage } from "./routes/answer.ts";
import { registerAuditRoutes } from "./routes/audit.ts";
import { registerBacktestRoutes } from "./routes/backtests.ts";
import { registerBlockListRoutes } from "./routes/block-lists.ts";
import { registerBoardRoutes } from "./routes/boards.ts";
import { registerBulkRoutes } from "./routes/bulk.ts";
import { registerCalendarFiles, registerCalendarRoutes } from "./routes/calendars.ts";
import { registerCommentRoutes } from "./routes/comments.ts";
import { registerEventRoutes } from "./routes/events.ts";
import { registerExceptionRoutes } from "./routes/exceptions.ts";
import { registerFindingChanges } from "./routes/finding-changes.ts";
import { registerFindingContextRoutes } from "./routes/finding-context.ts";
import { registerFindingPagingRoutes } from "./routes/finding-paging.ts";
import { registerFindingRoutes } from "./routes/findings.ts";
import { registerHealthRoutes } from "./routes/health.ts";
import { registerIdentityRoutes } from "./routes/identity.ts";
import { registerIncidentRoutes } from "./routes/incidents.ts";
import { registerKpiRoutes } from "./routes/kpi.ts";
import { registerLlmRoutes } from "./routes/llm.ts";
import { registerMaintenanceRoutes } from "./routes/maintenance.ts";
import { registerModelRoutes } from "./routes/models.ts";
import { registerOnCallRoutes } from "./routes/on-call.ts";
import { registerPagingRoutes } from "./routes/paging.ts";
import { registerProposalRoutes } from "./routes/proposals.ts";
import { registerQueueRoutes } from "./routes/queue.ts";
import { registerReportRoutes } from "./routes/reports.ts";
import { registerRuleRoutes } from "./routes/rules.ts";
import { registerSessionRoutes } from "./routes/session.ts";
import { registerSilenceRoutes } from "./routes/silences.ts";
import { registerSmsAnswers } from "./routes/sms-answers.ts";
import { registerSourceRoutes } from "./routes/sources.ts";
import { registerStatusRoutes } from "./routes/status.ts";
import { registerStreamRoutes } from "./routes/stream.ts";
import { registerSuspicionRoutes } from "./routes/suspicions.ts";
import { registerShipperRoutes, registerTokenRoutes } from "./routes/tokens.ts";

const API_PATH = "/api/v1";
const ID_CHARS_MAX = 512;
const MINUTE_MS = 60_000;

/** Builds the server; it does not listen yet. Closing it ends the live connections. */
export async function createApi(dependencies: ApiDependencies): Promise<Api> {
  const { options, logger } = dependencies;
  const limits = { ...API_LIMITS, ...options.limits };
  const messages = API_MESSAGES[options.language];
  const streams = createLiveStreams(limits);
  const context: ApiContext = { ...dependencies, limits, messages, streams };

  const api: Api = Fastify({
    loggerInstance: logger,
    // Addresses and searched names do not belong into the log.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: limits.bodyBytesMax,
    routerOptions: { maxParamLength: ID_CHARS_MAX },
    trustProxy: trustedProxies(context),
    exposeHeadRoutes: false,
  }).withTypeProvider<ZodTypeProvider>();
  api.setValidatorCompiler(requestChecker(options.language));
  api.setSerializerCompiler(serializerCompiler);
  api.setErrorHandler(answerFault(messages));
  registerJsonBodies(api);
  api.decorateRequest("principal", undefined);
  api.addHook("preClose", async () => streams.closeAll());

  countRequests(api, context);
  await api.register(helmet, securityHeaders(context));
  await api.register(cookie);
  await api.register(rateLimit, {
    max: limits.requestsPerMinuteMax,
    timeWindow: MINUTE_MS,
    keyGenerator: (request: FastifyRequest) => request.principal?.actor ?? normalizeIP(request.ip),
    errorResponseBuilder: () => new ApiFault("HW_RATE_LIMITED"),
  });
  await registerDescription(api, messages, packageJson.version, options.publicUrl);
  await api.register(async (scope) => registerRoutes(scope, context), { prefix: API_PATH });
  registerHealthRoutes(api, context);
  registerCalendarFiles(api, context);
  await registerSmsAnswers(api, context);
  if (context.paging !== undefined) await registerAnswerPage(api, context, context.paging);
  await registerDocsPage(api, messages);
  await registerConsole(api, context);
  return api;
}

/** Everything below /api/v1, behind the guard. */
function registerRoutes(scope: Api, context: ApiContext): void {
  scope.addHook("onRequest", createGuard(context));
  const { protectText } = context;
  if (protectText !== undefined) {
    scope.addHook("preValidation", replaceNames(protectText, API_PATH));
  }
  scope.addHook("onSend", async (_request, reply) => {
    if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
  });
  scope.addHook("onRoute", (route) => {
    const key = routeKey(String(route.method), route.url.slice(API_PATH.length));
    if (key === undefined) throw new TypeError(`${route.url} is not in the table of permissions`);
    const guarded = ROUTE_ACCESS[key];
    route.config = { ...route.config, guarded };
    route.schema = {
      ...route.schema,
      summary: context.messages.routes[key],
      tags: [route.url.slice(API_PATH.length).split("/")[1] ?? ""],
      security: guarded.access === "public" ? [] : [{ token: [] }, { session: [] }],
    };
  });
  registerSessionRoutes(scope, context);
  registerAccountRoutes(scope, context);
  registerTokenRoutes(scope, context);
  registerShipperRoutes(scope, context);
  registerFindingRoutes(scope, context);
  registerSuspicionRoutes(scope, context);
  registerFindingChanges(scope, context);
  registerBulkRoutes(scope, context);
  registerAnnotationRoutes(scope, context);
  registerLlmRoutes(scope, context);
  registerQueueRoutes(scope, context);
  registerProposalRoutes(scope, context);
  registerSilenceRoutes(scope, context);
  registerIdentityRoutes(scope, context);
  registerExceptionRoutes(scope, context);
  registerMaintenanceRoutes(scope, context);
  registerBlockListRoutes(scope, context);
  registerIncidentRoutes(scope, context);
  registerCommentRoutes(scope, context);
  registerOnCallRoutes(scope, context);
  registerCalendarRoutes(scope, context);
  registerPagingRoutes(scope, context);
  registerFindingPagingRoutes(scope, context);
  registerEventRoutes(scope, context);
  registerRuleRoutes(scope, context);
  registerBacktestRoutes(scope, context);
  registerModelRoutes(scope, context);
  registerAnomalyRoutes(scope, context);
  registerStatusRoutes(scope, context);
  registerSourceRoutes(scope, context);
  registerFindingContextRoutes(scope, context);
  registerKpiRoutes(scope, context);
  registerReportRoutes(scope, context);
  registerBoardRoutes(scope, context);
  registerAuditRoutes(scope, context);
  registerStreamRoutes(scope, context);
}

function trustedProxies({ options }: ApiContext): boolean | string[] {
  if (options.trustedProxies !== undefined) return [...options.trustedProxies];
  return options.publicUrl === undefined ? false : ["loopback"];
}

/** Nothing inline, nothing from elsewhere, no framing. */
function securityHeaders({ options }: ApiContext) {
  const self = ["'self'"];
  const none = ["'none'"];
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: none,
        baseUri: none,
        connectSrc: self,
        fontSrc: self,
        formAction: self,
        frameAncestors: none,
        imgSrc: self,
        manifestSrc: self,
        objectSrc: none,
        scriptSrc: self,
        scriptSrcAttr: none,
        styleSrc: self,
        styleSrcAttr: none,
      },
    },
    strictTransportSecurity:
      options.publicUrl?.startsWith("https:") === true ? { maxAge: 31_536_000 } : false,
    xFrameOptions: { action: "deny" as const },
    referrerPolicy: { policy: "no-referrer" as const },
  };
}
