// Looks at the brokers without using them: versions, partitions and their copies, and what the account that
// asks may do.
import {
  apiVersionsV3,
  Connection,
  createTopicsV7,
  describeQuorumV1,
  metadataV12,
  ResponseError,
} from "@platformatic/kafka";
import { addressOf } from "./cluster.ts";
import type { KafkaConnection } from "./connection.ts";
import { optionsOf } from "./platformatic.ts";
import { settled } from "./platformatic-faults.ts";
import { type FoundVersion, versionOf } from "./version.ts";
import { isFault, KAFKA_ERROR } from "./wire.ts";

/** Bits of the operations that Kafka allows (KIP-430; org.apache.kafka.common.acl.AclOperation). */
const OPERATIONS = {
  read: 3,
  write: 4,
  create: 5,
  delete: 6,
  describe: 8,
  describeConfigs: 10,
  alterConfigs: 11,
} as const;
/** What a broker answers that checks no rights. */
const UNKNOWN = -2_147_483_648;

/** What one may do with a topic or a group. */
export type Operation = keyof typeof OPERATIONS;

interface InspectedPartition {
  readonly leader: number;
  readonly copies: number;
  readonly inSync: number;
}

interface InspectedTopic {
  readonly name: string;
  readonly partitions: readonly InspectedPartition[];
  /** Undefined where the broker checks no rights. */
  readonly allowed: ReadonlySet<Operation> | undefined;
}

export interface InspectedCluster {
  /** `host:port` of all brokers, as they tell it. */
  readonly brokers: readonly string[];
  /** Topics that exist and may be seen, out of those asked for. */
  readonly topics: readonly InspectedTopic[];
  readonly version: FoundVersion;
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
  return connected(connection, broker, timeoutMs, async (wire) => {
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
      version: versionOf(versions),
    };
  });
}

/**
 * Asks whether topics could be made, without making them.
 * @returns names that we may not make; undefined where this broker is not the one to ask
 */
export async function forbiddenTopics(
  connection: KafkaConnection,
  broker: string,
  names: readonly string[],
  timeoutMs: number,
): Promise<string[] | undefined> {
  const rest = { numPartitions: 1, replicationFactor: -1, assignments: [], configs: [] };
  return connected(connection, broker, timeoutMs, async (wire) => {
    const forbidden: string[] = [];
    for (const name of names) {
      try {
        const ask = createTopicsV7.api.async(wire, [{ name, ...rest }], timeoutMs, true);
        await settled(name, ask);
      } catch (error) {
        if (isFault(error, NOT_CONTROLLER)) return undefined;
        if (isFault(error, KAFKA_ERROR.TOPIC_AUTHORIZATION_FAILED)) forbidden.push(name);
        // Rights are looked at first: whatever else is wrong with the name, we might have made it.
        else if (!isFault(error)) throw error;
      }
    }
    return forbidden;
  });
}

/** Before Kafka 3.3 only one broker makes topics. */
const NOT_CONTROLLER = 41;

/**
 * The clock of the controller. No request asks for the time; but the leader of the metadata log says of
 * itself that it has caught up now (KIP-836).
 * @returns ms UTC; undefined where we have no right to ask (Describe on the cluster), or the broker is older
 */
export async function controllerClock(
  connection: KafkaConnection,
  broker: string,
  timeoutMs: number,
): Promise<number | undefined> {
  return connected(connection, broker, timeoutMs, async (wire) => {
    const topics = [{ topicName: "__cluster_metadata", partitions: [{ partitionIndex: 0 }] }];
    try {
      const answer = await settled("quorum", describeQuorumV1.api.async(wire, topics));
      const partition = answer.topics[0]?.partitions[0];
      const leader = partition?.currentVoters.find((one) => one.replicaId === partition.leaderId);
      const at = Number(leader?.lastCaughtUpTimestamp ?? -1);
      return at > 0 ? at : undefined;
    } catch (error) {
      const { CLUSTER_AUTHORIZATION_FAILED } = KAFKA_ERROR;
      if (isFault(error, CLUSTER_AUTHORIZATION_FAILED, UNSUPPORTED_VERSION)) return undefined;
      throw error;
    }
  });
}

const UNSUPPORTED_VERSION = 35;

/** Does something with a connection of its own. @param broker `host:port` */
export async function connected<Result>(
  connection: KafkaConnection,
  broker: string,
  timeoutMs: number,
  work: (wire: Connection) => Promise<Result>,
): Promise<Result> {
  const options = { connectTimeout: timeoutMs, requestTimeout: timeoutMs };
  const { host, port } = addressOf(broker);
  const wire = new Connection(connection.clientId, { ...optionsOf(connection)(host), ...options });
  // Requests tell of a broken connection; the event would else end the process.
  wire.on("error", () => undefined);
  try {
    await settled(`connection to ${broker}`, Promise.resolve(wire.connect(host, port)));
    return await work(wire);
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

/** What the bits of an answer allow; undefined where the broker checks no rights. */
export function allowedOf(bits: number): ReadonlySet<Operation> | undefined {
  if (bits === UNKNOWN) return undefined;
  // The keys of an object written down here.
  const names = Object.keys(OPERATIONS) as Operation[];
  return new Set(names.filter((name) => (bits & (1 << OPERATIONS[name])) !== 0));
}
