// Questions about offsets at Kafka: where partitions begin and end, how far groups are, what a partition holds.
import type { KafkaCluster } from "../kafka/cluster.ts";
import {
  checkCode,
  type FoundOffset,
  isFault,
  KAFKA_ERROR,
  type OffsetQuery,
  type StoredRecord,
} from "../kafka/wire.ts";

const READ_BYTES_MAX = 4 * 1024 * 1024;
const READ_WAIT_MS = 100;
/** Empty answers before the end after which the rest is taken to be compacted away. */
const EMPTY_ANSWERS_MAX = 20;

/** Offsets [start, end) that a partition keeps. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/** The extent of each of the topic's partitions. @throws KafkaFault */
export async function extentsOf(
  cluster: KafkaCluster,
  topic: string,
  only?: number,
): Promise<Map<number, Extent>> {
  const view = await cluster.topic(topic);
  if (view === undefined) checkCode(KAFKA_ERROR.UNKNOWN_TOPIC_OR_PARTITION, topic);
  const byNode = new Map<number, number[]>();
  for (const [partition, { leader }] of view?.partitions.entries() ?? [])
    if (only === undefined || only === partition)
      byNode.set(leader, [...(byNode.get(leader) ?? []), partition]);
  const extents = new Map<number, Extent>();
  try {
    for (const [node, partitions] of byNode) {
      const wire = await cluster.toNode(node, "offsets");
      const ask = (at: OffsetQuery["at"]) =>
        wire.offsets(partitions.map((partition) => ({ topic, partition, at })));
      const [starts, ends] = await Promise.all([ask("earliest"), ask("latest")]);
      for (const partition of partitions)
        extents.set(partition, {
          start: offsetIn(starts, partition),
          end: offsetIn(ends, partition),
        });
    }
  } catch (error) {
    if (isFault(error)) cluster.forgetTopic(topic);
    throw error;
  }
  return extents;
}

/** First offset that a partition keeps. @throws KafkaFault */
export async function earliestOf(
  cluster: KafkaCluster,
  topic: string,
  partition: number,
): Promise<number> {
  return (await extentsOf(cluster, topic, partition)).get(partition)?.start ?? 0;
}

/** How far a group has committed; partitions that it never committed are left out. @throws KafkaFault */
export async function committedOf(
  cluster: KafkaCluster,
  group: string,
  topic: string,
  partitions: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  try {
    const wire = await cluster.toCoordinator(group);
    return await wire.committed(group, topic, partitions);
  } catch (error) {
    cluster.forgetCoordinator(group);
    throw error;
  }
}

/** All that a partition keeps now, in offset order. @throws AppError as `KafkaCluster.retrying` */
export async function* readPartition(
  cluster: KafkaCluster,
  topic: string,
  partition: number,
  patienceMs: number,
): AsyncGenerator<StoredRecord> {
  const what = `reading ${topic}/${partition}`;
  const extent = (
    await cluster.retrying(what, patienceMs, () => extentsOf(cluster, topic, partition))
  ).get(partition);
  if (extent === undefined) return;
  const purpose = `read ${topic}/${partition} ${performance.now()}`;
  const limits = {
    maxWaitMs: READ_WAIT_MS,
    bytesMax: READ_BYTES_MAX,
    partitionBytesMax: READ_BYTES_MAX,
  };
  let empty = 0;
  try {
    for (let offset = extent.start; offset < extent.end && empty < EMPTY_ANSWERS_MAX; ) {
      const from = offset;
      const found = await cluster.retrying(what, patienceMs, async () => {
        const view = await cluster.topic(topic);
        const leader = view?.partitions[partition]?.leader ?? -1;
        const wire = await cluster.toNode(leader, purpose);
        const asked = [{ topic, topicId: view?.id, partition, offset: from }];
        const [answer] = await wire.fetch(asked, limits);
        if (answer?.errorCode !== KAFKA_ERROR.NONE) cluster.forgetTopic(topic);
        // What was deleted while it was read is no fault.
        if (answer?.errorCode === KAFKA_ERROR.OFFSET_OUT_OF_RANGE) {
          const next = Math.max(from + 1, await earliestOf(cluster, topic, partition));
          return { records: [], next };
        }
        checkCode(answer?.errorCode ?? KAFKA_ERROR.NONE, what);
        return answer ?? { records: [], next: from };
      });
      for (const record of found.records) if (record.offset < extent.end) yield record;
      empty = found.next === offset ? empty + 1 : 0;
      offset = found.next;
    }
  } finally {
    cluster.drop(purpose);
  }
}

function offsetIn(found: readonly FoundOffset[], partition: number): number {
  const one = found.find((candidate) => candidate.partition === partition);
  checkCode(one?.errorCode ?? KAFKA_ERROR.UNKNOWN_TOPIC_OR_PARTITION, "offsets");
  return one?.offset ?? 0;
}
