// Reads topics that others write, as a member of a consumer group: batches go to one handler, and offsets are
// committed when it is done. Brokers that are away, topics that come, go and change and every rebalance end
// in the same way: what was read and not handled is dropped and read again from the committed offset.
import { setTimeout as sleep } from "node:timers/promises";
import {
  Admin,
  type BaseOptions,
  Consumer,
  ListOffsetTimestamps,
  type Message,
  type MessagesStream,
  type SASLOptions,
} from "@platformatic/kafka";
import type { KafkaConnection } from "./connection.ts";
import { tokenSource } from "./token.ts";

/** A record of a shipper's topic. */
export interface ShipperRecord {
  readonly topic: string;
  /** A topic that was deleted and made again has another one. */
  readonly topicId: string;
  readonly partition: number;
  readonly offset: bigint;
  /** The broker's or the producer's time, as the topic is set up; milliseconds since 1970 UTC. */
  readonly timestamp: number;
  /** Undefined: a tombstone. */
  readonly value: Buffer | undefined;
  header(name: string): Buffer | undefined;
}

export interface ShipperConsumerOptions {
  readonly connection: KafkaConnection;
  readonly group: string;
  /** Asked with every topic of the cluster. */
  readonly isWanted: (topic: string) => boolean;
  readonly topicsMax: number;
  readonly startAt: "earliest" | "latest";
  readonly batchRecordsMax: number;
  readonly bytesInFlightMax: number;
  readonly discoverMs: number;
  readonly sessionTimeoutMs: number;
  /** Records in the order of each partition; what it throws makes them come again. */
  readonly handle: (records: readonly ShipperRecord[], signal: AbortSignal) => Promise<void>;
  /** Told when reading works, with the topics, and when it stopped working; not for every attempt. */
  readonly onReading: (topics: readonly string[]) => void;
  readonly onFault: (error: unknown) => void;
  /** Records that are not committed yet, of this member's partitions. */
  readonly onLag: (topic: string, records: number) => void;
}

export interface ShipperConsumer {
  /** Finishes the batch at hand, commits it and leaves the group. */
  close(): Promise<void>;
}

type KafkaMessage = Message<Buffer, Buffer, Buffer, Buffer>;
type Client = Consumer<Buffer, Buffer, Buffer, Buffer>;
type Stream = MessagesStream<Buffer, Buffer, Buffer, Buffer>;
/** Topic → its id and number of partitions. */
type Topics = ReadonlyMap<string, { readonly id: string; readonly partitions: number }>;

const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 30_000;
const CLOSE_MS = 5000;
/** The broker answers a fetch without records after so long. */
const FETCH_WAIT_MS = 500;

/** Starts reading; goes on until it is closed, whatever happens to the brokers. */
export function openShipperConsumer(options: ShipperConsumerOptions): ShipperConsumer {
  const stop = new AbortController();
  const base = baseOptions(options.connection);
  let isUp: boolean | undefined;
  let told = "";
  let isFirst = options.startAt === "latest";
  const session: SessionState = {
    ...options,
    base,
    stop: stop.signal,
    mayBegin: () => isFirst,
    onReading(topics) {
      isFirst = false;
      const names = topics.join(" ");
      if (isUp !== true || names !== told) options.onReading(topics);
      [isUp, told] = [true, names];
    },
  };
  const run = async (): Promise<void> => {
    for (let waitMs = RETRY_FIRST_MS; !stop.signal.aborted; ) {
      try {
        await runSession(session);
        waitMs = RETRY_FIRST_MS;
      } catch (error) {
        if (stop.signal.aborted) return;
        if (isUp === true) waitMs = RETRY_FIRST_MS;
        if (isUp !== false) options.onFault(error);
        isUp = false;
        await sleep(waitMs, undefined, { signal: stop.signal }).catch(() => undefined);
        waitMs = Math.min(waitMs * 2, RETRY_MAX_MS);
      }
    }
  };
  const running = run();
  return {
    async close() {
      stop.abort();
      await running;
    },
  };
}

interface SessionState extends ShipperConsumerOptions {
  readonly base: BaseOptions;
  readonly stop: AbortSignal;
  /** Whether a group without offsets begins with what comes from now on. */
  readonly mayBegin: () => boolean;
}

