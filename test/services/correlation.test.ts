// Correlations in the running service: from records at the input to a finding in the store, over a restart
// in the middle.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, it, onTestFinished } from "vitest";
import { parse, stringify } from "yaml";
import { loadConfig } from "../../config/load.ts";
import { type Running, startHeidewacht } from "../../services/main.ts";
import { createKeyRing } from "../../services/privacy/keys.ts";
import { createEpochKey } from "../../services/privacy/vault.ts";
import type { Finding } from "../../services/store/finding.ts";
import { PRIVACY_EPOCH_KIND } from "../../services/store/identity.ts";
import { FINDING_KIND } from "../../services/store/kinds.ts";
import { openStoreOf } from "../support/epochs.ts";
import { type Installation, TENANT, writeInstallation } from "../support/loopback.ts";

const SECURITY = "logsource: { product: windows, service: security }";
const RULES = `
title: Anmeldung fehlgeschlagen
name: failed_logon
id: 5b0fb1b1-2f0c-4d0e-9a51-0f3d8a1a6d01
status: test
level: low
${SECURITY}
detection: { s: { EventID: 4625 }, condition: s }
---
title: Anmeldung gelungen
name: logon
id: 5b0fb1b1-2f0c-4d0e-9a51-0f3d8a1a6d02
status: test
level: informational
${SECURITY}
detection: { s: { EventID: 4624 }, condition: s }
---
title: Kennwort wird geraten
name: guessing
id: 5b0fb1b1-2f0c-4d0e-9a51-0f3d8a1a6d03
status: test
level: medium
correlation:
  type: event_count
  rules: [failed_logon]
  group-by: [TargetUserName, IpAddress]
  timespan: 5m
  condition: { gte: 5 }
---
title: Kennwort geraten und angemeldet
id: 5b0fb1b1-2f0c-4d0e-9a51-0f3d8a1a6d04
status: test
level: high
correlation:
  type: temporal_ordered
  rules: [guessing, logon]
  group-by: [TargetUserName, IpAddress]
  timespan: 10m
  generate: true
`;
const MASTER_KEY = "5a".repeat(32);
/** Partitions are called quiet by the clock, which a busy machine stretches. */
const PATIENCE = { timeout: 240_000 };
const BEGIN = Date.UTC(2026, 2, 2, 7, 0);

function install(): Installation {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-correlation-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const installation = writeInstallation(folder, { console: 0, input: 0 }, MASTER_KEY);
  mkdirSync(join(folder, "rules"));
  writeFileSync(join(folder, "rules", "logon.yml"), RULES);
  const config = parse(readFileSync(installation.configFile, "utf8"));
  config.detection = {
    ...config.detection,
    starterPack: false,
    ruleFolders: ["rules"],
    correlation: { latenessSeconds: 60 },
  };
  writeFileSync(installation.configFile, stringify(config));
  return installation;
}

async function start({ configFile }: Installation, now = Date.now): Promise<Running> {
  const running = await startHeidewacht(loadConfig(configFile, {}), {
    logger: pino({ level: "silent" }),
    now,
  });
  onTestFinished(() => running.close());
  return running;
}

/** A logon as Winlogbeat ships it. */
function logon(code: number, at: number, account: string, address: string): string {
  const winlog = {
    channel: "Security",
    event_id: code,
    record_id: at,
    provider_name: "Microsoft-Windows-Security-Auditing",
    computer_name: "dc01.kreis.example",
    event_data: { TargetUserName: account, IpAddress: address, LogonType: "3" },
  };
  const time = new Date(BEGIN + at * 1000).toISOString();
  const event = { code: String(code), provider: winlog.provider_name };
  return JSON.stringify({ "@timestamp": time, agent: { type: "winlogbeat" }, event, winlog });
}

async function ship(running: Running, { keyOf }: Installation, lines: readonly string[]) {
  const body = lines.map((line) => `{"create":{}}\n${line}\n`).join("");
  const answer = await fetch(`${running.inputUrl}/_bulk`, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/x-ndjson",
      authorization: `ApiKey ${Buffer.from(keyOf("dc")).toString("base64")}`,
    },
  });
  expect([answer.status, await answer.json()]).toEqual([
    200,
    expect.objectContaining({ errors: false }),
  ]);
}

