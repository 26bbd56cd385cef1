// Puts lines on a shipper's topic as shippers do, waiting for the broker's acknowledgement.
import { setTimeout as sleep } from "node:timers/promises";
import { Admin, ProduceAcks, Producer } from "@platformatic/kafka";

const LINES_PER_REQUEST = 500;
/** Of one request; the broker's own bound is 1 MiB. */
const REQUEST_BYTES_MAX = 64 * 1024 * 1024;
const REQUESTS_AT_ONCE = 4;

export interface TopicLoad {
  /** @param perSecond pace; undefined: as fast as they are acknowledged */
  send(lines: readonly string[], perSecond?: number): Promise<void>;
  close(): Promise<void>;
}

/** Makes the topic and a producer for it. */
export async function openTopicLoad(
  broker: string,
  topic: string,
  partitions: number,
): Promise<TopicLoad> {
  const options = { clientId: "bench", bootstrapBrokers: [broker] };
  const admin = new Admin(options);
  const configs = [{ name: "max.message.bytes", value: String(REQUEST_BYTES_MAX) }];
  await admin.createTopics({ topics: [topic], partitions, replicas: 1, configs });
  await admin.close();
  const producer = new Producer({ ...options, acks: ProduceAcks.ALL });
  let requests = 0;
  return {
    async send(lines, perSecond) {
      const startedAt = performance.now();
      let next = 0;
      const sendInTurn = async () => {
        while (next < lines.length) {
          const first = next;
          next += LINES_PER_REQUEST;
          if (perSecond !== undefined) {
            const due = startedAt + (first / perSecond) * 1000;
            await sleep(Math.max(0, due - performance.now()));
          }
          const partition = requests % partitions;
          requests += 1;
          const part = lines.slice(first, first + LINES_PER_REQUEST);
          const messages = part.map((line) => ({ topic, partition, value: Buffer.from(line) }));
          await producer.send({ messages });
        }
      };
      await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, sendInTurn));
    },
    close: () => producer.close(),
  };
}
