// How far each raw partition has come in event time, told to all partitions of `observations`: the keyed
// stage takes its watermark from it. A partition from which nothing comes is reported as idle, so that it
// holds up nobody.
import type { Bus, OutgoingRecord } from "../bus/bus.ts";
import { encodeObservation, type SpokenBy } from "../bus/observation-record.ts";
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
  /** When it was assigned to this process, and how often it was spoken of: see `SpokenBy`. */
  since: number;
  turn: number;
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
  since: 0,
  turn: 0,
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
  /** The process stood still for a while (stopped, a machine that slept): it can't know what came meanwhile. */
  stoodStill(): void;
  /** Publishes what `end` kept back, and which partitions have become idle. Called about once a second. */
  tick(bus: Pick<Bus, "publish">): Promise<void>;
}

export function createRawProgress(options: RawProgressOptions): RawProgress {
  const { now } = options;
  const tenants = new Map<string, Map<number, RawPartition>>();
  const keys = Array.from({ length: options.partitions }, (_, number) =>
    keyInPartition("progress", number, options.partitions),
  );
  const of = (tenant: string, partition: number) => partitionIn(tenants, tenant, partition, now());
  const toAll = (value: Uint8Array) => keys.map((key) => ({ key, value }));
  const progressOf = (partition: number, one: RawPartition): OutgoingRecord[] => {
    one.told = one.clock;
    one.toldAt = now();
    const origin = `raw/${partition}`;
    const { clock } = one;
    return toAll(encodeObservation({ kind: "progress", origin, clock, by: turnOf(one) }));
  };
  return {
    assigned(tenant, partitions) {
      return partitions.flatMap((partition) => {
        // Others may have read there meanwhile: what was known of it no longer counts.
        const before = of(tenant, partition).since;
        tenants.get(tenant)?.delete(partition);
        const one = of(tenant, partition);
        one.since = Math.max(one.since, before + 1);
        const origin = `raw/${partition}`;
        return toAll(encodeObservation({ kind: "present", origin, by: turnOf(one) }));
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
    stoodStill() {
      for (const one of [...tenants.values()].flatMap((all) => [...all.values()]))
        one.seenAt = now();
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
            news.push(...toAll(encodeObservation({ kind: "idle", origin, by: turnOf(one) })));
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

function partitionIn(
  tenants: Map<string, Map<number, RawPartition>>,
  tenant: string,
  partition: number,
  at: number,
): RawPartition {
  let all = tenants.get(tenant);
  if (all === undefined) {
    all = new Map();
    tenants.set(tenant, all);
  }
  let one = all.get(partition);
  if (one === undefined) {
    one = { ...UNREAD, since: at, seenAt: at };
    all.set(partition, one);
  }
  return one;
}

function turnOf(one: RawPartition): SpokenBy {
  one.turn += 1;
  return { since: one.since, turn: one.turn };
}

// What was said may not have arrived: it is said again.
function forget(one: RawPartition): void {
  one.told = Number.NEGATIVE_INFINITY;
  one.isIdle = false;
}
