// `heidewacht demo`: everything on the embedded default in a fresh folder, a simulated county's day with
// an intrusion in it, and in the end how much of the truth was found.
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import cliProgress from "cli-progress";
import type { Command } from "commander";
import { destination, pino } from "pino";
import { AppError } from "../../config/errors.ts";
import { type LoadedConfig, loadConfig } from "../../config/load.ts";
import { createAccount } from "../api/accounts.ts";
import { type Running, startHeidewacht } from "../main.ts";
import { type SimulatedRecord, SOURCES, type SourceName } from "../simulator/record.ts";
import { type Simulation, STAFF_ACCOUNTS_DEFAULT, simulate } from "../simulator/simulate.ts";
import { markSimulated } from "../store/simulated-mark.ts";
import { type BulkSender, createBulkSender } from "./bulk-sender.ts";
import { buildConsole, consoleIsStale } from "./demo-console.ts";
import { type DemoResult, printDemoResult, scoreDemo } from "./demo-result.ts";
import { demoTargets } from "./demo-targets.ts";
import { EXIT } from "./exit-codes.ts";
import { CLI_MESSAGES, type CliLanguage } from "./messages.ts";
import { writeDemoPast } from "./past/demo-past.ts";
import { untilStopped } from "./stop-signal.ts";

const TENANT = "kreis";
const ACCOUNT = "vorfuehrung";
const DATA_FOLDER = "data";
const TIME_ZONE = "Europe/Berlin";
const BATCH_RECORDS = 500;
/** … of about this span: at night a batch of that size would be hours. */
const BATCH_MS = 1_800_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** With a history the county is a small one: a month of a large one takes an hour. */
const HISTORY_ACCOUNTS = 240;
const HISTORY_DAYS_MAX = 60;
/** The intrusion counts as found when at least half of its steps are. */
const FOUND_SHARE_MIN = 0.5;

interface DemoOptions {
  readonly seed: string;
  readonly history: string;
  readonly past: boolean;
  readonly exit?: boolean;
  readonly folder?: string;
  readonly port: string;
  readonly inputPort: string;
}

export function addDemoCommand(program: Command, language: CliLanguage): void {
  const text = CLI_MESSAGES[language];
  program
    .command("demo")
    .description(text.demo)
    .option("--exit", text.demoExit)
    .option("--seed <number>", text.demoSeed, "1")
    .option("--history <days>", text.demoHistory, "0")
    .option("--no-past", text.demoNoPast)
    .option("--folder <path>", text.demoFolder)
    .option("--port <number>", text.startPort, "8720")
    .option("--input-port <number>", text.demoInputPort, "8721")
    .action((options: DemoOptions) => runDemo(options, language));
}

async function runDemo(options: DemoOptions, language: CliLanguage): Promise<void> {
  const text = CLI_MESSAGES[language];
  const historyDays = daysOf(options.history, text);
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const folder = freshFolder(options.folder, text);
  if (consoleIsStale()) {
    say(text.demoBuilding);
    await buildConsole(text.demoBuildFailed);
  }
  const keys = new Map<SourceName, string>();
  const loaded = demoConfig(folder, options, language, keys);
  const logger = pino(
    { level: "warn" },
    destination({ dest: join(folder, "heidewacht.log"), sync: true }),
  );
  const day = lastWorkday(Date.now());
  const accounts = historyDays > 0 ? HISTORY_ACCOUNTS : STAFF_ACCOUNTS_DEFAULT;
  const size = { staffAccounts: accounts, historyDays };
  const simulation = simulate({ seed: options.seed, day, ...size, intrusion: true });
  say(text.demoCounty(simulation.county.name, accounts, options.seed));
  // What a history shows is what detectors learn from it: nothing invented stands beside that.
  if (options.past && historyDays === 0) {
    await addPast(join(folder, DATA_FOLDER), options.seed, simulation.dayStart, text, say);
  }
  const running = await startHeidewacht(loaded, { logger });
  try {
    const password = await addDemoAccount(running);
    await markSimulated(running.store, TENANT, Date.now());
    say(text.demoOpen(running.consoleUrl ?? "", ACCOUNT, password));
    const sender = createBulkSender(running.inputUrl ?? "", (source) => keys.get(source) ?? "");
    const begin = simulation.dayStart - historyDays * DAY_MS;
    const replayed = await replay(simulation, sender, begin, text);
    await running.idle(TENANT);
    const result = await scoreDemo(running.store, TENANT, simulation.truth(), {
      firstTraceAt: replayed.firstTraceAt,
      dayStart: simulation.dayStart,
      historyDays,
    });
    printDemoResult(result, language, say);
    if (options.exit === true) process.exitCode = wasFound(result) ? EXIT.ok : EXIT.found;
    else {
      // Until here a signal ends the process at once: nothing that was made up is worth waiting for.
      const stopped = untilStopped();
      say(text.demoStays);
      await stopped;
    }
  } finally {
    await running.close();
  }
}

async function addPast(
  dataDir: string,
  seed: string,
  until: number,
  text: (typeof CLI_MESSAGES)["de"],
  say: (line: string) => void,
): Promise<void> {
  const startedAt = performance.now();
  const tenant = { tenant: TENANT, timeZone: TIME_ZONE };
  const { findings, incidents } = await writeDemoPast({ dataDir, ...tenant, seed, until });
  const number = new Intl.NumberFormat("de-DE", { maximumFractionDigits: 1 });
  const seconds = number.format((performance.now() - startedAt) / 1000);
  say(text.demoPast(number.format(findings), incidents, seconds));
}

