// Deletes segments whose time is over, and makes many small frames of an hour that has ended into few
// large ones, sorted by time.
import { join } from "node:path";
import type { Archive, ArchivedEvent } from "./archive.ts";
import { makeBloom } from "./bloom.ts";
import { type Catalogue, type Frame, HOUR_MS, type Segment } from "./catalogue.ts";
import { FrameWriter, fieldTermsOf } from "./frame.ts";
import type { Reader } from "./reader.ts";
import { appendDurably } from "./segment-file.ts";

const DAY_MS = 24 * HOUR_MS;
/** An hour is compacted when nothing has come to it for this long. */
const QUIET_MS = HOUR_MS;
const COMPACT_FRAMES_MIN = 8;
/** Finished segments of an hour that late events have left before all of it is compacted again. */
const SEGMENTS_MAX = 4;
/** zstd: nobody waits for it, and it is kept for months. */
const LEVEL = 9;

export type RetainRules = Parameters<Archive["retain"]>[2];

/** What belongs to one tenant's archive. */
export interface Parts {
  readonly catalogue: Catalogue;
  readonly reader: Reader;
  readonly folder: string;
  /** Runs one change of the segments at a time. */
  readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>;
}

/** @returns how many events went */
export async function deleteExpired(
  parts: Parts,
  now: number,
  rules: RetainRules,
): Promise<number> {
  const expired: Segment[] = [];
  const kept: Segment[] = [];
  const daysOf = new Map(Object.entries(rules.daysByClass));
  for (const segment of parts.catalogue.segments()) {
    const days = daysOf.get(segment.dataClass) ?? rules.daysDefault;
    // An hour in the future (a wrong clock) ages from its last append.
    const end = Math.min(segment.hour + HOUR_MS, segment.updatedAt);
    (end <= now - days * DAY_MS ? expired : kept).push(segment);
  }
  let bytes = kept.reduce((sum, segment) => sum + segment.bytes, 0);
  for (const segment of kept) {
    if (bytes <= rules.bytesMax) break;
    expired.push(segment);
    bytes -= segment.bytes;
  }
  for (const segment of expired) {
    // The catalogue first: a crash leaves an unknown file, never a missing one.
    parts.catalogue.remove(segment);
    await parts.reader.remove(segment);
  }
  return expired.reduce((sum, segment) => sum + segment.events, 0);
}

/** Compacts every hour that has ended, is quiet and is worth it. */
export async function compactQuietHours(
  parts: Parts,
  now: number,
  signal: AbortSignal,
): Promise<void> {
  const hours = Map.groupBy(
    parts.catalogue.segments(),
    (segment) => `${segment.dataClass} ${segment.hour}`,
  );
  for (const segments of hours.values()) {
    if (signal.aborted) return;
    const quiet = segments.every(
      ({ hour, updatedAt }) => Math.max(hour + HOUR_MS, updatedAt) + QUIET_MS <= now,
    );
    if (!quiet) continue;
    const open = segments.filter((segment) => segment.open);
    if (segments.length > SEGMENTS_MAX) await compact(parts, segments, signal);
    else if (open.some((segment) => segment.frames >= COMPACT_FRAMES_MIN))
      await compact(parts, open, signal);
  }
}

async function compact(
  parts: Parts,
  segments: readonly Segment[],
  signal: AbortSignal,
): Promise<void> {
  const [first] = segments;
  if (first === undefined) return;
  const { catalogue, reader } = parts;
  // Events that come late meanwhile go to a new segment, so that these don't change any more.
  await parts.exclusive(async () => {
    for (const segment of segments) if (segment.open) catalogue.finish(segment);
  });
  const known = catalogue.segmentsOf(first);
  const fixed = known.filter((segment) => segments.some(({ id }) => id === segment.id));
  const target = catalogue.newSegment(first, false);
  const range = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  let damaged = false;
  const events = reader.inTimeOrder(fixed, range, () => {
    damaged = true;
  });
  const path = join(parts.folder, target.file);
  const written = await writeCompacted(path, events, signal);
  // A damaged segment stays as it is: somebody may still mend it from a backup.
  if (written === undefined || damaged) {
    await reader.remove(target);
    return;
  }
  await parts.exclusive(async () => {
    const updatedAt = Math.max(...fixed.map((segment) => segment.updatedAt));
    catalogue.swap(fixed, { segment: target, frames: written.frames }, written.filter, updatedAt);
  });
  for (const segment of fixed) await reader.remove(segment);
}

/** @returns undefined when it was told to stop */
async function writeCompacted(
  path: string,
  events: AsyncIterable<ArchivedEvent>,
  signal: AbortSignal,
): Promise<{ frames: Frame[]; filter: Uint8Array } | undefined> {
  const frames: Frame[] = [];
  const terms = new Set<string>();
  const writer = new FrameWriter(LEVEL);
  let offset = 0;
  const take = async () => {
    const encoded = await writer.take();
    if (encoded === undefined) return;
    const { bytes, ...frame } = encoded;
    await appendDurably(path, offset, bytes);
    frames.push({ ...frame, offset });
    offset += bytes.length;
  };
  for await (const event of events) {
    if (signal.aborted) return undefined;
    writer.add(event);
    for (const term of fieldTermsOf(event)) terms.add(term);
    if (writer.full) await take();
  }
  await take();
  return { frames, filter: makeBloom(terms) };
}
