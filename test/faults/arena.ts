// Where the faults happen: a Kafka and an Elasticsearch of our own, each behind a line that can break, and
// the processes of one installation over them.
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument } from "yaml";
import type { ServiceName } from "../../config/services.ts";
import { createToken } from "../../services/api/api-tokens.ts";
import type { Ports } from "../../services/ports.ts";
import { type Cluster, createCluster } from "../support/cluster.ts";
import { type Installation, TENANT, writeInstallation } from "../support/loopback.ts";
import { type Line, openLine } from "./line.ts";
import { createRealServer, type RealServer } from "./real-server.ts";
import { SHIPPER_SOURCE, SHIPPER_TOPIC } from "./shipper-topic.ts";
import { type Supervisor, startSupervisor } from "./supervisor.ts";

export const PARTITIONS = 4;
export const SESSION_TIMEOUT_MS = 6000;
export const PREFIX = "faults";
/** Two of what shares partitions; one of what has an address. */
const PROCESSES = {
  ingest: ["ingest"],
  "detect-1": ["detect"],
  "detect-2": ["detect"],
  "baseline-1": ["baseline"],
  "baseline-2": ["baseline"],
  triage: ["triage"],
  api: ["api"],
} as const satisfies Readonly<Record<string, readonly ServiceName[]>>;
export const BASELINES = ["baseline-1", "baseline-2"] as const;
const FIRST_PORT = 19_300;
/** Kafka's controller listens one above it, Elasticsearch's transport a hundred. */
const KAFKA_DISK_MEBIBYTES = 512;
const ELASTICSEARCH_DISK_MEBIBYTES = 512;
const TOKEN_MS = 24 * 3_600_000;

export interface Arena {
  readonly folder: string;
  readonly masterKey: string;
  readonly installation: Installation;
  readonly cluster: Cluster;
  readonly kafka: RealServer;
  readonly elasticsearch: RealServer;
  readonly lines: Readonly<Record<RealServer["name"], Line>>;
  readonly supervisor: Supervisor;
  readonly consoleUrl: string;
  /** Of an analyst that is a program. */
  readonly token: string;
  /** As a further process would have them; over the lines, too. */
  readonly ports: Ports;
  close(): Promise<void>;
}

/** Starts servers and processes; what was started is ended when it fails. */
export async function openArena(): Promise<Arena> {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-faults-"));
  // Elasticsearch runs as nobody.
  chmodSync(folder, 0o755);
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const one of closers.splice(0).reverse()) await one();
  };
  try {
    return { ...(await build(folder, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function build(
  folder: string,
  closers: (() => Promise<unknown>)[],
): Promise<Omit<Arena, "close">> {
  const port = await freePorts(FIRST_PORT);
  const at = { kafka: await port(1), elasticsearch: await port(100) };
  const lines = {
    kafka: await openLine(await port(), at.kafka),
    elasticsearch: await openLine(await port(), at.elasticsearch),
  };
  closers.push(lines.kafka.close, lines.elasticsearch.close);
  const kafka = createRealServer({
    name: "kafka",
    folder: join(folder, "kafka"),
    port: at.kafka,
    diskMebibytes: KAFKA_DISK_MEBIBYTES,
    env: { ADVERTISED: String(lines.kafka.port) },
  });
  closers.push(kafka.remove);
  const elasticsearch = createRealServer({
    name: "elasticsearch",
    folder: join(folder, "elasticsearch"),
    port: at.elasticsearch,
    diskMebibytes: ELASTICSEARCH_DISK_MEBIBYTES,
  });
  closers.push(elasticsearch.remove);
  await Promise.all([kafka.start(), elasticsearch.start()]);

  const masterKey = randomBytes(32).toString("hex");
  const home = join(folder, "installation");
  mkdirSync(home, { mode: 0o700 });
  const consolePort = await port();
  const installation = writeInstallation(
    home,
    { console: consolePort, input: await port() },
    masterKey,
  );
  const cluster = await clusterOf(installation, lines, port);
  const ports = await cluster.openPorts();
  closers.push(
    () => ports.bus.close(),
    () => ports.store.close(),
    () => ports.archive.close(),
  );
  const { token } = await createToken(ports.store, {
    tenant: TENANT,
    name: "Simulierter Analyst",
    scopes: ["findings:read", "findings:write"],
    createdAt: Date.now(),
    createdBy: "system",
    expiresAt: Date.now() + TOKEN_MS,
  });
  const logs = join(folder, "logs");
  mkdirSync(logs);
  const supervisor = startSupervisor(cluster, PROCESSES, logs);
  closers.push(() => supervisor.stop());
  return {
    ...{ folder, masterKey, installation, cluster, kafka, elasticsearch, lines, supervisor },
    ...{ consoleUrl: `http://127.0.0.1:${consolePort}`, token, ports },
  };
}

async function clusterOf(
  installation: Installation,
  lines: Arena["lines"],
  port: () => Promise<number>,
): Promise<Cluster> {
  const monitoring: Record<string, number> = {};
  for (const name of Object.keys(PROCESSES)) monitoring[name] = await port();
  const config = parseDocument(readFileSync(installation.configFile, "utf8"));
  const shippers = {
    topics: [SHIPPER_TOPIC],
    sessionTimeoutMs: SESSION_TIMEOUT_MS,
    binding: { tenant: TENANT, source: SHIPPER_SOURCE },
  };
  config.setIn(["inputs", "kafka"], [shippers]);
  writeFileSync(installation.configFile, config.toString());
  return createCluster(
    installation,
    {
      broker: `127.0.0.1:${lines.kafka.port}`,
      elasticsearchUrl: `http://127.0.0.1:${lines.elasticsearch.port}`,
      prefix: PREFIX,
      partitions: PARTITIONS,
      bus: { sessionTimeoutMs: SESSION_TIMEOUT_MS },
    },
    monitoring,
  );
}

/** Gives out ports of loopback that are free, below those that connections get by themselves. */
async function freePorts(first: number): Promise<(beside?: number) => Promise<number>> {
  const given = new Set<number>();
  return async (beside = 0) => {
    for (let port = first; ; port += 1) {
      const wanted = [port, port + beside];
      if (wanted.some((one) => given.has(one))) continue;
      if (!(await isFree(port)) || !(await isFree(port + beside))) continue;
      for (const one of wanted) given.add(one);
      return port;
    }
  };
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
