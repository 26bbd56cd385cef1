// A start while Kafka or Elasticsearch are away, as a process of its own: it waits and says so once, is not
// ready until they are there, can be stopped meanwhile, and ends only for what no waiting mends.
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@elastic/elasticsearch";
import { Admin } from "@platformatic/kafka";
import { afterAll, expect, it } from "vitest";
import { ELASTIC_USER, elasticsearchUrl, kafkaBroker, ownPrefix } from "../servers/addresses.ts";
import { type CutProxy, openCutProxy } from "../support/cut-proxy.ts";
import { configIn, newKey } from "../support/filled-installation.ts";
import { type ServiceProcess, startService } from "../support/service-process.ts";

const folder = mkdtempSync(join(tmpdir(), "hw-wait-"));
const prefix = ownPrefix();
const key = newKey();
const proxies: CutProxy[] = [];
writeFileSync(join(folder, "password"), ELASTIC_USER.password, { mode: 0o600 });
writeFileSync(join(folder, "wrong"), "falsch", { mode: 0o600 });

const client = new Client({ node: elasticsearchUrl(), auth: ELASTIC_USER });

afterAll(async () => {
  for (const proxy of proxies) await proxy.close();
  const indices = await client.indices.get({ index: `${prefix}-*`, filter_path: "*.aliases" });
  for (const index of Object.keys(indices)) await client.indices.delete({ index });
  await client.close();
  const admin = new Admin({ clientId: prefix, bootstrapBrokers: [kafkaBroker()] });
  const topics = (await admin.listTopics()).filter((name) => name.startsWith(`${prefix}.`));
  if (topics.length > 0) await admin.deleteTopics({ topics });
  await admin.close();
  rmSync(folder, { recursive: true });
});

async function cutProxy(target: string): Promise<CutProxy> {
  const proxy = await openCutProxy(target);
  proxy.cut();
  proxies.push(proxy);
  return proxy;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no address");
  return address.port;
}

interface Started {
  readonly service: ServiceProcess;
  readonly output: () => string;
  readonly health: () => Promise<{ readonly code: number; readonly body: string }>;
}

/** `service` runs with the monitoring server, `api` with the console. */
async function start(
  name: string,
  service: "triage" | "api",
  change: { broker?: string; url?: string; passwordFile?: string },
): Promise<Started> {
  const port = await freePort();
  const { file } = configIn(folder, name, key, {
    bus: { kind: "kafka", brokers: [change.broker ?? kafkaBroker()], prefix },
    store: {
      ...{ kind: "elasticsearch", nodes: [change.url ?? elasticsearchUrl()], prefix },
      ...{ username: ELASTIC_USER.username, passwordFile: change.passwordFile ?? "password" },
    },
    ...(service === "api" ? { console: { port } } : { monitoring: { port } }),
  });
  let text = "";
  const process = startService(file, [service], (more) => {
    text += more;
  });
  const health = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    return { code: answer?.status ?? 0, body: (await answer?.text()) ?? "" };
  };
  return { service: process, output: () => text, health };
}

const timesIn = (text: string, part: string) => text.split(part).length - 1;
const patience = { timeout: 60_000, interval: 200 };

it.each([
  ["Kafka", "triage", "Kafka can't be reached"],
  ["Elasticsearch", "triage", "Elasticsearch is away"],
  ["Elasticsearch", "api", "Elasticsearch is away"],
] as const)(
  "waits for %s (service %s) and says so once",
  async (what, service, words) => {
    const isKafka = what === "Kafka";
    const proxy = await cutProxy(isKafka ? `http://${kafkaBroker()}` : elasticsearchUrl());
    const away = isKafka ? { broker: new URL(proxy.url).host } : { url: proxy.url };
    const started = await start(`weg-${what}-${service}`, service, away);
    await expect.poll(async () => (await started.health()).code, patience).toBe(503);
    await expect.poll(started.output, patience).toContain(words);
    // Longer than one client's own pauses: what is said per attempt would show.
    await new Promise((resolve) => setTimeout(resolve, 5000));
    expect(started.service.pid).toBeDefined();
    expect(timesIn(started.output(), words)).toBe(1);
    expect(timesIn(started.output(), "waiting for the servers;")).toBe(1);
    proxy.restore();
    await started.service.ready;
    await expect.poll(async () => (await started.health()).code, patience).toBe(200);
    started.service.send("SIGTERM");
    expect((await started.service.ended).code).toBe(0);
  },
  300_000,
);

it("can be stopped while it waits", async () => {
  const [kafka, elasticsearch] = [await freePort(), await freePort()];
  const started = await start("anhalten", "triage", {
    broker: `127.0.0.1:${kafka}`,
    url: `http://127.0.0.1:${elasticsearch}`,
  });
  await expect.poll(async () => (await started.health()).code, patience).toBe(503);
  expect(await started.health()).toMatchObject({ code: 503 });
  started.service.send("SIGTERM");
  expect((await started.service.ended).code).toBe(0);
}, 300_000);

it("ends at once for a wrong password", async () => {
  const { service } = await start("falsch", "triage", { passwordFile: "wrong" });
  const { code, output } = await service.ended;
  expect(code).not.toBe(0);
  expect(output).toContain("HW_UNAVAILABLE");
  expect(output).toContain("heidewacht doctor");
}, 300_000);

it("ends at once for data that a newer program has written", async () => {
  const index = `${prefix}-setting-kreis`;
  const [first] = Object.keys(await client.indices.get({ index }));
  const meta = { layout: 999, revision: 1 };
  await client.indices.putMapping({ index: first ?? index, _meta: meta });
  const { service } = await start("neuer", "triage", {});
  const { code, output } = await service.ended;
  expect(code).not.toBe(0);
  expect(output).toContain("HW_STORE_VERSION");
}, 300_000);
