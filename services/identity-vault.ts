// The vault of names as one process uses it: new names are sealed into the store, and those that it or
// another process saw earlier are learned from there.
import type { Logger } from "pino";
import { isAppError, messageOf } from "../config/errors.ts";
import type { Epochs } from "./identity-epochs.ts";
import { type KnownNames, SEEN_NAMES_MAX } from "./privacy/known-names.ts";
import type { FirstSight } from "./privacy/pseudonym.ts";
import { openName, sealName } from "./privacy/vault.ts";
import {
  IDENTITY_KIND,
  IDENTITY_MOVE_KIND,
  type IdentityMove,
  moveBackId,
} from "./store/identity.ts";
import type { Store } from "./store/store.ts";

const PAGE = 500;
const WRITES_AT_ONCE = 100;
/** New names that wait for a store that is away; beyond it they are written when they are seen again. */
const PENDING_MAX = 100_000;
const WRITTEN_MAX = 400_000;
/** Clocks of processes differ a little. */
const READ_BACK_MS = 30_000;
/** What stands before a sealed name: whether it is looked for in texts. */
const LEARNED = "+";
const NOT_LEARNED = "-";

export interface IdentityVault {
  readonly onFirstSight: (sight: FirstSight) => void;
  flush(tenant: string): Promise<void>;
  /** Learns the names that came since the last reading. */
  readSeen(tenant: string): Promise<void>;
  resolve(tenant: string, pseudonym: string): Promise<string | undefined>;
  /** What a pseudonym of an ending epoch became, where its account was seen since. */
  movedTo(tenant: string, pseudonym: string): Promise<string | undefined>;
  /**
   * The pseudonym that an account of an ending epoch has now, linked to the old one; undefined for one of the
   * present epoch and for one that nothing is known of any more.
   * @param pseudonymOf what a name's pseudonym is now
   */
  moveOnward(
    tenant: string,
    pseudonym: string,
    pseudonymOf: (name: string) => string,
  ): Promise<string | undefined>;
}

interface VaultParts {
  readonly store: Store;
  readonly names: KnownNames;
  readonly epochs: Epochs;
  readonly logger: Logger;
  readonly now: () => number;
}

interface TenantVault {
  readonly pending: Map<string, FirstSight>;
  /** Pseudonyms that are known to lie in the store. */
  readonly written: Set<string>;
  /** Greatest `createdAt` that was read. */
  readTo: number;
}

export function createIdentityVault(parts: VaultParts): IdentityVault {
  const tenants = new Map<string, TenantVault>();
  const of = (tenant: string): TenantVault => {
    let vault = tenants.get(tenant);
    if (vault === undefined) {
      vault = { pending: new Map(), written: new Set(), readTo: 0 };
      tenants.set(tenant, vault);
    }
    if (vault.written.size > WRITTEN_MAX) vault.written.clear();
    return vault;
  };
  let isAway = false;
  return {
    onFirstSight(sight) {
      const { pending, written } = of(sight.tenant);
      if (written.has(sight.pseudonym) || pending.size >= PENDING_MAX) return;
      pending.set(sight.pseudonym, sight);
    },
    async flush(tenant) {
      const vault = of(tenant);
      if (vault.pending.size === 0) return;
      const sights = [...vault.pending.values()];
      try {
        for (let at = 0; at < sights.length; at += WRITES_AT_ONCE) {
          const some = sights.slice(at, at + WRITES_AT_ONCE);
          await Promise.all(some.map((sight) => write(parts, vault, sight)));
        }
        isAway = false;
      } catch (error) {
        const reason = messageOf(error);
        if (!isAway) parts.logger.error({ tenant, reason }, "new names wait for the vault");
        isAway = true;
      }
    },
    readSeen: (tenant) => readSeen(parts, tenant, of(tenant)),
    movedTo: (tenant, pseudonym) => movedTo(parts.store, tenant, pseudonym),
    async moveOnward(tenant, pseudonym, pseudonymOf) {
      const { store, epochs, now } = parts;
      const known = await movedTo(store, tenant, pseudonym);
      if (known !== undefined) return known;
      const found = await nameOf(parts, tenant, pseudonym);
      if (found === undefined || found.epoch >= epochs.current(tenant).epoch) return undefined;
      const to = pseudonymOf(found.name);
      if (to === pseudonym) return undefined;
      await writeMove(store, tenant, { from: pseudonym, to, epoch: found.epoch, at: now() });
      return to;
    },
    async resolve(tenant, pseudonym) {
      const name = (await nameOf(parts, tenant, pseudonym))?.name;
      if (name === undefined) return undefined;
      const canonical = parts.names.canonicalOf(tenant, name);
      const display = canonical === undefined ? "" : parts.names.displayOf(tenant, canonical);
      return display === undefined || display === "" ? name : `${name} (${display})`;
    },
  };
}

