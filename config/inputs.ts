// The part of the configuration that says where records come from: HTTP shippers, syslog senders, files
// and standard input, each bound to a tenant and a source, each with its limits.
import { z } from "zod";
import {
  bindingFields,
  bindingSchema,
  bytes,
  count,
  MIB,
  MINUTE_MS,
  milliseconds,
  port,
  recordBytes,
  SECOND_MS,
} from "./input-values.ts";
import { kafkaInputSchema } from "./kafka-inputs.ts";
import { gelfSchema, lumberjackSchema, relpSchema, syslogSchema } from "./network-inputs.ts";

export type { SourceBinding } from "./input-values.ts";

const keySchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "Buchstaben, Ziffern, _ und -, höchstens 64"),
  /** Only the hash of the key is written down. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "SHA-256 des Schlüssels, 64 Hexadezimalziffern"),
  ...bindingFields,
});

/** A shipper's key from the configuration. */
export type ShipperKey = Readonly<z.infer<typeof keySchema>>;

const httpSchema = z.strictObject({
  enabled: z.boolean().default(true),
  host: z.string().min(1).default("127.0.0.1"),
  port: port.default(8721),
  /** Path before `/_bulk` and `/ingest/…`; empty: none. */
  prefix: z
    .string()
    .regex(/^(?:\/[A-Za-z0-9_-]+){0,4}$/, "leer oder ein Pfad wie /elastic")
    .default(""),
  keys: z.array(keySchema).max(1000).default([]),
  /** Of the body as sent, and after decompression. */
  compressedBytesMax: bytes.default(64 * MIB),
  bodyBytesMax: bytes.default(64 * MIB),
  recordBytesMax: recordBytes.default(MIB),
  recordsPerRequestMax: count.default(100_000),
  /** Decompressed bytes of all requests under way together. */
  bytesInFlightMax: bytes.default(256 * MIB),
  /** Longest body that is read as one document (OTLP). */
  documentBytesMax: bytes.default(16 * MIB),
  connectionsMax: count.default(2000),
  /** Of one address; a proxy counts as one. */
  connectionsPerSenderMax: count.default(1000),
  /** Of one key; above it requests are answered with 429. */
  recordsPerSecondMax: count.default(100_000),
  requestsPerMinuteMax: count.default(12_000),
  /** Longest time from a request's first byte to its last; for a journal: without a byte. */
  requestMs: milliseconds.default(MINUTE_MS),
  retryAfterSeconds: z.number().int().min(1).max(3600).default(5),
});

/** Settings of the HTTP input. */
export type HttpInputConfig = Readonly<z.infer<typeof httpSchema>>;

const multilineSchema = z.enum(["none", "indent"]);

/** `indent`: lines that begin with white space belong to the line before them. */
export type Multiline = z.infer<typeof multilineSchema>;

const filesSchema = z.strictObject({
  ...bindingFields,
  /** `follow`: growing files with rotation. `once`: finished files, folders, event logs and archives. */
  mode: z.enum(["follow", "once"]).default("follow"),
  /** Files, folders, and for `follow` patterns with `*`. */
  paths: z.array(z.string().min(1)).min(1).max(1000),
  /** Where a file begins that was never seen before the very first start. */
  startAt: z.enum(["beginning", "end"]).default("beginning"),
  filesMax: count.default(1000),
  lineBytesMax: recordBytes.default(MIB),
  /** For records of several lines, as PostgreSQL and Java write them. */
  multiline: multilineSchema.default("none"),
  readBytesMax: bytes.default(MIB),
  pollMs: milliseconds.default(250),
  discoverMs: milliseconds.default(2 * SECOND_MS),
  /** A file that was moved or deleted is read on until it was quiet for so long. */
  closeQuietMs: milliseconds.default(10 * SECOND_MS),
  busyRetryMs: milliseconds.default(500),
});

/** Settings of one group of files. */
export type FilesConfig = Readonly<z.infer<typeof filesSchema>>;

/** All inputs; without any setting: HTTP on loopback, no key, nothing else. */
export const inputsSchema = z.strictObject({
  http: httpSchema.prefault({}),
  syslog: z.array(syslogSchema).max(100).default([]),
  relp: z.array(relpSchema).max(100).default([]),
  gelf: z.array(gelfSchema).max(100).default([]),
  lumberjack: z.array(lumberjackSchema).max(100).default([]),
  kafka: z.array(kafkaInputSchema).max(100).default([]),
  files: z.array(filesSchema).max(100).default([]),
  stdin: bindingSchema.optional(),
});

/** The inputs' settings with their defaults. */
export type InputsConfig = Readonly<z.infer<typeof inputsSchema>>;
