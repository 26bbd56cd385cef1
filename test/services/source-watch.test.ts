// From a source that falls silent to a finding about it, and back, through the real service.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadConfig } from "../../config/load.ts";
import { createSourceMonitor, type SourceMonitor } from "../../services/detect/source-monitor.ts";
import { type Running, startHeidewacht } from "../../services/main.ts";
import { lookAtSources } from "../../services/source-watch.ts";
import { FINDING_KIND } from "../../services/store/kinds.ts";
import { TENANT, writeInstallation } from "../support/loopback.ts";
import { oneSeen } from "../support/source-counts.ts";

const MINUTE = 60_000;
const logger = pino({ level: "silent" });
const START = Date.UTC(2026, 10, 20, 8);

async function start(): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-watch-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { configFile } = writeInstallation(folder, { console: 0, input: 0 }, "5a".repeat(32));
  const running = await startHeidewacht(loadConfig(configFile, {}), {
    logger,
  });
  onTestFinished(() => running.close());
  return running;
}

async function open(running: Pick<Running, "store">, startedAt: number): Promise<SourceMonitor> {
  const { store } = running;
  const monitor = createSourceMonitor({ store, startedAt, silenceMsOf: () => 10 * MINUTE });
  await monitor.open(TENANT);
  return monitor;
}

async function look(running: Running, monitor: SourceMonitor, now: number): Promise<void> {
  await lookAtSources(TENANT, now, {
    bus: running.bus,
    store: running.store,
    monitor,
    findingWindowMs: 3_600_000,
    now: () => now,
    logger,
  });
  await running.idle(TENANT);
}

const send = (monitor: SourceMonitor, source: string, receivedAt: number) =>
  monitor.take(TENANT, oneSeen(source, { receivedAt }));

async function findings(running: Running) {
  const query = { sort: [{ field: "firstEventAt", order: "asc" }], limit: 10 } as const;
  return (await running.store.search(TENANT, FINDING_KIND, query)).hits.map((hit) => hit.document);
}

describe("a source that falls silent", () => {
  it("becomes one finding of its own, which is noted when it is back", async () => {
    const running = await start();
    const monitor = await open(running, START);
    for (const source of ["firewall", "mail"]) send(monitor, source, START);
    await look(running, monitor, START + 5 * MINUTE);
    expect(await findings(running)).toEqual([]);

    for (const minutes of [11, 12, 30]) await look(running, monitor, START + minutes * MINUTE);
    const found = await findings(running);
    expect(found.map((one) => one.groupKey).sort()).toEqual(["service:firewall", "service:mail"]);
    expect(found[0]).toMatchObject({ detector: { title: "Protokollquelle schweigt" } });
    expect(found.map((one) => one.signalCount)).toEqual([1, 1]);
    expect(found[0]?.evidence[0]?.events[0]?.document).toMatchObject({
      "json.payload.lastReceivedAt": "2026-11-20T08:00:00.000Z",
      "json.payload.silentAfterMinutes": 10,
    });

    send(monitor, "mail", START + 40 * MINUTE);
    await look(running, monitor, START + 41 * MINUTE);
    const mail = found.find((one) => one.groupKey === "service:mail");
    const entries = await running.store.readAudit(TENANT, 0, 100);
    expect(entries.filter(({ action }) => action.startsWith("source."))).toMatchObject([
      {
        ...{ action: "source.resumed", subject: mail?.id, actor: "system" },
        payload: { source: "mail", lastReceivedAt: START, resumedAt: START + 40 * MINUTE },
      },
    ]);
    expect(await findings(running)).toHaveLength(2);
  });

  it("is not told again by the next process", async () => {
    const running = await start();
    const first = await open(running, START);
    send(first, "firewall", START);
    await look(running, first, START + 11 * MINUTE);
    const second = await open(running, START + 20 * MINUTE);
    await look(running, second, START + 60 * MINUTE);
    expect((await findings(running)).map((one) => one.signalCount)).toEqual([1]);
    expect(second.report(TENANT, START + 60 * MINUTE)).toMatchObject([
      { source: "firewall", records: 1, silentSince: START, formats: { json: 1 } },
    ]);
  });
});

describe("the monitor", () => {
  it("does not grow with invented sources, and leaves itself out", async () => {
    const running = await start();
    const monitor = await open(running, START);
    send(monitor, "heidewacht", START);
    for (let index = 0; index < 1200; index += 1) send(monitor, `s${index}`, START);
    expect(monitor.report(TENANT, START)).toHaveLength(1000);
    await monitor.save(TENANT);
    expect((await open(running, START)).report(TENANT, START)).toHaveLength(1000);
  });

  it("is read by the metrics", async () => {
    const running = await start();
    const answer = await fetch(`${running.consoleUrl}/metrics`);
    const text = await answer.text();
    for (const name of ["last_event_timestamp", "lag", "clock_skew"]) {
      expect(text).toContain(`heidewacht_source_${name}_seconds`);
    }
    expect(text).toContain("heidewacht_source_parse_share");
    expect(text).toContain("heidewacht_source_silent");
  });
});
