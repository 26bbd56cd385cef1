// The audit chain of one tenant in Elasticsearch: a document per entry, and a head. The head takes new
// entries first, in one write that only one process can win; then each gets its document. So there is never
// a gap or a fork, however many processes append and wherever one dies.
import { randomBytes } from "node:crypto";
import { AppError } from "../../config/errors.ts";
import { bulkError } from "../elasticsearch/bulk.ts";
import { ERASE_ACTION, GENESIS_HASH, nextEntry } from "./audit-chain.ts";
import { walkChain } from "./chain-walk.ts";
import type { DocumentAccess, FoundDocument } from "./elasticsearch-access.ts";
import {
  AUDIT_MAPPING,
  auditKey,
  entryOf,
  inputOf,
  type Mark,
  parseEntry,
  type StoredEntry,
  storedEntry,
} from "./elasticsearch-audit-entry.ts";
import type { StoredAudit } from "./elasticsearch-document.ts";
import type { OpenIndex, StoreIndices } from "./elasticsearch-indices.ts";
import { auditAlias } from "./elasticsearch-names.ts";
import type { AuditEntry, AuditInput } from "./store.ts";

const SALT_BYTES = 16;
const HEAD = "head";
/** Marks have their own names beside the numbers of entries. */
const MARK = "mark:";
const ENTRIES_PER_READ = 1000;
/** More wait for the next write of the head. */
const ENTRIES_PER_APPEND = 200;

interface Head {
  readonly sequence: number;
  readonly hash: string;
  /** JSON of entries that may have no document of their own yet. */
  readonly pending: readonly string[];
  /** Marks of those among them that lie with the documents that they are about. */
  readonly marks?: readonly Mark[];
}

/** What is appended together, in one write of the head. */
interface Waiting {
  readonly audits: readonly (StoredAudit | AuditInput)[];
  /** The batch that its caller has made, whose members nobody else appends but one by one. */
  readonly own: string | undefined;
  readonly resolve: (entries: readonly AuditEntry[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Next {
  readonly entries: readonly AuditEntry[];
  readonly marks?: readonly Mark[];
}

type Place = { readonly found: FoundDocument | null; readonly head: Head | undefined };
/** The entries that follow on the head. */
type Continue = (head: Head | undefined) => Promise<Next>;

export class AuditTrail {
  readonly #access: DocumentAccess;
  readonly #indices: StoreIndices;
  readonly #tenant: string;
  readonly #alias: string;
  #waiting: Waiting[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: { access: DocumentAccess; indices: StoreIndices }, tenant: string) {
    this.#access = parts.access;
    this.#indices = parts.indices;
    this.#tenant = tenant;
    this.#alias = auditAlias(parts.indices.prefix, tenant);
  }

  async append(input: AuditInput): Promise<AuditEntry> {
    const [entry] = await this.#add([input], undefined);
    if (entry === undefined) throw new Error("nothing was appended");
    return entry;
  }

  /**
   * Appends entries that lie with documents, in their order; those that are in the chain already are left
   * out, whoever has appended them.
   * @param own the batch that the caller has made itself, if any; all its members come in this one call
   */
  async appendStored(audits: readonly StoredAudit[], own?: string): Promise<void> {
    if (audits.length > 0) await this.#add(audits, own);
  }

  #add(audits: Waiting["audits"], own: string | undefined): Promise<readonly AuditEntry[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ audits, own, resolve, reject });
      if (this.#waiting.length === 1) void this.#alone(() => this.#appendWaiting());
    });
  }

