// Kafka's protocol through kafkajs: its connections, encoders and decoders, below its own consumers and
// producers (their groups can't wait for the work at hand). It can't change single settings of topics, and reads whole answers or none.
import { isCertificateFault } from "./certificate-fault.ts";
import type { KafkaConnection } from "./connection.ts";
import {
  type Broker,
  BrokerClass,
  ConnectionPool,
  createLogger,
  type Fetched,
  LEVELS,
  type Message,
  socketFactory,
} from "./kafkajs-internals.ts";
import { tokenSource } from "./token.ts";
import {
  type BatchToSend,
  type Compression,
  type FetchedPartition,
  isFault,
  KAFKA_ERROR,
  type KafkaAddress,
  type KafkaClient,
  KafkaFault,
  type KafkaWire,
  type PartitionOutcome,
  type StoredRecord,
  UNREACHABLE,
  UNTRUSTED,
} from "./wire.ts";

const CONNECT_TIMEOUT_MS = 5000;
const ADMIN_TIMEOUT_MS = 15_000;
const INFLIGHT_MAX = 64;
const TOPIC_RESOURCE = 2;
const COMPRESSION = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 };
const NO_BYTES = new Uint8Array();

/** Makes a client of the library for one cluster. */
export function kafkajsClient(connection: KafkaConnection, compression: Compression): KafkaClient {
  const logger = createLogger({ level: LEVELS.NOTHING, logCreator: () => () => undefined });
  const { tls, clientId } = connection;
  const shared = {
    logger,
    socketFactory: socketFactory(),
    clientId,
    ssl: tls ?? null,
    sasl: saslOf(connection),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    maxInFlightRequests: INFLIGHT_MAX,
  };
  return {
    connect: async ({ host, port }, answerMs) => {
      const connectionPool = new ConnectionPool({
        ...shared,
        host,
        port,
        requestTimeout: answerMs,
      });
      const broker = new BrokerClass({ connectionPool, logger, allowAutoTopicCreation: false });
      await asked(`connection to ${host}:${port}`, broker.connect());
      return new KafkajsWire(broker, COMPRESSION[compression]);
    },
  };
}

function saslOf({ sasl }: KafkaConnection): object | null {
  if (sasl === undefined) return null;
  if (sasl.mechanism === "OAUTHBEARER") {
    const token = tokenSource(sasl);
    return {
      mechanism: "oauthbearer",
      oauthBearerProvider: async () => ({ value: await token() }),
    };
  }
  const { mechanism, username, password } = sasl;
  return { mechanism: mechanism.toLowerCase(), username, password };
}

/** Waits for an answer of the library; its errors become ours. */
async function asked<Answer>(what: string, answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    throw faultOf(error, what);
  }
}

function faultOf(error: unknown, what: string): unknown {
  if (!(error instanceof Error)) return error;
  const text = `${what}: ${error.message}`;
  if ("type" in error && "code" in error && typeof error.code === "number")
    return new KafkaFault(error.code, text, { cause: error });
  if (isCertificateFault(error)) return new KafkaFault(UNTRUSTED, text, { cause: error });
  if (/SASLAuthentication/.test(error.name))
    return new KafkaFault(KAFKA_ERROR.SASL_AUTHENTICATION_FAILED, text, { cause: error });
  if (
    /Connection|Timeout|BrokerNotFound/.test(error.name) ||
    error.message === "Broker not connected"
  )
    return new KafkaFault(UNREACHABLE, text, { cause: error });
  return error;
}

type Arguments<Name extends keyof KafkaWire> = Parameters<
  Extract<KafkaWire[Name], (...args: never[]) => unknown>
>;

class KafkajsWire implements KafkaWire {
  readonly changeSettings = undefined;
  readonly #broker: Broker;
  readonly #compression: number;

  constructor(broker: Broker, compression: number) {
    this.#broker = broker;
    this.#compression = compression;
  }

  get isOpen(): boolean {
    return this.#broker.isConnected();
  }

