// The epochs of a tenant's pseudonyms: which key counts now, when the next one begins, and when the last
// one's key, its names and its links are destroyed. The state lies in the store, so that all processes
// change over at the same time.
import { isAppError } from "../config/errors.ts";
import type { KeyRing } from "./privacy/keys.ts";
import type { EpochKey, PseudonymKeys } from "./privacy/pseudonym.ts";
import { createEpochKey, openEpochKey } from "./privacy/vault.ts";
import {
  IDENTITY_KIND,
  IDENTITY_MOVE_KIND,
  PRIVACY_EPOCH_KIND,
  type PrivacyEpoch,
} from "./store/identity.ts";
import type { Kind, Store } from "./store/store.ts";

const EPOCHS_MAX = 10;
const FIRST = 1;
const PAGE = 500;

export interface EpochSettings {
  /** How long pseudonyms of an epoch are made, ms. */
  readonly rotationMs: number;
  /** How long the epoch before is kept beside it, ms. */
  readonly overlapMs: number;
  /** How long before its beginning an epoch is told to all processes, ms. */
  readonly leadMs: number;
}

export interface Epochs extends PseudonymKeys {
  /** Reads what other processes wrote; makes the first epoch where there is none. */
  refresh(tenant: string): Promise<void>;
  /**
   * Begins the next epoch where it is due, and destroys what has outlived its overlap.
   * @param carryOver moves what is to survive: once after an epoch began, and again before the last one's key
   *   is destroyed; without it nothing is destroyed
   */
  rotate(tenant: string, carryOver: (tenant: string) => Promise<void>): Promise<void>;
  /** Key of an epoch that is still kept. */
  keyOf(tenant: string, epoch: number): EpochKey | undefined;
}

interface Opened {
  readonly startsAt: number;
  readonly key: EpochKey;
}

export function createEpochs(
  store: Store,
  ring: KeyRing,
  settings: EpochSettings,
  now: () => number,
): Epochs {
  const opened = new Map<string, readonly Opened[]>();
  /** Tenant → the epoch into which this process has carried all over. */
  const carried = new Map<string, number>();
  /** Oldest first, those that have begun. */
  const begun = (tenant: string) =>
    (opened.get(tenant) ?? []).filter((one, index) => index === 0 || one.startsAt <= now());
  const current = (tenant: string): Opened => {
    const last = begun(tenant).at(-1);
    if (last === undefined) throw new TypeError(`no epoch was read for tenant ${tenant}`);
    return last;
  };
  const read = async (tenant: string) => {
    const found = await store.search(tenant, PRIVACY_EPOCH_KIND, {
      sort: [{ field: "number", order: "asc" }],
      limit: EPOCHS_MAX,
    });
    take(
      tenant,
      found.hits.map(({ document }) => document),
    );
  };
  const take = (tenant: string, documents: readonly PrivacyEpoch[]) => {
    const known = opened.get(tenant) ?? [];
    opened.set(
      tenant,
      documents.map(({ number, startsAt, sealedKey }) => {
        const same = known.find(({ key }) => key.epoch === number);
        return { startsAt, key: same?.key ?? openEpochKey(ring, tenant, number, sealedKey) };
      }),
    );
  };
  const begin = async (tenant: string, number: number, startsAt: number) => {
    const sealedKey = createEpochKey(ring, tenant, number);
    const epoch: PrivacyEpoch = { number, startsAt, sealedKey };
    await store.create(tenant, PRIVACY_EPOCH_KIND, String(number), epoch, {
      at: now(),
      actor: "system",
      action: "privacy.epoch_begin",
      subject: String(number),
      payload: { startsAt },
    });
  };
  return {
    current: (tenant) => current(tenant).key,
    previous(tenant) {
      const all = begun(tenant);
      const last = all.at(-1);
      const before = all.at(-2);
      if (last === undefined || before === undefined) return undefined;
      const [begin, end] = [last.startsAt, last.startsAt + settings.overlapMs];
      return now() < end ? { ...before.key, begin, end } : undefined;
    },
    keyOf: (tenant, epoch) => opened.get(tenant)?.find(({ key }) => key.epoch === epoch)?.key,
    async refresh(tenant) {
      await read(tenant);
      if (opened.get(tenant)?.length === 0) {
        await unlessThere(() => begin(tenant, FIRST, now()));
        // What another process has just written is found by its id before any search finds it.
        const first = await store.get(tenant, PRIVACY_EPOCH_KIND, String(FIRST));
        if (first !== undefined) take(tenant, [first.document]);
      }
    },
    async rotate(tenant, carryOver) {
      const last = opened.get(tenant)?.at(-1);
      if (last === undefined) return;
      if (now() >= last.startsAt + settings.rotationMs) {
        await unlessThere(() => begin(tenant, last.key.epoch + 1, now() + settings.leadMs));
        await read(tenant);
      }
      const present = current(tenant);
      const past = begun(tenant).slice(0, -1);
      const isOver = now() >= present.startsAt + settings.overlapMs;
      if (past.length > 0 && (isOver || carried.get(tenant) !== present.key.epoch)) {
        await carryOver(tenant);
        carried.set(tenant, present.key.epoch);
      }
      if (!isOver) return;
      for (const { key } of past) await destroy(store, tenant, key.epoch, now);
      await read(tenant);
    },
  };
}

// Another process was quicker: its epoch counts.
async function unlessThere(make: () => Promise<void>): Promise<void> {
  try {
    await make();
  } catch (error) {
    if (!isAppError(error, "HW_EXISTS")) throw error;
  }
}

// The key first: what a crash leaves of the rest can't be opened any more, and goes with the next round of
// the epoch after it.
async function destroy(
  store: Store,
  tenant: string,
  epoch: number,
  now: () => number,
): Promise<void> {
  if (await store.remove(tenant, PRIVACY_EPOCH_KIND, String(epoch))) {
    const entry = { at: now(), actor: "system", action: "privacy.epoch_destroy" };
    await store.appendAudit(tenant, { ...entry, subject: String(epoch), payload: {} });
  }
  await removeOf(store, tenant, IDENTITY_MOVE_KIND, epoch);
  await removeOf(store, tenant, IDENTITY_KIND, epoch);
}

async function removeOf<D>(store: Store, tenant: string, kind: Kind<D>, epoch: number) {
  for (;;) {
    const page = await store.search(tenant, kind, {
      ranges: { epoch: { lt: epoch + 1 } },
      sort: [{ field: "epoch", order: "asc" }],
      limit: PAGE,
    });
    if (page.hits.length === 0) return;
    for (const { id } of page.hits) await store.remove(tenant, kind, id);
  }
}
