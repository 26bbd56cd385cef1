// Where each consumer group of one tenant stands, in memory; what changed is written with the next
// transaction. A position that is lost with the process only means that records come again.
import type { LogFile, Position, StoredPosition } from "./log-file.ts";

export class Positions {
  readonly #groups = new Map<number, Map<string, Map<number, Position>>>();
  #changed = new Map<string, StoredPosition>();

  constructor(stored: readonly StoredPosition[]) {
    for (const one of stored) this.#groupOf(one.topic, one.group).set(one.partition, one);
  }

  get(topic: number, group: string, partition: number): Position | undefined {
    return this.#groups.get(topic)?.get(group)?.get(partition);
  }

  set(topic: number, group: string, partition: number, position: Position): void {
    this.#groupOf(topic, group).set(partition, position);
    this.#changed.set(`${topic}/${partition}/${group}`, { topic, group, partition, ...position });
  }

  /** Groups that ever read this topic, with their partitions. */
  groups(topic: number): ReadonlyMap<string, ReadonlyMap<number, Position>> {
    return this.#groups.get(topic) ?? new Map();
  }

  forget(topic: number, group: string): void {
    this.#groups.get(topic)?.delete(group);
    for (const [key, one] of this.#changed)
      if (one.topic === topic && one.group === group) this.#changed.delete(key);
  }

  /** Bytes up to which every group has read; `undefined` when no group reads the topic. */
  slowestBytes(topic: number, partition: number): number | undefined {
    const groups = this.#groups.get(topic);
    if (groups === undefined || groups.size === 0) return undefined;
    let slowest = Number.POSITIVE_INFINITY;
    for (const partitions of groups.values())
      slowest = Math.min(slowest, partitions.get(partition)?.readBytes ?? 0);
    return slowest;
  }

  get dirty(): boolean {
    return this.#changed.size > 0;
  }

  /** Writes what changed; gives back a function that says that it is durable. */
  write(file: LogFile): () => void {
    const written = this.#changed;
    for (const position of written.values()) file.setPosition(position);
    return () => {
      this.#changed = new Map();
    };
  }

  #groupOf(topic: number, group: string): Map<number, Position> {
    const groups = this.#groups.get(topic) ?? new Map<string, Map<number, Position>>();
    this.#groups.set(topic, groups);
    const partitions = groups.get(group) ?? new Map<number, Position>();
    groups.set(group, partitions);
    return partitions;
  }
}
