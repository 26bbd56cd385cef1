// A shipper that writes to a topic of its own in Kafka: its records hit no rule, and each place of the topic
// that holds one has to become one event.
import { setTimeout as sleep } from "node:timers/promises";
import { Admin, Producer, stringSerializers } from "@platformatic/kafka";

export const SHIPPER_TOPIC = "shippers-faults";
export const SHIPPER_SOURCE = "ticketsystem";
const PARTITIONS = 2;
const EVERY_MS = 1000;
const RETRY_MS = 300;
const ANSWER_MS = 5000;

export interface TopicShipper {
  /** Resolves when what it is sending is acknowledged. */
  stop(): Promise<void>;
  /** Ids that the events of all its records have. */
  eventIds(): Promise<Set<string>>;
  close(): Promise<void>;
}

/**
 * Makes the topic and begins to ship.
 * @param timeOf what the next record says of its time, ms UTC
 */
export async function startTopicShipper(
  broker: string,
  timeOf: () => number,
): Promise<TopicShipper> {
  const shared = {
    clientId: "faults-shipper",
    bootstrapBrokers: [broker],
    ...{ connectTimeout: ANSWER_MS, requestTimeout: ANSWER_MS, retries: 1 },
  };
  const admin = new Admin(shared);
  await admin.createTopics({ topics: [SHIPPER_TOPIC], partitions: PARTITIONS, replicas: 1 });
  const producer = new Producer({ ...shared, serializers: stringSerializers, acks: -1 });
  let isStopping = false;
  const ship = async () => {
    for (let number = 0; !isStopping; number += 1) {
      const text = JSON.stringify({
        "@timestamp": new Date(timeOf()).toISOString(),
        message: `Ticket ${number} angenommen`,
      });
      const messages = [{ topic: SHIPPER_TOPIC, value: text, partition: number % PARTITIONS }];
      // Until it is acknowledged; what comes twice is two records.
      while (!(await producer.send({ messages }).then(yes, no))) await sleep(RETRY_MS);
      await sleep(EVERY_MS);
    }
  };
  const shipping = ship();
  return {
    async stop() {
      isStopping = true;
      await shipping;
    },
    async eventIds() {
      const topics = (await admin.metadata({ topics: [SHIPPER_TOPIC] })).topics;
      const id = topics.get(SHIPPER_TOPIC)?.id;
      const partitions = Array.from({ length: PARTITIONS }, (_, partitionIndex) => ({
        ...{ partitionIndex, timestamp: -1n },
      }));
      const [ends] = await admin.listOffsets({ topics: [{ name: SHIPPER_TOPIC, partitions }] });
      const ids = new Set<string>();
      for (const { partitionIndex, offset } of ends?.partitions ?? [])
        for (let at = 0; at < Number(offset); at += 1)
          ids.add(`kafka/${SHIPPER_TOPIC}@${id}/${partitionIndex}/${at}`);
      return ids;
    },
    async close() {
      await producer.close();
      await admin.close();
    },
  };
}

const yes = () => true;
const no = () => false;
