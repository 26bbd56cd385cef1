// The bus on Kafka: topics `<prefix>.<tenant>.<topic>`, groups `<prefix>.<tenant>.<topic>.<group>`. A publish
// is durable once all in-sync copies have it; where the brokers are away it waits up to PUBLISH_PATIENCE_MS.
// All or none of a publish: what can be checked is checked before; a publish over several partitions whose
// brokers go away half-way may have been written in part, in each partition from its beginning on.
// Retention and compaction are the brokers' work, and so is forgetting idle groups (offsets.retention.minutes).
// Positions are Kafka's: in a sealed topic, where many records lie in one of Kafka's, a seek to or a hand-over in the
// middle of such a pack begins at its first record again.
import assert from "node:assert/strict";
import type { Logger } from "pino";
import { AppError } from "../../config/errors.ts";
import { checkTenantName } from "../../config/tenant-name.ts";
import { KafkaCluster } from "../kafka/cluster.ts";
import type { KafkaConnection } from "../kafka/connection.ts";
import { KafkaProducer, type SizedRecord } from "../kafka/producer.ts";
import { type Compression, isFault, KAFKA_ERROR, type KafkaClient } from "../kafka/wire.ts";

import {
  type Bus,
  type ConsumeOptions,
  type Consumer,
  type IncomingRecord,
  type OutgoingRecord,
  RECORD_BYTES_MAX,
  type Sealer,
  type TopicSettings,
} from "./bus.ts";
import { KafkaBacklog } from "./kafka-backlog.ts";
import { KafkaConsumer } from "./kafka-consumer.ts";
import { extentsOf, readPartition } from "./kafka-offsets.ts";
import {
  decodeStored,
  encodeRecords,
  offsetsPerRecord,
  type RecordForm,
  recordsIn,
  storedBytes,
} from "./kafka-record.ts";
import { KafkaTopics, STORED_RECORD_BYTES_MAX } from "./kafka-topics.ts";
import { partitionOf } from "./partition.ts";

/** A publish is tried for so long while the brokers are away; then it is refused with HW_BUSY. */
const PUBLISH_PATIENCE_MS = 120_000;
/** Questions (lag, seek, read) are tried for so long. */
const QUESTION_PATIENCE_MS = 30_000;
/** Closing waits so long for records that are on their way. */
const CLOSE_PATIENCE_MS = 10_000;

export interface KafkaBusOptions {
  readonly connection: KafkaConnection;
  /** Which library speaks to the brokers. */
  readonly client: "platformatic" | "kafkajs";
  readonly prefix: string;
  readonly replicationFactor?: number | undefined;
  readonly compression: Compression;
  readonly sessionTimeoutMs: number;
  readonly topics: readonly TopicSettings[];
  readonly sealer?: Sealer;
  /** Topics whose records are sealed with the tenant's key. */
  readonly sealedTopics: readonly string[];
  /** Their topics are made or checked at the start; those of others at the first use. */
  readonly tenants?: readonly string[];
  readonly logger: Logger;
  /** How long opening waits for brokers that are away, milliseconds; left out: 120 s. */
  readonly openPatienceMs?: number;
  /** Ends the opening. */
  readonly signal?: AbortSignal | undefined;
  /** For tests: cuts all connections at once, as the end of the process would. */
  readonly crash?: AbortSignal;
}

/**
 * Opens the bus; resolves when the brokers have answered and the tenants' topics are there.
 * @throws AppError HW_BUSY when they don't answer in time, HW_UNAUTHENTICATED, HW_FORBIDDEN, HW_CONFIG_INVALID
 * (a topic has fewer partitions than configured), HW_CLOSED when told to stop meanwhile
 */
export async function openKafkaBus(options: KafkaBusOptions): Promise<Bus> {
  assert(options.sealedTopics.length === 0 || options.sealer !== undefined, "no sealer given");
  for (const { name, compacted } of options.topics)
    assert(!compacted || !options.sealedTopics.includes(name), "Kafka compacts by readable keys");
  const { signal } = options;
  const bus = new KafkaBus(options, await clientOf(options));
  const stop = () => void bus.close();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    if (signal?.aborted) await bus.close();
    await bus.start(options.tenants ?? []);
  } catch (error) {
    await bus.close();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
  return bus;
}

async function clientOf({ client, connection, compression }: KafkaBusOptions) {
  if (client === "kafkajs")
    return (await import("../kafka/kafkajs.ts")).kafkajsClient(connection, compression);
  return (await import("../kafka/platformatic.ts")).platformaticClient(connection, compression);
}

class KafkaBus implements Bus {
  readonly #options: KafkaBusOptions;
  readonly #cluster: KafkaCluster;
  readonly #topics: KafkaTopics;
  readonly #producer: KafkaProducer;
  readonly #backlog: KafkaBacklog;
  readonly #consumers = new Set<KafkaConsumer>();
  /** Publishes of one topic are admitted in the order in which they were asked for. */
  readonly #turns = new Map<string, Promise<void>>();
  readonly #spread = new Map<string, number>();
  readonly #publishing = new Set<Promise<void>>();
  #closing: Promise<void> | undefined;

