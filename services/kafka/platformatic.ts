// Kafka's protocol through @platformatic/kafka: its connections, encoders and decoders. The versions of the
// requests are fixed; brokers from Kafka 3.2 on know them all.
import { isIP } from "node:net";
import {
  ConfigResourceTypes,
  Connection,
  type ConnectionOptions,
  createTopicsV7,
  describeConfigsV4,
  FetchIsolationLevels,
  FindCoordinatorKeyTypes,
  fetchV13,
  findCoordinatorV4,
  heartbeatV4,
  IncrementalAlterConfigOperationTypes,
  incrementalAlterConfigsV1,
  initProducerIdV4,
  joinGroupV9,
  leaveGroupV5,
  listGroupsV4,
  listOffsetsV7,
  type MessageRecord,
  metadataV12,
  NumericMap,
  offsetCommitV8,
  offsetFetchV8,
  produceV9,
  syncGroupV5,
} from "@platformatic/kafka";
import type { KafkaConnection } from "./connection.ts";
import { faultOf, settled, withErrors } from "./platformatic-faults.ts";
import { fetchedOf } from "./platformatic-records.ts";
import { tokenSource } from "./token.ts";
import {
  type Compression,
  checkCode,
  KAFKA_ERROR,
  type KafkaAddress,
  type KafkaClient,
  type KafkaWire,
  type PartitionOutcome,
  type TopicView,
} from "./wire.ts";

const CONNECT_TIMEOUT_MS = 5000;
const ADMIN_TIMEOUT_MS = 15_000;
const INFLIGHT_MAX = 64;

/** Makes a client of the library for one cluster. */
export function platformaticClient(
  connection: KafkaConnection,
  compression: Compression,
): KafkaClient {
  const optionsFor = optionsOf(connection);
  return {
    connect: async ({ host, port }, answerMs) => {
      const options = { ...optionsFor(host), requestTimeout: answerMs };
      const wire = new Connection(connection.clientId, options);
      // Requests tell of a broken connection; the event would else end the process.
      wire.on("error", () => undefined);
      try {
        await wire.connect(host, port);
      } catch (error) {
        throw faultOf(error, `connection to ${host}:${port}`);
      }
      return new PlatformaticWire(wire, compression);
    },
  };
}

