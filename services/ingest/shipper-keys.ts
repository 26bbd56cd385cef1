// Who may send: the key of a shipper says tenant and source. Beats and others carry it as ApiKey, Bearer
// or Basic, which hold base64 of `id:key`; shippers made for Splunk carry it as a token, which is that
// base64 as well, or `id.key` in clear.
import { createHash, timingSafeEqual } from "node:crypto";
import type { ShipperKey, SourceBinding } from "../../config/inputs.ts";

export interface ShipperKeys {
  /** What the key is bound to; undefined when there is no such key. */
  verify(id: string, key: string): Promise<SourceBinding | undefined>;
}

// Compared with where the id is unknown, so that the answer takes as long as for a known one.
const NO_HASH = Buffer.alloc(32);
const HEADER_CHARACTERS_MAX = 1024;

/** Keys from the configuration, which holds their SHA-256 only. */
export function createStaticShipperKeys(keys: readonly ShipperKey[]): ShipperKeys {
  const byId = new Map(
    keys.map(({ id, sha256, ...binding }) => [id, { hash: Buffer.from(sha256, "hex"), binding }]),
  );
  return {
    async verify(id, key) {
      const found = byId.get(id);
      const same = timingSafeEqual(
        createHash("sha256").update(key).digest(),
        found?.hash ?? NO_HASH,
      );
      return same ? found?.binding : undefined;
    },
  };
}

/** Asks one list after the other. */
export function chainShipperKeys(all: readonly ShipperKeys[]): ShipperKeys {
  return {
    async verify(id, key) {
      for (const keys of all) {
        const found = await keys.verify(id, key);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

/** `id` and `key` of an Authorization header; undefined when it has another shape. */
export function parseAuthorization(
  header: string | undefined,
): { id: string; key: string } | undefined {
  if (header === undefined || header.length > HEADER_CHARACTERS_MAX) return undefined;
  const space = header.indexOf(" ");
  const scheme = header.slice(0, space).toLowerCase();
  const token = header.slice(space + 1).trim();
  if (scheme === "splunk") {
    // Base64 has no dot, and an id neither.
    const dot = token.indexOf(".");
    if (dot > 0) return { id: token.slice(0, dot), key: token.slice(dot + 1) };
  } else if (!["apikey", "bearer", "basic"].includes(scheme)) return undefined;
  const plain = Buffer.from(token, "base64").toString("utf8");
  const colon = plain.indexOf(":");
  if (colon < 1) return undefined;
  return { id: plain.slice(0, colon), key: plain.slice(colon + 1) };
}
