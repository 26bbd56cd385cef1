// Our own topics at Kafka: made at their first use with their settings, checked where they exist, made again
// when somebody deleted them.
import type { Logger } from "pino";
import { AppError } from "../../config/errors.ts";
import type { KafkaCluster } from "../kafka/cluster.ts";
import { checkCode, isFault, KAFKA_ERROR, type TopicView } from "../kafka/wire.ts";
import { RECORD_BYTES_MAX, type TopicSettings } from "./bus.ts";

/** A record of the largest value with key, headers, sealing and the batch around it, bytes. */
export const STORED_RECORD_BYTES_MAX = RECORD_BYTES_MAX + 1024 * 1024;
/** Copies that must have a record before it counts as written, where there are three or more. */
const IN_SYNC_COPIES_MIN = 2;
const SEGMENT_MS_MAX = 24 * 60 * 60 * 1000;
const SEGMENT_MS_MIN = 60_000;
const COMPACTED_SEGMENT_MS = 10 * 60 * 1000;
/** How long using a topic waits for brokers that are away, milliseconds. */
const PATIENCE_MS = 120_000;

export interface KafkaTopicsOptions {
  readonly prefix: string;
  readonly topics: readonly TopicSettings[];
  readonly replicationFactor: number | undefined;
  readonly logger: Logger;
}

export class KafkaTopics {
  readonly #cluster: KafkaCluster;
  readonly #options: KafkaTopicsOptions;
  readonly #settings: ReadonlyMap<string, TopicSettings>;
  readonly #ready = new Map<string, Promise<TopicView>>();
  readonly #mending = new Map<string, Promise<void>>();

  constructor(cluster: KafkaCluster, options: KafkaTopicsOptions) {
    this.#cluster = cluster;
    this.#options = options;
    this.#settings = new Map(options.topics.map((topic) => [topic.name, topic]));
  }

  /** @throws AppError HW_NOT_FOUND for a topic that is not configured */
  settings(name: string): TopicSettings {
    const settings = this.#settings.get(name);
    if (settings === undefined) throw new AppError("HW_NOT_FOUND", `no topic "${name}"`);
    return settings;
  }

  /** Name at Kafka. Neither tenants nor topics have dots in their names. */
  nameOf(tenant: string, topic: string): string {
    return `${this.#options.prefix}.${tenant}.${topic}`;
  }

  groupOf(tenant: string, topic: string, group: string): string {
    return `${this.nameOf(tenant, topic)}.${group}`;
  }

  /**
   * The topic at Kafka, made or checked at the first use.
   * @throws AppError HW_BUSY when the brokers don't answer in time, HW_CONFIG_INVALID when it has fewer
   * partitions than configured, HW_FORBIDDEN
   */
  async ensure(tenant: string, topic: string, patienceMs = PATIENCE_MS): Promise<TopicView> {
    const name = this.nameOf(tenant, topic);
    const known = this.#ready.get(name);
    if (known !== undefined) return await known;
    return await this.#prepare(name, this.settings(topic), patienceMs);
  }

