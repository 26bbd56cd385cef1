// How the embedded bus lays many records into one row: frames one after the other, compressed with
// zstd, sealed for topics with clear text, and guarded by a checksum. No I/O here.
import { crc32, constants as zlib, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { AppError } from "../../config/errors.ts";
import type { IncomingRecord, OutgoingRecord, Sealer } from "./bus.ts";

/** A record with its place in the row: offset − the row's first offset. */
export interface RowRecord extends OutgoingRecord {
  readonly delta: number;
}

/** A row as it is stored. */
export interface EncodedRow {
  readonly data: Uint8Array;
  /** CRC-32 of `data`: tells damage on disk from a wrong key. */
  readonly checksum: number;
}

/** What reading a row needs to know besides its bytes. */
export interface StoredRow extends EncodedRow {
  readonly partition: number;
  readonly base: number;
  readonly appendedAt: number;
  /** Bytes before compression. */
  readonly plainBytes: number;
  readonly sealed: boolean;
}

const HEADER_BYTES = 16;
const NO_KEY = 0xffffffff;
const COMPRESS_FROM_BYTES = 200;
/** The least that zlib takes. */
const CHUNK_BYTES_MIN = 64;
const PLAIN = 0;
const ZSTD = 1;
const zstdOptions = { params: { [zlib.ZSTD_c_compressionLevel]: 1 } };
const textDecoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Bytes that one record takes before compression; what back pressure and retention count. */
export function recordBytes(record: OutgoingRecord): number {
  const headers = record.headers === undefined ? 0 : headersText(record.headers).length;
  return HEADER_BYTES + (record.key?.length ?? 0) + headers + record.value.length;
}

/** @throws what the sealer throws */
export function encodeRow(
  records: readonly RowRecord[],
  tenant: string,
  sealer: Sealer | undefined,
): EncodedRow & { readonly plainBytes: number } {
  const frames = Buffer.concat(records.flatMap(frameOf));
  const packed =
    frames.length < COMPRESS_FROM_BYTES
      ? Buffer.concat([Buffer.of(PLAIN), frames])
      : Buffer.concat([Buffer.of(ZSTD), zstdCompressSync(frames, zstdOptions)]);
  const data = sealer === undefined ? packed : sealer.seal(tenant, packed);
  return { data, checksum: crc32(data), plainBytes: frames.length };
}

/** Whether the row's bytes are those that were written. */
export function isIntact(row: EncodedRow): boolean {
  return crc32(row.data) === row.checksum;
}

/** @throws what the sealer throws; RangeError or zlib errors on bytes that `encodeRow` did not write */
export function decodeRow(
  row: StoredRow,
  tenant: string,
  sealer: Sealer | undefined,
): IncomingRecord[] {
  const packed = row.sealed ? unseal(row.data, tenant, sealer) : row.data;
  const body = packed.subarray(1);
  const frames =
    packed[0] === ZSTD
      ? zstdDecompressSync(body, {
          maxOutputLength: Math.max(1, row.plainBytes),
          // In one piece: by default it comes in pieces of 16 KiB that are joined again.
          chunkSize: Math.max(CHUNK_BYTES_MIN, row.plainBytes),
        })
      : body;
  const view = new DataView(frames.buffer, frames.byteOffset, frames.byteLength);
  const records: IncomingRecord[] = [];
  for (let at = 0; at < frames.length; ) {
    const keyBytes = view.getUint32(at + 4);
    const headersAt = at + HEADER_BYTES + (keyBytes === NO_KEY ? 0 : keyBytes);
    const valueAt = headersAt + view.getUint32(at + 8);
    const end = valueAt + view.getUint32(at + 12);
    const slice = (from: number, to: number) =>
      new Uint8Array(frames.buffer, frames.byteOffset + from, to - from);
    records.push({
      partition: row.partition,
      offset: row.base + view.getUint32(at),
      key:
        keyBytes === NO_KEY ? undefined : textDecoder.decode(slice(at + HEADER_BYTES, headersAt)),
      headers: valueAt === headersAt ? NO_HEADERS : readHeaders(slice(headersAt, valueAt)),
      value: slice(valueAt, end),
      appendedAt: row.appendedAt,
    });
    at = end;
  }
  return records;
}

function unseal(data: Uint8Array, tenant: string, sealer: Sealer | undefined): Uint8Array {
  if (sealer !== undefined) return sealer.open(tenant, data);
  throw new AppError("HW_DECRYPT_FAILED", "the topic is sealed and no keys were given");
}

function frameOf(record: RowRecord): Uint8Array[] {
  const key = record.key === undefined ? undefined : Buffer.from(record.key);
  const headers = Buffer.from(record.headers === undefined ? "" : headersText(record.headers));
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt32BE(record.delta, 0);
  header.writeUInt32BE(key?.length ?? NO_KEY, 4);
  header.writeUInt32BE(headers.length, 8);
  header.writeUInt32BE(record.value.length, 12);
  return key === undefined ? [header, headers, record.value] : [header, key, headers, record.value];
}

function headersText(headers: Readonly<Record<string, string>>): string {
  return JSON.stringify(headers);
}

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});

function readHeaders(bytes: Uint8Array): Readonly<Record<string, string>> {
  // The bytes are what `headersText` wrote of exactly this type; the checksum guards them.
  return JSON.parse(textDecoder.decode(bytes)) as Record<string, string>;
}