async function findings(running: Running): Promise<Finding[]> {
  const page = await running.store.search(TENANT, FINDING_KIND, { sort: [], limit: 50 });
  return page.hits.map(({ document }) => document);
}

/** The findings once there is one of this level; the test ends by its time limit where there never is. */
async function findingsUpTo(running: Running, level: string): Promise<Finding[]> {
  for (;;) {
    await running.idle(TENANT);
    const found = await findings(running);
    if (found.some(({ detector }) => detector.level === level)) return found;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

it("finds guessed passwords over several events, levels and a restart", PATIENCE, async () => {
  const installation = install();
  const guesses = [0, 20, 40, 60, 80].map((at) => logon(4625, at, "emustermann", "203.0.113.9"));
  // Another account, and an address that fails too seldom.
  const others = [5, 25, 45, 65].map((at) => logon(4625, at, "bschmidt", "203.0.113.9"));

  const first = await start(installation);
  await ship(first, installation, [...guesses.slice(0, 3), ...others.slice(0, 2)].toReversed());
  await first.idle(TENANT);
  expect(await findings(first)).toEqual([]);
  await first.close();

  const second = await start(installation);
  await ship(second, installation, [...guesses.slice(3), ...others.slice(2)]);
  await ship(second, installation, [logon(4624, 95, "emustermann", "203.0.113.9")]);
  const found = await findingsUpTo(second, "high");
  const titles = found.map(({ detector }) => `${detector.kind} ${detector.title}`).sort();
  expect(titles).toEqual([
    "correlation Kennwort geraten und angemeldet",
    "correlation Kennwort wird geraten",
  ]);
  const chain = found.find(({ detector }) => detector.level === "high");
  expect(chain?.evidence[0]?.events.map(({ document }) => document["event.code"])).toEqual([
    ...Array.from({ length: 5 }, () => "4625"),
    "4624",
  ]);
  expect(chain?.entities.map(({ type }) => type)).toContain("account");
  expect(JSON.stringify(found)).not.toContain("emustermann");
});

it(
  "finds guessed passwords once where pseudonyms rotate in the middle of it",
  PATIENCE,
  async () => {
    const installation = install();
    const startedAt = Date.now();
    const clockFrom = (time: number) => () => time + Date.now() - startedAt;
    const guesses = [0, 20, 40, 60, 80].map((at) => logon(4625, at, "emustermann", "203.0.113.9"));
    // Another account, which fails too seldom.
    const others = [5, 25, 65, 70].map((at) => logon(4625, at, "bschmidt", "203.0.113.9"));

    const first = await start(installation, clockFrom(BEGIN - 3_600_000));
    await ship(first, installation, [...guesses.slice(0, 3), ...others.slice(0, 2)]);
    await first.idle(TENANT);
    await first.close();

    const store = openStoreOf(installation);
    const ring = createKeyRing(Buffer.from(MASTER_KEY, "hex"));
    const sealedKey = createEpochKey(ring, TENANT, 2);
    const epoch = { number: 2, startsAt: BEGIN + 50_000, sealedKey };
    await store.create(TENANT, PRIVACY_EPOCH_KIND, "2", epoch);
    await store.close();

    const second = await start(installation, clockFrom(BEGIN + 100_000));
    await ship(second, installation, [...guesses.slice(3), ...others.slice(2)]);
    await ship(second, installation, [logon(4624, 95, "emustermann", "203.0.113.9")]);
    const found = await findingsUpTo(second, "high");
    expect(
      found.map(({ detector, signalCount }) => `${detector.title} ${signalCount}`).sort(),
    ).toEqual(["Kennwort geraten und angemeldet 1", "Kennwort wird geraten 1"]);
    const chain = found.find(({ detector }) => detector.level === "high");
    const documents = chain?.evidence[0]?.events.map(({ document }) => document) ?? [];
    expect(documents.map((document) => document["event.code"])).toEqual([
      ...Array.from({ length: 5 }, () => "4625"),
      "4624",
    ]);
    const names = documents.map((document) => document["user.name"]);
    expect(new Set(names.slice(0, 3)).size).toBe(1);
    expect(new Set(names.slice(3)).size).toBe(1);
    expect(names[0]).not.toBe(names[3]);
  },
);
