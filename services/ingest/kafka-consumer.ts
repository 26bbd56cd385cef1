// Reads topics that others write, as a member of a consumer group: batches go to one handler, and offsets are
// committed when it is done. A partition that goes to another process is let go after its batch was committed,
// and what is left goes on meanwhile. Brokers that are away are waited for.
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { KafkaMembership } from "../bus/kafka-membership.ts";
import { BackOff } from "../kafka/back-off.ts";
import { KafkaCluster } from "../kafka/cluster.ts";
import type { KafkaConnection } from "../kafka/connection.ts";
import { platformaticClient } from "../kafka/platformatic.ts";
import type { TopicView } from "../kafka/wire.ts";
import { KafkaFetching } from "./kafka-fetching.ts";
import { KafkaPartition, type ShipperRecord } from "./kafka-partition.ts";
import { offsetsOf, startsOf } from "./kafka-positions.ts";
import {
  decideTopics,
  decodeTopicsAssignment,
  encodeSubscription,
  type PartitionsByTopic,
} from "./kafka-subscription.ts";

export interface KafkaConsumerOptions {
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
  /** Told when reading begins, and when other topics are read. */
  readonly onReading: (topics: readonly string[]) => void;
  /** Told of what waiting does not mend, once until it is over. */
  readonly onFault: (error: unknown) => void;
  /** Records of this member's partitions that are not committed yet, also those of open transactions. */
  readonly onLag: (topic: string, records: number) => void;
  /** Records [from, to) were deleted before they were read or, with an error, can't be parsed. */
  readonly onGap: (place: KafkaPartition, from: number, to: number, error?: unknown) => void;
  /** Told when the brokers are away and when they are back. */
  readonly logger: Logger;
}

/** Brokers that are away are waited for when we end, but not for longer. */
const CLOSE_MS = 5000;

/** A running reader of shippers' topics; goes on until it is closed, whatever happens to the brokers. */
export class KafkaConsumer {
  readonly #options: KafkaConsumerOptions;
  readonly #cluster: KafkaCluster;
  readonly #membership: KafkaMembership;
  readonly #fetching: KafkaFetching;
  readonly #stop = new AbortController();
  readonly #held = new Map<string, KafkaPartition>();
  readonly #running: Promise<void>;
  #views: ReadonlyMap<string, TopicView> = new Map();
  #seenTopics: string | undefined;
  #isMember = false;
  /** Where a group that never read begins, by `topic/partition`. */
  #ends: ReadonlyMap<string, number> = new Map();
  #news = Promise.withResolvers<void>();
  /** Aborted when the partitions are another's. */
  #lost = new AbortController();
  #working: Promise<void> = Promise.resolve();

  constructor(options: KafkaConsumerOptions) {
    this.#options = options;
    const { connection, group, sessionTimeoutMs, logger } = options;
    const client = platformaticClient(connection, "none");
    this.#cluster = new KafkaCluster({ client, brokers: connection.brokers, logger });
    this.#membership = new KafkaMembership(this.#cluster, {
      ...{ group, sessionTimeoutMs, logger },
      claim: (generation) =>
        encodeSubscription({ topics: [...this.#views.keys()], generation, owned: this.#owned() }),
      decide: async (members) => {
        const { topics } = await (await this.#cluster.toAny()).clusterView("all");
        const counts = new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
        return decideTopics(counts, members);
      },
      onAssigned: (assignment) => this.#retarget(decodeTopicsAssignment(assignment)),
      onLost: () => this.#lose(),
      onAlive: () => this.#wake(),
    });
    this.#fetching = new KafkaFetching({
      ...options,
      cluster: this.#cluster,
      partitions: () => this.#held.values(),
      viewOf: (topic) => this.#views.get(topic),
      look: () => this.#discover(),
      onRecords: () => this.#wake(),
    });
    this.#running = this.#run();
  }

