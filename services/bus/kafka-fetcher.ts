// Fetches records for the lanes of one consumer: long polls, few at a time per broker, of as many partitions
// as want records. What waits in memory is bounded per lane and for all of them together.
import type { Logger } from "pino";
import { BackOff } from "../kafka/back-off.ts";
import type { KafkaCluster } from "../kafka/cluster.ts";
import {
  type FetchedPartition,
  isFault,
  KAFKA_ERROR,
  type PartitionToFetch,
} from "../kafka/wire.ts";
import type { SeenRecords } from "./kafka-backlog.ts";
import type { KafkaLane } from "./kafka-lane.ts";
import { extentsOf } from "./kafka-offsets.ts";
import { recordsIn } from "./kafka-record.ts";
import type { KafkaTopics } from "./kafka-topics.ts";

/** One answer, compressed, over all partitions; at least one whole batch comes whatever its size. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;
const PARTITION_BYTES_MAX = 512 * 1024;
/** Of what waits in memory over all lanes; from here on only empty lanes get a batch each. */
const WAITING_BYTES_MAX = 48 * 1024 * 1024;
/** Waits at the broker, by how many polls are under way already: a newly empty lane must not wait long. */
const POLL_WAITS_MS = [500, 100, 25];
const ANSWER_MS = 30_000;

export interface FetcherParts {
  readonly id: string;
  readonly cluster: KafkaCluster;
  readonly topics: KafkaTopics;
  readonly logger: Logger;
  readonly lanes: () => readonly KafkaLane[];
  readonly isPaused: () => boolean;
  readonly onRecords: (topic: string, seen: SeenRecords) => void;
  readonly wake: () => void;
}

export class KafkaFetcher {
  readonly #parts: FetcherParts;
  readonly #polls = new Map<number, Set<number>>();
  readonly #backOff = new BackOff();
  /** Partitions whose answer could not be parsed are fetched alone. */
  readonly #alone = new Set<KafkaLane>();
  #round: NodeJS.Immediate | undefined;
  #turn = 0;
  #resting = false;
  #stopped = false;

  constructor(parts: FetcherParts) {
    this.#parts = parts;
  }

