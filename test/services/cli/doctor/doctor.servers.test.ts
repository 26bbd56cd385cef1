// The doctor before the real Kafka and Elasticsearch: all well, and each thing that can be wrong there.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@elastic/elasticsearch";
import { Admin, Consumer, MessagesStreamModes, ProduceAcks, Producer } from "@platformatic/kafka";
import { afterAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { storeSchema } from "../../../../config/elasticsearch.ts";
import { worstOf } from "../../../../services/cli/doctor/check.ts";
import { DOCTOR_MESSAGES } from "../../../../services/cli/doctor/messages.ts";
import { doctor } from "../../../../services/cli/doctor.ts";
import { openElasticsearch } from "../../../../services/elasticsearch/connection.ts";
import { neededPrivileges } from "../../../../services/elasticsearch/privileges.ts";
import { openElasticsearchStore } from "../../../../services/store/elasticsearch.ts";
import { SETTING_KIND } from "../../../../services/store/kinds.ts";
import {
  ELASTIC_USER,
  elasticsearchUrl,
  kafkaBroker,
  ownPrefix,
} from "../../../servers/addresses.ts";
import { silent } from "../../../support/filled-installation.ts";

const text = DOCTOR_MESSAGES.de;
const folder = mkdtempSync(join(tmpdir(), "hw-doctor-"));
const prefix = ownPrefix();
const options = { json: false, timeout: 20, minFree: 0, create: false };
const elastic = new Client({ node: elasticsearchUrl(), auth: ELASTIC_USER });
const admin = new Admin({ clientId: prefix, bootstrapBrokers: [kafkaBroker()] });

afterAll(async () => {
  await elastic.security.invalidateApiKey({ name: prefix });
  const indices = await elastic.indices.get({ index: `${prefix}-*`, filter_path: "*.aliases" });
  for (const index of Object.keys(indices)) await elastic.indices.delete({ index });
  const name = `${prefix}-store`;
  await elastic.indices.deleteIndexTemplate({ name }, { ignore: [404] });
  await elastic.cluster.deleteComponentTemplate({ name: `${name}-base` }, { ignore: [404] });
  await elastic.close();
  const topics = (await admin.listTopics()).filter((name) => name.startsWith(`${prefix}.`));
  if (topics.length > 0) await admin.deleteTopics({ topics });
  await admin.close();
  rmSync(folder, { recursive: true });
});

function secret(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  chmodSync(file, 0o600);
  return file;
}

async function keyWith(indices: readonly string[], privileges: readonly string[]) {
  const { cluster } = neededPrivileges(prefix);
  const { encoded } = await elastic.security.createApiKey({
    name: prefix,
    role_descriptors: {
      own: {
        cluster: [...cluster],
        indices: [{ names: [...indices], privileges: [...privileges] }],
      },
    },
  });
  return { apiKeyFile: secret(`key-${privileges.length}`, encoded) };
}

async function linesOf(name: string, parts: { bus?: object; store?: object; options?: object }) {
  const config = join(folder, "heidewacht.yml");
  const bus = { kind: "kafka", brokers: [kafkaBroker()], prefix, ...parts.bus };
  const store = { kind: "elasticsearch", nodes: [elasticsearchUrl()], prefix, ...parts.store };
  const quiet = { console: { port: 0 }, inputs: { http: { enabled: false } } };
  writeFileSync(config, stringify({ bus, store, ...quiet }));
  const checked = await doctor({ ...options, config, ...parts.options }, text);
  return checked.find((one) => one.name === name)?.lines ?? [];
}

const signIn = {
  username: ELASTIC_USER.username,
  passwordFile: secret("good", ELASTIC_USER.password),
};
const wrong = { username: ELASTIC_USER.username, passwordFile: secret("wrong", "falsch") };

describe("doctor at Kafka", () => {
  it("makes the topics, and then finds them as they should be", async () => {
    expect(worstOf(await linesOf(text.kafkaTopics, { store: signIn }))).toBe("warning");
    const made = await linesOf(text.creating, { store: signIn, options: { create: true } });
    expect(made.map((line) => line.outcome)).not.toContain("bad");
    expect(made.length).toBeGreaterThan(4);
    expect(worstOf(await linesOf(text.kafkaTopics, { store: signIn }))).toBe("good");
  });

  it("tells the version, the groups and the controller's clock", async () => {
    const [broker] = await linesOf(`Kafka ${kafkaBroker()}`, { store: signIn });
    expect(broker?.text).toMatch(/Kafka (> )?[4-9]\.\d/);
    expect(worstOf(await linesOf(text.kafkaGroups, { store: signIn }))).toBe("good");
    const [clock] = await linesOf(text.kafkaClock, { store: signIn });
    expect(clock).toMatchObject({ outcome: "good", text: expect.stringContaining("Controller") });
  });

  it("warns where records wait and nobody reads them", async () => {
    const producer = new Producer({ clientId: prefix, bootstrapBrokers: [kafkaBroker()] });
    const topic = `${prefix}.kreis.signals`;
    const value = Buffer.from("{}");
    await producer.send({ messages: [{ topic, value }], acks: ProduceAcks.ALL });
    await producer.close();
    const [line] = await linesOf(text.kafkaGroups, { store: signIn });
    expect(line).toEqual({
      ...{ outcome: "warning", text: text.groupEmpty(`${topic}.triage`, 1) },
      mend: text.groupEmptyMend,
    });
  });

  it("warns where somebody is in a group that does not move", async () => {
    const topic = `${prefix}.kreis.signals`;
    // It joins and heartbeats, and never commits.
    const consumer = new Consumer({
      ...{ clientId: prefix, bootstrapBrokers: [kafkaBroker()], groupId: `${topic}.triage` },
      ...{ autocommit: false, sessionTimeout: 30_000 },
    });
    const stream = await consumer.consume({ topics: [topic], mode: MessagesStreamModes.EARLIEST });
    stream.resume();
    const [line] = await linesOf(text.kafkaGroups, { store: signIn });
    await consumer.close(true);
    expect(line).toMatchObject({ outcome: "warning", mend: text.groupStandsMend });
  });

  it("names a broker that can't be reached, and asks the others", async () => {
    const bus = { brokers: ["127.0.0.1:1", kafkaBroker()] };
    expect(worstOf(await linesOf("Kafka 127.0.0.1:1", { bus, store: signIn }))).toBe("bad");
    expect(worstOf(await linesOf(text.kafkaTopics, { bus, store: signIn }))).toBe("good");
  });

  it("says which settings of a topic are others, and how to mend them", async () => {
    const resources = [
      {
        ...{ resourceType: 2 as const, resourceName: `${prefix}.kreis.raw` },
        configs: [
          { name: "message.timestamp.type", configOperation: 0 as const, value: "CreateTime" },
        ],
      },
    ];
    await admin.incrementalAlterConfigs({ resources });
    const [line] = await linesOf(text.kafkaTopics, { store: signIn });
    expect(line?.text).toContain("message.timestamp.type=CreateTime");
    expect(line?.mend).toContain("--add-config message.timestamp.type=LogAppendTime");
  });
});

/** Makes an index as the store would, and looks at it. */
async function indexOf() {
  const config = storeSchema.parse({ nodes: [elasticsearchUrl()], prefix, ...signIn });
  const elasticsearch = openElasticsearch(config, (path) => path);
  const store = openElasticsearchStore({ elasticsearch, logger: silent });
  const setting = { value: 1, changedAt: 1, changedBy: "cli" };
  await store.put("kreis", SETTING_KIND, "test", setting);
  await store.close();
  await elasticsearch.client.close();
  const lines = await linesOf(text.esLayouts, { store: signIn });
  const index = `${prefix}-setting-kreis`;
  const [found] = Object.values(await elastic.indices.getMapping({ index }));
  return { status: worstOf(lines), current: found?.mappings._meta ?? {} };
}

describe("doctor at Elasticsearch", () => {
  const name = `Elasticsearch ${elasticsearchUrl()}`;

  it.each([
    ["a good password", signIn, "good"],
    ["a wrong password", wrong, "bad"],
    ["a node that is away", { ...signIn, nodes: ["http://127.0.0.1:1"] }, "bad"],
  ] as const)("judges %s", async (_, store, outcome) => {
    const at = "nodes" in store ? "Elasticsearch http://127.0.0.1:1" : name;
    expect(worstOf(await linesOf(at, { store }))).toBe(outcome);
  });

  it("compares the rights with those that are needed", async () => {
    const [needed] = neededPrivileges(prefix).indices;
    const names = needed?.names ?? [];
    const exact = await keyWith(names, needed?.privileges ?? []);
    expect(await linesOf(text.esRights, { store: exact })).toMatchObject([{ outcome: "good" }]);
    const few = await keyWith(names, ["read"]);
    const [lacking] = await linesOf(text.esRights, { store: few });
    expect(lacking).toMatchObject({ outcome: "bad", text: expect.stringContaining("write") });
    const [excess] = await linesOf(text.esRights, { store: signIn });
    expect(excess).toMatchObject({ outcome: "warning", text: expect.stringContaining("elastic") });
  });

  it("tells templates and layouts that are older or newer than this program", async () => {
    const { status, current } = await indexOf();
    expect(status).toBe("good");
    for (const [meta, outcome, mend] of [
      [{ ...current, layout: 0 }, "warning", text.esOlderMend],
      [{ ...current, layout: 999 }, "bad", text.esNewerMend],
    ] as const) {
      await elastic.indices.putMapping({ index: `${prefix}-setting-kreis`, _meta: meta });
      const [line] = await linesOf(text.esLayouts, { store: signIn });
      expect(line).toMatchObject({ outcome, mend });
    }
    const name = `${prefix}-store`;
    const { index_templates: found } = await elastic.indices.getIndexTemplate({ name });
    const template = found[0]?.index_template;
    await elastic.indices.putIndexTemplate({
      ...{ name, index_patterns: [`${prefix}-*.v*`], priority: template?.priority ?? 1 },
      version: 999,
    });
    const lines = await linesOf(text.esTemplates, { store: signIn });
    expect(lines.map(({ outcome }) => outcome)).toContain("warning");
  });

  it("warns of a disk that is nearly full", async () => {
    const lines = await linesOf(text.esDisk, { store: signIn, options: { minFree: 100 } });
    expect(worstOf(lines)).toBe("warning");
  });
});
