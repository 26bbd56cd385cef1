// An input of Kafka as the configuration would open it, before a bus in memory.
import { pino } from "pino";
import { Registry } from "prom-client";
import { type BusConfig, busSchema } from "../../../config/kafka.ts";
import { kafkaInputSchema } from "../../../config/kafka-inputs.ts";
import { openKafkaInput } from "../../../services/ingest/kafka.ts";
import { createIngestMetrics } from "../../../services/ingest/metrics.ts";
import { createRawSink } from "../../../services/ingest/raw-sink.ts";
import { kafkaBroker } from "../../servers/addresses.ts";
import { createMemoryBus, type MemoryBus } from "./memory-bus.ts";

export interface KafkaSetup extends AsyncDisposable {
  readonly bus: MemoryBus;
  /** What was logged: level and message. */
  readonly log: string[];
  close(): Promise<void>;
  rejected(reason: string): Promise<number>;
  lag(topic: string): Promise<number | undefined>;
  lost(topic: string): Promise<number>;
}

/** Opens it with short times, so that tests need not wait. */
export function openKafka(
  settings: Readonly<Record<string, unknown>>,
  bus: MemoryBus = createMemoryBus(),
  broker = kafkaBroker(),
): KafkaSetup {
  const config = kafkaInputSchema.parse({
    connection: { brokers: [broker] },
    discoverMs: 300,
    busyRetryMs: 20,
    ...settings,
  });
  const busConfig: BusConfig = busSchema.parse({});
  const registry = new Registry();
  const metrics = createIngestMetrics(registry);
  const log: string[] = [];
  const logger = pino({ level: "info" }, { write: (line: string) => log.push(line) });
  const { close } = openKafkaInput(config, busConfig, "inputs.kafka.0", {
    sink: createRawSink(bus, metrics),
    metrics,
    logger,
    resolvePath: (path) => path,
  });
  return {
    bus,
    log,
    close,
    async rejected(reason) {
      const { values } = await metrics.rejected.get();
      return values.find(({ labels }) => labels.reason === reason)?.value ?? 0;
    },
    async lag(topic) {
      const { values } = await metrics.kafkaLag.get();
      return values.find(({ labels }) => labels.topic === topic)?.value;
    },
    async lost(topic) {
      const { values } = await metrics.kafkaLost.get();
      return values.find(({ labels }) => labels.topic === topic)?.value ?? 0;
    },
    [Symbol.asyncDispose]: close,
  };
}
