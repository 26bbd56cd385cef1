// Creating, replacing and removing documents of all kinds: each write names the state of the document that
// it was made from, so that of several writers, in whatever process, exactly one succeeds.
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../config/errors.ts";
import { type BulkOperation, type BulkResult, bulkError } from "../elasticsearch/bulk.ts";
import { pauseMs } from "../elasticsearch/retry.ts";
import type { DocumentAccess, FoundDocument } from "./elasticsearch-access.ts";
import {
  jsonOf,
  parseStored,
  type StoredAudit,
  type StoredDocument,
  storedDocument,
} from "./elasticsearch-document.ts";
import type { OpenIndex, StoreIndices } from "./elasticsearch-indices.ts";
import { documentKey } from "./elasticsearch-names.ts";
import type { AuditInput, Kind, Versioned } from "./store.ts";

/** A document as it lies there, with what a write needs. */
export interface Current {
  readonly found: FoundDocument;
  readonly stored: StoredDocument;
}

/** How the document lies there after a write. `lost`: somebody else was quicker; read again. */
type Outcome = Current | "lost";

export interface Change<D> {
  readonly tenant: string;
  readonly kind: Kind<D>;
  readonly id: string;
  readonly document: D;
  /** Goes into the chain once the document is written; until then it lies with it. */
  readonly audit?: AuditInput | undefined;
}

/** A document as this write has left it. */
export interface Saved<D> extends Versioned<D> {
  readonly current: Current;
}

export class Documents {
  readonly #access: DocumentAccess;
  readonly #indices: StoreIndices;
  readonly #now: () => number;

  constructor(parts: { access: DocumentAccess; indices: StoreIndices; now: () => number }) {
    this.#access = parts.access;
    this.#indices = parts.indices;
    this.#now = parts.now;
  }

  async get<D>(tenant: string, kind: Kind<D>, id: string): Promise<Versioned<D> | undefined> {
    const index = await this.#indices.find(tenant, kind);
    const current = index && (await this.current(index, id));
    return current && versionedOf<D>(current.stored);
  }

