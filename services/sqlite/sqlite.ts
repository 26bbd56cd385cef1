// The one place that opens SQLite files: pragmas, versioned migrations and transactions. The embedded
// bus, store and archive keep one file per tenant through it.
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AppError, messageOf } from "../../config/errors.ts";
import { checkTenantName } from "../../config/tenant-name.ts";

/** Brings a file from one version to the next; its place in the list is its version. */
export type Migration = string | ((database: DatabaseSync) => void);

const BUSY_TIMEOUT_MS = 10_000;
const WAL_BYTES_MAX = 64 * 1024 * 1024;
const CACHE_KIB = 32 * 1024;

/**
 * Opens (or makes) a file, in WAL mode with `synchronous=FULL`: what a transaction has committed
 * survives a power cut.
 * @throws AppError HW_STORE_VERSION when a newer version wrote it, HW_STORE_CORRUPT when it is damaged
 */
export function openDatabase(path: string, migrations: readonly Migration[]): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    // auto_vacuum only takes effect before the first table is made.
    database.exec(`
      PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};
      PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA secure_delete = FAST;
      PRAGMA journal_size_limit = ${WAL_BYTES_MAX};
      PRAGMA cache_size = -${CACHE_KIB};
      PRAGMA foreign_keys = ON;
    `);
    migrate(database, migrations, path);
    return database;
  } catch (cause) {
    database?.close();
    if (cause instanceof AppError) throw cause;
    throw new AppError("HW_STORE_CORRUPT", `could not open: ${messageOf(cause)}`, {
      place: path,
      mend: "restore the file from a backup, or move it away to begin with an empty one",
      cause,
    });
  }
}

/** Version of the layout that a file has. */
function versionOf(database: DatabaseSync): number {
  return numberOf(database.prepare("PRAGMA user_version").get()?.user_version);
}

function migrate(database: DatabaseSync, migrations: readonly Migration[], path: string): void {
  const version = versionOf(database);
  if (version > migrations.length)
    throw new AppError("HW_STORE_VERSION", `layout ${version}, this is ${migrations.length}`, {
      place: path,
      mend: "start the version that wrote it, or a newer one",
    });
  for (const [index, migration] of migrations.entries()) {
    if (index < version) continue;
    inTransaction(database, () => {
      if (typeof migration === "string") database.exec(migration);
      else migration(database);
      database.exec(`PRAGMA user_version = ${index + 1}`);
    });
  }
}

/** Runs `work` in one transaction: all of it, or nothing when it throws. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  let result: T;
  try {
    result = work();
    database.exec("COMMIT");
  } catch (error) {
    // A full disk may have rolled back already; then there is nothing left to undo.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
  return result;
}

/** A column that holds a number by the layout; NULL (an empty sum) reads as 0. */
export function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

/** A column that holds text by the layout. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A column that holds bytes by the layout. */
export function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array(0);
}

/** `<dataDir>/<tenant>/<file>`, for a tenant name that can't leave `dataDir`. */
export function tenantFile(dataDir: string, tenant: string, file: string): string {
  return join(dataDir, checkTenantName(tenant), file);
}

/** One thing per tenant, opened at first use and closed together. */
export class PerTenant<T extends { close(): void | Promise<void> }> {
  readonly #open: (tenant: string) => T;
  readonly #items = new Map<string, T>();
  #closed = false;

  constructor(open: (tenant: string) => T) {
    this.#open = open;
  }

  /** @throws AppError HW_CLOSED, HW_REQUEST_INVALID (tenant name), and what opening throws */
  of(tenant: string): T {
    if (this.#closed) throw new AppError("HW_CLOSED", "used after close");
    const known = this.#items.get(tenant);
    if (known !== undefined) return known;
    const item = this.#open(checkTenantName(tenant));
    this.#items.set(tenant, item);
    return item;
  }

  get closed(): boolean {
    return this.#closed;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([...this.#items.values()].map(async (item) => item.close()));
  }
}

/** Whether a tenant's file is there already. */
export function hasTenantFile(dataDir: string, tenant: string, file: string): boolean {
  return existsSync(tenantFile(dataDir, tenant, file));
}
