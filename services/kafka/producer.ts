// Appends records to partitions, in the order in which they were given, each once: one request at a time per
// partition, numbered as Kafka's idempotent producer does (KIP-98), tried again until it is known to have
// worked or patience ends.
import { AppError } from "../../config/errors.ts";
import { BackOff } from "./back-off.ts";
import { type KafkaCluster, refused } from "./cluster.ts";
import {
  isFault,
  isRefusal,
  KAFKA_ERROR,
  KafkaFault,
  type ProducerIdentity,
  type RecordToSend,
  UNREACHABLE,
} from "./wire.ts";

/** A batch is closed at this many bytes before compression; a larger record goes alone. */
const BATCH_BYTES_MAX = 1024 * 1024;
const BATCH_RECORDS_MAX = 10_000;
/** Batches of several partitions share a request up to here, bytes before compression. */
const REQUEST_BYTES_MAX = 16 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 10_000;
/** Sequence numbers begin again at 0 after this many. */
const SEQUENCES = 2 ** 31;

export interface ProducerOptions {
  /** A record is tried for so long before it is refused with HW_BUSY, milliseconds. */
  readonly patienceMs: number;
  /** Called when Kafka knows no such topic; resolves when there is one. */
  readonly missing: (topic: string) => Promise<void>;
}

/** Records with their size in bytes before compression. */
export interface SizedRecord {
  readonly record: RecordToSend;
  readonly bytes: number;
}

/** What one call appends to one partition; all of it or, from some place on, nothing of it. */
interface Job {
  readonly until: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  open: number;
  failed: boolean;
}

interface Piece {
  readonly job: Job;
  readonly records: readonly RecordToSend[];
  readonly bytes: number;
}

interface Pending {
  readonly pieces: readonly Piece[];
  readonly records: readonly RecordToSend[];
  readonly bytes: number;
}

interface Queue {
  readonly topic: string;
  /** All that it gets is compressed and sealed already. */
  readonly isPacked: boolean;
  readonly partition: number;
  readonly waiting: Piece[];
  readonly backOff: BackOff;
  identity: ProducerIdentity | undefined;
  sequence: number;
  /** Sent, or to be sent again: the same records under the same numbers. */
  pending: Pending | undefined;
  busy: boolean;
}

export class KafkaProducer {
  readonly #cluster: KafkaCluster;
  readonly #options: ProducerOptions;
  readonly #queues = new Map<string, Queue>();
  #identity: Promise<ProducerIdentity> | undefined;
  #round: NodeJS.Immediate | undefined;

  constructor(cluster: KafkaCluster, options: ProducerOptions) {
    this.#cluster = cluster;
    this.#options = options;
    cluster.closed.addEventListener("abort", () => this.#refuseAll(), { once: true });
  }

  /**
   * Resolves when all in-sync copies have the records.
   * @param isPacked the same for all records of a topic
   * @throws AppError HW_BUSY when that took too long (then some may have been written), HW_INPUT_TOO_LARGE,
   * HW_FORBIDDEN, HW_UNAUTHENTICATED, HW_CLOSED
   */
  async append(
    topic: string,
    partition: number,
    records: readonly SizedRecord[],
    isPacked: boolean,
  ): Promise<void> {
    this.#cluster.refuseWhenClosed();
    const pieces = piecesOf(records);
    if (pieces.length === 0) return;
    const queue = this.#queueOf(topic, partition, isPacked);
    await new Promise<void>((resolve, reject) => {
      const until = performance.now() + this.#options.patienceMs;
      const job = { until, resolve, reject, open: pieces.length, failed: false };
      for (const piece of pieces) queue.waiting.push({ ...piece, job });
      this.#soon();
    });
  }

  #queueOf(topic: string, partition: number, isPacked: boolean): Queue {
    const key = `${topic}/${partition}`;
    let queue = this.#queues.get(key);
    if (queue === undefined) {
      const fresh = { identity: undefined, sequence: 0, pending: undefined, busy: false };
      queue = { topic, isPacked, partition, waiting: [], backOff: new BackOff(), ...fresh };
      this.#queues.set(key, queue);
    }
    return queue;
  }

