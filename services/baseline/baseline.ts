// The keyed stage: observations from the bus, in the order of event time, through the detectors that
// remember. Each partition has one owner at a time; its state lies beside the stream as snapshots with the
// position that they hold, so that another process goes on exactly where the last one stopped.
import { randomBytes } from "node:crypto";
import type { Logger } from "pino";
import { isAppError } from "../../config/errors.ts";
import type { ScoreDrift } from "../../detectors/anomaly/score-drift.ts";
import { signalIdOf } from "../../detectors/correlation/raised-id.ts";
import type { KeyedDetector, Raised } from "../../detectors/keyed.ts";
import type { Archive } from "../archive/archive.ts";
import type { Batch, Bus, Consumer, IncomingRecord, OutgoingRecord } from "../bus/bus.ts";
import { decodeObservations } from "../bus/observation-block.ts";
import {
  encodeObservation,
  type ObservationRecord,
  observationKey,
} from "../bus/observation-record.ts";
import { keyInPartition } from "../bus/partition.ts";
import { encodeSignal } from "../bus/signal-record.ts";
import { KeyedPartition, type LevelRaised } from "./keyed-partition.ts";
import {
  carryOver,
  findSnapshots,
  PartitionSnapshots,
  restoreSnapshot,
  type StreamPlace,
} from "./partition-snapshot.ts";
import { type RaisedText, signalOfRaised } from "./raised-signal.ts";
import { nextOffset, readState, STATE_TOPIC, stateRecords } from "./state-topic.ts";

/** The keyed detectors as the stage sees them; a new object when rules changed. */
export interface KeyedDetectors {
  readonly levels: readonly ((tenant: string) => KeyedDetector)[];
  /** The same for detectors whose state means the same: they are not made anew. */
  readonly meaning: string;
  /** Undefined: the hit only feeds others and is told to nobody, or its detector is gone. */
  readonly textOf: (raised: Raised) => RaisedText | undefined;
  /** What a hit means to detectors of higher levels. */
  readonly observationsOf: (
    raised: Raised,
    signalId: string,
  ) => readonly Pick<
    Extract<ObservationRecord, { kind: "observation" }>,
    "level" | "observation"
  >[];
}

export interface BaselineOptions {
  readonly latenessMs: number;
  readonly pendingMax: number;
  readonly rawPartitions: number;
  readonly partitions: number;
  readonly recordsPerBatchMax: number;
  readonly retryDelayMs: number;
  readonly snapshotIntervalMs: number;
  readonly now: () => number;
}

export interface BaselineParts {
  readonly bus: Bus;
  readonly archive: Archive;
  readonly detectors: () => KeyedDetectors;
  readonly onSignal: (tenant: string, detectorId: string) => void;
  readonly logger: Logger;
}

/** What the stage holds for a tenant. */
export interface BaselineStatus {
  /** Observations that wait for their time. */
  readonly pending: number;
  readonly keys: number;
  readonly evicted: number;
  /** Observations that no detector could judge. */
  readonly faults: number;
  readonly late: number;
  readonly dropped: number;
  readonly hurried: number;
  /** Event time up to which the slowest partition has judged; undefined before the first one. */
  readonly watermark: number | undefined;
  /** Of models: how their scores stand to those of before, where their state is owned here. */
  readonly drifts: readonly ScoreDrift[];
}

export interface Baseline extends Consumer {
  status(tenant: string): BaselineStatus;
}

/** Owners of a partition are told apart by a random name of so many bytes. */
const OWNER_BYTES = 12;

const TOPIC = "observations";
const GROUP = "baseline";
/** Hits say nothing of how far their level is. */
const NO_CLOCK = Number.MIN_SAFE_INTEGER;

/** Storing takes at most this part of the time: a large state is stored more seldom. */
const STORING_SHARE = 20;

