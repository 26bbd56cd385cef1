// The three ports of one machine: bus, store and archive in the data folder, and the topics that the
// stages meet on.
import type { Logger } from "pino";
import type { Config } from "../config/schema.ts";
import type { Archive } from "./archive/archive.ts";
import { openEmbeddedArchive } from "./archive/embedded.ts";
import type { Bus, Sealer, TopicSettings } from "./bus/bus.ts";
import { openEmbeddedBus } from "./bus/embedded.ts";
import { openEmbeddedStore } from "./store/embedded.ts";
import type { Store } from "./store/store.ts";

const DAY_MS = 86_400_000;
/** Signals are small; a week of them is there for a replay. */
const SIGNAL_DAYS = 7;
const SIGNAL_BYTES_MAX = 2_000_000_000;
/** Needed back to the last snapshot of the keyed stage, which is seconds old; days are for a replay. */
const OBSERVATION_DAYS = 3;
const OBSERVATION_BYTES_MAX = 4_000_000_000;

export interface Ports {
  readonly bus: Bus;
  readonly store: Store;
  readonly archive: Archive;
}

/** Opens all three; tenants are opened at first use. */
export function openPorts(config: Config, dataDir: string, sealer: Sealer, logger: Logger): Ports {
  return {
    bus: openEmbeddedBus({
      dataDir,
      topics: topicsOf(config),
      sealer,
      sealedTopics: ["raw", "dead-letter"],
    }),
    store: openEmbeddedStore({ dataDir }),
    archive: openEmbeddedArchive({
      dataDir,
      onDamage: (error) => logger.error({ err: error, place: error.place }, "archive damaged"),
    }),
  };
}

function topicsOf(config: Config): TopicSettings[] {
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
      name: "dead-letter",
      partitions: 1,
      retentionMs: retention.deadLetterDays * DAY_MS,
      retentionBytes: retention.rawBytesMax,
    },
  ];
}
