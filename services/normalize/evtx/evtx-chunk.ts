// Reads one chunk of an event log: checks its checksums, goes from record to record, and passes over
// what is damaged. Format: libyal's description of the Windows XML Event Log, sections 3 and 4.
import { crc32 } from "node:zlib";
import { AppError, isAppError } from "../../../config/errors.ts";
import { type ChunkBytes, createChunkBytes } from "./chunk-bytes.ts";
import { CHUNK_BYTES } from "./damage.ts";
import { EventReader } from "./event-reader.ts";

/** One event of a log. */
interface EvtxRecord {
  /** JSON object in the layout of `windows-flat`. */
  readonly text: string;
  /** Of the record in the file. */
  readonly offset: number;
}

/** What a part of a log held. */
export interface EvtxBatch {
  readonly records: EvtxRecord[];
  /** HW_PARSE_FAILED or HW_INPUT_TOO_LARGE, place `file:chunk@offset` or `file:chunk@offset:record@offset`. */
  readonly faults: AppError[];
}

export interface ChunkReader {
  /** The buffer that takes the chunk before `read`. */
  readonly bytes: Buffer;
  /**
   * @param length bytes of the chunk that are there: fewer than a chunk at the end of a cut file
   * @param offset of the chunk in the file
   * @param isOpen the log was not closed: its last records may be missing from checksums and counts
   * @param isCounted the file's header knows of the chunk
   */
  read(length: number, offset: number, isOpen: boolean, isCounted: boolean): EvtxBatch;
}

const HEADER_BYTES = 512;
const CHECKED_HEADER_BYTES = 120;
/** Flags of a chunk; they are not under its checksum. 1 is set in closed logs, too, and says nothing. */
const FLAGS_OFFSET = 120;
const NO_CHECKSUMS = 4;
const RECORD_HEAD_BYTES = 24;
const RECORD_BYTES_MIN = RECORD_HEAD_BYTES + 4;
const CHUNK_MAGIC = Buffer.from("ElfChnk\0");
const RECORD_MAGIC = 0x00_00_2a_2a;
const RECORD_MAGIC_BYTES = Buffer.from([0x2a, 0x2a, 0, 0]);
const EMPTY_CHUNK = Buffer.alloc(CHUNK_BYTES);
/** More faults of one chunk are counted only. */
const FAULTS_TOLD_MAX = 10;

/** @param place what errors name: the file */
export function createChunkReader(place: string): ChunkReader {
  const chunk = createChunkBytes();
  const events = new EventReader(chunk);
  return {
    bytes: chunk.bytes,
    read(length, offset, isOpen, isCounted) {
      const batch: EvtxBatch = { records: [], faults: [] };
      // Logs grow by more than they need at once.
      const isEmpty = chunk.bytes.compare(EMPTY_CHUNK, 0, length, 0, length) === 0;
      if (isEmpty && !isCounted) return batch;
      const chunkPlace = `${place}:chunk@${offset}`;
      const fault = faultOf(chunk.bytes, length, isOpen);
      if (fault !== undefined) {
        batch.faults.push(new AppError("HW_PARSE_FAILED", fault.reason, { place: chunkPlace }));
        if (!fault.isReadable) return batch;
      }
      chunk.begin(length);
      events.begin();
      let damagedRecords = 0;
      const tell = (error: unknown, at: number): void => {
        if (!isAppError(error)) throw error;
        if (++damagedRecords > FAULTS_TOLD_MAX) return;
        const recordPlace = `${chunkPlace}:record@${offset + at}`;
        batch.faults.push(new AppError(error.code, error.message, { place: recordPlace }));
      };
      for (const { at, size } of recordsOf(chunk, isOpen, tell)) {
        try {
          const text = events.read(at + RECORD_HEAD_BYTES, at + size - 4);
          batch.records.push({ text, offset: offset + at });
        } catch (error) {
          tell(error, at);
          if (isAppError(error, "HW_INPUT_TOO_LARGE")) break;
        }
      }
      if (damagedRecords > FAULTS_TOLD_MAX) {
        const more = `${damagedRecords - FAULTS_TOLD_MAX} more damaged events`;
        batch.faults.push(new AppError("HW_PARSE_FAILED", more, { place: chunkPlace }));
      }
      return batch;
    },
  };
}

