// One partition of a shipper's topic while this process reads it: how far it was fetched, what waits to be
// copied, and how far it was committed.
import type { FetchedPartition, StoredRecord } from "../kafka/wire.ts";

/** A record of a shipper's topic. */
export interface ShipperRecord {
  readonly topic: string;
  /** A topic that was deleted and made again has another one. */
  readonly topicId: string;
  readonly partition: number;
  readonly offset: number;
  /** The broker's or the producer's time, as the topic is set up; milliseconds since 1970 UTC. */
  readonly timestamp: number;
  /** Undefined: a tombstone. */
  readonly value: Buffer | undefined;
  /** The last header of that name. */
  header(name: string): Buffer | undefined;
}

/** What the objects of a record take besides its bytes, roughly. */
const RECORD_OVERHEAD_BYTES = 200;

export class KafkaPartition {
  readonly topic: string;
  readonly partition: number;
  topicId = "";
  /** Offset to fetch next; undefined until it is known where the group stands. */
  next: number | undefined;
  /** Offset after the last record that was committed. */
  done = 0;
  /** Nothing of it was read yet: what is not kept any more is no loss. */
  isFresh = true;
  /** Whether the group still gives it to this process. */
  isWanted = true;
  isFetching = false;
  /** Records of it are being copied. */
  isBusy = false;
  /** Its answer could not be parsed: it is fetched alone. */
  isAlone = false;
  /** Changes when the reading begins elsewhere: what was asked for before is not to be used. */
  epoch = 0;
  waitingBytes = 0;
  #waiting: ShipperRecord[] = [];

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** How far it is read or, where something waits, committed. */
  get position(): number {
    return this.waiting > 0 || this.isBusy ? this.done : (this.next ?? this.done);
  }

  begin(topicId: string, offset: number, isFresh: boolean): void {
    this.topicId = topicId;
    this.next = offset;
    this.done = offset;
    this.isFresh = isFresh;
    this.epoch += 1;
    this.#waiting = [];
    this.waitingBytes = 0;
  }

  /** Keeps what was fetched. */
  deliver({ records, next }: FetchedPartition): void {
    for (const record of records) {
      this.#waiting.push(this.#recordOf(record));
      this.waitingBytes += bytesOf(record.value);
    }
    this.next = next;
    this.isFresh = false;
    this.isAlone = false;
  }

  /** At most so many records, and the offset to commit when they are durable. */
  take(recordsMax: number): { readonly records: readonly ShipperRecord[]; readonly upTo: number } {
    const records =
      recordsMax < this.#waiting.length ? this.#waiting.splice(0, recordsMax) : this.#waiting;
    if (records === this.#waiting) this.#waiting = [];
    for (const { value } of records) this.waitingBytes -= bytesOf(value);
    return { records, upTo: this.#waiting[0]?.offset ?? this.next ?? this.done };
  }

  #recordOf({ offset, timestamp, value, headers }: StoredRecord): ShipperRecord {
    const { topic, topicId, partition } = this;
    return {
      ...{ topic, topicId, partition, offset, timestamp },
      value: value && bufferOf(value),
      header(name) {
        const found = headers.findLast(([key]) => key === name)?.[1];
        return found && bufferOf(found);
      },
    };
  }
}

function bytesOf(value: Uint8Array | undefined): number {
  return (value?.length ?? 0) + RECORD_OVERHEAD_BYTES;
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
