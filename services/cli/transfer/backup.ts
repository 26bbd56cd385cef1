// Backup and restore over the ports: a backup of one kind of installation can be restored into the other.
import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../../config/errors.ts";
import type { LoadedConfig } from "../../../config/load.ts";
import { TENANT_NAME } from "../../../config/tenant-name.ts";
import { BUS_GROUPS } from "../../bus-metrics.ts";
import { copyDatabase } from "../../sqlite/copy.ts";
import { openEmbeddedStore } from "../../store/embedded.ts";
import type { Store } from "../../store/store.ts";
import { type CarriedPart, type CarryOptions, carry, tallyOf } from "./carry.ts";
import {
  emptyBackupFolder,
  folderPlace,
  type Manifest,
  readManifest,
  writeManifest,
} from "./folder-place.ts";
import { checkTenants, checkWitness, type Installation, openInstallation } from "./installation.ts";
import { type Part, type Place, partName } from "./place.ts";
import { portsPlace, SYSTEM } from "./ports-place.ts";
import { leftParts, type MoveResult, resultOf } from "./result.ts";
import { isSame } from "./tally.ts";
import { beginTarget, endTarget } from "./target.ts";

const SNAPSHOT = ".snapshot";

type OnPart = CarryOptions["onPart"];

/**
 * Writes a backup into an empty folder and reads it back; the service may run meanwhile. Without a
 * manifest at the end it is none.
 * @throws AppError HW_PLACE_TAKEN for a folder that is not empty
 */
export async function backup(
  loaded: LoadedConfig,
  folder: string,
  program: string,
  onPart?: OnPart,
): Promise<MoveResult> {
  emptyBackupFolder(folder);
  const installation = await openInstallation(loaded, false);
  const { config, ports, tenants, sealer, keyWitness } = installation;
  const snapshot = join(folder, SNAPSHOT);
  const frozen = frozenStore(installation, snapshot);
  try {
    const unread = await unreadOf(installation);
    const id = randomUUID();
    const { partitions } = config.queue;
    const source = portsPlace(
      { ...ports, store: frozen ?? ports.store },
      { id, tenants, partitions },
    );
    const target = folderPlace(folder, await source.parts(), sealer);
    const parts = await carry(source, target, onPart === undefined ? {} : { onPart });
    const result = resultOf(parts, [], [], unread);
    if (!result.equal) return result;
    await writeManifest(folder, {
      ...{ version: 1, id, createdAt: Date.now(), program, keyWitness, partitions },
      parts: parts.map(({ tenant, name, target: tally }) => ({ tenant, name, tally })),
    });
    await recordBackup(ports.store, id, parts);
    return result;
  } finally {
    await frozen?.close();
    rmSync(snapshot, { recursive: true, force: true });
    await installation.close();
  }
}

/** In the chain of each tenant that is in it; the backup itself ends before its entry. */
async function recordBackup(
  store: Store,
  id: string,
  parts: readonly CarriedPart[],
): Promise<void> {
  for (const [tenant, own] of Map.groupBy(parts, (part) => part.tenant)) {
    if (tenant === SYSTEM) continue;
    const rows = own.reduce((sum, { target }) => sum + target.rows, 0);
    await store.appendAudit(tenant, {
      ...{ at: Date.now(), actor: "system", action: "backup.create", subject: id },
      payload: { parts: own.length, rows },
    });
  }
}

/** What lies between the stages; positions in one queue mean nothing to another. */
async function unreadOf({ config, ports }: Installation): Promise<number> {
  let unread = 0;
  for (const { id } of config.tenants) {
    for (const [topic, group] of BUS_GROUPS) {
      unread += (await ports.bus.lag(id, topic, group)).records;
    }
  }
  return unread;
}

/** The embedded store as it is now, so that a running service changes nothing under the backup. */
function frozenStore({ config, dataDir }: Installation, snapshot: string): Store | undefined {
  if (config.store.kind !== "embedded") return undefined;
  for (const tenant of readdirSync(dataDir)) {
    const file = join(dataDir, tenant, "store.db");
    if (TENANT_NAME.test(tenant) && existsSync(file)) {
      copyDatabase(file, join(snapshot, tenant, "store.db"));
    }
  }
  return openEmbeddedStore({ dataDir: snapshot });
}

/**
 * Restores a backup into an installation without data, whatever kind that is; looks through the whole
 * backup before the first row is written.
 * @throws AppError HW_STORE_CORRUPT for a damaged backup, HW_PLACE_TAKEN for a target in use or with data
 */
export async function restore(
  loaded: LoadedConfig,
  folder: string,
  onPart?: OnPart,
): Promise<MoveResult> {
  const manifest = await readManifest(folder);
  const installation = await openInstallation(loaded, true);
  try {
    const { config, ports, sealer, keyWitness } = installation;
    checkWitness(manifest.keyWitness, keyWitness);
    const tenants = [...new Set(manifest.parts.map(({ tenant }) => tenant))];
    checkTenants(config, tenants);
    const source = folderPlace(folder, manifest.parts, sealer);
    await checkBackup(source, manifest, folder);
    await beginTarget(ports, installation.tenants, manifest.id, Date.now());
    const { partitions } = config.queue;
    const target = portsPlace(ports, { id: manifest.id, tenants, partitions });
    const left = leftParts(config, manifest.partitions);
    const isLeft = ({ name }: Part) => left.some((one) => one.name === name);
    const parts = await carry(source, target, { isLeft, ...(onPart && { onPart }) });
    const result = resultOf(parts, left, await brokenChains(installation, tenants));
    if (result.equal) await endTarget(ports);
    return result;
  } finally {
    await installation.close();
  }
}

async function checkBackup(source: Place, { parts }: Manifest, folder: string): Promise<void> {
  for (const part of parts) {
    const found = await tallyOf(source, part).catch((cause: unknown) => {
      throw damaged(folder, part, cause);
    });
    if (!isSame(found, part.tally)) throw damaged(folder, part, undefined);
  }
}

function damaged(folder: string, part: Part, cause: unknown): AppError {
  return new AppError("HW_STORE_CORRUPT", `die Sicherung ist beschädigt: ${partName(part)}`, {
    place: folder,
    mend: "eine andere Sicherung nehmen; am Ziel wurde nichts verändert",
    cause,
  });
}

/** Tenants whose audit chain does not hold. */
export async function brokenChains(
  { ports }: Installation,
  tenants: readonly string[],
): Promise<string[]> {
  const broken: string[] = [];
  for (const tenant of tenants) {
    if ((await ports.store.verifyAudit(tenant)) !== undefined) broken.push(tenant);
  }
  return broken;
}