/** @throws AppError HW_USAGE where it is no number of days */
function daysOf(history: string, text: (typeof CLI_MESSAGES)["de"]): number {
  const days = Number(history);
  if (Number.isInteger(days) && days >= 0 && days <= HISTORY_DAYS_MAX) return days;
  throw new AppError("HW_USAGE", text.demoHistoryWrong(HISTORY_DAYS_MAX));
}

function wasFound(result: DemoResult): boolean {
  return result.score.share >= FOUND_SHARE_MIN;
}

function freshFolder(wanted: string | undefined, text: (typeof CLI_MESSAGES)["de"]): string {
  if (wanted === undefined) return mkdtempSync(join(tmpdir(), "heidewacht-demo-"));
  const folder = resolve(wanted);
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new AppError("HW_PLACE_TAKEN", text.demoFolderTaken, {
      place: folder,
      mend: text.demoFolderMend,
    });
  }
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The embedded default, with a key for each simulated shipper. */
function demoConfig(
  folder: string,
  options: DemoOptions,
  language: CliLanguage,
  keys: Map<SourceName, string>,
): LoadedConfig {
  const shippers = Object.entries(SOURCES).map(([name, { ndigClass }]) => {
    const secret = randomBytes(24).toString("base64url");
    // The keys of SOURCES are its names.
    keys.set(name as SourceName, `demo-${name}:${secret}`);
    const sha256 = createHash("sha256").update(secret).digest("hex");
    return { id: `demo-${name}`, sha256, tenant: TENANT, source: name, ndigClass };
  });
  return loadConfig(
    undefined,
    {},
    {
      language,
      dataFolder: join(folder, DATA_FOLDER),
      privacy: { masterKeyFile: join(folder, "keys/master.key") },
      // A day is shipped within seconds, in pieces of minutes: what is minutes behind is not late.
      detection: { correlation: { latenessSeconds: 3600 } },
      // Without a history they know nothing yet, and are silent.
      anomaly: { enabled: true },
      tenants: [
        {
          id: TENANT,
          name: "Landkreis Heidetal (simuliert)",
          criticalHosts: ["dc*", "fs*", "bk*"],
          kpiTargets: demoTargets(Date.now()),
        },
      ],
      console: { port: Number(options.port) },
      inputs: {
        http: { port: Number(options.inputPort), keys: shippers, requestsPerMinuteMax: 1_000_000 },
      },
    },
  );
}

async function addDemoAccount(running: Running): Promise<string> {
  const password = randomBytes(9).toString("base64url");
  await createAccount(running.store, {
    tenant: TENANT,
    name: ACCOUNT,
    role: "admin",
    password,
    passwordChangeDue: false,
    createdAt: Date.now(),
  });
  return password;
}

/** The last Monday to Friday that is over, as `YYYY-MM-DD`. */
function lastWorkday(now: number): string {
  let time = now - DAY_MS;
  while ([0, 6].includes(new Date(time).getUTCDay())) time -= DAY_MS;
  return new Date(time).toISOString().slice(0, 10);
}

async function replay(
  simulation: Simulation,
  sender: BulkSender,
  from: number,
  text: (typeof CLI_MESSAGES)["de"],
): Promise<{ firstTraceAt: number }> {
  const bar = new cliProgress.SingleBar({
    format: `${text.demoReplay}  {bar}  {percentage} %`,
    stopOnComplete: true,
    clearOnComplete: true,
  });
  // By the time that is told of: how many records a history has, nobody knows before.
  const hours = (simulation.dayStart + DAY_MS - from) / HOUR_MS;
  if (process.stdout.isTTY) bar.start(hours, 0);
  const startedAt = Date.now();
  let firstTraceAt = 0;
  let count = 0;
  let waiting = new Map<SourceName, SimulatedRecord[]>();
  let held = 0;
  let begin = Number.POSITIVE_INFINITY;
  let reached = from;
  const flush = async () => {
    const batches = [...waiting];
    waiting = new Map();
    held = 0;
    begin = Number.POSITIVE_INFINITY;
    // In turn: the order between sources is kept to within one batch, as it is with real shippers.
    for (const [source, records] of batches) {
      if (firstTraceAt === 0 && records.some((record) => record.step !== undefined))
        firstTraceAt = Date.now();
      await sender.send(source, records);
    }
    if (process.stdout.isTTY) bar.update(Math.min(hours, (reached - from) / HOUR_MS));
  };
  for (const record of simulation.records) {
    if (record.time - begin > BATCH_MS) await flush();
    begin = Math.min(begin, record.time);
    reached = Math.max(reached, record.time);
    const batch = waiting.get(record.source);
    if (batch === undefined) waiting.set(record.source, [record]);
    else batch.push(record);
    held += 1;
    count += 1;
    if (held >= BATCH_RECORDS) await flush();
  }
  await flush();
  bar.stop();
  const seconds = (Date.now() - startedAt) / 1000;
  const number = new Intl.NumberFormat("de-DE", { maximumFractionDigits: 1 });
  process.stdout.write(
    `${text.demoReplayed(number.format(count), number.format(seconds), number.format(Math.round(count / seconds)))}\n`,
  );
  return { firstTraceAt };
}
