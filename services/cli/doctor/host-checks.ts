// What `heidewacht doctor` looks at on the machine itself: key, data folder, disk, certificates, ports, time
// zones, rules and console.
import { X509Certificate } from "node:crypto";
import { constants, existsSync, readFileSync, statSync } from "node:fs";
import { access, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join, relative } from "node:path";
import type { Config } from "../../../config/schema.ts";
import { folderOwner } from "../../folder-lock.ts";
import { loadRuleReading } from "../../rules/rule-reading.ts";
import { loadRuleSet, STARTER_PACK } from "../../rules/rule-set.ts";
import { type Check, faultLine, type Line } from "./check.ts";
import type { DoctorText } from "./messages.ts";

const CERTIFICATE_DAYS_MIN = 30;
const DAY_MS = 86_400_000;
const FAULTS_SHOWN = 5;

export interface HostChecksParts {
  readonly config: Config;
  /** Paths of the configuration made absolute. */
  readonly at: (path: string) => string;
  /** Share of the disk below which free space is too little, 0 to 1. */
  readonly freeShareMin: number;
  readonly now: () => number;
  readonly text: DoctorText;
}

/** The checks. */
export function hostChecks(parts: HostChecksParts): Check[] {
  const { config, text } = parts;
  return [
    { name: text.key, run: () => keyLines(parts) },
    { name: text.data, run: () => dataLines(parts) },
    { name: text.zones, run: () => zoneLines(parts) },
    { name: text.certificates, run: () => certificateLines(parts) },
    { name: text.ports, run: () => portLines(parts) },
    { name: text.rules, run: () => ruleLines(parts) },
    ...(config.services.includes("api")
      ? [{ name: text.console, run: (signal: AbortSignal) => consoleLines(parts, signal) }]
      : []),
  ];
}

function keyLines({ config, at, text }: HostChecksParts): Line[] {
  const path = at(config.privacy.masterKeyFile);
  if (!existsSync(path)) {
    return [{ outcome: "warning", text: text.keyMissing(path), mend: text.keyMissingMend }];
  }
  const lines: Line[] = [];
  if (!/^[0-9a-f]{64}\s*$/i.test(readFileSync(path, "utf8"))) {
    lines.push({ outcome: "bad", text: text.keyUnreadable(path), mend: text.keyUnreadableMend });
  }
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) !== 0) {
    const words = text.keyMode(path, mode.toString(8));
    lines.push({ outcome: "bad", text: words, mend: `chmod 600 ${path}` });
  }
  if (!relative(at(config.dataFolder), path).startsWith("..")) {
    lines.push({ outcome: "warning", text: text.keyInside(path), mend: text.keyInsideMend });
  }
  return lines.length > 0 ? lines : [{ outcome: "good", text: path }];
}

async function dataLines({ config, at, text, freeShareMin }: HostChecksParts): Promise<Line[]> {
  const folder = at(config.dataFolder);
  const there = existsSync(folder) ? folder : nearest(folder);
  try {
    await access(there, constants.W_OK | constants.X_OK);
  } catch {
    return [{ outcome: "bad", text: text.notWritable(there), mend: text.notWritableMend }];
  }
  const { bavail, blocks, bsize } = await statfs(there);
  const owner = existsSync(folder) ? folderOwner(folder) : undefined;
  const words = text.freeDisk(folder, bavail * bsize, blocks * bsize);
  const used: Line[] = owner === undefined ? [] : [{ outcome: "good", text: text.running(owner) }];
  if (blocks === 0 || bavail / blocks >= freeShareMin) {
    return [{ outcome: "good", text: words }, ...used];
  }
  return [{ outcome: "warning", text: words, mend: text.diskMend }, ...used];
}

/** The first folder on the way up that exists. */
function nearest(path: string): string {
  return existsSync(path) ? path : nearest(dirname(path));
}

function zoneLines({ config, text, now }: HostChecksParts): Line[] {
  const zones = [...new Set(config.tenants.map(({ timeZone }) => timeZone))];
  // Summer and winter differ where the program knows the zone's rules, and not only its name.
  const offset = (month: number) =>
    new Intl.DateTimeFormat("en", { timeZone: "Europe/Berlin", timeZoneName: "longOffset" }).format(
      new Date(Date.UTC(new Date(now()).getUTCFullYear(), month, 15)),
    );
  const knows = offset(0).includes("+01:00") && offset(6).includes("+02:00");
  if (!knows) return [{ outcome: "bad", text: text.zonesBad, mend: text.zonesMend }];
  return [{ outcome: "good", text: zones.join(", ") }];
}

