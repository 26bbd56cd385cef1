// One change of one document, written together with its audit entry: the old and the new value of what is
// said of it.
import type { AuditInput, Kind, Store, Versioned } from "../store/store.ts";
import type { Actor } from "./consent.ts";
import { ProposalFault } from "./proposal-fault.ts";

export interface AuditedChange<D> {
  readonly store: Store;
  readonly tenant: string;
  readonly kind: Kind<D>;
  readonly id: string;
  readonly by: Actor;
  readonly action: string;
  readonly next: (present: D) => D;
  /** What of it is written down as `before` and `after`. */
  readonly said: (document: D) => unknown;
  readonly more?: Readonly<Record<string, unknown>>;
}

/**
 * Reads, changes and writes.
 * @throws ProposalFault HW_NOT_FOUND; what `next` throws; AppError HW_CONFLICT when somebody else was faster
 */
export async function changeAudited<D>(change: AuditedChange<D>): Promise<Versioned<D>> {
  const { store, tenant, kind, id, by, action, next, said, more } = change;
  const present = await store.get(tenant, kind, id);
  if (present === undefined) throw new ProposalFault("HW_NOT_FOUND");
  const after = next(present.document);
  const payload = { before: said(present.document), after: said(after), ...more };
  const audit = auditOf(by, action, id, payload);
  return store.replace(tenant, kind, id, after, present.version, audit);
}

/** The entry of somebody's act. */
export function auditOf(
  { at, actor }: Actor,
  action: string,
  subject: string,
  payload: AuditInput["payload"],
): AuditInput {
  return { at, actor, action, subject, payload };
}
