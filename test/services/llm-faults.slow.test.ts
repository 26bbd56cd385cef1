// The same attack shipped to the whole service with a language model that does everything wrong, and without
// one: findings, their order and what is told of them stay exactly the same.
import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { loadConfig } from "../../config/load.ts";
import { startHeidewacht } from "../../services/main.ts";
import { attackOnly } from "../../services/simulator/simulate.ts";
import { FINDING_KIND } from "../../services/store/kinds.ts";
import { startHostileModel } from "../support/hostile-model.ts";
import { freePort, type Installation, TENANT, writeInstallation } from "../support/loopback.ts";
import { complete, type ModelServer, startModelServer } from "../support/model-server.ts";
import { readOutcome } from "../support/outcome.ts";
import { replay, shipmentsOf } from "../support/replay.ts";

const MASTER_KEY = "5a".repeat(32);
const SHIPMENTS = shipmentsOf(attackOnly({ seed: "llm-1" }).records, 100);
const ENDLESS_EVERY_MS = 5;
const HTML = "<!doctype html><title>Anmeldung</title><script>alert(1)</script>";

type Misbehave = (response: ServerResponse) => void;

const WAYS: Readonly<Record<string, Misbehave>> = {
  silent: () => undefined,
  endless: (response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write('{"choices":[{"message":{"content":"');
    const timer = setInterval(() => response.write("a".repeat(1000)), ENDLESS_EVERY_MS);
    response.on("close", () => clearInterval(timer));
  },
  truncated: (response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "5000" });
    response.write('{"choices":[{"mess', () => response.destroy());
  },
  html: (response) => response.writeHead(200, { "content-type": "text/html" }).end(HTML),
  "html as an answer": (response) => complete(response, HTML),
  failing: (response) => response.writeHead(500).end("{}"),
  overloaded: (response) => response.writeHead(429, { "retry-after": "1" }).end("{}"),
  "sending elsewhere": (response) =>
    response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
  deep: (response) =>
    response
      .writeHead(200, { "content-type": "application/json" })
      .end("[".repeat(100_000) + "]".repeat(100_000)),
};

let first: Installation;

// Keys of pseudonyms are drawn at the first start: all runs begin with a copy of the same one.
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-llm-faults-"));
  first = writeInstallation(folder, { console: 0, input: 0 }, MASTER_KEY);
  await (await start(first.configFile)).close();
});
afterAll(() => rmSync(first.folder, { recursive: true, force: true }));

function start(configFile: string) {
  const logger = pino({ level: "silent" });
  return startHeidewacht(loadConfig(configFile, {}), { logger });
}

async function outcomeWith(url: string | undefined, model: ModelServer | undefined) {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-llm-faults-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(first.folder, folder, { recursive: true });
  const installation = { ...first, folder, configFile: join(folder, "heidewacht.yml") };
  if (url !== undefined) {
    const settings = "timeoutMs: 1000, retriesMax: 1, debounceMs: 0, minLevel: informational";
    appendFileSync(installation.configFile, `llm: { url: "${url}", ${settings} }\n`);
  }
  const running = await start(installation.configFile);
  onTestFinished(() => running.close());
  await replay(SHIPMENTS, installation, {
    ...{ inputUrl: running.inputUrl ?? "", sendersAtOnce: 1 },
    ...{ mayShip: async () => undefined, onRetry: () => undefined },
  });
  await running.idle(TENANT);
  if (model !== undefined) {
    await vi.waitFor(() => expect(model.requests()).toBeGreaterThan(1), { timeout: 60_000 });
  }
  const { findings } = await readOutcome(running, TENANT);
  const queue = await running.store.search(TENANT, FINDING_KIND, {
    terms: { status: ["new"], quiet: ["none"] },
    sort: [{ field: "score", order: "desc" }],
    limit: 500,
  });
  const order = queue.hits.map(({ id, document }) => ({
    ...{ id, score: document.score, status: document.status, summary: document.summary },
  }));
  await running.close();
  return { findings, order };
}

let plain: ReturnType<typeof outcomeWith> | undefined;
const expected = () => {
  plain ??= outcomeWith(undefined, undefined);
  return plain;
};

describe("findings, their order and their words stay the same", () => {
  it("with a language model that is not there", async () => {
    const url = `http://127.0.0.1:${await freePort()}/v1`;
    const outcome = await expected();
    expect(outcome.order.length).toBeGreaterThan(3);
    expect(await outcomeWith(url, undefined)).toEqual(outcome);
  });

  it("with one that obeys everything that stands in logs", async () => {
    const model = await startHostileModel();
    onTestFinished(() => model.close());
    expect(await outcomeWith(model.url, model)).toEqual(await expected());
  });

  it.each(Object.entries(WAYS))("with one that is %s", async (_, misbehave) => {
    const model = await startModelServer((_prompt, response) => misbehave(response));
    onTestFinished(() => model.close());
    expect(await outcomeWith(model.url, model)).toEqual(await expected());
  });
});