async function movedTo(store: Store, tenant: string, pseudonym: string) {
  return (await store.get(tenant, IDENTITY_MOVE_KIND, pseudonym))?.document.to;
}

/** Undefined where the vault has none, or not the key of its epoch any more. */
async function nameOf({ store, epochs }: VaultParts, tenant: string, pseudonym: string) {
  const found = await store.get(tenant, IDENTITY_KIND, pseudonym);
  if (found === undefined) return undefined;
  const { epoch, sealed } = found.document;
  const key = epochs.keyOf(tenant, epoch);
  return key && { epoch, name: openName(key, tenant, pseudonym, sealed).slice(1) };
}

async function write(
  { store, names, epochs, now }: VaultParts,
  vault: TenantVault,
  { tenant, pseudonym, epoch, name, previous }: FirstSight,
): Promise<void> {
  const key = epochs.keyOf(tenant, epoch);
  // Without the key the epoch was destroyed meanwhile: its names are not kept.
  if (key !== undefined) {
    const mark = names.isKnown(tenant, name) ? LEARNED : NOT_LEARNED;
    const sealed = sealName(key, tenant, pseudonym, mark + name);
    const identity = { epoch, sealed, createdAt: now() };
    await createOnce(() => store.create(tenant, IDENTITY_KIND, pseudonym, identity));
    if (previous !== undefined)
      await writeMove(store, tenant, {
        ...{ from: previous, to: pseudonym, epoch: epoch - 1, at: now() },
      });
  }
  vault.written.add(pseudonym);
  vault.pending.delete(pseudonym);
}

async function writeMove(store: Store, tenant: string, move: IdentityMove): Promise<void> {
  if (move.from === move.to) return;
  for (const id of [move.from, moveBackId(move.to)])
    await createOnce(() => store.create(tenant, IDENTITY_MOVE_KIND, id, move));
}

async function readSeen(
  { store, names, epochs }: VaultParts,
  tenant: string,
  vault: TenantVault,
): Promise<void> {
  const from = vault.readTo - READ_BACK_MS;
  let cursor: string | undefined;
  for (let left = SEEN_NAMES_MAX; left > 0; left -= PAGE) {
    const page = await store.search(tenant, IDENTITY_KIND, {
      ranges: { createdAt: { gte: from } },
      sort: [{ field: "createdAt", order: "desc" }],
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { id, document } of page.hits) {
      vault.readTo = Math.max(vault.readTo, document.createdAt);
      const key = epochs.keyOf(tenant, document.epoch);
      if (vault.written.has(id) || key === undefined) continue;
      const content = openName(key, tenant, id, document.sealed);
      vault.written.add(id);
      if (content.startsWith(LEARNED)) names.learn(tenant, content.slice(1));
    }
    cursor = page.cursor;
    if (cursor === undefined) return;
  }
}

// The first writer's document counts; they say the same.
async function createOnce(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (!isAppError(error, "HW_EXISTS")) throw error;
  }
}