/** A partition with all that its owner knows of it. */
interface Owned {
  partition: KeyedPartition;
  detectors: KeyedDetectors;
  readonly snapshots: PartitionSnapshots;
  /** Offset of the next record. */
  next: number;
  /** When the bus took the newest record so far. */
  reachedAt: number;
  /** What the stored state holds; undefined: another one than this. */
  storedNext: number | undefined;
  storedAt: number;
  /** How long the last snapshot took. */
  storingMs: number;
  /** Hits of the record at hand. */
  readonly fresh: LevelRaised[];
  /** Hits that are not published yet: a failed publish must not lose them. */
  readonly raised: Raised[];
  readonly derived: OutgoingRecord[];
  readonly announced: number[];
}

/** Starts the stage; closing it waits for the batch at hand and stores the state. */
export async function startBaseline(
  tenants: readonly string[],
  parts: BaselineParts,
  options: BaselineOptions,
): Promise<Baseline> {
  const stage = new BaselineStage(parts, options);
  const consumer = await parts.bus.consume(tenants, {
    topic: TOPIC,
    group: GROUP,
    recordsPerBatchMax: options.recordsPerBatchMax,
    lingerMs: 0,
    retryDelayMs: options.retryDelayMs,
    handle: (batch) => stage.handle(batch),
    onAssigned: (tenant, partitions) => stage.assigned(tenant, partitions),
    onRevoked: (tenant, partitions) => stage.revoked(tenant, partitions),
    onError: (error, batch) =>
      parts.logger.error(
        { err: error, topic: batch.topic, partition: batch.partition },
        "observations could not be processed and come again",
      ),
    onGap: (gap) => parts.logger.error({ ...gap }, "observations were deleted before their time"),
  });
  return {
    pause: () => consumer.pause(),
    resume: () => consumer.resume(),
    close: () => consumer.close(),
    status: (tenant) => stage.status(tenant),
  };
}

class BaselineStage {
  readonly #parts: BaselineParts;
  readonly #options: BaselineOptions;
  readonly #owned = new Map<string, Map<number, Owned>>();
  readonly #keys: readonly string[];

