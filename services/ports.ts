// The three ports as the configuration says: bus, store and archive in the data folder, or on Kafka and
// Elasticsearch; and the topics that the stages meet on.
import type { Logger } from "pino";
import type { Config } from "../config/schema.ts";
import type { Archive } from "./archive/archive.ts";
import type { RefusedEvent } from "./archive/elasticsearch-append.ts";
import { openEmbeddedArchive } from "./archive/embedded.ts";
import type { Bus, TopicSettings } from "./bus/bus.ts";
import { openEmbeddedBus } from "./bus/embedded.ts";
import { deadLetter } from "./detect/dead-letter.ts";
import type { KeyRing } from "./privacy/keys.ts";
import { createSealer } from "./privacy/seal.ts";
import { openEmbeddedStore } from "./store/embedded.ts";
import type { Store } from "./store/store.ts";

const DAY_MS = 86_400_000;
/** Signals are small; a week of them is there for a replay. */
const SIGNAL_DAYS = 7;
const SIGNAL_BYTES_MAX = 2_000_000_000;
/** What was seen of sources; read within seconds. */
const COUNTS_DAYS = 1;
/** Needed back to the last snapshot of the keyed stage, which is seconds old; days are for a replay. */
const OBSERVATION_DAYS = 3;
const OBSERVATION_BYTES_MAX = 4_000_000_000;

export interface Ports {
  readonly bus: Bus;
  readonly store: Store;
  readonly archive: Archive;
}

export interface PortsParts {
  readonly config: Config;
  /** Paths of the configuration made absolute. */
  readonly at: (path: string) => string;
  readonly dataDir: string;
  readonly ring: KeyRing;
  readonly logger: Logger;
  /** How long opening waits for brokers that are away; left out: as long as the bus would by itself. */
  readonly openPatienceMs?: number;
  /** Ends the opening. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens all three as the configuration says; what is not used is not even loaded.
 * @throws AppError HW_CONFIG_INVALID for files that can't be read, and what the servers refuse
 */
export async function openPorts(parts: PortsParts): Promise<Ports> {
  const bus = await openBus(parts);
  try {
    return { bus, ...(await openStores(parts, bus)) };
  } catch (error) {
    await bus.close();
    throw error;
  }
}

async function openBus(parts: PortsParts): Promise<Bus> {
  const { config, at, dataDir, ring, logger, openPatienceMs, signal } = parts;
  const shared = {
    topics: topicsOf(config),
    sealer: createSealer(ring),
    sealedTopics: ["raw", "dead-letter"],
  };
  if (config.bus.kind === "embedded") return openEmbeddedBus({ dataDir, ...shared });
  const { openKafkaBus } = await import("./bus/kafka.ts");
  const { readKafkaConnection } = await import("./kafka/connection.ts");
  const { kind: _, brokers, clientId, tls, sasl, ...options } = config.bus;
  const connection = readKafkaConnection({ brokers, clientId, tls, sasl }, at, "bus");
  const tenants = config.tenants.map(({ id }) => id);
  const patience = openPatienceMs === undefined ? {} : { openPatienceMs };
  return openKafkaBus({ ...shared, ...options, ...patience, connection, tenants, logger, signal });
}

async function openStores({ config, at, dataDir, logger }: PortsParts, bus: Bus) {
  const archive =
    config.archive.kind === "off" ? (await import("./archive/off.ts")).openNoArchive() : undefined;
  if (config.store.kind === "embedded") {
    return {
      store: openEmbeddedStore({ dataDir }),
      archive:
        archive ??
        openEmbeddedArchive({
          dataDir,
          onDamage: (error) => logger.error({ err: error, place: error.place }, "archive damaged"),
        }),
    };
  }
  const { openElasticsearch } = await import("./elasticsearch/connection.ts");
  const { openElasticsearchStore } = await import("./store/elasticsearch.ts");
  const { openElasticsearchArchive } = await import("./archive/elasticsearch.ts");
  const elasticsearch = openElasticsearch(config.store, at);
  return {
    store: openElasticsearchStore({ elasticsearch, logger }),
    archive:
      archive ??
      openElasticsearchArchive({ elasticsearch, logger, deadLetter: refusedTo(bus, "archive") }),
  };
}

/** What Elasticsearch refuses goes where all goes that can't be processed, with the reason. */
function refusedTo(bus: Bus, place: string): RefusedEvent {
  return async (tenant, { id, time, source, document }, reason) => {
    const raw = { id, idFromSender: true, source, timeZone: "UTC", receivedAt: time };
    const record = { ...raw, text: JSON.stringify(document) };
    const value = deadLetter(record, "HW_REQUEST_INVALID", reason, `${place}/${id}`);
    await bus.publish(tenant, "dead-letter", [{ key: id, value }]);
  };
}

/** The topics that the stages meet on. */
export function topicsOf(config: Config): TopicSettings[] {
  const { queue, retention } = config;
  const shared = { compacted: false, backlogBytesMax: queue.backlogBytesMax };
  return [
    {
      ...shared,
      name: "raw",
      partitions: queue.partitions,
      retentionMs: retention.originalDays * DAY_MS,
      retentionBytes: retention.rawBytesMax,
    },
    {
      ...shared,
      name: "observations",
      partitions: queue.partitions,
      retentionMs: OBSERVATION_DAYS * DAY_MS,
      retentionBytes: OBSERVATION_BYTES_MAX,
    },
    {
      ...shared,
      name: "baseline-state",
      partitions: queue.partitions,
      retentionMs: OBSERVATION_DAYS * DAY_MS,
      retentionBytes: OBSERVATION_BYTES_MAX,
      compacted: true,
    },
    {
      ...shared,
      name: "signals",
      partitions: 1,
      retentionMs: SIGNAL_DAYS * DAY_MS,
      retentionBytes: SIGNAL_BYTES_MAX,
    },
    {
      ...shared,
      name: "source-counts",
      partitions: 1,
      retentionMs: COUNTS_DAYS * DAY_MS,
      retentionBytes: SIGNAL_BYTES_MAX,
    },
    {
      ...shared,
      name: "dead-letter",
      partitions: 1,
      retentionMs: retention.deadLetterDays * DAY_MS,
      retentionBytes: retention.rawBytesMax,
    },
  ];
}
