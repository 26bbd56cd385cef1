// Logs and metrics of OpenTelemetry by HTTP (OTLP/HTTP, opentelemetry.io/docs/specs/otlp): logs as protobuf or
// JSON, each LogRecord becomes one record; metrics as JSON, points that belong together become one. Answered in
// the form that the request has, when it is durable.
import { randomUUID } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AppError, isAppError } from "../../config/errors.ts";
import type { OutgoingRecord } from "../bus/bus.ts";
import { statusOf } from "./elastic-reply.ts";
import type { HttpInputParts } from "./http-input.ts";
import { readOtlpMetrics } from "./otlp-metrics.ts";
import { readOtlpProtobuf, writeOtlpSuccess, writeStatus } from "./otlp-protobuf.ts";
import { type OtlpGroup, type OtlpObject, readOtlpJson } from "./otlp-record.ts";
import type { BatchOrigin } from "./raw-sink.ts";

const PROTOBUF = "application/x-protobuf";
const JSON_TYPE = "application/json";

/** After so much other requests have their turn. */
const TURN_CHARACTERS = 250_000;
/** What a record costs besides its text. */
const RECORD_CHARACTERS = 100;

/** google.rpc.Code by HTTP status; UNKNOWN for the others. */
const STATUS_CODES: Readonly<Record<number, number>> = { 400: 3, 401: 16, 413: 3, 429: 8, 503: 14 };
const STATUS_UNKNOWN = 2;

/** Adds `POST /v1/logs` and `POST /v1/metrics`. */
export function addOtlpRoutes(app: FastifyInstance, parts: HttpInputParts): void {
  app.register(async (scope) => {
    scope.setErrorHandler((error, request, reply) => {
      const known = parts.refused(error, request);
      const status = statusOf(known);
      if (status === 429 || status === 503) {
        reply.header("retry-after", parts.config.retryAfterSeconds);
      }
      const message = isAppError(known) ? known.message : "internal error";
      return answerStatus(request, reply, status, message);
    });
    scope.post("/v1/logs", (request, reply) => takeLogs(request, reply, parts));
    scope.post("/v1/metrics", (request, reply) => takeMetrics(request, reply, parts));
  });
}

async function takeLogs(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: HttpInputParts,
): Promise<FastifyReply> {
  const type = typeOf(request);
  if (type === undefined) {
    return answerStatus(request, reply, 415, `send ${PROTOBUF} or ${JSON_TYPE}`);
  }
  const origin = parts.originOf(request, "otlp", Date.now());
  const { config, sink, body } = parts;
  return body.readWhole(request.raw, config.documentBytesMax, async (whole) => {
    const groups =
      type === PROTOBUF
        ? readOtlpProtobuf(whole, config.recordBytesMax)
        : readOtlpJson(whole.toString("utf8"));
    const { records, refused } = await recordsOf(groups, origin, parts);
    await sink.publish(origin, records);
    if (refused > 0) parts.metrics.rejected.inc({ reason: "item" }, refused);
    const message = `records over ${config.recordBytesMax} bytes or nested too deep`;
    reply.type(type);
    if (type === PROTOBUF) return reply.send(Buffer.from(writeOtlpSuccess(refused, message)));
    const partialSuccess = { rejectedLogRecords: String(refused), errorMessage: message };
    return reply.send(refused === 0 ? {} : { partialSuccess });
  });
}

async function takeMetrics(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: HttpInputParts,
): Promise<FastifyReply> {
  if (typeOf(request) !== JSON_TYPE) {
    return answerStatus(request, reply, 415, `send metrics as ${JSON_TYPE} (encoding: json)`);
  }
  const origin = parts.originOf(request, "otlp", Date.now());
  const { config, sink, body } = parts;
  return body.readWhole(request.raw, config.documentBytesMax, async (whole) => {
    const groups = readOtlpMetrics(whole.toString("utf8"));
    const { records, refused } = await recordsOf(groups, origin, parts);
    await sink.publish(origin, records);
    if (refused > 0) parts.metrics.rejected.inc({ reason: "item" }, refused);
    const errorMessage = `points over ${config.recordBytesMax} bytes or nested too deep`;
    const partialSuccess = { rejectedDataPoints: String(refused), errorMessage };
    return reply.type(JSON_TYPE).send(refused === 0 ? {} : { partialSuccess });
  });
}

// What records share is written out for each of them: the whole has a limit of its own, so that a large
// resource with many small records is no way to fill the memory. What is refused counts, too: it has cost
// as much.
async function recordsOf(
  groups: Iterable<OtlpGroup>,
  origin: BatchOrigin,
  { config, sink }: HttpInputParts,
): Promise<{ records: OutgoingRecord[]; refused: number }> {
  const batchId = randomUUID();
  const taken: OutgoingRecord[] = [];
  let refused = 0;
  let characters = 0;
  const turn = createTurns();
  const shareOf = createSharedText();
  for (const group of groups) {
    const shared = shareOf(group);
    await turn(shared.length);
    for (const record of group.records) {
      if (taken.length + refused >= config.recordsPerRequestMax) {
        throw new AppError("HW_INPUT_TOO_LARGE", "too many records in one request");
      }
      const text = record === undefined ? undefined : textOf(shared, record);
      characters += text?.length ?? 0;
      if (characters > config.bodyBytesMax) {
        throw new AppError("HW_INPUT_TOO_LARGE", "the records are too large with their resources");
      }
      if (text === undefined || Buffer.byteLength(text) > config.recordBytesMax) refused++;
      else {
        const id = `${batchId}/${taken.length}`;
        taken.push(sink.encode(origin, { id, idFromSender: false, text }));
      }
      await turn((text?.length ?? 0) + RECORD_CHARACTERS);
    }
  }
  return { records: taken, refused };
}

// Waits a turn of the event loop after so many characters.
function createTurns(): (characters: number) => Promise<void> {
  let characters = 0;
  return async (more) => {
    characters += more;
    if (characters < TURN_CHARACTERS) return;
    characters = 0;
    await nextTurn();
  };
}

// A resource is written once for all its scopes.
function createSharedText(): (group: OtlpGroup) => string {
  let last: OtlpObject | undefined;
  let text = "";
  return ({ resource, scope }) => {
    if (resource !== last) text = JSON.stringify(resource);
    last = resource;
    return `{"resource":${text},"scope":${JSON.stringify(scope)}`;
  };
}

function textOf(shared: string, record: OtlpObject): string {
  const own = JSON.stringify(record).slice(1);
  return `${shared}${own === "}" ? "" : ","}${own}`;
}

function typeOf(request: FastifyRequest): typeof PROTOBUF | typeof JSON_TYPE | undefined {
  const type = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  return type === PROTOBUF || type === JSON_TYPE ? type : undefined;
}

function answerStatus(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  message: string,
): FastifyReply {
  const code = STATUS_CODES[status] ?? STATUS_UNKNOWN;
  reply.code(status);
  if (typeOf(request) === PROTOBUF) {
    return reply.type(PROTOBUF).send(Buffer.from(writeStatus(code, message)));
  }
  return reply.type(JSON_TYPE).send({ code, message });
}
