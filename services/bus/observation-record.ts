// What stands on the topic `observations`, as bytes: observations for the keyed detectors, and how far each
// part of the way has come, so that the stage can work in the order of event time.
import { z } from "zod";
import { AppError } from "../../config/errors.ts";
import type { Observation, Renaming } from "../../detectors/keyed.ts";

/** Where a record comes from: `raw/<partition>` or `baseline/<partition>/<level>`. */
type Origin = string;

/**
 * Who says it, of those that read a raw partition one after the other, and when: one that was stopped and
 * goes on does not know yet that another reads there, and what it says no longer counts.
 */
export interface SpokenBy {
  /** When the partition was assigned to it, milliseconds since 1970 UTC. */
  readonly since: number;
  /** Rises with each of its records: what the bus repeats late is told from news. */
  readonly turn: number;
}

export type ObservationRecord =
  | {
      readonly kind: "observation";
      readonly origin: Origin;
      /** Place in the origin: a stage skips what it has had. Rises with each record of an origin. */
      readonly offset: number;
      readonly index: number;
      /**
       * When the bus took the record behind it, milliseconds since 1970 UTC: a topic that was made anew has
       * the same offsets once more, but later.
       */
      readonly appendedAt: number;
      /** Newest event time that the origin had reached, milliseconds since 1970 UTC. */
      readonly clock: number;
      /** 0: for detectors that look at events; n: for those that look at hits of level n − 1, too. */
      readonly level: number;
      readonly observation: Observation;
    }
  | {
      readonly kind: "progress";
      readonly origin: Origin;
      /**
       * Of `raw`: the newest event time so far. Of `baseline`: nothing before this time comes from there
       * any more.
       */
      readonly clock: number;
      /** Of `raw` only. */
      readonly by?: SpokenBy | undefined;
    }
  /** Nothing has come from there for a while: it holds up nobody until its next record. */
  | { readonly kind: "idle"; readonly origin: Origin; readonly by?: SpokenBy | undefined }
  /** Somebody begins to read there: it is waited for again, until it is idle. */
  | { readonly kind: "present"; readonly origin: Origin; readonly by?: SpokenBy | undefined };

const reference = z.object({ id: z.string(), time: z.number(), rule: z.number() });
const renaming = z.object({
  former: z.array(z.string()),
  present: z.array(z.string()),
  begin: z.number(),
  end: z.number(),
  copy: z.enum(["former", "present"]).optional(),
});
const observation = z.object({
  detector: z.string(),
  key: z.string(),
  time: z.number(),
  id: z.string(),
  rule: z.number(),
  group: z.array(z.string()),
  value: z.string().optional(),
  source: z.string(),
  rests: z.array(reference).optional(),
  formerValue: z.string().optional(),
  renaming: renaming.optional(),
});
// Records from before owners were told apart have none.
const by = z.object({ since: z.number(), turn: z.number() }).optional();
const recordSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("observation"),
    origin: z.string(),
    offset: z.number(),
    index: z.number(),
    // Records of before have none.
    appendedAt: z.number().default(0),
    clock: z.number(),
    level: z.number(),
    observation,
  }),
  z.object({ kind: z.literal("progress"), origin: z.string(), clock: z.number(), by }),
  z.object({ kind: z.literal("idle"), origin: z.string(), by }),
  z.object({ kind: z.literal("present"), origin: z.string(), by }),
]);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Key on the bus: observations that meet have the same one. */
export function observationKey({ detector, key }: Pick<Observation, "detector" | "key">): string {
  return `${detector}\n${key}`;
}

/** Bytes for the bus: UTF-8 JSON. */
export function encodeObservation(record: ObservationRecord): Uint8Array {
  return encoder.encode(JSON.stringify(record));
}

/**
 * The record that `encodeObservation` wrote.
 * @throws AppError HW_PARSE_FAILED on other bytes
 */
export function decodeObservation(bytes: Uint8Array): ObservationRecord {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch (cause) {
    throw new AppError("HW_PARSE_FAILED", "not an observation record", { cause });
  }
  return readObservation(value);
}

/**
 * The same of what JSON says.
 * @throws AppError HW_PARSE_FAILED on anything else
 */
export function readObservation(value: unknown): ObservationRecord {
  const { success, data: record, error: cause } = recordSchema.safeParse(value);
  if (!success) throw new AppError("HW_PARSE_FAILED", "not an observation record", { cause });
  if (record.kind !== "observation") return record;
  const { value: counted, rests, formerValue, renaming, ...rest } = record.observation;
  const more = {
    ...(rests === undefined ? {} : { rests }),
    ...(formerValue === undefined ? {} : { formerValue }),
    ...(renaming === undefined ? {} : { renaming: namesOf(renaming) }),
  };
  return { ...record, observation: { ...rest, value: counted, ...more } };
}

function namesOf({ copy, ...rest }: z.infer<typeof renaming>): Renaming {
  return { ...rest, ...(copy === undefined ? {} : { copy }) };
}
