// What systemd-journal-upload sends: journal entries in the export format, in one request that may go on
// for as long as there is something to read. Entries are published as they come and the request is
// answered when the last one is durable. A broken request is repeated as a whole by the sender; the
// entries' own cursors then tell what was there already.
import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isAppError } from "../../config/errors.ts";
import { createJournalExportDecoder } from "../normalize/journal-export.ts";
import { statusOf } from "./elastic-reply.ts";
import type { HttpInputParts } from "./http-input.ts";
import { untilAccepted } from "./raw-sink.ts";

const TYPE = "application/vnd.fdo.journal";
const BUSY_RETRY_MS = 500;

/** Adds `POST /upload`, with the answers of systemd-journal-remote. */
export function addJournalRoutes(app: FastifyInstance, parts: HttpInputParts): void {
  app.register(async (scope) => {
    scope.setErrorHandler((error, request, reply) => {
      const known = parts.refused(error, request);
      const text = isAppError(known) ? known.message : "internal error";
      return reply.code(statusOf(known)).type("text/plain").send(`${text}\n`);
    });
    scope.post("/upload", (request, reply) => takeJournal(request, reply, parts));
  });
}

async function takeJournal(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: HttpInputParts,
): Promise<FastifyReply> {
  reply.type("text/plain");
  if (request.headers["content-type"]?.split(";")[0]?.trim() !== TYPE) {
    return reply.code(415).send(`Content-Type: ${TYPE} is required.\n`);
  }
  const { sink, clock, config, stopping } = parts;
  const batchId = randomUUID();
  const decoder = createJournalExportDecoder({ entryBytesMax: config.recordBytesMax });
  const broken = new AbortController();
  request.raw.once("close", () => {
    if (!request.raw.complete) broken.abort();
  });
  const leave = (): void => {
    request.raw.destroy();
  };
  stopping.addEventListener("abort", leave, { once: true });
  request.raw.once("close", () => stopping.removeEventListener("abort", leave));
  let count = 0;
  const publish = async (entries: readonly string[]): Promise<void> => {
    const origin = parts.originOf(request, "journal", Date.now());
    const records = entries.map((text) =>
      sink.encode(origin, { id: `${batchId}/${count++}`, idFromSender: false, text }),
    );
    await untilAccepted(() => sink.publish(origin, records), {
      retryMs: BUSY_RETRY_MS,
      signal: broken.signal,
      onFault: (error) => parts.logger.error({ err: error }, "a journal waits for the bus"),
    });
    await parts.pace(request, broken.signal);
  };
  await parts.body.stream(request.raw, async (chunk) => {
    const entries = decoder.push(chunk);
    if (entries.length === 0) return clock.restart(request);
    clock.pause(request);
    await publish(entries);
    clock.restart(request);
  });
  await publish(decoder.end());
  return reply.code(202).send("OK.\n");
}
