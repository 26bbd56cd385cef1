// Settings of Kafka as an input: which topics of shippers are read, and how tenant and source are told from
// the topic, a header or a field of the record.
import { z } from "zod";
import {
  bindingFields,
  bindingSchema,
  bytes,
  count,
  MIB,
  milliseconds,
  recordBytes,
  SECOND_MS,
} from "./input-values.ts";
import { kafkaConnectionSchema } from "./kafka.ts";
import { TENANT_NAME } from "./tenant-name.ts";

const TOPIC_HINT = "Buchstaben, Ziffern, Punkt, _ und -, höchstens 249";
const topic = z.string().regex(/^[A-Za-z0-9._-]{1,249}$/, TOPIC_HINT);
/** `*` stands for any characters, also none. */
const topicPattern = z.string().regex(/^[A-Za-z0-9._*-]{1,249}$/, `${TOPIC_HINT}, und *`);
const name = z.string().min(1).max(200);

const routeSchema = z.strictObject({ topic: topicPattern, ...bindingFields });

const fields = {
  /** Left out: the connection of the bus, when that is Kafka. */
  connection: kafkaConnectionSchema.optional(),
  topics: z.array(topic).min(1).max(1000).optional(),
  /** Every topic that fits, also those that are made later; never our own ones. */
  pattern: topicPattern.optional(),
  /** Processes with the same name share the partitions. */
  group: z
    .string()
    .regex(/^\S{1,200}$/, "ohne Leerzeichen, höchstens 200 Zeichen")
    .default("heidewacht-ingest"),
  /** Where a group begins that never read: with what is kept, or with what comes from now on. */
  startAt: z.enum(["earliest", "latest"]).default("earliest"),
  /** `json`: what is none is counted; `text`: never looked into; left out: what looks like JSON is. */
  encoding: z.enum(["json", "text"]).optional(),
  /** By topic; the first entry that fits holds. */
  routes: z.array(routeSchema).max(1000).default([]),
  /** Header or field (path with dots) that names the tenant; the header comes first. */
  tenantHeader: name.optional(),
  tenantField: name.optional(),
  /** The tenants that may be named so. */
  tenants: z
    .array(z.string().regex(TENANT_NAME, "die Kennung eines Mandanten"))
    .max(200)
    .default([]),
  /** Header or field that names the source; left out: the source is called like the topic. */
  sourceHeader: name.optional(),
  sourceField: name.optional(),
  /** Distinct sources that records may name; further ones are called like their topic. */
  sourcesMax: count.default(1000),
  /** All that nothing above assigns; left out: that is refused and counted. */
  binding: bindingSchema.optional(),
  /** Of one record; what is longer is cut and counted. */
  frameBytesMax: recordBytes.default(MIB),
  /** Records that are made durable and committed at once. */
  batchRecordsMax: count.max(100_000).default(1000),
  /** Fetched and not yet on our bus: half of it unpacked, half for the longest answer of a broker. */
  bytesInFlightMax: bytes.default(32 * MIB),
  topicsMax: count.max(100_000).default(1000),
  /** New topics and partitions are looked for so often. */
  discoverMs: milliseconds.default(30 * SECOND_MS),
  /** After so long without a sign of life a process loses its partitions to the others. */
  sessionTimeoutMs: z.number().int().min(6000).max(300_000).default(15_000),
  busyRetryMs: milliseconds.default(500),
};

export const kafkaInputSchema = z.strictObject(fields).superRefine((one, context) => {
  const fault = (message: string, at: string[] = []): void => {
    context.addIssue({ code: "custom", path: at, message, input: one });
  };
  const namesTenant = one.tenantHeader !== undefined || one.tenantField !== undefined;
  if ((one.topics === undefined) === (one.pattern === undefined)) {
    fault("topics oder pattern muss sagen, was gelesen wird (nur eines von beiden)");
  }
  if (one.binding === undefined && one.routes.length === 0 && !namesTenant) {
    fault("binding, routes, tenantHeader oder tenantField muss sagen, wem die Einträge gehören");
  }
  if (namesTenant !== one.tenants.length > 0) {
    fault("tenants nennt die erlaubten Mandanten zu tenantHeader oder tenantField", ["tenants"]);
  }
  const hasField = one.tenantField !== undefined || one.sourceField !== undefined;
  if (one.encoding === "text" && hasField) {
    fault("tenantField und sourceField gibt es nur in JSON", ["encoding"]);
  }
});

/** Settings of one group of topics. */
export type KafkaInputConfig = Readonly<z.infer<typeof kafkaInputSchema>>;
