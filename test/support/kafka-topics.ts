// Topics of the test's broker with names that nobody else has: made, filled and deleted again.
import { setTimeout } from "node:timers/promises";
import { Admin, type CompressionAlgorithmValue, Producer } from "@platformatic/kafka";
import { kafkaBroker, ownPrefix } from "../servers/addresses.ts";

export interface TestTopics extends AsyncDisposable {
  /** Begins the names of all topics; with a hyphen behind it. */
  readonly prefix: string;
  create(name: string, partitions?: number): Promise<string>;
  delete(topic: string): Promise<void>;
  send(
    topic: string,
    messages: readonly TestMessage[],
    compression?: CompressionAlgorithmValue,
  ): Promise<void>;
}

interface TestMessage {
  readonly value: string | Buffer;
  readonly key?: string;
  readonly partition?: number;
  readonly headers?: Readonly<Record<string, string | Buffer>>;
}

/** Connects to the broker; at the end all topics are deleted. */
export function openTestTopics(): TestTopics {
  const base = { clientId: "test", bootstrapBrokers: [kafkaBroker()] };
  const admin = new Admin(base);
  const producer = new Producer({ ...base, idempotent: true });
  const prefix = ownPrefix();
  const made = new Set<string>();
  return {
    prefix,
    async create(name, partitions = 1) {
      const topic = `${prefix}-${name}`;
      await admin.createTopics({ topics: [topic], partitions, replicas: 1 });
      made.add(topic);
      await untilKnown(admin, topic);
      return topic;
    },
    async delete(topic) {
      await admin.deleteTopics({ topics: [topic] });
      made.delete(topic);
    },
    async send(topic, messages, compression = "none") {
      await producer.send({
        compression,
        messages: messages.map(({ value, key, partition, headers = {} }) => ({
          topic,
          value: Buffer.from(value),
          ...(key !== undefined && { key: Buffer.from(key) }),
          ...(partition !== undefined && { partition }),
          headers: new Map(
            Object.entries(headers).map(([name, text]) => [Buffer.from(name), Buffer.from(text)]),
          ),
        })),
      });
    },
    async [Symbol.asyncDispose]() {
      if (made.size > 0) await admin.deleteTopics({ topics: [...made] });
      await producer.close();
      await admin.close();
    },
  };
}

const ASK_AGAIN_AFTER_MS = 20;

/** A controller says that a topic is made before the broker knows of it; who writes then is refused. */
async function untilKnown(admin: Admin, topic: string): Promise<void> {
  for (;;) {
    try {
      await admin.metadata({ topics: [topic], forceUpdate: true });
      return;
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith("Unknown topic")) throw error;
      await setTimeout(ASK_AGAIN_AFTER_MS);
    }
  }
}