  /** Finishes the batch at hand, commits it and leaves the group. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#wake();
    const inVain = setTimeout(() => this.#cluster.close(), CLOSE_MS);
    if (!this.#isMember) this.#cluster.close();
    await this.#running;
    this.#held.clear();
    await this.#membership.leave();
    clearTimeout(inVain);
    this.#cluster.close();
  }

  async #run(): Promise<void> {
    const { onFault } = this.#options;
    const backOff = new BackOff();
    for (let isTold = false; !this.#stop.signal.aborted; isTold = true) {
      try {
        await this.#join();
        break;
      } catch (error) {
        if (!isTold && !this.#stop.signal.aborted) onFault(error);
        await backOff.wait(this.#stop.signal);
      }
    }
    await Promise.all([this.#watch(), this.#work()]);
    this.#fetching.stop();
  }

  async #join(): Promise<void> {
    const { group, startAt, onReading } = this.#options;
    const forever = Number.POSITIVE_INFINITY;
    await this.#cluster.retrying("topics", forever, () => this.#discover());
    if (startAt === "latest") {
      this.#ends = await this.#cluster.retrying(`positions of ${group}`, forever, () =>
        startsOf(this.#cluster, group, [...this.#views.values()]),
      );
    }
    await this.#membership.join();
    this.#isMember = true;
    onReading([...this.#views.keys()]);
  }

  /** Looks which topics there are; other ones make the group share them out anew. */
  async #discover(): Promise<void> {
    const { isWanted, topicsMax, onReading } = this.#options;
    const { topics } = await (await this.#cluster.toAny()).clusterView("all");
    const wanted = topics
      .filter(({ name }) => isWanted(name))
      .sort((left, right) => (left.name < right.name ? -1 : 1))
      .slice(0, topicsMax);
    this.#views = new Map(wanted.map((view) => [view.name, view]));
    const seen = wanted.map(({ name, id, partitions }) => `${name} ${id} ${partitions.length}`);
    if (seen.join("\n") === this.#seenTopics) return;
    this.#seenTopics = seen.join("\n");
    if (!this.#isMember) return;
    this.#membership.rejoin();
    onReading([...this.#views.keys()]);
  }

  async #watch(): Promise<void> {
    const { discoverMs } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await sleep(discoverMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await this.#discover();
        await this.#tellLag();
        this.#cluster.seen(undefined);
      } catch (error) {
        // The next round asks again; that the brokers are away is said once.
        this.#cluster.seen(error);
      }
    }
  }

  async #tellLag(): Promise<void> {
    const held = [...this.#held.values()].filter(({ next }) => next !== undefined);
    const ends = await offsetsOf(this.#cluster, this.#views, held, "written");
    const lags = new Map<string, number>();
    for (const one of held) {
      const end = ends.get(`${one.topic}/${one.partition}`) ?? one.position;
      const lag = Math.max(0, end - one.position);
      lags.set(one.topic, (lags.get(one.topic) ?? 0) + lag);
    }
    for (const [topic, records] of lags) this.#options.onLag(topic, records);
  }

  #owned(): PartitionsByTopic {
    const owned = new Map<string, number[]>();
    for (const { topic, partition } of this.#held.values()) {
      owned.set(topic, [...(owned.get(topic) ?? []), partition]);
    }
    return owned;
  }

  #retarget(assigned: PartitionsByTopic): void {
    const target = new Set<string>();
    const added = new Map<string, KafkaPartition[]>();
    for (const [topic, partitions] of assigned) {
      for (const partition of partitions) {
        const place = `${topic}/${partition}`;
        target.add(place);
        if (this.#held.has(place)) continue;
        const one = new KafkaPartition(topic, partition);
        this.#held.set(place, one);
        added.set(topic, [...(added.get(topic) ?? []), one]);
      }
    }
    for (const [place, one] of this.#held) one.isWanted = target.has(place);
    this.#release();
    for (const [topic, partitions] of added) void this.#take(topic, partitions);
    this.#fetching.start();
  }

  /** Finds out where the group stands. */
  async #take(topic: string, partitions: readonly KafkaPartition[]): Promise<void> {
    const { group, onFault } = this.#options;
    const { life } = this.#membership;
    try {
      const committed = await this.#cluster.retrying(
        `position of ${group}`,
        Number.POSITIVE_INFINITY,
        async () => {
          const wire = await this.#cluster.toCoordinator(group);
          const numbers = partitions.map(({ partition }) => partition);
          return await wire.committed(group, topic, numbers);
        },
      );
      const id = this.#views.get(topic)?.id ?? "";
      const begun = new Map<number, number>();
      for (const one of partitions) {
        const known = committed.get(one.partition);
        const end = this.#ends.get(`${topic}/${one.partition}`);
        one.begin(id, known ?? end ?? 0, known === undefined);
        if (known === undefined && end !== undefined) begun.set(one.partition, end);
      }
      // Else a restart before the first record would begin at a later end.
      if (begun.size > 0) await this.#membership.commit(topic, begun, life);
    } catch (error) {
      if (!this.#cluster.closed.aborted) onFault(error);
    }
    this.#release();
    this.#fetching.start();
  }

  /** Lets go of what another process shall have and nobody here works on. */
  #release(): void {
    let isLess = false;
    for (const [place, one] of this.#held) {
      if (one.isWanted || one.isBusy || one.next === undefined) continue;
      this.#held.delete(place);
      isLess = true;
    }
    if (isLess) this.#membership.rejoin();
  }

  /** Others may have the partitions by now: what is read of them is dropped. */
  async #lose(): Promise<void> {
    this.#lost.abort();
    await this.#working;
    this.#held.clear();
    this.#lost = new AbortController();
    this.#wake();
  }

