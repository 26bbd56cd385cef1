// A real ingest process over the real servers that is killed again and again while it copies a shipper's
// topic: whatever it had published and not committed comes again as the same records.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { decodeRaw, type RawRecord } from "../../../services/bus/raw-record.ts";
import type { Ports } from "../../../services/ports.ts";
import { elasticsearchUrl, kafkaBroker, ownPrefix } from "../../servers/addresses.ts";
import { deleteTopics } from "../../servers/kafka-cleaning.ts";
import { createCluster } from "../../support/cluster.ts";
import { cleanUp } from "../../support/elasticsearch.ts";
import { openTestTopics } from "../../support/kafka-topics.ts";
import { freePort, TENANT, writeInstallation } from "../../support/loopback.ts";
import { until } from "./memory-bus.ts";

const RECORDS_PER_ROUND = 1000;
const PARTITIONS = 2;
const KILLS = 3;
const RECORDS = (KILLS + 1) * RECORDS_PER_ROUND;
const RUN_MS_MAX = 5 * 60_000;

const prefix = ownPrefix();
const folder = mkdtempSync(join(tmpdir(), "kafka-kill-"));
const topics = openTestTopics();
let topic: string;
let reader: Ports;
let cluster: ReturnType<typeof createCluster>;

beforeAll(async () => {
  topic = await topics.create("logs", PARTITIONS);
  const ports = { console: await freePort(), input: await freePort() };
  const installation = writeInstallation(folder, ports, randomBytes(32).toString("hex"));
  const input = {
    ...{ connection: { brokers: [kafkaBroker()] }, topics: [topic], group: prefix },
    ...{ sessionTimeoutMs: 6000, batchRecordsMax: 10, binding: { tenant: TENANT, source: "logs" } },
  };
  const servers = { broker: kafkaBroker(), elasticsearchUrl: elasticsearchUrl() };
  const settings = { inputs: { kafka: [input] } };
  cluster = createCluster(
    installation,
    { ...servers, prefix, partitions: PARTITIONS, settings },
    {},
  );
  reader = await cluster.openPorts();
}, RUN_MS_MAX);

afterAll(async () => {
  await reader.bus.close();
  await reader.store.close();
  await reader.archive.close();
  await deleteTopics(kafkaBroker(), [prefix]);
  await topics[Symbol.asyncDispose]();
  await cleanUp(prefix);
  rmSync(folder, { recursive: true, force: true });
}, RUN_MS_MAX);

async function send(round: number): Promise<void> {
  const lines = Array.from({ length: RECORDS_PER_ROUND }, (_, number) => ({
    value: `Zeile ${round * RECORDS_PER_ROUND + number}`,
    partition: number % PARTITIONS,
  }));
  await topics.send(topic, lines);
}

async function copied(): Promise<RawRecord[]> {
  const found: RawRecord[] = [];
  for (let partition = 0; partition < PARTITIONS; partition += 1)
    for await (const { value } of reader.bus.read(TENANT, "raw", partition))
      found.push(decodeRaw(value));
  return found;
}

it(
  "loses nothing and gives what it repeats the same id, time and text",
  async () => {
    for (let round = 0; round < KILLS; round += 1) {
      await send(round);
      const before = (await copied()).length;
      const process = cluster.start("ingest", ["ingest"]);
      await until(async () => (await copied()).length > before);
      process.send("SIGKILL");
      expect((await process.ended).signal).toBe("SIGKILL");
    }
    await send(KILLS);
    const last = cluster.start("ingest", ["ingest"]);
    await until(async () => new Set((await copied()).map(({ text }) => text)).size === RECORDS);
    last.send("SIGTERM");
    expect((await last.ended).code).toBe(0);
    const all = await copied();
    expect(new Set(all.map(({ id }) => id)).size).toBe(RECORDS);
    const told = all.map(({ id, receivedAt, text }) => `${id} ${receivedAt} ${text}`);
    expect(new Set(told).size).toBe(RECORDS);
  },
  RUN_MS_MAX,
);