  async current(index: OpenIndex, id: string): Promise<Current | undefined> {
    return currentOf(await this.#access.read(index.alias, documentKey(id)));
  }

  /** @throws AppError HW_EXISTS */
  async create<D>(change: Change<D>): Promise<Saved<D>> {
    const { tenant, kind, id } = change;
    const write = newWrite();
    for (;;) {
      const index = await this.#indices.ensure(tenant, kind);
      const stored = this.stored(change, undefined, write);
      const current = await this.write(index, stored, undefined);
      if (current !== "lost") return savedOf<D>(current);
      const there = await this.current(index, id);
      if (there !== undefined && isOurs(there.stored, write)) return savedOf<D>(there);
      if (there === undefined) continue;
      throw new AppError("HW_EXISTS", `${kind.name} exists already`, { place: id });
    }
  }

  /** @throws AppError HW_NOT_FOUND, HW_CONFLICT */
  async replace<D>(change: Change<D>, version: number): Promise<Saved<D>> {
    const { tenant, kind, id } = change;
    const write = newWrite();
    for (;;) {
      const index = await this.#indices.find(tenant, kind);
      const current = index && (await this.current(index, id));
      if (index === undefined || current === undefined)
        throw new AppError("HW_NOT_FOUND", `no such ${kind.name}`, { place: id });
      const { rev } = current.stored;
      if (isOurs(current.stored, write)) return savedOf<D>(current);
      if (rev !== version)
        throw new AppError("HW_CONFLICT", `version is ${rev}, not ${version}`, {
          place: `${kind.name} ${id}`,
          mend: "read it again and repeat the change",
        });
      const stored = this.stored(change, current.stored, write);
      const written = await this.write(index, stored, current);
      if (written !== "lost") return savedOf<D>(written);
    }
  }

  async put<D>(change: Change<D>): Promise<Saved<D>> {
    const write = newWrite();
    for (let round = 1; ; round += 1) {
      const index = await this.#indices.ensure(change.tenant, change.kind);
      const current = await this.current(index, change.id);
      if (current?.stored.write === write) return savedOf<D>(current);
      const stored = this.stored(change, current?.stored, write);
      const written = await this.write(index, stored, current);
      if (written !== "lost") return savedOf<D>(written);
      await delay(pauseMs(Math.min(round, 3)) / 10);
    }
  }

  /**
   * What was removed; undefined when there was nothing.
   * @param settle sees to it that the entries of a document are in the chain before it goes
   */
  async remove<D>(
    tenant: string,
    kind: Kind<D>,
    id: string,
    settle: (audits: readonly StoredAudit[]) => Promise<void>,
  ): Promise<StoredDocument | undefined> {
    let gone: StoredDocument | undefined;
    for (;;) {
      const index = await this.#indices.find(tenant, kind);
      const current = index && (await this.current(index, id));
      if (index === undefined || current === undefined) return gone;
      const { found, stored } = current;
      if (stored.audits !== undefined) await settle(stored.audits);
      const { index: from, onlyIf } = found;
      const key = documentKey(id);
      const result = await this.#access.write({ action: "delete", index: from, id: key, onlyIf });
      this.#indices.wrote(index.alias);
      if (result.ok) return stored;
      // Ours may have been done though its answer was lost; then nothing is there at the next look.
      gone = result.repeated ? stored : undefined;
      if (result.type === "index_not_found_exception") this.#indices.forget(index.alias);
      else if (result.status !== 404 && result.status !== 409) throw bulkError(result, id);
    }
  }

  /** Takes entries that are in the chain out of a document; nothing when it was written in between. */
  async settled(all: readonly Current[]): Promise<number> {
    const operations = all.map(({ found, stored }) => {
      const { audits: _audits, unsettled: _unsettled, ...rest } = stored;
      const { index, onlyIf } = found;
      const source = JSON.stringify(rest);
      return { action: "index" as const, index, id: documentKey(stored.id), source, onlyIf };
    });
    const results = await this.#access.writeAll(operations);
    return results.filter(({ ok }) => ok).length;
  }

  /** Writes one document in the place of `current`, or where none is. */
  async write(
    index: OpenIndex,
    stored: StoredDocument,
    current: Current | undefined,
  ): Promise<Outcome> {
    const operation = operationOf(index, stored, current);
    return this.outcome(index, operation, await this.#access.write(operation), stored);
  }

  /** What a write of `operationOf` has come to. */
  outcome(
    index: OpenIndex,
    operation: BulkOperation,
    result: BulkResult,
    stored: StoredDocument,
  ): Outcome {
    this.#indices.wrote(index.alias);
    if (result.ok) {
      const { sequenceNumber, primaryTerm } = result;
      const onlyIf = { sequenceNumber, primaryTerm };
      return { found: { index: operation.index, source: stored, onlyIf }, stored };
    }
    if (result.status === 409) return "lost";
    // Replaced by another index, or deleted: neither has taken the write.
    if (result.type === "index_not_found_exception") {
      this.#indices.forget(index.alias);
      return "lost";
    }
    throw bulkError(result, stored.id);
  }

  /** What a change makes of a document, with the entries of its writes that may be in no chain yet. */
  stored<D>(
    change: Change<D>,
    before: StoredDocument | undefined,
    write: string,
    member = 0,
  ): StoredDocument {
    const { tenant, kind, id, document, audit } = change;
    const rev = (before?.rev ?? 0) + 1;
    const changedAt = this.#now();
    const kept = {
      ...(before?.pending === undefined ? {} : { pending: before.pending }),
      ...(before?.signalsMonth === undefined ? {} : { signalsMonth: before.signalsMonth }),
      ...auditsOf(before, audit, { batch: write, member }),
    };
    return storedDocument(kind, jsonOf(document, id), {
      tenant,
      id,
      rev,
      changedAt,
      write,
      ...kept,
    });
  }
}

/** The operation that puts a document in the place of `current`, or where none is. */
export function operationOf(
  index: OpenIndex,
  stored: StoredDocument,
  current: Current | undefined,
): BulkOperation {
  const source = JSON.stringify(stored);
  const id = documentKey(stored.id);
  if (current === undefined) return { action: "create", index: index.index, id, source };
  // The very index that it was read from: numbers of another one mean nothing.
  const { index: from, onlyIf } = current.found;
  return { action: "index", index: from, id, source, onlyIf };
}

export function currentOf(found: FoundDocument | null): Current | undefined {
  // Only this program writes into its indices, and only what `storedDocument` gives.
  return found === null ? undefined : { found, stored: found.source as StoredDocument };
}

/** The entries of the writes before, and the one of this write. */
export function auditsOf(
  before: StoredDocument | undefined,
  audit: AuditInput | undefined,
  mark: Pick<StoredAudit, "batch" | "member">,
): Pick<StoredDocument, "audits"> {
  const own = audit === undefined ? [] : [{ ...mark, entry: JSON.stringify(audit) }];
  const audits = [...(before?.audits ?? []), ...own];
  return audits.length === 0 ? {} : { audits };
}

/** Whether a write took place though its answer was lost; somebody may have gone on behind it. */
function isOurs({ write: last, audits }: StoredDocument, write: string): boolean {
  return last === write || audits?.some(({ batch }) => batch === write) === true;
}

function savedOf<D>(current: Current): Saved<D> {
  return { ...versionedOf<D>(current.stored), current };
}

export function versionedOf<D>({ id, rev, json }: StoredDocument): Versioned<D> {
  return { id, version: rev, document: parseStored<D>(json) };
}

/** A mark that no other write has. */
export function newWrite(): string {
  return randomBytes(12).toString("base64url");
}
