// Records by plain HTTP, for scripts and shippers without the bulk protocol: one JSON object a line, or
// one line of any text. Answered when durable; what was refused is listed by line.
import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { AppError, type ErrorCode } from "../../config/errors.ts";
import type { OutgoingRecord } from "../bus/bus.ts";
import { looksLikeObject } from "./bulk-parse.ts";
import type { HttpInputParts } from "./http-input.ts";
import { createLineSplitter, type Piece, pieceText } from "./line-splitter.ts";

interface Refusal {
  readonly line: number;
  readonly code: ErrorCode;
}

/** More refusals than this are counted only. */
const REFUSALS_LISTED_MAX = 1000;

/** Adds `POST /ingest/ndjson` and `POST /ingest/lines`. */
export function addPlainRoutes(app: FastifyInstance, parts: HttpInputParts): void {
  app.post("/ingest/ndjson", (request) => takeLines(request, "ndjson", parts));
  app.post("/ingest/lines", (request) => takeLines(request, "lines", parts));
}

async function takeLines(
  request: FastifyRequest,
  input: "ndjson" | "lines",
  parts: HttpInputParts,
): Promise<unknown> {
  const origin = parts.originOf(request, input, Date.now());
  const batchId = randomUUID();
  const records: OutgoingRecord[] = [];
  const refused: Refusal[] = [];
  let refusedCount = 0;
  const splitter = createLineSplitter({
    pieceBytesMax: parts.config.recordBytesMax,
    encoding: "utf-8",
    firstOffset: 0,
    firstLine: 1,
  });
  const take = (piece: Piece): void => {
    if (piece.bytes.length === 0) return;
    if (records.length + refusedCount >= parts.config.recordsPerRequestMax) {
      throw new AppError("HW_INPUT_TOO_LARGE", "too many lines in one request");
    }
    const code = refusalOf(piece, input);
    if (code === undefined) {
      const id = `${batchId}/${records.length}`;
      const text = pieceText(piece, "utf-8");
      records.push(parts.sink.encode(origin, { id, idFromSender: false, text }));
      return;
    }
    refusedCount++;
    parts.metrics.rejected.inc({ reason: "item" });
    if (refused.length < REFUSALS_LISTED_MAX) refused.push({ line: piece.line, code });
  };
  return parts.body.read(
    request.raw,
    (chunk) => {
      for (const piece of splitter.push(chunk)) take(piece);
    },
    async () => {
      const rest = splitter.rest();
      if (rest !== undefined) take(rest);
      await parts.sink.publish(origin, records);
      return { accepted: records.length, refusedCount, refused };
    },
  );
}

function refusalOf(piece: Piece, input: "ndjson" | "lines"): ErrorCode | undefined {
  if (piece.cut) return "HW_INPUT_TOO_LARGE";
  return input === "ndjson" && !looksLikeObject(piece.bytes) ? "HW_REQUEST_INVALID" : undefined;
}
