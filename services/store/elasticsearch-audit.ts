// The audit chain of one tenant in Elasticsearch: a document per entry, and a head. The head takes new
// entries first, in one write that only one process can win; then each gets its document. So there is never
// a gap or a fork, however many processes append and wherever one dies.
import { randomBytes } from "node:crypto";
import type { estypes } from "@elastic/elasticsearch";
import { AppError } from "../../config/errors.ts";
import { bulkError } from "../elasticsearch/bulk.ts";
import { ERASE_ACTION, GENESIS_HASH, nextEntry } from "./audit-chain.ts";
import { walkChain } from "./chain-walk.ts";
import type { DocumentAccess, FoundDocument } from "./elasticsearch-access.ts";
import type { OpenIndex, StoreIndices } from "./elasticsearch-indices.ts";
import { auditAlias } from "./elasticsearch-names.ts";
import type { AuditEntry, AuditInput } from "./store.ts";

const SALT_BYTES = 16;
const HEAD = "head";
const ENTRIES_PER_READ = 1000;
/** More wait for the next write of the head. */
const ENTRIES_PER_APPEND = 200;

const text = { type: "keyword", ignore_above: 1024 } as const;
const AUDIT_MAPPING: estypes.MappingTypeMapping = {
  dynamic: false,
  _meta: { layout: 1 },
  properties: {
    tenant: { type: "keyword" },
    sequence: { type: "long" },
    "@timestamp": { type: "date", format: "epoch_millis", ignore_malformed: true },
    actor: text,
    action: text,
    subject: text,
    entry: { type: "object", enabled: false },
    head: { type: "object", enabled: false },
  },
};

interface StoredEntry {
  readonly tenant: string;
  readonly sequence: number;
  readonly "@timestamp": number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  /** JSON of the whole entry. */
  readonly entry: string;
}

interface Head {
  readonly sequence: number;
  readonly hash: string;
  /** JSON of entries that may have no document of their own yet. */
  readonly pending: readonly string[];
}

interface Waiting {
  readonly input: AuditInput;
  readonly resolve: (entry: AuditEntry) => void;
  readonly reject: (error: unknown) => void;
}

type Place = { readonly found: FoundDocument | null; readonly head: Head | undefined };
/** The entries that follow on the head. */
type Continue = (head: Head | undefined) => Promise<readonly AuditEntry[]>;

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

  append(input: AuditInput): Promise<AuditEntry> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input, resolve, reject });
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
      const [written] = await this.#continue(async (head) => [follow(head, erasure)]);
      if (written === undefined) throw new Error("nothing was appended");
      await this.#settle();
      const { payload: _payload, salt: _salt, ...rest } = entry;
      const index = await this.#indices.ensurePlain(this.#alias, AUDIT_MAPPING);
      const source = JSON.stringify(this.#stored({ ...rest, payload: undefined, salt: undefined }));
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
        await this.#continue((head) => this.#following(head, some));
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
    const some = this.#waiting.splice(0, ENTRIES_PER_APPEND);
    if (this.#waiting.length > 0) void this.#alone(() => this.#appendWaiting());
    try {
      const entries = await this.#continue(async (head) => {
        let previous: Pick<AuditEntry, "sequence" | "hash"> | undefined = head;
        return some.map(({ input }) => {
          const entry = follow(previous, input);
          previous = entry;
          return entry;
        });
      });
      for (const [at, { resolve, reject }] of some.entries()) {
        const entry = entries[at];
        if (entry === undefined) reject(new Error("nothing was appended"));
        else resolve(entry);
      }
    } catch (error) {
      for (const { reject } of some) reject(error);
      return;
    }
    // Copies that stay in the head get their documents before the next entry, at the latest.
    if (this.#waiting.length === 0) await this.#settle().catch(() => undefined);
  }

  /** Appends what `entriesAfter` makes of the head; asked again when another process was quicker. */
  async #continue(entriesAfter: Continue): Promise<readonly AuditEntry[]> {
    let made: readonly AuditEntry[] = [];
    for (;;) {
      const index = await this.#indices.ensurePlain(this.#alias, AUDIT_MAPPING);
      const place = await this.#head();
      await this.#writeEntries(index, place.head?.pending ?? []);
      if (await this.#isThere(made)) return made;
      const entries = await entriesAfter(place.head);
      const last = entries.at(-1);
      if (last === undefined) return entries;
      const pending = entries.map((entry) => JSON.stringify(entry));
      const head = { sequence: last.sequence, hash: last.hash, pending };
      made = entries;
      if (!(await this.#writeHead(index, place, head))) continue;
      await this.#writeEntries(index, pending);
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
    await this.#writeEntries(index, place.head.pending);
    // When another process was quicker, the copies are its business.
    await this.#writeHead(index, place, { ...place.head, pending: [] });
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

  async #writeEntries(index: OpenIndex, pending: readonly string[]): Promise<void> {
    const results = await this.#access.writeAll(
      pending.map((json) => {
        const entry = parseEntry(json);
        const source = JSON.stringify(this.#stored(entry));
        return { action: "create", index: index.index, id: String(entry.sequence), source };
      }),
    );
    for (const result of results)
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

  #stored(entry: AuditEntry): StoredEntry {
    const { sequence, at, actor, action, subject } = entry;
    const tenant = this.#tenant;
    return {
      tenant,
      sequence,
      "@timestamp": at,
      actor,
      action,
      subject,
      entry: JSON.stringify(entry),
    };
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

// The text is what `JSON.stringify` made of an entry.
function parseEntry(json: string): AuditEntry {
  const entry = JSON.parse(json) as AuditEntry;
  return { ...entry, payload: entry.payload, salt: entry.salt };
}

/** An entry whose parts contradict each other, or that is no JSON any more, fits no hash. */
function entryOf(source: Partial<StoredEntry>): AuditEntry {
  const { sequence = 0, actor = "", action = "", subject = "" } = source;
  const columns = { sequence, at: source["@timestamp"] ?? 0, actor, action, subject };
  try {
    return { ...parseEntry(source.entry ?? ""), ...columns };
  } catch {
    const hash = "unreadable";
    return {
      ...columns,
      payload: undefined,
      salt: undefined,
      payloadHash: hash,
      previousHash: hash,
      hash,
    };
  }
}
