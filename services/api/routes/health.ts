// For machines that watch this one: alive, ready, getting on, and metrics in Prometheus' format. They stand at the
// root, beside /api; metrics are for this machine or for who has the token.
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { messageOf } from "../../../config/errors.ts";
import type { Api, ApiContext } from "../context.ts";
import { ApiFault } from "../faults.ts";
import { isSecret } from "../secrets.ts";

const stateAnswer = z.object({ status: z.enum(["ok", "unready"]) });

const heartbeatAnswer = z.object({
  status: z.enum(["ok", "silent"]),
  silent: z.array(z.string()).readonly(),
  stages: z.record(z.string(), z.object({ aliveAgoS: z.number() })),
});

/** Registers `/healthz`, `/readyz`, `/heartbeat` and `/metrics`. */
export function registerHealthRoutes(api: Api, context: ApiContext): void {
  const quiet = { config: { rateLimit: false as const } };
  const hidden = { hide: true, response: { 200: stateAnswer, 503: stateAnswer } };

  api.get("/healthz", { ...quiet, schema: hidden }, () => ({ status: "ok" as const }));

  api.get("/readyz", { ...quiet, schema: hidden }, async (request, reply) => {
    const ready = await context.ready().catch((error: unknown) => {
      request.log.warn({ reason: messageOf(error) }, "not ready");
      return false;
    });
    return reply.code(ready ? 200 : 503).send({ status: ready ? "ok" : "unready" });
  });

  const { heartbeat } = context;
  if (heartbeat !== undefined) {
    const response = { 200: heartbeatAnswer, 503: heartbeatAnswer };
    api.get(
      "/heartbeat",
      { ...quiet, schema: { hide: true, response } },
      async (request, reply) => {
        const answer = await heartbeat(request.headers["user-agent"]);
        reply.code(answer.status === "ok" ? 200 : 503).header("cache-control", "no-store");
        return reply.send(answer);
      },
    );
  }

  api.get("/metrics", { ...quiet, schema: { hide: true } }, async (request, reply) => {
    if (!mayReadMetrics(context, request)) {
      throw new ApiFault("HW_FORBIDDEN", { text: (m) => m.metricsLocal });
    }
    return reply.type(context.registry.contentType).send(await context.registry.metrics());
  });
}

/** A proxy on this machine makes everybody look local, so what it forwards needs the token. */
function mayReadMetrics(context: ApiContext, request: FastifyRequest): boolean {
  const { authorization, forwarded, "x-forwarded-for": forwardedFor } = request.headers;
  const { metricsTokenSha256 } = context.options;
  const sent = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  if (metricsTokenSha256 !== undefined && sent !== undefined)
    return isSecret(sent, metricsTokenSha256);
  if (forwarded !== undefined || forwardedFor !== undefined) return false;
  const address = request.socket.remoteAddress ?? "";
  return address === "::1" || address.replace(/^::ffff:/, "").startsWith("127.");
}
