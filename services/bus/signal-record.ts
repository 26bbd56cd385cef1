// Signals on the `signals` topic, as bytes.
import { z } from "zod";
import { AppError } from "../../config/errors.ts";
import { toldAnomalySchema } from "../../detectors/anomaly/told-anomaly.ts";
import { ENTITY_TYPES, LEVELS, type Signal } from "../../detectors/detector.ts";

const texts = z.array(z.string());
const signalSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  detector: z.object({
    id: z.string(),
    kind: z.enum(["sigma", "correlation", "anomaly", "integrity"]),
    title: z.string(),
    description: z.string(),
    level: z.enum(LEVELS),
    status: z.string(),
    techniques: texts,
    tactics: texts,
    falsePositives: texts,
    references: texts,
    response: texts,
    origin: z.string(),
    suppress: z.object({ by: texts, forMs: z.number() }).optional(),
  }),
  time: z.number(),
  raisedAt: z.number(),
  entities: z.array(z.object({ type: z.enum(ENTITY_TYPES), value: z.string() })),
  groupKey: z.string(),
  groupWindowMs: z.number().optional(),
  source: z.string(),
  matched: z.array(
    z.object({ field: z.string(), value: z.string(), operator: z.string(), pattern: z.string() }),
  ),
  anomaly: toldAnomalySchema.optional(),
  events: z.array(
    z.object({
      id: z.string(),
      time: z.number(),
      document: z.record(
        z.string(),
        z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.array(z.number())]),
      ),
    }),
  ),
});

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Bytes for the bus: UTF-8 JSON. */
export function encodeSignal(signal: Signal): Uint8Array {
  return encoder.encode(JSON.stringify(signal));
}

/**
 * The signal that `encodeSignal` wrote.
 * @throws AppError HW_PARSE_FAILED on other bytes
 */
export function decodeSignal(bytes: Uint8Array): Signal {
  try {
    return signalSchema.parse(JSON.parse(decoder.decode(bytes)));
  } catch (cause) {
    throw new AppError("HW_PARSE_FAILED", "not a signal record", { cause });
  }
}
