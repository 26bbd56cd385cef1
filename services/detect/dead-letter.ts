// What can't be parsed is kept: the whole record, encrypted, on the dead-letter topic with code and
// reason (to be replayed after a parser was mended), and a marked event without its text in the archive.
import { z } from "zod";
import { AppError } from "../../config/errors.ts";
import type { EcsDocument } from "../../detectors/event.ts";
import { decodeRaw, encodeRaw, type RawRecord } from "../bus/raw-record.ts";

const headSchema = z.object({ code: z.string(), reason: z.string(), place: z.string() });

/** Why a record is on the dead-letter topic, and the record itself. */
export interface DeadLetter {
  readonly code: string;
  readonly reason: string;
  /** `raw/<partition>/<offset>` */
  readonly place: string;
  readonly raw: RawRecord;
}

/** Bytes for the topic `dead-letter`: a line of JSON with code, reason and place, then the raw record. */
export function deadLetter(
  raw: RawRecord,
  code: string,
  reason: string,
  place: string,
): Uint8Array {
  const head = Buffer.from(`${JSON.stringify({ code, reason: reason.slice(0, 500), place })}\n`);
  return Buffer.concat([head, encodeRaw(raw)]);
}

/**
 * The letter that `deadLetter` wrote.
 * @throws AppError HW_PARSE_FAILED on other bytes
 */
export function readDeadLetter(bytes: Uint8Array): DeadLetter {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = buffer.indexOf(10);
  try {
    const head = headSchema.parse(JSON.parse(buffer.subarray(0, end).toString("utf8")));
    return { ...head, raw: decodeRaw(buffer.subarray(end + 1)) };
  } catch (cause) {
    throw new AppError("HW_PARSE_FAILED", "not a dead letter", { cause });
  }
}

/** Id of the trace: not the record's own, which its event gets when a replay understands it. */
export function deadEventId(raw: RawRecord): string {
  return `${raw.id}#pipeline_error`;
}

/** The archive's trace of a record that could not be parsed; its text stays encrypted elsewhere. */
export function deadDocument(
  tenant: string,
  raw: RawRecord,
  code: string,
  place: string,
): EcsDocument {
  return {
    "@timestamp": new Date(raw.receivedAt).toISOString(),
    "event.id": deadEventId(raw),
    "event.kind": "pipeline_error",
    "event.ingested": new Date(raw.receivedAt).toISOString(),
    "error.code": code,
    "event.reference": place,
    "labels.source": raw.source,
    "organization.id": tenant,
  };
}
