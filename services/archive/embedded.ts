// The embedded archive: per tenant a folder of compressed segments (one per data class and hour) and a
// catalogue. No other server is needed.
import { dirname } from "node:path";
import { PerTenant, tenantFile } from "../sqlite/sqlite.ts";
import type { Archive } from "./archive.ts";
import { type OnDamage, TenantArchive } from "./tenant-archive.ts";

export interface EmbeddedArchiveOptions {
  /** Holds one folder per tenant. */
  readonly dataDir: string;
  /** Told of each damaged frame that a read met; the rest of the archive stays readable. */
  readonly onDamage: OnDamage;
}

/** Opens the archive; tenants are opened at first use. */
export function openEmbeddedArchive(options: EmbeddedArchiveOptions): Archive {
  const tenants = new PerTenant(
    (tenant) =>
      new TenantArchive(
        dirname(tenantFile(options.dataDir, tenant, "archive.db")),
        options.onDamage,
      ),
  );
  return {
    append: async (tenant, position, events) => tenants.of(tenant).append(position, events),
    get: async (tenant, id, time) => tenants.of(tenant).get(id, time),
    search: async (tenant, query) => tenants.of(tenant).search(query),
    scan: (tenant, range, signal) => scan(tenants.of(tenant), range, signal),
    statistics: async (tenant) => tenants.of(tenant).statistics(),
    retain: async (tenant, now, rules) => tenants.of(tenant).retain(now, rules),
    close: () => tenants.close(),
  };
}

async function* scan(
  archive: TenantArchive,
  range: { readonly from: number; readonly to: number },
  signal: AbortSignal,
) {
  yield* archive.scan(range.from, range.to, signal);
}
