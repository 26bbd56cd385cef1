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
  type StoredDocument,
  storedDocument,
} from "./elasticsearch-document.ts";
import type { OpenIndex, StoreIndices } from "./elasticsearch-indices.ts";
import { documentKey } from "./elasticsearch-names.ts";
import type { Kind, Versioned } from "./store.ts";

/** A document as it lies there, with what a write needs. */
export interface Current {
  readonly found: FoundDocument;
  readonly stored: StoredDocument;
}

/** What becomes of a write. `lost`: somebody else was quicker; read again. */
type Outcome = "done" | "lost";

export interface Change<D> {
  readonly tenant: string;
  readonly kind: Kind<D>;
  readonly id: string;
  readonly document: D;
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
  async create<D>(change: Change<D>): Promise<Versioned<D>> {
    const { tenant, kind, id } = change;
    const write = newWrite();
    for (;;) {
      const index = await this.#indices.ensure(tenant, kind);
      const stored = this.#stored(change, undefined, write);
      const outcome = await this.write(index, stored, undefined);
      if (outcome === "done") return versionedOf<D>(stored);
      const there = await this.current(index, id);
      if (there?.stored.write === write) return versionedOf<D>(there.stored);
      if (there === undefined) continue;
      throw new AppError("HW_EXISTS", `${kind.name} exists already`, { place: id });
    }
  }

  /** @throws AppError HW_NOT_FOUND, HW_CONFLICT */
  async replace<D>(change: Change<D>, version: number): Promise<Versioned<D>> {
    const { tenant, kind, id } = change;
    const write = newWrite();
    for (;;) {
      const index = await this.#indices.find(tenant, kind);
      const current = index && (await this.current(index, id));
      if (index === undefined || current === undefined)
        throw new AppError("HW_NOT_FOUND", `no such ${kind.name}`, { place: id });
      const { rev } = current.stored;
      if (current.stored.write === write) return versionedOf<D>(current.stored);
      if (rev !== version)
        throw new AppError("HW_CONFLICT", `version is ${rev}, not ${version}`, {
          place: `${kind.name} ${id}`,
          mend: "read it again and repeat the change",
        });
      const stored = this.#stored(change, current.stored, write);
      if ((await this.write(index, stored, current)) === "done") return versionedOf<D>(stored);
    }
  }

  async put<D>(change: Change<D>): Promise<Versioned<D>> {
    const write = newWrite();
    for (let round = 1; ; round += 1) {
      const index = await this.#indices.ensure(change.tenant, change.kind);
      const current = await this.current(index, change.id);
      if (current?.stored.write === write) return versionedOf<D>(current.stored);
      const stored = this.#stored(change, current?.stored, write);
      if ((await this.write(index, stored, current)) === "done") return versionedOf<D>(stored);
      await delay(pauseMs(Math.min(round, 3)) / 10);
    }
  }

  /** What was removed; undefined when there was nothing. */
  async remove<D>(tenant: string, kind: Kind<D>, id: string): Promise<StoredDocument | undefined> {
    for (;;) {
      const index = await this.#indices.find(tenant, kind);
      const current = index && (await this.current(index, id));
      if (index === undefined || current === undefined) return undefined;
      const key = documentKey(id);
      const result = await this.#access.write({
        action: "delete",
        index: current.found.index,
        id: key,
      });
      this.#indices.wrote(index.alias);
      if (result.ok) return current.stored;
      if (result.type === "index_not_found_exception") {
        this.#indices.forget(index.alias);
        continue;
      }
      if (result.status !== 404) throw bulkError(result, id);
      return result.repeated ? current.stored : undefined;
    }
  }

  /** Writes one document in the place of `current`, or where none is. */
  async write(
    index: OpenIndex,
    stored: StoredDocument,
    current: Current | undefined,
  ): Promise<Outcome> {
    const result = await this.#access.write(operationOf(index, stored, current));
    return this.outcome(index, result, stored.id);
  }

  /** What a write of `operationOf` has come to. */
  outcome(index: OpenIndex, result: BulkResult, id: string): Outcome {
    this.#indices.wrote(index.alias);
    if (result.ok) return "done";
    if (result.status === 409) return "lost";
    // Replaced by another index, or deleted: neither has taken the write.
    if (result.type === "index_not_found_exception") {
      this.#indices.forget(index.alias);
      return "lost";
    }
    throw bulkError(result, id);
  }

  #stored<D>(change: Change<D>, before: StoredDocument | undefined, write: string): StoredDocument {
    const { tenant, kind, id, document } = change;
    const rev = (before?.rev ?? 0) + 1;
    const changedAt = this.#now();
    const kept = {
      ...(before?.pending === undefined ? {} : { pending: before.pending }),
      ...(before?.signalsMonth === undefined ? {} : { signalsMonth: before.signalsMonth }),
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

export function versionedOf<D>({ id, rev, json }: StoredDocument): Versioned<D> {
  return { id, version: rev, document: parseStored<D>(json) };
}

/** A mark that no other write has. */
export function newWrite(): string {
  return randomBytes(12).toString("base64url");
}
