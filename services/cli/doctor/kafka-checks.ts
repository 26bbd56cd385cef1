// What `heidewacht doctor` looks at in Kafka: each broker, who we are, our topics with their settings and
// copies, what we may do with them, and how far the groups have read.

import type { TopicSettings } from "../../bus/bus.ts";
import { settingsOf } from "../../bus/kafka-topics.ts";
import { addressOf } from "../../kafka/cluster.ts";
import type { KafkaConnection } from "../../kafka/connection.ts";
import {
  controllerClock,
  forbiddenTopics,
  type InspectedCluster,
  inspectKafka,
} from "../../kafka/inspect.ts";
import { platformaticClient } from "../../kafka/platformatic.ts";
import { type Check, CLOCK_DIFFERENCE_MAX_MS, clockOff, faultLine, type Line } from "./check.ts";
import { groupsCheck } from "./kafka-group-checks.ts";
import type { DoctorText } from "./messages.ts";

export interface KafkaChecksParts {
  readonly connection: KafkaConnection;
  readonly prefix: string;
  readonly tenants: readonly string[];
  readonly topics: readonly TopicSettings[];
  /** Topic and the name of the group that reads it. */
  readonly groups: readonly (readonly [string, string])[];
  readonly replicationFactor: number | undefined;
  readonly limitMs: number;
  readonly now: () => number;
  readonly text: DoctorText;
}

/** The checks. */
export function kafkaChecks(parts: KafkaChecksParts): Check[] {
  const { connection, text } = parts;
  return [
    ...connection.brokers.map((broker) => ({
      name: `Kafka ${broker}`,
      run: () => brokerLines(parts, broker),
    })),
    { name: text.kafkaTopics, run: () => topicLines(parts) },
    groupsCheck(parts),
    { name: text.kafkaClock, run: () => clockLines(parts) },
  ];
}

async function brokerLines(
  { connection, limitMs, text }: KafkaChecksParts,
  broker: string,
): Promise<Line[]> {
  try {
    const { brokers, version } = await inspectKafka(connection, broker, [], limitMs);
    const who = connection.sasl === undefined ? text.anonymous : nameOf(connection.sasl);
    const lines: Line[] = [
      {
        outcome: "good",
        text: text.brokerAnswers(brokers.length, version.program, version.cluster, who),
      },
    ];
    if (connection.sasl === undefined && connection.tls === undefined) {
      lines.push({ outcome: "warning", text: text.kafkaOpen, mend: text.kafkaOpenMend });
    }
    return lines;
  } catch (error) {
    return [faultLine(error, text.brokerMend)];
  }
}

function nameOf(sasl: NonNullable<KafkaConnection["sasl"]>): string {
  return sasl.mechanism === "OAUTHBEARER" ? sasl.clientId : sasl.username;
}

/** All of our topics, asked of the first broker that answers. */
async function topicLines(parts: KafkaChecksParts): Promise<Line[]> {
  const { tenants, topics, text, prefix } = parts;
  const wanted = tenants.flatMap((tenant) =>
    topics.map((topic) => ({ name: `${prefix}.${tenant}.${topic.name}`, topic })),
  );
  const cluster = await anyCluster(
    parts,
    wanted.map(({ name }) => name),
  );
  const lines: Line[] = [];
  const missing = wanted.filter(({ name }) => cluster.topics.every((one) => one.name !== name));
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(", ");
    lines.push({ outcome: "warning", text: text.topicsMissing(names), mend: text.topicsMend });
  }
  const names = missing.map(({ name }) => name);
  const forbidden = await forbiddenTopics(
    parts.connection,
    cluster.broker,
    names.length > 0 ? names : wanted.map(({ name }) => name),
    parts.limitMs,
  );
  if (forbidden !== undefined && forbidden.length > 0) {
    const words = text.createDenied(forbidden.join(", "));
    // What is there need not be made; but it is made again when somebody deletes it.
    const outcome = names.length > 0 ? "bad" : "warning";
    lines.push({ outcome, text: words, mend: text.kafkaDeniedMend });
  }
  for (const { name, topic } of wanted) {
    lines.push(...(await oneTopic(parts, cluster, name, topic)));
  }
  if (lines.length === 0) lines.push({ outcome: "good", text: text.topicsGood(wanted.length) });
  return lines;
}

