// The Kafka bus over TLS and with each way to sign in, with both client libraries, against a broker of this
// test's own that checks rights. What is refused must say so at once.
import { pbkdf2Sync, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { type Acl, Admin, alterUserScramCredentialsV0, Connection } from "@platformatic/kafka";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isAppError } from "../../../config/errors.ts";
import type { Bus } from "../../../services/bus/bus.ts";
import { type KafkaBusOptions, openKafkaBus } from "../../../services/bus/kafka.ts";
import type { KafkaConnection } from "../../../services/kafka/connection.ts";
import { collector, HOUR_MS, numbered, options } from "../../contract/bus-examples.ts";
import { ownKafka } from "../../servers/own-kafka.ts";

const PORT = 19_640;
const [TLS_PORT, SIGN_IN_PORT] = [PORT + 2, PORT + 3];
const CLIENTS = ["platformatic", "kafkajs"] as const;
const PREFIX = "secured";
const [USER, STRANGER, WITHOUT_ALTER] = ["heidewacht", "stranger", "reader"];
const PASSWORD = "right-password";
const ITERATIONS = 4096;

const pem = (name: string) => join(import.meta.dirname, "../../fixtures/tls", name);
const read = (name: string) => readFileSync(pem(name), "utf8");
const ca = read("ca.pem");
const anonymousTls = { ca, cert: undefined, key: undefined };
const ownTls = { ca, cert: read("client-web.pem"), key: read("client-web.key") };
const silent = pino({ level: "silent" });
const jaas = (module: string, more = "") =>
  `org.apache.kafka.common.security.${module} required${more};`;
const passwords = [USER, STRANGER, WITHOUT_ALTER]
  .map((name) => ` user_${name}="${PASSWORD}"`)
  .join("");

const broker = ownKafka(PORT, {
  listeners: [
    `PLAINTEXT://127.0.0.1:${PORT}`,
    `CONTROLLER://127.0.0.1:${PORT + 1}`,
    `TLS://127.0.0.1:${TLS_PORT}`,
    `SIGNIN://127.0.0.1:${SIGN_IN_PORT}`,
  ].join(","),
  "advertised.listeners": [
    `PLAINTEXT://127.0.0.1:${PORT}`,
    `TLS://127.0.0.1:${TLS_PORT}`,
    `SIGNIN://127.0.0.1:${SIGN_IN_PORT}`,
  ].join(","),
  "listener.security.protocol.map":
    "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,TLS:SSL,SIGNIN:SASL_SSL",
  "ssl.keystore.type": "PEM",
  "ssl.keystore.certificate.chain": oneLine(read("server.pem")),
  "ssl.keystore.key": oneLine(read("server.key")),
  "ssl.truststore.type": "PEM",
  "ssl.truststore.certificates": oneLine(ca),
  "listener.name.tls.ssl.client.auth": "required",
  "listener.name.tls.ssl.principal.mapping.rules": `RULE:^CN=web01$/${USER}/`,
  "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER",
  "listener.name.signin.plain.sasl.jaas.config": jaas("plain.PlainLoginModule", passwords),
  "listener.name.signin.scram-sha-256.sasl.jaas.config": jaas("scram.ScramLoginModule"),
  "listener.name.signin.scram-sha-512.sasl.jaas.config": jaas("scram.ScramLoginModule"),
  "listener.name.signin.oauthbearer.sasl.jaas.config": jaas(
    "oauthbearer.OAuthBearerLoginModule",
    ' unsecuredLoginStringClaim_sub="broker"',
  ),
  "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
  "super.users": "User:ANONYMOUS",
});