  /** Something may want records: looks once, in the next turn of the event loop. */
  soon(): void {
    if (this.#stopped) return;
    this.#round ??= setImmediate(() => {
      this.#round = undefined;
      this.#start();
    });
  }

  stop(): void {
    this.#stopped = true;
    if (this.#round !== undefined) clearImmediate(this.#round);
    for (let slot = 0; slot < POLL_WAITS_MS.length; slot += 1)
      this.#parts.cluster.drop(this.#purpose(slot));
  }

  #purpose(slot: number): string {
    return `fetch ${this.#parts.id} ${slot}`;
  }

  #start(): void {
    if (this.#stopped || this.#resting || this.#parts.isPaused()) return;
    const lanes = this.#parts.lanes();
    const waiting = lanes.reduce((sum, lane) => sum + lane.waitingBytes, 0);
    const isFull = waiting >= WAITING_BYTES_MAX;
    const wanting = lanes.filter(
      (lane) => lane.wantsRecords && (!isFull || lane.waitingBytes === 0),
    );
    if (wanting.length === 0) return;
    const byNode = new Map<number, KafkaLane[]>();
    for (const lane of wanting) {
      const view = this.#parts.cluster.knownTopic(lane.options.topicName);
      const leader = view?.partitions[lane.partition]?.leader ?? -1;
      if (leader < 0) {
        void this.#rest(() => this.#lookUp(lane));
        return;
      }
      if (lane.topicId !== undefined && view?.id !== lane.topicId) this.#beginAgain(lane, 0);
      lane.topicId = view?.id;
      byNode.set(leader, [...(byNode.get(leader) ?? []), lane]);
    }
    for (const [node, own] of byNode) this.#poll(node, own, isFull);
  }

  #poll(node: number, wanting: readonly KafkaLane[], isFull: boolean): void {
    const used = this.#polls.get(node) ?? new Set<number>();
    this.#polls.set(node, used);
    const slot = POLL_WAITS_MS.findIndex((_, number) => !used.has(number));
    if (slot < 0) return;
    // Answers are filled in the order of the request, so the first place goes round.
    this.#turn += 1;
    const first = this.#turn % wanting.length;
    const turned = [...wanting.slice(first), ...wanting.slice(0, first)];
    const single = turned.find((lane) => this.#alone.has(lane));
    const lanes = single === undefined ? turned : [single];
    used.add(slot);
    for (const lane of lanes) lane.fetching = true;
    const limits = {
      maxWaitMs: POLL_WAITS_MS[slot] ?? 0,
      bytesMax: isFull ? 1 : ANSWER_BYTES_MAX,
      partitionBytesMax: PARTITION_BYTES_MAX,
    };
    void this.#fetch(node, slot, lanes, limits).finally(() => {
      used.delete(slot);
      for (const lane of lanes) lane.fetching = false;
      this.soon();
    });
  }

  async #fetch(
    node: number,
    slot: number,
    lanes: readonly KafkaLane[],
    limits: { maxWaitMs: number; bytesMax: number; partitionBytesMax: number },
  ): Promise<void> {
    const { cluster } = this.#parts;
    const epochs = new Map(lanes.map((lane) => [lane, lane.epoch]));
    try {
      const wire = await cluster.toNode(node, this.#purpose(slot), ANSWER_MS);
      const answers = await wire.fetch(
        lanes.map((lane) => this.#request(lane)),
        limits,
      );
      cluster.seen(undefined);
      this.#backOff.reset();
      const byName = new Map(answers.map((one) => [`${one.topic}/${one.partition}`, one]));
      for (const lane of lanes) {
        const answer = byName.get(`${lane.options.topicName}/${lane.partition}`);
        if (answer !== undefined) await this.#deliver(lane, answer, epochs.get(lane) ?? 0);
      }
      this.#parts.wake();
    } catch (error) {
      if (this.#stopped || cluster.closed.aborted) return;
      if (isFault(error)) {
        cluster.seen(error);
        for (const lane of lanes) cluster.forgetTopic(lane.options.topicName);
        await this.#rest(async () => undefined);
      } else this.#cannotParse(lanes, error);
    }
  }

  #request(lane: KafkaLane): PartitionToFetch {
    const { topicId, next: offset, partition } = lane;
    return { topic: lane.options.topicName, topicId, partition, offset };
  }

  /** An answer that can't be parsed: which partition it is shows when each is fetched alone. */
  #cannotParse(lanes: readonly KafkaLane[], error: unknown): void {
    const [only] = lanes;
    if (only === undefined || lanes.length > 1) {
      for (const lane of lanes) this.#alone.add(lane);
      return;
    }
    const place = `${only.options.topicName}/${only.partition}/${only.next}`;
    this.#parts.logger.error({ err: error, place }, "stored records can't be read; passed over");
    only.skipTo(only.next + 1);
    this.#parts.wake();
  }

  async #deliver(lane: KafkaLane, answer: FetchedPartition, epoch: number): Promise<void> {
    const { errorCode, records, next, end } = answer;
    const { topicName } = lane.options;
    if (errorCode === KAFKA_ERROR.NONE) {
      this.#alone.delete(lane);
      if (records.length > 0 || next > lane.next) {
        const before = lane.waitingBytes;
        lane.deliver(records, next, end, epoch);
        const bytes = lane.waitingBytes - before;
        if (bytes > 0) {
          const { form } = lane.options;
          const count = records.reduce((sum, one) => sum + recordsIn(one, form), 0);
          this.#parts.onRecords(topicName, { stored: records.length, bytes, records: count });
        }
      }
      return;
    }
    const { OFFSET_OUT_OF_RANGE, UNKNOWN_TOPIC_OR_PARTITION } = KAFKA_ERROR;
    const { UNKNOWN_TOPIC_ID, INCONSISTENT_TOPIC_ID } = KAFKA_ERROR;
    const isGone =
      errorCode === UNKNOWN_TOPIC_OR_PARTITION ||
      errorCode === UNKNOWN_TOPIC_ID ||
      errorCode === INCONSISTENT_TOPIC_ID;
    if (errorCode === OFFSET_OUT_OF_RANGE) await this.#intoRange(lane, epoch);
    else if (isGone) await this.#rest(() => this.#lookUp(lane));
    else {
      this.#parts.cluster.forgetTopic(topicName);
      await this.#rest(async () => undefined);
    }
  }

  /** Goes on at the earliest record kept, and says what is missing. */
  async #intoRange(lane: KafkaLane, epoch: number): Promise<void> {
    const { topicName } = lane.options;
    const extents = await extentsOf(this.#parts.cluster, topicName, lane.partition);
    const extent = extents.get(lane.partition);
    if (extent === undefined || epoch !== lane.epoch) return;
    if (lane.next < extent.start) lane.skipTo(extent.start);
    else if (lane.next > extent.end) this.#beginAgain(lane, extent.start);
    this.#parts.wake();
  }

  #beginAgain(lane: KafkaLane, offset: number): void {
    const { topicName } = lane.options;
    const place = `${topicName}/${lane.partition}/${lane.next}`;
    this.#parts.logger.error(
      { place },
      "the topic is not the one it was; reading from its beginning",
    );
    lane.moveTo(offset, { from: lane.next, to: lane.end });
  }

  /** Who leads the partition, and whether its topic is still the one that it was. */
  async #lookUp(lane: KafkaLane): Promise<void> {
    const { cluster, topics } = this.#parts;
    const { topicName } = lane.options;
    await topics.mend(topicName);
    await cluster.topic(topicName, true);
  }

  /** No request for a while, and something to do meanwhile; failures show at the next try. */
  async #rest(work: () => Promise<void>): Promise<void> {
    if (this.#resting) return;
    this.#resting = true;
    try {
      await work();
    } catch (error) {
      this.#parts.cluster.seen(error);
    }
    await this.#backOff.wait(this.#parts.cluster.closed);
    this.#resting = false;
    this.soon();
  }
}
