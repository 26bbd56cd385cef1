// How records of ours lie in Kafka: each as it is, or many of them compressed and sealed together in one
// value, with keys and headers, guarded by a checksum so that damage can be told from a wrong key. Sealing
// one by one would cost more than all else that is done with a record, and leave nothing to compress.
import { crc32 } from "node:zlib";
import type { RecordToSend, StoredRecord } from "../kafka/wire.ts";
import type { IncomingRecord, OutgoingRecord, Sealer } from "./bus.ts";
import { decodeRow, encodeRow, recordBytes } from "./row-codec.ts";

/** First byte of a sealed value: version of its layout. */
const SEALED = 2;
/** Version, checksum, bytes before compression, number of records. */
const SEALED_HEADER_BYTES = 11;
/** Records that are sealed together, at most, and their bytes before compression, unless one has more. */
const PACK_RECORDS_MAX = 512;
const PACK_BYTES_MAX = 512 * 1024;
/** Offsets of a sealed topic's records are this far apart from one pack to the next. */
const PACK_OFFSETS = 4096;
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

/** Offsets per record of Kafka, in what the port calls an offset. */
export function offsetsPerRecord(form: RecordForm): number {
  return form.sealer === undefined ? 1 : PACK_OFFSETS;
}

/** The records of one partition as they are sent. @throws what the sealer throws */
export function encodeRecords(
  records: readonly OutgoingRecord[],
  form: RecordForm,
): RecordToSend[] {
  if (form.sealer === undefined) return records.map((one) => encodePlain(one, form));
  return packsOf(records).map((pack) => ({
    ...{ key: undefined, headers: [] },
    value: seal(pack, form),
  }));
}

/**
 * The records as they were published; undefined where the bytes are not what `encodeRecords` wrote.
 * @throws AppError HW_DECRYPT_FAILED when the keys at hand don't open them
 */
export function decodeStored(
  stored: StoredRecord,
  partition: number,
  form: RecordForm,
): readonly IncomingRecord[] | undefined {
  if (form.sealer !== undefined) return unseal(stored, partition, form);
  const { offset, timestamp, key, value = NO_VALUE, headers } = stored;
  return [
    {
      partition,
      offset,
      key: key === undefined ? undefined : decoder.decode(key),
      value,
      headers:
        headers.length === 0
          ? NO_HEADERS
          : Object.fromEntries(headers.map(([name, text]) => [name, decoder.decode(text)])),
      appendedAt: timestamp,
    },
  ];
}

/** How many records of ours one of Kafka's holds, without opening it. */
export function recordsIn({ value }: Pick<RecordToSend, "value">, form: RecordForm): number {
  if (form.sealer === undefined) return 1;
  if (value === undefined || value.length < SEALED_HEADER_BYTES) return 1;
  return new DataView(value.buffer, value.byteOffset).getUint16(9);
}

/** Bytes that a record takes in Kafka before compression, about. */
export function storedBytes({ key, value, headers }: RecordToSend): number {
  let bytes = 16 + (key?.length ?? 0) + (value?.length ?? 0);
  for (const [name, text] of headers) bytes += 4 + name.length * 3 + text.length;
  return bytes;
}

function encodePlain({ key, value, headers }: OutgoingRecord, form: RecordForm): RecordToSend {
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

function packsOf(records: readonly OutgoingRecord[]): OutgoingRecord[][] {
  const packs: OutgoingRecord[][] = [];
  let pack: OutgoingRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const own = recordBytes(record);
    if (pack.length === PACK_RECORDS_MAX || (pack.length > 0 && bytes + own > PACK_BYTES_MAX)) {
      packs.push(pack);
      pack = [];
      bytes = 0;
    }
    pack.push(record);
    bytes += own;
  }
  if (pack.length > 0) packs.push(pack);
  return packs;
}

function seal(pack: readonly OutgoingRecord[], { tenant, sealer }: RecordForm): Uint8Array {
  const row = encodeRow(
    pack.map((record, delta) => ({ ...record, delta })),
    tenant,
    sealer,
  );
  const header = Buffer.alloc(SEALED_HEADER_BYTES);
  header.writeUInt8(SEALED, 0);
  header.writeUInt32BE(row.checksum, 1);
  header.writeUInt32BE(row.plainBytes, 5);
  header.writeUInt16BE(pack.length, 9);
  return Buffer.concat([header, row.data]);
}

function unseal(
  stored: StoredRecord,
  partition: number,
  { tenant, sealer }: RecordForm,
): IncomingRecord[] | undefined {
  const { value = NO_VALUE, offset, timestamp } = stored;
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  if (value.length < SEALED_HEADER_BYTES || view.getUint8(0) !== SEALED) return undefined;
  const data = value.subarray(SEALED_HEADER_BYTES);
  const checksum = view.getUint32(1);
  if (crc32(data) !== checksum) return undefined;
  const place = { partition, base: offset * PACK_OFFSETS, appendedAt: timestamp };
  const row = { ...place, data, checksum, plainBytes: view.getUint32(5), sealed: true };
  return decodeRow(row, tenant, sealer);
}
