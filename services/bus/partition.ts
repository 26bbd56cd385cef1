// Which partition a key lives in: the hash that Kafka's own clients use, so that moving a topic from the
// embedded bus to Kafka leaves every key where its state is.

const encoder = new TextEncoder();

/** Partition of a key, 0 … partitions − 1: `toPositive(murmur2(key)) % partitions`. */
export function partitionOf(key: string, partitions: number): number {
  return (murmur2(encoder.encode(key)) & 0x7fffffff) % partitions;
}

/**
 * A key that lies in one given partition, for records that belong to a partition and to no key.
 * @param name what the key begins with; equal names give equal keys
 */
export function keyInPartition(name: string, partition: number, partitions: number): string {
  for (let number = 0; ; number += 1) {
    const key = `${name}.${number}`;
    if (partitionOf(key, partitions) === partition) return key;
  }
}

/**
 * MurmurHash2, 32 bit, with the seed of Kafka (`org.apache.kafka.common.utils.Utils.murmur2`).
 * @returns a signed 32-bit number, as in Java
 */
export function murmur2(bytes: Uint8Array): number {
  const multiplier = 0x5bd1e995;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length & ~3;
  let hash = 0x9747b28c ^ bytes.length;
  for (let at = 0; at < whole; at += 4) {
    let word = Math.imul(view.getInt32(at, true), multiplier);
    word = Math.imul(word ^ (word >>> 24), multiplier);
    hash = Math.imul(hash, multiplier) ^ word;
  }
  const rest = bytes.length - whole;
  if (rest >= 3) hash ^= (bytes[whole + 2] ?? 0) << 16;
  if (rest >= 2) hash ^= (bytes[whole + 1] ?? 0) << 8;
  if (rest >= 1) hash = Math.imul(hash ^ (bytes[whole] ?? 0), multiplier);
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return (hash ^ (hash >>> 15)) | 0;
}
