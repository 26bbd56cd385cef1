// One tenant's topics on disk: appends with group commit, reads by offset, knows where each group
// stands, how much is unread, and pushes back when that is too much.
import { AppError } from "../../config/errors.ts";
import type { IncomingRecord, Lag, OutgoingRecord, Sealer, TopicSettings } from "./bus.ts";
import { RECORD_BYTES_MAX } from "./bus.ts";
import { type Head, LogFile } from "./log-file.ts";
import { partitionOf } from "./partition.ts";
import { Positions } from "./positions.ts";
import { decodeRow, encodeRow, isIntact, recordBytes } from "./row-codec.ts";
import { RowLayout } from "./row-layout.ts";
import { WriteTurn } from "./write-turn.ts";

interface PartitionState {
  head: Head;
  /** First offset kept, and the bytes that were before it. */
  start: number;
  startBytes: number;
}

/** A topic of this tenant with the state of its partitions. */
export interface TopicLog {
  readonly id: number;
  readonly settings: TopicSettings;
  readonly sealer: Sealer | undefined;
  readonly partitions: PartitionState[];
  pendingBytes: number;
  /** Partition that the next records without key go to. */
  nextPartition: number;
}

interface Pending {
  readonly records: readonly OutgoingRecord[];
  readonly partitions: readonly number[];
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What lies at an offset: records from there on, or a damaged row to step over. */
export interface ReadResult {
  readonly records: readonly IncomingRecord[];
  /** Offset after them (after the row when it is damaged). */
  readonly next: number;
  readonly damaged: boolean;
}

export interface TenantLogOptions {
  readonly tenant: string;
  readonly path: string;
  readonly topics: readonly TopicSettings[];
  readonly sealer: Sealer | undefined;
  readonly sealedTopics: readonly string[];
  readonly now: () => number;
  readonly onAppended: (topic: string) => void;
}

export class TenantLog {
  readonly tenant: string;
  readonly file: LogFile;
  readonly positions: Positions;
  readonly topics: ReadonlyMap<string, TopicLog>;
  readonly #now: () => number;
  readonly #onAppended: (topic: string) => void;
  readonly #pending = new Map<TopicLog, Pending[]>();
  readonly #turn = new WriteTurn(() => this.#flush());

