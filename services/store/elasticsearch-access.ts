// Reading and writing single documents by id, in requests that all callers of a turn share. Reads by id see
// every acknowledged write at once, of whichever process.
import type { Client } from "@elastic/elasticsearch";
import { type BulkOperation, type BulkResult, BulkWriter } from "../elasticsearch/bulk.ts";
import { PassingFault, type Retry } from "../elasticsearch/retry.ts";
import { Turn } from "./elasticsearch-turn.ts";

/** Documents can have 10 MB; an answer shall stay readable. */
const DOCUMENTS_PER_READ_MAX = 500;

export interface DocumentPlace {
  /** An index, or an alias of one. */
  readonly index: string;
  readonly key: string;
  /** Whether its content is wanted; false: only whether it is there. */
  readonly content: boolean;
}

/** A document as it lies there. */
export interface FoundDocument {
  /** The index itself, where an alias was asked. */
  readonly index: string;
  readonly source: unknown;
  readonly onlyIf: { readonly sequenceNumber: number; readonly primaryTerm: number };
}

/** Reads and writes; null stands for "not there". */
export class DocumentAccess {
  readonly client: Client;
  readonly retry: Retry;
  readonly #reads: Turn<DocumentPlace, FoundDocument | null>;
  readonly #writes: Turn<BulkOperation, BulkResult>;

  constructor(parts: { client: Client; retry: Retry }) {
    this.client = parts.client;
    this.retry = parts.retry;
    const bulk = new BulkWriter(parts);
    this.#reads = new Turn((places) => this.#readAll(places));
    this.#writes = new Turn((operations) => bulk.write(operations));
  }

  read(index: string, key: string): Promise<FoundDocument | null> {
    return this.#reads.add({ index, key, content: true });
  }

  readAll(places: readonly DocumentPlace[]): Promise<(FoundDocument | null)[]> {
    return this.#reads.addAll(places);
  }

  write(operation: BulkOperation): Promise<BulkResult> {
    return this.#writes.add(operation);
  }

  writeAll(operations: readonly BulkOperation[]): Promise<BulkResult[]> {
    return this.#writes.addAll(operations);
  }

  async #readAll(places: readonly DocumentPlace[]): Promise<(FoundDocument | null)[]> {
    const found: (FoundDocument | null)[] = [];
    for (let at = 0; at < places.length; at += DOCUMENTS_PER_READ_MAX)
      found.push(...(await this.#readSome(places.slice(at, at + DOCUMENTS_PER_READ_MAX))));
    return found;
  }

  #readSome(places: readonly DocumentPlace[]): Promise<(FoundDocument | null)[]> {
    const docs = places.map(({ index, key, content }) => ({
      _index: index,
      _id: key,
      _source: content,
    }));
    return this.retry.run(async () => {
      const answer = await this.client.mget({ docs });
      return answer.docs.map((one, at) => {
        if ("error" in one) {
          const isMissing = one.error.type === "index_not_found_exception";
          // Where an alias was asked, its index may be replaced and deleted while the question is on its
          // way: the next one finds the new index.
          if (isMissing && [undefined, places[at]?.index].includes(missingIndex(one.error)))
            return null;
          throw new PassingFault(`${one.error.type}: ${one.error.reason ?? ""}`);
        }
        if (!("found" in one) || !one.found) return null;
        const onlyIf = { sequenceNumber: one._seq_no ?? 0, primaryTerm: one._primary_term ?? 0 };
        return { index: one._index, source: one._source, onlyIf };
      });
    });
  }
}

/** The index that an `index_not_found_exception` names. */
function missingIndex(error: object): string | undefined {
  return "index" in error && typeof error.index === "string" ? error.index : undefined;
}
