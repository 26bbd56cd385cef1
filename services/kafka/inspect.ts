// Looks at the brokers without using them: versions, partitions and their copies, and what the account that
// asks may do.
import { apiVersionsV3, Connection, metadataV12, ResponseError } from "@platformatic/kafka";
import type { KafkaConnection } from "./connection.ts";
import { optionsOf } from "./platformatic.ts";

/** Bits of the operations that Kafka allows (KIP-430; org.apache.kafka.common.acl.AclOperation). */
const OPERATIONS = { read: 3, write: 4, describe: 8, alterConfigs: 11 } as const;
/** What a broker answers that checks no rights. */
const UNKNOWN = -2_147_483_648;
/** Request of the group protocol that came with Kafka 4.0 (KIP-848). */
const CONSUMER_GROUP_HEARTBEAT = 68;

type TopicOperation = keyof typeof OPERATIONS;

interface InspectedPartition {
  readonly leader: number;
  readonly copies: number;
  readonly inSync: number;
}

interface InspectedTopic {
  readonly name: string;
  readonly partitions: readonly InspectedPartition[];
  /** Undefined where the broker checks no rights. */
  readonly allowed: ReadonlySet<TopicOperation> | undefined;
}

export interface InspectedCluster {
  /** `host:port` of all brokers, as they tell it. */
  readonly brokers: readonly string[];
  /** Topics that exist and may be seen, out of those asked for. */
  readonly topics: readonly InspectedTopic[];
  /** Whether the brokers know the group protocol of Kafka 4. */
  readonly isFour: boolean;
}

/**
 * Asks one broker.
 * @param broker `host:port`
 * @throws the library's error when it can't be reached or refuses us
 */
export async function inspectKafka(
  connection: KafkaConnection,
  broker: string,
  topics: readonly string[],
  timeoutMs: number,
): Promise<InspectedCluster> {
  const colon = broker.lastIndexOf(":");
  const host = broker.slice(0, colon).replace(/^\[|\]$/g, "");
  const options = {
    ...optionsOf(connection)(host),
    connectTimeout: timeoutMs,
    requestTimeout: timeoutMs,
  };
  const wire = new Connection(connection.clientId, options);
  // Requests tell of a broken connection; the event would else end the process.
  wire.on("error", () => undefined);
  try {
    await wire.connect(host, Number(broker.slice(colon + 1)));
    const versions = await apiVersionsV3.api.async(wire, connection.clientId, "1");
    const metadata = await metadataOf(wire, topics);
    return {
      brokers: metadata.brokers.map((one) => `${one.host}:${one.port}`),
      topics: metadata.topics
        .filter((topic) => topic.errorCode === 0)
        .map((topic) => ({
          name: topic.name ?? "",
          partitions: topic.partitions.map(({ leaderId, replicaNodes, isrNodes }) => {
            return { leader: leaderId, copies: replicaNodes.length, inSync: isrNodes.length };
          }),
          allowed: allowedOf(topic.topicAuthorizedOperations),
        })),
      isFour: versions.apiKeys.some(({ apiKey }) => apiKey === CONSUMER_GROUP_HEARTBEAT),
    };
  } finally {
    wire.close(() => undefined);
  }
}

/** The library throws the whole answer when there is one topic that does not exist. */
async function metadataOf(wire: Connection, topics: readonly string[]): Promise<Metadata> {
  try {
    return await metadataV12.api.async(wire, [...topics], false, true);
  } catch (error) {
    // Its own code for an answer of this request that carries error codes.
    if (error instanceof ResponseError) return error.response as Metadata;
    throw error;
  }
}

type Metadata = Awaited<ReturnType<typeof metadataV12.api.async>>;

function allowedOf(bits: number): ReadonlySet<TopicOperation> | undefined {
  if (bits === UNKNOWN) return undefined;
  const names = ["read", "write", "describe", "alterConfigs"] as const;
  return new Set(names.filter((name) => (bits & (1 << OPERATIONS[name])) !== 0));
}
