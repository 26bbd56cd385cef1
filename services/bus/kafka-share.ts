// A consumer's share of one tenant's partitions: takes them over and lets them go as its membership in the
// group says, one step after the other per partition, and commits how far it got.
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { messageOf } from "../../config/errors.ts";
import type { KafkaCluster } from "../kafka/cluster.ts";
import { decide, decodeAssignment, encodeClaim } from "./kafka-group-protocol.ts";
import { KafkaLane } from "./kafka-lane.ts";
import { KafkaMembership } from "./kafka-membership.ts";
import { earliestOf } from "./kafka-offsets.ts";
import type { RecordForm } from "./kafka-record.ts";
import type { KafkaTopics } from "./kafka-topics.ts";
import type { Member } from "./member.ts";

/** Commits of one group are at least this far apart, milliseconds. */
const COMMIT_INTERVAL_MS = 20;

export interface KafkaShareParts {
  readonly cluster: KafkaCluster;
  readonly topics: KafkaTopics;
  readonly sessionTimeoutMs: number;
  readonly logger: Logger;
}

export class KafkaShare {
  readonly tenant: string;
  readonly topic: string;
  readonly topicName: string;
  readonly group: string;
  readonly membership: KafkaMembership;
  readonly #parts: KafkaShareParts;
  readonly #member: Member<KafkaLane>;
  readonly #form: RecordForm;
  /** Partitions that it has or is about to let go, with the work on them. */
  readonly #held = new Map<number, Promise<void>>();
  #target: ReadonlySet<number> = new Set();
  #positions = new Map<number, number>();
  #committing: Promise<void> | undefined;
  /** Counts seeks: a place that was looked up before one is not to be used. */
  #seeks = 0;

  constructor(
    parts: KafkaShareParts,
    member: Member<KafkaLane>,
    form: RecordForm,
    topic: string,
    group: string,
  ) {
    const { cluster, topics, sessionTimeoutMs, logger } = parts;
    this.#parts = parts;
    this.#member = member;
    this.#form = form;
    this.tenant = form.tenant;
    this.topic = topic;
    this.topicName = topics.nameOf(form.tenant, topic);
    this.group = topics.groupOf(form.tenant, topic, group);
    this.membership = new KafkaMembership(cluster, {
      group: this.group,
      sessionTimeoutMs,
      claim: (generation) =>
        encodeClaim(this.topicName, { generation, owned: [...this.#held.keys()] }),
      decide: async (members) => {
        const { partitions } = await topics.ensure(form.tenant, topic);
        return decide(this.topicName, partitions.length, members);
      },
      onAssigned: (assignment) => this.#retarget(decodeAssignment(assignment)),
      onLost: () => this.#lose(),
      onAlive: () => member.wake(),
      logger,
    });
  }

  /** Where a partition is to be read from: it makes the lane. */
  async newLane(partition: number): Promise<KafkaLane> {
    const { life } = this.membership;
    let seeks: number;
    let start: number;
    do {
      seeks = this.#seeks;
      start = await this.#startOf(partition);
    } while (seeks !== this.#seeks);
    return new KafkaLane({
      tenant: this.tenant,
      topic: this.topic,
      topicName: this.topicName,
      partition,
      form: this.#form,
      start,
      mayWork: () => this.membership.mayWork,
      onCommit: (offset) => {
        this.#positions.set(partition, offset);
        this.#commitSoon(life);
      },
      settled: () => this.#settled(),
    });
  }

  /** The group's positions are set by this member; what it works on goes on from there. */
  async seek(offsets: ReadonlyMap<number, number>): Promise<boolean> {
    this.#seeks += 1;
    for (const lane of this.#member.lanesOf(this.tenant)) {
      const offset = offsets.get(lane.partition);
      if (offset !== undefined) lane.moveTo(offset);
    }
    for (const partition of offsets.keys()) this.#positions.delete(partition);
    // A commit under way could come after this one.
    await this.#committing;
    const isDone = await this.membership.commit(this.topicName, offsets);
    this.#seeks += 1;
    this.#member.wake();
    return isDone;
  }

  /** Resolves when what it takes over or lets go at this moment has been. */
  async busy(): Promise<void> {
    await Promise.all(this.#held.values());
  }

  /** Lets all partitions go and leaves the group. */
  async leave(): Promise<void> {
    this.#retarget([]);
    await Promise.all(this.#held.values());
    await this.membership.leave();
  }

  #retarget(partitions: readonly number[]): void {
    this.#target = new Set(this.#member.closing ? [] : partitions);
    for (const partition of this.#target) if (!this.#held.has(partition)) this.#take(partition);
    for (const [partition, work] of this.#held)
      if (!this.#target.has(partition)) this.#held.set(partition, this.#release(partition, work));
  }

  #take(partition: number): void {
    const isWanted = () => this.#target.has(partition);
    const work = this.#member.assign(this.tenant, [partition], isWanted).catch((error: unknown) => {
      if (!this.#parts.cluster.closed.aborted)
        this.#parts.logger.error({ err: error, topic: this.topicName }, messageOf(error));
    });
    this.#held.set(partition, work);
  }

  async #release(partition: number, before: Promise<void>): Promise<void> {
    await before;
    // It may have come back, or somebody else may have released it, while it was taken over.
    if (!this.#held.has(partition) || this.#target.has(partition)) return;
    await this.#member.revoke(this.tenant, [partition]);
    this.#held.delete(partition);
    this.#positions.delete(partition);
    if (this.#target.has(partition)) this.#take(partition);
    else this.membership.rejoin();
  }

  /** Others may have the partitions: handlers are asked to stop, and nothing more is committed. */
  async #lose(): Promise<void> {
    for (const lane of this.#member.lanesOf(this.tenant)) lane.abort.abort();
    this.#positions.clear();
    this.#retarget([]);
    await Promise.all(this.#held.values());
  }

  async #startOf(partition: number): Promise<number> {
    const { cluster, topics } = this.#parts;
    const forever = Number.POSITIVE_INFINITY;
    await topics.ensure(this.tenant, this.topic, forever);
    return await cluster.retrying(`position of ${this.group}`, forever, async () => {
      try {
        const wire = await cluster.toCoordinator(this.group);
        const committed = await wire.committed(this.group, this.topicName, [partition]);
        const known = committed.get(partition);
        return known ?? (await earliestOf(cluster, this.topicName, partition));
      } catch (error) {
        cluster.forgetCoordinator(this.group);
        cluster.forgetTopic(this.topicName);
        throw error;
      }
    });
  }

  #commitSoon(life: number): void {
    this.#committing ??= this.#commit(life).finally(() => {
      this.#committing = undefined;
      if (this.#positions.size > 0) this.#commitSoon(this.membership.life);
    });
  }

  async #commit(life: number): Promise<void> {
    const positions = this.#positions;
    this.#positions = new Map();
    try {
      await this.membership.commit(this.topicName, positions, life);
    } catch (error) {
      this.#parts.logger.error({ err: error, group: this.group }, "a position was not committed");
    }
    if (this.#positions.size === 0) await sleep(COMMIT_INTERVAL_MS);
  }

  async #settled(): Promise<void> {
    while (this.#committing !== undefined) await this.#committing;
  }
}
