// The real ingest stage before the durable bus on loopback, for real shippers: what arrived, in the order
// of the bus, a queue that can be full for a while, and a restart of our side in the middle.
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { Registry } from "prom-client";
import { inputsSchema } from "../../config/inputs.ts";
import { busSchema } from "../../config/kafka.ts";
import type { Bus, Consumer } from "../../services/bus/bus.ts";
import { openEmbeddedBus } from "../../services/bus/embedded.ts";
import { decodeRaw, type RawRecord } from "../../services/bus/raw-record.ts";
import { type Ingest, startIngest } from "../../services/ingest/ingest.ts";
import { createNormalizer, eventOrThrow } from "../../services/normalize/normalizer.ts";
import { freePort } from "./loopback.ts";

const BINDING = { tenant: "kreis", source: "absender", timeZone: "Europe/Berlin" };
/** The only key of the HTTP input. */
export const KEY = { id: "absender", key: "geheim" };
/** The key as shippers carry it in `Authorization`. */
export const AUTHORIZATION_TOKEN = Buffer.from(`${KEY.id}:${KEY.key}`).toString("base64");
const POLL_MS = 10;
/** Nothing new for so long while something is missing: it will not come any more. */
const QUIET_MS = 30_000;
/** So long is waited for records that come twice. */
const AFTER_MS = 300;

/** Settings of a listener, as in the configuration. */
type Listener = Readonly<Record<string, unknown>>;

type Kind = "syslog" | "relp" | "gelf" | "lumberjack";
type Inputs = Readonly<Partial<Record<Kind | "files", readonly Listener[]>>>;

export interface ShipperIngest extends AsyncDisposable {
  readonly url: string;
  /** Of the listeners of one kind, in the configuration's order; the same after a restart. */
  ports(kind: Kind): readonly number[];
  /** All that arrived, in the bus' order within each partition. */
  readonly records: readonly RawRecord[];
  /** Waits until so many records arrived, and a moment more for those that are one too many; rejects when no more come. */
  arrived(count: number): Promise<void>;
  /** From now on nobody reads, so that the queue fills; resolves when it refused somebody, rejects when nobody comes. */
  fill(): Promise<void>;
  drain(): void;
  /** How often `publish` was refused because the queue was full. */
  readonly refusals: number;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Sum of a counter of the ingest, over all labels. */
  counted(name: "rejected" | "dropped" | "records"): Promise<number>;
}

/**
 * Starts it with the inputs of a configuration; listeners without a port get a free one.
 * @param backlogBytesMax from how much unread on the queue is full
 */
export async function openShipperIngest(
  inputs: Inputs = {},
  http: Readonly<Record<string, unknown>> = {},
  backlogBytesMax = 500_000_000,
): Promise<ShipperIngest> {
  const folder = mkdtempSync(join(tmpdir(), "shipper-ingest-"));
  const config = inputsSchema.parse({
    http: { port: await freePort(), keys: [httpKey()], requestsPerMinuteMax: 1e6, ...http },
    ...(await withPorts(inputs)),
  });
  const real = openEmbeddedBus({
    dataDir: join(folder, "bus"),
    topics: [
      {
        name: "raw",
        partitions: 2,
        retentionMs: 3_600_000,
        retentionBytes: 1_000_000_000,
        compacted: false,
        backlogBytesMax,
      },
    ],
    sealedTopics: [],
  });
  let refusals = 0;
  const bus: Bus = {
    async publish(...args) {
      try {
        await real.publish(...args);
      } catch (error) {
        refusals++;
        throw error;
      }
    },
    consume: (...args) => real.consume(...args),
    lag: (...args) => real.lag(...args),
    read: (...args) => real.read(...args),
    seek: (...args) => real.seek(...args),
    retain: (...args) => real.retain(...args),
    close: () => real.close(),
  };
  const records: RawRecord[] = [];
  const consumer: Consumer = await real.consume([BINDING.tenant], {
    topic: "raw",
    group: "detect",
    recordsPerBatchMax: 500,
    lingerMs: 1,
    retryDelayMs: 10,
    handle: async (batch) => {
      for (const { value } of batch.records) records.push(decodeRaw(value));
    },
  });
  let metrics = new Registry();
  let ingest: Ingest | undefined;
  const start = async (): Promise<void> => {
    metrics = new Registry();
    ingest = await startIngest({
      busConfig: busSchema.parse({}),
      config,
      bus,
      keys: { verify: async () => undefined },
      registry: metrics,
      logger: pino({ level: "silent" }),
      configFolder: folder,
      stateFolder: join(folder, "state"),
      stdin: new PassThrough(),
      closeGraceMs: 2000,
    });
  };
  const stop = async (): Promise<void> => {
    await ingest?.close();
    ingest = undefined;
  };
  await start();
  return {
    url: `http://127.0.0.1:${config.http.port}`,
    ports: (kind) => config[kind].map(({ port }) => port),
    records,
    async arrived(count) {
      for (let before = -1, since = Date.now(); records.length < count; await sleep(POLL_MS)) {
        if (records.length > before) [before, since] = [records.length, Date.now()];
        if (Date.now() > since + QUIET_MS) throw new Error(`${before} of ${count} records arrived`);
      }
      await sleep(AFTER_MS);
    },
    async fill() {
      consumer.pause();
      const before = refusals;
      for (const since = Date.now(); refusals === before; await sleep(POLL_MS)) {
        if (Date.now() > since + QUIET_MS) throw new Error("nobody filled the queue");
      }
    },
    drain: () => consumer.resume(),
    get refusals() {
      return refusals;
    },
    stop,
    start,
    async counted(name) {
      const metric = await metrics.getSingleMetric(`heidewacht_ingest_${name}_total`)?.get();
      return (metric?.values ?? []).reduce((sum, { value }) => sum + value, 0);
    },
    async [Symbol.asyncDispose]() {
      await stop();
      consumer.resume();
      await consumer.close();
      await real.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function httpKey(): Record<string, string> {
  const sha256 = createHash("sha256").update(KEY.key).digest("hex");
  return { id: KEY.id, sha256, ...BINDING };
}

async function withPorts(inputs: Inputs): Promise<Record<string, Listener[]>> {
  const all: Record<string, Listener[]> = {};
  for (const [kind, listeners] of Object.entries(inputs)) {
    const withPort: Listener[] = [];
    for (const one of listeners) {
      const shared = kind === "files" ? BINDING : { binding: BINDING, port: await freePort() };
      withPort.push({ ...shared, ...one });
    }
    all[kind] = withPort;
  }
  return all;
}

/** The events that the records are, each with the id of its format; throws the first record's fault. */
export function parseAll(
  records: readonly RawRecord[],
): { readonly format: string; readonly record: Readonly<Record<string, unknown>> }[] {
  const normalizer = createNormalizer({ mappings: [] });
  return records.map((raw) => {
    const { event, format } = eventOrThrow(normalizer.normalize(raw, BINDING.tenant));
    return { format: format.id, record: event.record };
  });
}
