// What a process saw of a log source, as it stands on the topic `source-counts`: counts over a stretch of
// one raw partition. The source monitor puts together what all processes saw.
import { z } from "zod";
import { AppError } from "../../config/errors.ts";

const counts = z.record(z.string(), z.number());
const sourceCountsSchema = z.object({
  source: z.string(),
  /** Where the records stood on the topic `raw`; by it what comes twice is told. */
  stretch: z.object({
    partition: z.number(),
    lastOffset: z.number(),
    /** When the bus took the last record, ms UTC: offsets may begin anew, times don't. */
    appendedAt: z.number(),
  }),
  records: z.number(),
  failed: z.number(),
  /** Format → parsed records. */
  formats: counts,
  /** Error code → records on the dead-letter. */
  reasons: counts,
  /** Hosts that are watched by name → receipt of their newest record, ms UTC. */
  hosts: counts,
  /** Times of receipt, ms UTC, ascending, each once; evenly thinned where there are too many. */
  receivedAt: z.array(z.number()),
  /** Newest event time, ms UTC. */
  lastEventAt: z.number().nullable(),
  /** Sample of receipt minus event time, ms; `stride` records stand behind each value. */
  lags: z.object({
    values: z.array(z.number()),
    stride: z.number(),
    count: z.number(),
    max: z.number(),
  }),
});

/** Counts of one source. No field is about a person. */
export type SourceCounts = z.infer<typeof sourceCountsSchema>;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Bytes for the bus: UTF-8 JSON. */
export function encodeSourceCounts(record: SourceCounts): Uint8Array {
  return encoder.encode(JSON.stringify(record));
}

/**
 * The record that `encodeSourceCounts` wrote.
 * @throws AppError HW_PARSE_FAILED on other bytes
 */
export function decodeSourceCounts(bytes: Uint8Array): SourceCounts {
  try {
    return sourceCountsSchema.parse(JSON.parse(decoder.decode(bytes)));
  } catch (cause) {
    throw new AppError("HW_PARSE_FAILED", "not a record of source counts", { cause });
  }
}
