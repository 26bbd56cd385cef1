// The proof that a sudden death loses and repeats nothing: the service is killed fifty times while a
// simulated day with an intrusion is shipped to it, and must end up where an undisturbed run ends.
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../config/load.ts";
import { startHeidewacht } from "../../services/main.ts";
import { createRandom } from "../../services/simulator/random.ts";
import { simulate } from "../../services/simulator/simulate.ts";
import { shareEpochs } from "../support/epochs.ts";
import { freePort, type Installation, TENANT, writeInstallation } from "../support/loopback.ts";
import { type Outcome, readOutcome } from "../support/outcome.ts";
import { type ReplayOptions, replay, type Shipment, shipmentsOf } from "../support/replay.ts";
import { type ServiceProcess, startService } from "../support/service-process.ts";

// HEIDEWACHT_TEST_SEED draws another day and other moments of death.
const SEED = process.env.HEIDEWACHT_TEST_SEED ?? "kill-nine-1";
const KILLS = 50;
const EVENTS_TARGET = 8000;
const RECORDS_PER_SHIPMENT_MAX = 50;
const SENDERS_AT_ONCE = 3;
/** Share of the deaths that may fall into the start itself. */
const EARLY_SHARE = 0.25;
const EARLY_MS_MAX = 900;
/** Long enough for a shipment to go from the input to its findings. */
const UNDER_WAY_MS_MAX = 40;
const GATE_POLL_MS = 5;
/** For both runs on a machine that is busy with other things too. */
const RUNS_MS_MAX = 30 * 60_000;

interface Disturbance {
  readonly kills: number;
  readonly killsBeforeReady: number;
  readonly retries: number;
  readonly acknowledged: ReadonlySet<string>;
}

let root: string;
let shipments: Shipment[];
let undisturbed: Outcome;
let disturbed: Outcome;
let disturbance: Disturbance;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "heidewacht-kill-"));
  const day = simulate({ seed: SEED, eventsTarget: EVENTS_TARGET, intrusion: true });
  shipments = shipmentsOf(day.records, RECORDS_PER_SHIPMENT_MAX);
  const masterKey = randomBytes(32).toString("hex");
  const first = await installIn("undisturbed", masterKey);
  undisturbed = await runUndisturbed(first);
  const second = await installIn("disturbed", masterKey);
  await shareEpochs(first, second);
  disturbance = await runDisturbed(second);
  disturbed = await outcomeOf(second);
  const { kills, killsBeforeReady, retries, acknowledged } = disturbance;
  console.info(
    `seed ${SEED}: ${acknowledged.size} records in ${shipments.length} requests, ${kills} kills ` +
      `(${killsBeforeReady} during the start), ${retries} retries; ` +
      `${disturbed.rawRecords} raw records, ${disturbed.findings.size} findings, ` +
      `${disturbed.deadLetters.size} dead letters`,
  );
}, RUNS_MS_MAX);

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("fifty kills during a replay", () => {
  it("really disturbs the replay", () => {
    expect(disturbance.kills).toBe(KILLS);
    expect(disturbance.retries).toBeGreaterThanOrEqual(KILLS / 2);
    expect(disturbance.killsBeforeReady).toBeLessThan(KILLS / 2);
  });

  it("keeps every acknowledged record in the archive, or on the dead-letter when it can't be parsed", () => {
    const sent = shipments.flatMap(({ records }) => records.map(({ id }) => id));
    expect(disturbance.acknowledged).toEqual(new Set(sent));
    const lost = sent.filter((id) => !disturbed.archived.has(id) && !disturbed.deadLetters.has(id));
    expect(lost).toEqual([]);
    expect(new Set(disturbed.archived.keys())).toEqual(new Set(undisturbed.archived.keys()));
    const broken = shipments
      .filter(({ isBroken }) => isBroken)
      .flatMap(({ records }) => records.map(({ id }) => id));
    expect(broken.length).toBeGreaterThan(100);
    expect(disturbed.deadLetters).toEqual(new Set(broken));
  });

  it("archives every batch that the bus took exactly once", () => {
    expect(disturbed.rawRecords).toBeGreaterThanOrEqual(disturbance.acknowledged.size);
    // Each record is an event of its own, but for those that became one with others.
    expect(disturbed.archivedEvents).toBeLessThanOrEqual(disturbed.rawRecords);
    const alone = disturbed.rawRecords - 2 * disturbed.joinedRecords;
    expect(disturbed.archivedEvents).toBeGreaterThanOrEqual(alone);
    const twice = [...disturbed.archived]
      .filter(([id, times]) => times > 1 && !disturbed.deadLetters.has(id))
      .map(([id]) => id);
    expect(twice).toEqual([]);
  });

  it("comes to the findings of an undisturbed run: none more, none less, no signal counted twice", () => {
    expect(undisturbed.findings.size).toBeGreaterThan(10);
    const idsOf = ({ findings }: Outcome) => [...findings.keys()].sort();
    expect(idsOf(disturbed)).toEqual(idsOf(undisturbed));
    for (const [id, finding] of undisturbed.findings)
      expect(disturbed.findings.get(id)).toEqual(finding);
    const folded = [...undisturbed.findings.values()].filter((one) => one.signalCount > 1);
    expect(folded.length).toBeGreaterThan(0);
  });

  it("can show the events that its findings rest on, and an unbroken audit chain", () => {
    expect(disturbed.evidenceMissing).toEqual([]);
    expect(disturbed.auditBroken).toBeUndefined();
  });
});

