// A Heidewacht of several processes over a real Kafka and a real Elasticsearch, for tests that compare it
// with the embedded one, kill parts of it, or measure it.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { pino } from "pino";
import { parse, stringify } from "yaml";
import { loadConfig } from "../../config/load.ts";
import type { ServiceName } from "../../config/services.ts";
import { untilIdle } from "../../services/overview.ts";
import { openPorts, type Ports } from "../../services/ports.ts";
import { createKeyRing, loadMasterKey } from "../../services/privacy/keys.ts";
import { ELASTIC_USER } from "../servers/addresses.ts";
import type { Installation } from "./loopback.ts";
import { type ServiceProcess, startService } from "./service-process.ts";

export interface ClusterOptions {
  /** `host:port` */
  readonly broker: string;
  readonly elasticsearchUrl: string;
  /** Of topics and indices; nobody else's. */
  readonly prefix: string;
  readonly partitions: number;
  readonly bus?: Readonly<Record<string, unknown>>;
  readonly store?: Readonly<Record<string, unknown>>;
  readonly archive?: Readonly<Record<string, unknown>>;
  /** Further keys of the configuration. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Configurations of an installation's processes; each has a folder of its own. */
export interface Cluster {
  /** Starts a process; its name says it apart from others with the same services. */
  start(
    name: string,
    services: readonly ServiceName[],
    onOutput?: (text: string) => void,
  ): ServiceProcess;
  /** Writes the configuration of a process and gives back its path. */
  configFile(name: string): string;
  /** The ports as another process of the installation would open them. */
  openPorts(): Promise<Ports>;
  /** Where the process with this name listens for `/health` and `/metrics`. */
  monitoringPort(name: string): number;
}

/**
 * Turns an installation that is written for one machine into one over servers.
 * @param monitoringPorts one for each process's name
 */
export function createCluster(
  installation: Installation,
  options: ClusterOptions,
  monitoringPorts: Readonly<Record<string, number>>,
): Cluster {
  const { broker, elasticsearchUrl, prefix, partitions } = options;
  const base: unknown = parse(readFileSync(installation.configFile, "utf8"));
  if (typeof base !== "object" || base === null) throw new TypeError("not a configuration");
  const passwordFile = join(installation.folder, "elasticsearch-password");
  writeFileSync(passwordFile, `${ELASTIC_USER.password}\n`, { mode: 0o600 });
  const fileOf = (name: string): string => {
    const folder = join(installation.folder, name);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, "heidewacht.yml");
    const { username } = ELASTIC_USER;
    const config = {
      ...base,
      dataFolder: "data",
      privacy: { masterKeyFile: join(installation.folder, "master.key") },
      monitoring: { port: monitoringPorts[name] ?? 0 },
      queue: { partitions },
      bus: { kind: "kafka", brokers: [broker], prefix, sessionTimeoutMs: 6000, ...options.bus },
      store: {
        ...{ kind: "elasticsearch", nodes: [elasticsearchUrl], prefix, username, passwordFile },
        ...options.store,
      },
      archive: { ...options.archive },
      ...options.settings,
    };
    writeFileSync(file, stringify(config));
    return file;
  };
  return {
    configFile: fileOf,
    start: (name, services, onOutput) => startService(fileOf(name), services, onOutput),
    async openPorts() {
      const { config, folder } = loadConfig(fileOf("reader"), {});
      const at = (path: string) => (isAbsolute(path) ? path : join(folder, path));
      const { key } = loadMasterKey(join(installation.folder, "master.key"));
      const ring = createKeyRing(key);
      const logger = pino({ level: "silent" });
      return openPorts({ config, at, dataDir: folder, ring, logger });
    },
    monitoringPort: (name) => monitoringPorts[name] ?? 0,
  };
}

/** Resolves when all that was received is processed: nothing unread, nothing that waits for its time. */
export function untilClusterIdle(
  ports: Ports,
  tenant: string,
  baselines: readonly number[],
): Promise<void> {
  return untilIdle(ports.bus, tenant, async () => {
    const pending = await Promise.all(baselines.map((port) => pendingOf(port, tenant)));
    return pending.reduce((sum, one) => sum + one, 0);
  });
}

async function pendingOf(port: number, tenant: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  const name = `heidewacht_baseline_pending{tenant="${tenant}"} `;
  const line = (await answer.text()).split("\n").find((one) => one.startsWith(name));
  return line === undefined ? 0 : Number(line.slice(name.length));
}
