// Settings of the connection to Kafka: where the brokers are, how we show who we are, and how our own
// topics are kept there.
import { z } from "zod";

const file = z.string().min(1).max(4096);
const broker = z
  .string()
  .regex(/^(?:\[[0-9a-fA-F:]+\]|[^\s:[\]]+):\d{1,5}$/, "Rechner und Port, z. B. kafka1:9092");

const tlsSchema = z.strictObject({
  /** PEM: the authorities that the brokers' certificates are signed by; left out: those of the system. */
  caFile: file.optional(),
  /** PEM, where brokers ask for a certificate of ours. */
  certificateFile: file.optional(),
  keyFile: file.optional(),
});

const saslSchema = z.discriminatedUnion("mechanism", [
  z.strictObject({
    mechanism: z.enum(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]),
    username: z.string().min(1).max(500),
    /** First line of the file. */
    passwordFile: file,
  }),
  z.strictObject({
    mechanism: z.literal("OAUTHBEARER"),
    /** Token endpoint of the identity provider (client credentials grant, RFC 6749 section 4.4). */
    tokenUrl: z.url(),
    clientId: z.string().min(1).max(500),
    clientSecretFile: file,
    scope: z.string().max(500).optional(),
  }),
]);

/** Where the brokers are and how we show who we are; inputs and the bus share it. */
const kafkaConnectionFields = {
  brokers: z.array(broker).min(1).max(100).default(["127.0.0.1:9092"]),
  clientId: z.string().min(1).max(200).default("heidewacht"),
  tls: tlsSchema.optional(),
  sasl: saslSchema.optional(),
};

export const kafkaConnectionSchema = z.strictObject(kafkaConnectionFields);

/** A connection to Kafka. */
export type KafkaConnectionConfig = Readonly<z.infer<typeof kafkaConnectionSchema>>;

export const busSchema = z.strictObject({
  /** `embedded`: files in the data folder, for one process. */
  kind: z.enum(["embedded", "kafka"]).default("embedded"),
  /** Which library speaks to the brokers. */
  client: z.enum(["platformatic", "kafkajs"]).default("platformatic"),
  ...kafkaConnectionFields,
  /** Topics are named `<prefix>.<tenant>.<topic>`, groups `<prefix>.<tenant>.<topic>.<group>`. */
  prefix: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "Kleinbuchstaben, Ziffern und Bindestriche, höchstens 40")
    .default("heidewacht"),
  /** Copies of each partition; left out: what the brokers' own setting says. */
  replicationFactor: z.number().int().min(1).max(10).optional(),
  compression: z.enum(["none", "gzip", "snappy", "lz4", "zstd"]).default("zstd"),
  /** After so long without a sign of life a process loses its partitions to the others. */
  sessionTimeoutMs: z.number().int().min(6000).max(300_000).default(15_000),
});

/** Settings of the bus. */
export type BusConfig = Readonly<z.infer<typeof busSchema>>;
