// Shippers' topics of Kafka as an input: their records are copied to `raw`, and the offsets are committed
// when they are durable there. A full queue makes the reading wait; nothing is dropped.
import type { SourceBinding } from "../../config/inputs.ts";
import type { BusConfig } from "../../config/kafka.ts";
import type { KafkaInputConfig } from "../../config/kafka-inputs.ts";
import type { OutgoingRecord } from "../bus/bus.ts";
import { readKafkaConnection } from "../kafka/connection.ts";
import { looksLikeJson } from "../normalize/json-text.ts";
import { KafkaConsumer } from "./kafka-consumer.ts";
import type { ShipperRecord } from "./kafka-partition.ts";
import { createKafkaRouter, type KafkaRouter, matchesTopic } from "./kafka-routing.ts";
import type { NetworkInputParts } from "./network-input.ts";
import { type BatchOrigin, untilAccepted } from "./raw-sink.ts";
import { decodeText, detectEncoding, trimToCharacter } from "./text-encoding.ts";

export interface KafkaInput {
  /** Finishes the batch at hand, so that as little as possible comes twice. */
  close(): Promise<void>;
}

/** The bus's settings as far as they matter to inputs. */
export type BusOfKafka = Pick<
  BusConfig,
  "kind" | "prefix" | "brokers" | "clientId" | "tls" | "sasl"
>;

/** Times of records that are older say nothing any more of when we could have received them. */
const TIMESTAMP_AGE_MAX_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Starts reading the topics of one entry.
 * @param place of the entry in the configuration, for faults
 * @throws AppError HW_CONFIG_INVALID for a certificate or secret that can't be read
 */
export function openKafkaInput(
  config: KafkaInputConfig,
  bus: BusOfKafka,
  place: string,
  parts: NetworkInputParts,
): KafkaInput {
  const { group, topics, pattern = "" } = config;
  const { brokers, clientId, tls, sasl } = bus;
  const { logger, metrics } = parts;
  const connection = readKafkaConnection(
    config.connection ?? { brokers, clientId, tls, sasl },
    parts.resolvePath,
    place,
  );
  const router = createKafkaRouter(config);
  const copy = createCopying(config, router, parts);
  // Topics with two underscores are Kafka's own, those with our prefix are ours.
  const isOurs = (topic: string): boolean =>
    topic.startsWith("__") || topic.startsWith(`${bus.prefix}.`);
  const consumer = new KafkaConsumer({
    ...config,
    connection,
    isWanted: (topic) =>
      topics === undefined
        ? matchesTopic(pattern, topic) && !isOurs(topic)
        : topics.includes(topic),
    handle: copy,
    onReading(found) {
      const missing = topics?.filter((topic) => !found.includes(topic)) ?? [];
      logger.info({ group, topics: found.length }, "topics of Kafka are read");
      if (missing.length > 0) logger.warn({ group, missing }, "topics of Kafka are not there");
    },
    onFault: (error) =>
      logger.error({ err: error, group, brokers: connection.brokers }, "Kafka can't be read"),
    onLag: (topic, records) => metrics.kafkaLag.set({ topic }, records),
    onGap({ topic, partition }, from, to, error) {
      metrics.kafkaLost.inc({ topic }, to - from);
      const place = `${topic}/${partition}/${from}`;
      if (error === undefined) {
        logger.error({ group, place, from, to }, "Kafka deleted records before they were read");
      } else logger.error({ err: error, group, place }, "a record of Kafka can't be parsed");
    },
    logger,
  });
  return { close: () => consumer.close() };
}

/** Makes raw records of a batch and publishes them; resolves when they are durable. */
function createCopying(
  config: KafkaInputConfig,
  router: KafkaRouter,
  { sink, metrics, logger }: NetworkInputParts,
): (records: readonly ShipperRecord[], signal: AbortSignal) => Promise<void> {
  const told = new Set<string>();
  const reject = (record: ShipperRecord, reason: "tenant" | "empty" | "encoding"): void => {
    metrics.rejected.inc({ reason });
    const once = `${reason} ${record.topic}`;
    if (reason === "empty" || told.has(once)) return;
    told.add(once);
    logger.warn({ reason, place: placeOf(record) }, MESSAGES[reason]);
  };
  return async (records, signal) => {
    const batches = new Map<SourceBinding, { origin: BatchOrigin; out: OutgoingRecord[] }>();
    const now = Date.now();
    for (const record of records) {
      const text = textOf(record.value, config.frameBytesMax, () =>
        metrics.rejected.inc({ reason: "cut" }),
      );
      if (text === "") {
        reject(record, "empty");
        continue;
      }
      if (config.encoding === "json" && !looksLikeJson(text)) reject(record, "encoding");
      const { topic, header } = record;
      const binding = router.bindingOf({ topic, text, header });
      if (binding === undefined) {
        reject(record, "tenant");
        continue;
      }
      const origin: BatchOrigin = {
        binding,
        input: "kafka",
        key: `${topic}/${record.partition}`,
        receivedAt: receivedAt(record.timestamp, now),
      };
      const batch = batches.get(binding) ?? { origin, out: [] };
      batch.out.push(sink.encode(origin, { id: idOf(record), idFromSender: false, text }));
      batches.set(binding, batch);
    }
    for (const { origin, out } of batches.values()) {
      await untilAccepted(() => sink.publish(origin, out), {
        retryMs: config.busyRetryMs,
        signal,
        onFault: (error) => logger.error({ err: error }, "records of Kafka wait for the bus"),
      });
    }
  };
}

const MESSAGES = {
  tenant: "a record of Kafka names no tenant that is allowed, and is left out",
  encoding: "a record of Kafka is not the JSON that the configuration says",
} as const;

/** The record's identity; the topic's id, because a topic that is made anew begins at 0 again. */
function idOf({ topic, topicId, partition, offset }: ShipperRecord): string {
  return `kafka/${topic}@${topicId}/${partition}/${offset}`;
}

function placeOf({ topic, partition, offset }: ShipperRecord): string {
  return `${topic}/${partition}/${offset}`;
}

// The time in Kafka is the same however often a record is copied; the clock's would not be.
function receivedAt(timestamp: number, now: number): number {
  return timestamp > now - TIMESTAMP_AGE_MAX_MS && timestamp <= now ? timestamp : now;
}

function textOf(value: Buffer | undefined, bytesMax: number, onCut: () => void): string {
  if (value === undefined) return "";
  const { encoding, markBytes } = detectEncoding(value);
  let bytes = value.subarray(markBytes);
  if (bytes.length > bytesMax) {
    onCut();
    bytes = trimToCharacter(bytes.subarray(0, bytesMax), encoding);
  }
  return decodeText(bytes, encoding).replace(/\r?\n$/, "");
}
