// The watchdog and the whole service, each with its own channels and clocks: a stage that hangs is told by the
// service to whoever asks, and by the watchdog to people.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { loadConfig } from "../../../config/load.ts";
import { watchdogSchema } from "../../../config/watchdog.ts";
import { volatileMemory } from "../../../services/channels/channel-memory.ts";
import { openChannel } from "../../../services/channels/open.ts";
import { type Running, startHeidewacht } from "../../../services/main.ts";
import { attackOnly } from "../../../services/simulator/simulate.ts";
import { startWatchdog, type Watchdog } from "../../../services/watchdog/watchdog.ts";
import { startPeer } from "../../support/http-peer-server.ts";
import { type Installation, TENANT, writeInstallation } from "../../support/loopback.ts";
import { replay, shipmentsOf } from "../../support/replay.ts";

const MASTER_KEY = "5b".repeat(32);
const SHIPMENTS = shipmentsOf(attackOnly({ seed: "watchdog-1" }).records, 100);
const logger = pino({ level: "silent" });
const TURN_MS = 10_000;

async function startService(steadyNow: () => number): Promise<[Running, Installation]> {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-watched-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const installation = writeInstallation(folder, { console: 0, input: 0 }, MASTER_KEY);
  const config = loadConfig(installation.configFile, {});
  const running = await startHeidewacht(config, { logger, steadyNow });
  onTestFinished(() => running.close());
  return [running, installation];
}

async function startWatching(target: string, webhook: string, steadyNow: () => number) {
  const config = watchdogSchema.parse({
    tenantName: "Landkreis Musterheide",
    targets: { heidewacht: { url: target } },
    channels: { ruf: { kind: "webhook", url: webhook } },
    contacts: [{ channel: "ruf" }],
    heartbeat: { port: 0 },
  });
  const channels = new Map(
    Object.entries(config.channels).map(
      ([name, one]) => [name, openChannel(one, (path) => path, `channels.${name}`)] as const,
    ),
  );
  const memory = volatileMemory();
  const watchdog = await startWatchdog(
    { config, channels, memory, logger, steadyNow, authoritiesOf: () => undefined, now: Date.now },
    false,
  );
  onTestFinished(() => watchdog.close());
  return watchdog;
}

/** Findings are not written before it is released. */
function hangTriage({ store }: Running): { readonly isHung: Promise<void>; release: () => void } {
  const gate = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const record = store.recordSignals.bind(store);
  store.recordSignals = async (...signals) => {
    reached.resolve();
    await gate.promise;
    return record(...signals);
  };
  return { isHung: reached.promise, release: gate.resolve };
}

describe("a service whose triage hangs", () => {
  it("says so at /heartbeat, the watchdog calls, and tells that it is over", async () => {
    let clock = 1_000_000;
    const steadyNow = () => clock;
    const called: string[] = [];
    const peer = await startPeer(({ body }) => {
      called.push(body);
      return { status: 200 };
    });
    onTestFinished(() => peer.close());
    const [running, installation] = await startService(steadyNow);
    const heartbeat = `${running.consoleUrl}/heartbeat`;
    const watchdog = await startWatching(heartbeat, `${peer.url}/ruf`, steadyNow);
    const pass = async (dog: Watchdog, ms: number) => {
      for (let at = 0; at < ms; at += TURN_MS) {
        clock += TURN_MS;
        await dog.turn();
      }
    };

    const good = await fetch(heartbeat);
    expect([good.status, await good.json()]).toMatchObject([
      200,
      { status: "ok", silent: [], stages: { detect: {}, baseline: {}, triage: {}, api: {} } },
    ]);
    await pass(watchdog, 300_000);
    expect(called).toEqual([]);

    const { isHung, release } = hangTriage(running);
    const { inputUrl = "" } = running;
    const shipping = { inputUrl, sendersAtOnce: 1, mayShip: async () => undefined };
    await replay(SHIPMENTS, installation, { ...shipping, onRetry: () => undefined });
    await isHung;
    await pass(watchdog, 130_000);
    const bad = await fetch(heartbeat);
    expect([bad.status, await bad.json()]).toMatchObject([
      503,
      { status: "silent", silent: expect.arrayContaining(["triage"]) },
    ]);
    await vi.waitFor(() => expect(called).toHaveLength(1));
    expect(called[0]).toContain("Heidewacht antwortet nicht: heidewacht");

    release();
    await running.idle(TENANT);
    await pass(watchdog, 20_000);
    expect((await fetch(heartbeat)).status).toBe(200);
    await vi.waitFor(() => expect(called).toHaveLength(2));
    expect(called[1]).toContain("Heidewacht antwortet wieder: heidewacht");
  });
});

describe("a service whose watchdog stops asking", () => {
  it("misses it in its figures", async () => {
    let clock = 1_000_000;
    const [running] = await startService(() => clock);
    const watchdog = await startWatching(
      `${running.consoleUrl}/heartbeat`,
      "http://127.0.0.1:9/",
      () => clock,
    );
    const figure = async () => {
      const metrics = await (await fetch(`${running.consoleUrl}/metrics`)).text();
      return /^heidewacht_watchdog_silent (\d)$/m.exec(metrics)?.[1];
    };
    await watchdog.turn();
    expect(await figure()).toBe("0");
    clock += 181_000;
    expect(await figure()).toBe("1");
  });
});
