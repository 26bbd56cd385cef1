// The list of rights that the operations page gives for Kafka, at a broker that checks rights: it is enough
// for all services, and the doctor names each right that is taken away.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Acl, Admin } from "@platformatic/kafka";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { worstOf } from "../../../../services/cli/doctor/check.ts";
import { DOCTOR_MESSAGES } from "../../../../services/cli/doctor/messages.ts";
import { doctor } from "../../../../services/cli/doctor.ts";
import { startHeidewacht } from "../../../../services/main.ts";
import { FINDING_KIND } from "../../../../services/store/kinds.ts";
import { ownKafka } from "../../../servers/own-kafka.ts";
import { configIn, fill, newKey, silent, TENANT } from "../../../support/filled-installation.ts";

const PORT = 19_720;
const SIGN_IN_PORT = PORT + 2;
const EVENTS_TARGET = 500;
const page = readFileSync(join(import.meta.dirname, "../../../../docs/betrieb.md"), "utf8");
const text = DOCTOR_MESSAGES.de;
const folder = mkdtempSync(join(tmpdir(), "hw-rights-"));
writeFileSync(join(folder, "password"), "geheim-1", { mode: 0o600 });

const broker = ownKafka(PORT, {
  listeners: [
    `PLAINTEXT://127.0.0.1:${PORT}`,
    `CONTROLLER://127.0.0.1:${PORT + 1}`,
    `SIGNIN://127.0.0.1:${SIGN_IN_PORT}`,
  ].join(","),
  "advertised.listeners": `PLAINTEXT://127.0.0.1:${PORT},SIGNIN://127.0.0.1:${SIGN_IN_PORT}`,
  "listener.security.protocol.map":
    "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SIGNIN:SASL_PLAINTEXT",
  "sasl.enabled.mechanisms": "PLAIN",
  "listener.name.signin.plain.sasl.jaas.config":
    "org.apache.kafka.common.security.plain.PlainLoginModule required" +
    ' user_heidewacht="geheim-1";',
  "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
  "super.users": "User:ANONYMOUS",
});
const admin = new Admin({ clientId: "test", bootstrapBrokers: [broker.address] });
const bus = {
  ...{ kind: "kafka", brokers: [`127.0.0.1:${SIGN_IN_PORT}`] },
  sasl: { mechanism: "PLAIN", username: "heidewacht", passwordFile: "password" },
};
const { file, loaded } = configIn(folder, "rechte", newKey(), { bus, queue: { partitions: 2 } });

/** Numbers of the protocol (org.apache.kafka.common.acl.AclOperation, resource.ResourceType). */
const OPERATIONS = new Map<string, Acl["operation"]>([
  ...([
    ["Read", 3],
    ["Write", 4],
    ["Create", 5],
    ["Delete", 6],
    ["Describe", 8],
  ] as const),
  ...([
    ["DescribeConfigs", 10],
    ["AlterConfigs", 11],
    ["IdempotentWrite", 12],
  ] as const),
]);
const [PREFIXED, LITERAL, ALLOW] = [4, 3, 3] as const;

interface Right {
  readonly name: string;
  readonly acl: Acl;
}

/** What the commands on the page would allow. */
function rightsOfPage(): readonly Right[] {
  const commands: readonly string[] =
    page.replaceAll("\\\n", " ").match(/^kafka-acls\.sh --add .*$/gm) ?? [];
  return commands.flatMap((command) => {
    const topic = /--topic (\S+)/.exec(command)?.[1];
    const group = /--group (\S+)/.exec(command)?.[1];
    const resource =
      topic !== undefined
        ? ({ resourceType: 2, resourceName: topic, resourcePatternType: PREFIXED } as const)
        : group !== undefined
          ? ({ resourceType: 3, resourceName: group, resourcePatternType: PREFIXED } as const)
          : ({
              ...{ resourceType: 4 as const, resourceName: "kafka-cluster" },
              resourcePatternType: LITERAL,
            } as const);
    const kind = topic !== undefined ? "topic" : group !== undefined ? "group" : "cluster";
    return [...command.matchAll(/--operation (\S+)/g)].map(([, operation = ""]) => {
      const number = OPERATIONS.get(operation);
      if (number === undefined) throw new Error(`no operation ${operation}`);
      const who = { principal: "User:heidewacht", host: "*", permissionType: ALLOW } as const;
      return { name: `${kind}: ${operation}`, acl: { ...resource, ...who, operation: number } };
    });
  });
}

const rights = rightsOfPage();

beforeAll(async () => {
  await broker.start();
  const creations = rights.map(({ acl }) => acl);
  // The port answers a moment before rights can be given.
  const give = () =>
    admin.createAcls({ creations }).then(
      () => true,
      () => false,
    );
  while (!(await give())) await new Promise((resolve) => setTimeout(resolve, 500));
}, 120_000);

afterAll(async () => {
  await admin.close();
  broker.dispose();
  rmSync(folder, { recursive: true });
});

async function linesOf(name: string) {
  const options = { config: file, json: false, timeout: 20, minFree: 0, create: false };
  return (await doctor(options, text)).find((one) => one.name === name)?.lines ?? [];
}

describe("the rights of the operations page", () => {
  it("are enough for all services, from a line to a finding", async () => {
    await fill(loaded, EVENTS_TARGET);
    const running = await startHeidewacht(loaded, { logger: silent });
    try {
      const { total } = await running.store.search(TENANT, FINDING_KIND, { sort: [], limit: 1 });
      expect(total).toBeGreaterThan(0);
      expect(await running.bus.lag(TENANT, "raw", "detect")).toMatchObject({ records: 0 });
    } finally {
      await running.close();
    }
    expect(worstOf(await linesOf(text.kafkaTopics))).toBe("good");
    expect(worstOf(await linesOf(text.kafkaClock))).toBe("good");
    // Nobody reads them now, which it may say; but nothing is forbidden.
    expect(worstOf(await linesOf(text.kafkaGroups))).not.toBe("bad");
  }, 240_000);

  it.each(rights.filter(({ name }) => !name.startsWith("cluster")))(
    "are told of when $name is taken away",
    async ({ name, acl }) => {
      const { resourceType, resourceName, resourcePatternType, principal } = acl;
      const { host, operation, permissionType } = acl;
      const filter = {
        ...{ resourceType, resourceName, resourcePatternType, principal },
        ...{ host, operation, permissionType },
      };
      await admin.deleteAcls({ filters: [filter] });
      try {
        const isGroup = name.startsWith("group");
        const check = isGroup ? text.kafkaGroups : text.kafkaTopics;
        const word = name.slice(name.indexOf(" ") + 1).toLowerCase();
        // Rights reach the broker a moment after they are changed.
        await expect
          .poll(async () => JSON.stringify(await linesOf(check)).toLowerCase(), { timeout: 20_000 })
          .toMatch(new RegExp(`recht[^"]*${word}`));
      } finally {
        await admin.createAcls({ creations: [acl] });
      }
    },
    60_000,
  );
});
