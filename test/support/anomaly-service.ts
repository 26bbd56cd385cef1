// A whole service that looks for anomalies and knows no rules, for tests that send it lines and stop it in the middle.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { onTestFinished } from "vitest";
import { parse, stringify } from "yaml";
import { loadConfig } from "../../config/load.ts";
import { type Running, startHeidewacht } from "../../services/main.ts";
import { type Installation, writeInstallation } from "./loopback.ts";

const MASTER_KEY = "5a".repeat(32);

/** An installation that goes with the test. */
export function installWithAnomalies(): Installation {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-anomalies-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const installation = writeInstallation(folder, { console: 0, input: 0 }, MASTER_KEY);
  const config = parse(readFileSync(installation.configFile, "utf8"));
  config.anomaly = { enabled: true };
  config.detection = { ...config.detection, starterPack: false };
  writeFileSync(installation.configFile, stringify(config));
  return installation;
}

/** Runs it until the test ends or closes it. */
export async function startInstalled({ configFile }: Installation): Promise<Running> {
  const logger = pino({ level: "silent" });
  const running = await startHeidewacht(loadConfig(configFile, {}), { logger });
  onTestFinished(() => running.close());
  return running;
}
