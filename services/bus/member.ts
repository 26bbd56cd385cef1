// A running consumer of the embedded bus: a member of its group that starts batches of its partitions,
// one tenant after the other, so that a busy tenant can't starve a quiet one.
import { setTimeout as sleep } from "node:timers/promises";
import type { Batch, ConsumeOptions, Consumer, Gap } from "./bus.ts";
import { Lane } from "./lane.ts";
import type { TenantLog } from "./tenant-log.ts";

/** After this long `close` asks a handler to give up through its AbortSignal. */
const CLOSE_GRACE_MS = 10_000;

export class Member implements Consumer {
  readonly tenants: readonly string[];
  readonly options: ConsumeOptions;
  readonly #logOf: (tenant: string) => TenantLog;
  readonly #leave: (member: Member) => Promise<void>;
  readonly #lanes = new Map<string, Lane[]>();
  readonly #abort = new AbortController();
  #turnOf = 0;
  #paused = false;
  #closing: Promise<void> | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    tenants: readonly string[],
    options: ConsumeOptions,
    logOf: (tenant: string) => TenantLog,
    leave: (member: Member) => Promise<void>,
  ) {
    this.tenants = [...new Set(tenants)];
    this.options = options;
    this.#logOf = logOf;
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

  /** Partitions of a tenant that this member has. */
  partitionsOf(tenant: string): number[] {
    return (this.#lanes.get(tenant) ?? []).map((lane) => lane.partition);
  }

  /** Takes partitions over, once `onAssigned` has prepared for them. */
  async assign(tenant: string, partitions: readonly number[]): Promise<void> {
    const log = this.#logOf(tenant);
    const topic = log.topic(this.options.topic);
    while (!this.closing) {
      try {
        await this.options.onAssigned?.(tenant, partitions);
        break;
      } catch (error) {
        this.options.onError?.(error, this.#emptyBatch(tenant, partitions[0] ?? 0));
        await sleep(this.options.retryDelayMs);
      }
    }
    if (this.closing) return;
    const added = partitions.map((number) => new Lane(log, topic, number, this.options.group));
    this.#lanes.set(tenant, [...(this.#lanes.get(tenant) ?? []), ...added]);
    this.wake();
  }

  /** Lets partitions go, after the batches at hand. */
  async revoke(tenant: string, partitions: readonly number[]): Promise<void> {
    const lanes = this.#lanes.get(tenant) ?? [];
    const gone = lanes.filter((lane) => partitions.includes(lane.partition));
    for (const lane of gone) lane.revoked = true;
    await Promise.all(gone.map((lane) => lane.running));
    const kept = (this.#lanes.get(tenant) ?? []).filter((lane) => !gone.includes(lane));
    this.#lanes.set(tenant, kept);
    try {
      await this.options.onRevoked?.(tenant, partitions);
    } catch (error) {
      this.options.onError?.(error, this.#emptyBatch(tenant, partitions[0] ?? 0));
    }
  }

  /** The group's positions were set anew. */
  seek(tenant: string): void {
    for (const lane of this.#lanes.get(tenant) ?? []) lane.seek();
    this.wake();
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
    const grace = setTimeout(() => this.#abort.abort(), CLOSE_GRACE_MS);
    await Promise.all([...this.#lanes.values()].flat().map((lane) => lane.running));
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
    const empty = this.#emptyBatch(lane.log.tenant, lane.partition);
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
      await this.options.handle(batch, this.#abort.signal);
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
