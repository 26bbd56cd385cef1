// Fetches records of the partitions that this process reads: one long poll per broker, while there is room.
// Says what Kafka deleted before it was read, and passes over what can't be parsed.
import { randomUUID } from "node:crypto";
import { BackOff } from "../kafka/back-off.ts";
import type { KafkaCluster } from "../kafka/cluster.ts";
import {
  checkCode,
  type FetchedPartition,
  isFault,
  KAFKA_ERROR,
  KafkaFault,
  type TopicView,
} from "../kafka/wire.ts";
import type { KafkaPartition } from "./kafka-partition.ts";

const ANSWER_MS = 30_000;
/** The broker answers a fetch without records after so long. */
const POLL_WAIT_MS = 500;
const PARTITION_BYTES_MAX = 1024 * 1024;

interface FetchingParts {
  readonly cluster: KafkaCluster;
  readonly bytesInFlightMax: number;
  readonly batchRecordsMax: number;
  readonly partitions: () => Iterable<KafkaPartition>;
  readonly viewOf: (topic: string) => TopicView | undefined;
  /** Asks the brokers again who leads which partition. */
  readonly look: () => Promise<void>;
  readonly onRecords: () => void;
  /** Records [from, to) are lost: they were deleted before they were read, or can't be parsed. */
  readonly onGap: (one: KafkaPartition, from: number, to: number, error?: unknown) => void;
  /** Told of faults that are more than brokers that are away; once until it works again. */
  readonly onFault: (error: unknown) => void;
}

export class KafkaFetching {
  readonly #parts: FetchingParts;
  readonly #purpose = `fetch ${randomUUID()}`;
  readonly #polled = new Set<number>();
  readonly #backOff = new BackOff();
  #isResting = false;
  #isStopped = false;
  #isFaulty = false;

  constructor(parts: FetchingParts) {
    this.#parts = parts;
  }