/** What is wrong with a chunk, and whether its records can be read all the same. */
function faultOf(
  bytes: Buffer,
  length: number,
  isOpen: boolean,
): { readonly reason: string; readonly isReadable: boolean } | undefined {
  if (length < HEADER_BYTES) return { reason: "the file ends within a chunk", isReadable: false };
  if (bytes.compare(CHUNK_MAGIC, 0, 8, 0, 8) !== 0) {
    return { reason: "damaged chunk: it does not begin as one", isReadable: false };
  }
  const isChecked = (bytes.readUInt32LE(FLAGS_OFFSET) & NO_CHECKSUMS) === 0;
  const head = crc32(bytes.subarray(0, CHECKED_HEADER_BYTES));
  if (isChecked && crc32(bytes.subarray(128, HEADER_BYTES), head) !== bytes.readUInt32LE(124)) {
    return { reason: "damaged chunk: the checksum of its header is wrong", isReadable: isOpen };
  }
  if (length < CHUNK_BYTES) return { reason: "the file ends within a chunk", isReadable: true };
  const free = bytes.readUInt32LE(48);
  const isWhole = free >= HEADER_BYTES && free <= length;
  if (
    !isChecked ||
    (isWhole && crc32(bytes.subarray(HEADER_BYTES, free)) === bytes.readUInt32LE(52))
  ) {
    return undefined;
  }
  return { reason: "damaged chunk: the checksum of its events is wrong", isReadable: isOpen };
}

/** Where the records of a chunk lie; passes over what is none and tells of it. */
function* recordsOf(
  chunk: ChunkBytes,
  isOpen: boolean,
  tell: (error: AppError, at: number) => void,
): Generator<{ readonly at: number; readonly size: number }> {
  const { bytes, view, end } = chunk;
  const free = view.getUint32(48, true);
  const listed = free >= HEADER_BYTES && free <= end ? free : end;
  let at = HEADER_BYTES;
  let lastId: bigint | undefined;
  while (at < listed) {
    const size = sizeOfRecord(view, at, end);
    if (size !== undefined) {
      yield { at, size };
      lastId = view.getBigUint64(at + 8, true);
      at += size;
      continue;
    }
    // A sound chunk has records up to its free space; of a cut or open one nobody knows the end.
    const next = nextRecord(bytes, view, at + 1, listed);
    const isTail = next === undefined && (listed === end || isOpen);
    if (!isTail) {
      tell(new AppError("HW_PARSE_FAILED", "damaged event: no record begins here"), at);
    }
    if (next === undefined) return;
    at = next;
  }
  // In a log that is being written more records may stand behind those that the header knows.
  while (isOpen && lastId !== undefined) {
    const size = sizeOfRecord(view, at, end);
    if (size === undefined || view.getBigUint64(at + 8, true) !== lastId + 1n) return;
    yield { at, size };
    lastId++;
    at += size;
  }
}

/** Length of the record at a place, when it is one: its length stands at its end too. */
function sizeOfRecord(view: DataView, at: number, end: number): number | undefined {
  if (at + RECORD_BYTES_MIN > end || view.getUint32(at, true) !== RECORD_MAGIC) return undefined;
  const size = view.getUint32(at + 4, true);
  const isWhole = size >= RECORD_BYTES_MIN && at + size <= end;
  return isWhole && view.getUint32(at + size - 4, true) === size ? size : undefined;
}

function nextRecord(bytes: Buffer, view: DataView, from: number, end: number): number | undefined {
  for (let at = bytes.indexOf(RECORD_MAGIC_BYTES, from); at >= 0 && at < end; ) {
    if (sizeOfRecord(view, at, end) !== undefined) return at;
    at = bytes.indexOf(RECORD_MAGIC_BYTES, at + 1);
  }
  return undefined;
}