  constructor(options: TenantLogOptions) {
    this.tenant = options.tenant;
    this.#now = options.now;
    this.#onAppended = options.onAppended;
    this.file = new LogFile(options.path);
    this.positions = new Positions(this.file.positions());
    this.topics = new Map(
      options.topics.map((settings) => {
        const sealer = options.sealedTopics.includes(settings.name) ? options.sealer : undefined;
        return [settings.name, this.#openTopic(settings, sealer)];
      }),
    );
  }

  /** @throws AppError HW_NOT_FOUND for a topic that is not configured */
  topic(name: string): TopicLog {
    const topic = this.topics.get(name);
    if (topic === undefined) throw new AppError("HW_NOT_FOUND", `no topic "${name}"`);
    return topic;
  }

  /** Durable when it resolves. @throws AppError HW_BUSY, HW_INPUT_TOO_LARGE */
  async publish(name: string, records: readonly OutgoingRecord[]): Promise<void> {
    const topic = this.topic(name);
    if (records.length === 0) return;
    let bytes = 0;
    for (const record of records) {
      if (record.value.length > RECORD_BYTES_MAX)
        throw new AppError("HW_INPUT_TOO_LARGE", `record of ${record.value.length} bytes`, {
          place: name,
        });
      bytes += recordBytes(record);
    }
    if (this.backlogBytes(topic) + topic.pendingBytes >= topic.settings.backlogBytesMax)
      throw new AppError("HW_BUSY", `${name} holds too much unread`, { place: name });
    const spread = topic.nextPartition;
    topic.nextPartition = (spread + 1) % topic.settings.partitions;
    const partitions = records.map((record) =>
      record.key === undefined ? spread : partitionOf(record.key, topic.settings.partitions),
    );
    topic.pendingBytes += bytes;
    await new Promise<void>((resolve, reject) => {
      const queue = this.#pending.get(topic);
      const pending = { records, partitions, bytes, resolve, reject };
      if (queue === undefined) this.#pending.set(topic, [pending]);
      else queue.push(pending);
      this.#turn.soon();
    });
  }

  /** Bytes that the slowest group has not read; 0 when no group reads the topic. */
  backlogBytes(topic: TopicLog): number {
    let backlog = 0;
    for (const [partition, state] of topic.partitions.entries()) {
      const slowest = this.positions.slowestBytes(topic.id, partition);
      if (slowest === undefined) return 0;
      backlog += state.head.bytes - Math.max(slowest, state.startBytes);
    }
    return backlog;
  }

  /** Records at and after an offset, as far as one row goes; undefined at the end of the log. */
  read(topic: TopicLog, partition: number, offset: number): ReadResult | undefined {
    const row = this.file.rowFrom(topic.id, partition, offset);
    if (row === undefined) return undefined;
    const next = row.last + 1;
    if (!isIntact(row)) return { records: [], next, damaged: true };
    const records = decodeRow(row, this.tenant, topic.sealer);
    const first = records.findIndex((record) => record.offset >= offset);
    return { records: first <= 0 ? records : records.slice(first), next, damaged: false };
  }

  /** Gives a group a place on every partition, the earliest for those that it never read. */
  join(topic: TopicLog, group: string): void {
    for (const [partition, state] of topic.partitions.entries()) {
      const known = this.positions.get(topic.id, group, partition);
      if (known === undefined) this.setPosition(topic, group, partition, state.start);
      else this.positions.set(topic.id, group, partition, { ...known, touchedAt: this.#now() });
    }
    this.#turn.lazily();
  }

  /** The next offset of a group, never before what retention has left. */
  positionOf(topic: TopicLog, group: string, partition: number): number {
    const start = topic.partitions[partition]?.start ?? 0;
    return Math.max(start, this.positions.get(topic.id, group, partition)?.next ?? 0);
  }

  setPosition(topic: TopicLog, group: string, partition: number, offset: number): void {
    const state = topic.partitions[partition];
    if (state === undefined) throw new AppError("HW_NOT_FOUND", `no partition ${partition}`);
    const next = Math.min(Math.max(offset, state.start), state.head.next);
    const before = this.positions.get(topic.id, group, partition)?.readBytes ?? 0;
    this.positions.set(topic.id, group, partition, {
      next,
      readBytes: Math.max(before, this.#bytesAt(topic, partition, next)),
      touchedAt: this.#now(),
    });
    this.#turn.lazily();
  }

  lag(topic: TopicLog, group: string): Lag {
    let records = 0;
    let bytes = 0;
    for (const [partition, state] of topic.partitions.entries()) {
      const next = this.positionOf(topic, group, partition);
      records += state.head.next - next;
      bytes += state.head.bytes - this.#bytesAt(topic, partition, next);
    }
    return { records, bytes };
  }

  /** Looks up again where each partition begins, after rows were deleted. */
  refreshStarts(topic: TopicLog): void {
    for (const [partition, state] of topic.partitions.entries()) {
      const first = this.file.placeFrom(topic.id, partition, 0);
      state.start = first?.base ?? state.head.next;
      state.startBytes = first?.bytesBefore ?? state.head.bytes;
    }
  }

  /** Writes everything that waits. */
  flush(): void {
    this.#turn.now();
  }

  close(): void {
    this.flush();
    this.file.close();
  }

  #openTopic(settings: TopicSettings, sealer: Sealer | undefined): TopicLog {
    const id = this.file.topicId(settings.name);
    const heads = this.file.heads(id);
    // A topic keeps the partitions that it once had, so that nothing in them is forgotten.
    const count = Math.max(settings.partitions, ...[...heads.keys()].map((last) => last + 1));
    const partitions = Array.from({ length: count }, (_, partition) => ({
      head: heads.get(partition) ?? { next: 0, bytes: 0 },
      start: 0,
      startBytes: 0,
    }));
    const topic = { id, settings, sealer, partitions, pendingBytes: 0, nextPartition: 0 };
    this.refreshStarts(topic);
    return topic;
  }

  #bytesAt(topic: TopicLog, partition: number, offset: number): number {
    const state = topic.partitions[partition];
    if (state === undefined || offset >= state.head.next) return state?.head.bytes ?? 0;
    const row = this.file.placeFrom(topic.id, partition, offset);
    if (row === undefined) return state.head.bytes;
    const share = Math.max(0, offset - row.base) / (row.last + 1 - row.base);
    return row.bytesBefore + Math.round(share * row.plainBytes);
  }

  #flush(): void {
    const taken = [...this.#pending];
    this.#pending.clear();
    if (taken.length === 0 && !this.positions.dirty) return;
    const done: (() => void)[] = [];
    try {
      this.file.transaction(() => {
        for (const [topic, queue] of taken) done.push(this.#append(topic, queue));
        done.push(this.positions.write(this.file));
      });
    } catch (error) {
      // Positions alone are lost to nobody: they stay marked and go with the next write.
      for (const [, queue] of taken) for (const pending of queue) pending.reject(error);
      return;
    } finally {
      for (const [topic, queue] of taken)
        for (const pending of queue) topic.pendingBytes -= pending.bytes;
    }
    for (const finish of done) finish();
  }

  /** Writes one topic's records; the function that it gives back is for after the commit. */
  #append(topic: TopicLog, queue: readonly Pending[]): () => void {
    const rows = new RowLayout();
    for (const { records, partitions } of queue)
      for (const [index, record] of records.entries()) rows.add(partitions[index] ?? 0, record);
    const heads = this.#writeRows(topic, rows);
    return () => {
      for (const [partition, head] of heads) {
        const state = topic.partitions[partition];
        if (state !== undefined) state.head = head;
      }
      for (const pending of queue) pending.resolve();
      this.#onAppended(topic.settings.name);
    };
  }

  #writeRows(topic: TopicLog, rows: RowLayout) {
    const heads = new Map<number, Head>();
    const appendedAt = this.#now();
    for (const [partition, list] of rows.byPartition) {
      let head = topic.partitions[partition]?.head ?? { next: 0, bytes: 0 };
      for (const records of list) {
        const encoded = encodeRow(records, this.tenant, topic.sealer);
        const base = head.next;
        const next = base + records.length;
        const sealed = topic.sealer !== undefined;
        const place = { partition, base, last: next - 1, bytesBefore: head.bytes };
        this.file.addRow(topic.id, { ...place, ...encoded, appendedAt, sealed });
        head = { next, bytes: head.bytes + encoded.plainBytes };
      }
      this.file.setHead(topic.id, partition, head);
      heads.set(partition, head);
    }
    return heads;
  }
}