  /** @throws AppError HW_NOT_FOUND */
  erase(
    sequence: number,
    by: Pick<AuditInput, "at" | "actor"> & { readonly reason: string },
  ): Promise<AuditEntry> {
    return this.#alone(async () => {
      const [entry] = await this.read(sequence, 1);
      if (entry?.sequence !== sequence || entry.payload === undefined)
        throw new AppError("HW_NOT_FOUND", "no such payload", { place: `audit ${sequence}` });
      const { at, actor, reason } = by;
      const subject = String(sequence);
      // On record first: a crash in between leaves a payload that can be erased again, no broken chain.
      const erasure = { at, actor, action: ERASE_ACTION, subject, payload: { reason } };
      const [written] = await this.#continue(async (head) => ({
        entries: [follow(head, erasure)],
      }));
      if (written === undefined) throw new Error("nothing was appended");
      await this.#settle();
      const { payload: _payload, salt: _salt, ...rest } = entry;
      const index = await this.#indices.ensurePlain(this.#alias, AUDIT_MAPPING);
      const source = JSON.stringify(
        storedEntry(this.#tenant, { ...rest, payload: undefined, salt: undefined }),
      );
      const result = await this.#access.write({
        action: "index",
        index: index.index,
        id: String(sequence),
        source,
      });
      if (!result.ok) throw bulkError(result, `audit ${sequence}`);
      return written;
    });
  }

  /** As `StoreTransfer.restoreAudit`. */
  restore(entries: readonly AuditEntry[]): Promise<void> {
    return this.#alone(async () => {
      for (let at = 0; at < entries.length; at += ENTRIES_PER_APPEND) {
        const some = entries.slice(at, at + ENTRIES_PER_APPEND);
        await this.#continue(async (head) => ({ entries: await this.#following(head, some) }));
      }
      await this.#settle();
    });
  }

  async read(fromSequence: number, limit: number): Promise<AuditEntry[]> {
    const { head } = await this.#head();
    const end = Math.min(fromSequence + limit - 1, head?.sequence ?? 0);
    return this.#entries(Math.max(1, fromSequence), end);
  }

  /** The first broken sequence number; undefined when the chain holds. */
  async verify(): Promise<number | undefined> {
    // What a crash has left half done is no tampering.
    if (((await this.#head()).head?.pending.length ?? 0) > 0)
      await this.#alone(() => this.#settle());
    return walkChain({
      head: async () => (await this.#head()).head,
      read: (from, limit) => this.#entries(from, from + limit - 1),
    });
  }

  /** Resolves when nothing of it is under way any more. */
  async idle(): Promise<void> {
    await Promise.allSettled([this.#last]);
  }

  async #appendWaiting(): Promise<void> {
    const groups = this.#nextGroups();
    if (this.#waiting.length > 0) void this.#alone(() => this.#appendWaiting());
    const entriesOf = new Map<Waiting, AuditEntry[]>();
    try {
      await this.#continue(async (head) => {
        const marked = await this.#marked(groups);
        let previous: Pick<AuditEntry, "sequence" | "hash"> | undefined = head;
        const entries: AuditEntry[] = [];
        const marks: Mark[] = [];
        for (const group of groups) {
          const own: AuditEntry[] = [];
          const members: number[] = [];
          for (const audit of group.audits) {
            if ("batch" in audit && marked.has(auditKey(audit))) continue;
            if ("batch" in audit) {
              marked.add(auditKey(audit));
              if (audit.batch === group.own) members.push(audit.member);
              else marks.push({ id: `${MARK}${auditKey(audit)}` });
            }
            const entry = follow(previous, "batch" in audit ? inputOf(audit) : audit);
            own.push(entry);
            previous = entry;
          }
          if (members.length > 0) marks.push({ id: `${MARK}${group.own}`, members });
          entries.push(...own);
          entriesOf.set(group, own);
        }
        return { entries, marks };
      });
    } catch (error) {
      for (const { reject } of groups) reject(error);
      return;
    }
    for (const group of groups) group.resolve(entriesOf.get(group) ?? []);
    // Copies that stay in the head get their documents before the next entry, at the latest.
    if (this.#waiting.length === 0) await this.#settle().catch(() => undefined);
  }

  /** As many as fit into one write of the head; a group that is longer by itself goes alone. */
  #nextGroups(): Waiting[] {
    let entries = 0;
    const end = this.#waiting.findIndex(({ audits }, at) => {
      entries += audits.length;
      return at > 0 && entries > ENTRIES_PER_APPEND;
    });
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : end);
  }

  /** Keys of those that are in the chain. What is in the head has its document by now. */
  async #marked(groups: readonly Waiting[]): Promise<Set<string>> {
    const stored = groups.flatMap(({ audits }) => audits.filter((audit) => "batch" in audit));
    const keys = new Set(stored.flatMap((audit) => [audit.batch, auditKey(audit)]));
    const index = await this.#indices.findPlain(this.#alias);
    if (keys.size === 0 || index === undefined) return new Set();
    const places = [...keys].map((key) => {
      return { index: index.alias, key: `${MARK}${key}`, content: true };
    });
    const marked = new Set<string>();
    for (const found of await this.#access.readAll(places)) {
      if (found === null) continue;
      // Only this file writes it.
      const { mark } = found.source as { readonly mark: Mark };
      const name = mark.id.slice(MARK.length);
      for (const member of mark.members ?? []) marked.add(`${name}/${member}`);
      if (mark.members === undefined) marked.add(name);
    }
    return marked;
  }

  /** Appends what `entriesAfter` makes of the head; asked again when another process was quicker. */
  async #continue(entriesAfter: Continue): Promise<readonly AuditEntry[]> {
    let made: readonly AuditEntry[] = [];
    for (;;) {
      const index = await this.#indices.ensurePlain(this.#alias, AUDIT_MAPPING);
      const place = await this.#head();
      if (place.head !== undefined) await this.#writeEntries(index, place.head);
      if (await this.#isThere(made)) return made;
      const { entries, marks = [] } = await entriesAfter(place.head);
      const last = entries.at(-1);
      if (last === undefined) return entries;
      const pending = entries.map((entry) => JSON.stringify(entry));
      const head = { sequence: last.sequence, hash: last.hash, pending, marks };
      made = entries;
      if (!(await this.#writeHead(index, place, head))) continue;
      await this.#writeEntries(index, head);
      return entries;
    }
  }

  /** Whether a write of the head took place though its answer was lost. Others may have gone on behind it. */
  async #isThere([first]: readonly AuditEntry[]): Promise<boolean> {
    if (first === undefined) return false;
    const [there] = await this.#entries(first.sequence, first.sequence);
    // The random salt is part of it.
    return there?.hash === first.hash;
  }

  /** Those of a copy that are not there yet. @throws AppError HW_CONFLICT */
  async #following(head: Head | undefined, entries: readonly AuditEntry[]) {
    const conflict = (entry: AuditEntry) =>
      new AppError("HW_CONFLICT", "the entry does not continue this chain", {
        place: `audit ${entry.sequence}`,
      });
    let end: Pick<AuditEntry, "sequence" | "hash"> = head ?? { sequence: 0, hash: GENESIS_HASH };
    const fresh: AuditEntry[] = [];
    const old = entries.filter((entry) => entry.sequence <= end.sequence);
    const first = Math.min(...old.map(({ sequence }) => sequence));
    const there = old.length === 0 ? [] : await this.#entries(first, end.sequence);
    const hashes = new Map(there.map(({ sequence, hash }) => [sequence, hash]));
    for (const entry of entries) {
      if (hashes.get(entry.sequence) === entry.hash) continue;
      if (entry.sequence !== end.sequence + 1 || entry.previousHash !== end.hash)
        throw conflict(entry);
      fresh.push(entry);
      end = entry;
    }
    return fresh;
  }

  /** Takes copies of entries out of the head, once all have their documents. */
  async #settle(): Promise<void> {
    const place = await this.#head();
    if (place.head === undefined || place.head.pending.length === 0) return;
    const index = await this.#indices.ensurePlain(this.#alias, AUDIT_MAPPING);
    await this.#writeEntries(index, place.head);
    // When another process was quicker, the copies are its business.
    await this.#writeHead(index, place, { ...place.head, pending: [], marks: [] });
  }

  async #head(): Promise<Place> {
    const index = await this.#indices.findPlain(this.#alias);
    if (index === undefined) return { found: null, head: undefined };
    const found = await this.#access.read(index.alias, HEAD);
    // Only this file writes it.
    const source = found?.source as { readonly head: Head } | undefined;
    return { found, head: source?.head };
  }

  async #writeHead(index: OpenIndex, place: Place, head: Head): Promise<boolean> {
    const source = JSON.stringify({ tenant: this.#tenant, head });
    const { found } = place;
    const result = await this.#access.write(
      found === null
        ? { action: "create", index: index.index, id: HEAD, source }
        : { action: "index", index: found.index, id: HEAD, source, onlyIf: found.onlyIf },
    );
    if (result.ok) return true;
    if (result.type === "index_not_found_exception") this.#indices.forget(this.#alias);
    else if (result.status !== 409) throw bulkError(result, "audit head");
    return false;
  }

  async #writeEntries(index: OpenIndex, { pending, marks = [] }: Head): Promise<void> {
    const tenant = this.#tenant;
    const entries = pending.map((json) => {
      const entry = parseEntry(json);
      const source = JSON.stringify(storedEntry(tenant, entry));
      return { action: "create" as const, index: index.index, id: String(entry.sequence), source };
    });
    const done = marks.map((mark) => {
      const source = JSON.stringify({ tenant, mark });
      return { action: "create" as const, index: index.index, id: mark.id, source };
    });
    for (const result of await this.#access.writeAll([...entries, ...done]))
      if (!result.ok && result.status !== 409) throw bulkError(result, "audit");
  }

  async #entries(first: number, last: number): Promise<AuditEntry[]> {
    const index = await this.#indices.findPlain(this.#alias);
    const entries: AuditEntry[] = [];
    if (index === undefined) return entries;
    for (let from = first; from <= last; from += ENTRIES_PER_READ) {
      const length = Math.min(ENTRIES_PER_READ, last - from + 1);
      const places = Array.from({ length }, (_, at) => ({
        index: index.alias,
        key: String(from + at),
        content: true,
      }));
      for (const found of await this.#access.readAll(places)) {
        if (found === null) continue;
        // Only this file writes it; what was tampered with breaks the chain.
        entries.push(entryOf(found.source as Partial<StoredEntry>));
      }
    }
    return entries;
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work, work);
    this.#last = result;
    return result;
  }
}

function follow(
  previous: Pick<AuditEntry, "sequence" | "hash"> | undefined,
  input: AuditInput,
): AuditEntry {
  return nextEntry(previous, input, randomBytes(SALT_BYTES).toString("hex"));
}
