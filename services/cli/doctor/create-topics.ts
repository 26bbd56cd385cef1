// Makes the topics of all tenants that are missing at Kafka, with the settings that the bus would give them.
import type { Config } from "../../../config/schema.ts";
import { settingsOf } from "../../bus/kafka-topics.ts";
import { addressOf } from "../../kafka/cluster.ts";
import { readKafkaConnection } from "../../kafka/connection.ts";
import { platformaticClient } from "../../kafka/platformatic.ts";
import { isFault, KAFKA_ERROR } from "../../kafka/wire.ts";
import { topicsOf } from "../../ports.ts";

const ANSWER_MS = 30_000;

/** @returns the names of those that were made */
export async function createTopics(
  config: Config,
  at: (path: string) => string,
): Promise<string[]> {
  const { brokers, clientId, tls, sasl, prefix, replicationFactor } = config.bus;
  const connection = readKafkaConnection({ brokers, clientId, tls, sasl }, at, "bus");
  const client = platformaticClient(connection, "none");
  const [first = ""] = brokers;
  const asked = await client.connect(addressOf(first), ANSWER_MS);
  const made: string[] = [];
  try {
    const view = await asked.clusterView([]);
    const address = view.brokers.get(view.controller) ?? addressOf(first);
    const wire = await client.connect(address, ANSWER_MS);
    try {
      for (const { id } of config.tenants) {
        for (const topic of topicsOf(config)) {
          const name = `${prefix}.${id}.${topic.name}`;
          const settings = settingsOf(topic, replicationFactor);
          const copies = { replicationFactor: replicationFactor ?? -1, settings };
          try {
            await wire.createTopic({ name, partitions: topic.partitions, ...copies });
            made.push(name);
          } catch (error) {
            if (!isFault(error, KAFKA_ERROR.TOPIC_ALREADY_EXISTS)) throw error;
          }
        }
      }
    } finally {
      wire.close();
    }
  } finally {
    asked.close();
  }
  return made;
}
