// Keeps a process's names and pseudonyms together: keys of epochs, names of the directory and names seen
// earlier, and the vault that new names are sealed into before anything that carries their pseudonym
// leaves detection.
import type { Logger } from "pino";
import { Counter, Gauge, type Registry } from "prom-client";
import { messageOf } from "../config/errors.ts";
import type { Config } from "../config/schema.ts";
import { carryOver } from "./identity-carry-over.ts";
import { startDirectories } from "./identity-directories.ts";
import { createEpochs, type EpochSettings } from "./identity-epochs.ts";
import { createIdentityVault } from "./identity-vault.ts";
import type { KeyRing } from "./privacy/keys.ts";
import { createKnownNames, type KnownNames } from "./privacy/known-names.ts";
import type { Privacy } from "./privacy/privacy.ts";
import { createPrivacy } from "./privacy/protect.ts";
import type { Store } from "./store/store.ts";

const ROUND_MS = 5000;

export interface Identities {
  readonly privacy: Privacy;
  readonly names: KnownNames;
  /** Writes the names seen so far into the vault; a store that is away keeps them waiting, told once. */
  flush(tenant: string): Promise<void>;
  /** Clear name of a pseudonym; undefined when the vault has none (any more). For people who may. */
  resolve(tenant: string, pseudonym: string): Promise<string | undefined>;
  /** One round: reads what other processes wrote, rotates where it is due. */
  round(tenant: string): Promise<void>;
  close(): Promise<void>;
}

export interface IdentitiesParts {
  readonly store: Store;
  readonly ring: KeyRing;
  readonly tenants: readonly string[];
  readonly epochs: EpochSettings;
  /** Whether this process begins and destroys epochs. */
  readonly rotates: boolean;
  /** Told of names that stood in a text by convention and were not known. */
  readonly onUnknown?: (tenant: string) => void;
  readonly logger: Logger;
  readonly now: () => number;
}

export async function openIdentities(parts: IdentitiesParts): Promise<Identities> {
  const { store, ring, tenants, logger, now } = parts;
  const names = createKnownNames();
  const epochs = createEpochs(store, ring, parts.epochs, now);
  const vault = createIdentityVault({ store, names, epochs, logger, now });
  const privacy = createPrivacy(ring, {
    ...{ names, epochs, onFirstSight: vault.onFirstSight },
    onUnknown: parts.onUnknown ?? (() => undefined),
  });
  const carry = async (tenant: string) => {
    const seenOnward = (pseudonym: string) => vault.movedTo(tenant, pseudonym);
    const pseudonymOf = (name: string) => privacy.pseudonymOf(tenant, name);
    const anyOnward = (pseudonym: string) => vault.moveOnward(tenant, pseudonym, pseudonymOf);
    await carryOver({ store, now, anyOnward, seenOnward }, tenant);
    await vault.flush(tenant);
  };
  const round = async (tenant: string) => {
    await epochs.refresh(tenant);
    await vault.flush(tenant);
    await vault.readSeen(tenant);
    if (parts.rotates) await epochs.rotate(tenant, carry);
  };
  for (const tenant of tenants) {
    await epochs.refresh(tenant);
    await vault.readSeen(tenant);
  }
  let running = Promise.resolve();
  let failed = false;
  const timer = setInterval(() => {
    running = running.then(async () => {
      try {
        for (const tenant of tenants) await round(tenant);
        failed = false;
      } catch (error) {
        if (!failed) logger.error({ reason: messageOf(error) }, "the vault of names is away");
        failed = true;
      }
    });
  }, ROUND_MS);
  timer.unref();
  return {
    privacy,
    names,
    flush: vault.flush,
    round,
    resolve: vault.resolve,
    async close() {
      clearInterval(timer);
      await running;
      for (const tenant of tenants) await vault.flush(tenant);
    },
  };
}

const DAY_MS = 86_400_000;
const LEAD_MS = 60_000;

/** Opens all of it as the configuration says, with its figures; closing is left to the caller. */
export async function startIdentities(
  parts: Omit<IdentitiesParts, "epochs" | "onUnknown"> & {
    readonly config: Config;
    readonly at: (path: string) => string;
    readonly registry: Registry;
  },
): Promise<{ readonly identities: Identities; readonly close: () => Promise<void> }> {
  const { config, at, tenants, registry, logger } = parts;
  const unknown = new Counter({
    name: "heidewacht_identity_unknown_names_total",
    help: "names that stood in a text by convention only: neither of the directory nor seen before",
    labelNames: ["tenant"],
    registers: [registry],
  });
  const { rotationDays, overlapDays } = config.privacy;
  const identities = await openIdentities({
    ...parts,
    epochs: {
      rotationMs: rotationDays * DAY_MS,
      overlapMs: overlapDays * DAY_MS,
      leadMs: LEAD_MS,
    },
    onUnknown: (tenant) => unknown.inc({ tenant }),
  });
  new Gauge({
    name: "heidewacht_identity_names",
    help: "names that are found in all texts, by where they are known from",
    labelNames: ["tenant", "from"],
    registers: [registry],
    collect() {
      for (const tenant of tenants) {
        const { directory, seen } = identities.names.counts(tenant);
        this.set({ tenant, from: "directory" }, directory);
        this.set({ tenant, from: "seen" }, seen);
      }
    },
  });
  const stop = await startDirectories(config.privacy, at, identities.names, logger);
  return {
    identities,
    close: async () => {
      await stop();
      await identities.close();
    },
  };
}
