// Health and metrics of a process without the console, for machines that watch this one: the same paths
// and formats that the API's server has, on a port of its own (`monitoring` in the configuration).
import Fastify, { type FastifyBaseLogger, LogController } from "fastify";
import type { Registry } from "prom-client";
import { AppError, messageOf } from "../config/errors.ts";
import type { Heartbeat } from "./heartbeat.ts";

const BODY_BYTES_MAX = 1024;
const CONNECTION_TIMEOUT_MS = 10_000;
/** A server that is away must not keep the one who asks waiting. */
const READY_TIMEOUT_MS = 5000;
const RETRY_AFTER_SECONDS = 5;

export interface MonitoringParts {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly registry: Registry;
  /** Names of what can't work now; empty: all can. A rejection counts as not ready, too. */
  readonly ready: () => Promise<readonly string[]>;
  /** Whether the stages of the process get on; left out: they don't run yet. */
  readonly heartbeat?: (userAgent: string | undefined) => Promise<Heartbeat>;
  readonly logger: FastifyBaseLogger;
  /** It answers in the place of a server that comes yet: what it does not have is not there now, not never. */
  readonly isForNow?: boolean;
}

export interface Monitoring {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Listens and answers `/health` (200 or 503, with what is not ready), `/healthz` (the process lives),
 * `/readyz`, `/heartbeat` (200 while all stages get on) and `/metrics` (Prometheus' text format). Who may ask is decided by the address it listens on.
 * @throws AppError HW_PLACE_TAKEN when the port is in use
 */
export async function startMonitoring(parts: MonitoringParts): Promise<Monitoring> {
  const { host, port, registry, logger } = parts;
  const server = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
  });
  server.addHook("onSend", async (_request, reply) => {
    reply.header("cache-control", "no-store").header("x-content-type-options", "nosniff");
  });
  server.get("/healthz", () => ({ status: "ok" }));
  server.get("/readyz", async (_request, reply) => {
    const { status } = await healthOf(parts);
    return reply.code(status === "ok" ? 200 : 503).send({ status });
  });
  server.get("/health", async (_request, reply) => {
    const health = await healthOf(parts);
    return reply.code(health.status === "ok" ? 200 : 503).send(health);
  });
  const { heartbeat } = parts;
  if (heartbeat !== undefined) {
    server.get("/heartbeat", async (request, reply) => {
      const answer = await heartbeat(request.headers["user-agent"]);
      return reply.code(answer.status === "ok" ? 200 : 503).send(answer);
    });
  }
  server.get("/metrics", async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
  if (parts.isForNow === true) {
    server.setNotFoundHandler((_request, reply) =>
      reply.code(503).header("retry-after", RETRY_AFTER_SECONDS).send({ status: "unready" }),
    );
  }
  try {
    return { url: await server.listen({ host, port }), close: () => server.close() };
  } catch (cause) {
    await server.close();
    if (!(cause instanceof Error) || !("code" in cause) || cause.code !== "EADDRINUSE") throw cause;
    throw new AppError("HW_PLACE_TAKEN", `Port ${port} auf ${host} ist belegt`, {
      place: "monitoring.port",
      mend: "den anderen Dienst anhalten oder einen anderen Port wählen",
      cause,
    });
  }
}

interface Health {
  readonly status: "ok" | "unready";
  readonly notReady: readonly string[];
}

async function healthOf({ ready, logger }: MonitoringParts): Promise<Health> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly string[]>((resolve) => {
    timer = setTimeout(resolve, READY_TIMEOUT_MS, ["timeout"]);
  });
  try {
    const notReady = await Promise.race([ready(), late]);
    return { status: notReady.length === 0 ? "ok" : "unready", notReady };
  } catch (error) {
    logger.warn({ reason: messageOf(error) }, "not ready");
    return { status: "unready", notReady: ["error"] };
  } finally {
    clearTimeout(timer);
  }
}