function certificateLines({ config, at, text, now }: HostChecksParts): Line[] {
  const files = certificateFiles(config).map(at);
  const lines = files.map((file): Line => {
    try {
      const end = Date.parse(new X509Certificate(readFileSync(file)).validTo);
      const days = Math.floor((end - now()) / DAY_MS);
      const words = text.certificate(file, days);
      if (days >= CERTIFICATE_DAYS_MIN) return { outcome: "good", text: words };
      return { outcome: days < 0 ? "bad" : "warning", text: words, mend: text.certificateMend };
    } catch (error) {
      return faultLine(error, text.certificateUnreadable(file));
    }
  });
  return lines.length > 0 ? lines : [{ outcome: "good", text: text.noCertificates }];
}

/** Every certificate that the configuration names. */
function certificateFiles({ inputs, bus, store }: Config): string[] {
  const listeners = [...inputs.syslog, ...inputs.relp, ...inputs.gelf, ...inputs.lumberjack];
  const files = listeners.flatMap(({ tls }) => [tls?.certificateFile, tls?.clientCaFile]);
  const servers = [
    ...(bus.kind === "kafka" ? [bus.tls?.caFile, bus.tls?.certificateFile] : []),
    ...(store.kind === "elasticsearch" ? [store.caFile] : []),
  ];
  return [...new Set([...files, ...servers])].filter((file) => file !== undefined);
}

async function portLines({ config, at, text }: HostChecksParts): Promise<Line[]> {
  const folder = at(config.dataFolder);
  const isOurs = existsSync(folder) && folderOwner(folder) !== undefined;
  const lines = await Promise.all(
    wantedPorts(config).map(async ({ host, port, name }): Promise<Line> => {
      const place = `${name} ${host}:${port}`;
      const fault = await listeningFault(host, port);
      if (fault === undefined) return { outcome: "good", text: text.portFree(place) };
      if (fault === "EADDRINUSE" && isOurs) return { outcome: "good", text: text.portOurs(place) };
      return { outcome: "bad", text: text.portTaken(place, fault), mend: text.portMend };
    }),
  );
  return lines.length > 0 ? lines : [{ outcome: "good", text: text.noPorts }];
}

/** TCP ports that this process would listen on; 0 is whichever is free. */
function wantedPorts({ services, console, monitoring, inputs }: Config) {
  const streams = [
    ...inputs.syslog.filter(({ protocol }) => protocol !== "udp"),
    ...inputs.gelf.filter(({ protocol }) => protocol !== "udp"),
    ...inputs.relp,
    ...inputs.lumberjack,
  ];
  const api = services.includes("api");
  return [
    { ...(api ? console : monitoring), name: api ? "console" : "monitoring" },
    ...(services.includes("ingest") && inputs.http.enabled
      ? [{ ...inputs.http, name: "inputs.http" }]
      : []),
    ...(services.includes("ingest") ? streams.map((one) => ({ ...one, name: "inputs" })) : []),
  ].filter(({ port }) => port !== 0);
}

/** Code of the system; undefined where the port can be had. */
function listeningFault(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

async function ruleLines({ config, at, text }: HostChecksParts): Promise<Line[]> {
  const { detection, language } = config;
  const paths = [
    ...(detection.starterPack ? [STARTER_PACK] : []),
    ...detection.ruleFolders.map(at),
  ];
  const { reading } = loadRuleReading(detection, at, language);
  const { statuses } = detection;
  const { rules, correlations, faults } = await loadRuleSet(paths, { reading, statuses });
  const loaded: Line = {
    outcome: "good",
    text: text.rulesLoaded(rules.length + correlations.length),
  };
  if (faults.length === 0) return [loaded];
  const first = faults.slice(0, FAULTS_SHOWN).map(({ place, message }) => `${place}: ${message}`);
  const words = text.ruleFaults(faults.length, first.join("; "));
  return [loaded, { outcome: "warning", text: words, mend: text.ruleFaultsMend }];
}

async function consoleLines(
  { config, at, text }: HostChecksParts,
  signal: AbortSignal,
): Promise<Line[]> {
  const { host, port } = config.console;
  const folder = at(config.dataFolder);
  const runs = existsSync(join(folder, "lock.db")) && folderOwner(folder) !== undefined;
  const address = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  const url = `http://${address.includes(":") ? `[${address}]` : address}:${port}/healthz`;
  try {
    const { status } = await fetch(url, { signal });
    if (status === 200) return [{ outcome: "good", text: text.consoleAnswers(url) }];
    return [{ outcome: "bad", text: text.consoleStatus(url, status), mend: text.consoleMend }];
  } catch (error) {
    if (!runs) return [{ outcome: "good", text: text.consoleStopped }];
    return [faultLine(error, text.consoleMend)];
  }
}
