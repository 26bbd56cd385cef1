// The part of the configuration that says where records come from: HTTP shippers, syslog senders, files
// and standard input, each bound to a tenant and a source, each with its limits.
import { z } from "zod";
import { NDIG_CLASSES } from "./ndig.ts";
import { TENANT_NAME } from "./tenant-name.ts";

const MIB = 1024 * 1024;
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

const port = z.number().int().min(0).max(65_535);
const milliseconds = z
  .number()
  .int()
  .min(1)
  .max(24 * 60 * MINUTE_MS);
const bytes = z
  .number()
  .int()
  .min(1024)
  .max(2048 * MIB);
/** Of one record as it comes; as UTF-8 it may grow to three times that, which the bus still takes. */
const recordBytes = z
  .number()
  .int()
  .min(1024)
  .max(2 * MIB);
const count = z.number().int().min(1).max(10_000_000);

const timeZone = z.string().refine((name) => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}, "eine IANA-Zeitzone wie Europe/Berlin");

const bindingFields = {
  tenant: z.string().regex(TENANT_NAME, "die Kennung eines Mandanten"),
  /** Name under which the records of this source are found again. */
  source: z.string().min(1).max(100),
  /** Left out: found out for each line. */
  format: z.string().min(1).max(64).optional(),
  /** For times without a zone. */
  timeZone: timeZone.default("Europe/Berlin"),
  /** Class of log sources by § 19 (1) NDIG, asked at onboarding; see config/ndig.ts. */
  ndigClass: z.literal(NDIG_CLASSES).optional(),
  /** Retention class of all its events; left out: what their format says. */
  dataClass: z.enum(["security", "network", "content"]).optional(),
  /** Told as silent after so many minutes without a record; left out: learned from its past. */
  silenceMinutes: z.number().int().min(1).max(44_640).optional(),
};
const bindingSchema = z.strictObject(bindingFields);

/** Whose records these are, and what only the configuration can know of them. */
export type SourceBinding = Readonly<z.infer<typeof bindingSchema>>;

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
  connectionsMax: count.default(2000),
  requestsPerMinuteMax: count.default(12_000),
  /** Longest time from a request's first byte to its last. */
  requestMs: milliseconds.default(MINUTE_MS),
  retryAfterSeconds: z.number().int().min(1).max(3600).default(5),
});

/** Settings of the HTTP input. */
export type HttpInputConfig = Readonly<z.infer<typeof httpSchema>>;

const network = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()]);

const syslogSchema = z
  .strictObject({
    protocol: z.enum(["udp", "tcp"]),
    host: z.string().min(1).default("127.0.0.1"),
    port: port.default(5514),
    /** Senders that no entry of `senders` names; left out: those are refused. */
    binding: bindingSchema.optional(),
    /** The first entry that holds the sender's address counts. */
    senders: z
      .array(z.strictObject({ networks: z.array(network).min(1).max(1000), ...bindingFields }))
      .max(1000)
      .default([]),
    frameBytesMax: recordBytes.default(64 * 1024),
    connectionsMax: count.default(1000),
    idleMs: milliseconds.default(15 * MINUTE_MS),
    /** Received and not yet on the bus; above it UDP is dropped and counted, TCP waits. */
    queueBytesMax: bytes.default(64 * MIB),
    /** The kernel's buffer for datagrams that were not read yet. */
    receiveBufferBytes: bytes.default(4 * MIB),
    batchRecordsMax: count.default(500),
    batchMs: milliseconds.default(50),
    busyRetryMs: milliseconds.default(500),
  })
  .refine(
    (one) => one.binding !== undefined || one.senders.length > 0,
    "binding oder senders muss sagen, wem die Zeilen gehören",
  );

/** Settings of one syslog listener. */
export type SyslogConfig = Readonly<z.infer<typeof syslogSchema>>;

const filesSchema = z.strictObject({
  ...bindingFields,
  /** `follow`: growing files with rotation. `once`: finished files and folders, also `.gz` and `.zst`. */
  mode: z.enum(["follow", "once"]).default("follow"),
  /** Files, folders, and for `follow` patterns with `*`. */
  paths: z.array(z.string().min(1)).min(1).max(1000),
  /** Where a file begins that was never seen before the very first start. */
  startAt: z.enum(["beginning", "end"]).default("beginning"),
  filesMax: count.default(1000),
  lineBytesMax: recordBytes.default(MIB),
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
  files: z.array(filesSchema).max(100).default([]),
  stdin: bindingSchema.optional(),
});

/** The inputs' settings with their defaults. */
export type InputsConfig = Readonly<z.infer<typeof inputsSchema>>;
