// A correlation that has begun before a move ends after it: failed logons are counted by an embedded
// installation, and the one that succeeds comes to another over the real Kafka and Elasticsearch.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@elastic/elasticsearch";
import { Admin } from "@platformatic/kafka";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { LoadedConfig } from "../../../../config/load.ts";
import { encodeRaw } from "../../../../services/bus/raw-record.ts";
import { backup, restore } from "../../../../services/cli/transfer/backup.ts";
import { migrate } from "../../../../services/cli/transfer/migrate.ts";
import { startHeidewacht } from "../../../../services/main.ts";
import { FINDING_KIND } from "../../../../services/store/kinds.ts";
import {
  ELASTIC_USER,
  elasticsearchUrl,
  kafkaBroker,
  ownPrefix,
} from "../../../servers/addresses.ts";
import { configIn, newKey, silent, TENANT } from "../../../support/filled-installation.ts";

/** Of detectors/rules/windows/logon-guessed.yml. */
const RULE = "6561d618-c364-4e54-bca3-076de3db2311";
const FAILURES = 15;
const folder = mkdtempSync(join(tmpdir(), "hw-half-"));
const key = newKey();
const prefixes = { migrate: ownPrefix(), restore: ownPrefix() };
const beganAt = Date.now() - 240_000;
writeFileSync(join(folder, "password"), ELASTIC_USER.password, { mode: 0o600 });
const source = configIn(folder, "quelle", key).loaded;
const copy = join(folder, "sicherung");

afterAll(async () => {
  const client = new Client({ node: elasticsearchUrl(), auth: ELASTIC_USER });
  const admin = new Admin({ clientId: "test", bootstrapBrokers: [kafkaBroker()] });
  for (const prefix of Object.values(prefixes)) {
    const indices = await client.indices.get({ index: `${prefix}-*`, filter_path: "*.aliases" });
    for (const index of Object.keys(indices)) await client.indices.delete({ index });
    const topics = (await admin.listTopics()).filter((name) => name.startsWith(`${prefix}.`));
    if (topics.length > 0) await admin.deleteTopics({ topics });
  }
  await client.close();
  await admin.close();
  rmSync(folder, { recursive: true });
});

function onServers(prefix: string): LoadedConfig {
  return configIn(folder, prefix, key, {
    bus: { kind: "kafka", brokers: [kafkaBroker()], prefix },
    store: {
      ...{ kind: "elasticsearch", nodes: [elasticsearchUrl()], prefix },
      ...{ username: ELASTIC_USER.username, passwordFile: "password" },
    },
  }).loaded;
}

function logon(code: 4624 | 4625, seconds: number): Uint8Array {
  const time = new Date(beganAt + seconds * 1000).toISOString();
  const text = JSON.stringify({
    EventTime: time.slice(0, 19).replace("T", " "),
    Hostname: "srv-file01.kreis.example",
    EventID: code,
    SourceName: "Microsoft-Windows-Security-Auditing",
    RecordNumber: 1000 + seconds,
    Channel: "Security",
    TargetUserName: "emustermann",
    LogonType: 3,
    IpAddress: "10.20.4.117",
    ...(code === 4625 ? { SubStatus: "0xc000006a" } : {}),
  });
  const head = { id: `logon/${seconds}`, idFromSender: true, source: "windows", timeZone: "UTC" };
  return encodeRaw({ ...head, receivedAt: Date.now(), text });
}

/** Lets an installation process records. @returns findings of the rule afterwards */
async function process(loaded: LoadedConfig, values: readonly Uint8Array[]): Promise<number> {
  const running = await startHeidewacht(loaded, { logger: silent });
  try {
    await running.bus.publish(
      TENANT,
      "raw",
      values.map((value) => ({ key: undefined, value })),
    );
    await running.idle(TENANT);
    const { hits } = await running.store.search(TENANT, FINDING_KIND, { sort: [], limit: 100 });
    return hits.filter(({ document }) => document.detector.id === RULE).length;
  } finally {
    await running.close();
  }
}

const success = [logon(4624, 200)];

beforeAll(async () => {
  const failures = Array.from({ length: FAILURES }, (_, at) => logon(4625, at * 12));
  expect(await process(source, failures)).toBe(0);
  expect((await backup(source, copy, "test")).equal).toBe(true);
}, 120_000);

it("takes the failures for it: a success alone is nothing", async () => {
  expect(await process(configIn(folder, "allein", key).loaded, success)).toBe(0);
}, 120_000);

it("fires after migrate", async () => {
  const target = onServers(prefixes.migrate);
  expect(await migrate(source, target)).toMatchObject({ equal: true, left: [] });
  expect(await process(target, success)).toBe(1);
}, 240_000);

it("fires after backup and restore", async () => {
  const target = onServers(prefixes.restore);
  expect(await restore(target, copy)).toMatchObject({ equal: true, left: [] });
  expect(await process(target, success)).toBe(1);
}, 240_000);
