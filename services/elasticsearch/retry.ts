// A server that is away: which faults of Elasticsearch pass by themselves, and waiting for it with back-off,
// logged once when it goes and once when it is back.
import { setTimeout as delay } from "node:timers/promises";
import { errors } from "@elastic/elasticsearch";
import type { Logger } from "pino";
import { AppError, messageOf } from "../../config/errors.ts";

const PAUSE_MIN_MS = 50;
const PAUSE_MAX_MS = 5000;
/** How long a caller is kept waiting for a server that is away. */
const GIVE_UP_MS = 60_000;
const MEND = "Elasticsearch und den Weg dorthin prüfen (heidewacht doctor)";

export interface RetryOptions {
  readonly logger: Pick<Logger, "warn" | "info">;
  /** From the first fault on; left out: 60 s. */
  readonly giveUpMs?: number;
}

/** A part of an answer that says "not now", thrown to ask for the whole again. */
export class PassingFault extends Error {
  /** Some of the work is done: the server is there, and patience begins anew. */
  readonly madeProgress: boolean;

  constructor(message: string, madeProgress = false) {
    super(message);
    this.madeProgress = madeProgress;
  }
}

/** Whether a fault of a whole request passes by itself: no answer, 429, 5xx, a master that is being chosen. */
function isTransient(error: unknown): boolean {
  if (error instanceof errors.ResponseError)
    return isPassingFault(error.statusCode ?? 0, errorType(error));
  return (
    error instanceof PassingFault ||
    error instanceof errors.ConnectionError ||
    error instanceof errors.TimeoutError ||
    error instanceof errors.NoLivingConnectionsError ||
    // An answer that was cut off: the server or a proxy before it broke down on the way.
    error instanceof errors.DeserializationError
  );
}

/**
 * Of a request or of one item of a bulk: 429, 5xx, and what is closed for writing. An index is while it is
 * copied, the cluster for new indices while its disks are nearly full.
 */
export function isPassingFault(status: number, type: string | undefined): boolean {
  if (status === 403) return type === "cluster_block_exception";
  return status === 429 || status >= 500;
}

/** `error.type` of an answer, e.g. `index_not_found_exception`; undefined when it is no answer. */
export function errorType(error: unknown): string | undefined {
  if (!(error instanceof errors.ResponseError)) return undefined;
  const body: unknown = error.body;
  if (typeof body !== "object" || body === null || !("error" in body)) return undefined;
  const { error: inner } = body;
  if (typeof inner === "object" && inner !== null && "type" in inner) return String(inner.type);
  return undefined;
}

/** The pause before attempt `attempt` (1 is the first repetition), with up to a half drawn off. */
export function pauseMs(attempt: number): number {
  const most = Math.min(PAUSE_MAX_MS, PAUSE_MIN_MS * 2 ** Math.min(attempt - 1, 20));
  return most * (1 - Math.random() / 2);
}

/** Runs requests again while the server is away; one for all users of a connection. */
export class Retry {
  readonly #logger: RetryOptions["logger"];
  readonly #giveUpMs: number;
  readonly #closing = new AbortController();
  #away = false;
  /** Calls that have met a fault and are under way still. */
  #waiting = 0;

  constructor(options: RetryOptions) {
    this.#logger = options.logger;
    this.#giveUpMs = options.giveUpMs ?? GIVE_UP_MS;
  }

  /**
   * The result of `work`, which is repeated while it fails for reasons that pass; so it has to be harmless
   * to do twice. `attempt` counts from 0: after the first one, an earlier one may have been carried out.
   * @throws AppError HW_UNAVAILABLE when the server stays away; HW_CLOSED; what else `work` throws
   */
  async run<T>(work: (attempt: number) => Promise<T>): Promise<T> {
    let patience = this.#patience();
    let isWaiting = false;
    try {
      for (let attempt = 0; ; attempt += 1) {
        try {
          const result = await work(attempt);
          // Reading may go on while nothing can be written: whoever waits knows better.
          if (this.#waiting === (isWaiting ? 1 : 0)) this.#isBack();
          return result;
        } catch (error) {
          if (!isTransient(error)) throw refusalOf(error);
          if (error instanceof PassingFault && error.madeProgress) patience = this.#patience();
          if (!isWaiting) this.#waiting += 1;
          isWaiting = true;
          await patience.pause(error);
        }
      }
    } finally {
      if (isWaiting) this.#waiting -= 1;
    }
  }

  /** Pauses with growing length until its time is over. */
  #patience(): { readonly pause: (reason: unknown) => Promise<void> } {
    let attempt = 0;
    let since: number | undefined;
    return {
      pause: async (reason) => {
        since ??= performance.now();
        this.#isAway(reason);
        if (performance.now() - since >= this.#giveUpMs) throw unavailable(reason);
        attempt += 1;
        await delay(pauseMs(attempt), undefined, { signal: this.#closing.signal }).catch(() => {
          throw new AppError("HW_CLOSED", "closed while waiting for Elasticsearch");
        });
      },
    };
  }

  /** Ends all waiting. */
  close(): void {
    this.#closing.abort();
  }

  #isAway(reason: unknown): void {
    if (this.#away) return;
    this.#away = true;
    this.#logger.warn({ reason: messageOf(reason) }, "Elasticsearch is away, waiting for it");
  }

  #isBack(): void {
    if (!this.#away) return;
    this.#away = false;
    this.#logger.info("Elasticsearch is back");
  }
}

function unavailable(cause: unknown): AppError {
  return new AppError("HW_UNAVAILABLE", `Elasticsearch: ${messageOf(cause)}`, {
    mend: MEND,
    cause,
  });
}

// Who we are is wrong there; neither waiting nor the caller can mend it.
function refusalOf(error: unknown): unknown {
  if (!(error instanceof errors.ResponseError)) return error;
  if (error.statusCode !== 401 && error.statusCode !== 403) return error;
  if (errorType(error) !== "security_exception") return error;
  return new AppError("HW_UNAVAILABLE", `Elasticsearch: ${error.message}`, {
    mend: "Schlüssel und Rechte prüfen (heidewacht doctor)",
    cause: error,
  });
}
