// Folding signals into findings so that each counts once, without transactions: a finding's document names
// the signals of its last fold (`pending`), so that counting them and remembering them is one write. Before
// the next fold they are written down one by one. A crash between any two writes loses and repeats nothing.
import type { estypes } from "@elastic/elasticsearch";
import type { Signal } from "../../detectors/detector.ts";
import { type BulkOperation, bulkError } from "../elasticsearch/bulk.ts";
import { deleteIndices, listIndices } from "../elasticsearch/indices.ts";
import type { DocumentAccess, DocumentPlace } from "./elasticsearch-access.ts";
import { jsonOf, type StoredDocument, storedDocument } from "./elasticsearch-document.ts";
import {
  auditsOf,
  type Current,
  currentOf,
  type Documents,
  newWrite,
  operationOf,
  type Saved,
  versionedOf,
} from "./elasticsearch-documents.ts";
import type { OpenIndex, StoreIndices } from "./elasticsearch-indices.ts";
import {
  documentKey,
  hashOf,
  monthOf,
  monthOfSignalsIndex,
  signalsIndex,
} from "./elasticsearch-names.ts";
import type { Finding } from "./finding.ts";
import { revisedOf } from "./revised.ts";
import type { FoldSignals, Kind } from "./store.ts";

const SIGNALS_PER_PAGE = 5000;

const SIGNALS_MAPPING: estypes.MappingTypeMapping = {
  dynamic: false,
  properties: {
    tenant: { type: "keyword" },
    /** Hash of kind and finding: ids can be longer than a keyword. */
    finding: { type: "keyword" },
    id: { type: "keyword", index: false, doc_values: false },
    order: { type: "keyword" },
  },
};

interface StoredSignal {
  readonly tenant: string;
  readonly finding: string;
  readonly id: string;
  /** Its own key, to page by. */
  readonly order: string;
}

type Groups = ReadonlyMap<string, readonly Signal[]>;

interface Fold {
  readonly id: string;
  readonly current: Current | undefined;
  readonly stored: StoredDocument;
}

export class SignalFolder {
  readonly #access: DocumentAccess;
  readonly #indices: StoreIndices;
  readonly #documents: Documents;
  readonly #now: () => number;
  /** One fold at a time per tenant: those of this process never get in each other's way. */
  readonly #last = new Map<string, Promise<unknown>>();

  constructor(parts: {
    access: DocumentAccess;
    indices: StoreIndices;
    documents: Documents;
    now: () => number;
  }) {
    this.#access = parts.access;
    this.#indices = parts.indices;
    this.#documents = parts.documents;
    this.#now = parts.now;
  }

  /** As `Store.recordSignals`. */
  record(
    tenant: string,
    kind: Kind<Finding>,
    groups: Groups,
    fold: FoldSignals,
  ): Promise<readonly Saved<Finding>[]> {
    return this.#alone(tenant, () => this.#record(tenant, kind, groups, fold));
  }

  /** Forgets the signals of a finding that was removed. */
  forget(tenant: string, kind: string, finding: StoredDocument): Promise<void> {
    return this.#alone(tenant, async () => {
      const month = finding.signalsMonth;
      if (month === undefined) return;
      const index = signalsIndex(this.#indices.prefix, tenant, month);
      const ids = await this.#storedIds(tenant, kind, finding.id, month);
      const keys = ids.map((id) => signalKey(kind, finding.id, id));
      const operations = keys.map((id) => ({ action: "delete" as const, index, id }));
      for (const result of await this.#access.writeAll(operations))
        if (!result.ok && result.status !== 404) throw bulkError(result, finding.id);
      this.#indices.wrote(index);
    });
  }

