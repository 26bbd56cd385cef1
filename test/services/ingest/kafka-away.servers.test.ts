// The Kafka input over TLS with a password, while its broker is killed and comes back.
import { pbkdf2Sync, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Admin, alterUserScramCredentialsV0, Connection, Producer } from "@platformatic/kafka";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownKafka } from "../../servers/own-kafka.ts";
import { shipperFolder } from "../../support/shippers.ts";
import { openKafka } from "./kafka-setup.ts";
import { createMemoryBus, until } from "./memory-bus.ts";

const PORT = 19_680;
const SIGN_IN_PORT = PORT + 2;
const USER = "heidewacht";
const PASSWORD = "right-password";
const ITERATIONS = 4096;
/** Longer than a session, so that the group forgets its member. */
const AWAY_MS = 20_000;
const START_MS_MAX = 180_000;
const BINDING = { tenant: "kreis", source: "linux" };

const read = (name: string) =>
  readFileSync(join(import.meta.dirname, "../../fixtures/tls", name), "utf8");
const oneLine = (text: string) => text.trim().replaceAll("\n", "\\n");

const broker = ownKafka(PORT, {
  listeners: [
    `PLAINTEXT://127.0.0.1:${PORT}`,
    `CONTROLLER://127.0.0.1:${PORT + 1}`,
    `SIGNIN://127.0.0.1:${SIGN_IN_PORT}`,
  ].join(","),
  "advertised.listeners": `PLAINTEXT://127.0.0.1:${PORT},SIGNIN://127.0.0.1:${SIGN_IN_PORT}`,
  "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SIGNIN:SASL_SSL",
  "ssl.keystore.type": "PEM",
  "ssl.keystore.certificate.chain": oneLine(read("server.pem")),
  "ssl.keystore.key": oneLine(read("server.key")),
  "sasl.enabled.mechanisms": "SCRAM-SHA-512",
  "listener.name.signin.scram-sha-512.sasl.jaas.config":
    "org.apache.kafka.common.security.scram.ScramLoginModule required;",
});
const folder = shipperFolder();

beforeAll(async () => {
  await broker.start();
  await addUser();
}, START_MS_MAX);
afterAll(() => {
  broker.dispose();
  folder[Symbol.dispose]();
});

const plain = { clientId: "test", bootstrapBrokers: [broker.address] };
const numbered = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => `Zeile ${from + at}`);

async function create(topic: string): Promise<void> {
  const admin = new Admin(plain);
  await admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 });
  await admin.close();
}

async function send(topic: string, lines: readonly string[]): Promise<void> {
  const producer = new Producer({ ...plain, retries: 100 });
  await producer.send({ messages: lines.map((line) => ({ topic, value: Buffer.from(line) })) });
  await producer.close();
}

const connectionWith = (password: string, caFile = join(folder.path, "ca.pem")) => {
  const passwordFile = join(folder.path, `password-${password}`);
  writeFileSync(passwordFile, password);
  writeFileSync(join(folder.path, "ca.pem"), read("ca.pem"));
  return {
    brokers: [`127.0.0.1:${SIGN_IN_PORT}`],
    tls: { caFile },
    sasl: { mechanism: "SCRAM-SHA-512", username: USER, passwordFile },
  };
};

describe("a broker with TLS and passwords", () => {
  it(
    "that is killed and comes back is read on, and both is told once",
    async () => {
      const topic = "killed";
      await create(topic);
      const settings = { connection: connectionWith(PASSWORD), sessionTimeoutMs: 6000 };
      await using input = openKafka({
        ...settings,
        topics: [topic],
        group: topic,
        binding: BINDING,
      });
      await send(topic, numbered(50));
      await until(() => input.bus.taken.length === 50);
      const told = (text: string) => input.log.filter((line) => line.includes(text)).length;
      broker.kill();
      const killedAt = performance.now();
      await until(() => told("can't be reached") > 0);
      await until(() => performance.now() - killedAt >= AWAY_MS);
      await broker.start();
      await send(topic, numbered(50, 50));
      await until(() => new Set(input.bus.texts()).size === 100);
      expect(new Set(input.bus.taken.map(({ record }) => record.id)).size).toBe(100);
      expect([...new Set(input.bus.texts())]).toEqual(numbered(100));
      expect([told("can't be reached"), told("reached again")]).toEqual([1, 1]);
      expect(await input.lost(topic)).toBe(0);
    },
    START_MS_MAX,
  );

  it.each([
    ["a wrong password", () => connectionWith("wrong"), "password"],
    [
      "an authority that is not ours",
      () => {
        const file = join(folder.path, "other-ca.pem");
        writeFileSync(file, read("other-ca.pem"));
        return connectionWith(PASSWORD, file);
      },
      "caFile",
    ],
  ])("says how to mend %s, once", async (_name, connection, mend) => {
    const bus = createMemoryBus();
    const input = openKafka(
      { connection: connection(), topics: ["killed"], group: "refused", binding: BINDING },
      bus,
    );
    const told = () => input.log.filter((line) => line.includes("can't be read"));
    await until(() => told().length > 0);
    await input.close();
    expect(told()).toHaveLength(1);
    expect(told()[0]).toContain(mend);
    expect(bus.taken).toEqual([]);
  });
});

async function addUser(): Promise<void> {
  const connection = new Connection("test");
  await connection.connect("127.0.0.1", PORT);
  const salt = randomBytes(16);
  const saltedPassword = pbkdf2Sync(PASSWORD, salt, ITERATIONS, 64, "sha512");
  await alterUserScramCredentialsV0.api.async(
    connection,
    [],
    [{ name: USER, mechanism: 2, iterations: ITERATIONS, salt, saltedPassword }],
  );
  await connection.close();
}
