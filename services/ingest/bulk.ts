// The Elasticsearch bulk protocol as shippers speak it: `_bulk` and single documents become raw records
// and are answered only when they are durable. Under back pressure nothing of a request is taken: it is
// refused as a whole (429), because not every shipper repeats single items; some of the official clients'
// bulk helpers and rsyslog repeat nothing but items, so they are told so for each.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AppError, isAppError } from "../../config/errors.ts";
import type { OutgoingRecord } from "../bus/bus.ts";
import { writeBulkAnswer } from "./bulk-answer.ts";
import { type BulkItem, createBulkParser, looksLikeObject } from "./bulk-parse.ts";
import { documentResult, filterPaths, type ItemOutcome } from "./elastic-reply.ts";
import type { HttpInputParts } from "./http-input.ts";
import { createLineSplitter } from "./line-splitter.ts";
import type { BatchOrigin } from "./raw-sink.ts";

const SECOND_MS = 1000;
const BUSY_RETRY_MS = 100;

interface IndexParams {
  readonly index?: string;
  readonly id?: string;
}

/** Adds the bulk and document routes. */
export function addBulkRoutes(app: FastifyInstance, parts: HttpInputParts): void {
  for (const url of ["/_bulk", "/:index/_bulk"]) {
    app.route<{ Params: IndexParams }>({
      method: ["POST", "PUT"],
      url,
      handler: (request, reply) => takeBulk(request, reply, request.params.index, parts),
    });
  }
  for (const [method, url] of [
    ["POST", "/:index/_doc"],
    ["PUT", "/:index/_doc/:id"],
    ["POST", "/:index/_doc/:id"],
    ["PUT", "/:index/_create/:id"],
    ["POST", "/:index/_create/:id"],
  ] as const) {
    app.route<{ Params: IndexParams }>({
      method,
      url,
      handler: async (request, reply) => {
        reply.code(201);
        return takeDocument(request, request.params, parts);
      },
    });
  }
}

async function takeBulk(
  request: FastifyRequest,
  reply: FastifyReply,
  defaultIndex: string | undefined,
  parts: HttpInputParts,
): Promise<unknown> {
  const startedAt = Date.now();
  const origin = parts.originOf(request, "bulk", startedAt);
  const batchId = randomUUID();
  const items: ItemOutcome[] = [];
  const records: OutgoingRecord[] = [];
  const parser = createBulkParser(defaultIndex, (item: BulkItem) => {
    if (items.length >= parts.config.recordsPerRequestMax) {
      throw new AppError("HW_INPUT_TOO_LARGE", "too many items in one request");
    }
    const { action, index, text, fault } = item;
    const id = item.id ?? `${batchId}/${items.length}`;
    if (text === undefined) parts.metrics.rejected.inc({ reason: "item" });
    else records.push(parts.sink.encode(origin, { id, idFromSender: item.id !== undefined, text }));
    items.push({ action, index, id, fault });
  });
  const splitter = createLineSplitter({
    pieceBytesMax: parts.config.recordBytesMax,
    encoding: "utf-8",
    firstOffset: 0,
    firstLine: 1,
  });
  return parts.body.read(
    request.raw,
    (chunk) => {
      for (const piece of splitter.push(chunk)) parser.line(piece);
    },
    async () => {
      const rest = splitter.rest();
      if (rest !== undefined) parser.line(rest);
      parser.end();
      if (items.length === 0) {
        throw new AppError("HW_REQUEST_INVALID", "the request holds no item");
      }
      const refusal = await publishOrRefuse(request, parts, origin, records);
      const head = {
        took: Date.now() - startedAt,
        errors: refusal !== undefined || records.length < items.length,
      };
      reply.type("application/json; charset=utf-8");
      return writeBulkAnswer(head, items, refusal, filterOf(request));
    },
  );
}

// The error when the bus is full and the sender repeats single items.
async function publishOrRefuse(
  request: FastifyRequest,
  parts: HttpInputParts,
  origin: BatchOrigin,
  records: readonly OutgoingRecord[],
): Promise<AppError | undefined> {
  const sender = senderKind(request);
  const waitMs = sender === "rsyslog" ? parts.config.retryAfterSeconds * SECOND_MS : 0;
  const giveUpAt = performance.now() + waitMs;
  for (;;) {
    try {
      await parts.sink.publish(origin, records);
      return undefined;
    } catch (error) {
      if (!isAppError(error, "HW_BUSY") || sender === "other") throw error;
      if (performance.now() >= giveUpAt || parts.stopping.aborted) {
        parts.metrics.rejected.inc({ reason: error.code });
        return error;
      }
      await sleep(BUSY_RETRY_MS, undefined, { signal: parts.stopping }).catch(() => undefined);
    }
  }
}

// The official clients' bulk helpers mark their requests with `h=bp`; those for Python and Go repeat whole
// requests only. rsyslog (omelasticsearch) is the one shipper that doesn't name itself; it repeats refused
// items at once, so it is made to wait before, and it files away for good what was refused as a whole.
function senderKind({ headers }: FastifyRequest): "helper" | "rsyslog" | "other" {
  if (headers["user-agent"] === undefined) return "rsyslog";
  const client = String(headers["x-elastic-client-meta"] ?? "").split(",");
  const repeatsWhole = client.some((part) => part.startsWith("py=") || part.startsWith("go="));
  return client.includes("h=bp") && !repeatsWhole ? "helper" : "other";
}

async function takeDocument(
  request: FastifyRequest,
  params: IndexParams,
  parts: HttpInputParts,
): Promise<unknown> {
  const origin: BatchOrigin = parts.originOf(request, "bulk", Date.now());
  const chunks: Buffer[] = [];
  let bytes = 0;
  return parts.body.read(
    request.raw,
    (chunk) => {
      bytes += chunk.length;
      if (bytes > parts.config.recordBytesMax) {
        throw new AppError("HW_INPUT_TOO_LARGE", "the document is longer than allowed");
      }
      chunks.push(chunk);
    },
    async () => {
      const whole = Buffer.concat(chunks);
      if (!looksLikeObject(whole)) {
        throw new AppError("HW_REQUEST_INVALID", "the document is no JSON object");
      }
      const id = params.id ?? `${randomUUID()}/0`;
      const text = whole.toString("utf8").trim();
      const record = { id, idFromSender: params.id !== undefined, text };
      await parts.sink.publish(origin, [parts.sink.encode(origin, record)]);
      return filterPaths(documentResult(params.index, id), filterOf(request));
    },
  );
}

function filterOf(request: FastifyRequest): unknown {
  const query: unknown = request.query;
  return typeof query === "object" && query !== null && "filter_path" in query
    ? query.filter_path
    : undefined;
}
