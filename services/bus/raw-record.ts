// The record that every input puts on the `raw` topic and that `detect` takes from it: the text as it
// came, and what only the input can know of it (source, format, id, time of receipt).
import { z } from "zod";
import { AppError } from "../../config/errors.ts";

const rawRecordSchema = z.object({
  /** The sender's identity of the record: bulk `_id`, file + offset, or batch id + position. */
  id: z.string(),
  /** Whether the sender gave `id`; then it wins over an identity that the line itself carries. */
  idFromSender: z.boolean(),
  /** Name of the configured source. */
  source: z.string(),
  /** Configured format; undefined: find out. */
  format: z.string().optional(),
  /** IANA zone for times without one. */
  timeZone: z.string(),
  /** Milliseconds since 1970 UTC. */
  receivedAt: z.number(),
  text: z.string(),
});

/** One received record on its way to `detect`. */
export type RawRecord = z.infer<typeof rawRecordSchema>;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8");

/** Bytes for the bus: one line of JSON about the record, a line feed, the text as it came. */
export function encodeRaw(record: RawRecord): Uint8Array {
  const { text, ...head } = record;
  return encoder.encode(`${JSON.stringify(head)}\n${text}`);
}

/**
 * The record that `encodeRaw` wrote.
 * @throws AppError HW_PARSE_FAILED on other bytes
 */
export function decodeRaw(bytes: Uint8Array): RawRecord {
  const whole = decoder.decode(bytes);
  const end = whole.indexOf("\n");
  try {
    const head: unknown = JSON.parse(whole.slice(0, end));
    const record = Object.assign(Object(head), { text: whole.slice(end + 1) });
    // The schema takes longer than all else here; what it would say is asked only for faults.
    return isRawRecord(record) ? record : rawRecordSchema.parse(record);
  } catch (cause) {
    throw new AppError("HW_PARSE_FAILED", "not a raw record", { cause });
  }
}

function isRawRecord(record: Readonly<Record<string, unknown>>): record is RawRecord {
  const { id, idFromSender, source, format, timeZone, receivedAt } = record;
  return (
    typeof id === "string" &&
    typeof idFromSender === "boolean" &&
    typeof source === "string" &&
    (format === undefined || typeof format === "string") &&
    typeof timeZone === "string" &&
    Number.isFinite(receivedAt)
  );
}
