// What the members of a consumer group tell each other: the layout of Kafka's own consumers (subscription
// version 1 with owned partitions, assignment version 0), so that Kafka's tools can read it, and the leader's
// decision. A partition goes to another member only after its owner said that it has let go of it.
import type { GroupMemberInfo } from "../kafka/wire.ts";
import { assignPartitions } from "./assignment.ts";

/** Name of the way of assigning; all members of a group have to use the same. */
export const GROUP_PROTOCOL = "heidewacht-sticky";

/** What a member says when it joins. */
export interface Claim {
  /** Generation in which it got its partitions; −1: none. */
  readonly generation: number;
  readonly owned: readonly number[];
}

export function encodeClaim(topic: string, { generation, owned }: Claim): Uint8Array {
  const name = Buffer.from(topic);
  const userData = Buffer.alloc(4);
  userData.writeInt32BE(generation);
  return Buffer.concat([
    int16(1),
    int32(1),
    int16(name.length),
    name,
    int32(userData.length),
    userData,
    ownedPartitions(name, owned),
  ]);
}

/** @throws RangeError for bytes that `encodeClaim` did not write */
function decodeClaim(bytes: Uint8Array): Claim {
  const reader = new Reader(bytes);
  reader.skip(2);
  for (let topics = reader.int32(); topics > 0; topics -= 1) reader.skip(reader.int16());
  const userBytes = reader.int32();
  const generation = userBytes >= 4 ? reader.int32() : -1;
  if (userBytes > 4) reader.skip(userBytes - 4);
  return { generation, owned: reader.partitions() };
}

function encodeAssignment(topic: string, partitions: readonly number[]): Uint8Array {
  return Buffer.concat([int16(0), ownedPartitions(Buffer.from(topic), partitions), int32(-1)]);
}

/** @throws RangeError for bytes that `encodeAssignment` did not write */
export function decodeAssignment(bytes: Uint8Array): number[] {
  if (bytes.length === 0) return [];
  const reader = new Reader(bytes);
  reader.skip(2);
  return reader.partitions();
}

/**
 * The leader's part: partitions for each member. Of two members that claim one partition the one with the
 * newer generation has it.
 */
export function decide(
  topic: string,
  partitions: number,
  members: readonly GroupMemberInfo[],
): Map<string, Uint8Array> {
  const claims = members.map(({ memberId, metadata }) => ({
    memberId,
    ...decodeClaim(metadata),
  }));
  const owner = new Map<number, { memberId: string; generation: number }>();
  for (const { memberId, generation, owned } of claims)
    for (const partition of owned)
      if (generation > (owner.get(partition)?.generation ?? -2))
        owner.set(partition, { memberId, generation });
  const owned = new Map(
    claims.map((claim) => [
      claim.memberId,
      claim.owned.filter((one) => owner.get(one)?.memberId === claim.memberId),
    ]),
  );
  // The same order at every decision, so that partitions rest once they are spread evenly.
  const order = claims.map(({ memberId }) => memberId).sort();
  const wanted = assignPartitions(partitions, order, owned);
  return new Map(
    order.map((memberId) => {
      const now = (wanted.get(memberId) ?? []).filter((partition) => {
        const holder = owner.get(partition);
        return holder === undefined || holder.memberId === memberId;
      });
      return [memberId, encodeAssignment(topic, now)];
    }),
  );
}

function ownedPartitions(topic: Buffer, partitions: readonly number[]): Buffer {
  if (partitions.length === 0) return int32(0);
  const numbers = Buffer.alloc(4 * partitions.length);
  for (const [index, partition] of partitions.entries()) numbers.writeInt32BE(partition, index * 4);
  return Buffer.concat([int32(1), int16(topic.length), topic, int32(partitions.length), numbers]);
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

class Reader {
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  int16(): number {
    this.#at += 2;
    return this.#view.getInt16(this.#at - 2);
  }

  int32(): number {
    this.#at += 4;
    return this.#view.getInt32(this.#at - 4);
  }

  skip(bytes: number): void {
    this.#at += bytes;
  }

  partitions(): number[] {
    const found: number[] = [];
    for (let topics = this.int32(); topics > 0; topics -= 1) {
      this.skip(this.int16());
      for (let left = this.int32(); left > 0; left -= 1) found.push(this.int32());
    }
    return found;
  }
}