  // What failed is not remembered: the next one tries again.
  async #prepare(name: string, settings: TopicSettings, patienceMs: number): Promise<TopicView> {
    const made = this.#cluster.retrying(`topic ${name}`, patienceMs, () =>
      this.#makeOrCheck(name, settings),
    );
    this.#ready.set(name, made);
    try {
      return await made;
    } catch (error) {
      if (this.#ready.get(name) === made) this.#ready.delete(name);
      throw error;
    }
  }

  /** Looks again at a topic that Kafka did not know a moment ago, and makes it again when it is gone. */
  async mend(name: string): Promise<void> {
    const running = this.#mending.get(name);
    if (running !== undefined) return await running;
    const run = this.#mend(name).finally(() => this.#mending.delete(name));
    this.#mending.set(name, run);
    await run;
  }

  async #mend(name: string): Promise<void> {
    const topic = name.slice(name.lastIndexOf(".") + 1);
    const settings = this.#settings.get(topic);
    if (settings === undefined || (await this.#cluster.topic(name, true)) !== undefined) return;
    this.#options.logger.error(
      { topic: name },
      "a topic was deleted at Kafka and is made again; what was in it is lost",
    );
    await this.#prepare(name, settings, PATIENCE_MS);
  }

  /** Brings the settings of existing topics of a tenant up to date. */
  async refresh(tenant: string): Promise<void> {
    for (const settings of this.#settings.values()) {
      const name = this.nameOf(tenant, settings.name);
      if (this.#ready.has(name)) await this.#checkSettings(name, settings);
    }
  }

  async #makeOrCheck(name: string, settings: TopicSettings): Promise<TopicView> {
    let view = await this.#cluster.topic(name, true);
    if (view === undefined) {
      await this.#make(name, settings);
      view = await this.#cluster.topic(name, true);
    } else await this.#checkSettings(name, settings);
    const { partitions } = view ?? { partitions: [] };
    if (view === undefined || partitions.some(({ leader }) => leader < 0))
      checkCode(KAFKA_ERROR.LEADER_NOT_AVAILABLE, name);
    if (view === undefined || partitions.length < settings.partitions)
      throw new AppError(
        "HW_CONFIG_INVALID",
        `topic ${name} has ${partitions.length} partitions, ${settings.partitions} are configured`,
        {
          place: name,
          mend: `kafka-topics.sh --alter --topic ${name} --partitions ${settings.partitions}`,
        },
      );
    return view;
  }

  async #make(name: string, settings: TopicSettings): Promise<void> {
    const { replicationFactor } = this.#options;
    try {
      const wire = await this.#cluster.toController();
      await wire.createTopic({
        name,
        partitions: settings.partitions,
        replicationFactor: replicationFactor ?? -1,
        settings: settingsOf(settings, replicationFactor),
      });
    } catch (error) {
      // Another process was quicker.
      if (!isFault(error, KAFKA_ERROR.TOPIC_ALREADY_EXISTS)) throw error;
    }
  }

  async #checkSettings(name: string, settings: TopicSettings): Promise<void> {
    const { logger, replicationFactor } = this.#options;
    const wire = await this.#cluster.toAny();
    const found = await wire.topicSettings(name);
    const differing = new Map(
      [...settingsOf(settings, replicationFactor)].filter(
        ([key, value]) => found.get(key) !== value,
      ),
    );
    if (differing.size === 0) return;
    const list = [...differing].map(([key, value]) => `${key}=${value}`).join(",");
    const mend = `kafka-configs.sh --alter --entity-type topics --entity-name ${name} --add-config ${list}`;
    try {
      if (wire.changeSettings === undefined) throw new Error("this client can't change settings");
      await wire.changeSettings(name, differing);
      logger.info({ topic: name, settings: list }, "settings of a topic were brought up to date");
    } catch (error) {
      logger.warn({ topic: name, err: error, mend }, "a topic's settings are not as configured");
    }
  }
}

/** What `config` means at Kafka; the operations page of the documentation explains each. */
export function settingsOf(
  settings: TopicSettings,
  replicationFactor: number | undefined,
): Map<string, string> {
  const { partitions, retentionMs, retentionBytes, compacted } = settings;
  const segmentMs = compacted
    ? COMPACTED_SEGMENT_MS
    : Math.min(Math.max(Math.floor(retentionMs / 4), SEGMENT_MS_MIN), SEGMENT_MS_MAX);
  const result = new Map<string, string>([
    ["cleanup.policy", compacted ? "compact" : "delete"],
    ["message.timestamp.type", "LogAppendTime"],
    ["max.message.bytes", String(STORED_RECORD_BYTES_MAX)],
    ["compression.type", "producer"],
    // Kafka deletes whole segments: what is in the open one stays longer than it should.
    ["segment.ms", String(segmentMs)],
  ]);
  if (compacted) {
    result.set("min.cleanable.dirty.ratio", "0.1");
    // Each take has names of its own: what deletes the old ones must not outlive them by days.
    result.set("delete.retention.ms", String(COMPACTED_SEGMENT_MS));
  } else {
    result.set("retention.ms", String(retentionMs));
    result.set("retention.bytes", String(Math.floor(retentionBytes / partitions)));
  }
  if ((replicationFactor ?? 0) >= 3) result.set("min.insync.replicas", String(IN_SYNC_COPIES_MIN));
  return result;
}
