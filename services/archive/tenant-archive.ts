// The embedded archive of one tenant: appends frames, searches them, compacts and deletes whole hours.
import assert from "node:assert/strict";
import { join } from "node:path";
import { AppError, messageOf } from "../../config/errors.ts";
import type {
  AppendPosition,
  Archive,
  ArchivedEvent,
  ArchivePage,
  ArchiveQuery,
} from "./archive.ts";
import { mayContain } from "./bloom.ts";
import {
  type Catalogue,
  type FramePlace,
  fileName,
  type NewFrame,
  openCatalogue,
  type Segment,
} from "./catalogue.ts";
import { decodeFrame, type EncodedFrame, encodeFrame, idTerm } from "./frame.ts";
import {
  compareEvents,
  decodeCursor,
  encodeCursor,
  eventMatcher,
  frameMayMatch,
  linePrefilter,
} from "./query.ts";
import { appendDurably, readPart, removeFile } from "./segment-file.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** An hour is compacted this long after it ended: late events have mostly come by then. */
const COMPACT_AFTER_MS = 2 * HOUR_MS;
const COMPACT_FRAMES_MIN = 8;
const COMPACTED_EVENTS_PER_FRAME = 4096;
const DATA_CLASS = /^[a-z][a-z0-9-]{0,31}$/;

export type OnDamage = (error: AppError) => void;
type RetainRules = Parameters<Archive["retain"]>[2];

export class TenantArchive {
  readonly #folder: string;
  readonly #catalogue: Catalogue;
  readonly #onDamage: OnDamage;

  constructor(folder: string, onDamage: OnDamage) {
    this.#folder = folder;
    this.#catalogue = openCatalogue(join(folder, "archive.db"));
    this.#onDamage = onDamage;
  }