  /** All that is asked for within one turn of the event loop shares requests. */
  #soon(): void {
    this.#round ??= setImmediate(() => {
      this.#round = undefined;
      const ready = [...this.#queues.values()].filter((queue) => !queue.busy && nextOf(queue));
      for (const queue of ready) queue.busy = true;
      if (ready.length > 0) void this.#dispatch(ready);
    });
  }

  async #dispatch(queues: readonly Queue[]): Promise<void> {
    const groups = new Map<string, { node: number; bytes: number; queues: Queue[] }>();
    for (const queue of queues) {
      try {
        const node = await this.#leaderOf(queue);
        queue.identity ??= await this.#newIdentity();
        for (let part = 0; ; part += 1) {
          const { id, epoch } = queue.identity;
          const key = `${node}/${id}/${epoch}/${queue.isPacked}/${part}`;
          const group = groups.get(key) ?? { node, bytes: 0, queues: [] };
          const bytes = queue.pending?.bytes ?? 0;
          if (group.bytes > 0 && group.bytes + bytes > REQUEST_BYTES_MAX) continue;
          group.bytes += bytes;
          group.queues.push(queue);
          groups.set(key, group);
          break;
        }
      } catch (error) {
        this.#settle(queue, error);
      }
    }
    for (const group of groups.values()) void this.#send(group.node, group.queues);
  }

  async #leaderOf({ topic, partition }: Queue): Promise<number> {
    const view = await this.#cluster.topic(topic);
    if (view === undefined)
      throw new KafkaFault(KAFKA_ERROR.UNKNOWN_TOPIC_OR_PARTITION, `no topic ${topic}`);
    const leader = view.partitions[partition]?.leader ?? -1;
    if (leader < 0) throw new KafkaFault(KAFKA_ERROR.LEADER_NOT_AVAILABLE, `${topic}: no leader`);
    return leader;
  }

  async #newIdentity(): Promise<ProducerIdentity> {
    this.#identity ??= this.#cluster.toAny().then((wire) => wire.newProducer());
    try {
      return await this.#identity;
    } catch (error) {
      this.#identity = undefined;
      throw error;
    }
  }

  async #send(node: number, queues: readonly Queue[]): Promise<void> {
    const identity = queues[0]?.identity;
    if (identity === undefined) return;
    try {
      const wire = await this.#cluster.toNode(node, "produce", REQUEST_TIMEOUT_MS * 2);
      const batches = queues.map(({ topic, isPacked, partition, sequence, pending }) => {
        const records = pending?.records ?? [];
        return { topic, isPacked, partition, firstSequence: sequence, records };
      });
      const outcomes = await wire.produce(batches, identity, REQUEST_TIMEOUT_MS);
      this.#cluster.seen(undefined);
      for (const queue of queues) {
        const { topic, partition } = queue;
        const own = outcomes.find((one) => one.topic === topic && one.partition === partition);
        const code = own?.errorCode ?? UNREACHABLE;
        const isDone = code === KAFKA_ERROR.NONE || code === KAFKA_ERROR.DUPLICATE_SEQUENCE;
        const text = `${topic}/${partition}: Kafka answered with error code ${code}`;
        this.#settle(queue, isDone ? undefined : new KafkaFault(code, text));
      }
    } catch (error) {
      for (const queue of queues) this.#settle(queue, error);
    }
  }

  #settle(queue: Queue, error: unknown): void {
    const { pending } = queue;
    if (pending === undefined) return;
    if (error === undefined) {
      queue.sequence = (queue.sequence + pending.records.length) % SEQUENCES;
      queue.backOff.reset();
      for (const { job } of pending.pieces) {
        job.open -= 1;
        if (job.open === 0) job.resolve();
      }
      this.#next(queue);
    } else if (isTooLarge(error)) {
      this.#refuse(queue, new AppError("HW_INPUT_TOO_LARGE", error.message, { cause: error }));
    } else if (isRefusal(error) || !isFault(error)) {
      this.#renew(queue);
      this.#refuse(queue, isFault(error) ? refused("writing", error) : error);
    } else if (pending.pieces.every(({ job }) => job.until < performance.now())) {
      // It may have been written: under the same numbers, other records would be taken for it.
      this.#renew(queue);
      const mend = "check that the Kafka brokers run and can be reached";
      this.#refuse(queue, new AppError("HW_BUSY", error.message, { mend, cause: error }));
    } else void this.#again(queue, error);
  }

  #refuse(queue: Queue, error: unknown): void {
    for (const { job } of queue.pending?.pieces ?? []) {
      job.failed = true;
      job.reject(error);
    }
    this.#next(queue);
  }

  #next(queue: Queue): void {
    queue.pending = undefined;
    queue.busy = false;
    if (nextOf(queue)) this.#soon();
    // Topics come and go with tenants: an empty queue keeps its numbers only while it is used.
  }

  /** Numbers begin anew, under another identity. */
  #renew(queue: Queue): void {
    queue.identity = undefined;
    queue.sequence = 0;
    this.#identity = undefined;
  }

  async #again(queue: Queue, error: KafkaFault): Promise<void> {
    this.#cluster.seen(error);
    this.#cluster.forgetTopic(queue.topic);
    const { OUT_OF_ORDER_SEQUENCE, UNKNOWN_PRODUCER_ID, INVALID_PRODUCER_EPOCH } = KAFKA_ERROR;
    const { PRODUCER_FENCED, UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID } = KAFKA_ERROR;
    const numbers = [OUT_OF_ORDER_SEQUENCE, UNKNOWN_PRODUCER_ID, INVALID_PRODUCER_EPOCH];
    if (isFault(error, PRODUCER_FENCED, ...numbers)) this.#renew(queue);
    await queue.backOff.wait(this.#cluster.closed);
    if (isFault(error, UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID)) {
      this.#renew(queue);
      // Its failure shows at the next try.
      await this.#options.missing(queue.topic).catch(() => undefined);
    }
    queue.busy = false;
    this.#soon();
  }

  #refuseAll(): void {
    for (const queue of this.#queues.values()) {
      const left = [...(queue.pending?.pieces ?? []), ...queue.waiting.splice(0)];
      for (const { job } of left) job.reject(new AppError("HW_CLOSED", "the bus is closed"));
    }
  }
}

