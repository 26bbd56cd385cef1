// Sends invented people through the inputs of a running embedded Heidewacht and looks for them in all that
// it keeps and answers: store, archive, its files on disk (raw topic and dead-letter are sealed there),
// API, metrics, log, what the language model is asked, and what is taken out of it: a backup, the lists of the
// API page by page, and the export of the model's calls. What people write names some of them, too. Half of them are known from a directory, half were seen in account fields before.

import { createHash } from "node:crypto";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { stringify } from "yaml";
import { loadConfig } from "../../config/load.ts";
import { createToken } from "../../services/api/api-tokens.ts";
import { type Running, startHeidewacht } from "../../services/main.ts";
import { FINDING_KIND } from "../../services/store/kinds.ts";
import { TLS_FOLDER } from "../services/ingest/network-setup.ts";
import { backupTexts, exportedCalls } from "./canary-exports.ts";
import {
  NAME_CHARACTERS_MAX,
  type NamesIn,
  namesIn,
  namesOf,
  PIECE_BYTES,
} from "./canary-names.ts";
import { NETWORK_SENDERS } from "./canary-senders.ts";
import { type Canary, canaryOf } from "./identities.ts";
import { freePort } from "./loopback.ts";
import { complete, startModelServer } from "./model-server.ts";

const TENANT = "kreis";
const SECRET = "canary-canary-canary-canary-0000";
const AUTHORIZATION = `ApiKey ${Buffer.from(`canary:${SECRET}`).toString("base64")}`;
const PER_REQUEST = 500;
const PAGE = 1000;
const HOUR_MS = 3_600_000;
const QUIET_ROUNDS = 5;
/** Bulk, HEC and OTLP share a source, files have their own. */
const HTTP_INPUTS = 3;
const INPUTS = HTTP_INPUTS + 1 + Object.keys(NETWORK_SENDERS).length;
/** Pages of a list of the API that are looked at; the archive and the backup are looked at as a whole. */
const PAGES_MAX = 50;
const COMMENTS = 50;
/** Without anything new for so long, what is missing does not come any more. */
const LOST_ROUNDS = 60;

export interface CanaryCount {
  /** Where → how many of the people were found there. */
  readonly found: Readonly<Record<string, number>>;
  readonly events: number;
  readonly eventsBySource: Readonly<Record<string, number>>;
  /** Texts that went through every input. */
  readonly texts: number;
  readonly findings: number;
  readonly prompts: number;
  readonly pseudonymsInArchive: number;
  /** Comments that people wrote with names in them. */
  readonly comments: number;
  /** Of the backup, unpacked, in characters. */
  readonly backupCharacters: number;
  /** Lines of the exported log of the model's calls. */
  readonly calls: number;
}