// One membership in the group, with one set of topics. Ends without error when that set changes.
async function runSession(state: SessionState): Promise<void> {
  const end = new AbortController();
  const onStop = (): void => end.abort();
  state.stop.addEventListener("abort", onStop, { once: true });
  const admin = new Admin(state.base);
  const consumer: Client = new Consumer({
    ...state.base,
    groupId: state.group,
    autocommit: false,
    sessionTimeout: state.sessionTimeoutMs,
    rebalanceTimeout: state.sessionTimeoutMs * 2,
    heartbeatInterval: Math.floor(state.sessionTimeoutMs / 5),
    // One answer is worked on while the next one comes.
    maxBytes: Math.floor(state.bytesInFlightMax / 2),
  });
  let fault: unknown;
  const fail = (error: unknown): void => {
    fault ??= error;
    end.abort();
  };
  for (const client of [admin, consumer]) client.on("error", fail);
  consumer.on("consumer:heartbeat:stalled", ({ lastError }) =>
    fail(lastError ?? new Error("the group's coordinator does not answer")),
  );
  try {
    const topics = await findTopics(admin, state);
    const watching = watchTopics(topics, admin, state, end.signal).then(onStop, fail);
    if (topics.size > 0) await readTopics(consumer, topics, state, end.signal);
    else state.onReading([]);
    await watching;
    if (fault !== undefined) throw fault;
  } catch (error) {
    throw fault ?? error;
  } finally {
    end.abort();
    state.stop.removeEventListener("abort", onStop);
    await leave(consumer, admin);
  }
}

async function findTopics(admin: Admin, state: SessionState): Promise<Topics> {
  const names = (await admin.listTopics({}))
    .filter(state.isWanted)
    .sort()
    .slice(0, state.topicsMax);
  if (names.length === 0) return new Map();
  const { topics } = await admin.metadata({ topics: names, forceUpdate: true });
  return new Map(
    [...topics].map(([name, { id, partitionsCount }]) => [
      name,
      { id, partitions: partitionsCount },
    ]),
  );
}

// Resolves when the topics changed, or when the session ends.
async function watchTopics(
  topics: Topics,
  admin: Admin,
  state: SessionState,
  signal: AbortSignal,
): Promise<void> {
  const before = JSON.stringify([...topics]);
  while (!signal.aborted) {
    await sleep(state.discoverMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted || JSON.stringify([...(await findTopics(admin, state))]) !== before) return;
  }
}

async function readTopics(
  consumer: Client,
  topics: Topics,
  state: SessionState,
  signal: AbortSignal,
): Promise<void> {
  const names = [...topics.keys()];
  // Counted once more than the streams do: a stream that ends must not end the subscription.
  consumer.topics.trackAll(...names);
  let assigned = new AbortController();
  consumer.on("consumer:group:join", () => assigned.abort());
  await Promise.race([consumer.joinGroup({}), once(signal)]);
  if (signal.aborted) return;
  if (state.mayBegin()) await beginAtEnd(consumer, topics);
  state.onReading(names);
  const lag = setInterval(
    () => void tellLag(consumer, state).catch(() => undefined),
    state.discoverMs,
  );
  try {
    while (!signal.aborted) {
      assigned = new AbortController();
      const over = AbortSignal.any([signal, assigned.signal]);
      await readAssigned(consumer, topics, state, over);
    }
  } finally {
    clearInterval(lag);
  }
}

function once(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true }),
  );
}

// Reads from the committed offsets until the assignment is over.
async function readAssigned(
  consumer: Client,
  topics: Topics,
  state: SessionState,
  over: AbortSignal,
): Promise<void> {
  const stream: Stream = await consumer.consume({
    topics: [...topics.keys()],
    mode: "committed",
    fallbackMode: "earliest",
    autocommit: false,
    // A fetch is begun when the one before was taken out of the stream.
    highWaterMark: 1,
    maxWaitTime: FETCH_WAIT_MS,
  });
  const stop = (): unknown => stream.destroy();
  stream.on("error", () => undefined);
  over.addEventListener("abort", stop, { once: true });
  if (over.aborted) stop();
  try {
    for await (const first of stream) {
      const batch = [first];
      while (batch.length < state.batchRecordsMax) {
        const next: KafkaMessage | null = stream.read();
        if (next === null) break;
        batch.push(next);
      }
      if (over.aborted) return;
      const { topics: current } = await consumer.metadata({ topics: [...topics.keys()] });
      for (const [name, { id }] of topics) {
        if (current.get(name)?.id !== id) throw new Error(`the topic ${name} was made anew`);
      }
      await state.handle(
        batch.map((one) => recordOf(one, topics)),
        over,
      );
      await commit(consumer, batch);
      if (over.aborted) return;
    }
    if (!over.aborted) throw new Error("the stream of records ended");
  } catch (error) {
    if (!over.aborted) throw error;
  } finally {
    over.removeEventListener("abort", stop);
    stream.destroy();
  }
}

