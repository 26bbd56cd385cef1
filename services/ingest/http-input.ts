// The HTTP input: a server of its own, because its limits (connections, time, body) and its `GET /` are
// made for shippers and not for people. Every request needs a shipper's key; the key says whose it is.
import type { AddressInfo } from "node:net";
import rateLimit from "@fastify/rate-limit";
import Fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import type { Logger } from "pino";
import { AppError, isAppError, messageOf } from "../../config/errors.ts";
import type { HttpInputConfig, SourceBinding } from "../../config/inputs.ts";
import { addBulkRoutes } from "./bulk.ts";
import { createAdmission } from "./connection-admission.ts";
import { addProbeRoutes } from "./elastic-probes.ts";
import { sendElasticError, statusOf } from "./elastic-reply.ts";
import { createHttpLimits } from "./http-limits.ts";
import { addJournalRoutes } from "./journal-upload.ts";
import { mendOfListening } from "./listening-fault.ts";
import type { IngestMetrics, InputName } from "./metrics.ts";
import { addOtlpRoutes } from "./otlp-http.ts";
import { addPlainRoutes } from "./plain-lines.ts";
import type { BatchOrigin, RawSink } from "./raw-sink.ts";
import { type BodyReader, createBodyReader } from "./request-body.ts";
import { type RequestClock, watchRequests } from "./request-clock.ts";
import { createSenderReport, type ReportSender } from "./sender-report.ts";
import { parseAuthorization, type ShipperKeys } from "./shipper-keys.ts";
import { addHecRoutes } from "./splunk-hec.ts";

/** What the routes work with. */
export interface HttpInputParts {
  readonly config: HttpInputConfig;
  readonly sink: RawSink;
  readonly metrics: IngestMetrics;
  readonly body: BodyReader;
  readonly clock: RequestClock;
  readonly logger: Logger;
  /** Aborted when the input closes, for requests that would not end by themselves. */
  readonly stopping: AbortSignal;
  /** Counts and logs what a request was refused for; gives the error that may be told. */
  refused(error: unknown, request: FastifyRequest): unknown;
  /** Waits as long as the sender's rate demands; for requests that go on. */
  pace(request: FastifyRequest, signal: AbortSignal): Promise<void>;
  /** @param receivedAt milliseconds since 1970 UTC */
  originOf(request: FastifyRequest, input: InputName, receivedAt: number): BatchOrigin;
}

export interface HttpInput {
  readonly app: FastifyInstance;
  /** `http://127.0.0.1:8721` plus prefix, with the port that was really taken. */
  readonly url: string;
  /** Takes no more connections, answers the requests at hand, then resolves. */
  close(): Promise<void>;
}

export interface HttpInputOptions {
  readonly config: HttpInputConfig;
  readonly sink: RawSink;
  readonly metrics: IngestMetrics;
  readonly keys: ShipperKeys;
  readonly logger: Logger;
}

const HEADERS_MS_MAX = 15_000;
const CONNECTION_CHECK_MS = 2000;
const MINUTE_MS = 60_000;

/**
 * Starts listening.
 * @throws AppError HW_PLACE_TAKEN when something else listens there
 */
export async function openHttpInput(options: HttpInputOptions): Promise<HttpInput> {
  const { config } = options;
  const app = Fastify({
    logger: false,
    exposeHeadRoutes: true,
    // Ours, see request-clock.ts.
    requestTimeout: 0,
    forceCloseConnections: "idle",
    http: {
      headersTimeout: Math.min(HEADERS_MS_MAX, config.requestMs),
      connectionsCheckingInterval: Math.min(CONNECTION_CHECK_MS, config.requestMs),
    },
    // Fluent Bit with a pipeline sends to `/_bulk/`.
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: true },
  });
  limitConnections(app, options);
  const stopping = closeAfterAnswers(app);
  const clock = watchRequests(app, config.requestMs, () => {
    options.metrics.rejected.inc({ reason: "slow" });
  });
  await app.register((scope) => addRoutes(scope, options, clock, stopping), {
    prefix: config.prefix,
  });
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (cause) {
    await app.close();
    const place = `${config.host}:${config.port}`;
    throw new AppError("HW_PLACE_TAKEN", messageOf(cause), {
      place,
      cause,
      ...mendOfListening(cause),
    });
  }
  // A server that listens on host and port has an address object.
  const address = app.server.address() as AddressInfo;
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    app,
    url: `http://${host}:${address.port}${config.prefix}`,
    close: () => app.close(),
  };
}

