// The bus port: durable, partitioned topics between the stages. Two implementations pass the same
// contract suite (test/contract/bus.ts): embedded (SQLite) and Kafka. Delivery is at least once;
// consumers make their output idempotent by the position that each record carries.
//
// Partitions: a key always lies in `partitionOf(key, partitions)`, in both implementations.
// Groups: a group that is new begins at the earliest record kept. Groups that nobody belonged to for
// GROUP_IDLE_MS are forgotten by `retain`.
// Retention goes by age and bytes whether or not a group has read the records, because clear text has
// to go when its time is over; `backlogBytesMax` (below `retentionBytes`) and `onGap` keep that from
// being a silent loss. Records that are gone are no longer part of `lag`.
// Compacted topics: `retain` keeps the newest record per key; an empty value deletes its key, and goes
// itself after `retentionMs`. Records without key are not kept.

/** Largest value of one record, bytes. */
export const RECORD_BYTES_MAX = 8 * 1024 * 1024;

/** How long a group without members keeps its positions, milliseconds (7 days, as Kafka's default). */
export const GROUP_IDLE_MS = 7 * 24 * 60 * 60 * 1000;

/** A topic's settings, given when the bus is opened; a tenant's partitions are made on first use. */
export interface TopicSettings {
  readonly name: string;
  readonly partitions: number;
  readonly retentionMs: number;
  /** Per tenant, over all partitions, before compression. */
  readonly retentionBytes: number;
  /** Keep the newest record per key only (state changelogs). */
  readonly compacted: boolean;
  /**
   * Bytes per tenant that the slowest group has never read, from which on `publish` refuses with
   * HW_BUSY (back pressure). A replay after `seek` does not count; without any group there is none.
   */
  readonly backlogBytesMax: number;
}

/** What a stage puts on a topic. Records of one key keep their order (same partition). */
export interface OutgoingRecord {
  /** Undefined: spread over the partitions by batch. */
  readonly key: string | undefined;
  readonly value: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a stage takes from a topic. `offset` rises by one per partition, without gaps that mean loss. */
export interface IncomingRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | undefined;
  readonly value: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** When the bus took it, milliseconds since 1970 UTC. */
  readonly appendedAt: number;
}

/** Records of one tenant and one partition, in offset order. */
export interface Batch {
  readonly tenant: string;
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly IncomingRecord[];
}

export interface ConsumeOptions {
  readonly topic: string;
  /** Consumers of one group share the partitions; each group sees every record. */
  readonly group: string;
  readonly recordsPerBatchMax: number;
  /** Longest wait for more records once at least one is there. */
  readonly lingerMs: number;
  /**
   * Called with one batch at a time per partition. When it resolves, the offset after the batch is
   * committed; when it rejects, the batch comes again after `retryDelayMs`.
   */
  readonly handle: (batch: Batch, signal: AbortSignal) => Promise<void>;
  readonly retryDelayMs: number;
  /** Told before the first batch of a partition and after the last one, so that state can move. */
  readonly onAssigned?: (tenant: string, partitions: readonly number[]) => Promise<void>;
  readonly onRevoked?: (tenant: string, partitions: readonly number[]) => Promise<void>;
  /** Told when `handle` or reading failed (then the batch has no records); the batch comes again. */
  readonly onError?: (error: unknown, batch: Batch) => void;
  /** Told of records that went (retention, damage) before this group could read them. */
  readonly onGap?: (gap: Gap) => void;
}

/** Offsets [from, to) of one partition that a group will never see. */
export interface Gap {
  readonly tenant: string;
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

/** A running consumer. Closing waits for the batch at hand and commits it. */
export interface Consumer {
  /** Stop fetching until `resume`; partitions stay assigned. */
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

/** Unread part of a topic for one group. */
export interface Lag {
  readonly records: number;
  readonly bytes: number;
}

export interface Bus {
  /**
   * Durable when it resolves: all of `records` or none.
   * @throws AppError HW_BUSY when the backlog is over `backlogBytesMax`, HW_INPUT_TOO_LARGE when a value
   * is over RECORD_BYTES_MAX, HW_NOT_FOUND for an unknown topic; nothing was taken.
   */
  publish(tenant: string, topic: string, records: readonly OutgoingRecord[]): Promise<void>;
  /**
   * Starts a consumer that serves these tenants fairly, one batch each in turn. Resolves once it has
   * joined its group; partitions come as the members before it let go of them.
   */
  consume(tenants: readonly string[], options: ConsumeOptions): Promise<Consumer>;
  lag(tenant: string, topic: string, group: string): Promise<Lag>;
  /**
   * All that a partition keeps when it is asked, in offset order, without a group: state changelogs are
   * restored so. Of a compacted topic older records of a key may come before the newest one. A damaged
   * part is passed over.
   */
  read(tenant: string, topic: string, partition: number): AsyncIterable<IncomingRecord>;
  /**
   * Sets a group's next offset (replay): "earliest", "latest" or per partition, moved into what is kept.
   * Consumers of the group in other processes must be closed; those of this process go on from there.
   */
  seek(
    tenant: string,
    topic: string,
    group: string,
    to: "earliest" | "latest" | readonly { partition: number; offset: number }[],
  ): Promise<void>;
  /** Deletes what retention allows: old, over the byte limit, or superseded in a compacted topic. */
  retain(tenant: string, now: number): Promise<void>;
  close(): Promise<void>;
}

/** Encrypts and opens stored bytes of one tenant; `services/privacy` makes it, main wires it. */
export interface Sealer {
  seal(tenant: string, plain: Uint8Array): Uint8Array;
  /** @throws AppError HW_DECRYPT_FAILED */
  open(tenant: string, sealed: Uint8Array): Uint8Array;
}
