// The embedded archive of one tenant: brings writing, reading and deleting together.
import { join } from "node:path";
import { AppError } from "../../config/errors.ts";
import { Appender, hourOf, type PlacedEvents } from "./appender.ts";
import type { AppendPosition, ArchivedEvent, ArchivePage, ArchiveQuery } from "./archive.ts";
import { Catalogue } from "./catalogue.ts";
import { compareEvents, decodeCursor, encodeCursor } from "./query.ts";
import { type OnDamage, Reader } from "./reader.ts";
import { compactQuietHours, deleteExpired, type RetainRules } from "./retention.ts";
import { makeFolder, removeStrangers } from "./segment-file.ts";

/** Files that a crash left over are deleted when they are this old: a young one may be in the making. */
const STRANGER_AGE_MS = 24 * 3_600_000;

export class TenantArchive {
  readonly #folder: string;
  readonly #catalogue: Catalogue;
  readonly #reader: Reader;
  readonly #appender: Appender;
  readonly #ready: Promise<void>;
  readonly #stop = new AbortController();
  #changes: Promise<unknown> = Promise.resolve();
  #retaining: Promise<unknown> = Promise.resolve();

  constructor(folder: string, onDamage: OnDamage, now: () => number) {
    this.#folder = join(folder, "archive");
    this.#catalogue = new Catalogue(join(folder, "archive.db"));
    this.#reader = new Reader(this.#catalogue, this.#folder, onDamage);
    this.#appender = new Appender(this.#catalogue, this.#folder, now, (work) =>
      this.#exclusive(work),
    );
    this.#ready = makeFolder(this.#folder);
    // Whoever appends or retains is told; that nobody has done so yet is no fault.
    this.#ready.catch(() => undefined);
  }

  async append(position: AppendPosition, events: PlacedEvents): Promise<void> {
    await this.#ready;
    this.#refuseWhenClosed();
    await this.#appender.append(position, events);
  }

  async get(id: string, time: number): Promise<ArchivedEvent | undefined> {
    return this.#reader.get(hourOf(time), id, time);
  }

  async search(query: ArchiveQuery, signal: AbortSignal | undefined): Promise<ArchivePage> {
    const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
    const oldest = query.order === "oldest";
    const direction = oldest ? 1 : -1;
    const from = oldest && after !== undefined ? Math.max(query.from, after.time) : query.from;
    const to = !oldest && after !== undefined ? Math.min(query.to, after.time + 1) : query.to;
    const isAfter = (event: ArchivedEvent) =>
      after === undefined || direction * compareEvents(event, after) > 0;
    const hours = this.#catalogue.hours(from, to);
    const found = new Map<string, ArchivedEvent>();
    for (const hour of oldest ? hours : hours.reverse()) {
      this.#refuseWhenClosed();
      const narrowed = { ...query, from, to };
      for (const event of await this.#reader.first(hour, narrowed, isAfter, signal))
        if (found.size < query.limit && !found.has(event.id)) found.set(event.id, event);
      if (found.size === query.limit) break;
    }
    const events = [...found.values()];
    const last = events.at(-1);
    const full = last !== undefined && events.length === query.limit;
    return { events, cursor: full ? encodeCursor(last) : undefined };
  }

  async *scan(from: number, to: number, signal: AbortSignal): AsyncGenerator<ArchivedEvent> {
    signal.throwIfAborted();
    for (const hour of this.#catalogue.hours(from, to)) {
      this.#refuseWhenClosed();
      const segments = this.#catalogue.segmentsOfHour(hour);
      for await (const event of this.#reader.inTimeOrder(segments, { from, to })) {
        signal.throwIfAborted();
        yield event;
      }
    }
  }

  statistics() {
    return this.#catalogue.statistics();
  }

  async retain(now: number, rules: RetainRules): Promise<{ eventsDeleted: number }> {
    await this.#ready;
    const run = this.#retaining.then(async () => {
      this.#refuseWhenClosed();
      const parts = {
        catalogue: this.#catalogue,
        reader: this.#reader,
        folder: this.#folder,
        exclusive: <T>(work: () => Promise<T>) => this.#exclusive(work),
      };
      const eventsDeleted = await this.#exclusive(() => deleteExpired(parts, now, rules));
      await compactQuietHours(parts, now, this.#stop.signal);
      const known = new Set(this.#catalogue.segments().map(({ file }) => file));
      await removeStrangers(this.#folder, known, Date.now() - STRANGER_AGE_MS);
      return { eventsDeleted };
    });
    // The next one waits for this one, however it ends; its caller hears of a failure through `run`.
    this.#retaining = run.catch(() => undefined);
    return run;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#ready.catch(() => undefined);
    await this.#appender.settled();
    await this.#retaining;
    await this.#changes;
    this.#catalogue.close();
  }

  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#changes.then(work);
    this.#changes = run.catch(() => undefined);
    return run;
  }

  #refuseWhenClosed(): void {
    if (this.#stop.signal.aborted) throw new AppError("HW_CLOSED", "the archive is closed");
  }
}
