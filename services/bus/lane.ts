// One partition of one tenant as a consumer of the embedded bus works through it: what comes next, what is read but not
// handled, and when it may go on.
import type { ConsumeOptions, Gap, IncomingRecord } from "./bus.ts";
import type { MemberLane } from "./member.ts";
import type { TenantLog, TopicLog } from "./tenant-log.ts";

/** A batch ends at this many bytes of values even when more records would be allowed. */
const BATCH_BYTES_MAX = 4 * 1024 * 1024;

export class Lane implements MemberLane {
  readonly abort = new AbortController();
  readonly log: TenantLog;
  readonly topic: TopicLog;
  readonly partition: number;
  running: Promise<void> | undefined;
  retryAt = 0;
  revoked = false;
  readonly #group: string;
  #next: number;
  #rest: readonly IncomingRecord[] = [];
  #waitingSince: number | undefined;
  #epoch = 0;

  constructor(log: TenantLog, topic: TopicLog, partition: number, group: string) {
    this.log = log;
    this.topic = topic;
    this.partition = partition;
    this.#group = group;
    // Where the group stopped, even when that is gone by now: then the gap is told.
    this.#next = log.positions.get(topic.id, group, partition)?.next ?? 0;
  }

  get tenant(): string {
    return this.log.tenant;
  }

  readyAt(options: ConsumeOptions, now: number): number {
    if (this.revoked || this.running !== undefined) return Number.POSITIVE_INFINITY;
    const end = this.topic.partitions[this.partition]?.head.next ?? 0;
    const available = end - this.position;
    if (available <= 0) return Number.POSITIVE_INFINITY;
    this.#waitingSince ??= now;
    const full = available >= options.recordsPerBatchMax;
    return Math.max(this.retryAt, full ? 0 : this.#waitingSince + options.lingerMs);
  }

  /** Offset of the next record that has not been handed out. */
  get position(): number {
    return this.#rest[0]?.offset ?? this.#next;
  }

  take(recordsMax: number, onGap: (gap: Gap) => void): readonly IncomingRecord[] {
    this.#waitingSince = undefined;
    const records: IncomingRecord[] = [];
    for (let bytes = 0; records.length < recordsMax && bytes < BATCH_BYTES_MAX; ) {
      if (this.#rest.length === 0 && !this.#read(onGap, records.length > 0)) break;
      let count = 0;
      while (records.length < recordsMax && bytes < BATCH_BYTES_MAX) {
        const record = this.#rest[count];
        if (record === undefined) break;
        records.push(record);
        bytes += record.value.length;
        count += 1;
      }
      this.#rest = this.#rest.slice(count);
    }
    return records;
  }

  get epoch(): number {
    return this.#epoch;
  }

  commit(epoch: number): void {
    if (epoch !== this.#epoch) return;
    this.log.setPosition(this.topic, this.#group, this.partition, this.position);
  }

  putBack(records: readonly IncomingRecord[], epoch: number): void {
    if (epoch === this.#epoch) this.#rest = [...records, ...this.#rest];
  }

  async settled(): Promise<void> {
    // Positions go with the bus's next write, and nobody could ask for them before.
  }

  /** Goes to where the group's position has been set. */
  seek(): void {
    this.#epoch += 1;
    this.#rest = [];
    this.#next = this.log.positionOf(this.topic, this.#group, this.partition);
  }

  /** Reads the next row; false when there is none. A failure after some records waits its turn. */
  #read(onGap: (gap: Gap) => void, some: boolean): boolean {
    const state = this.topic.partitions[this.partition];
    if (state === undefined || this.#next >= state.head.next) return false;
    if (this.#next < state.start) this.#skipTo(state.start, onGap);
    try {
      const found = this.log.read(this.topic, this.partition, this.#next);
      if (found === undefined) this.#next = state.head.next;
      else if (found.damaged) this.#skipTo(found.next, onGap);
      else {
        this.#rest = found.records;
        this.#next = found.next;
      }
      return true;
    } catch (error) {
      if (some) return false;
      throw error;
    }
  }

  #skipTo(to: number, onGap: (gap: Gap) => void): void {
    const { tenant } = this.log;
    const topic = this.topic.settings;
    if (!topic.compacted)
      onGap({ tenant, topic: topic.name, partition: this.partition, from: this.#next, to });
    this.#next = to;
  }
}
