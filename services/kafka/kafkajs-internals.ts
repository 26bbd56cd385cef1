// The parts of kafkajs below its own consumers and producers. The library has no types for them, so what we
// use stands here; its version is fixed, and the contract of the bus is tested on them.
import { createRequire } from "node:module";
import { compressionsAlgorithms } from "@platformatic/kafka";

/** What a fetch answers. */
export interface Fetched {
  readonly responses: readonly {
    readonly topicName: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly highWatermark: string;
      readonly lastStableOffset: string;
      readonly messages: readonly Message[];
    }[];
  }[];
}

/** A stored record with the batch that it lies in. */
export interface Message {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | Buffer[]>>;
  readonly isControlRecord: boolean;
  readonly batchContext: { readonly firstOffset: string; readonly lastOffsetDelta: number };
}

/** One broker as the library sees it; all methods reject with its own errors. */
export interface Broker {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  isConnected(): boolean;
  metadata(topics: readonly string[]): Promise<{
    brokers: { nodeId: number; host: string; port: number }[];
    controllerId: number;
    topicMetadata: {
      topic: string;
      partitionMetadata: { partitionId: number; leader: number }[];
    }[];
  }>;
  findGroupCoordinator(request: object): Promise<{ coordinator: { nodeId: number } }>;
  initProducerId(request: object): Promise<{ producerId: string; producerEpoch: number }>;
  produce(request: object): Promise<unknown>;
  fetch(request: object): Promise<Fetched>;
  listOffsets(request: object): Promise<{
    responses: { topic: string; partitions: { partition: number; offset: string }[] }[];
  }>;
  joinGroup(request: object): Promise<{
    generationId: number;
    leaderId: string;
    memberId: string;
    members: { memberId: string; memberMetadata: Buffer }[];
  }>;
  syncGroup(request: object): Promise<{ memberAssignment: Buffer }>;
  heartbeat(request: object): Promise<unknown>;
  leaveGroup(request: object): Promise<unknown>;
  offsetCommit(request: object): Promise<unknown>;
  offsetFetch(request: object): Promise<{
    responses: { partitions: { partition: number; offset: string }[] }[];
  }>;
  listGroups(): Promise<{ groups: { groupId: string }[] }>;
  createTopics(request: object): Promise<unknown>;
  describeConfigs(request: object): Promise<{
    resources: { configEntries: { configName: string; configValue: string | null }[] }[];
  }>;
}

interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

const load = createRequire(import.meta.url);
export const BrokerClass: new (options: object) => Broker = load("kafkajs/src/broker");
export const ConnectionPool: new (options: object) => object = load(
  "kafkajs/src/network/connectionPool",
);
export const socketFactory: () => object = load("kafkajs/src/network/socketFactory");
export const {
  createLogger,
  LEVELS,
}: { createLogger: (o: object) => object; LEVELS: { NOTHING: number } } =
  load("kafkajs/src/loggers");
const { Codecs }: { Codecs: Record<number, () => Codec> } = load(
  "kafkajs/src/protocol/message/compression",
);

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}
const { prototype: queue }: { prototype: RequestQueue } = load("kafkajs/src/network/requestQueue");
const schedule = queue.scheduleCheckPendingRequests;
// Else each connection looks for requests that wait every millisecond for as long as it lives.
queue.scheduleCheckPendingRequests = function scheduleWhereNeeded(this: RequestQueue) {
  if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
};

// It brings gzip alone; what others wrote has to be read as well.
for (const name of ["snappy", "lz4", "zstd"] as const) {
  const { bitmask, compressSync, decompressSync } = compressionsAlgorithms[name];
  Codecs[bitmask] = () => ({
    compress: async ({ buffer }) => compressSync(buffer),
    decompress: async (buffer) => decompressSync(buffer),
  });
}
