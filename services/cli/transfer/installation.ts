// An installation opened to be moved: its ports without any stage, and the key that its data was begun with.
import { existsSync, mkdirSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { pino } from "pino";
import { AppError } from "../../../config/errors.ts";
import type { LoadedConfig } from "../../../config/load.ts";
import type { Config } from "../../../config/schema.ts";
import type { Sealer } from "../../bus/bus.ts";
import { lockFolder } from "../../folder-lock.ts";
import { openPorts, type Ports } from "../../ports.ts";
import { createKeyRing, loadMasterKey } from "../../privacy/keys.ts";
import { createSealer } from "../../privacy/seal.ts";
import { SYSTEM } from "./ports-place.ts";

export interface Installation {
  readonly config: Config;
  readonly dataDir: string;
  readonly ports: Ports;
  readonly sealer: Sealer;
  /** Of the master key; opens nothing. */
  readonly keyWitness: string;
  /** All that have data or are configured, `system` last. */
  readonly tenants: readonly string[];
  close(): Promise<void>;
}

/**
 * Opens the ports.
 * @param isAlone takes the lock of the data folder where something lies in it
 * @throws AppError HW_PLACE_TAKEN while a service works on it, HW_CONFIG_INVALID where the key is missing
 */
export async function openInstallation(
  { config, folder }: LoadedConfig,
  isAlone: boolean,
): Promise<Installation> {
  const at = (path: string) => (isAbsolute(path) ? path : join(folder, path));
  const dataDir = at(config.dataFolder);
  const keyFile = at(config.privacy.masterKeyFile);
  if (!existsSync(keyFile)) {
    throw new AppError("HW_CONFIG_INVALID", `der Schlüssel ${keyFile} fehlt`, {
      place: "privacy.masterKeyFile",
      mend: "den Schlüssel, mit dem die Daten angelegt wurden, dorthin kopieren",
    });
  }
  const isEmbedded = [config.bus.kind, config.store.kind].includes("embedded");
  if (isEmbedded) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const unlock = isEmbedded && isAlone ? lockFolder(dataDir) : undefined;
  try {
    const ring = createKeyRing(loadMasterKey(keyFile).key);
    const ports = await openPorts({ config, at, dataDir, ring, logger: pino({ level: "warn" }) });
    const close = async () => {
      await ports.bus.close();
      await ports.archive.close();
      await ports.store.close();
      unlock?.();
    };
    const keyWitness = ring.derive(SYSTEM, "witness").toString("hex");
    const tenants = await tenantsOf(config, ports);
    return { config, dataDir, ports, sealer: createSealer(ring), keyWitness, tenants, close };
  } catch (error) {
    unlock?.();
    throw error;
  }
}

async function tenantsOf(config: Config, { store }: Ports): Promise<string[]> {
  const all = new Set([...config.tenants.map(({ id }) => id), ...(await store.tenants())]);
  all.delete(SYSTEM);
  return [...[...all].sort(), SYSTEM];
}

/** @throws AppError HW_CONFIG_INVALID for a tenant that the target's configuration doesn't name */
export function checkTenants({ tenants }: Config, wanted: Iterable<string>): void {
  const known = new Set([SYSTEM, ...tenants.map(({ id }) => id)]);
  const missing = [...new Set(wanted)].filter((tenant) => !known.has(tenant));
  if (missing.length === 0) return;
  throw new AppError("HW_CONFIG_INVALID", `im Ziel fehlen Mandanten: ${missing.join(", ")}`, {
    place: "tenants",
    mend: "sie in der Konfiguration des Ziels eintragen",
  });
}

/** @throws AppError HW_DECRYPT_FAILED when the target's key is another one than the source's */
export function checkWitness(source: string, target: string): void {
  if (source === target) return;
  throw new AppError("HW_DECRYPT_FAILED", "Quelle und Ziel haben verschiedene Hauptschlüssel", {
    place: "privacy.masterKeyFile",
    mend: "dem Ziel den Schlüssel der Quelle geben",
  });
}
