// A frame: events as compressed lines of JSON. Frames stand one after the other in a segment file; each
// is an independent zstd frame with a checksum of its own, so that a damaged one costs only itself, and
// `zstd -dc` shows a whole file. Compression runs beside the event loop.
import { promisify } from "node:util";
import { crc32, constants as zlib, zstdCompress, zstdDecompress } from "node:zlib";
import type { ArchivedEvent } from "./archive.ts";
import { makeBloom } from "./bloom.ts";
import type { Frame } from "./catalogue.ts";

/** Fields whose values the filters know. */
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

/** A frame ends at these limits. */
const FRAME_EVENTS_MAX = 4096;
const FRAME_CHARS_MAX = 4 * 1024 * 1024;

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

export interface EncodedFrame extends Omit<Frame, "offset"> {
  readonly bytes: Uint8Array;
}

/** Lines of events on their way into frames, with what the filters have to know of them. */
export class FrameWriter {
  readonly #level: number;
  #lines: string[] = [];
  #chars = 0;
  #terms = new Set<string>();
  #minTime = Number.POSITIVE_INFINITY;
  #maxTime = Number.NEGATIVE_INFINITY;

  /** @param level of zstd, 1 … 22 */
  constructor(level: number) {
    this.#level = level;
  }

  get full(): boolean {
    return this.#lines.length >= FRAME_EVENTS_MAX || this.#chars >= FRAME_CHARS_MAX;
  }

  add(event: ArchivedEvent): void {
    const line = JSON.stringify([event.id, event.time, event.source, event.document]);
    this.#lines.push(line);
    this.#chars += line.length;
    this.#minTime = Math.min(this.#minTime, Math.floor(event.time));
    this.#maxTime = Math.max(this.#maxTime, Math.ceil(event.time));
    this.#terms.add(idTerm(event.id));
    for (const term of fieldTermsOf(event)) this.#terms.add(term);
  }

  /** The frame of what was added since the last time; undefined when that is nothing. */
  async take(): Promise<EncodedFrame | undefined> {
    const events = this.#lines.length;
    if (events === 0) return undefined;
    const plain = Buffer.from(`${this.#lines.join("\n")}\n`);
    const [minTime, maxTime] = [this.#minTime, this.#maxTime];
    const filter = makeBloom(this.#terms);
    this.#lines = [];
    this.#chars = 0;
    this.#terms = new Set();
    this.#minTime = Number.POSITIVE_INFINITY;
    this.#maxTime = Number.NEGATIVE_INFINITY;
    const options = { params: { [zlib.ZSTD_c_compressionLevel]: this.#level } };
    const bytes = await compress(plain, options);
    const sizes = { length: bytes.length, plainBytes: plain.length, checksum: crc32(bytes) };
    return { bytes, ...sizes, events, minTime, maxTime, filter };
  }
}

/** Term of an event id in a frame's filter. */
export function idTerm(id: string): string {
  return `id\u0000${id}`;
}

/** Term of a field's value in a filter; upper and lower case are the same. */
export function fieldTerm(field: string, value: string): string {
  return `${field}\u0000${value.toLowerCase()}`;
}

export function fieldTermsOf(event: ArchivedEvent): string[] {
  return FILTERED_FIELDS.flatMap((field) => {
    const value = event.document[field];
    if (value === undefined) return [];
    return [value].flat().map((one) => fieldTerm(field, String(one)));
  });
}

/**
 * The events of a frame; `keep` sees each line before it is parsed.
 * @throws Error when the bytes are not those that were written
 */
export async function decodeFrame(
  bytes: Uint8Array,
  frame: Pick<Frame, "checksum" | "plainBytes">,
  dataClass: string,
  keep: (line: string) => boolean,
): Promise<ArchivedEvent[]> {
  if (crc32(bytes) !== frame.checksum) throw new Error("wrong checksum");
  const plain = await decompress(bytes, { maxOutputLength: Math.max(1, frame.plainBytes) });
  const text = plain.toString("utf8");
  const events: ArchivedEvent[] = [];
  let from = 0;
  for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", from)) {
    const line = text.slice(from, end);
    from = end + 1;
    if (keep(line)) events.push(readLine(line, dataClass));
  }
  return events;
}

function readLine(line: string, dataClass: string): ArchivedEvent {
  // The line is what `FrameWriter.add` wrote; the checksum has just been seen to fit.
  const [id, time, source, document] = JSON.parse(line) as [
    string,
    number,
    string,
    ArchivedEvent["document"],
  ];
  return { id, time, source, dataClass, document };
}
