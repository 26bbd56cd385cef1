// A running consumer of the Kafka bus: its member that hands out batches, its share of each tenant's
// partitions, and the fetching for all of them.
import { randomUUID } from "node:crypto";
import type { ConsumeOptions, Consumer } from "./bus.ts";
import type { SeenRecords } from "./kafka-backlog.ts";
import { KafkaFetcher } from "./kafka-fetcher.ts";
import type { KafkaLane } from "./kafka-lane.ts";
import type { RecordForm } from "./kafka-record.ts";
import { KafkaShare, type KafkaShareParts } from "./kafka-share.ts";
import { Member } from "./member.ts";

/** The first records wait so long for the partitions of all tenants, so that none is far ahead, milliseconds. */
const TOGETHER_MS = 2000;

export interface KafkaConsumerParts extends KafkaShareParts {
  readonly formOf: (tenant: string) => RecordForm;
  readonly onRecords: (topicName: string, seen: SeenRecords) => void;
  readonly onClosed: (consumer: KafkaConsumer) => void;
}

export class KafkaConsumer implements Consumer {
  readonly shares: readonly KafkaShare[];
  readonly #member: Member<KafkaLane>;
  readonly #fetcher: KafkaFetcher;
  readonly #parts: KafkaConsumerParts;
  #isStarted = false;

  constructor(parts: KafkaConsumerParts, tenants: readonly string[], options: ConsumeOptions) {
    this.#parts = parts;
    const shares = new Map<string, KafkaShare>();
    this.#member = new WakingMember(
      tenants,
      {
        ...options,
        handle: async (batch, signal) => {
          // What was taken makes room for more while this batch is worked on.
          this.#fetcher.soon();
          await options.handle(batch, signal);
        },
      },
      async (tenant, partition) => {
        const share = shares.get(tenant);
        if (share === undefined) throw new RangeError(`no share of ${tenant}`);
        const lane = await share.newLane(partition);
        this.#fetcher.soon();
        return lane;
      },
      async () => {
        await Promise.all(this.shares.map((share) => share.leave()));
        this.#fetcher.stop();
        parts.onClosed(this);
      },
      () => this.#fetcher.soon(),
    );
    this.shares = this.#member.tenants.map((tenant) => {
      const { topic, group } = options;
      const share = new KafkaShare(parts, this.#member, parts.formOf(tenant), topic, group);
      shares.set(tenant, share);
      return share;
    });
    this.#fetcher = new KafkaFetcher({
      id: randomUUID(),
      cluster: parts.cluster,
      topics: parts.topics,
      logger: parts.logger,
      lanes: () => this.#member.tenants.flatMap((tenant) => this.#member.lanesOf(tenant)),
      isPaused: () => !this.#isStarted || this.#member.paused || this.#member.closing,
      onRecords: parts.onRecords,
      wake: () => this.#member.wake(),
    });
  }

  /** Resolves when it is a member of all its groups. */
  async join(): Promise<void> {
    try {
      await Promise.all(this.shares.map((share) => share.membership.join()));
    } catch (error) {
      this.#fetcher.stop();
      this.#parts.onClosed(this);
      throw error;
    }
    const timer = setTimeout(() => this.#start(), TOGETHER_MS);
    void Promise.all(this.shares.map((share) => share.busy())).then(() => {
      clearTimeout(timer);
      this.#start();
    });
  }

  #start(): void {
    this.#isStarted = true;
    this.#fetcher.soon();
  }

  pause(): void {
    this.#member.pause();
  }

  resume(): void {
    this.#member.resume();
    this.#fetcher.soon();
  }

  close(): Promise<void> {
    return this.#member.close();
  }
}

/** A member that also asks for more records whenever it looks for work. */
class WakingMember extends Member<KafkaLane> {
  readonly #onWake: () => void;

  constructor(
    ...[tenants, options, newLane, leave, onWake]: [
      ...ConstructorParameters<typeof Member<KafkaLane>>,
      () => void,
    ]
  ) {
    super(tenants, options, newLane, leave);
    this.#onWake = onWake;
  }

  override wake(): void {
    super.wake();
    this.#onWake();
  }
}