  constructor(parts: BaselineParts, options: BaselineOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#keys = Array.from({ length: options.partitions }, (_, number) =>
      keyInPartition("progress", number, options.partitions),
    );
  }

  async handle(batch: Batch): Promise<void> {
    const owned = this.#owned.get(batch.tenant)?.get(batch.partition);
    if (owned === undefined) throw new RangeError(`partition ${batch.partition} is not owned`);
    this.#followRules(batch.tenant, owned);
    for (const record of batch.records) {
      if (record.offset < owned.next && !this.#isAnew(batch, owned, record)) continue;
      owned.next = record.offset + 1;
      owned.reachedAt = Math.max(owned.reachedAt, record.appendedAt);
      for (const one of this.#decode(batch, record.offset, record.value)) {
        owned.partition.take(one, owned.fresh);
      }
      this.#derive(owned, batch.partition, record);
    }
    this.#announce(owned, batch.partition);
    await this.#publish(batch.tenant, owned);
    // A snapshot says that all before it is out.
    if (owned.derived.length > 0) return;
    const sinceMs = this.#options.now() - owned.storedAt;
    if (sinceMs >= Math.max(this.#options.snapshotIntervalMs, owned.storingMs * STORING_SHARE)) {
      await this.#store(batch.tenant, batch.partition, owned);
    }
  }

  async assigned(tenant: string, partitions: readonly number[]): Promise<void> {
    for (const number of partitions) {
      const owned = await this.#restore(tenant, number);
      let all = this.#owned.get(tenant);
      if (all === undefined) {
        all = new Map();
        this.#owned.set(tenant, all);
      }
      all.set(number, owned);
    }
  }

  async revoked(tenant: string, partitions: readonly number[]): Promise<void> {
    for (const number of partitions) {
      const owned = this.#owned.get(tenant)?.get(number);
      if (owned === undefined) continue;
      // What is not published would be lost with a snapshot behind it: then the last one stays.
      if (owned.raised.length + owned.derived.length === 0) {
        await this.#store(tenant, number, owned);
      }
      this.#owned.get(tenant)?.delete(number);
    }
  }

  status(tenant: string): BaselineStatus {
    const partitions = [...(this.#owned.get(tenant)?.values() ?? [])];
    const levels = partitions.flatMap(({ partition }) => partition.levels);
    const sum = (count: (level: (typeof levels)[number]) => number) =>
      levels.reduce((all, level) => all + count(level), 0);
    const watermark = Math.min(...levels.map((level) => level.watermark));
    return {
      pending:
        sum((level) => level.pending) +
        partitions.reduce((all, { raised, derived }) => all + raised.length + derived.length, 0),
      keys: sum((level) => level.keys),
      evicted: sum((level) => level.evicted),
      faults: sum((level) => level.faults),
      late: sum((level) => level.late),
      dropped: sum((level) => level.dropped),
      hurried: sum((level) => level.hurried),
      watermark: Number.isFinite(watermark) ? watermark : undefined,
      drifts: levels.flatMap((level) => level.drifts),
    };
  }

  // Offsets that were there before, but later: the stream was made anew under us. What is known stays.
  #isAnew({ tenant, partition }: Batch, owned: Owned, record: IncomingRecord): boolean {
    if (record.appendedAt <= owned.reachedAt) return false;
    this.#tellAnew(tenant, partition);
    owned.storedNext = undefined;
    owned.announced.length = 0;
    return true;
  }

  #decode(batch: Batch, offset: number, value: Uint8Array): readonly ObservationRecord[] {
    try {
      return decodeObservations(value);
    } catch (error) {
      const place = `${batch.topic}/${batch.partition}/${offset}`;
      this.#parts.logger.error({ err: error, place }, "an observation can't be read");
      return [];
    }
  }

  // What feeds higher levels is numbered by the record that brought it about: so the numbers rise whatever
  // rules or state are lost on the way, and are the same whenever the same records come again.
  #derive(owned: Owned, number: number, { offset, appendedAt }: IncomingRecord): void {
    let index = 0;
    for (const { level, raised } of owned.fresh.splice(0)) {
      owned.raised.push(raised);
      for (const one of owned.detectors.observationsOf(raised, signalIdOf(raised))) {
        const origin = `baseline/${number}/${level}`;
        const place = { origin, offset, index, appendedAt, clock: NO_CLOCK };
        const value = encodeObservation({ kind: "observation", ...place, ...one });
        owned.derived.push({ key: observationKey(one.observation), value });
        index += 1;
      }
    }
  }

  // Tells all partitions how far this one is, behind all that it raised before.
  #announce(owned: Owned, number: number): void {
    // The highest level feeds nobody.
    for (const [level, { watermark }] of owned.partition.levels.slice(0, -1).entries()) {
      if (!Number.isFinite(watermark) || watermark === owned.announced[level]) continue;
      owned.announced[level] = watermark;
      const origin = `baseline/${number}/${level}`;
      const value = encodeObservation({ kind: "progress", origin, clock: watermark });
      for (const key of this.#keys) owned.derived.push({ key, value });
    }
  }

  async #publish(tenant: string, owned: Owned): Promise<void> {
    const { bus, archive, onSignal } = this.#parts;
    if (owned.raised.length > 0) {
      const signals: OutgoingRecord[] = [];
      const told: string[] = [];
      for (const raised of owned.raised) {
        const text = owned.detectors.textOf(raised);
        if (text === undefined) continue;
        const raisedAt = this.#options.now();
        const documentOf = async (id: string, time: number) =>
          (await archive.get(tenant, id, time))?.document;
        const signal = await signalOfRaised(tenant, raised, text, documentOf, raisedAt);
        signals.push({ key: signal.groupKey, value: encodeSignal(signal) });
        told.push(raised.detector);
      }
      if (signals.length > 0) await bus.publish(tenant, "signals", signals);
      owned.raised.length = 0;
      for (const detector of told) onSignal(tenant, detector);
    }
    if (owned.derived.length > 0) {
      try {
        await bus.publish(tenant, TOPIC, owned.derived);
      } catch (error) {
        // The topic is full of what this stage has yet to read: to wait for room would be to wait for
        // itself. It is kept and goes out behind the next batch.
        if (isAppError(error) && error.code === "HW_BUSY") return;
        throw error;
      }
      owned.derived.length = 0;
    }
  }

  // Keys of rules that stay go on; those of changed rules begin anew.
  #followRules(tenant: string, owned: Owned): void {
    const detectors = this.#parts.detectors();
    if (detectors === owned.detectors) return;
    const isSame = detectors.meaning === owned.detectors.meaning;
    owned.detectors = detectors;
    // Most changes are to other rules: they must not cost the writing and reading of all that is known.
    if (isSame) return;
    const before = owned.partition;
    owned.partition = this.#newPartition(tenant, detectors);
    carryOver(before, owned.partition);
    owned.announced.length = 0;
    owned.storedNext = undefined;
  }

  #newPartition(tenant: string, detectors: KeyedDetectors): KeyedPartition {
    const { latenessMs, pendingMax, rawPartitions, partitions } = this.#options;
    const levels = detectors.levels.map((create) => () => create(tenant));
    return new KeyedPartition({ levels, latenessMs, pendingMax, rawPartitions, partitions });
  }

  async #store(tenant: string, number: number, owned: Owned): Promise<void> {
    if (owned.next === owned.storedNext) return;
    const { partitions, now } = this.#options;
    const startedAt = now();
    const { next, reachedAt } = owned;
    const pieces = owned.snapshots.take(owned.partition, { next, reachedAt });
    const records = stateRecords(pieces, number, partitions);
    await this.#parts.bus.publish(tenant, STATE_TOPIC, records);
    owned.snapshots.confirm();
    owned.storedNext = next;
    owned.storedAt = now();
    owned.storingMs = owned.storedAt - startedAt;
  }

  async #restore(tenant: string, number: number): Promise<Owned> {
    const { bus } = this.#parts;
    const stored = await readState(bus, tenant, number);
    const { whole, unusable } = findSnapshots(stored);
    for (const fault of unusable) this.#tellUnusable(tenant, number, fault);
    const detectors = this.#parts.detectors();
    let partition = this.#newPartition(tenant, detectors);
    let place: StreamPlace | undefined;
    for (const snapshot of whole) {
      try {
        place = restoreSnapshot(partition, snapshot);
        break;
      } catch (error) {
        this.#tellUnusable(tenant, number, { err: error });
        partition = this.#newPartition(tenant, detectors);
      }
    }
    // Records after the snapshot come again; they were committed, but what they did is not stored.
    // Where there is no snapshot, all that is kept does: hits that come twice have the same id.
    const next = place && (await nextOffset(bus, tenant, TOPIC, number, place));
    if (place && next !== undefined && next < place.next) this.#tellAnew(tenant, number);
    const position = { partition: number, offset: next ?? 0 };
    await bus.seek(tenant, TOPIC, GROUP, [position]);
    return {
      partition,
      detectors,
      snapshots: new PartitionSnapshots(randomBytes(OWNER_BYTES).toString("hex"), stored.keys()),
      next: next ?? 0,
      reachedAt: place?.reachedAt ?? 0,
      storedNext: place?.next === next ? next : undefined,
      storedAt: this.#options.now(),
      storingMs: 0,
      fresh: [],
      raised: [],
      derived: [],
      announced: [],
    };
  }

  #tellAnew(tenant: string, partition: number): void {
    const text =
      "the topic of observations was made anew: what is known stays, what it held is lost";
    this.#parts.logger.error({ tenant, partition }, text);
  }

  #tellUnusable(tenant: string, number: number, fault: object): void {
    const text = "a stored state can't be used: an older one is taken, or it begins anew";
    this.#parts.logger.warn({ ...fault, tenant, partition: number }, text);
  }
}
