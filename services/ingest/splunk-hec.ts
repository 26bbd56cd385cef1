// The HTTP Event Collector of Splunk, as shippers speak it (Docker's splunk driver, Fluent Bit, Vector, the
// OpenTelemetry collector): events in envelopes and raw lines, answered with the collector's own codes.
import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isAppError } from "../../config/errors.ts";
import type { OutgoingRecord } from "../bus/bus.ts";
import { createAckBook } from "./hec-acks.ts";
import { createHecReader, type HecFault, type HecReader } from "./hec-events.ts";
import type { HttpInputParts } from "./http-input.ts";

/** Code → HTTP status and text (Splunk, "Troubleshoot HTTP Event Collector"). */
const ANSWERS = {
  0: [200, "Success"],
  2: [401, "Token is required"],
  3: [401, "Invalid authorization"],
  4: [403, "Invalid token"],
  5: [400, "No data"],
  6: [400, "Invalid data format"],
  8: [500, "Internal server error"],
  9: [503, "Server is busy"],
  10: [400, "Data channel is missing"],
  11: [400, "Invalid data channel"],
  12: [400, "Event field is required"],
  13: [400, "Event field cannot be blank"],
  15: [400, "Error in handling indexed fields"],
  17: [200, "HEC is healthy"],
  27: [413, "Request entity too large"],
} as const satisfies Readonly<Record<number, readonly [number, string]>>;

type Code = keyof typeof ANSWERS;

const CHANNEL = /^[0-9A-Za-z-]{1,64}$/;
const PATH = "/services/collector";

/** Adds the routes below `/services/collector`. */
export function addHecRoutes(app: FastifyInstance, parts: HttpInputParts): void {
  const acks = createAckBook();
  app.register(async (scope) => {
    scope.setErrorHandler((error, request, reply) => {
      const known = parts.refused(error, request);
      const code = codeOf(known, request);
      if (code === 9) reply.header("retry-after", parts.config.retryAfterSeconds);
      answer(reply, code);
      // A limit of ours is told as such; a full queue in the collector's own way.
      return isAppError(known, "HW_RATE_LIMITED") ? reply.code(429) : reply;
    });
    for (const url of [PATH, `${PATH}/event`, `${PATH}/event/1.0`]) {
      scope.post(url, (request, reply) => take(request, reply, "event", parts, acks));
      // Docker's driver asks whether it may send.
      scope.options(url, (_request, reply) => reply.code(200).send());
    }
    for (const url of [`${PATH}/raw`, `${PATH}/raw/1.0`]) {
      scope.post(url, (request, reply) => take(request, reply, "raw", parts, acks));
    }
    for (const url of [`${PATH}/health`, `${PATH}/health/1.0`]) {
      scope.get(url, (_request, reply) => answer(reply, 17));
    }
    scope.post(`${PATH}/ack`, (request, reply) => tellAcks(request, reply, parts, acks));
  });
}

async function take(
  request: FastifyRequest,
  reply: FastifyReply,
  kind: "event" | "raw",
  parts: HttpInputParts,
  acks: ReturnType<typeof createAckBook>,
): Promise<FastifyReply> {
  const channel = channelOf(request);
  if (channel !== undefined && !CHANNEL.test(channel)) return answer(reply, 11);
  const origin = parts.originOf(request, "splunk", Date.now());
  const batchId = randomUUID();
  const records: OutgoingRecord[] = [];
  const reader: HecReader = createHecReader(kind, queryOf(request), parts.config, (text) => {
    const id = `${batchId}/${records.length}`;
    records.push(parts.sink.encode(origin, { id, idFromSender: false, text }));
  });
  return parts.body.read(request.raw, reader.push, async () => {
    const fault: HecFault | undefined = reader.end();
    // What stands before the fault is taken, as Splunk does it.
    await parts.sink.publish(origin, records);
    if (fault !== undefined) {
      parts.metrics.rejected.inc({ reason: "item" });
      return answer(reply, fault.code, { "invalid-event-number": fault.position });
    }
    if (records.length === 0) return answer(reply, 5);
    const { tenant, source } = origin.binding;
    const ackId = channel && acks.next(`${tenant}/${source}/${channel}`);
    return answer(reply, 0, ackId === undefined ? {} : { ackId });
  });
}

// Records are durable when they are answered: an id that was given is a record that was indexed.
async function tellAcks(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: HttpInputParts,
  acks: ReturnType<typeof createAckBook>,
): Promise<FastifyReply> {
  const channel = channelOf(request);
  if (channel === undefined) return answer(reply, 10);
  if (!CHANNEL.test(channel)) return answer(reply, 11);
  const { tenant, source } = parts.originOf(request, "splunk", Date.now()).binding;
  return parts.body.readWhole(request.raw, parts.config.recordBytesMax, async (body) => {
    const asked = acks.read(body.toString("utf8"));
    if (asked === undefined) return answer(reply, 6);
    const known = acks.known(`${tenant}/${source}/${channel}`);
    return reply.send({ acks: Object.fromEntries(asked.map((id) => [id, id < known])) });
  });
}

function answer(
  reply: FastifyReply,
  code: Code,
  more: Readonly<Record<string, unknown>> = {},
): FastifyReply {
  const [status, text] = ANSWERS[code];
  return reply.code(status).send({ text, code, ...more });
}

function codeOf(error: unknown, request: FastifyRequest): Code {
  if (!isAppError(error)) return 8;
  if (error.code === "HW_UNAUTHENTICATED") {
    const { authorization } = request.headers;
    if (authorization === undefined) return 2;
    return /^(?:splunk|basic|bearer|apikey) ./i.test(authorization) ? 4 : 3;
  }
  if (["HW_BUSY", "HW_RATE_LIMITED", "HW_CLOSED"].includes(error.code)) return 9;
  if (error.code === "HW_INPUT_TOO_LARGE") return 27;
  return ["HW_REQUEST_INVALID", "HW_INPUT_UNREADABLE"].includes(error.code) ? 6 : 8;
}

function channelOf(request: FastifyRequest): string | undefined {
  const header = request.headers["x-splunk-request-channel"];
  if (typeof header === "string" && header !== "") return header;
  return queryOf(request).channel;
}

function queryOf(request: FastifyRequest): Readonly<Record<string, string>> {
  const query: unknown = request.query;
  if (typeof query !== "object" || query === null) return {};
  return Object.fromEntries(
    Object.entries(query).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
}
