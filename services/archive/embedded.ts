// The embedded archive: per tenant a folder of compressed segments (one per data class and hour, late
// ones beside it) and a catalogue. No other server is needed.
import { dirname } from "node:path";
import { PerTenant, tenantFile } from "../sqlite/sqlite.ts";
import type { Archive } from "./archive.ts";
import type { OnDamage } from "./reader.ts";
import { TenantArchive } from "./tenant-archive.ts";

export interface EmbeddedArchiveOptions {
  /** Holds one folder per tenant. */
  readonly dataDir: string;
  /** Told of each damaged frame that a read met; the rest of the archive stays readable. */
  readonly onDamage: OnDamage;
  /** Milliseconds since 1970 UTC; for tests. */
  readonly now?: () => number;
}

/** Opens the archive; tenants are opened at first use. */
export function openEmbeddedArchive(options: EmbeddedArchiveOptions): Archive {
  const { dataDir, onDamage, now = Date.now } = options;
  const tenants = new PerTenant(
    (tenant) =>
      new TenantArchive(dirname(tenantFile(dataDir, tenant, "archive.db")), onDamage, now),
  );
  return {
    append: async (tenant, position, events) => tenants.of(tenant).append(position, events),
    get: async (tenant, id, time) => tenants.of(tenant).get(id, time),
    search: async (tenant, query, signal) => tenants.of(tenant).search(query, signal),
    async *scan(tenant, range, signal) {
      yield* tenants.of(tenant).scan(range.from, range.to, signal);
    },
    statistics: async (tenant) => tenants.of(tenant).statistics(),
    retain: async (tenant, now, rules) => tenants.of(tenant).retain(now, rules),
    close: () => tenants.close(),
  };
}
