// The state of the metric detector in bytes: every piece stands for itself and holds whole entries, so that
// a hundred thousand series never lie in memory a second time as one block.
//
//   head: version 1 byte, number of the piece 4, pieces in all 4, lookedAt 8, evicted series 4, hosts 4,
//         check sum of what follows 4
//   entries: length 4, kind 1 (series 0, host 1), texts, numbers as they lie in memory
import { AppError } from "../../config/errors.ts";
import { createTail, type TailOptions } from "../anomaly/tail.ts";
import { readText, skipText, textBytes, writeText } from "../correlation/text-codec.ts";
import { ENTITY_TYPES } from "../detector.ts";
import { createFairTable } from "../fair-table.ts";
import type { RecentTable } from "../network/recent-table.ts";
import { HOST_METRICS_MAX, HOST_NUMBERS } from "./host-model.ts";
import { createSeries, SERIES_BYTES } from "./layout.ts";
import type { NamedSeries } from "./metric-anomaly.ts";
import type { Host, MetricOptions, MetricState } from "./remembered.ts";

const VERSION = 2;
const PIECE_BYTES_MAX = 1_000_000;
const HEAD_BYTES = 29;
const ENTRY_HEAD_BYTES = 5;
const SERIES_KIND = 0;
const HOST_KIND = 1;
/** Key, id of the last event, source, metrics. */
const HOST_TEXTS = 3 + HOST_METRICS_MAX;

/** The state in pieces under 1 MiB. */
export function writeState({ series, hosts, lookedAt }: MetricState): readonly Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (const [key, named] of series.entries()) entries.push(seriesEntry(key, named));
  for (const [key, host] of hosts.entries()) entries.push(hostEntry(key, host));
  const groups: Uint8Array[][] = [[]];
  let bytes = HEAD_BYTES;
  for (const entry of entries) {
    if (bytes + entry.length > PIECE_BYTES_MAX) {
      groups.push([]);
      bytes = HEAD_BYTES;
    }
    groups.at(-1)?.push(entry);
    bytes += entry.length;
  }
  return groups.map((group, number) => {
    const length = group.reduce((sum, entry) => sum + entry.length, HEAD_BYTES);
    const piece = new Uint8Array(length);
    const view = new DataView(piece.buffer);
    view.setUint8(0, VERSION);
    view.setUint32(1, number);
    view.setUint32(5, groups.length);
    view.setFloat64(9, lookedAt);
    view.setUint32(17, series.evicted);
    view.setUint32(21, hosts.evicted);
    let at = HEAD_BYTES;
    for (const entry of group) {
      piece.set(entry, at);
      at += entry.length;
    }
    view.setUint32(25, checkSum(piece));
    return piece;
  });
}

/**
 * What `writeState` wrote.
 * @throws AppError HW_STORE_VERSION of another version, HW_STORE_CORRUPT where a piece is missing or damaged
 */
export function readState(
  pieces: readonly Uint8Array[],
  { seriesMax, hostsMax }: MetricOptions,
  tail: Partial<TailOptions>,
): MetricState {
  const series = createFairTable<NamedSeries>(seriesMax);
  const hosts = createFairTable<Host>(hostsMax);
  let lookedAt = 0;
  let evictedSeries = 0;
  let evictedHosts = 0;
  try {
    pieces.forEach((piece, number) => {
      const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
      const version = view.getUint8(0);
      if (version !== VERSION) {
        throw new AppError("HW_STORE_VERSION", `the state of metrics has version ${version}`);
      }
      if (view.getUint32(1) !== number || view.getUint32(5) !== pieces.length) throw damaged();
      if (view.getUint32(25) !== checkSum(piece)) throw damaged();
      lookedAt = view.getFloat64(9);
      evictedSeries = view.getUint32(17);
      evictedHosts = view.getUint32(21);
      for (let at = HEAD_BYTES; at < piece.length; ) {
        const length = view.getUint32(at);
        if (length < ENTRY_HEAD_BYTES || at + length > piece.length) throw damaged();
        const entry = new DataView(piece.buffer, piece.byteOffset + at, length);
        if (entry.getUint8(4) === SERIES_KIND) readSeries(entry, series);
        else readHost(entry, hosts, tail);
        at += length;
      }
    });
  } catch (cause) {
    if (cause instanceof RangeError) throw damaged(cause);
    throw cause;
  }
  series.evicted += evictedSeries;
  hosts.evicted += evictedHosts;
  return { series, hosts, lookedAt };
}

