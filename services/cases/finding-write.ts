// One change of one finding in the store, together with its audit entry, from the version that was seen.
import { AppError, isAppError } from "../../config/errors.ts";
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import type { Store, Versioned } from "../store/store.ts";
import { type ChangedBy, findingEntry } from "./finding-changes.ts";
import { FindingFault } from "./finding-fault.ts";

export interface FindingChange {
  readonly tenant: string;
  readonly id: string;
  /** The version that its author has seen. */
  readonly version: number;
  readonly by: ChangedBy;
  /** Verb of the entry; may depend on what is there. */
  readonly action: string | ((present: Finding) => string);
  readonly next: (present: Finding) => Finding;
}

/** Somebody else was quicker: what is there now goes back to whoever asked. */
export class FindingConflict extends AppError {
  readonly present: Versioned<Finding>;

  constructor(present: Versioned<Finding>) {
    super("HW_CONFLICT", `the finding has version ${present.version}`, { place: present.id });
    this.name = "FindingConflict";
    this.present = present;
  }
}

/** @throws AppError HW_NOT_FOUND, FindingConflict, and what `next` throws */
export async function changeFinding(
  store: Store,
  change: FindingChange,
): Promise<Versioned<Finding>> {
  const { tenant, id, version, by, action, next } = change;
  const present = await findingOf(store, tenant, id);
  if (present.version !== version) throw new FindingConflict(present);
  const after = next(present.document);
  const verb = typeof action === "string" ? action : action(present.document);
  const audit = findingEntry(present.document, after, { ...by, action: verb });
  try {
    return await store.replace(tenant, FINDING_KIND, id, after, version, audit);
  } catch (error) {
    if (!isAppError(error, "HW_CONFLICT")) throw error;
    throw new FindingConflict(await findingOf(store, tenant, id));
  }
}

/**
 * Whether a finding can stand in the place of a duplicate of it.
 * @throws FindingFault HW_REQUEST_INVALID
 */
export async function checkDuplicate(
  store: Store,
  tenant: string,
  duplicateOf: string | undefined,
  id?: string,
): Promise<void> {
  if (duplicateOf === undefined) return;
  const place = "body/duplicateOf";
  const original = await store.get(tenant, FINDING_KIND, duplicateOf);
  if (original === undefined)
    throw new FindingFault("HW_REQUEST_INVALID", "duplicateMissing", place);
  // Two that name each other would both be looked at by nobody.
  if (id !== undefined && original.document.verdict?.duplicateOf === id)
    throw new FindingFault("HW_REQUEST_INVALID", "duplicateSelf", place);
}

/** @throws AppError HW_NOT_FOUND */
async function findingOf(store: Store, tenant: string, id: string): Promise<Versioned<Finding>> {
  const found = await store.get(tenant, FINDING_KIND, id);
  if (found === undefined) throw new AppError("HW_NOT_FOUND", "no such finding", { place: id });
  return found;
}
