// Many writes in few requests: each operation has its own result, only those that failed for a reason that
// passes are sent again, and the bytes under way are bounded, so that the caller feels back pressure.
import { type Client, errors } from "@elastic/elasticsearch";
import { AppError } from "../../config/errors.ts";
import { isPassingFault, PassingFault, type Retry } from "./retry.ts";

/** A request is sent when it would grow beyond; a longer single document goes alone. */
const REQUEST_BYTES_MAX = 5_000_000;
/** A server that is short of memory is not sent less at a time. */
const SHRUNK_BYTES_MIN = 100_000;
const REQUEST_OPERATIONS_MAX = 5000;
/** What is read of an answer: the rest would be as long again as many an event. */
const ANSWERED = ["status", "_seq_no", "_primary_term", "error.type", "error.reason"].map(
  (name) => `items.*.${name}`,
);
/** Of all requests under way of one writer. */
const BYTES_IN_FLIGHT_MAX = 30_000_000;

export interface BulkOperation {
  /** `create` fails with 409 where the id is taken. */
  readonly action: "create" | "index" | "delete";
  /** An index, or an alias of one. */
  readonly index: string;
  readonly id: string;
  /** JSON on one line; none for `delete`. */
  readonly source?: string;
  /** Carried out only on this state of the document; 409 otherwise. */
  readonly onlyIf?: { readonly sequenceNumber: number; readonly primaryTerm: number };
}

export type BulkResult =
  | {
      readonly ok: true;
      readonly sequenceNumber: number;
      readonly primaryTerm: number;
    }
  | {
      readonly ok: false;
      /** As in HTTP: 400 a value that doesn't fit the mapping, 404 not there, 409 changed or taken … */
      readonly status: number;
      /** Elasticsearch's own name of the fault. */
      readonly type: string;
      readonly reason: string;
      /** An earlier attempt brought no answer: a 409 or 404 may come of our own work. */
      readonly repeated: boolean;
    };

interface Item {
  readonly operation: BulkOperation;
  readonly lines: readonly string[];
  readonly bytes: number;
  repeated: boolean;
}

/** Sends operations to one cluster; share it, so that its bound on bytes holds for all callers. */
export class BulkWriter {
  readonly #client: Client;
  readonly #retry: Retry;
  #bytesInFlight = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(parts: { client: Client; retry: Retry }) {
    this.#client = parts.client;
    this.#retry = parts.retry;
  }

  /**
   * Results in the order of the operations, which are carried out in this order per document.
   * @throws AppError HW_UNAVAILABLE when the server stays away; some may have been carried out then
   */
  async write(operations: readonly BulkOperation[]): Promise<readonly BulkResult[]> {
    const results: BulkResult[] = [];
    for (const items of requestsOf(operations.map(itemOf), REQUEST_BYTES_MAX))
      results.push(...(await this.#withinBounds(items)));
    return results;
  }

  async #withinBounds(items: readonly Item[]): Promise<readonly BulkResult[]> {
    const bytes = bytesOf(items);
    // A request that is over the bound by itself goes when it is alone.
    while (this.#bytesInFlight > 0 && this.#bytesInFlight + bytes > BYTES_IN_FLIGHT_MAX)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#bytesInFlight += bytes;
    try {
      return await this.#untilSettled(items);
    } finally {
      this.#bytesInFlight -= bytes;
      for (const resume of this.#waiting.splice(0)) resume();
    }
  }

  /** Goes on with what is left after every fault that passes. */
  async #untilSettled(items: readonly Item[]): Promise<readonly BulkResult[]> {
    const settled = new Map<Item, BulkResult>();
    let open = items;
    let bytesMax = REQUEST_BYTES_MAX;
    const sendPart = async (): Promise<void> => {
      const [part = []] = requestsOf(open, bytesMax);
      const answers = await this.#send(part).catch((error: unknown) => {
        const tooMuch = tooMuchOf(error);
        // A document that is too long by itself stays so.
        if (tooMuch === "never" && part.length === 1)
          return [failure(413, "request_too_large", "the server takes no request of this length")];
        if (tooMuch !== undefined) bytesMax = bytesOf(part) / 2;
        if (tooMuch === "now") bytesMax = Math.max(SHRUNK_BYTES_MIN, bytesMax);
        if (tooMuch === "never") throw new PassingFault("the request was too long", true);
        throw error;
      });
      const again: Item[] = [];
      let reason = "";
      for (const [at, item] of part.entries()) {
        const answer = answers[at] ?? failure(500, "no_answer", "no answer to this operation");
        if (answer.ok || !isPassingFault(answer.status, answer.type)) {
          settled.set(item, answer.ok ? answer : { ...answer, repeated: item.repeated });
          continue;
        }
        // These two were refused before the work; after a 5xx nobody knows.
        if (answer.status !== 429 && answer.status !== 403) item.repeated = true;
        again.push(item);
        reason = `${answer.type}: ${answer.reason}`;
      }
      open = [...again, ...open.slice(part.length)];
      if (again.length > 0) throw new PassingFault(reason, again.length < part.length);
    };
    await this.#retry.run(async () => {
      while (open.length > 0) await sendPart();
    });
    return items.map((item) => settled.get(item) ?? failure(500, "no_answer", "lost"));
  }

  async #send(items: readonly Item[]): Promise<readonly BulkResult[]> {
    const lines = items.flatMap((item) => item.lines);
    try {
      const answer = await this.#client.bulk({ operations: lines, filter_path: ANSWERED });
      return answer.items.map((one) => resultOf(one.create ?? one.index ?? one.delete));
    } catch (error) {
      if (tooMuchOf(error) === undefined) for (const item of items) item.repeated = true;
      throw error;
    }
  }
}