  /** Ids of all signals that a finding has counted, sorted. */
  async signalIds(tenant: string, kind: Kind<Finding>, id: string): Promise<readonly string[]> {
    const index = await this.#indices.find(tenant, kind);
    const stored = index && (await this.#documents.current(index, id))?.stored;
    if (stored === undefined) return [];
    const month = stored.signalsMonth;
    const written = month === undefined ? [] : await this.#storedIds(tenant, kind.name, id, month);
    return [...new Set([...written, ...(stored.pending ?? [])])].sort();
  }

  /** Deletes the signals of findings that began in months before the one of `before` (ms UTC). */
  async retain(tenant: string, before: number): Promise<number> {
    const { prefix } = this.#indices;
    const { client, retry } = this.#access;
    const pattern = signalsIndex(prefix, tenant, "*");
    const oldest = monthOf(before);
    const names = (await retry.run(() => listIndices(client, pattern))).filter((name) => {
      const month = monthOfSignalsIndex(prefix, tenant, name);
      return month !== undefined && month < oldest;
    });
    await retry.run(() => deleteIndices(client, names));
    for (const name of names) this.#indices.forget(name);
    return names.length;
  }

  async #record(
    tenant: string,
    kind: Kind<Finding>,
    groups: Groups,
    fold: FoldSignals,
  ): Promise<readonly Saved<Finding>[]> {
    const write = newWrite();
    const changed = new Map<string, Saved<Finding>>();
    const members = new Map([...groups.keys()].map((id, at) => [id, at]));
    let open = [...groups.keys()];
    while (open.length > 0) {
      const index = await this.#indices.ensure(tenant, kind);
      const present = await this.#present(index, open);
      for (const [id, current] of present)
        if (current?.stored.write === write)
          changed.set(id, { ...versionedOf<Finding>(current.stored), current });
      const todo = open.filter((id) => !changed.has(id));
      const fresh = await this.#freshOf(tenant, kind.name, todo, groups, present);
      // All folds before any write: one that fails has changed nothing.
      const folds = fresh.map(([id, signals]) =>
        this.#folded(tenant, kind, {
          ...{ id, signals, current: present.get(id), fold },
          mark: { batch: write, member: members.get(id) ?? 0 },
        }),
      );
      await this.#writeDown(tenant, kind.name, folds);
      open = await this.#writeFolds(index, folds, changed);
    }
    return [...groups.keys()].flatMap((id) => changed.get(id) ?? []);
  }

  async #present(index: OpenIndex, ids: readonly string[]) {
    const places = ids.map((id) => ({ index: index.alias, key: documentKey(id), content: true }));
    const found = await this.#access.readAll(places);
    return new Map(ids.map((id, at) => [id, currentOf(found[at] ?? null)]));
  }

  /**
   * The signals that are new to their finding. Has to look after the finding was read: what it has in
   * `pending` by then is there, and what was written down later comes with another state of the finding.
   */
  async #freshOf(
    tenant: string,
    kind: string,
    ids: readonly string[],
    groups: Groups,
    present: ReadonlyMap<string, Current | undefined>,
  ): Promise<[string, readonly Signal[]][]> {
    const candidates: { id: string; signal: Signal; place: DocumentPlace | undefined }[] = [];
    for (const id of ids) {
      const stored = present.get(id)?.stored;
      const known = new Set(stored?.pending);
      const month = stored?.signalsMonth;
      for (const signal of groups.get(id) ?? []) {
        if (known.has(signal.id)) continue;
        known.add(signal.id);
        const index = month && signalsIndex(this.#indices.prefix, tenant, month);
        const key = signalKey(kind, id, signal.id);
        candidates.push({ id, signal, place: index ? { index, key, content: false } : undefined });
      }
    }
    const places = candidates.flatMap(({ place }) => place ?? []);
    const found = await this.#access.readAll(places);
    const written = new Set(places.filter((_, at) => found[at] !== null));
    const fresh = new Map<string, Signal[]>();
    for (const { id, signal, place } of candidates) {
      if (place !== undefined && written.has(place)) continue;
      const list = fresh.get(id) ?? [];
      list.push(signal);
      fresh.set(id, list);
    }
    return [...fresh];
  }

  #folded(
    tenant: string,
    kind: Kind<Finding>,
    one: {
      readonly id: string;
      readonly signals: readonly Signal[];
      readonly current: Current | undefined;
      readonly fold: FoldSignals;
      readonly mark: { readonly batch: string; readonly member: number };
    },
  ): Fold {
    const { id, signals, current, fold, mark } = one;
    const before = current?.stored;
    const { document, audit } = revisedOf(
      fold(before && versionedOf<Finding>(before).document, signals),
    );
    const changedAt = this.#now();
    const stored = storedDocument(kind, jsonOf(document, id), {
      tenant,
      id,
      rev: (before?.rev ?? 0) + 1,
      changedAt,
      write: mark.batch,
      pending: signals.map((signal) => signal.id),
      signalsMonth: before?.signalsMonth ?? monthOf(changedAt),
      ...auditsOf(before, audit, mark),
    });
    return { id, current, stored };
  }

  /** Writes down what the last folds have counted, before their documents forget it. */
  async #writeDown(tenant: string, kind: string, folds: readonly Fold[]): Promise<void> {
    const operations: BulkOperation[] = [];
    const months = new Set<string>();
    for (const { id, current } of folds) {
      const { pending = [], signalsMonth } = current?.stored ?? {};
      if (signalsMonth === undefined || pending.length === 0) continue;
      const index = signalsIndex(this.#indices.prefix, tenant, signalsMonth);
      months.add(index);
      for (const signal of pending) {
        const key = signalKey(kind, id, signal);
        const stored: StoredSignal = {
          tenant,
          finding: hashOf([kind, id]),
          id: signal,
          order: key,
        };
        operations.push({ action: "create", index, id: key, source: JSON.stringify(stored) });
      }
    }
    for (const index of months) await this.#indices.ensureBare(index, SIGNALS_MAPPING);
    const results = await this.#access.writeAll(operations);
    for (const index of months) this.#indices.wrote(index);
    for (const [at, result] of results.entries()) {
      if (result.ok || result.status === 409) continue;
      // The month expired in between: what was in it is forgotten anyway.
      const index = operations[at]?.index ?? "";
      if (result.type === "index_not_found_exception") this.#indices.forget(index);
      else throw bulkError(result, index);
    }
  }

  /** The findings that somebody else was quicker with; the others are added to `changed`. */
  async #writeFolds(
    index: OpenIndex,
    folds: readonly Fold[],
    changed: Map<string, Saved<Finding>>,
  ): Promise<string[]> {
    const operations = folds.map(({ stored, current }) => operationOf(index, stored, current));
    const results = await this.#access.writeAll(operations);
    return folds.flatMap(({ id, stored }, at) => {
      const [operation, result] = [operations[at], results[at]];
      if (operation === undefined || result === undefined) return [id];
      const current = this.#documents.outcome(index, operation, result, stored);
      if (current === "lost") return [id];
      changed.set(id, { ...versionedOf<Finding>(stored), current });
      return [];
    });
  }

  async #storedIds(tenant: string, kind: string, finding: string, month: string) {
    const index = signalsIndex(this.#indices.prefix, tenant, month);
    const { client, retry } = this.#access;
    await this.#indices.refresh(index);
    const ids: string[] = [];
    let after: estypes.SortResults | undefined;
    for (;;) {
      const place = after === undefined ? {} : { search_after: after };
      const page = await retry.run(() =>
        client.search<StoredSignal>({
          index,
          ignore_unavailable: true,
          size: SIGNALS_PER_PAGE,
          query: {
            bool: {
              filter: [{ term: { tenant } }, { term: { finding: hashOf([kind, finding]) } }],
            },
          },
          sort: [{ order: "asc" }],
          track_total_hits: false,
          allow_partial_search_results: false,
          ...place,
        }),
      );
      const { hits } = page.hits;
      for (const { _source } of hits) if (_source !== undefined) ids.push(_source.id);
      after = hits.at(-1)?.sort;
      if (after === undefined) return ids;
    }
  }

  #alone<T>(tenant: string, work: () => Promise<T>): Promise<T> {
    const result = (this.#last.get(tenant) ?? Promise.resolve()).then(work, work);
    this.#last.set(tenant, result);
    const done = () => {
      if (this.#last.get(tenant) === result) this.#last.delete(tenant);
    };
    result.then(done, done);
    return result;
  }
}

function signalKey(kind: string, finding: string, signal: string): string {
  return hashOf([kind, finding, signal]);
}