  append(
    position: AppendPosition,
    events: readonly { readonly offset: number; readonly event: ArchivedEvent }[],
  ): void {
    const known = this.#catalogue.appended(position.stream);
    if (position.lastOffset <= known) return;
    const groups = new Map<string, ArchivedEvent[]>();
    for (const { offset, event } of events) {
      if (offset <= known) continue;
      const key = `${event.dataClass} ${hourOf(event.time)}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [event]);
      else group.push(event);
    }
    const frames: { segment: Segment; frame: NewFrame }[] = [];
    for (const group of groups.values()) {
      const [first] = group;
      assert(
        first !== undefined && DATA_CLASS.test(first.dataClass),
        "a data class is a short name",
      );
      const segment = this.#catalogue.segment({
        dataClass: first.dataClass,
        hour: hourOf(first.time),
      });
      const encoded = encodeFrame(group);
      appendDurably(this.#path(segment.file), segment.bytes, [encoded.bytes]);
      frames.push({ segment, frame: newFrame(encoded, segment.bytes) });
    }
    this.#catalogue.commit(frames, position.stream, position.lastOffset);
  }

  get(id: string, time: number): ArchivedEvent | undefined {
    for (const place of this.#catalogue.frames(hourOf(time), time, time + 1)) {
      if (!mayContain(place.filter, idTerm(id))) continue;
      const line = JSON.stringify(id);
      const found = this.#read(place, (text) => text.startsWith(`[${line},`)).find(
        (event) => event.id === id && event.time === time,
      );
      if (found !== undefined) return found;
    }
    return undefined;
  }

  search(query: ArchiveQuery): ArchivePage {
    const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
    if (query.cursor !== undefined && after === undefined) {
      throw new AppError("HW_REQUEST_INVALID", "not a cursor of this archive", { place: "cursor" });
    }
    const forward = query.order === "oldest";
    const direction = forward ? 1 : -1;
    const from = forward && after !== undefined ? Math.max(query.from, after.time) : query.from;
    const to = !forward && after !== undefined ? Math.min(query.to, after.time + 1) : query.to;
    const hours = this.#catalogue.hours(from, to);
    const events: ArchivedEvent[] = [];
    for (const hour of forward ? hours : hours.reverse()) {
      const found = this.#hour(hour, { ...query, from, to })
        .filter((event) => after === undefined || direction * compareEvents(event, after) > 0)
        .sort((a, b) => direction * compareEvents(a, b));
      for (const event of found) {
        if (events.length === query.limit) break;
        events.push(event);
      }
      if (events.length === query.limit) break;
    }
    const last = events.at(-1);
    const full = last !== undefined && events.length === query.limit;
    return { events, cursor: full ? encodeCursor(last) : undefined };
  }

  *scan(from: number, to: number, signal: AbortSignal): Generator<ArchivedEvent> {
    for (const hour of this.#catalogue.hours(from, to)) {
      signal.throwIfAborted();
      yield* this.#hour(hour, { from, to }).sort(compareEvents);
    }
  }

  statistics() {
    return this.#catalogue.statistics();
  }

  retain(now: number, rules: RetainRules): { eventsDeleted: number } {
    let eventsDeleted = 0;
    const remove = (segment: Segment) => {
      // The catalogue first: a crash leaves an unknown file, never a missing one.
      this.#catalogue.remove(segment);
      removeFile(this.#path(segment.file));
      eventsDeleted += segment.events;
    };
    const kept: Segment[] = [];
    for (const segment of this.#catalogue.segments()) {
      const days = rules.daysByClass[segment.dataClass] ?? rules.daysDefault;
      if (segment.hour + HOUR_MS <= now - days * DAY_MS) remove(segment);
      else kept.push(segment);
    }
    let bytes = kept.reduce((sum, segment) => sum + segment.bytes, 0);
    for (const segment of kept) {
      if (bytes > rules.bytesMax) {
        remove(segment);
        bytes -= segment.bytes;
      } else if (segment.hour + HOUR_MS + COMPACT_AFTER_MS <= now) {
        this.#compact(segment);
      }
    }
    return { eventsDeleted };
  }

  close(): void {
    this.#catalogue.close();
  }

  // Few large frames instead of many small ones; an event that a sender delivered twice stays once.
  #compact(segment: Segment): void {
    if (segment.frames < COMPACT_FRAMES_MIN) return;
    const places = this.#catalogue
      .frames(segment.hour, segment.hour, segment.hour + HOUR_MS)
      .filter((place) => place.segment.id === segment.id);
    let damaged = false;
    const events = new Map<string, ArchivedEvent>();
    for (const place of places) {
      for (const event of this.#read(
        place,
        () => true,
        () => (damaged = true),
      )) {
        events.set(event.id, event);
      }
    }
    // A damaged segment is left as it is: somebody may still mend it from a backup.
    if (damaged) return;
    const sorted = [...events.values()].sort(compareEvents);
    const parts: Uint8Array[] = [];
    const frames: NewFrame[] = [];
    let offset = 0;
    for (let at = 0; at < sorted.length; at += COMPACTED_EVENTS_PER_FRAME) {
      const encoded = encodeFrame(sorted.slice(at, at + COMPACTED_EVENTS_PER_FRAME));
      parts.push(encoded.bytes);
      frames.push(newFrame(encoded, offset));
      offset += encoded.bytes.length;
    }
    const generation = Number(/\.(\d+)\.seg$/.exec(segment.file)?.[1] ?? 0) + 1;
    const file = fileName(segment, generation);
    appendDurably(this.#path(file), 0, parts);
    this.#catalogue.swap(segment, file, frames);
    removeFile(this.#path(segment.file));
  }

  #hour(
    hour: number,
    query: Pick<ArchiveQuery, "from" | "to" | "terms" | "text">,
  ): ArchivedEvent[] {
    const keep = linePrefilter(query);
    const matches = eventMatcher(query);
    const found = new Map<string, ArchivedEvent>();
    for (const place of this.#catalogue.frames(hour, query.from, query.to)) {
      if (!frameMayMatch(place.filter, query.terms)) continue;
      for (const event of this.#read(place, keep)) {
        if (matches(event)) found.set(event.id, event);
      }
    }
    return [...found.values()];
  }

  #read(
    place: FramePlace,
    keep: (line: string) => boolean,
    onDamage: () => void = () => undefined,
  ): ArchivedEvent[] {
    const path = this.#path(place.segment.file);
    try {
      const bytes = readPart(path, place.offset, place.length);
      return decodeFrame(bytes, place.segment.dataClass, keep);
    } catch (cause) {
      onDamage();
      this.#onDamage(
        new AppError("HW_STORE_CORRUPT", `a frame of the archive is damaged: ${messageOf(cause)}`, {
          place: `${path}:${place.offset}`,
          mend: "restore the file from a backup; the other frames stay readable",
          cause,
        }),
      );
      return [];
    }
  }

  #path(file: string): string {
    return join(this.#folder, "archive", file);
  }
}

function newFrame(encoded: EncodedFrame, offset: number): NewFrame {
  const { events, minTime, maxTime, filter } = encoded;
  return { offset, length: encoded.bytes.length, events, minTime, maxTime, filter };
}

function hourOf(time: number): number {
  return Math.floor(time / HOUR_MS) * HOUR_MS;
}
