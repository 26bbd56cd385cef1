// One partition of one tenant as a consumer of the Kafka bus works through it: what was fetched and not
// handled, up to where it is committed, and what is to be fetched next.
import type { StoredRecord } from "../kafka/wire.ts";
import type { ConsumeOptions, Gap, IncomingRecord } from "./bus.ts";
import { decodeStored, offsetsPerRecord, type RecordForm, storedBytes } from "./kafka-record.ts";
import type { MemberLane } from "./member.ts";

/** A batch ends at this many bytes of values even when more records would be allowed. */
const BATCH_BYTES_MAX = 4 * 1024 * 1024;
/** More is fetched while less than this waits, bytes. */
const WAITING_BYTES_LOW = 1024 * 1024;

export interface KafkaLaneOptions {
  readonly tenant: string;
  /** Names without and with prefix. */
  readonly topic: string;
  readonly topicName: string;
  readonly partition: number;
  readonly form: RecordForm;
  readonly start: number;
  /** Whether its member still counts as alive in its group. */
  readonly mayWork: () => boolean;
  readonly onCommit: (offset: number) => void;
  readonly settled: () => Promise<void>;
}

export class KafkaLane implements MemberLane {
  readonly abort = new AbortController();
  readonly options: KafkaLaneOptions;
  running: Promise<void> | undefined;
  retryAt = 0;
  revoked = false;
  /** The topic whose offsets these are, where that is known: one made again has another id. */
  topicId: string | undefined;
  /** A request for its records is under way. */
  fetching = false;
  /** Offset after the last record at Kafka, as far as is known. */
  end = 0;
  readonly #decoded: IncomingRecord[] = [];
  #fetched: StoredRecord[] = [];
  #taken = 0;
  #waitingBytes = 0;
  #next: number;
  #waitingSince: number | undefined;
  #gap: { from: number; to: number } | undefined;
  #epoch = 0;

  constructor(options: KafkaLaneOptions) {
    this.options = options;
    this.#next = options.start;
  }

  get tenant(): string {
    return this.options.tenant;
  }

  get partition(): number {
    return this.options.partition;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Offset of the next record to fetch. */
  get next(): number {
    return this.#next;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  get wantsRecords(): boolean {
    return !this.revoked && !this.fetching && this.#waitingBytes < WAITING_BYTES_LOW;
  }

  readyAt(options: ConsumeOptions, now: number): number {
    if (this.revoked || this.running !== undefined || !this.options.mayWork())
      return Number.POSITIVE_INFINITY;
    const available = this.#decoded.length + this.#fetched.length - this.#taken;
    if (available <= 0 && this.#gap === undefined) return Number.POSITIVE_INFINITY;
    this.#waitingSince ??= now;
    const isFull =
      available >= options.recordsPerBatchMax || this.#waitingBytes >= WAITING_BYTES_LOW;
    return Math.max(this.retryAt, isFull ? 0 : this.#waitingSince + options.lingerMs);
  }

  /** Takes in what was fetched from `next` on, unless it was sent elsewhere meanwhile. */
  deliver(records: readonly StoredRecord[], next: number, end: number, epoch: number): void {
    if (epoch !== this.#epoch) return;
    this.end = end;
    this.#next = Math.max(this.#next, next);
    if (this.#taken > 0) this.#fetched = this.#fetched.slice(this.#taken);
    this.#taken = 0;
    for (const record of records) {
      this.#fetched.push(record);
      this.#waitingBytes += storedBytes(record);
    }
  }

  take(recordsMax: number, onGap: (gap: Gap) => void): readonly IncomingRecord[] {
    this.#waitingSince = undefined;
    if (this.#gap !== undefined) this.#tell(this.#gap, onGap);
    this.#gap = undefined;
    const records: IncomingRecord[] = [];
    for (let bytes = 0; bytes < BATCH_BYTES_MAX; ) {
      if (this.#decoded.length === 0 && !this.#decodeNext(onGap, records.length > 0)) break;
      const room = recordsMax - records.length;
      // What lies in Kafka as one is handed out as one where that is possible: only so it is committed.
      if (records.length > 0 && this.#decoded.length > room) break;
      for (const record of this.#decoded.splice(0, room)) {
        records.push(record);
        bytes += record.value.length;
      }
    }
    return records;
  }

  commit(epoch: number): void {
    if (epoch !== this.#epoch) return;
    this.options.onCommit(this.#position);
  }

  putBack(records: readonly IncomingRecord[], epoch: number): void {
    if (epoch === this.#epoch) this.#decoded.unshift(...records);
  }

  settled(): Promise<void> {
    return this.options.settled();
  }

  /** Goes on from another offset; what was fetched is dropped. */
  moveTo(offset: number, gap?: { from: number; to: number }): void {
    this.#epoch += 1;
    this.#decoded.length = 0;
    this.#fetched = [];
    this.#taken = 0;
    this.#waitingBytes = 0;
    this.#next = offset;
    if (gap !== undefined && gap.to > gap.from) this.#gap = gap;
  }

  /** Records before an offset that can't be had: they are told once what was fetched has been handled. */
  skipTo(offset: number): void {
    this.#gap = { from: this.#next, to: offset };
    this.#next = offset;
  }

  /** Offset at Kafka of the next record that has not been handed out, or not all of it. */
  get #position(): number {
    const [decoded] = this.#decoded;
    if (decoded !== undefined) {
      return Math.floor(decoded.offset / offsetsPerRecord(this.options.form));
    }
    return this.#fetched[this.#taken]?.offset ?? this.#next;
  }

  /** Decodes the next record of Kafka that can be read. A failure after some records waits its turn. */
  #decodeNext(onGap: (gap: Gap) => void, some: boolean): boolean {
    for (;;) {
      const stored = this.#fetched[this.#taken];
      if (stored === undefined) return false;
      let records: readonly IncomingRecord[] | undefined;
      try {
        records = decodeStored(stored, this.partition, this.options.form);
      } catch (error) {
        if (some) return false;
        throw error;
      }
      this.#taken += 1;
      this.#waitingBytes -= storedBytes(stored);
      if (records !== undefined && records.length > 0) {
        this.#decoded.push(...records);
        return true;
      }
      this.#tell({ from: stored.offset, to: stored.offset + 1 }, onGap);
    }
  }

  #tell({ from, to }: { from: number; to: number }, onGap: (gap: Gap) => void): void {
    const { tenant, topic, partition, form } = this.options;
    if (form.compacted) return;
    const per = offsetsPerRecord(form);
    onGap({ tenant, topic, partition, from: from * per, to: to * per });
  }
}
