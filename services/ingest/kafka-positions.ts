// Where partitions of shippers' topics end, and where a group that never read begins in them.
import type { KafkaCluster } from "../kafka/cluster.ts";
import { checkCode, KAFKA_ERROR, type OffsetQuery, type TopicView } from "../kafka/wire.ts";

interface Place {
  readonly topic: string;
  readonly partition: number;
}

/**
 * Offsets by `topic/partition`; left out are partitions without leader.
 * @throws KafkaFault
 */
export async function offsetsOf(
  cluster: KafkaCluster,
  views: ReadonlyMap<string, TopicView>,
  places: readonly Place[],
  at: OffsetQuery["at"],
): Promise<Map<string, number>> {
  const byNode = new Map<number, OffsetQuery[]>();
  for (const { topic, partition } of places) {
    const leader = views.get(topic)?.partitions[partition]?.leader ?? -1;
    if (leader < 0) continue;
    const queries = byNode.get(leader) ?? [];
    byNode.set(leader, queries);
    queries.push({ topic, partition, at });
  }
  const found = new Map<string, number>();
  for (const [node, queries] of byNode) {
    const wire = await cluster.toNode(node, "offsets");
    for (const { topic, partition, offset, errorCode } of await wire.offsets(queries)) {
      if (errorCode === KAFKA_ERROR.NONE) found.set(`${topic}/${partition}`, offset);
    }
  }
  return found;
}

/**
 * The ends of all partitions for a group that committed nothing anywhere; nothing for one that did.
 * @throws KafkaFault
 */
export async function startsOf(
  cluster: KafkaCluster,
  group: string,
  topics: readonly TopicView[],
): Promise<Map<string, number>> {
  const wire = await cluster.toCoordinator(group);
  for (const { name, partitions } of topics) {
    const known = await wire.committed(group, name, [...partitions.keys()]);
    if (known.size > 0) return new Map();
  }
  const views = new Map(topics.map((view) => [view.name, view]));
  const places = topics.flatMap(({ name, partitions }) =>
    [...partitions.keys()].map((partition) => ({ topic: name, partition })),
  );
  const found = await offsetsOf(cluster, views, places, "latest");
  if (found.size < places.length) {
    checkCode(KAFKA_ERROR.LEADER_NOT_AVAILABLE, "ends of the topics");
  }
  return found;
}
