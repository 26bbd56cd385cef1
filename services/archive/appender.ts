// Writes batches of events into the open segments of their hours. Batches that wait while one is being
// written go together: fewer and larger frames, and one wait for the disk.
import assert from "node:assert/strict";
import { join } from "node:path";
import { assertDataClass, withSafeTime } from "./accepted-event.ts";
import type { AppendPosition, ArchivedEvent } from "./archive.ts";
import { type Catalogue, type Frame, type Growth, HOUR_MS, type Segment } from "./catalogue.ts";
import { FrameWriter } from "./frame.ts";
import { appendDurably } from "./segment-file.ts";

/** Files of different hours that are written at the same time. */
const FILES_AT_ONCE_MAX = 8;
const BATCHES_TOGETHER_MAX = 64;
/** zstd: fast, because somebody waits for it. */
const LEVEL = 3;

export type PlacedEvents = readonly { readonly offset: number; readonly event: ArchivedEvent }[];

interface Job {
  readonly position: AppendPosition;
  readonly events: PlacedEvents;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class Appender {
  readonly #catalogue: Catalogue;
  readonly #folder: string;
  readonly #now: () => number;
  readonly #exclusive: <T>(work: () => Promise<T>) => Promise<T>;
  #jobs: Job[] = [];
  #running: Promise<void> | undefined;

  /** @param exclusive runs one change of the segments at a time */
  constructor(
    catalogue: Catalogue,
    folder: string,
    now: () => number,
    exclusive: <T>(work: () => Promise<T>) => Promise<T>,
  ) {
    this.#catalogue = catalogue;
    this.#folder = folder;
    this.#now = now;
    this.#exclusive = exclusive;
  }

  append(position: AppendPosition, events: PlacedEvents): Promise<void> {
    for (const { event } of events) assertDataClass(event);
    return new Promise((resolve, reject) => {
      this.#jobs.push({ position, events, resolve, reject });
      this.#running ??= this.#drain();
    });
  }

  /** Everything that was asked for so far has been written or refused. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #drain(): Promise<void> {
    // What comes in the same turn goes together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#jobs.length > 0) {
      const jobs = this.#jobs.splice(0, BATCHES_TOGETHER_MAX);
      try {
        await this.#exclusive(() => this.#write(jobs));
        for (const job of jobs) job.resolve();
      } catch (error) {
        for (const job of jobs) job.reject(error);
      }
    }
    this.#running = undefined;
  }

  async #write(jobs: readonly Job[]): Promise<void> {
    const positions = new Map<string, number>();
    const groups = new Map<string, ArchivedEvent[]>();
    for (const { position, events } of jobs) {
      const { stream, lastOffset } = position;
      const known = positions.get(stream) ?? this.#catalogue.position(stream);
      for (const { offset, event } of events)
        if (offset > known) addToGroup(groups, withSafeTime(event));
      if (lastOffset > known) positions.set(stream, lastOffset);
    }
    if (positions.size === 0) return;
    const growth: Growth[] = [];
    const waiting = [...groups.values()];
    while (waiting.length > 0)
      growth.push(
        ...(await Promise.all(
          waiting.splice(0, FILES_AT_ONCE_MAX).map((group) => this.#writeGroup(group)),
        )),
      );
    this.#catalogue.commit(growth, positions, this.#now());
  }

  /** Events of one data class and hour. */
  async #writeGroup(events: readonly ArchivedEvent[]): Promise<Growth> {
    const [first] = events;
    assert(first !== undefined);
    const { dataClass, time } = first;
    const segment: Segment = this.#catalogue.openSegment({ dataClass, hour: hourOf(time) });
    const writer = new FrameWriter(LEVEL);
    const frames: Frame[] = [];
    const parts: Uint8Array[] = [];
    let offset = segment.bytes;
    const take = async () => {
      const encoded = await writer.take();
      if (encoded === undefined) return;
      const { bytes, ...frame } = encoded;
      frames.push({ ...frame, offset });
      parts.push(bytes);
      offset += bytes.length;
    };
    for (const event of events) {
      writer.add(event);
      if (writer.full) await take();
    }
    await take();
    await appendDurably(join(this.#folder, segment.file), segment.bytes, Buffer.concat(parts));
    return { segment, frames };
  }
}

function addToGroup(groups: Map<string, ArchivedEvent[]>, event: ArchivedEvent): void {
  const key = `${event.dataClass} ${hourOf(event.time)}`;
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [event]);
  else group.push(event);
}

export function hourOf(time: number): number {
  return Math.floor(time / HOUR_MS) * HOUR_MS;
}