// Without it a shipper that keeps its connection would hold up the end for the keep-alive time.
function closeAfterAnswers(app: FastifyInstance): AbortSignal {
  const stopping = new AbortController();
  app.addHook("preClose", async () => stopping.abort());
  app.addHook("onSend", async (_request, reply) => {
    if (stopping.signal.aborted) reply.header("connection", "close");
  });
  return stopping.signal;
}

function limitConnections(app: FastifyInstance, { config, metrics }: HttpInputOptions): void {
  const admit = createAdmission(config.connectionsPerSenderMax);
  app.server.maxConnections = config.connectionsMax;
  app.server.on("drop", () => metrics.rejected.inc({ reason: "connections" }));
  app.server.on("connection", (socket) => {
    if (admit(socket)) return;
    metrics.rejected.inc({ reason: "connections-per-sender" });
    socket.destroy();
  });
}

/** A request's key, as verified. */
interface Holder {
  readonly id: string;
  readonly binding: SourceBinding;
}

async function addRoutes(
  app: FastifyInstance,
  options: HttpInputOptions,
  clock: RequestClock,
  stopping: AbortSignal,
): Promise<void> {
  const { config, metrics, logger } = options;
  const holders = new WeakMap<FastifyRequest, Holder>();
  const report = createSenderReport("HTTP", options);
  const limits = createHttpLimits(options.sink, config.recordsPerSecondMax);
  const holderOf = (request: FastifyRequest): Holder => {
    const holder = holders.get(request);
    if (holder === undefined) throw new AppError("HW_UNAUTHENTICATED", "no key");
    return holder;
  };
  const parts: HttpInputParts = {
    ...{ config, metrics, clock, logger, stopping },
    sink: limits.sink,
    body: createBodyReader(config),
    refused: (error, request) => countRefusal(error, request, options, report),
    pace: (request, signal) => limits.pace(holderOf(request).id, signal),
    originOf(request, input, receivedAt) {
      const { id, binding } = holderOf(request);
      return limits.attribute({ binding, input, key: undefined, receivedAt }, id);
    },
  };
  // Bodies are read by our routes, whatever type they claim to have.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
  app.setErrorHandler((error, request, reply) =>
    sendElasticError(reply, parts.refused(error, request), config.retryAfterSeconds),
  );
  app.addHook("onRequest", async (_request, reply) => {
    // Official clients send nothing to a server that does not say so.
    reply.header("x-elastic-product", "Elasticsearch");
  });
  await app.register(rateLimit, {
    max: config.requestsPerMinuteMax,
    timeWindow: MINUTE_MS,
    errorResponseBuilder: () => new AppError("HW_RATE_LIMITED", "too many requests in a minute"),
  });
  app.addHook("onRequest", async (request) => {
    const given = parseAuthorization(request.headers.authorization);
    const binding = given && (await options.keys.verify(given.id, given.key));
    if (given === undefined || binding === undefined) {
      const reason = `missing or wrong key for REST request [${request.routeOptions.url ?? "/"}]`;
      throw new AppError("HW_UNAUTHENTICATED", reason);
    }
    holders.set(request, { id: given.id, binding });
    if (limits.isOver(given.id)) {
      throw new AppError("HW_RATE_LIMITED", "too many records in a second");
    }
  });
  addProbeRoutes(app, parts);
  addBulkRoutes(app, parts);
  addPlainRoutes(app, parts);
  addOtlpRoutes(app, parts);
  addHecRoutes(app, parts);
  addJournalRoutes(app, parts);
}

function countRefusal(
  error: unknown,
  request: FastifyRequest,
  options: HttpInputOptions,
  report: ReportSender,
): unknown {
  const known = isAppError(error) ? error : fromFastify(error);
  const reason = isAppError(known) ? known.code : "internal";
  // The one refusal that its sender will not mend alone: somebody has to look after the key.
  if (reason === "HW_UNAUTHENTICATED") report(reason, "missing or wrong key", request.ip);
  else options.metrics.rejected.inc({ reason });
  if (statusOf(known) === 500) {
    options.logger.error({ err: error, route: request.routeOptions.url }, "a request failed");
  }
  return known;
}

// Fastify's own refusals (damaged URL, header too large) carry a status below 500.
function fromFastify(error: unknown): unknown {
  const isRefusal =
    error instanceof Error &&
    "statusCode" in error &&
    typeof error.statusCode === "number" &&
    error.statusCode < 500;
  return isRefusal ? new AppError("HW_REQUEST_INVALID", error.message) : error;
}
