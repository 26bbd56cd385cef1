// An embedded installation moves to the real Kafka and Elasticsearch, is killed on the way, and is whole in
// the end: counts, checksums and audit chains.
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@elastic/elasticsearch";
import { Admin } from "@platformatic/kafka";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backup, restore } from "../../../../services/cli/transfer/backup.ts";
import { migrate } from "../../../../services/cli/transfer/migrate.ts";
import type { MoveResult } from "../../../../services/cli/transfer/result.ts";
import {
  ELASTIC_USER,
  elasticsearchUrl,
  kafkaBroker,
  ownPrefix,
} from "../../../servers/addresses.ts";
import { configIn, fill, newKey } from "../../../support/filled-installation.ts";

const EVENTS_TARGET = 1500;
const folder = mkdtempSync(join(tmpdir(), "hw-migrate-"));
const prefix = ownPrefix();
const key = newKey();
const program = join(import.meta.dirname, "../../../../services/cli/heidewacht.ts");

const source = configIn(folder, "quelle", key);
writeFileSync(join(folder, "password"), ELASTIC_USER.password);
chmodSync(join(folder, "password"), 0o600);
const servers = {
  bus: { kind: "kafka", brokers: [kafkaBroker()], prefix },
  store: {
    ...{ kind: "elasticsearch", nodes: [elasticsearchUrl()], prefix },
    ...{ username: ELASTIC_USER.username, passwordFile: "password" },
  },
};
const target = configIn(folder, "ziel", key, servers);
const talliesOf = ({ parts }: MoveResult) =>
  parts.map(({ tenant, name, target: tally }) => ({ tenant, name, tally }));

beforeAll(() => fill(source.loaded, EVENTS_TARGET), 120_000);

afterAll(async () => {
  const client = new Client({ node: elasticsearchUrl(), auth: ELASTIC_USER });
  const indices = await client.indices.get({ index: `${prefix}-*`, filter_path: "*.aliases" });
  for (const index of Object.keys(indices)) await client.indices.delete({ index });
  await client.close();
  const admin = new Admin({ clientId: prefix, bootstrapBrokers: [kafkaBroker()] });
  const topics = (await admin.listTopics()).filter((name) => name.startsWith(`${prefix}.`));
  if (topics.length > 0) await admin.deleteTopics({ topics });
  await admin.close();
  rmSync(folder, { recursive: true });
});

describe("heidewacht migrate", () => {
  it("is whole after it was killed in the middle, and a backup of it fits the embedded kind", async () => {
    const before = await backup(source.loaded, join(folder, "vorher"), "test");
    await killedOnTheWay();
    const result = await migrate(source.loaded, target.loaded);
    expect(result).toMatchObject({ equal: true, brokenChains: [], left: [] });
    expect(result.parts.find(({ name }) => name === "finding")?.source.rows).toBeGreaterThan(0);
    // Once more: nothing happens twice.
    expect(talliesOf(await migrate(source.loaded, target.loaded))).toEqual(talliesOf(result));

    const copy = join(folder, "sicherung");
    const made = await backup(target.loaded, copy, "test");
    expect(made.equal).toBe(true);
    const back = await restore(configIn(folder, "zurueck", key).loaded, copy);
    expect(back.equal).toBe(true);
    const kept = (one: MoveResult) => talliesOf(one).filter(({ name }) => KEPT.has(name));
    expect(kept(back)).toEqual(kept(before));
  });

  it("refuses a target that has data which is not its own", async () => {
    const other = configIn(folder, "zweite", key);
    await fill(other.loaded, 100);
    await expect(migrate(other.loaded, target.loaded)).rejects.toMatchObject({
      code: "HW_PLACE_TAKEN",
    });
  });
});

/** What neither draining nor the way changes. */
const KEPT = new Set(["finding", "account", "account_name", "shipper", "events", "dead-letter"]);

async function killedOnTheWay(): Promise<void> {
  const journal = join(folder, "data-quelle", "migrate.json");
  const args = [program, "migrate", "--from", source.file, "--to", target.file];
  const child = spawn(process.execPath, args, { stdio: "ignore", env: { PATH: process.env.PATH } });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const isUnderWay = () => existsSync(journal) && readFileSync(journal, "utf8").includes("/");
  while (child.exitCode === null && !isUnderWay()) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  child.kill("SIGKILL");
  await ended;
  expect(child.signalCode).toBe("SIGKILL");
}
