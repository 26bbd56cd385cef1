// The members of one consumer group in this process and who of them has which partitions. Changes go
// one after the other; a partition is never with two members at once.
import { assignPartitions } from "./assignment.ts";
import type { Lane } from "./lane.ts";
import type { Member as AnyMember } from "./member.ts";

/** A member whose lanes read this machine's log. */
type Member = AnyMember<Lane>;

export class Group {
  readonly #partitionsOf: (tenant: string) => number;
  #members: readonly Member[] = [];
  #change: Promise<void> = Promise.resolve();

  constructor(partitionsOf: (tenant: string) => number) {
    this.#partitionsOf = partitionsOf;
  }

  get members(): readonly Member[] {
    return this.#members;
  }

  /** The partitions follow as soon as their present owners are done with them. */
  join(member: Member): void {
    this.#members = [...this.#members, member];
    this.#change = this.#change.then(() => this.#rebalance());
  }

  /** Gives the member's partitions to the others. */
  async leave(member: Member): Promise<void> {
    this.#members = this.#members.filter((one) => one !== member);
    this.#change = this.#change.then(async () => {
      for (const tenant of member.tenants) {
        const held = member.partitionsOf(tenant);
        if (held.length > 0) await member.revoke(tenant, held);
      }
    });
    await this.#change;
    // The others get theirs without the leaving one having to wait for it.
    this.#change = this.#change.then(() => this.#rebalance());
  }

  /** All changes so far have been made. */
  settled(): Promise<void> {
    return this.#change;
  }

  async #rebalance(): Promise<void> {
    for (const tenant of new Set(this.#members.flatMap((member) => member.tenants))) {
      const members = this.#members.filter((member) => member.tenants.includes(tenant));
      const owned = new Map(members.map((member) => [member, member.partitionsOf(tenant)]));
      const wanted = assignPartitions(this.#partitionsOf(tenant), members, owned);
      await Promise.all(
        members.map(async (member) => {
          const keep = wanted.get(member) ?? [];
          const lost = member.partitionsOf(tenant).filter((partition) => !keep.includes(partition));
          if (lost.length > 0) await member.revoke(tenant, lost);
        }),
      );
      await Promise.all(
        members.map(async (member) => {
          const held = member.partitionsOf(tenant);
          const fresh = (wanted.get(member) ?? []).filter((partition) => !held.includes(partition));
          if (fresh.length > 0) await member.assign(tenant, fresh);
        }),
      );
    }
  }
}
