// Made names in the running service: a model is trained from the archive over the API's own jobs, stands in
// the shadow, is promoted, and from then on finds the host that asks for made names.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, it, onTestFinished } from "vitest";
import { parse, stringify } from "yaml";
import { loadConfig } from "../../config/load.ts";
import { drawFamilies } from "../../detectors/network/dga/families.ts";
import { ownUsualNames } from "../../detectors/network/dga/usual-names.ts";
import { type Running, startHeidewacht } from "../../services/main.ts";
import { createModelJobs } from "../../services/models/model-jobs.ts";
import { FINDING_KIND } from "../../services/store/kinds.ts";
import { MODEL_COMPARISON_KIND } from "../../services/store/model.ts";
import { type Installation, TENANT, writeInstallation } from "../support/loopback.ts";

const HOUR_MS = 3_600_000;
const BEGIN = Date.UTC(2026, 2, 2);
const QUIET_HOURS = 48;
const HOSTS = 12;
const VICTIM = "10.1.0.7";
const PATIENCE = { timeout: 240_000 };
const logger = pino({ level: "silent" });

function install(): Installation {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-made-names-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const installation = writeInstallation(folder, { console: 0, input: 0 }, "5a".repeat(32));
  const config = parse(readFileSync(installation.configFile, "utf8"));
  config.anomaly = { enabled: true, backend: "cpu" };
  config.detection = { ...config.detection, starterPack: false };
  writeFileSync(installation.configFile, stringify(config));
  return installation;
}

/** An answer of the DNS as a FortiGate logs it. */
function query(at: number, from: string, name: string): string {
  const [date, time] = new Date(at).toISOString().split(/[T.]/);
  return (
    `date=${date} time=${time} devname="FW" devid="FG100FTK20000001" eventtime=${at}000000 tz="+0000" ` +
    `logid="1501054802" type="utm" subtype="dns" eventtype="dns-response" level="notice" vd="root" ` +
    `sessionid=${at % 1e6} srcip=${from} dstip=10.1.1.53 dstport=53 qname="${name}" qtype="A" action="pass"`
  );
}

const usual = ownUsualNames();
const made = drawFamilies(1, 60, [], 77).flatMap(({ names }) => names);

/** Each host asks for a name that is new to the site and one that others ask for, too. */
function quietHour(hour: number): string[] {
  return Array.from({ length: HOSTS }, (_, host) => {
    const at = BEGIN + hour * HOUR_MS + host * 60_000;
    const own = usual[(hour * HOSTS + host) % usual.length] ?? "";
    const common = usual[(5000 + hour) % usual.length] ?? "";
    return [query(at, `10.1.0.${host}`, own), query(at + 1000, `10.1.0.${host}`, common)];
  }).flat();
}

const hours = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => quietHour(from + at)).flat();

async function ship(running: Running, { keyOf }: Installation, lines: readonly string[]) {
  const answer = await fetch(`${running.inputUrl}/_bulk`, {
    method: "POST",
    body: lines.map((line) => `{"create":{}}\n${JSON.stringify({ message: line })}\n`).join(""),
    headers: {
      "content-type": "application/x-ndjson",
      authorization: `ApiKey ${Buffer.from(keyOf("firewall")).toString("base64")}`,
    },
  });
  expect(await answer.json()).toMatchObject({ errors: false });
  await running.idle(TENANT);
}

async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function told(running: Running): Promise<string[]> {
  const page = await running.store.search(TENANT, FINDING_KIND, { sort: [], limit: 50 });
  return page.hits.map(({ document }) => `${document.detector.id} ${document.groupKey}`);
}

it(
  "learns a model from the archive and finds made names once it is promoted",
  PATIENCE,
  async () => {
    const installation = install();
    const running = await startHeidewacht(loadConfig(installation.configFile, {}), { logger });
    onTestFinished(() => running.close());
    await ship(running, installation, hours(0, 24));

    const { store, archive } = running;
    const jobs = createModelJobs({
      ...{ store, archive, backend: "cpu", turns: () => () => undefined, logger },
      now: () => BEGIN + 24 * HOUR_MS,
      size: { ownFamilies: 21, namesPerFamily: 20, usualMax: 2000, networks: 1, epochs: 4 },
    });
    onTestFinished(() => jobs.close());
    jobs.train(TENANT, "dga", { days: 3, seed: 1 }, "a");
    const version = await until(
      () => jobs.jobs(TENANT).find(({ state }) => state === "done")?.version,
    );
    expect(version).toBe(1);

    // In the shadow it is asked and counted, and nothing is found.
    await ship(running, installation, hours(24, QUIET_HOURS));
    expect(await told(running)).toEqual([]);

    await jobs.promote(TENANT, "dga", undefined, "a");
    const at = BEGIN + QUIET_HOURS * HOUR_MS;
    await ship(running, installation, hours(QUIET_HOURS, QUIET_HOURS + 2));
    const attack = made.map((name, place) =>
      query(at + 2 * HOUR_MS + place * 20_000, VICTIM, name),
    );
    await ship(running, installation, attack);
    await ship(running, installation, hours(QUIET_HOURS + 3, QUIET_HOURS + 7));
    const found = await until(async () => {
      const all = await told(running);
      return all.length > 0 ? all : undefined;
    });
    expect(new Set(found)).toEqual(new Set([`anomaly-dga-made_names address:${VICTIM}`]));
    const comparison = (await store.get(TENANT, MODEL_COMPARISON_KIND, "dga"))?.document;
    expect(comparison).toMatchObject({ shadow: 1, activeFlagged: 0 });
    expect(comparison?.judged).toBeGreaterThan(0);
  },
);