/** Whether a request was refused for its length: for now, as memory is short, or for good. */
function tooMuchOf(error: unknown): "now" | "never" | undefined {
  if (!(error instanceof errors.ResponseError)) return undefined;
  if (error.statusCode === 413) return "never";
  return error.statusCode === 429 ? "now" : undefined;
}

function bytesOf(items: readonly Item[]): number {
  return items.reduce((sum, item) => sum + item.bytes, 0);
}

function itemOf(operation: BulkOperation): Item {
  const { action, index, id, source, onlyIf } = operation;
  const condition = onlyIf && {
    if_seq_no: onlyIf.sequenceNumber,
    if_primary_term: onlyIf.primaryTerm,
  };
  const head = JSON.stringify({ [action]: { _index: index, _id: id, ...condition } });
  const lines = source === undefined ? [head] : [head, source];
  const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  return { operation, lines, bytes, repeated: false };
}

function requestsOf(items: readonly Item[], bytesMax: number): readonly (readonly Item[])[] {
  const requests: Item[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const last = requests.at(-1);
    bytes += item.bytes;
    if (last === undefined || bytes > bytesMax || last.length >= REQUEST_OPERATIONS_MAX) {
      requests.push([item]);
      bytes = item.bytes;
    } else last.push(item);
  }
  return requests;
}

interface Answer {
  readonly status: number;
  readonly error?: { readonly type: string; readonly reason?: string | null };
  readonly _seq_no?: number;
  readonly _primary_term?: number;
}

function resultOf(answer: Answer | undefined): BulkResult {
  if (answer === undefined) return failure(500, "no_answer", "an answer of an unknown shape");
  const { status, error } = answer;
  if (error !== undefined) return failure(status, error.type, error.reason ?? "");
  if (status === 404) return failure(status, "not_found", "no such document");
  return {
    ok: true,
    sequenceNumber: answer._seq_no ?? 0,
    primaryTerm: answer._primary_term ?? 0,
  };
}

function failure(status: number, type: string, reason: string): BulkResult & { ok: false } {
  return { ok: false, status, type, reason, repeated: false };
}

/** An error for a caller whose single operation was refused for good. */
export function bulkError(result: BulkResult & { ok: false }, place: string): AppError {
  return new AppError("HW_INTERNAL", `Elasticsearch: ${result.type}: ${result.reason}`, { place });
}
