// Looks at consumer groups without being in them: who is in, how far they have read, and what the account
// that asks may do with them.
import { type Connection, describeGroupsV5 } from "@platformatic/kafka";
import { addressOf } from "./cluster.ts";
import type { KafkaConnection } from "./connection.ts";
import { allowedOf, connected, type Operation } from "./inspect.ts";
import { platformaticClient } from "./platformatic.ts";
import { settled } from "./platformatic-faults.ts";
import { type ClusterView, isFault, KAFKA_ERROR, type KafkaWire } from "./wire.ts";

export interface GroupToInspect {
  readonly group: string;
  readonly topic: string;
}

export interface InspectedGroup extends GroupToInspect {
  /** Undefined where the topic is missing, or the group may not be seen. */
  readonly seen: SeenGroup | undefined;
  readonly isForbidden: boolean;
}

export interface SeenGroup {
  readonly members: number;
  /** By partition; the beginning of what is kept where the group never committed. */
  readonly positions: ReadonlyMap<number, number>;
  /** What Kafka stores for us, unread. One of its records may hold several of ours. */
  readonly unread: number;
  /** Undefined where the broker checks no rights. */
  readonly allowed: ReadonlySet<Operation> | undefined;
}

/**
 * Asks all that is needed of the brokers behind one of them.
 * @param broker `host:port`
 * @throws KafkaFault when they can't be reached or refuse us altogether
 */
export async function inspectGroups(
  connection: KafkaConnection,
  broker: string,
  wanted: readonly GroupToInspect[],
  timeoutMs: number,
): Promise<InspectedGroup[]> {
  const client = platformaticClient(connection, "none");
  const wires = new Map<number, Promise<KafkaWire>>();
  const first = await client.connect(addressOf(broker), timeoutMs);
  try {
    const view = await first.clusterView([...new Set(wanted.map(({ topic }) => topic))]);
    const toNode = (node: number) => {
      const address = view.brokers.get(node) ?? addressOf(broker);
      const wire = wires.get(node) ?? client.connect(address, timeoutMs);
      wires.set(node, wire);
      return wire;
    };
    const inspected: InspectedGroup[] = [];
    for (const one of wanted) {
      try {
        const node = await first.coordinatorOf(one.group);
        const { host, port } = view.brokers.get(node) ?? addressOf(broker);
        const described = await connected(connection, `${host}:${port}`, timeoutMs, (wire) =>
          describe(wire, one.group),
        );
        const read = await readOf(one, view, toNode, await toNode(node));
        const seen = read && { ...described, ...read };
        inspected.push({ ...one, seen, isForbidden: false });
      } catch (error) {
        if (!isFault(error, ...FORBIDDEN)) throw error;
        inspected.push({ ...one, seen: undefined, isForbidden: true });
      }
    }
    return inspected;
  } finally {
    first.close();
    for (const wire of wires.values()) {
      wire.then(
        (open) => open.close(),
        () => undefined,
      );
    }
  }
}

const FORBIDDEN = [KAFKA_ERROR.GROUP_AUTHORIZATION_FAILED, KAFKA_ERROR.TOPIC_AUTHORIZATION_FAILED];

async function describe(
  wire: Connection,
  group: string,
): Promise<Pick<SeenGroup, "members" | "allowed">> {
  const answer = await settled("group", describeGroupsV5.api.async(wire, [group], true));
  const [found] = answer.groups;
  return {
    members: found?.members.length ?? 0,
    allowed: found && allowedOf(found.authorizedOperations),
  };
}

/** Undefined where the topic is missing. */
async function readOf(
  { group, topic }: GroupToInspect,
  view: ClusterView,
  toNode: (node: number) => Promise<KafkaWire>,
  coordinator: KafkaWire,
): Promise<Pick<SeenGroup, "positions" | "unread"> | undefined> {
  const partitions = view.topics.find(({ name }) => name === topic)?.partitions;
  if (partitions === undefined) return undefined;
  const numbers = partitions.map((_, partition) => partition);
  const committed = await coordinator.committed(group, topic, numbers);
  const positions = new Map<number, number>();
  let unread = 0;
  for (const [partition, { leader }] of partitions.entries()) {
    const wire = await toNode(leader);
    const extent = { earliest: 0, latest: 0 };
    for (const at of ["earliest", "latest"] as const) {
      const [found] = await wire.offsets([{ topic, partition, at }]);
      extent[at] = found?.offset ?? 0;
    }
    const position = Math.max(committed.get(partition) ?? 0, extent.earliest);
    positions.set(partition, position);
    unread += Math.max(0, extent.latest - position);
  }
  return { positions, unread };
}
