// A running consumer of either bus: a member of its group that starts batches of its partitions, one tenant
// after the other, so that a busy tenant can't starve a quiet one. Where records come from is the lanes' matter.
import { setTimeout as sleep } from "node:timers/promises";
import type { Batch, ConsumeOptions, Consumer, Gap, IncomingRecord } from "./bus.ts";

/** After this long a handler is asked to give up through its AbortSignal, where others wait for it. */
const CLOSE_GRACE_MS = 10_000;

/** One partition of one tenant as a consumer works through it. */
export interface MemberLane {
  readonly tenant: string;
  readonly partition: number;
  /** Asks the handler to give up. */
  readonly abort: AbortController;
  /** The batch at hand; resolves when it has been handled, well or not. */
  running: Promise<void> | undefined;
  /** No batch before this moment (`performance.now()`), because the last one failed. */
  retryAt: number;
  /** Being taken away: no further batch. */
  revoked: boolean;
  /** A mark to `commit` or `putBack` with: after a seek in between they do nothing. */
  readonly epoch: number;
  /** When a batch can be had: now or earlier, later (linger, retry), or not before a wake-up. */
  readyAt(options: ConsumeOptions, now: number): number;
  /**
   * Takes the next records out; none when retention, compaction or damage left nothing here.
   * @throws what opening sealed records throws; then nothing was taken
   */
  take(recordsMax: number, onGap: (gap: Gap) => void): readonly IncomingRecord[];
  commit(epoch: number): void;
  putBack(records: readonly IncomingRecord[], epoch: number): void;
  /** Resolves when what was committed is durable, or never will be because the partition is lost. */
  settled(): Promise<void>;
}

export class Member<Lane extends MemberLane = MemberLane> implements Consumer {
  readonly tenants: readonly string[];
  readonly options: ConsumeOptions;
  readonly #newLane: (tenant: string, partition: number) => Lane | Promise<Lane>;
  readonly #leave: (member: Member<Lane>) => Promise<void>;
  readonly #lanes = new Map<string, Lane[]>();
  #turnOf = 0;
  #paused = false;
  #closing: Promise<void> | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    tenants: readonly string[],
    options: ConsumeOptions,
    newLane: (tenant: string, partition: number) => Lane | Promise<Lane>,
    leave: (member: Member<Lane>) => Promise<void>,
  ) {
    this.tenants = [...new Set(tenants)];
    this.options = options;
    this.#newLane = newLane;
    this.#leave = leave;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.wake();
  }

  get closing(): boolean {
    return this.#closing !== undefined;
  }

  /** Something may be ready: looks once, in the next turn of the event loop. */
  wake(): void {
    if (this.#paused || this.closing) return;
    this.#immediate ??= setImmediate(() => {
      this.#immediate = undefined;
      this.#startNext();
    });
  }

  get paused(): boolean {
    return this.#paused;
  }

  lanesOf(tenant: string): readonly Lane[] {
    return this.#lanes.get(tenant) ?? [];
  }

  /** Partitions of a tenant that this member has. */
  partitionsOf(tenant: string): number[] {
    return this.lanesOf(tenant).map((lane) => lane.partition);
  }

  /**
   * Takes partitions over, once `onAssigned` has prepared for them.
   * @param isWanted false: they are another's by now, and it gives up trying
   */
  async assign(
    tenant: string,
    partitions: readonly number[],
    isWanted: () => boolean = () => true,
  ): Promise<void> {
    while (!this.closing && isWanted()) {
      try {
        await this.options.onAssigned?.(tenant, partitions);
        break;
      } catch (error) {
        this.options.onError?.(error, this.#emptyBatch(tenant, partitions[0] ?? 0));
        await sleep(this.options.retryDelayMs);
      }
    }
    if (this.closing) return;
    const added: Lane[] = [];
    for (const number of partitions) added.push(await this.#newLane(tenant, number));
    this.#lanes.set(tenant, [...(this.#lanes.get(tenant) ?? []), ...added]);
    this.wake();
  }

  /** Lets partitions go, after the batches at hand. */
  async revoke(tenant: string, partitions: readonly number[]): Promise<void> {
    const lanes = this.#lanes.get(tenant) ?? [];
    const gone = lanes.filter((lane) => partitions.includes(lane.partition));
    for (const lane of gone) lane.revoked = true;
    const grace = setTimeout(() => {
      for (const lane of gone) lane.abort.abort();
    }, CLOSE_GRACE_MS);
    await Promise.all(gone.map((lane) => lane.running));
    clearTimeout(grace);
    await Promise.all(gone.map((lane) => lane.settled()));
    const kept = (this.#lanes.get(tenant) ?? []).filter((lane) => !gone.includes(lane));
    this.#lanes.set(tenant, kept);
    try {
      await this.options.onRevoked?.(tenant, partitions);
    } catch (error) {
      this.options.onError?.(error, this.#emptyBatch(tenant, partitions[0] ?? 0));
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    // Not before the caller has seen `closing`: assign and wake look at it.
    await Promise.resolve();
    if (this.#immediate !== undefined) clearImmediate(this.#immediate);
    clearTimeout(this.#timer);
    const lanes = [...this.#lanes.values()].flat();
    const grace = setTimeout(() => {
      for (const lane of lanes) lane.abort.abort();
    }, CLOSE_GRACE_MS);
    await Promise.all(lanes.map((lane) => lane.running));
    clearTimeout(grace);
    await this.#leave(this);
  }

  /** Starts one batch of the next tenant that has one, and comes back for the others. */
  #startNext(): void {
    if (this.#paused || this.closing) return;
    const now = performance.now();
    let soonest = Number.POSITIVE_INFINITY;
    for (let step = 0; step < this.tenants.length; step += 1) {
      const turn = (this.#turnOf + step) % this.tenants.length;
      const lanes = this.#lanes.get(this.tenants[turn] ?? "") ?? [];
      for (const lane of lanes) {
        const readyAt = lane.readyAt(this.options, now);
        soonest = Math.min(soonest, readyAt);
        if (readyAt > now) continue;
        this.#turnOf = turn + 1;
        // The lane goes to the end, so that the tenant's partitions take turns too.
        this.#lanes.set(this.tenants[turn] ?? "", [...lanes.filter((one) => one !== lane), lane]);
        this.#start(lane);
        this.wake();
        return;
      }
    }
    clearTimeout(this.#timer);
    if (soonest === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.wake(), Math.max(1, Math.ceil(soonest - now)));
  }

  #start(lane: Lane): void {
    const { epoch } = lane;
    const empty = this.#emptyBatch(lane.tenant, lane.partition);
    let batch: Batch = empty;
    try {
      const onGap = (gap: Gap) => this.options.onGap?.(gap);
      batch = { ...empty, records: lane.take(this.options.recordsPerBatchMax, onGap) };
    } catch (error) {
      lane.retryAt = performance.now() + this.options.retryDelayMs;
      this.options.onError?.(error, empty);
      return;
    }
    if (batch.records.length === 0) lane.commit(epoch);
    else lane.running = this.#handle(lane, batch, epoch);
  }

  async #handle(lane: Lane, batch: Batch, epoch: number): Promise<void> {
    try {
      await this.options.handle(batch, lane.abort.signal);
      lane.commit(epoch);
    } catch (error) {
      lane.putBack(batch.records, epoch);
      lane.retryAt = performance.now() + this.options.retryDelayMs;
      this.options.onError?.(error, batch);
    } finally {
      lane.running = undefined;
      this.wake();
    }
  }

  #emptyBatch(tenant: string, partition: number): Batch {
    return { tenant, topic: this.options.topic, partition, records: [] };
  }
}
