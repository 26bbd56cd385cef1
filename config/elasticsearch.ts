// Settings of the store and the archive: embedded, or in Elasticsearch with who we are there and how our
// indices are named.
import { z } from "zod";

const file = z.string().min(1).max(4096);

export const storeSchema = z
  .strictObject({
    /** `embedded`: files in the data folder, for one process. */
    kind: z.enum(["embedded", "elasticsearch"]).default("embedded"),
    nodes: z.array(z.url()).min(1).max(100).default(["http://127.0.0.1:9200"]),
    /** First line of the file: the API key as Elasticsearch gives it (`encoded`). Best choice. */
    apiKeyFile: file.optional(),
    /** Instead of a key: a user with a password. */
    username: z.string().min(1).max(500).optional(),
    passwordFile: file.optional(),
    /** PEM: the authorities that the servers' certificates are signed by; left out: those of the system. */
    caFile: file.optional(),
    /** All our indices, aliases and templates begin with it. */
    prefix: z
      .string()
      .regex(/^[a-z][a-z0-9]{0,19}$/, "Kleinbuchstaben und Ziffern, höchstens 20")
      .default("hw"),
    /** Copies of each index beside the first one. */
    replicas: z.number().int().min(0).max(5).default(0),
    /** Shards of an index of events; everything else has one. */
    eventShards: z.number().int().min(1).max(64).default(1),
    requestTimeoutMs: z.number().int().min(1000).max(600_000).default(30_000),
  })
  .refine(
    (one) => (one.username === undefined) === (one.passwordFile === undefined),
    "username und passwordFile gehören zusammen",
  )
  .refine(
    (one) => one.apiKeyFile === undefined || one.username === undefined,
    "apiKeyFile oder username, nicht beides",
  );

/** Settings of the store. */
export type StoreConfig = Readonly<z.infer<typeof storeSchema>>;

export const archiveSchema = z.strictObject({
  /** `off`: no event is kept; hunting, backtests and the evidence of correlations are gone with it. */
  kind: z.enum(["store", "off"]).default("store"),
});
