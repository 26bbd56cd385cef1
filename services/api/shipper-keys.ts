// Keys of shippers: what Winlogbeat and its like send with their events. A key says which tenant and which
// source the events belong to; it can't read anything.
import { randomUUID } from "node:crypto";
import type { Store, Versioned } from "../store/store.ts";
import { SHIPPER_KIND, type StoredShipper, SYSTEM_TENANT } from "./kinds.ts";
import { hashSecret, isSecret, newSecret } from "./secrets.ts";

const SHIPPERS_MAX = 500;

/** What a key stands for. */
interface ShipperIdentity {
  readonly tenant: string;
  readonly source: string;
  readonly format?: string | undefined;
  readonly timeZone: string;
}

/** Checks the keys that the HTTP input gets; made for main to hand to it. */
export interface ShipperKeys {
  /** What the key stands for; undefined when id and key do not belong together. */
  verify(id: string, key: string): Promise<ShipperIdentity | undefined>;
}

/** Shipper keys as the administrators made them in the console. */
export function createStoreShipperKeys(store: Store): ShipperKeys {
  return {
    async verify(id, key) {
      const found = await store.get(SYSTEM_TENANT, SHIPPER_KIND, id);
      // An unknown id costs the same comparison as a known one.
      const fits = isSecret(key, found?.document.keyHash ?? "");
      if (found === undefined || !fits) return undefined;
      const { tenant, source, format, timeZone } = found.document;
      return { tenant, source, timeZone, ...(format === undefined ? {} : { format }) };
    },
  };
}

/** Makes a key. @returns it in clear, for this once */
export async function createShipper(
  store: Store,
  given: Omit<StoredShipper, "keyHash">,
): Promise<{ readonly id: string; readonly key: string }> {
  const id = randomUUID();
  const key = newSecret();
  await store.create(SYSTEM_TENANT, SHIPPER_KIND, id, { ...given, keyHash: hashSecret(key) });
  return { id, key };
}

/** A tenant's shippers, oldest first. */
export async function listShippers(
  store: Store,
  tenant: string,
): Promise<readonly Versioned<StoredShipper>[]> {
  const page = await store.search(SYSTEM_TENANT, SHIPPER_KIND, {
    terms: { tenant: [tenant] },
    sort: [{ field: "createdAt", order: "asc" }],
    limit: SHIPPERS_MAX,
  });
  return page.hits;
}

/** Deletes a key of this tenant. @returns whether there was one */
export async function removeShipper(store: Store, tenant: string, id: string): Promise<boolean> {
  const found = await store.get(SYSTEM_TENANT, SHIPPER_KIND, id);
  if (found?.document.tenant !== tenant) return false;
  return store.remove(SYSTEM_TENANT, SHIPPER_KIND, id);
}