  constructor(options: KafkaBusOptions, client: KafkaClient) {
    const { connection, logger, prefix, topics, replicationFactor } = options;
    this.#options = options;
    this.#cluster = new KafkaCluster({ client, brokers: connection.brokers, logger });
    this.#topics = new KafkaTopics(this.#cluster, { prefix, topics, replicationFactor, logger });
    this.#producer = new KafkaProducer(this.#cluster, {
      patienceMs: PUBLISH_PATIENCE_MS,
      missing: (topic) => this.#topics.mend(topic),
    });
    this.#backlog = new KafkaBacklog(this.#cluster);
    options.crash?.addEventListener("abort", () => this.#cluster.close(), { once: true });
  }

  async start(tenants: readonly string[]): Promise<void> {
    const { topics, openPatienceMs = PUBLISH_PATIENCE_MS } = this.#options;
    await this.#cluster.retrying("connecting", openPatienceMs, () => this.#cluster.nodes());
    for (const tenant of tenants)
      for (const { name } of topics)
        await this.#topics.ensure(checkTenantName(tenant), name, openPatienceMs);
  }

  async publish(...[tenant, topic, records]: Parameters<Bus["publish"]>): Promise<void> {
    const form = this.#formOf(tenant, topic);
    for (const { value } of records)
      if (value.length > RECORD_BYTES_MAX) throw tooLarge(topic, value.length);
    if (records.length === 0) return;
    const name = this.#topics.nameOf(tenant, topic);
    const before = this.#turns.get(name) ?? Promise.resolve();
    const sorted = before.then(() => this.#admit(form, topic, records));
    // The next one waits for this one, however it ends; its caller hears of a failure.
    const turn = sorted.then(
      () => undefined,
      () => undefined,
    );
    this.#turns.set(name, turn);
    const work = sorted.then(async (byPartition) => {
      const appends = [...byPartition].map(([partition, list]) =>
        this.#producer.append(name, partition, list, form.sealer !== undefined),
      );
      // All of them have ended when this one tells, so that nothing is written behind an error.
      await Promise.allSettled(appends);
      await Promise.all(appends);
    });
    const ended = work.catch(() => undefined);
    this.#publishing.add(ended);
    try {
      await work;
    } finally {
      this.#publishing.delete(ended);
    }
  }

  async consume(tenants: readonly string[], options: ConsumeOptions): Promise<Consumer> {
    assert(options.recordsPerBatchMax > 0, "recordsPerBatchMax is at least 1");
    for (const tenant of tenants) this.#formOf(tenant, options.topic);
    const { topic, group } = options;
    for (const tenant of tenants) {
      await this.#topics.ensure(tenant, topic, Number.POSITIVE_INFINITY);
      this.#backlog.uses(this.#topics.groupOf(tenant, topic, group));
    }
    this.#refuseWhenClosed();
    const { logger, sessionTimeoutMs } = this.#options;
    const consumer = new KafkaConsumer(
      {
        cluster: this.#cluster,
        topics: this.#topics,
        sessionTimeoutMs,
        logger,
        formOf: (tenant) => this.#formOf(tenant, topic),
        onRecords: (name, seen) => this.#backlog.saw(name, seen),
        onClosed: (closed) => this.#consumers.delete(closed),
      },
      tenants,
      options,
    );
    this.#consumers.add(consumer);
    await consumer.join();
    return consumer;
  }

  async lag(...[tenant, topic, group]: Parameters<Bus["lag"]>) {
    this.#formOf(tenant, topic);
    await this.#topics.ensure(tenant, topic, QUESTION_PATIENCE_MS);
    const name = this.#topics.nameOf(tenant, topic);
    return await this.#cluster.retrying(`lag of ${name}`, QUESTION_PATIENCE_MS, () =>
      this.#backlog.lag(name, this.#topics.groupOf(tenant, topic, group)),
    );
  }

  async *read(...[tenant, topic, partition]: Parameters<Bus["read"]>) {
    const form = this.#formOf(tenant, topic);
    const view = await this.#topics.ensure(tenant, topic, QUESTION_PATIENCE_MS);
    if (view.partitions[partition] === undefined) return;
    const name = this.#topics.nameOf(tenant, topic);
    const stored = readPartition(this.#cluster, name, partition, QUESTION_PATIENCE_MS);
    for await (const one of stored) {
      const records: readonly IncomingRecord[] = decodeStored(one, partition, form) ?? [];
      yield* records;
    }
  }

  async seek(...[tenant, topic, group, to]: Parameters<Bus["seek"]>): Promise<void> {
    const form = this.#formOf(tenant, topic);
    await this.#topics.ensure(tenant, topic, QUESTION_PATIENCE_MS);
    const name = this.#topics.nameOf(tenant, topic);
    const groupName = this.#topics.groupOf(tenant, topic, group);
    this.#backlog.uses(groupName);
    await this.#cluster.retrying(`seek of ${groupName}`, QUESTION_PATIENCE_MS, async () => {
      const offsets = placesIn(await extentsOf(this.#cluster, name), to, offsetsPerRecord(form));
      const shares = [...this.#consumers].flatMap((consumer) =>
        consumer.shares.filter((share) => share.group === groupName),
      );
      let isDone = false;
      for (const share of shares) isDone = (await share.seek(offsets)) || isDone;
      if (!isDone) await this.#commitAlone(groupName, name, offsets);
    });
  }

  async retain(...[tenant]: Parameters<Bus["retain"]>): Promise<void> {
    this.#refuseWhenClosed();
    checkTenantName(tenant);
    await this.#cluster.retrying("settings of topics", QUESTION_PATIENCE_MS, () =>
      this.#topics.refresh(tenant),
    );
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()));
    const patience = new AbortController();
    await Promise.race([
      Promise.all(this.#publishing),
      new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, CLOSE_PATIENCE_MS);
        patience.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
      }),
    ]);
    patience.abort();
    this.#cluster.close();
  }

  /** Which records go to which partition. @throws AppError when the publish is refused as a whole */
  async #admit(
    form: RecordForm,
    topic: string,
    records: readonly OutgoingRecord[],
  ): Promise<ReadonlyMap<number, readonly SizedRecord[]>> {
    const { partitions, backlogBytesMax } = this.#topics.settings(topic);
    const name = this.#topics.nameOf(form.tenant, topic);
    const spread = this.#spread.get(name) ?? 0;
    const given = new Map<number, OutgoingRecord[]>();
    for (const one of records) {
      // Kafka keeps no record without key in a compacted topic.
      if (form.compacted && one.key === undefined) continue;
      const partition = one.key === undefined ? spread : partitionOf(one.key, partitions);
      const list = given.get(partition);
      if (list === undefined) given.set(partition, [one]);
      else list.push(one);
    }
    const byPartition = new Map<number, SizedRecord[]>();
    const seen = { stored: 0, bytes: 0, records: 0 };
    for (const [partition, list] of given) {
      const sized = encodeRecords(list, form).map((record) => {
        return { record, bytes: storedBytes(record) };
      });
      for (const { record, bytes } of sized) {
        if (bytes > STORED_RECORD_BYTES_MAX - 4096) throw tooLarge(topic, bytes);
        seen.bytes += bytes;
        seen.records += recordsIn(record, form);
      }
      seen.stored += sized.length;
      byPartition.set(partition, sized);
    }
    await this.#topics.ensure(form.tenant, topic);
    if (!(await this.#backlog.admits(name, seen.bytes, backlogBytesMax)))
      throw new AppError("HW_BUSY", `${topic} holds too much unread`, { place: topic });
    this.#backlog.saw(name, seen);
    this.#spread.set(name, (spread + 1) % partitions);
    return byPartition;
  }

  /** Sets the positions of a group that has no members. */
  async #commitAlone(
    group: string,
    topic: string,
    offsets: ReadonlyMap<number, number>,
  ): Promise<void> {
    try {
      const wire = await this.#cluster.toCoordinator(group);
      await wire.commit({ group, memberId: "", generation: -1 }, topic, offsets);
    } catch (error) {
      this.#cluster.forgetCoordinator(group);
      const { UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS } = KAFKA_ERROR;
      if (!isFault(error, UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS))
        throw error;
      throw new AppError("HW_CONFLICT", `group ${group} is in use by other processes`, {
        place: group,
        mend: "stop the processes that consume with this group, or wait until they are gone",
        cause: error,
      });
    }
  }

  #formOf(tenant: string, topic: string): RecordForm {
    this.#refuseWhenClosed();
    const { sealedTopics, sealer } = this.#options;
    return {
      tenant: checkTenantName(tenant),
      compacted: this.#topics.settings(topic).compacted,
      sealer: sealedTopics.includes(topic) ? sealer : undefined,
    };
  }

  #refuseWhenClosed(): void {
    if (this.#closing !== undefined) throw new AppError("HW_CLOSED", "the bus is closed");
    this.#cluster.refuseWhenClosed();
  }
}

/** Offsets to go to, moved into what is kept. @throws AppError HW_NOT_FOUND for an unknown partition */
function placesIn(
  extents: ReadonlyMap<number, { readonly start: number; readonly end: number }>,
  to: Parameters<Bus["seek"]>[3],
  offsetsPerRecord: number,
): Map<number, number> {
  if (typeof to === "string")
    return new Map(
      [...extents].map(([partition, { start, end }]) => [
        partition,
        to === "earliest" ? start : end,
      ]),
    );
  return new Map(
    to.map(({ partition, offset }) => {
      const extent = extents.get(partition);
      if (extent === undefined) throw new AppError("HW_NOT_FOUND", `no partition ${partition}`);
      const stored = Math.floor(offset / offsetsPerRecord);
      return [partition, Math.min(Math.max(stored, extent.start), extent.end)];
    }),
  );
}

function tooLarge(topic: string, bytes: number): AppError {
  return new AppError("HW_INPUT_TOO_LARGE", `record of ${bytes} bytes`, { place: topic });
}
