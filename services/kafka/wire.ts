// What we ask of a Kafka client library: connections to brokers that speak the protocol, and nothing of its
// own consumers and producers. Groups, retries and order lie above, once for all libraries.

export interface KafkaAddress {
  readonly host: string;
  readonly port: number;
}

/** What records are compressed with, on their way and at the brokers. */
export type Compression = "none" | "gzip" | "snappy" | "lz4" | "zstd";

interface PartitionView {
  /** Node of the leader; −1 while there is none. */
  readonly leader: number;
}

export interface TopicView {
  readonly name: string;
  /** Undefined where the library can't tell. A topic that was deleted and made again has another one. */
  readonly id: string | undefined;
  readonly partitions: readonly PartitionView[];
}

export interface ClusterView {
  readonly brokers: ReadonlyMap<number, KafkaAddress>;
  readonly controller: number;
  /** Topics that exist, out of those asked for; of all topics not those whose partitions can't be told now. */
  readonly topics: readonly TopicView[];
}

export interface RecordToSend {
  readonly key: Uint8Array | undefined;
  /** Undefined: a tombstone. */
  readonly value: Uint8Array | undefined;
  readonly headers: readonly (readonly [string, Uint8Array])[];
}

/** Records of one partition that are appended as one, or not at all. */
export interface BatchToSend {
  readonly topic: string;
  readonly partition: number;
  readonly firstSequence: number;
  readonly records: readonly RecordToSend[];
  /** Its values are compressed and sealed already: compressing them again would only cost time. */
  readonly isPacked: boolean;
}

export interface ProducerIdentity {
  readonly id: bigint;
  readonly epoch: number;
}

export interface PartitionOutcome {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
}

export interface StoredRecord extends RecordToSend {
  readonly offset: number;
  /** Milliseconds since 1970 UTC. */
  readonly timestamp: number;
}

export interface PartitionToFetch {
  readonly topic: string;
  /** What `TopicView.id` said. */
  readonly topicId: string | undefined;
  readonly partition: number;
  readonly offset: number;
}

interface FetchLimits {
  readonly maxWaitMs: number;
  readonly bytesMax: number;
  readonly partitionBytesMax: number;
}

export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  /** In offset order, from the offset asked for. */
  readonly records: readonly StoredRecord[];
  /** Offset after what was read, even where compaction left nothing of it. */
  readonly next: number;
  /** Offset after the last record that can be read. */
  readonly end: number;
}

export interface OffsetQuery {
  readonly topic: string;
  readonly partition: number;
  /** `latest`: after the last record that can be read; `written`: also after those of open transactions. */
  readonly at: "earliest" | "latest" | "written";
}

export interface FoundOffset extends PartitionOutcome {
  readonly offset: number;
}

export interface GroupMemberInfo {
  readonly memberId: string;
  readonly metadata: Uint8Array;
}

interface JoinRequest {
  readonly group: string;
  readonly memberId: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly protocol: string;
  readonly metadata: Uint8Array;
}

interface JoinAnswer {
  readonly errorCode: number;
  readonly memberId: string;
  readonly generation: number;
  readonly leader: string;
  /** Only the leader learns them. */
  readonly members: readonly GroupMemberInfo[];
}

export interface Membership {
  readonly group: string;
  readonly memberId: string;
  readonly generation: number;
}

interface NewTopic {
  readonly name: string;
  readonly partitions: number;
  /** −1: what the brokers' own setting says. */
  readonly replicationFactor: number;
  readonly settings: ReadonlyMap<string, string>;
}

/**
 * One connection to one broker. Requests are answered one after the other: what waits at the broker (fetch,
 * join) needs a connection of its own.
 * All methods reject with KafkaFault; answers that carry codes of their own give them back as they are.
 */
