// Changing many documents at once in Elasticsearch: read, changed and written in few requests, each document
// under its own condition, and the audit entries of a chunk in one write of the chain's head.

import type { DocumentAccess } from "./elasticsearch-access.ts";
import type { AuditTrail } from "./elasticsearch-audit.ts";
import {
  type Current,
  currentOf,
  type Documents,
  newWrite,
  operationOf,
  versionedOf,
} from "./elasticsearch-documents.ts";
import type { StoreIndices } from "./elasticsearch-indices.ts";
import { documentKey } from "./elasticsearch-names.ts";
import type { Kind, Revised, RevisionResult, Versioned } from "./store.ts";

/** Bounds what is in memory: a finding can be long. */
const DOCUMENTS_PER_CHUNK = 500;

interface Parts {
  readonly access: DocumentAccess;
  readonly indices: StoreIndices;
  readonly documents: Documents;
  readonly trail: AuditTrail;
  readonly onChange: (current: Current) => void;
}

/** As `Store.reviseAll`. The entries of a chunk are appended while the next one is written. */
export async function reviseDocuments<D>(
  parts: Parts,
  asked: { readonly tenant: string; readonly kind: Kind<D>; readonly ids: readonly string[] },
  revise: (present: Versioned<D>) => Revised<D> | undefined,
): Promise<readonly RevisionResult[]> {
  const results: RevisionResult[] = [];
  let appending: Promise<void> = Promise.resolve();
  try {
    for (let at = 0; at < asked.ids.length; at += DOCUMENTS_PER_CHUNK) {
      const ids = asked.ids.slice(at, at + DOCUMENTS_PER_CHUNK);
      const write = newWrite();
      const { changed, left } = await reviseSome(parts, { ...asked, ids }, write, revise);
      for (const id of ids) results.push(changed.has(id) ? "done" : (left.get(id) ?? "missing"));
      await appending;
      const audits = [...changed.values()].flatMap(({ stored }) => stored.audits ?? []);
      appending = parts.trail.appendStored(audits, write);
      // Waited for below, whatever happens in between.
      appending.catch(() => undefined);
      for (const current of changed.values()) parts.onChange(current);
    }
  } finally {
    await appending;
  }
  return results;
}

async function reviseSome<D>(
  { access, indices, documents }: Parts,
  {
    tenant,
    kind,
    ids,
  }: { readonly tenant: string; readonly kind: Kind<D>; readonly ids: readonly string[] },
  write: string,
  revise: (present: Versioned<D>) => Revised<D> | undefined,
) {
  const changed = new Map<string, Current>();
  const left = new Map<string, RevisionResult>();
  const members = new Map(ids.map((id, at) => [id, at]));
  let open = [...ids];
  while (open.length > 0) {
    const index = await indices.find(tenant, kind);
    if (index === undefined) break;
    const places = open.map((id) => {
      return { index: index.alias, key: documentKey(id), content: true };
    });
    const found = (await access.readAll(places)).map(currentOf);
    const next = open.flatMap((id, at) => {
      const current = found[at];
      if (current === undefined) return [];
      const { stored } = current;
      if (stored.write === write || stored.audits?.some(({ batch }) => batch === write)) {
        changed.set(id, current);
        return [];
      }
      const revised = revise(versionedOf<D>(stored));
      if (revised === undefined) {
        left.set(id, "left");
        return [];
      }
      const change = { tenant, kind, id, ...revised };
      return [{ id, current, stored: documents.stored(change, stored, write, members.get(id)) }];
    });
    const operations = next.map(({ stored, current }) => operationOf(index, stored, current));
    const written = await access.writeAll(operations);
    open = next.flatMap(({ id, stored }, at) => {
      const [operation, result] = [operations[at], written[at]];
      if (operation === undefined || result === undefined) return [id];
      const outcome = documents.outcome(index, operation, result, stored);
      if (outcome === "lost") return [id];
      changed.set(id, outcome);
      return [];
    });
  }
  return { changed, left };
}