/** Puts the next batch together, unless one is there; false when nothing waits. */
function nextOf(queue: Queue): boolean {
  if (queue.pending !== undefined) return true;
  const pieces: Piece[] = [];
  const records: RecordToSend[] = [];
  let bytes = 0;
  let count = 0;
  for (const piece of queue.waiting) {
    const isFull =
      bytes + piece.bytes > BATCH_BYTES_MAX ||
      records.length + piece.records.length > BATCH_RECORDS_MAX;
    if (records.length > 0 && isFull) break;
    count += 1;
    // What comes behind a part that was refused must not be there without it.
    if (piece.job.failed) continue;
    pieces.push(piece);
    records.push(...piece.records);
    bytes += piece.bytes;
  }
  queue.waiting.splice(0, count);
  if (records.length === 0) return false;
  queue.pending = { pieces, records, bytes };
  return true;
}

function piecesOf(sized: readonly SizedRecord[]): Omit<Piece, "job">[] {
  const pieces: { records: RecordToSend[]; bytes: number }[] = [];
  let last: { records: RecordToSend[]; bytes: number } | undefined;
  for (const { record, bytes } of sized) {
    const isFull =
      last !== undefined &&
      (last.bytes + bytes > BATCH_BYTES_MAX || last.records.length === BATCH_RECORDS_MAX);
    if (last === undefined || isFull) {
      last = { records: [], bytes: 0 };
      pieces.push(last);
    }
    last.records.push(record);
    last.bytes += bytes;
  }
  return pieces;
}

function isTooLarge(error: unknown): error is KafkaFault {
  const { MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE, INVALID_RECORD } = KAFKA_ERROR;
  return isFault(error, MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE, INVALID_RECORD);
}
