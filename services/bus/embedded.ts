// The bus on one machine: one SQLite file per tenant (`<dataDir>/<tenant>/bus.db`), consumer groups
// within this process. A publish wakes its readers at once; nothing polls. Only one process may work on
// a data folder at a time, which main.ts sees to.
import assert from "node:assert/strict";
import { setImmediate as nextTurn } from "node:timers/promises";
import { AppError } from "../../config/errors.ts";
import { PerTenant, tenantFile } from "../sqlite/sqlite.ts";
import type { Bus, ConsumeOptions, Consumer, Sealer, TopicSettings } from "./bus.ts";
import { GROUP_IDLE_MS } from "./bus.ts";
import { compact, deleteOldRows } from "./compaction.ts";
import { Group } from "./group.ts";
import { Lane } from "./lane.ts";
import { Member } from "./member.ts";
import { TenantLog } from "./tenant-log.ts";

export interface EmbeddedBusOptions {
  readonly dataDir: string;
  readonly topics: readonly TopicSettings[];
  readonly sealer?: Sealer;
  /** Topics whose rows are sealed with the tenant's key. */
  readonly sealedTopics: readonly string[];
  /** Milliseconds since 1970 UTC; for tests. */
  readonly now?: () => number;
}

/** Opens the bus; a tenant's file is made at its first use. */
export function openEmbeddedBus(options: EmbeddedBusOptions): Bus {
  assert(options.sealedTopics.length === 0 || options.sealer !== undefined, "no sealer given");
  return new EmbeddedBus(options);
}

class EmbeddedBus implements Bus {
  readonly #logs: PerTenant<TenantLog>;
  readonly #groups = new Map<string, Group>();
  readonly #retaining = new Map<string, Promise<void>>();
  readonly #now: () => number;
  #closing: Promise<void> | undefined;

  constructor(options: EmbeddedBusOptions) {
    this.#now = options.now ?? Date.now;
    this.#logs = new PerTenant(
      (tenant) =>
        new TenantLog({
          tenant,
          path: tenantFile(options.dataDir, tenant, "bus.db"),
          topics: options.topics,
          sealer: options.sealer,
          sealedTopics: options.sealedTopics,
          now: this.#now,
          onAppended: (topic) => this.#wake(topic),
        }),
    );
  }

  async publish(...[tenant, topic, records]: Parameters<Bus["publish"]>): Promise<void> {
    this.#refuseWhenClosed();
    await this.#logs.of(tenant).publish(topic, records);
  }

  async consume(tenants: readonly string[], options: ConsumeOptions): Promise<Consumer> {
    this.#refuseWhenClosed();
    assert(options.recordsPerBatchMax > 0, "recordsPerBatchMax is at least 1");
    for (const tenant of tenants) {
      const log = this.#logs.of(tenant);
      log.join(log.topic(options.topic), options.group);
    }
    const group = this.#groupOf(options.topic, options.group);
    const member = new Member<Lane>(
      tenants,
      options,
      (tenant, partition) => {
        const log = this.#logs.of(tenant);
        return new Lane(log, log.topic(options.topic), partition, options.group);
      },
      async (leaving) => {
        await group.leave(leaving);
        for (const tenant of leaving.tenants) this.#logs.of(tenant).flush();
      },
    );
    group.join(member);
    return member;
  }

  async lag(...[tenant, topic, group]: Parameters<Bus["lag"]>) {
    this.#refuseWhenClosed();
    const log = this.#logs.of(tenant);
    return log.lag(log.topic(topic), group);
  }

  async *read(...[tenant, topicName, partition]: Parameters<Bus["read"]>) {
    this.#refuseWhenClosed();
    const log = this.#logs.of(tenant);
    const topic = log.topic(topicName);
    const end = topic.partitions[partition]?.head.next ?? 0;
    for (let offset = 0; offset < end; ) {
      const found = log.read(topic, partition, offset);
      if (found === undefined) return;
      for (const record of found.records) if (record.offset < end) yield record;
      offset = found.next;
      await nextTurn();
      this.#refuseWhenClosed();
    }
  }

  async seek(...[tenant, topicName, group, to]: Parameters<Bus["seek"]>): Promise<void> {
    this.#refuseWhenClosed();
    const log = this.#logs.of(tenant);
    const topic = log.topic(topicName);
    if (typeof to === "string")
      for (const [partition, state] of topic.partitions.entries())
        log.setPosition(topic, group, partition, to === "earliest" ? 0 : state.head.next);
    else for (const { partition, offset } of to) log.setPosition(topic, group, partition, offset);
    log.flush();
    for (const member of this.#groupOf(topicName, group).members) {
      for (const lane of member.lanesOf(tenant)) lane.seek();
      member.wake();
    }
  }

  async retain(tenant: string, now: number): Promise<void> {
    this.#refuseWhenClosed();
    const before = this.#retaining.get(tenant) ?? Promise.resolve();
    const run = before.then(() => this.#retain(this.#logs.of(tenant), now));
    // The next one waits for this one, however it ends; its caller hears of a failure through `run`.
    const ended = run.catch(() => undefined);
    this.#retaining.set(tenant, ended);
    await run;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const groups = [...this.#groups.values()];
    await Promise.all(groups.flatMap(({ members }) => members.map((member) => member.close())));
    await Promise.all(groups.map((group) => group.settled()));
    await Promise.all(this.#retaining.values());
    await this.#logs.close();
  }

  async #retain(log: TenantLog, now: number): Promise<void> {
    for (const topic of log.topics.values()) {
      if (topic.settings.compacted) await compact(log, topic, now);
      else await deleteOldRows(log, topic, now);
      for (const [group, partitions] of log.positions.groups(topic.id)) {
        const idle = [...partitions.values()].every((one) => one.touchedAt < now - GROUP_IDLE_MS);
        if (!idle || this.#groupOf(topic.settings.name, group).members.length > 0) continue;
        log.positions.forget(topic.id, group);
        log.file.deleteGroup(topic.id, group);
      }
    }
    log.file.shrink();
  }

  #groupOf(topic: string, name: string): Group {
    const key = `${topic}\n${name}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = new Group((tenant) => this.#logs.of(tenant).topic(topic).partitions.length);
      this.#groups.set(key, group);
    }
    return group;
  }

  #wake(topic: string): void {
    for (const [key, group] of this.#groups)
      if (key.startsWith(`${topic}\n`)) for (const member of group.members) member.wake();
  }

  #refuseWhenClosed(): void {
    if (this.#closing !== undefined) throw new AppError("HW_CLOSED", "the bus is closed");
  }
}
