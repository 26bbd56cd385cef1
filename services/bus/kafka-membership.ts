// One member of one consumer group at Kafka (its classic group protocol): joins, shows that it lives, commits,
// leaves. Joining again never waits for handlers: what a member still works on it claims, and the leader gives
// a partition to another one only when nobody claims it any more.
import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { isAppError } from "../../config/errors.ts";
import { BackOff } from "../kafka/back-off.ts";
import type { KafkaCluster } from "../kafka/cluster.ts";
import {
  checkCode,
  type GroupMemberInfo,
  isFault,
  KAFKA_ERROR,
  type Membership,
} from "../kafka/wire.ts";
import { GROUP_PROTOCOL } from "./kafka-group-protocol.ts";

const HEARTBEATS_PER_SESSION = 10;
const HEARTBEAT_LONGEST_MS = 3000;
/** Leaving and last commits wait so long for brokers that are away, milliseconds. */
const LEAVE_PATIENCE_MS = 5000;

export interface MembershipOptions {
  readonly group: string;
  readonly sessionTimeoutMs: number;
  /**
   * What it says when it joins: also which partitions it works on or is about to let go.
   * @param generation in which it got them; −1: none
   */
  readonly claim: (generation: number) => Uint8Array;
  /** The leader's part: each member's partitions, by its claim. */
  readonly decide: (
    members: readonly GroupMemberInfo[],
  ) => Promise<ReadonlyMap<string, Uint8Array>>;
  /** The partitions that it has from now on, as the leader wrote them. */
  readonly onAssigned: (assignment: Uint8Array) => void;
  /** It was put out of the group: others may have its partitions. Resolves when all work on them ended. */
  readonly onLost: () => Promise<void>;
  /** It may work (again). */
  readonly onAlive: () => void;
  readonly logger: Logger;
}

export class KafkaMembership {
  readonly #cluster: KafkaCluster;
  readonly #options: MembershipOptions;
  readonly #heartbeatMs: number;
  readonly #stop = new AbortController();
  readonly #joinPurpose = `join ${randomUUID()}`;
  #memberId = "";
  #generation = -1;
  /** Counts how often it was put out: what began before must not commit afterwards. */
  #life = 0;
  #isStable = false;
  #wantsRejoin = false;
  #aliveAt = Number.NEGATIVE_INFINITY;
  #wake: () => void = () => undefined;
  #onStable: (() => void)[] = [];
  #running: Promise<void> | undefined;

  constructor(cluster: KafkaCluster, options: MembershipOptions) {
    this.#cluster = cluster;
    this.#options = options;
    const { sessionTimeoutMs } = options;
    this.#heartbeatMs = Math.min(sessionTimeoutMs / HEARTBEATS_PER_SESSION, HEARTBEAT_LONGEST_MS);
    cluster.closed.addEventListener("abort", () => this.#end(), { once: true });
  }

  /** Resolves when it has joined for the first time. @throws AppError HW_CLOSED, HW_FORBIDDEN */
  async join(): Promise<void> {
    await this.#cluster.retrying(
      `joining ${this.#options.group}`,
      Number.POSITIVE_INFINITY,
      async () => {
        await this.#joinOnce();
      },
    );
    this.#running = this.#run();
  }

  /** Whether it has shown in time that it lives: else its partitions may be another's by now. */
  get mayWork(): boolean {
    return performance.now() - this.#aliveAt < this.#options.sessionTimeoutMs;
  }

  get life(): number {
    return this.#life;
  }

  /** Joins again soon, because it claims less than before. */
  rejoin(): void {
    this.#wantsRejoin = true;
    this.#wake();
  }