function seriesEntry(key: string, { entity, metric, source, series }: NamedSeries): Uint8Array {
  const texts = [key, entity.type, entity.value, metric, source];
  return entryOf(SERIES_KIND, texts, new Uint8Array(series.numbers.buffer));
}

function readSeries(entry: DataView, into: RecentTable<NamedSeries>): void {
  const { texts, numbers } = contentOf(entry, 5);
  const [key = "", typeName = "", value = "", metric = "", source = ""] = texts;
  const type = ENTITY_TYPES.find((one) => one === typeName);
  if (type === undefined || numbers.length !== SERIES_BYTES) throw damaged();
  const entity = { type, value };
  into.set(key, { entity, metric, source, series: createSeries(numbers.buffer) });
}

function hostEntry(key: string, host: Host): Uint8Array {
  const { numbers, metrics, tail, from, quietUntil, last } = host;
  const rest = [from, quietUntil, last.time, metrics.length, ...numbers, ...tail.state()];
  const texts = [key, last.id, host.source, ...metrics];
  while (texts.length < HOST_TEXTS) texts.push("");
  return entryOf(HOST_KIND, texts, new Uint8Array(Float64Array.from(rest).buffer));
}

function readHost(entry: DataView, into: RecentTable<Host>, tail: Partial<TailOptions>): void {
  const { texts, numbers: bytes } = contentOf(entry, HOST_TEXTS);
  const [key = "", id = "", source = "", ...metrics] = texts;
  const all = new Float64Array(bytes.buffer);
  const [from = 0, quietUntil = 0, time = 0, count = 0] = all;
  into.set(key, {
    source,
    numbers: all.slice(4, 4 + HOST_NUMBERS),
    metrics: metrics.slice(0, count),
    tail: createTail(tail, all.subarray(4 + HOST_NUMBERS)),
    ...{ from, quietUntil, last: { id, time, rule: 0 } },
  });
}

function entryOf(kind: number, texts: readonly string[], numbers: Uint8Array): Uint8Array {
  const length = texts.reduce((sum, text) => sum + textBytes(text), ENTRY_HEAD_BYTES);
  const entry = new Uint8Array(length + numbers.length);
  const view = new DataView(entry.buffer);
  view.setUint32(0, entry.length);
  view.setUint8(4, kind);
  let at = ENTRY_HEAD_BYTES;
  for (const text of texts) at = writeText(view, at, text);
  entry.set(numbers, at);
  return entry;
}

/** Texts and the bytes behind them, as a block of their own. */
function contentOf(
  entry: DataView,
  textCount: number,
): { readonly texts: readonly string[]; readonly numbers: Uint8Array<ArrayBuffer> } {
  const texts: string[] = [];
  let at = ENTRY_HEAD_BYTES;
  for (let count = 0; count < textCount; count += 1) {
    texts.push(readText(entry, at));
    at = skipText(entry, at);
  }
  const { buffer, byteOffset, byteLength } = entry;
  return { texts, numbers: new Uint8Array(buffer, byteOffset + at, byteLength - at).slice() };
}

/** FNV-1a, 32 bits, of all entries of a piece. */
function checkSum(piece: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let at = HEAD_BYTES; at < piece.length; at += 1) {
    hash = Math.imul(hash ^ (piece[at] ?? 0), 0x01000193);
  }
  return hash >>> 0;
}

function damaged(cause?: unknown): AppError {
  return new AppError("HW_STORE_CORRUPT", "the state of metrics is damaged", { cause });
}
