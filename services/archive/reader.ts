// Reads events out of segments: frame by frame, in time order, with bounded memory, and without standing
// in the way of retention: a file that is being read is deleted when the last reader is done.
import { join } from "node:path";
import { AppError, messageOf } from "../../config/errors.ts";
import type { ArchivedEvent, ArchiveQuery } from "./archive.ts";
import { mayContain } from "./bloom.ts";
import type { Catalogue, Frame, Segment } from "./catalogue.ts";
import { decodeFrame, idTerm } from "./frame.ts";
import { compareEvents, eventMatcher, filterMayMatch, linePrefilter } from "./query.ts";
import { readPart, removeFile } from "./segment-file.ts";

/** Told of a damaged frame; everything else stays readable. */
export type OnDamage = (error: AppError) => void;

interface Place {
  readonly segment: Segment;
  readonly frame: Frame;
}

export class Reader {
  readonly #catalogue: Catalogue;
  readonly #folder: string;
  readonly #onDamage: OnDamage;
  readonly #readers = new Map<string, number>();
  readonly #doomed = new Set<string>();

  constructor(catalogue: Catalogue, folder: string, onDamage: OnDamage) {
    this.#catalogue = catalogue;
    this.#folder = folder;
    this.#onDamage = onDamage;
  }

  /** One event of an hour by its id. */
  async get(hour: number, id: string, time: number): Promise<ArchivedEvent | undefined> {
    const start = `[${JSON.stringify(id)},`;
    const segments = this.#catalogue.segmentsOfHour(hour);
    return this.#holding(segments, async () => {
      for (const place of this.#places(segments, time, time + 1)) {
        if (!mayContain(place.frame.filter, idTerm(id))) continue;
        const events = await this.#read(place, (line) => line.startsWith(start));
        const found = events.find((event) => event.id === id && event.time === time);
        if (found !== undefined) return found;
      }
      return undefined;
    });
  }

  /**
   * The first events of an hour that fit, in the order asked for; the same id once.
   * @param isAfter whether an event lies behind the cursor
   */
  async first(
    hour: number,
    query: ArchiveQuery,
    isAfter: (event: ArchivedEvent) => boolean,
    signal: AbortSignal | undefined,
  ): Promise<ArchivedEvent[]> {
    const oldest = query.order === "oldest";
    const direction = oldest ? 1 : -1;
    const inOrder = (left: ArchivedEvent, right: ArchivedEvent) =>
      direction * compareEvents(left, right);
    const keep = linePrefilter(query);
    const matches = eventMatcher(query);
    const segments = this.#catalogue
      .segmentsOfHour(hour)
      .filter((segment) => filterMayMatch(segment.filter, query.terms));
    return this.#holding(segments, async () => {
      const places = this.#places(segments, query.from, query.to)
        .filter(({ frame }) => filterMayMatch(frame.filter, query.terms))
        .sort((left, right) =>
          oldest
            ? left.frame.minTime - right.frame.minTime
            : right.frame.maxTime - left.frame.maxTime,
        );
      let found: ArchivedEvent[] = [];
      for (const place of places) {
        signal?.throwIfAborted();
        const worst = found.length < query.limit ? undefined : found.at(-1);
        const bound = oldest ? place.frame.minTime : -place.frame.maxTime;
        // All frames from here on lie behind the page.
        if (worst !== undefined && bound > direction * worst.time) break;
        const events = (await this.#read(place, keep)).filter(
          (one) => matches(one) && isAfter(one),
        );
        found = uniqueFirst([...found, ...events].sort(inOrder), query.limit);
      }
      return found;
    });
  }

  /** All events of these segments in [from, to), in time order; the same event once. */
  async *inTimeOrder(
    segments: readonly Segment[],
    range: { readonly from: number; readonly to: number },
    onDamage: () => void = () => undefined,
  ): AsyncGenerator<ArchivedEvent> {
    const release = this.#hold(segments);
    try {
      const places = this.#places(segments, range.from, range.to).sort(
        (left, right) => left.frame.minTime - right.frame.minTime,
      );
      let waiting: ArchivedEvent[] = [];
      let last: ArchivedEvent | undefined;
      for (const [index, place] of places.entries()) {
        const events = await this.#read(place, () => true, onDamage);
        for (const event of events)
          if (event.time >= range.from && event.time < range.to) waiting.push(event);
        waiting.sort(compareEvents);
        // What is older than all later frames can go.
        const bound = places[index + 1]?.frame.minTime ?? Number.POSITIVE_INFINITY;
        const end = waiting.findIndex((event) => event.time >= bound);
        const ready = end === -1 ? waiting : waiting.slice(0, end);
        waiting = end === -1 ? [] : waiting.slice(end);
        for (const event of ready) {
          if (last !== undefined && compareEvents(last, event) === 0) continue;
          last = event;
          yield event;
        }
      }
    } finally {
      await release();
    }
  }

  /** Deletes a segment's file, now or when nobody reads it any more. */
  async remove(segment: Segment): Promise<void> {
    if (this.#readers.has(segment.file)) this.#doomed.add(segment.file);
    else await removeFile(this.#path(segment.file));
  }

  #places(segments: readonly Segment[], from: number, to: number): Place[] {
    return segments.flatMap((segment) =>
      this.#catalogue.frames(segment, from, to).map((frame) => ({ segment, frame })),
    );
  }

  async #holding<T>(segments: readonly Segment[], work: () => Promise<T>): Promise<T> {
    const release = this.#hold(segments);
    try {
      return await work();
    } finally {
      await release();
    }
  }

  #hold(segments: readonly Segment[]): () => Promise<void> {
    for (const { file } of segments) this.#readers.set(file, (this.#readers.get(file) ?? 0) + 1);
    return async () => {
      for (const { file } of segments) {
        const left = (this.#readers.get(file) ?? 1) - 1;
        if (left > 0) this.#readers.set(file, left);
        else {
          this.#readers.delete(file);
          if (this.#doomed.delete(file)) await removeFile(this.#path(file));
        }
      }
    };
  }

  async #read(
    { segment, frame }: Place,
    keep: (line: string) => boolean,
    onDamage: () => void = () => undefined,
  ): Promise<ArchivedEvent[]> {
    const path = this.#path(segment.file);
    try {
      const bytes = await readPart(path, frame.offset, frame.length);
      return await decodeFrame(bytes, frame, segment.dataClass, keep);
    } catch (cause) {
      onDamage();
      this.#onDamage(
        new AppError("HW_STORE_CORRUPT", `a frame of the archive is damaged: ${messageOf(cause)}`, {
          place: `${path}:${frame.offset}`,
          mend: "restore the file from a backup; the other frames stay readable",
          cause,
        }),
      );
      return [];
    }
  }

  #path(file: string): string {
    return join(this.#folder, file);
  }
}

/** The first `limit` of sorted events, each id once. */
function uniqueFirst(sorted: readonly ArchivedEvent[], limit: number): ArchivedEvent[] {
  const seen = new Set<string>();
  const result: ArchivedEvent[] = [];
  for (const event of sorted) {
    if (result.length === limit) break;
    if (seen.has(event.id)) continue;
    seen.add(event.id);
    result.push(event);
  }
  return result;
}