  async clusterView(topics: readonly string[] | "all") {
    // It takes no topics for all of them.
    const ask = topics === "all" ? [] : topics;
    const answer = await asked("metadata", this.#broker.metadata(ask)).catch((error: unknown) => {
      if (!isFault(error, KAFKA_ERROR.UNKNOWN_TOPIC_OR_PARTITION)) throw error;
      return undefined;
    });
    // It tells of one missing topic only by an error: then the brokers have to be asked for alone.
    const found = answer ?? (await asked("metadata", this.#broker.metadata([])));
    const brokers = new Map<number, KafkaAddress>();
    for (const { nodeId, host, port } of found.brokers) brokers.set(nodeId, { host, port });
    const views = (answer?.topicMetadata ?? [])
      .filter(({ topic }) => topics === "all" || topics.includes(topic))
      .map(({ topic, partitionMetadata }) => ({
        name: topic,
        id: undefined,
        partitions: [...partitionMetadata]
          .sort((left, right) => left.partitionId - right.partitionId)
          .map(({ leader }) => ({ leader })),
      }));
    return { brokers, controller: found.controllerId, topics: views };
  }

  async coordinatorOf(group: string) {
    const ask = this.#broker.findGroupCoordinator({ groupId: group, coordinatorType: 0 });
    return (await asked("coordinator", ask)).coordinator.nodeId;
  }

  async newProducer() {
    const ask = this.#broker.initProducerId({ transactionalId: null, transactionTimeout: 60_000 });
    const { producerId, producerEpoch } = await asked("producer id", ask);
    return { id: BigInt(producerId), epoch: producerEpoch };
  }

  async produce(...[batches, producer, timeoutMs]: Arguments<"produce">) {
    const send = async (some: readonly BatchToSend[]) => {
      await this.#broker.produce({
        topicData: some.map(topicDataOf),
        transactionalId: null,
        producerId: producer.id.toString(),
        producerEpoch: producer.epoch,
        acks: -1,
        timeout: timeoutMs,
        compression: batches[0]?.isPacked === true ? COMPRESSION.none : this.#compression,
      });
    };
    return await eachOrAll(batches, send);
  }

  async fetch(...[partitions, limits]: Arguments<"fetch">): Promise<readonly FetchedPartition[]> {
    const offsets = new Map(
      partitions.map(({ topic, partition, offset }) => [`${topic}/${partition}`, offset]),
    );
    const ask = (some: typeof partitions, maxWaitTime: number) =>
      asked(
        "fetch",
        this.#broker.fetch({
          isolationLevel: 1,
          maxWaitTime,
          minBytes: 1,
          maxBytes: limits.bytesMax,
          topics: some.map(({ topic, partition, offset }) => ({
            topic,
            partitions: [
              { partition, fetchOffset: String(offset), maxBytes: limits.partitionBytesMax },
            ],
          })),
        }),
      );
    try {
      return fetchedOf(await ask(partitions, limits.maxWaitMs), offsets);
    } catch (error) {
      if (!isFault(error) || error.errorCode === UNREACHABLE) throw error;
      // One partition's error hides the answers of all: who has it shows when each is asked alone.
      const found: FetchedPartition[] = [];
      for (const one of partitions) {
        const { topic, partition, offset } = one;
        const failed = { topic, partition, records: [], next: offset, end: offset };
        const answer =
          partitions.length === 1 ? error : await ask([one], 0).catch((fault: unknown) => fault);
        if (isFault(answer) && answer.errorCode !== UNREACHABLE)
          found.push({ ...failed, errorCode: answer.errorCode });
        else if (answer instanceof Error) throw answer;
        // What is no error is what `ask` gave.
        else found.push(...fetchedOf(answer as Fetched, offsets));
      }
      return found;
    }
  }

  async offsets(...[queries]: Arguments<"offsets">) {
    const topics = queries.map(({ topic, partition, at }) => ({
      topic,
      partitions: [{ partition, timestamp: at === "earliest" ? -2 : -1 }],
    }));
    const isolationLevel = queries.every(({ at }) => at === "written") ? 0 : 1;
    const ask = this.#broker.listOffsets({ replicaId: -1, isolationLevel, topics });
    return (await asked("offsets", ask)).responses.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }) => {
        return { topic, partition, offset: Number(offset), errorCode: KAFKA_ERROR.NONE };
      }),
    );
  }

  async join(...[request]: Arguments<"join">) {
    const ask = this.#broker.joinGroup({
      groupId: request.group,
      sessionTimeout: request.sessionTimeoutMs,
      rebalanceTimeout: request.rebalanceTimeoutMs,
      memberId: request.memberId,
      groupProtocols: [{ name: request.protocol, metadata: Buffer.from(request.metadata) }],
    });
    const { generationId, leaderId, memberId, members } = await asked("join", ask);
    return {
      errorCode: KAFKA_ERROR.NONE,
      memberId,
      generation: generationId,
      leader: leaderId,
      members: members.map((one) => ({ memberId: one.memberId, metadata: one.memberMetadata })),
    };
  }

  async sync(...[{ group, generation, memberId }, , assignments]: Arguments<"sync">) {
    const groupAssignment = [...assignments].map(([to, assignment]) => {
      return { memberId: to, memberAssignment: Buffer.from(assignment) };
    });
    const request = { groupId: group, generationId: generation, memberId, groupAssignment };
    return (await asked("sync", this.#broker.syncGroup(request))).memberAssignment;
  }

  async heartbeat(...[{ group, generation, memberId }]: Arguments<"heartbeat">) {
    const request = { groupId: group, groupGenerationId: generation, memberId };
    await asked("heartbeat", this.#broker.heartbeat(request));
  }

  async leave(...[group, memberId]: Arguments<"leave">) {
    await asked("leave", this.#broker.leaveGroup({ groupId: group, memberId }));
  }

  async commit(...[{ group, generation, memberId }, topic, offsets]: Arguments<"commit">) {
    const partitions = [...offsets].map(([partition, offset]) => {
      return { partition, offset: String(offset) };
    });
    const topics = [{ topic, partitions }];
    const request = { groupId: group, groupGenerationId: generation, memberId, topics };
    await asked("commit", this.#broker.offsetCommit(request));
  }

  async committed(...[group, topic, partitions]: Arguments<"committed">) {
    const topics = [{ topic, partitions: partitions.map((partition) => ({ partition })) }];
    const ask = this.#broker.offsetFetch({ groupId: group, topics });
    const found = new Map<number, number>();
    for (const { partitions: list } of (await asked("offsets of the group", ask)).responses)
      for (const { partition, offset } of list)
        if (Number(offset) >= 0) found.set(partition, Number(offset));
    return found;
  }

  async groups() {
    return (await asked("groups", this.#broker.listGroups())).groups.map(({ groupId }) => groupId);
  }

  async createTopic(...[topic]: Arguments<"createTopic">) {
    const one = {
      topic: topic.name,
      numPartitions: topic.partitions,
      replicationFactor: topic.replicationFactor,
      configEntries: [...topic.settings].map(([name, value]) => ({ name, value })),
    };
    const request = { topics: [one], timeout: ADMIN_TIMEOUT_MS };
    try {
      await asked(`creation of ${topic.name}`, this.#broker.createTopics(request));
    } catch (error) {
      // It wraps what went wrong with each topic.
      const first = error instanceof AggregateError || hasErrors(error) ? error.errors[0] : error;
      throw faultOf(first, `creation of ${topic.name}`);
    }
  }

  async topicSettings(name: string) {
    const resources = [{ type: TOPIC_RESOURCE, name, configNames: [] }];
    const answer = await asked("settings", this.#broker.describeConfigs({ resources }));
    const found = new Map<string, string>();
    for (const { configEntries } of answer.resources)
      for (const { configName, configValue } of configEntries)
        if (configValue !== null) found.set(configName, configValue);
    return found;
  }

  close(): void {
    this.#broker.disconnect().catch(() => undefined);
  }
}

function hasErrors(error: unknown): error is { readonly errors: readonly unknown[] } {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

/** Sends all at once; where that fails, each alone: with the same numbers nothing is written twice. */
async function eachOrAll(
  batches: readonly BatchToSend[],
  send: (some: readonly BatchToSend[]) => Promise<void>,
): Promise<PartitionOutcome[]> {
  const outcomes = (some: readonly BatchToSend[], errorCode: number) =>
    some.map(({ topic, partition }) => ({ topic, partition, errorCode }));
  try {
    await asked("produce", send(batches));
    return outcomes(batches, KAFKA_ERROR.NONE);
  } catch (error) {
    if (!isFault(error) || error.errorCode === UNREACHABLE) throw error;
    if (batches.length === 1) return outcomes(batches, error.errorCode);
    const found: PartitionOutcome[] = [];
    for (const one of batches) found.push(...(await eachOrAll([one], send)));
    return found;
  }
}

function topicDataOf({ topic, partition, firstSequence, records }: BatchToSend) {
  const messages = records.map(({ key, value, headers }) => ({
    key: key === undefined ? null : Buffer.from(key),
    value: value === undefined ? null : Buffer.from(value),
    // Own properties whatever they are called.
    headers: Object.fromEntries(headers.map(([name, text]) => [name, Buffer.from(text)])),
  }));
  return { topic, partitions: [{ partition, firstSequence, messages }] };
}

function fetchedOf(answer: Fetched, offsets: ReadonlyMap<string, number>): FetchedPartition[] {
  return answer.responses.flatMap(({ topicName, partitions }) =>
    partitions.map(({ partition, lastStableOffset, messages }) => {
      const from = offsets.get(`${topicName}/${partition}`) ?? 0;
      const records: StoredRecord[] = [];
      let next = from;
      for (const message of messages) {
        const { firstOffset, lastOffsetDelta } = message.batchContext;
        next = Math.max(next, Number(firstOffset) + lastOffsetDelta + 1);
        const offset = Number(message.offset);
        if (offset < from || message.isControlRecord) continue;
        records.push(storedOf(message, offset));
      }
      const errorCode = KAFKA_ERROR.NONE;
      const end = Number(lastStableOffset);
      return { topic: topicName, partition, errorCode, records, next, end };
    }),
  );
}

function storedOf({ key, value, timestamp, headers }: Message, offset: number): StoredRecord {
  return {
    offset,
    timestamp: Number(timestamp),
    key: key ?? undefined,
    value: value ?? undefined,
    headers: Object.entries(headers).map(([name, found]) => {
      // Names like "constructor" come with what every object inherits before the value.
      const values = (Array.isArray(found) ? found : [found]).filter(Buffer.isBuffer);
      return [name, values.at(-1) ?? NO_BYTES];
    }),
  };
}