  /** Fetches what wants records and is not being fetched. */
  start(): void {
    if (this.#isStopped || this.#isResting) return;
    const { partitions, viewOf, bytesInFlightMax, batchRecordsMax } = this.#parts;
    const all = [...partitions()];
    const waiting = all.reduce((sum, one) => sum + one.waitingBytes, 0);
    if (waiting >= bytesInFlightMax / 2) return;
    const byNode = new Map<number, KafkaPartition[]>();
    for (const one of all) {
      if (one.next === undefined || one.isFetching || !one.isWanted) continue;
      if (one.waiting >= batchRecordsMax) continue;
      const view = viewOf(one.topic);
      const leader = view?.partitions[one.partition]?.leader ?? -1;
      if (view?.id === undefined || leader < 0) {
        void this.#rest();
        continue;
      }
      // It was deleted and made again: nothing of the new one was read.
      if (one.topicId !== view.id) one.begin(view.id, 0, true);
      const own = byNode.get(leader);
      if (own === undefined) byNode.set(leader, [one]);
      else own.push(one);
    }
    for (const [node, own] of byNode) if (!this.#polled.has(node)) void this.#poll(node, own);
  }

  stop(): void {
    this.#isStopped = true;
    this.#parts.cluster.drop(this.#purpose);
  }

  async #poll(node: number, wanting: readonly KafkaPartition[]): Promise<void> {
    const single = wanting.find((one) => one.isAlone);
    const asked = single === undefined ? turned(wanting) : [single];
    this.#polled.add(node);
    for (const one of asked) one.isFetching = true;
    try {
      await this.#fetch(node, asked);
    } finally {
      for (const one of asked) one.isFetching = false;
      this.#polled.delete(node);
    }
    this.start();
  }

  async #fetch(node: number, asked: readonly KafkaPartition[]): Promise<void> {
    const { cluster, bytesInFlightMax, onRecords } = this.#parts;
    const epochs = new Map(asked.map((one) => [`${one.topic}/${one.partition}`, one.epoch]));
    try {
      const wire = await cluster.toNode(node, this.#purpose, ANSWER_MS);
      const answers = await wire.fetch(
        asked.map(({ topic, topicId, partition, next = 0 }) => {
          return { topic, topicId, partition, offset: next };
        }),
        {
          maxWaitMs: POLL_WAIT_MS,
          bytesMax: Math.floor(bytesInFlightMax / 2),
          partitionBytesMax: Math.min(PARTITION_BYTES_MAX, Math.floor(bytesInFlightMax / 2)),
        },
      );
      cluster.seen(undefined);
      const byPlace = new Map(answers.map((one) => [`${one.topic}/${one.partition}`, one]));
      let isWell = true;
      for (const one of asked) {
        const place = `${one.topic}/${one.partition}`;
        const answer = byPlace.get(place);
        if (answer === undefined || epochs.get(place) !== one.epoch) continue;
        if (answer.errorCode === KAFKA_ERROR.NONE) one.deliver(answer);
        else isWell = (await this.#mend(node, one, answer)) && isWell;
      }
      onRecords();
      if (!isWell) return await this.#rest();
      this.#isFaulty = false;
      this.#backOff.reset();
    } catch (error) {
      if (this.#isStopped || cluster.closed.aborted) return;
      if (!isFault(error)) this.#passOver(asked, error);
      else {
        cluster.seen(error);
        await this.#rest();
      }
    }
  }

  /** @returns whether the fetching may go on at once */
  async #mend(node: number, one: KafkaPartition, answer: FetchedPartition): Promise<boolean> {
    const { errorCode } = answer;
    if (errorCode === KAFKA_ERROR.OFFSET_OUT_OF_RANGE) {
      await this.#intoRange(node, one);
      return true;
    }
    if (!PASSING.has(errorCode)) {
      const place = `${one.topic}/${one.partition}`;
      this.#tell(new KafkaFault(errorCode, `${place}: Kafka answered with code ${errorCode}`));
    }
    return false;
  }

  /** Goes on at the first record that is kept. */
  async #intoRange(node: number, one: KafkaPartition): Promise<void> {
    const { topic, partition, epoch, next = 0 } = one;
    const wire = await this.#parts.cluster.toNode(node, "offsets");
    const ask = async (at: "earliest" | "latest"): Promise<number> => {
      const [found] = await wire.offsets([{ topic, partition, at }]);
      checkCode(found?.errorCode ?? KAFKA_ERROR.UNKNOWN_TOPIC_OR_PARTITION, "offsets");
      return found?.offset ?? 0;
    };
    const [start, end] = await Promise.all([ask("earliest"), ask("latest")]);
    if (one.epoch !== epoch) return;
    if (next < start) {
      if (!one.isFresh) this.#parts.onGap(one, next, start);
      one.next = start;
    } else if (next > end) {
      const place = `${topic}/${partition}/${next}`;
      this.#tell(new Error(`${place}: Kafka has no such record; reading from the beginning`));
      one.begin(one.topicId, start, true);
    }
  }

  /** An answer that can't be parsed: whose it is shows when each partition is fetched alone. */
  #passOver(asked: readonly KafkaPartition[], error: unknown): void {
    const [only] = asked;
    if (only === undefined || asked.length > 1) {
      for (const one of asked) one.isAlone = true;
      return;
    }
    const from = only.next ?? 0;
    this.#parts.onGap(only, from, from + 1, error);
    only.next = from + 1;
  }

  #tell(error: unknown): void {
    if (this.#isFaulty) return;
    this.#isFaulty = true;
    this.#parts.onFault(error);
  }

  /** No request for a while, and a look at who leads what. */
  async #rest(): Promise<void> {
    if (this.#isResting) return;
    this.#isResting = true;
    const { cluster, look } = this.#parts;
    try {
      await this.#backOff.wait(cluster.closed);
      await look();
    } catch (error) {
      cluster.seen(error);
    }
    this.#isResting = false;
    if (!cluster.closed.aborted) this.start();
  }
}

/** What passes when the brokers have sorted themselves out, or the topic is seen to be gone. */
const PASSING: ReadonlySet<number> = new Set([
  KAFKA_ERROR.UNKNOWN_TOPIC_OR_PARTITION,
  KAFKA_ERROR.LEADER_NOT_AVAILABLE,
  KAFKA_ERROR.NOT_LEADER,
  KAFKA_ERROR.UNKNOWN_TOPIC_ID,
  KAFKA_ERROR.INCONSISTENT_TOPIC_ID,
]);

/** Answers are filled in the order of the request: what has least waiting comes first. */
function turned(partitions: readonly KafkaPartition[]): KafkaPartition[] {
  return [...partitions].sort((left, right) => left.waiting - right.waiting);
}