export interface KafkaWire {
  readonly isOpen: boolean;
  clusterView(topics: readonly string[] | "all"): Promise<ClusterView>;
  /** Node that keeps the group. */
  coordinatorOf(group: string): Promise<number>;
  newProducer(): Promise<ProducerIdentity>;
  /** What is packed and what is not never comes in one request. */
  produce(
    batches: readonly BatchToSend[],
    producer: ProducerIdentity,
    timeoutMs: number,
  ): Promise<readonly PartitionOutcome[]>;
  /** @throws any other error when a record can't be parsed */
  fetch(
    partitions: readonly PartitionToFetch[],
    limits: FetchLimits,
  ): Promise<readonly FetchedPartition[]>;
  offsets(queries: readonly OffsetQuery[]): Promise<readonly FoundOffset[]>;
  join(request: JoinRequest): Promise<JoinAnswer>;
  /** @returns this member's own assignment */
  sync(
    membership: Membership,
    protocol: string,
    assignments: ReadonlyMap<string, Uint8Array>,
  ): Promise<Uint8Array>;
  heartbeat(membership: Membership): Promise<void>;
  leave(group: string, memberId: string): Promise<void>;
  commit(
    membership: Membership,
    topic: string,
    offsets: ReadonlyMap<number, number>,
  ): Promise<void>;
  /** Partitions that the group never committed are left out. */
  committed(
    group: string,
    topic: string,
    partitions: readonly number[],
  ): Promise<ReadonlyMap<number, number>>;
  groups(): Promise<readonly string[]>;
  createTopic(topic: NewTopic): Promise<void>;
  topicSettings(name: string): Promise<ReadonlyMap<string, string>>;
  /** Undefined where the library can only replace all settings at once. */
  readonly changeSettings:
    | ((name: string, settings: ReadonlyMap<string, string>) => Promise<void>)
    | undefined;
  close(): void;
}

/** A client library, made ready for one cluster: TLS, sign-in and compression are its business. */
export interface KafkaClient {
  /** @param answerMs a request without answer for so long closes the connection */
  connect(address: KafkaAddress, answerMs: number): Promise<KafkaWire>;
}

/** Error codes of the Kafka protocol (https://kafka.apache.org/protocol#protocol_error_codes). */
export const KAFKA_ERROR = {
  NONE: 0,
  OFFSET_OUT_OF_RANGE: 1,
  UNKNOWN_TOPIC_OR_PARTITION: 3,
  LEADER_NOT_AVAILABLE: 5,
  NOT_LEADER: 6,
  MESSAGE_TOO_LARGE: 10,
  COORDINATOR_LOADING: 14,
  COORDINATOR_NOT_AVAILABLE: 15,
  NOT_COORDINATOR: 16,
  RECORD_LIST_TOO_LARGE: 18,
  ILLEGAL_GENERATION: 22,
  UNKNOWN_MEMBER_ID: 25,
  REBALANCE_IN_PROGRESS: 27,
  TOPIC_AUTHORIZATION_FAILED: 29,
  GROUP_AUTHORIZATION_FAILED: 30,
  CLUSTER_AUTHORIZATION_FAILED: 31,
  TOPIC_ALREADY_EXISTS: 36,
  OUT_OF_ORDER_SEQUENCE: 45,
  DUPLICATE_SEQUENCE: 46,
  INVALID_PRODUCER_EPOCH: 47,
  SASL_AUTHENTICATION_FAILED: 58,
  UNKNOWN_PRODUCER_ID: 59,
  MEMBER_ID_REQUIRED: 79,
  INVALID_RECORD: 87,
  PRODUCER_FENCED: 90,
  UNKNOWN_TOPIC_ID: 100,
  INCONSISTENT_TOPIC_ID: 103,
} as const;

/** The broker could not be reached, or the connection broke before the answer. */
export const UNREACHABLE = -1000;
/** One side does not believe the other's certificate. */
export const UNTRUSTED = -1001;

/** An answer of Kafka that is an error, or no answer. */
export class KafkaFault extends Error {
  /** One of KAFKA_ERROR (or another code of the protocol), UNREACHABLE, or UNTRUSTED. */
  readonly errorCode: number;

  constructor(errorCode: number, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "KafkaFault";
    this.errorCode = errorCode;
  }
}

/** Whether an unknown thrown value is a fault of Kafka, of one of these codes where some are given. */
export function isFault(error: unknown, ...codes: readonly number[]): error is KafkaFault {
  return error instanceof KafkaFault && (codes.length === 0 || codes.includes(error.errorCode));
}

/** Faults that no waiting mends: rights, sign-in, certificates. */
export function isRefusal(error: unknown): boolean {
  return isFault(
    error,
    UNTRUSTED,
    KAFKA_ERROR.TOPIC_AUTHORIZATION_FAILED,
    KAFKA_ERROR.GROUP_AUTHORIZATION_FAILED,
    KAFKA_ERROR.CLUSTER_AUTHORIZATION_FAILED,
    KAFKA_ERROR.SASL_AUTHENTICATION_FAILED,
  );
}

/** @throws KafkaFault for any code but NONE */
export function checkCode(errorCode: number, what: string): void {
  if (errorCode !== KAFKA_ERROR.NONE)
    throw new KafkaFault(errorCode, `${what}: Kafka answered with error code ${errorCode}`);
}
