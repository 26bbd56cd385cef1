// An installation to be measured: its configuration on either kind of ports, a key for the sender, a token
// for who reads findings, and its processes.
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { pino } from "pino";
import { stringify } from "yaml";
import { loadConfig } from "../../../config/load.ts";
import { createToken } from "../../../services/api/api-tokens.ts";
import { openPorts } from "../../../services/ports.ts";
import { createKeyRing, loadMasterKey } from "../../../services/privacy/keys.ts";
import { freePort, type Installation, TENANT } from "../../support/loopback.ts";
import { PROBE_RULE } from "./probe.ts";

const DAY_MS = 86_400_000;

export interface Variant {
  /** Folder or package of rules; undefined: none but the one that hits probes. */
  readonly rules: string | undefined;
  readonly archive: "store" | "off";
}

export interface MeasuredInstallation extends Installation {
  readonly apiUrl: string;
}

/** Writes the configuration of an embedded installation; test/support/cluster.ts makes others of it. */
export async function writeMeasuredInstallation(
  folder: string,
  { rules, archive }: Variant,
): Promise<MeasuredInstallation> {
  mkdirSync(join(folder, "rules"), { recursive: true });
  writeFileSync(join(folder, "rules", "probe.yml"), PROBE_RULE);
  writeFileSync(join(folder, "master.key"), `${randomBytes(32).toString("hex")}\n`, {
    mode: 0o600,
  });
  const secret = randomBytes(24).toString("base64url");
  const sha256 = createHash("sha256").update(secret).digest("hex");
  const ports = { console: await freePort(), input: await freePort() };
  const configFile = join(folder, "heidewacht.yml");
  const key = { id: "bench", sha256, tenant: TENANT, source: "bench" };
  const config = {
    dataFolder: "data",
    privacy: { masterKeyFile: "master.key" },
    tenants: [{ id: TENANT, name: "Messung" }],
    console: { host: "127.0.0.1", port: ports.console },
    archive: { kind: archive },
    detection: {
      starterPack: false,
      ruleFolders: [join(folder, "rules"), ...(rules === undefined ? [] : [rules])],
    },
    inputs: {
      http: { host: "127.0.0.1", port: ports.input, keys: [key], requestsPerMinuteMax: 1_000_000 },
    },
    log: { level: "info" },
  };
  writeFileSync(configFile, stringify(config));
  return {
    folder,
    configFile,
    inputUrl: `http://127.0.0.1:${ports.input}`,
    apiUrl: `http://127.0.0.1:${ports.console}`,
    keyOf: () => `bench:${secret}`,
  };
}

/** Makes a token by which findings can be read, before any process of the installation runs. */
export async function makeToken(configFile: string): Promise<string> {
  const { config, folder } = loadConfig(configFile, {});
  const at = (path: string) => (isAbsolute(path) ? path : join(folder, path));
  const dataDir = at(config.dataFolder);
  mkdirSync(dataDir, { recursive: true });
  const ring = createKeyRing(loadMasterKey(at(config.privacy.masterKeyFile)).key);
  const ports = await openPorts({ config, at, dataDir, ring, logger: pino({ level: "silent" }) });
  try {
    const now = Date.now();
    const { token } = await createToken(ports.store, {
      tenant: TENANT,
      name: "bench",
      scopes: ["findings:read", "status:read"],
      createdAt: now,
      createdBy: "cli",
      expiresAt: now + DAY_MS,
    });
    return token;
  } finally {
    await ports.bus.close();
    await ports.store.close();
    await ports.archive.close();
  }
}