async function anyCluster(
  { connection, limitMs }: KafkaChecksParts,
  topics: readonly string[],
): Promise<InspectedCluster & { readonly broker: string }> {
  const share = limitMs / connection.brokers.length;
  const asked = connection.brokers.map(async (broker) => {
    return { broker, ...(await inspectKafka(connection, broker, topics, share)) };
  });
  return Promise.any(asked);
}

async function oneTopic(
  parts: KafkaChecksParts,
  cluster: InspectedCluster & { readonly broker: string },
  name: string,
  topic: TopicSettings,
): Promise<Line[]> {
  const { text, replicationFactor } = parts;
  const found = cluster.topics.find((one) => one.name === name);
  if (found === undefined) return [];
  const lines: Line[] = [];
  const warn = (line: string, mend: string, outcome: "warning" | "bad" = "warning") =>
    lines.push({ outcome, text: `${name}: ${line}`, mend });
  const { partitions, allowed } = found;
  if (partitions.length < topic.partitions) {
    const mend = `kafka-topics.sh --alter --topic ${name} --partitions ${topic.partitions}`;
    warn(text.partitions(partitions.length, topic.partitions), mend, "bad");
  }
  const behind = partitions.filter(({ copies, inSync }) => inSync < copies).length;
  if (behind > 0) warn(text.underReplicated(behind), text.underReplicatedMend);
  const copies = Math.min(...partitions.map((one) => one.copies));
  if (replicationFactor !== undefined && copies < replicationFactor) {
    warn(text.copies(copies, replicationFactor), text.copiesMend);
  } else if (copies === 1 && cluster.brokers.length > 1) {
    warn(text.oneCopy(cluster.brokers.length), text.copiesMend);
  }
  const needed = ["read", "write", "describe", "describeConfigs", "alterConfigs"] as const;
  const denied = needed.filter((one) => allowed?.has(one) === false);
  if (denied.length > 0) warn(text.kafkaDenied(denied.join(", ")), text.kafkaDeniedMend, "bad");
  if (denied.includes("describeConfigs")) return lines;
  const wrong = await wrongSettings(parts, cluster.broker, name, topic);
  if (wrong.length > 0) {
    const list = wrong.map(([key, value]) => `${key}=${value}`).join(",");
    const mend = `kafka-configs.sh --alter --entity-type topics --entity-name ${name} --add-config ${list}`;
    warn(text.topicSettings(wrong.map(([key, , is]) => `${key}=${is}`).join(", ")), mend);
  }
  return lines;
}

async function clockLines({ connection, limitMs, now, text }: KafkaChecksParts): Promise<Line[]> {
  const share = limitMs / connection.brokers.length;
  const asked = connection.brokers.map(async (broker) => {
    const before = now();
    const at = await controllerClock(connection, broker, share);
    return at === undefined ? undefined : clockOff(at, before, now());
  });
  const off = await Promise.any(asked);
  if (off === undefined) {
    return [{ outcome: "warning", text: text.clockUnseen, mend: text.clockUnseenMend }];
  }
  const words = text.clock("Controller", off);
  if (Math.abs(off) <= CLOCK_DIFFERENCE_MAX_MS) return [{ outcome: "good", text: words }];
  return [{ outcome: "warning", text: words, mend: text.clockMend }];
}

/** Settings that are not as documented: name, as it should be, as it is. */
async function wrongSettings(
  { connection, replicationFactor, limitMs }: KafkaChecksParts,
  broker: string,
  name: string,
  topic: TopicSettings,
): Promise<(readonly [string, string, string])[]> {
  const wire = await platformaticClient(connection, "none").connect(addressOf(broker), limitMs);
  try {
    const found = await wire.topicSettings(name);
    return [...settingsOf(topic, replicationFactor)].flatMap(([key, value]) => {
      const is = found.get(key);
      return is === value ? [] : [[key, value, is ?? "–"] as const];
    });
  } finally {
    wire.close();
  }
}
