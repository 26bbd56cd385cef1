// How the state of a partition lies on the topic `baseline-state`, and where in the stream it goes on.
import type { Bus, OutgoingRecord } from "../bus/bus.ts";
import { keyInPartition } from "../bus/partition.ts";
import type { SnapshotPiece, StreamPlace } from "./partition-snapshot.ts";

/** Compacted, with as many partitions as the stream. */
export const STATE_TOPIC = "baseline-state";

/** A partition's pieces as records that lie in the partition with the same number. */
export function stateRecords(
  pieces: readonly SnapshotPiece[],
  number: number,
  partitions: number,
): OutgoingRecord[] {
  return pieces.map(({ name, value }) => {
    return { key: keyInPartition(`${number}/${name}`, number, partitions), value };
  });
}

/** The name of the piece that a record of this partition holds; undefined for a foreign one. */
export function pieceName(key: string, number: number): string | undefined {
  const prefix = `${number}/`;
  return key.startsWith(prefix) ? key.slice(prefix.length, key.lastIndexOf(".")) : undefined;
}

/** The newest record of each name. */
export async function readState(
  bus: Pick<Bus, "read">,
  tenant: string,
  number: number,
): Promise<Map<string, Uint8Array>> {
  const stored = new Map<string, Uint8Array>();
  for await (const { key = "", value } of bus.read(tenant, STATE_TOPIC, number)) {
    const name = pieceName(key, number);
    if (name === undefined) continue;
    if (value.length > 0) stored.set(name, value);
    else stored.delete(name);
  }
  return stored;
}

/**
 * The offset at which a state goes on. Where all that is kept is newer than what the state has seen, all of it
 * is to be read: the stream may have been deleted and made anew, and then counts from the beginning.
 */
export async function nextOffset(
  bus: Pick<Bus, "read">,
  tenant: string,
  topic: string,
  number: number,
  { next, reachedAt }: StreamPlace,
): Promise<number> {
  for await (const { offset, appendedAt } of bus.read(tenant, topic, number)) {
    return appendedAt > reachedAt ? offset : next;
  }
  return next;
}
