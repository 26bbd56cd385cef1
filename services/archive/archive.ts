// The archive port: every pseudonymised event, kept for hunting, backtests and evidence, and deleted by
// data class when its time is over. Implementations pass test/contract/archive.ts.
import type { EcsDocument } from "../../detectors/event.ts";

/** One archived event. */
export interface ArchivedEvent {
  readonly id: string;
  /** Event time, milliseconds since 1970 UTC. */
  readonly time: number;
  readonly source: string;
  /** Retention class of its data, e.g. `security`, `network`, `content`. */
  readonly dataClass: string;
  /** Pseudonymised, flat ECS. */
  readonly document: EcsDocument;
}

/** Where a batch of events came from: a replay of a position that is already there changes nothing. */
export interface AppendPosition {
  /** E.g. `raw/3`: topic and partition. */
  readonly stream: string;
  readonly firstOffset: number;
  readonly lastOffset: number;
}

export interface ArchiveQuery {
  /** Event time, half-open [from, to), milliseconds. */
  readonly from: number;
  readonly to: number;
  /** Exact values by ECS name, all of them (case-insensitive). */
  readonly terms?: Readonly<Record<string, string>>;
  /** Words that must all occur somewhere in the document (case-insensitive). */
  readonly text?: string;
  readonly order: "oldest" | "newest";
  readonly limit: number;
  /** From the page before. */
  readonly cursor?: string;
}

export interface ArchivePage {
  readonly events: readonly ArchivedEvent[];
  readonly cursor: string | undefined;
}

interface ArchiveStatistics {
  readonly events: number;
  readonly bytes: number;
  readonly oldest: number | undefined;
  readonly newest: number | undefined;
}

export interface Archive {
  /**
   * Durable when it resolves: all of it or nothing. Events at or below the stream's highest known offset
   * are skipped.
   */
  append(
    tenant: string,
    position: AppendPosition,
    events: readonly { readonly offset: number; readonly event: ArchivedEvent }[],
  ): Promise<void>;
  get(tenant: string, id: string, time: number): Promise<ArchivedEvent | undefined>;
  /**
   * One page, by time and then id; the same event id comes once even when a sender delivered it twice
   * (over several pages: when both times are the same).
   * @throws AppError HW_REQUEST_INVALID for a cursor that is none; the reason of `signal`
   */
  search(tenant: string, query: ArchiveQuery, signal?: AbortSignal): Promise<ArchivePage>;
  /** All events of [from, to) in the order (time, id), streamed, for backtests. */
  scan(
    tenant: string,
    range: { readonly from: number; readonly to: number },
    signal: AbortSignal,
  ): AsyncIterable<ArchivedEvent>;
  statistics(tenant: string): Promise<ArchiveStatistics>;
  /**
   * Deletes whole segments past their days (by data class) or the oldest over the byte limit; says what
   * went. Age goes by event time, for times in the future by the time of appending.
   */
  retain(
    tenant: string,
    now: number,
    rules: {
      readonly daysByClass: Readonly<Record<string, number>>;
      readonly daysDefault: number;
      readonly bytesMax: number;
    },
  ): Promise<{ readonly eventsDeleted: number }>;
  close(): Promise<void>;
}
