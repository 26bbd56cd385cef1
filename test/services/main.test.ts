// The whole service in this process, on folders of its own: what was acknowledged outlives an orderly
// stop, one folder and one port have one owner, and machines can ask how it is.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadConfig } from "../../config/load.ts";
import { type Running, startHeidewacht } from "../../services/main.ts";
import { attackOnly } from "../../services/simulator/simulate.ts";
import { shareEpochs } from "../support/epochs.ts";
import {
  BROKEN_SOURCE,
  freePort,
  type Installation,
  TENANT,
  writeInstallation,
} from "../support/loopback.ts";
import { readOutcome } from "../support/outcome.ts";
import { replay, shipmentsOf } from "../support/replay.ts";

const MASTER_KEY = "5a".repeat(32);
const ANY_PORT = { console: 0, input: 0 };
const SHIPMENTS = shipmentsOf(attackOnly({ seed: "main-1" }).records, 100);

function install(ports = ANY_PORT): Installation {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-main-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return writeInstallation(folder, ports, MASTER_KEY);
}

async function start({ configFile }: Installation): Promise<Running> {
  const running = await startHeidewacht(loadConfig(configFile, {}), {
    logger: pino({ level: "silent" }),
  });
  onTestFinished(() => running.close());
  return running;
}

function ship(running: Running, installation: Installation): Promise<Set<string>> {
  return replay(SHIPMENTS, installation, {
    inputUrl: running.inputUrl ?? "",
    sendersAtOnce: 1,
    mayShip: async () => undefined,
    onRetry: () => undefined,
  });
}

describe("an orderly stop", () => {
  it("right after the last acknowledgement loses nothing and changes no finding", async () => {
    const patient = install();
    const calm = await start(patient);
    await ship(calm, patient);
    await calm.idle(TENANT);
    const expected = await readOutcome(calm, TENANT);
    await calm.close();

    const hasty = install();
    await shareEpochs(patient, hasty);
    const first = await start(hasty);
    const acknowledged = await ship(first, hasty);
    await first.close();
    const second = await start(hasty);
    await second.idle(TENANT);
    const found = await readOutcome(second, TENANT);

    expect(new Set(found.archived.keys())).toEqual(acknowledged);
    expect(found.archivedEvents).toBeLessThanOrEqual(acknowledged.size);
    const isBroken = (id: string) => id.startsWith(`${BROKEN_SOURCE}-`);
    expect(found.deadLetters).toEqual(new Set([...acknowledged].filter(isBroken)));
    expect(found.deadLetters.size).toBeGreaterThan(0);
    expect(expected.findings.size).toBeGreaterThan(0);
    expect(found.findings).toEqual(expected.findings);
    expect(found.evidenceMissing).toEqual([]);
  });
});

describe("a place that is taken", () => {
  it("refuses a second start on the same folder, until the first has stopped", async () => {
    const installation = install();
    const first = await start(installation);
    await expect(start(installation)).rejects.toMatchObject({
      code: "HW_PLACE_TAKEN",
      message: expect.stringContaining(String(process.pid)),
    });
    expect((await fetch(`${first.consoleUrl}/healthz`)).status).toBe(200);
    await first.close();
    const second = await start(installation);
    expect((await fetch(`${second.consoleUrl}/healthz`)).status).toBe(200);
  });

  it.each(["console", "input"] as const)(
    "says so for the port of the %s and leaves nothing open",
    async (which) => {
      const ports = { console: await freePort(), input: await freePort() };
      const blocker = createServer();
      await new Promise<void>((resolve) => blocker.listen(ports[which], "127.0.0.1", resolve));
      const installation = install(ports);
      await expect(start(installation)).rejects.toMatchObject({ code: "HW_PLACE_TAKEN" });
      await new Promise((resolve) => blocker.close(resolve));
      // Folder and both ports must be free again.
      const running = await start(installation);
      expect((await fetch(`${running.consoleUrl}/readyz`)).status).toBe(200);
    },
  );
});

describe("questions of machines", () => {
  it.each([
    ["/healthz", '"ok"'],
    ["/readyz", '"ok"'],
    ["/metrics", "heidewacht_detect_events_total"],
    ["/metrics", "process_resident_memory_bytes"],
  ])("answers %s with %s", async (path, part) => {
    const running = await start(install());
    const answer = await fetch(`${running.consoleUrl}${path}`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain(part);
  });
});
