// Topics that exist already are checked and brought up to date, and records lie in them compressed as
// configured, with both client libraries, against a real broker.
import { Admin } from "@platformatic/kafka";
import { pino } from "pino";
import { afterAll, describe, expect, it } from "vitest";
import { isAppError } from "../../../config/errors.ts";
import type { TopicSettings } from "../../../services/bus/bus.ts";
import { type KafkaBusOptions, openKafkaBus } from "../../../services/bus/kafka.ts";
import { bytes, collector, HOUR_MS, options, text } from "../../contract/bus-examples.ts";
import { kafkaBroker, ownPrefix } from "../../servers/addresses.ts";
import { deleteTopics } from "../../servers/kafka-cleaning.ts";

const CLIENTS = ["platformatic", "kafkajs"] as const;
const prefixes: string[] = [];

afterAll(() => deleteTopics(kafkaBroker(), prefixes));

function newPrefix(): string {
  const prefix = ownPrefix();
  prefixes.push(prefix);
  return prefix;
}

function topic(more: Partial<TopicSettings> = {}): TopicSettings {
  return {
    ...{ name: "raw", partitions: 2, retentionMs: HOUR_MS, retentionBytes: 1e9 },
    ...{ compacted: false, backlogBytesMax: 1e9 },
    ...more,
  };
}

function open(prefix: string, settings: TopicSettings, more: Partial<KafkaBusOptions> = {}) {
  return openKafkaBus({
    connection: { brokers: [kafkaBroker()], clientId: "test", tls: undefined, sasl: undefined },
    client: "platformatic",
    prefix,
    compression: "zstd",
    sessionTimeoutMs: 6000,
    topics: [settings],
    sealedTopics: [],
    tenants: ["a"],
    logger: pino({ level: "silent" }),
    ...more,
  });
}

async function settingOf(prefix: string, name: string): Promise<string | null | undefined> {
  const admin = new Admin({ clientId: "test", bootstrapBrokers: [kafkaBroker()] });
  const resources = [{ resourceType: 2, resourceName: `${prefix}.a.raw` } as const];
  const [found] = await admin.describeConfigs({ resources });
  await admin.close();
  return found?.configs.find((one) => one.name === name)?.value;
}

function collectedLogger() {
  const lines: string[] = [];
  return { lines, logger: pino({ level: "info" }, { write: (line) => void lines.push(line) }) };
}

it.each(CLIENTS)(
  "refuses a topic with too few partitions, with what to run (%s)",
  async (client) => {
    const prefix = newPrefix();
    await (await open(prefix, topic())).close();
    const opening = open(prefix, topic({ partitions: 5 }), { client });
    const error: unknown = await opening.catch((fault: unknown) => fault);
    expect(isAppError(error) ? [error.code, error.place] : error).toEqual([
      "HW_CONFIG_INVALID",
      `${prefix}.a.raw`,
    ]);
    const command = `kafka-topics.sh --alter --topic ${prefix}.a.raw --partitions 5`;
    expect(isAppError(error) ? error.mend : error).toContain(command);
  },
);

it("takes a topic with more partitions than configured", async () => {
  const prefix = newPrefix();
  await (await open(prefix, topic({ partitions: 3 }))).close();
  const bus = await open(prefix, topic());
  await bus.publish("a", "raw", [{ key: "k", value: bytes("1") }]);
  await bus.close();
});

it("brings a differing retention up to date", async () => {
  const prefix = newPrefix();
  await (await open(prefix, topic())).close();
  const { lines, logger } = collectedLogger();
  await (await open(prefix, topic({ retentionMs: 2 * HOUR_MS }), { logger })).close();
  expect(await settingOf(prefix, "retention.ms")).toBe(String(2 * HOUR_MS));
  expect(await settingOf(prefix, "message.timestamp.type")).toBe("LogAppendTime");
  expect(lines.join("")).toContain("brought up to date");
});

it("says what to run where the client can't change settings", async () => {
  const prefix = newPrefix();
  await (await open(prefix, topic())).close();
  const { lines, logger } = collectedLogger();
  const changed = topic({ retentionMs: 2 * HOUR_MS });
  await (await open(prefix, changed, { logger, client: "kafkajs" })).close();
  expect(await settingOf(prefix, "retention.ms")).toBe(String(HOUR_MS));
  expect(lines.join("")).toContain(`--entity-name ${prefix}.a.raw --add-config `);
  expect(lines.join("")).toContain(`retention.ms=${2 * HOUR_MS}`);
});

describe("compression", () => {
  const all = ["none", "gzip", "snappy", "lz4", "zstd"] as const;
  const pairs = CLIENTS.flatMap((writer) =>
    CLIENTS.flatMap((reader) => all.map((compression) => [compression, writer, reader] as const)),
  );
  it.each(pairs)("with %s is written by %s and read by %s", async (compression, client, reader) => {
    const prefix = newPrefix();
    const writing = await open(prefix, topic({ partitions: 1 }), { client, compression });
    const sent = Array.from({ length: 300 }, (_, number) => `${number}:${"Zeile ".repeat(40)}`);
    await writing.publish(
      "a",
      "raw",
      sent.map((value) => ({ key: "k", value: bytes(value), headers: { n: value.slice(0, 3) } })),
    );
    await writing.close();
    const reading = await open(prefix, topic({ partitions: 1 }), { client: reader });
    const seen = collector();
    const consumer = await reading.consume(["a"], options("raw", seen.handle));
    await seen.until(300);
    expect(seen.values).toEqual(sent);
    const [first] = await Array.fromAsync(reading.read("a", "raw", 0));
    expect(text.decode(first?.value)).toBe(sent[0]);
    await consumer.close();
    await reading.close();
  });
});
