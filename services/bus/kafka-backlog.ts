// How much of a topic its slowest group has not read, for back pressure and lag. Kafka counts records, not
// bytes before compression, so bytes are records times the mean size that this process saw; where many of
// ours lie in one of Kafka's, so are records.
// A publisher's picture is at most MEASURED_KEPT_MS old plus what it published itself since; groups that
// only other processes use are found within GROUPS_KEPT_MS.
import { setTimeout as sleep } from "node:timers/promises";
import type { KafkaCluster } from "../kafka/cluster.ts";
import { isFault } from "../kafka/wire.ts";
import type { Lag } from "./bus.ts";
import { committedOf, extentsOf } from "./kafka-offsets.ts";

const MEASURED_KEPT_MS = 1000;
const GROUPS_KEPT_MS = 30_000;
/** A topic that is full is measured anew for every publish, but no more often than this. */
const FULL_KEPT_MS = 20;
/** Where no record was seen yet. */
const RECORD_BYTES_DEFAULT = 512;
/** Sizes of long ago count half after so many records. */
const SIZES_HALVED_AFTER = 100_000;

interface TopicState {
  unread: number;
  /** Published by this process since it was measured, bytes. */
  added: number;
  measuredAt: number;
  measuring: Promise<void> | undefined;
  /** Records of Kafka that were seen, their bytes, and the records of ours in them. */
  stored: number;
  bytes: number;
  records: number;
}

/** What was published or fetched. */
export type SeenRecords = Pick<TopicState, "stored" | "bytes" | "records">;

export class KafkaBacklog {
  readonly #cluster: KafkaCluster;
  readonly #topics = new Map<string, TopicState>();
  readonly #local = new Set<string>();
  /** How far each group ever was: a replay after `seek` doesn't count. */
  readonly #highest = new Map<string, number>();
  #listed: readonly string[] = [];
  #listedAt = Number.NEGATIVE_INFINITY;

  constructor(cluster: KafkaCluster) {
    this.#cluster = cluster;
  }

  /** This process uses the group. */
  uses(group: string): void {
    this.#local.add(group);
  }

  /** Records of these sizes were seen. */
  saw(topic: string, { stored, bytes, records }: SeenRecords): void {
    const state = this.#stateOf(topic);
    if (state.stored > SIZES_HALVED_AFTER) {
      state.stored /= 2;
      state.bytes /= 2;
      state.records /= 2;
    }
    state.stored += stored;
    state.bytes += bytes;
    state.records += records;
  }

  /** Whether the topic may take more. What was admitted is counted at once. */
  async admits(topic: string, bytes: number, bytesMax: number): Promise<boolean> {
    const state = this.#stateOf(topic);
    const age = performance.now() - state.measuredAt;
    if (this.#bytesOf(state) >= bytesMax) {
      if (age < FULL_KEPT_MS) await sleep(FULL_KEPT_MS - age);
      await this.#measure(topic, state);
    } else if (age > MEASURED_KEPT_MS) {
      const measuring = this.#measure(topic, state);
      if (this.#bytesOf(state) > bytesMax / 2 || age === Number.POSITIVE_INFINITY) await measuring;
    }
    if (this.#bytesOf(state) >= bytesMax) return false;
    state.added += bytes;
    return true;
  }

  /** @throws KafkaFault */
  async lag(topic: string, group: string): Promise<Lag> {
    const extents = await extentsOf(this.#cluster, topic);
    const committed = await committedOf(this.#cluster, group, topic, [...extents.keys()]);
    let stored = 0;
    for (const [partition, { start, end }] of extents)
      stored += Math.max(0, end - Math.max(start, committed.get(partition) ?? start));
    const state = this.#stateOf(topic);
    const each = state.stored === 0 ? 1 : state.records / state.stored;
    return { records: Math.round(stored * each), bytes: Math.ceil(stored * meanOf(state)) };
  }

  #bytesOf(state: TopicState): number {
    return state.unread * meanOf(state) + state.added;
  }

  #stateOf(topic: string): TopicState {
    let state = this.#topics.get(topic);
    if (state === undefined) {
      const never = { measuredAt: Number.NEGATIVE_INFINITY, measuring: undefined };
      state = { unread: 0, added: 0, stored: 0, bytes: 0, records: 0, ...never };
      this.#topics.set(topic, state);
    }
    return state;
  }

  #measure(topic: string, state: TopicState): Promise<void> {
    state.measuring ??= this.#measureNow(topic, state)
      .catch((error: unknown) => {
        // Brokers that are away are the publishing's matter; the last picture stands meanwhile.
        if (!isFault(error)) throw error;
      })
      .finally(() => {
        state.measuring = undefined;
      });
    return state.measuring;
  }

  async #measureNow(topic: string, state: TopicState): Promise<void> {
    const { added } = state;
    let slowest = 0;
    const extents = await extentsOf(this.#cluster, topic);
    for (const group of await this.#groupsOf(topic)) {
      const committed = await committedOf(this.#cluster, group, topic, [...extents.keys()]);
      let unread = 0;
      for (const [partition, { start, end }] of extents) {
        const key = `${group}/${partition}`;
        const now = committed.get(partition) ?? start;
        const before = this.#highest.get(key) ?? 0;
        // Beyond the end: the topic was made again.
        const highest = before > end ? now : Math.max(before, now);
        this.#highest.set(key, highest);
        unread += Math.max(0, end - Math.max(start, highest));
      }
      slowest = Math.max(slowest, unread);
    }
    state.unread = slowest;
    state.added = Math.max(0, state.added - added);
    state.measuredAt = performance.now();
  }

  async #groupsOf(topic: string): Promise<ReadonlySet<string>> {
    if (performance.now() - this.#listedAt > GROUPS_KEPT_MS) {
      this.#listedAt = performance.now();
      const listed: string[] = [];
      for (const node of await this.#cluster.nodes())
        listed.push(...(await (await this.#cluster.toNode(node, "offsets")).groups()));
      this.#listed = listed;
    }
    const own = (group: string) => group.startsWith(`${topic}.`);
    return new Set([...this.#listed.filter(own), ...[...this.#local].filter(own)]);
  }
}

function meanOf({ stored, bytes }: TopicState): number {
  return stored === 0 ? RECORD_BYTES_DEFAULT : bytes / stored;
}