/** A token endpoint (RFC 6749): knows one client, and answers as it is told. */
const provider = { status: 200, asked: 0 };
const tokens = createServer((request, response) => {
  provider.asked += 1;
  const known = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`;
  const status = request.headers.authorization === known ? provider.status : 401;
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(status === 200 ? { access_token: jwt(), expires_in: 300 } : {}));
});

beforeAll(async () => {
  await new Promise<void>((resolve) => tokens.listen(0, "127.0.0.1", resolve));
  await broker.start();
  await addScramUser();
  await addRights();
});

afterAll(async () => {
  broker.dispose();
  await new Promise((resolve) => tokens.close(resolve));
});

async function open(
  connection: Partial<KafkaConnection>,
  client: KafkaBusOptions["client"],
  more: Partial<KafkaBusOptions> = {},
): Promise<Bus> {
  return openKafkaBus({
    connection: {
      brokers: [`127.0.0.1:${SIGN_IN_PORT}`],
      ...{ clientId: "test", tls: anonymousTls, sasl: undefined },
      ...connection,
    },
    client,
    prefix: PREFIX,
    compression: "zstd",
    sessionTimeoutMs: 6000,
    topics: [
      {
        ...{ name: "single", partitions: 1, retentionMs: HOUR_MS, retentionBytes: 1e9 },
        ...{ compacted: false, backlogBytesMax: 1e9 },
      },
    ],
    sealedTopics: [],
    tenants: ["a"],
    logger: silent,
    ...more,
  });
}

const password = (
  mechanism: "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512",
  secret = PASSWORD,
  username = USER,
) => ({ sasl: { mechanism, username, password: secret } as const });

const bearer = (clientSecret = PASSWORD) => {
  const address = tokens.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const tokenUrl = `http://127.0.0.1:${port}/token`;
  const sasl = { mechanism: "OAUTHBEARER", tokenUrl, clientId: USER, clientSecret } as const;
  return { sasl: { ...sasl, scope: undefined } };
};

describe.each(CLIENTS)("with %s", (client) => {
  const ways: [string, () => Partial<KafkaConnection>][] = [
    ["a certificate", () => ({ brokers: [`127.0.0.1:${TLS_PORT}`], tls: ownTls })],
    ["a name instead of an address", () => ({ ...password("PLAIN"), brokers: [named()] })],
    ["PLAIN", () => password("PLAIN")],
    ["SCRAM-SHA-256", () => password("SCRAM-SHA-256")],
    ["SCRAM-SHA-512", () => password("SCRAM-SHA-512")],
    ["OAUTHBEARER", () => bearer()],
  ];

  it.each(ways)(
    "publishes and reads with %s and the documented rights",
    async (way, connection) => {
      const bus = await open(connection(), client);
      const group = `g-${client}-${ways.findIndex(([name]) => name === way)}`;
      const seen = collector();
      await bus.seek("a", "single", group, "latest");
      await bus.publish("a", "single", numbered(5, way));
      const consumer = await bus.consume(["a"], options("single", seen.handle, { group }));
      await seen.until(5);
      await consumer.close();
      expect(seen.values).toEqual([0, 1, 2, 3, 4].map((number) => `${way}:${number}`));
      expect(await bus.lag("a", "single", group)).toEqual({ records: 0, bytes: 0 });
      await bus.close();
    },
  );

  const refusals: [string, () => Partial<KafkaConnection>, string, RegExp][] = [
    [
      "a wrong password (PLAIN)",
      () => password("PLAIN", "wrong"),
      "HW_UNAUTHENTICATED",
      /password/,
    ],
    [
      "a wrong password (SCRAM-SHA-256)",
      () => password("SCRAM-SHA-256", "wrong"),
      "HW_UNAUTHENTICATED",
      /password/,
    ],
    [
      "a wrong password (SCRAM-SHA-512)",
      () => password("SCRAM-SHA-512", "wrong"),
      "HW_UNAUTHENTICATED",
      /password/,
    ],
    ["a wrong client secret", () => bearer("wrong"), "HW_UNAUTHENTICATED", /token/],
    [
      "a broker whose authority is not ours",
      () => ({ ...password("PLAIN"), tls: { ...anonymousTls, ca: read("other-ca.pem") } }),
      "HW_UNAUTHENTICATED",
      /caFile/,
    ],
    [
      "an account without rights",
      () => password("PLAIN", PASSWORD, STRANGER),
      "HW_FORBIDDEN",
      /rights/,
    ],
  ];

  it.each(refusals)(
    "says at the start what is wrong with %s",
    async (_, connection, code, mend) => {
      const error: unknown = await open(connection(), client).catch((fault: unknown) => fault);
      expect(isAppError(error) ? error.code : error).toBe(code);
      expect(isAppError(error) ? error.mend : error).toMatch(mend);
    },
  );

  it("waits for a token endpoint that is out of order", async () => {
    provider.status = 503;
    const before = provider.asked;
    const opening = open(bearer(), client);
    while (provider.asked < before + 2) await new Promise((done) => setTimeout(done, 20));
    provider.status = 200;
    const bus = await opening;
    await bus.publish("a", "single", numbered(1, "late"));
    await bus.close();
  });

  it("says how to mend settings that it may not change, and works with them", async () => {
    const warnings: string[] = [];
    const logger = pino({ level: "warn" }, { write: (line) => void warnings.push(line) });
    const topics = [
      {
        ...{ name: "single", partitions: 1, retentionMs: 2 * HOUR_MS, retentionBytes: 1e9 },
        ...{ compacted: false, backlogBytesMax: 1e9 },
      },
    ];
    await (await open(password("PLAIN"), client)).close();
    const account = password("PLAIN", PASSWORD, WITHOUT_ALTER);
    const bus = await open(account, client, { topics, logger });
    await bus.publish("a", "single", numbered(1, "as it is"));
    await bus.close();
    const text = warnings.join("");
    expect(text).toContain(
      `kafka-configs.sh --alter --entity-type topics --entity-name ${PREFIX}.a`,
    );
    expect(text).toContain("retention.ms=7200000");
  });
});

function named(): string {
  return `localhost:${SIGN_IN_PORT}`;
}

/** As a value of server.properties. */
function oneLine(text: string): string {
  return text.trim().replaceAll("\n", "\\n");
}

/** Unsigned: the broker's development validator takes it. */
function jwt(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  return `${part({ alg: "none" })}.${part({ sub: USER, iat: now, exp: now + 300 })}.`;
}

async function addScramUser(): Promise<void> {
  const connection = new Connection("test");
  await connection.connect("127.0.0.1", PORT);
  const salt = randomBytes(16);
  const mechanisms = [
    { mechanism: 1, digest: "sha256", bytes: 32 },
    { mechanism: 2, digest: "sha512", bytes: 64 },
  ];
  // A request may name a user only once.
  for (const { mechanism, digest, bytes } of mechanisms) {
    const saltedPassword = pbkdf2Sync(PASSWORD, salt, ITERATIONS, bytes, digest);
    const user = { name: USER, mechanism, iterations: ITERATIONS, salt, saltedPassword };
    await alterUserScramCredentialsV0.api.async(connection, [], [user]);
  }
  await connection.close();
}

/** Those of the operations page; one account lacks the right to alter. */
async function addRights(): Promise<void> {
  const [topic, group, cluster] = [2, 3, 4] as const;
  const [READ, WRITE, CREATE, DELETE, DESCRIBE] = [3, 4, 5, 6, 8] as const;
  const [DESCRIBE_CONFIGS, ALTER_CONFIGS, IDEMPOTENT_WRITE] = [10, 11, 12] as const;
  const [LITERAL, PREFIXED] = [3, 4] as const;
  const ALLOW = 3;
  const creations: Acl[] = [];
  for (const name of [USER, WITHOUT_ALTER]) {
    const base = { principal: `User:${name}`, host: "*", permissionType: ALLOW } as const;
    const ours = { ...base, resourceName: `${PREFIX}.`, resourcePatternType: PREFIXED };
    for (const operation of [CREATE, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS, READ, WRITE])
      if (name === USER || operation !== ALTER_CONFIGS)
        creations.push({ ...ours, resourceType: topic, operation });
    for (const operation of [READ, DESCRIBE, DELETE])
      creations.push({ ...ours, resourceType: group, operation });
    const whole = { ...base, resourceName: "kafka-cluster", resourcePatternType: LITERAL };
    creations.push({ ...whole, resourceType: cluster, operation: IDEMPOTENT_WRITE });
  }
  const admin = new Admin({ clientId: "test", bootstrapBrokers: [broker.address] });
  await admin.createAcls({ creations });
  await admin.close();
}
