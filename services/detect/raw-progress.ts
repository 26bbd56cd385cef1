// How far each raw partition has come in event time, told to all partitions of `observations`: the keyed
// stage takes its watermark from it. A partition from which nothing comes is reported as idle, so that it
// holds up nobody.
import type { Bus, OutgoingRecord } from "../bus/bus.ts";
import { encodeObservation } from "../bus/observation-record.ts";
import { keyInPartition } from "../bus/partition.ts";

const TOPIC = "observations";
/** Without observations progress need not be told of with each batch. */
const TELL_EVERY_MS = 500;

export interface RawProgressOptions {
  /** Partitions of the topic `observations`. */
  readonly partitions: number;
  /** A raw partition without records for this long is idle. */
  readonly idleMs: number;
  readonly now: () => number;
}

interface RawPartition {
  /** Newest event time, never later than the time of receipt, milliseconds since 1970 UTC. */
  clock: number;
  /** What the others were told. */
  told: number;
  toldAt: number;
  /** When its last batch was there; a batch at hand counts. */
  seenAt: number;
  /** A batch is at hand, or comes again. */
  isBusy: boolean;
  isIdle: boolean;
}

const UNREAD: RawPartition = {
  clock: Number.NEGATIVE_INFINITY,
  told: Number.NEGATIVE_INFINITY,
  toldAt: 0,
  seenAt: 0,
  isBusy: false,
  isIdle: false,
};

export interface RawProgress {
  /**
   * What to publish before the first batch: others were perhaps told that the partitions are idle, but
   * after a pause all of them have much to tell, and none may run ahead.
   */
  assigned(tenant: string, partitions: readonly number[]): readonly OutgoingRecord[];
  revoked(tenant: string, partitions: readonly number[]): void;
  begin(tenant: string, partition: number): void;
  /**
   * Notes an event and gives the partition's clock with it.
   * @param time event time; what claims to be from the future counts as now
   */
  reach(tenant: string, partition: number, time: number, receivedAt: number): number;
  /** What to publish behind a batch's observations; nothing where there is no news worth a record. */
  end(tenant: string, partition: number, hasObservations: boolean): readonly OutgoingRecord[];
  /** The batch comes again, and what `end` gave was not published. */
  failed(tenant: string, partition: number): void;
  /** Publishes what `end` kept back, and which partitions have become idle. Called about once a second. */
  tick(bus: Pick<Bus, "publish">): Promise<void>;
}

export function createRawProgress(options: RawProgressOptions): RawProgress {
  const { now } = options;
  const tenants = new Map<string, Map<number, RawPartition>>();
  const keys = Array.from({ length: options.partitions }, (_, number) =>
    keyInPartition("progress", number, options.partitions),
  );
  const of = (tenant: string, partition: number): RawPartition => {
    let all = tenants.get(tenant);
    if (all === undefined) {
      all = new Map();
      tenants.set(tenant, all);
    }
    let one = all.get(partition);
    if (one === undefined) {
      one = { ...UNREAD, seenAt: now() };
      all.set(partition, one);
    }
    return one;
  };
  const toAll = (value: Uint8Array) => keys.map((key) => ({ key, value }));
  const progressOf = (partition: number, one: RawPartition): OutgoingRecord[] => {
    one.told = one.clock;
    one.toldAt = now();
    const origin = `raw/${partition}`;
    return toAll(encodeObservation({ kind: "progress", origin, clock: one.clock }));
  };
  return {
    assigned(tenant, partitions) {
      return partitions.flatMap((partition) => {
        const one = of(tenant, partition);
        one.seenAt = now();
        one.isIdle = false;
        return toAll(encodeObservation({ kind: "present", origin: `raw/${partition}` }));
      });
    },
    revoked(tenant, partitions) {
      for (const partition of partitions) tenants.get(tenant)?.delete(partition);
    },
    begin(tenant, partition) {
      const one = of(tenant, partition);
      one.isBusy = true;
      one.isIdle = false;
    },
    reach(tenant, partition, time, receivedAt) {
      const one = of(tenant, partition);
      one.clock = Math.max(one.clock, Math.min(time, receivedAt));
      return one.clock;
    },
    end(tenant, partition, hasObservations) {
      const one = of(tenant, partition);
      one.isBusy = false;
      one.seenAt = now();
      const isDue = hasObservations || one.seenAt - one.toldAt >= TELL_EVERY_MS;
      return isDue && one.clock > one.told ? progressOf(partition, one) : [];
    },
    failed(tenant, partition) {
      const one = of(tenant, partition);
      forget(one);
      // It has records, however long they are refused: to call it idle would let others run ahead of it.
      one.isBusy = true;
    },
    async tick(bus) {
      for (const [tenant, all] of tenants) {
        const told: RawPartition[] = [];
        const records: OutgoingRecord[] = [];
        for (const [partition, one] of all) {
          if (one.isBusy) continue;
          const news = one.clock > one.told ? progressOf(partition, one) : [];
          const origin = `raw/${partition}`;
          if (!one.isIdle && now() - one.seenAt >= options.idleMs) {
            one.isIdle = true;
            news.push(...toAll(encodeObservation({ kind: "idle", origin })));
          }
          if (news.length > 0) told.push(one);
          records.push(...news);
        }
        try {
          if (records.length > 0) await bus.publish(tenant, TOPIC, records);
        } catch (error) {
          told.forEach(forget);
          throw error;
        }
      }
    },
  };
}

// What was said may not have arrived: it is said again.
function forget(one: RawPartition): void {
  one.told = Number.NEGATIVE_INFINITY;
  one.isIdle = false;
}