function recordOf(message: KafkaMessage, topics: Topics): ShipperRecord {
  const { topic, partition, offset, timestamp, value, headerEntries } = message;
  return {
    topic,
    topicId: topics.get(topic)?.id ?? "",
    partition,
    offset,
    timestamp: Number(timestamp),
    value,
    header: (name) => headerEntries.findLast(([key]) => key?.toString("utf8") === name)?.[1],
  };
}

// What was handed to others meanwhile is theirs to commit: our offset may lie before theirs.
async function commit(consumer: Client, batch: readonly KafkaMessage[]): Promise<void> {
  const newest = new Map(batch.map((one) => [`${one.topic}/${one.partition}`, one]));
  const ours = (topic: string, partition: number): boolean =>
    consumer.assignments?.some(
      (one) => one.topic === topic && one.partitions.includes(partition),
    ) === true;
  const offsets = [...newest.values()]
    .filter(({ topic, partition }) => ours(topic, partition))
    .map(({ topic, partition, offset, leaderEpoch }) => ({
      topic,
      partition,
      offset: offset + 1n,
      leaderEpoch,
    }));
  if (offsets.length > 0) await consumer.commit({ offsets });
}

// Only a group that committed nothing anywhere is new. A topic that is made later is read from its begin.
async function beginAtEnd(consumer: Client, topics: Topics): Promise<void> {
  const partitions = [...topics].map(([topic, one]) => ({
    topic,
    partitions: Array.from({ length: one.partitions }, (_, partition) => partition),
  }));
  const committed = await consumer.listCommittedOffsets({ topics: partitions });
  if ([...committed.values()].some((all) => all.some((offset) => offset >= 0n))) return;
  const ends = await consumer.listOffsets({
    topics: [...topics.keys()],
    timestamp: ListOffsetTimestamps.LATEST,
  });
  const offsets = [...ends].flatMap(([topic, all]) =>
    all.map((offset, partition) => ({ topic, partition, offset, leaderEpoch: -1 })),
  );
  await consumer.commit({ offsets });
}

async function tellLag(consumer: Client, state: SessionState): Promise<void> {
  const assigned = consumer.assignments ?? [];
  if (assigned.length === 0) return;
  const committed = await consumer.listCommittedOffsets({ topics: assigned });
  const ends = await consumer.listOffsets({
    topics: assigned.map(({ topic }) => topic),
    timestamp: ListOffsetTimestamps.LATEST,
  });
  for (const { topic, partitions } of assigned) {
    const lags = partitions.map((partition) => {
      const from = committed.get(topic)?.[partition] ?? 0n;
      return Number((ends.get(topic)?.[partition] ?? 0n) - (from > 0n ? from : 0n));
    });
    state.onLag(
      topic,
      lags.reduce((sum, one) => sum + Math.max(0, one), 0),
    );
  }
}

// Without the brokers there is nobody to say good-bye to.
async function leave(consumer: Client, admin: Admin): Promise<void> {
  const done = new AbortController();
  await Promise.race([
    Promise.allSettled([consumer.close(true), admin.close()]),
    sleep(CLOSE_MS, undefined, { signal: done.signal, ref: false }).catch(() => undefined),
  ]);
  done.abort();
}

function baseOptions({ brokers, clientId, tls, sasl }: KafkaConnection): BaseOptions {
  const { ca, cert, key } = tls ?? {};
  return {
    clientId,
    bootstrapBrokers: [...brokers],
    autocreateTopics: false,
    ...(tls && {
      tls: {
        ...(ca !== undefined && { ca }),
        ...(cert !== undefined && { cert }),
        ...(key !== undefined && { key }),
      },
    }),
    ...(sasl && { sasl: saslOptions(sasl) }),
  };
}

function saslOptions(sasl: NonNullable<KafkaConnection["sasl"]>): SASLOptions {
  if (sasl.mechanism === "OAUTHBEARER") {
    return { mechanism: sasl.mechanism, token: tokenSource(sasl) };
  }
  const { mechanism, username, password } = sasl;
  return { mechanism, username, password };
}
