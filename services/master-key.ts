// The master key of an installation: made at the first start where one process is all there is, and the
// same in all processes where there are several, which the store bears witness to.
import { timingSafeEqual } from "node:crypto";
import { existsSync } from "node:fs";
import { AppError, isAppError } from "../config/errors.ts";
import type { Config } from "../config/schema.ts";
import { runsEverything } from "../config/services.ts";
import { createKeyRing, type KeyRing, loadMasterKey } from "./privacy/keys.ts";
import { SETTING_KIND } from "./store/kinds.ts";
import type { Store } from "./store/store.ts";

/** Says which key an installation was begun with; nothing can be opened with it. */
const WITNESS = "privacy.key";

/**
 * Reads the key; makes it where it is missing and this process runs everything.
 * @throws AppError HW_CONFIG_INVALID when it is missing and has to be the one of other processes
 */
export function openMasterKey(
  config: Config,
  at: (path: string) => string,
): {
  readonly ring: KeyRing;
  /** Path of the key when it was made just now. */
  readonly createdKey: string | undefined;
} {
  const path = at(config.privacy.masterKeyFile);
  if (!runsEverything(config.services) && !existsSync(path)) {
    throw new AppError("HW_CONFIG_INVALID", `der Schlüssel ${path} fehlt`, {
      place: "privacy.masterKeyFile",
      mend: "allen Prozessen denselben Schlüssel geben; ein neuer: openssl rand -hex 32",
    });
  }
  const { key, created } = loadMasterKey(path);
  return { ring: createKeyRing(key), createdKey: created ? path : undefined };
}

/**
 * Compares the key with the one that the store's data was begun with.
 * @throws AppError HW_DECRYPT_FAILED when it is another one
 */
export async function checkMasterKey(
  ring: KeyRing,
  store: Store,
  tenants: readonly string[],
  now: number,
): Promise<void> {
  for (const tenant of tenants) {
    const value = ring.derive(tenant, "witness").toString("hex");
    const known = await witnessOf(store, tenant, value, now);
    if (typeof known === "string" && isEqual(known, value)) continue;
    throw new AppError("HW_DECRYPT_FAILED", "der Hauptschlüssel ist ein anderer als bisher", {
      place: `privacy.masterKeyFile, Mandant ${tenant}`,
      mend: "den Schlüssel einsetzen, mit dem die Daten angelegt wurden",
    });
  }
}

async function witnessOf(store: Store, tenant: string, value: string, now: number) {
  const found = await store.get(tenant, SETTING_KIND, WITNESS);
  if (found !== undefined) return found.document.value;
  try {
    const setting = { value, changedAt: now, changedBy: "system" };
    await store.create(tenant, SETTING_KIND, WITNESS, setting);
    return value;
  } catch (error) {
    // Another process was quicker: then its key counts.
    if (!isAppError(error, "HW_EXISTS")) throw error;
    return (await store.get(tenant, SETTING_KIND, WITNESS))?.document.value;
  }
}

function isEqual(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
