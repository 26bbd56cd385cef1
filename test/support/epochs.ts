// The same pseudonyms in two installations: their keys are random, so that who compares what two of them
// found gives the second one those of the first before its start. Both need the same master key.
import { join } from "node:path";
import { openEmbeddedStore } from "../../services/store/embedded.ts";
import { PRIVACY_EPOCH_KIND } from "../../services/store/identity.ts";
import type { Store } from "../../services/store/store.ts";
import { type Installation, TENANT } from "./loopback.ts";

const EPOCHS_MAX = 10;

/** Copies the sealed keys from one store into one that has none yet. */
export async function copyEpochs(from: Store, to: Store): Promise<void> {
  const found = await from.search(TENANT, PRIVACY_EPOCH_KIND, {
    sort: [{ field: "number", order: "asc" }],
    limit: EPOCHS_MAX,
  });
  if (found.hits.length === 0) throw new Error("the first installation has no keys yet");
  for (const { id, document } of found.hits) {
    await to.create(TENANT, PRIVACY_EPOCH_KIND, id, document);
  }
}

/** The embedded store of an installation that does not run. */
export function openStoreOf({ folder }: Installation): Store {
  return openEmbeddedStore({ dataDir: join(folder, "data") });
}

/** Copies them between two installations that do not run, both embedded. */
export async function shareEpochs(from: Installation, to: Installation): Promise<void> {
  const stores = [openStoreOf(from), openStoreOf(to)] as const;
  try {
    await copyEpochs(...stores);
  } finally {
    for (const store of stores) await store.close();
  }
}