async function installIn(name: string, masterKey: string): Promise<Installation> {
  const folder = join(root, name);
  mkdirSync(folder);
  const ports = { console: await freePort(), input: await freePort() };
  return writeInstallation(folder, ports, masterKey);
}

async function runUndisturbed(installation: Installation): Promise<Outcome> {
  const service = startService(installation.configFile);
  await service.ready;
  await replay(shipments, installation, {
    ...senderOptions(installation),
    mayShip: async () => undefined,
    onRetry: () => undefined,
  });
  await stop(service);
  return outcomeOf(installation);
}

async function runDisturbed(installation: Installation): Promise<Disturbance> {
  const random = createRandom(`${SEED}/kills`);
  let kills = 0;
  let killsBeforeReady = 0;
  let retries = 0;
  let shipped = 0;
  // Each life gets its share of the day, so that the deaths are spread over all of it.
  const shareEnd = () => Math.floor((shipments.length * (kills + 1)) / (KILLS + 1));
  let service = startService(installation.configFile);
  const kill = async () => {
    let isReady = false;
    const ready = service.ready.then(() => {
      isReady = true;
    });
    if (random.chance(EARLY_SHARE)) await sleep(random.int(0, EARLY_MS_MAX));
    else {
      await ready;
      const last = random.int(shipped, shareEnd() - 1);
      while (shipped < last) await sleep(GATE_POLL_MS);
      await sleep(random.int(0, UNDER_WAY_MS_MAX));
    }
    // A start that fails by itself shows in how it ended.
    ready.catch(() => undefined);
    service.send("SIGKILL");
    const { signal, output } = await service.ended;
    if (signal !== "SIGKILL") throw new Error(`the service ended by itself:\n${output}`);
    kills += 1;
    if (!isReady) killsBeforeReady += 1;
    service = startService(installation.configFile);
  };
  const killing = (async () => {
    while (kills < KILLS) await kill();
  })();
  const [acknowledged] = await Promise.all([
    replay(shipments, installation, {
      ...senderOptions(installation),
      mayShip: async (number) => {
        while (number >= shareEnd()) await sleep(GATE_POLL_MS);
        shipped = Math.max(shipped, number);
      },
      onRetry: () => {
        retries += 1;
      },
    }),
    killing,
  ]);
  await stop(service);
  return { kills, killsBeforeReady, retries, acknowledged };
}

function senderOptions(
  installation: Installation,
): Pick<ReplayOptions, "inputUrl" | "sendersAtOnce"> {
  return { inputUrl: installation.inputUrl, sendersAtOnce: SENDERS_AT_ONCE };
}

async function stop(service: ServiceProcess): Promise<void> {
  await service.ready;
  service.send("SIGTERM");
  const { code, output } = await service.ended;
  expect(output).not.toContain('"level":50');
  expect(code).toBe(0);
}

/** Starts the installation once more, lets it finish what was left, and reads everything. */
async function outcomeOf(installation: Installation): Promise<Outcome> {
  const running = await startHeidewacht(loadConfig(installation.configFile, {}), {
    logger: pino({ level: "silent" }),
  });
  try {
    await running.idle(TENANT);
    return await readOutcome(running, TENANT);
  } finally {
    await running.close();
  }
}
