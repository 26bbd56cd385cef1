// How a record of ours lies in Kafka: as it is, or sealed with key and headers inside one value, guarded by a
// checksum so that damage can be told from a wrong key.
import { crc32 } from "node:zlib";
import type { RecordToSend, StoredRecord } from "../kafka/wire.ts";
import type { IncomingRecord, OutgoingRecord, Sealer } from "./bus.ts";
import { decodeRow, encodeRow } from "./row-codec.ts";

/** First byte of a sealed value: version of its layout. */
const SEALED = 1;
const SEALED_HEADER_BYTES = 9;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const NO_VALUE = new Uint8Array();
const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});

/** What the records of one topic are kept as. */
export interface RecordForm {
  readonly tenant: string;
  readonly compacted: boolean;
  readonly sealer: Sealer | undefined;
}

/** @throws what the sealer throws */
export function encodeRecord(record: OutgoingRecord, form: RecordForm): RecordToSend {
  if (form.sealer !== undefined) return { key: undefined, value: seal(record, form), headers: [] };
  const { key, value, headers } = record;
  return {
    key: key === undefined ? undefined : encoder.encode(key),
    // Kafka deletes the key of a null value; an empty one would stay.
    value: form.compacted && value.length === 0 ? undefined : value,
    headers:
      headers === undefined
        ? []
        : Object.entries(headers).map(([name, text]) => [name, encoder.encode(text)]),
  };
}

/**
 * The record as it was published; undefined where the bytes are not what `encodeRecord` wrote.
 * @throws AppError HW_DECRYPT_FAILED when the keys at hand don't open it
 */
export function decodeRecord(
  stored: StoredRecord,
  partition: number,
  form: RecordForm,
): IncomingRecord | undefined {
  if (form.sealer !== undefined) return unseal(stored, partition, form);
  const { offset, timestamp, key, value = NO_VALUE, headers } = stored;
  return {
    partition,
    offset,
    key: key === undefined ? undefined : decoder.decode(key),
    value,
    headers:
      headers.length === 0
        ? NO_HEADERS
        : Object.fromEntries(headers.map(([name, text]) => [name, decoder.decode(text)])),
    appendedAt: timestamp,
  };
}

/** Bytes that a record takes in Kafka before compression, about. */
export function storedBytes({ key, value, headers }: RecordToSend): number {
  let bytes = 16 + (key?.length ?? 0) + (value?.length ?? 0);
  for (const [name, text] of headers) bytes += 4 + name.length * 3 + text.length;
  return bytes;
}

function seal(record: OutgoingRecord, { tenant, sealer }: RecordForm): Uint8Array {
  const row = encodeRow([{ ...record, delta: 0 }], tenant, sealer);
  const header = Buffer.alloc(SEALED_HEADER_BYTES);
  header.writeUInt8(SEALED, 0);
  header.writeUInt32BE(row.checksum, 1);
  header.writeUInt32BE(row.plainBytes, 5);
  return Buffer.concat([header, row.data]);
}

function unseal(
  stored: StoredRecord,
  partition: number,
  { tenant, sealer }: RecordForm,
): IncomingRecord | undefined {
  const { value = NO_VALUE, offset, timestamp } = stored;
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  if (value.length < SEALED_HEADER_BYTES || view.getUint8(0) !== SEALED) return undefined;
  const data = value.subarray(SEALED_HEADER_BYTES);
  const checksum = view.getUint32(1);
  if (crc32(data) !== checksum) return undefined;
  const place = { partition, base: offset, appendedAt: timestamp };
  const row = { ...place, data, checksum, plainBytes: view.getUint32(5), sealed: true };
  return decodeRow(row, tenant, sealer)[0];
}