  /**
   * Commits offsets of a topic for this member; waits while a rebalance is on.
   * @param life what `life` was when the work began
   * @returns false when the member was put out of the group or closed: nothing was committed
   */
  async commit(
    topic: string,
    offsets: ReadonlyMap<number, number>,
    life = this.#life,
  ): Promise<boolean> {
    const { group } = this.#options;
    const backOff = new BackOff();
    const isOver = () => life !== this.#life || this.#cluster.closed.aborted;
    while (!isOver()) {
      const generation = this.#generation;
      try {
        const wire = await this.#cluster.toCoordinator(group);
        const membership = { group, memberId: this.#memberId, generation };
        await wire.commit(membership, topic, offsets);
        this.#cluster.seen(undefined);
        return true;
      } catch (error) {
        if (isOver()) return false;
        const { ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS, UNKNOWN_MEMBER_ID } = KAFKA_ERROR;
        if (isFault(error, UNKNOWN_MEMBER_ID) && this.#stop.signal.aborted) return false;
        if (isFault(error, ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS, UNKNOWN_MEMBER_ID)) {
          // The heartbeat finds out what is the matter.
          this.#wake();
          await this.#stable();
        } else if (!isFault(error)) throw error;
        this.#cluster.seen(error);
        this.#cluster.forgetCoordinator(group);
        await backOff.wait(this.#cluster.closed);
      }
    }
    return false;
  }

  /** Ends the membership; partitions must have been let go before. */
  async leave(): Promise<void> {
    this.#end();
    await this.#running;
    if (this.#cluster.closed.aborted || this.#memberId === "") return;
    const { group } = this.#options;
    try {
      await Promise.race([
        this.#cluster.toCoordinator(group).then((wire) => wire.leave(group, this.#memberId)),
        new Promise<void>((done) => setTimeout(done, LEAVE_PATIENCE_MS).unref()),
      ]);
    } catch (error) {
      // Kafka notices after the session timeout.
      this.#options.logger.debug({ err: error, group }, "could not leave the consumer group");
    }
  }

  #end(): void {
    this.#stop.abort();
    this.#cluster.drop(this.#joinPurpose);
    this.#wake();
    this.#settle();
  }

  async #run(): Promise<void> {
    const backOff = new BackOff();
    while (!this.#stop.signal.aborted) {
      try {
        if (!this.#isStable || this.#wantsRejoin) await this.#joinOnce();
        await this.#pause();
        if (this.#stop.signal.aborted) return;
        await this.#beat();
        this.#cluster.seen(undefined);
        backOff.reset();
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        await this.#recover(error);
        if (!isFault(error, KAFKA_ERROR.REBALANCE_IN_PROGRESS))
          await backOff.wait(this.#stop.signal);
      }
    }
  }

  async #recover(error: unknown): Promise<void> {
    const { group, logger } = this.#options;
    const { REBALANCE_IN_PROGRESS, UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION } = KAFKA_ERROR;
    this.#cluster.seen(error);
    if (isFault(error, REBALANCE_IN_PROGRESS)) {
      this.#isStable = false;
    } else if (isFault(error, UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION)) {
      logger.warn({ group }, "this process was put out of its consumer group and joins again");
      if (isFault(error, UNKNOWN_MEMBER_ID)) this.#memberId = "";
      this.#generation = -1;
      this.#isStable = false;
      this.#life += 1;
      this.#aliveAt = Number.NEGATIVE_INFINITY;
      await this.#options.onLost();
    } else if (isFault(error)) {
      this.#cluster.forgetCoordinator(group);
    } else if (!isAppError(error, "HW_CLOSED")) {
      logger.error({ err: error, group }, "a consumer group could not be kept");
    }
  }

  /** Waits for the next heartbeat's time, or until there is something to do. */
  async #pause(): Promise<void> {
    if (this.#wantsRejoin) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#heartbeatMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => undefined;
  }

  async #beat(): Promise<void> {
    if (this.#wantsRejoin) return;
    const wire = await this.#cluster.toCoordinator(this.#options.group);
    await wire.heartbeat(this.#membership());
    this.#alive();
  }

  #alive(): void {
    const couldWork = this.mayWork;
    this.#aliveAt = performance.now();
    if (!couldWork) this.#options.onAlive();
  }

  #membership(): Membership {
    return {
      group: this.#options.group,
      memberId: this.#memberId,
      generation: this.#generation,
    };
  }

  async #joinOnce(): Promise<void> {
    const { group, sessionTimeoutMs, claim, decide, onAssigned } = this.#options;
    this.#isStable = false;
    this.#wantsRejoin = false;
    const answerMs = sessionTimeoutMs * 2 + 10_000;
    // Joining waits at the broker, so it has a connection of its own for as long as it takes.
    const wire = await this.#cluster.toCoordinator(group, this.#joinPurpose, answerMs);
    try {
      const request = {
        group,
        memberId: this.#memberId,
        sessionTimeoutMs,
        rebalanceTimeoutMs: sessionTimeoutMs,
        protocol: GROUP_PROTOCOL,
        metadata: claim(this.#generation),
      };
      let answer = await wire.join(request);
      if (answer.errorCode === KAFKA_ERROR.MEMBER_ID_REQUIRED) {
        this.#memberId = answer.memberId;
        answer = await wire.join({ ...request, memberId: answer.memberId });
      }
      checkCode(answer.errorCode, `joining ${group}`);
      this.#memberId = answer.memberId;
      const membership = { group, memberId: answer.memberId, generation: answer.generation };
      const assignments =
        answer.leader === answer.memberId
          ? await decide(answer.members)
          : new Map<string, Uint8Array>();
      const assigned = await wire.sync(membership, GROUP_PROTOCOL, assignments);
      if (this.#stop.signal.aborted) return;
      this.#generation = answer.generation;
      this.#isStable = true;
      this.#alive();
      onAssigned(assigned);
      this.#settle();
    } catch (error) {
      // The broker forgets members that did not come back with the name that it gave them.
      const isForgotten = isFault(error, KAFKA_ERROR.UNKNOWN_MEMBER_ID);
      if (isForgotten && this.#generation < 0) this.#memberId = "";
      throw error;
    } finally {
      this.#cluster.drop(this.#joinPurpose);
    }
  }

  /** Resolves when it is in the group again, or ended. */
  async #stable(): Promise<void> {
    if (this.#isStable || this.#stop.signal.aborted) return;
    await new Promise<void>((resolve) => this.#onStable.push(resolve));
  }

  #settle(): void {
    for (const resolve of this.#onStable.splice(0)) resolve();
  }
}
