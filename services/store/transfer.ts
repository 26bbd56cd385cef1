// What moving a store needs beyond the store port: which signals a finding has counted, and an audit chain
// taken over as it is. Backup, restore and migration use it; no stage does.
import assert from "node:assert/strict";
import type { Finding } from "./finding.ts";
import type { AuditEntry, Kind, Store } from "./store.ts";

/** A store that can be moved. */
export interface StoreTransfer {
  /** Ids of all signals that a finding has counted, sorted; none when there is no such finding. */
  signalIds(tenant: string, findings: Kind<Finding>, id: string): Promise<readonly string[]>;
  /**
   * Takes entries over as they are, with hashes, salts and erased payloads. Those that are there already
   * are passed over.
   * @throws AppError HW_CONFLICT when they don't follow on the chain that is there, or differ from it
   */
  restoreAudit(tenant: string, entries: readonly AuditEntry[]): Promise<void>;
}

/** The same store with what moving it needs; every kind of store has it. */
export function transferable(store: Store): Store & StoreTransfer {
  assert(isTransferable(store), "a store that can't be moved");
  return store;
}

function isTransferable(store: Store): store is Store & StoreTransfer {
  return "signalIds" in store && "restoreAudit" in store;
}