  #wake(): void {
    this.#news.resolve();
  }

  async #work(): Promise<void> {
    const { onFault } = this.#options;
    const { signal } = this.#stop;
    const backOff = new BackOff();
    let isFaulty = false;
    while (!signal.aborted) {
      this.#news = Promise.withResolvers();
      const batch = this.#membership.mayWork && !this.#lost.signal.aborted ? this.#nextBatch() : [];
      if (batch.length === 0) {
        await this.#news.promise;
        continue;
      }
      const done = Promise.withResolvers<void>();
      this.#working = done.promise;
      // What follows is fetched while this is worked on.
      this.#fetching.start();
      try {
        await this.#copy(batch);
        isFaulty = false;
        backOff.reset();
      } catch (error) {
        // From where the group stands, as everything that was not committed.
        for (const { one } of batch) one.begin(one.topicId, one.done, one.isFresh);
        const isOver = signal.aborted || this.#lost.signal.aborted;
        if (!isOver && !isFaulty) onFault(error);
        isFaulty = !isOver;
        if (!isOver) await backOff.wait(signal);
      } finally {
        for (const { one } of batch) one.isBusy = false;
        done.resolve();
      }
      this.#release();
      this.#fetching.start();
    }
  }

  #nextBatch(): Batch[] {
    const batch: Batch[] = [];
    let room = this.#options.batchRecordsMax;
    for (const [place, one] of [...this.#held]) {
      if (room === 0) break;
      if (one.waiting === 0 || !one.isWanted) continue;
      const { records, upTo } = one.take(room);
      // The next batch begins with the others.
      this.#held.delete(place);
      this.#held.set(place, one);
      room -= records.length;
      one.isBusy = true;
      batch.push({ one, records, upTo, epoch: one.epoch });
    }
    return batch;
  }

  async #copy(batch: readonly Batch[]): Promise<void> {
    const { life } = this.#membership;
    const signal = AbortSignal.any([this.#stop.signal, this.#lost.signal]);
    await this.#options.handle(
      batch.flatMap(({ records }) => records),
      signal,
    );
    const byTopic = new Map<string, Map<number, number>>();
    for (const { one, upTo, epoch } of batch) {
      // A topic that was made anew meanwhile begins at its beginning.
      if (one.epoch !== epoch) continue;
      const offsets = byTopic.get(one.topic) ?? new Map<number, number>();
      byTopic.set(one.topic, offsets.set(one.partition, upTo));
    }
    await Promise.all(
      [...byTopic].map(([topic, offsets]) => this.#membership.commit(topic, offsets, life)),
    );
    for (const { one, upTo, epoch } of batch) if (one.epoch === epoch) one.done = upTo;
  }
}

/** What is copied and committed together. */
interface Batch {
  readonly one: KafkaPartition;
  readonly records: readonly ShipperRecord[];
  readonly upTo: number;
  readonly epoch: number;
}