/** @param people how many, half of each kind */
export async function runCanaries(people: number): Promise<CanaryCount> {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-canaries-"));
  const canaries = Array.from({ length: people }, (_, number) => canaryOf(number));
  const known = canaries.slice(0, people / 2);
  const seen = canaries.slice(people / 2);
  const log: string[] = [];
  const ports: Record<string, number> = {};
  for (const name of Object.keys(NETWORK_SENDERS)) ports[name] = await freePort();
  const prompts: string[] = [];
  const model = await startModelServer(({ system, user }, response) => {
    prompts.push(system, user);
    complete(response, {});
  });
  const loaded = configured(folder, known, ports, model.url);
  const running = await startHeidewacht(loaded, {
    logger: pino({ level: "trace" }, { write: (line: string) => log.push(line) }),
  });
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= running.close();
    return closing;
  };
  try {
    await bulk(running, seen.map(sightOf));
    await running.idle(TENANT);
    const texts = canaries.flatMap((one, number) => textsOf(one, number < people / 2));
    await bulk(
      running,
      texts.map((message, at) => ({
        ...{ ...BASE, message, process: { command_line: message } },
        host: { name: `fs${at % HOSTS}` },
      })),
    );
    await json(
      running,
      "/services/collector/event",
      texts.map((event) => JSON.stringify({ event })).join("\n"),
    );
    await json(running, "/v1/logs", otlp(texts));
    for (const [name, send] of Object.entries(NETWORK_SENDERS)) await send(ports[name] ?? 0, texts);
    writeFileSync(join(folder, "logs", "app.log"), `${texts.join("\n")}\n`);
    await untilSettled(running, texts.length);
    const names = namesIn(canaries);
    const comments = await commentOn(running, canaries);
    const { found, ...more } = await look(running, folder, names, { log, prompts });
    await running.idle(TENANT);
    const backup = await backupTexts(loaded, join(folder, "backup"));
    // The log of the model's calls is taken out of an installation that does not run.
    await close();
    const calls = await exportedCalls(join(folder, "heidewacht.yml"));
    found.backup = namesOf(names, backup);
    found.exportedCalls = namesOf(names, calls);
    const backupCharacters = backup.reduce((sum, { length }) => sum + length, 0);
    return { ...more, found, comments, backupCharacters, calls: calls.length, texts: texts.length };
  } finally {
    await close();
    await model.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const HOSTS = 50;
const BASE = { "@timestamp": new Date().toISOString(), host: { name: "fs01" } };

/** Hits half of the texts, so that findings and prompts are made of them. */
const RULE = {
  ...{ title: "Kopie aus der Ablage", id: "canary-copy", level: "high", status: "test" },
  logsource: {},
  detection: { words: ["ablage", "Anruf"], condition: "words" },
};

function sightOf({ account }: Canary) {
  return { ...BASE, message: "logon", user: { name: account, domain: "LKH" } };
}

// What is known of a person is looked for: of the directory all names, of others the account.
function textsOf({ account, upn, mail, givenName, surname }: Canary, isKnown: boolean): string[] {
  const texts = [
    `copy \\\\fs01\\ablage\\${account}\\a.docx D:\\backup\\${account.toUpperCase()}.zip`,
    `GET https://x.example/p?u=${account.replace(".", "%2E")}&m=${encodeURIComponent(isKnown ? mail : upn)}`,
  ];
  if (!isKnown) return texts;
  return [
    ...texts,
    `Anruf von ${surname}, ${givenName} und ${givenName} ${surname.toUpperCase()}`,
    `https://x.example/suche?q=${encodeURIComponent(`${givenName} ${surname}`)}`,
  ];
}

function configured(
  folder: string,
  known: readonly Canary[],
  ports: Readonly<Record<string, number>>,
  modelUrl: string,
) {
  mkdirSync(join(folder, "logs"));
  const rows = known.map((one) =>
    [one.account, one.upn, one.mail, one.givenName, one.surname, one.displayName].join(";"),
  );
  const head = "sAMAccountName;UPN;mail;givenName;sn;displayName";
  writeFileSync(join(folder, "people.csv"), [head, ...rows].join("\n"));
  const sha256 = createHash("sha256").update(SECRET).digest("hex");
  const listener = (source: string) => ({
    ...{ host: "127.0.0.1", port: ports[source], binding: { tenant: TENANT, source } },
  });
  const tls = {
    certificateFile: join(TLS_FOLDER, "server.pem"),
    keyFile: join(TLS_FOLDER, "server.key"),
  };
  writeFileSync(join(folder, "rules.yml"), stringify(RULE));
  const file = join(folder, "heidewacht.yml");
  writeFileSync(
    file,
    stringify({
      dataFolder: "data",
      privacy: {
        masterKeyFile: "master.key",
        directories: [{ tenant: TENANT, file: "people.csv" }],
      },
      tenants: [{ id: TENANT, name: "Landkreis (Test)" }],
      console: { port: 0 },
      detection: { starterPack: false, ruleFolders: ["rules.yml"] },
      llm: { url: modelUrl, debounceMs: 0 },
      inputs: {
        http: { port: 0, keys: [{ id: "canary", sha256, tenant: TENANT, source: "app" }] },
        syslog: [
          { ...listener("syslog"), protocol: "tcp" },
          { ...listener("syslog-tls"), protocol: "tls", tls },
        ],
        gelf: [{ ...listener("gelf"), protocol: "tcp" }],
        relp: [listener("relp")],
        lumberjack: [listener("lumberjack")],
        files: [{ paths: ["logs/*.log"], tenant: TENANT, source: "files" }],
      },
    }),
  );
  return loadConfig(file, {});
}

async function bulk(running: Running, documents: readonly object[]): Promise<void> {
  for (let at = 0; at < documents.length; at += PER_REQUEST) {
    const some = documents.slice(at, at + PER_REQUEST);
    const lines = some.map((one) => `{"create":{"_index":"logs"}}\n${JSON.stringify(one)}\n`);
    await json(running, "/_bulk", lines.join(""), "application/x-ndjson");
  }
}

async function json(running: Running, path: string, body: string, type = "application/json") {
  const authorization = path.startsWith("/services")
    ? AUTHORIZATION.replace("ApiKey", "Splunk")
    : AUTHORIZATION;
  const headers = { "content-type": type, authorization };
  const answer = await fetch(`${running.inputUrl}${path}`, { method: "POST", headers, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text.slice(0, 200)}`);
}

function otlp(texts: readonly string[]): string {
  const timeUnixNano = `${Date.now()}000000`;
  const logRecords = texts.map((stringValue) => ({ timeUnixNano, body: { stringValue } }));
  return JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
}

/** Until nothing has come for a while: files are looked for every two seconds. */
async function untilSettled(running: Running, texts: number): Promise<void> {
  let [before, quiet] = [-1, 0];
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await running.idle(TENANT);
    const { events } = await running.archive.statistics(TENANT);
    quiet = events === before ? quiet + 1 : 0;
    before = events;
    if (quiet >= LOST_ROUNDS) throw new Error(`only ${events} of ${texts * INPUTS} came`);
    if (events >= texts * INPUTS && quiet >= QUIET_ROUNDS) return;
  }
}

async function look(
  running: Running,
  folder: string,
  names: NamesIn,
  { log, prompts }: { readonly log: string[]; readonly prompts: string[] },
) {
  const count = (text: string) => namesOf(names, [text]);
  const found: Record<string, number> = {
    log: count(log.join("")),
    prompts: count(prompts.join("\n")),
  };
  const url = running.consoleUrl ?? "";
  const authorization = await tokenOf(running);
  const ask = async (path: string) =>
    (await fetch(`${url}${path}`, { headers: { authorization } })).text();
  found.metrics = count(await ask("/metrics"));
  for (const list of ["findings", "events", "incidents", "suspicions"]) {
    found[list] = namesOf(names, await pagesOf(ask, list));
  }
  const archived = await lookIntoArchive(running, names);
  found.archive = archived.names.size;
  found.disk = 0;
  for (const name of readdirSync(join(folder, "data"), { recursive: true, encoding: "utf8" })) {
    const path = join(folder, "data", name);
    if (!statSync(path).isFile()) continue;
    const inFile = new Set<string>();
    for (const text of textsIn(path)) for (const one of names(text)) inFile.add(one);
    found.disk += inFile.size;
  }
  const findings = await running.store.search(TENANT, FINDING_KIND, { sort: [], limit: 1 });
  return {
    found,
    events: archived.events,
    ...{ findings: findings.total, prompts: prompts.length },
    eventsBySource: Object.fromEntries(archived.bySource),
    pseudonymsInArchive: archived.pseudonyms.size,
  };
}

async function tokenOf(running: Running): Promise<string> {
  const scopes = ["findings:read", "findings:write", "events:read"] as const;
  const { token } = await createToken(running.store, {
    ...{ tenant: TENANT, name: "canaries", createdAt: Date.now(), createdBy: "test" },
    ...{ scopes, expiresAt: Date.now() + HOUR_MS },
  });
  return `Bearer ${token}`;
}

/** A list of the API, page by page. */
async function pagesOf(ask: (path: string) => Promise<string>, list: string): Promise<string[]> {
  const pages: string[] = [];
  let cursor: string | undefined;
  do {
    const place = cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await ask(`/api/v1/${list}?limit=100${place}`);
    pages.push(page);
    cursor = JSON.parse(page).cursor;
  } while (cursor !== undefined && pages.length < PAGES_MAX);
  return pages;
}

/** People write of people: some of each half, under a finding. */
async function commentOn(running: Running, canaries: readonly Canary[]): Promise<number> {
  const [hit] = (await running.store.search(TENANT, FINDING_KIND, { sort: [], limit: 1 })).hits;
  if (hit === undefined) throw new Error("nothing was found to write about");
  const authorization = await tokenOf(running);
  const step = Math.max(1, Math.floor(canaries.length / COMMENTS));
  const chosen = canaries.filter((_, number) => number % step === 0);
  for (const { account } of chosen) {
    const path = `/api/v1/findings/${hit.id}/comments`;
    const answer = await fetch(`${running.consoleUrl}${path}`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify({ text: `Rückruf bei ${account} erbeten` }),
    });
    if (!answer.ok) throw new Error(`a comment was answered with ${answer.status}`);
  }
  return chosen.length;
}

async function lookIntoArchive(running: Running, namesIn: NamesIn) {
  const names = new Set<string>();
  const pseudonyms = new Set<string>();
  const sources = ["app", "files", ...Object.keys(NETWORK_SENDERS)];
  const bySource = new Map(sources.map((source) => [source, 0]));
  let events = 0;
  const span = { from: Date.now() - 24 * HOUR_MS, to: Date.now() + HOUR_MS };
  let cursor: string | undefined;
  do {
    const more = cursor === undefined ? {} : { cursor };
    const page = await running.archive.search(TENANT, {
      ...span,
      order: "oldest",
      limit: PAGE,
      ...more,
    });
    const text = JSON.stringify(page.events);
    for (const one of namesIn(text)) names.add(one);
    for (const [one] of text.matchAll(/(?:konto|admin|dienst)-[0-9a-z]{10}/g)) pseudonyms.add(one);
    for (const [source, before] of bySource)
      bySource.set(source, before + text.split(`"source":"${source}"`).length - 1);
    events += page.events.length;
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { names, pseudonyms, bySource, events };
}

/** The texts of a file that may be larger than any text can be; each begins with the end of the last one. */
function* textsIn(path: string): Generator<string> {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(PIECE_BYTES);
    let before = "";
    for (let read = readSync(file, bytes); read > 0; read = readSync(file, bytes)) {
      const text = before + bytes.toString("utf8", 0, read);
      yield text;
      before = text.slice(-NAME_CHARACTERS_MAX);
    }
  } finally {
    closeSync(file);
  }
}
