// A frame: events of one append as compressed lines of JSON. Frames stand one after the other in a
// segment file; each is an independent zstd frame, so that a damaged one costs only itself.
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { z } from "zod";
import type { ArchivedEvent } from "./archive.ts";
import { makeBloom } from "./bloom.ts";

/** Fields whose values a frame's filter knows. */
export const FILTERED_FIELDS = [
  "host.name",
  "user.name",
  "source.ip",
  "destination.ip",
  "event.code",
  "process.executable",
  "observer.name",
  "dns.question.name",
] as const;

const FRAME_BYTES_MAX = 256 * 1024 * 1024;

const lineSchema = z.tuple([
  z.string(),
  z.number(),
  z.string(),
  z.record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.array(z.number())]),
  ),
]);

export interface EncodedFrame {
  readonly bytes: Uint8Array;
  readonly events: number;
  readonly minTime: number;
  readonly maxTime: number;
  readonly filter: Uint8Array;
}

/** @param events at least one, all of one data class and hour */
export function encodeFrame(events: readonly ArchivedEvent[]): EncodedFrame {
  const terms = new Set<string>();
  let text = "";
  let minTime = Infinity;
  let maxTime = -Infinity;
  for (const event of events) {
    text += `${JSON.stringify([event.id, event.time, event.source, event.document])}\n`;
    minTime = Math.min(minTime, event.time);
    maxTime = Math.max(maxTime, event.time);
    terms.add(idTerm(event.id));
    for (const field of FILTERED_FIELDS) {
      const value = event.document[field];
      if (value === undefined) continue;
      for (const one of Array.isArray(value) ? value : [value])
        terms.add(fieldTerm(field, String(one)));
    }
  }
  return {
    bytes: zstdCompressSync(text),
    events: events.length,
    minTime: Math.floor(minTime),
    maxTime: Math.ceil(maxTime),
    filter: makeBloom(terms),
  };
}

/** Term of an event id in a frame's filter. */
export function idTerm(id: string): string {
  return `id\u0000${id}`;
}

/** Term of a field's value in a frame's filter; upper and lower case are the same. */
export function fieldTerm(field: string, value: string): string {
  return `${field}\u0000${value.toLowerCase()}`;
}

/**
 * The events of a frame; `keep` sees each line before it is parsed.
 * @throws whatever zstd, JSON or the schema find wrong with damaged bytes
 */
export function decodeFrame(
  bytes: Uint8Array,
  dataClass: string,
  keep: (line: string) => boolean,
): ArchivedEvent[] {
  const text = zstdDecompressSync(bytes, { maxOutputLength: FRAME_BYTES_MAX }).toString("utf8");
  const events: ArchivedEvent[] = [];
  let from = 0;
  for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", from)) {
    const line = text.slice(from, end);
    from = end + 1;
    if (!keep(line)) continue;
    const [id, time, source, document] = lineSchema.parse(JSON.parse(line));
    events.push({ id, time, source, dataClass, document });
  }
  return events;
}
