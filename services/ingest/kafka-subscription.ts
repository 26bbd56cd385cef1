// What readers of shippers' topics tell each other in their consumer group: the layout of Kafka's own consumers
// (subscription version 1 with owned partitions, assignment version 0), and the leader's decision. A partition
// goes to another member only after its owner said that it has let go of it.
import { assignPartitions } from "../bus/assignment.ts";
import type { GroupMemberInfo } from "../kafka/wire.ts";

/** Topic → partitions. */
export type PartitionsByTopic = ReadonlyMap<string, readonly number[]>;

/** What a member says when it joins. */
export interface SubscriptionClaim {
  readonly topics: readonly string[];
  /** Generation in which it got its partitions; −1: none. */
  readonly generation: number;
  readonly owned: PartitionsByTopic;
}

export function encodeSubscription({ topics, generation, owned }: SubscriptionClaim): Uint8Array {
  return Buffer.concat([
    int16(1),
    int32(topics.length),
    ...topics.map(text),
    int32(4),
    int32(generation),
    partitionsBytes(owned),
  ]);
}

/** @throws RangeError for bytes that `encodeSubscription` did not write */
export function decodeSubscription(bytes: Uint8Array): SubscriptionClaim {
  const reader = new Reader(bytes);
  reader.int16();
  const topics: string[] = [];
  for (let left = reader.int32(); left > 0; left -= 1) topics.push(reader.text());
  reader.int32();
  return { topics, generation: reader.int32(), owned: reader.partitions() };
}

export function encodeTopicsAssignment(partitions: PartitionsByTopic): Uint8Array {
  return Buffer.concat([int16(0), partitionsBytes(partitions), int32(-1)]);
}

/** @throws RangeError for bytes that `encodeTopicsAssignment` did not write */
export function decodeTopicsAssignment(bytes: Uint8Array): PartitionsByTopic {
  if (bytes.length === 0) return new Map();
  const reader = new Reader(bytes);
  reader.int16();
  return reader.partitions();
}

interface Claimant extends SubscriptionClaim {
  readonly memberId: string;
}

/**
 * The leader's part: partitions for each member, out of the topics that it subscribes to. Of two members that
 * claim one partition the one with the newer generation has it.
 * @param partitionsOf number of partitions by topic
 */
export function decideTopics(
  partitionsOf: ReadonlyMap<string, number>,
  members: readonly GroupMemberInfo[],
): Map<string, Uint8Array> {
  const claimants = members.map(claimantOf);
  const owners = ownersOf(claimants);
  const given = new Map(claimants.map(({ memberId }) => [memberId, new Map<string, number[]>()]));
  for (const { topics, memberIds } of sharedTopics(partitionsOf, claimants)) {
    const slots = topics.flatMap((topic) =>
      Array.from({ length: partitionsOf.get(topic) ?? 0 }, (_, partition) => ({
        ...{ topic, partition },
        owner: owners.get(`${topic}/${partition}`)?.memberId,
      })),
    );
    const owned = new Map(memberIds.map((memberId) => [memberId, [] as number[]]));
    for (const [slot, { owner = "" }] of slots.entries()) owned.get(owner)?.push(slot);
    for (const [memberId, wanted] of assignPartitions(slots.length, memberIds, owned)) {
      const own = given.get(memberId);
      for (const { topic, partition, owner } of wanted.flatMap((slot) => slots[slot] ?? [])) {
        if (owner !== undefined && owner !== memberId) continue;
        own?.set(topic, [...(own.get(topic) ?? []), partition]);
      }
    }
  }
  return new Map([...given].map(([memberId, own]) => [memberId, encodeTopicsAssignment(own)]));
}

function claimantOf({ memberId, metadata }: GroupMemberInfo): Claimant {
  try {
    return { memberId, ...decodeSubscription(metadata) };
  } catch (error) {
    // A stranger in the group gets nothing, and must not keep the others from reading.
    if (!(error instanceof RangeError)) throw error;
    return { memberId, topics: [], generation: -1, owned: new Map() };
  }
}

function ownersOf(claimants: readonly Claimant[]): Map<string, Claimant> {
  const owners = new Map<string, Claimant>();
  for (const claimant of claimants)
    for (const [topic, partitions] of claimant.owned)
      for (const partition of partitions) {
        const place = `${topic}/${partition}`;
        if (claimant.generation > (owners.get(place)?.generation ?? -2))
          owners.set(place, claimant);
      }
  return owners;
}

/** Topics with the same readers are spread together: many topics of one partition each come to all of them. */
function sharedTopics(
  partitionsOf: ReadonlyMap<string, number>,
  claimants: readonly Claimant[],
): { readonly topics: string[]; readonly memberIds: readonly string[] }[] {
  const readers = new Map<string, string[]>();
  // The same order at every decision, so that partitions rest once they are spread evenly.
  const order = [...claimants].sort((left, right) => (left.memberId < right.memberId ? -1 : 1));
  for (const { memberId, topics } of order)
    for (const topic of new Set(topics)) {
      const known = readers.get(topic);
      if (known === undefined) readers.set(topic, [memberId]);
      else known.push(memberId);
    }
  const groups = new Map<string, { topics: string[]; memberIds: readonly string[] }>();
  for (const topic of [...readers.keys()].filter((name) => partitionsOf.has(name)).sort()) {
    const memberIds = readers.get(topic) ?? [];
    const key = memberIds.join("\n");
    const group = groups.get(key) ?? { topics: [], memberIds };
    group.topics.push(topic);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function partitionsBytes(byTopic: PartitionsByTopic): Buffer {
  return Buffer.concat([
    int32(byTopic.size),
    ...[...byTopic].flatMap(([topic, partitions]) => [
      text(topic),
      int32(partitions.length),
      ...partitions.map(int32),
    ]),
  ]);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([int16(bytes.length), bytes]);
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  int16(): number {
    this.#at += 2;
    return this.#bytes.readInt16BE(this.#at - 2);
  }

  int32(): number {
    this.#at += 4;
    return this.#bytes.readInt32BE(this.#at - 4);
  }

  text(): string {
    const length = this.int16();
    const end = this.#at + length;
    if (length < 0 || end > this.#bytes.length) throw new RangeError("a text goes beyond the end");
    const found = this.#bytes.toString("utf8", this.#at, end);
    this.#at = end;
    return found;
  }

  partitions(): Map<string, number[]> {
    const found = new Map<string, number[]>();
    for (let topics = this.int32(); topics > 0; topics -= 1) {
      const topic = this.text();
      const partitions: number[] = [];
      for (let left = this.int32(); left > 0; left -= 1) partitions.push(this.int32());
      found.set(topic, partitions);
    }
    return found;
  }
}