/** What the library needs to reach a broker as these settings say, by the broker's host. */
export function optionsOf({ tls, sasl }: KafkaConnection): (host: string) => ConnectionOptions {
  const options: ConnectionOptions = {
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxInflights: INFLIGHT_MAX,
  };
  if (tls !== undefined) {
    const { ca, cert, key } = tls;
    options.tls = {
      ...(ca !== undefined && { ca }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
    };
  }
  if (sasl?.mechanism === "OAUTHBEARER")
    options.sasl = { mechanism: sasl.mechanism, token: tokenSource(sasl) };
  else if (sasl !== undefined) {
    const { mechanism, username, password } = sasl;
    options.sasl = { mechanism, username, password };
  }
  // An address may not be named in the greeting (RFC 6066); certificates are checked against it all the same.
  return (host) => ({ ...options, tlsServerName: tls !== undefined && isIP(host) === 0 });
}

type Members<Name extends keyof KafkaWire> = Extract<
  KafkaWire[Name],
  (...args: never[]) => unknown
>;
type Arguments<Name extends keyof KafkaWire> = Parameters<Members<Name>>;

class PlatformaticWire implements KafkaWire {
  readonly #connection: Connection;
  readonly #compression: Compression;

  constructor(connection: Connection, compression: Compression) {
    this.#connection = connection;
    this.#compression = compression;
  }

  get isOpen(): boolean {
    return this.#connection.isConnected();
  }

  async clusterView(topics: readonly string[] | "all") {
    const isAll = topics === "all";
    const names = isAll ? null : [...topics];
    const ask = metadataV12.api.async(this.#connection, names, false, false);
    const answer = await withErrors("metadata", ask);
    const brokers = new Map<number, KafkaAddress>();
    for (const { nodeId, host, port } of answer.brokers) brokers.set(nodeId, { host, port });
    return {
      brokers,
      controller: answer.controllerId,
      topics: answer.topics.flatMap(({ name, topicId, errorCode, partitions }): TopicView[] => {
        if (name == null || errorCode === KAFKA_ERROR.UNKNOWN_TOPIC_OR_PARTITION) return [];
        if (partitions.length === 0 && isAll) return [];
        if (partitions.length === 0) checkCode(errorCode, `metadata of ${name}`);
        const views = [...partitions]
          .sort((left, right) => left.partitionIndex - right.partitionIndex)
          .map(({ leaderId }) => ({ leader: leaderId }));
        return [{ name, id: topicId, partitions: views }];
      }),
    };
  }

  async coordinatorOf(group: string) {
    const ask = findCoordinatorV4.api.async(this.#connection, FindCoordinatorKeyTypes.GROUP, [
      group,
    ]);
    const [found] = (await settled("coordinator", ask)).coordinators;
    checkCode(found?.errorCode ?? KAFKA_ERROR.COORDINATOR_NOT_AVAILABLE, "coordinator");
    return found?.nodeId ?? -1;
  }

  async newProducer() {
    const ask = initProducerIdV4.api.async(this.#connection, null, 60_000);
    const { producerId, producerEpoch } = await settled("producer id", ask);
    return { id: producerId, epoch: producerEpoch };
  }

  async produce(...[batches, producer, timeoutMs]: Arguments<"produce">) {
    const messages: MessageRecord[] = [];
    const sequences = new NumericMap();
    for (const { topic, partition, firstSequence, records } of batches) {
      sequences.set(`${topic}:${partition}`, firstSequence);
      for (const record of records) {
        const message = { topic, partition, headers: headersOf(record.headers) };
        messages.push({
          ...message,
          ...(record.key !== undefined && { key: bufferOf(record.key) }),
          // Its encoder writes a missing value as a null one, which is what a tombstone is.
          value: (record.value && bufferOf(record.value)) as Buffer,
        });
      }
    }
    const ask = produceV9.api.async(this.#connection, -1, timeoutMs, messages, {
      compression: batches[0]?.isPacked === true ? "none" : this.#compression,
      producerId: producer.id,
      producerEpoch: producer.epoch,
      sequences,
    });
    const answer = await withErrors<boolean | produceV9.ProduceResponse>("produce", ask);
    const outcomes: PartitionOutcome[] = [];
    if (typeof answer === "boolean") return outcomes;
    for (const { name, partitionResponses } of answer.responses)
      for (const { index, errorCode } of partitionResponses)
        outcomes.push({ topic: name, partition: index, errorCode });
    return outcomes;
  }

  async fetch(...[partitions, limits]: Arguments<"fetch">) {
    const names = new Map<string, string>();
    const asked = new Map<string, number>();
    const topics = new Map<
      string,
      { topicId: string; partitions: fetchV13.FetchRequestPartition[] }
    >();
    for (const { topic, topicId = "", partition, offset } of partitions) {
      names.set(topicId, topic);
      asked.set(`${topic}/${partition}`, offset);
      const entry = topics.get(topicId) ?? { topicId, partitions: [] };
      topics.set(topicId, entry);
      entry.partitions.push({
        partition,
        currentLeaderEpoch: -1,
        fetchOffset: BigInt(offset),
        lastFetchedEpoch: -1,
        partitionMaxBytes: limits.partitionBytesMax,
      });
    }
    const { maxWaitMs, bytesMax } = limits;
    const level = FetchIsolationLevels.READ_COMMITTED;
    const ask = fetchV13.api.async(
      this.#connection,
      maxWaitMs,
      1,
      bytesMax,
      level,
      0,
      -1,
      [...topics.values()],
      [],
      "",
    );
    return fetchedOf(await withErrors("fetch", ask), names, asked);
  }

  async offsets(...[queries]: Arguments<"offsets">) {
    const topics = queries.map(({ topic, partition, at }) => ({
      name: topic,
      partitions: [
        {
          partitionIndex: partition,
          currentLeaderEpoch: -1,
          timestamp: at === "earliest" ? -2n : -1n,
        },
      ],
    }));
    const level = queries.every(({ at }) => at === "written")
      ? FetchIsolationLevels.READ_UNCOMMITTED
      : FetchIsolationLevels.READ_COMMITTED;
    const ask = listOffsetsV7.api.async(this.#connection, -1, level, topics);
    return (await withErrors("offsets", ask)).topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, offset, errorCode }) => {
        return { topic: name, partition: partitionIndex, offset: Number(offset), errorCode };
      }),
    );
  }

  async join(...[request]: Arguments<"join">) {
    const { group, memberId, sessionTimeoutMs, rebalanceTimeoutMs, protocol, metadata } = request;
    const ask = joinGroupV9.api.async(
      this.#connection,
      group,
      sessionTimeoutMs,
      rebalanceTimeoutMs,
      memberId,
      null,
      "consumer",
      [{ name: protocol, metadata: bufferOf(metadata) }],
    );
    const answer = await withErrors("join", ask);
    return { ...answer, generation: answer.generationId };
  }

  async sync(...[membership, protocol, assignments]: Arguments<"sync">) {
    const { group, generation, memberId } = membership;
    const list = [...assignments].map(([to, assignment]) => {
      return { memberId: to, assignment: bufferOf(assignment) };
    });
    const ask = syncGroupV5.api.async(
      this.#connection,
      group,
      generation,
      memberId,
      null,
      "consumer",
      protocol,
      list,
    );
    return (await settled("sync", ask)).assignment;
  }

  async heartbeat(...[membership]: Arguments<"heartbeat">) {
    const { group, generation, memberId } = membership;
    await settled(
      "heartbeat",
      heartbeatV4.api.async(this.#connection, group, generation, memberId),
    );
  }

  async leave(...[group, memberId]: Arguments<"leave">) {
    await settled("leave", leaveGroupV5.api.async(this.#connection, group, [{ memberId }]));
  }

  async commit(...[membership, topic, offsets]: Arguments<"commit">) {
    const { group, generation, memberId } = membership;
    const partitions = [...offsets].map(([partitionIndex, offset]) => {
      return { partitionIndex, committedOffset: BigInt(offset), committedLeaderEpoch: -1 };
    });
    const topics = [{ name: topic, partitions }];
    const ask = offsetCommitV8.api.async(
      this.#connection,
      group,
      generation,
      memberId,
      null,
      topics,
    );
    await settled("commit", ask);
  }

  async committed(...[group, topic, partitions]: Arguments<"committed">) {
    const topics = [{ name: topic, partitionIndexes: [...partitions] }];
    const ask = offsetFetchV8.api.async(
      this.#connection,
      [{ groupId: group, memberEpoch: -1, topics }],
      false,
    );
    const found = new Map<number, number>();
    for (const one of (await settled("offsets of the group", ask)).groups)
      for (const { partitions: list } of one.topics)
        for (const { partitionIndex, committedOffset } of list)
          if (committedOffset >= 0n) found.set(partitionIndex, Number(committedOffset));
    return found;
  }

  async groups() {
    const answer = await settled("groups", listGroupsV4.api.async(this.#connection, [], []));
    return answer.groups.map(({ groupId }) => groupId);
  }

  async createTopic(...[topic]: Arguments<"createTopic">) {
    const configs = [...topic.settings].map(([name, value]) => ({ name, value }));
    const ask = createTopicsV7.api.async(
      this.#connection,
      [
        {
          name: topic.name,
          numPartitions: topic.partitions,
          replicationFactor: topic.replicationFactor,
          assignments: [],
          configs,
        },
      ],
      ADMIN_TIMEOUT_MS,
      false,
    );
    await settled(`creation of ${topic.name}`, ask);
  }

  async topicSettings(name: string) {
    const resource = { resourceType: ConfigResourceTypes.TOPIC, resourceName: name };
    const ask = describeConfigsV4.api.async(this.#connection, [resource], false, false);
    const answer = await settled("settings", ask);
    const found = new Map<string, string>();
    for (const { configs } of answer.results)
      for (const one of configs) if (one.value != null) found.set(one.name, one.value);
    return found;
  }

  async changeSettings(name: string, settings: ReadonlyMap<string, string>) {
    const configs = [...settings].map(([key, value]) => {
      return { name: key, value, configOperation: IncrementalAlterConfigOperationTypes.SET };
    });
    const resource = { resourceType: ConfigResourceTypes.TOPIC, resourceName: name, configs };
    await settled(
      "change of settings",
      incrementalAlterConfigsV1.api.async(this.#connection, [resource], false),
    );
  }

  close(): void {
    this.#connection.close(() => undefined);
  }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function headersOf(headers: readonly (readonly [string, Uint8Array])[]): Map<Buffer, Buffer> {
  return new Map(headers.map(([name, value]) => [Buffer.from(name), bufferOf(value)]));
}
