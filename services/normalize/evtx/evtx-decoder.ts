// Takes apart a Windows event log (.evtx) that comes in pieces of any size, chunk by chunk: memory does
// not grow with the file. What is damaged costs no more than the chunk that it lies in.
// Format: libyal's description of the Windows XML Event Log, section 2.
import { crc32 } from "node:zlib";
import { AppError } from "../../../config/errors.ts";
import { CHUNK_BYTES } from "./damage.ts";
import { createChunkReader, type EvtxBatch } from "./evtx-chunk.ts";

/** What every event log begins with. */
export const EVTX_MAGIC = Buffer.from("ElfFile\0");

export interface EvtxDecoder {
  /** The events of the chunks that these bytes complete. */
  push(bytes: Buffer): EvtxBatch;
  /** What the cut last chunk of a truncated file still holds, with its faults. */
  end(): EvtxBatch;
}

const HEADER_BYTES = 4096;
const CHECKED_HEADER_BYTES = 120;
/** Flags of a log: it was not closed; it has no checksums. They are not under the checksum. */
const FLAGS_OFFSET = 120;
const DIRTY = 1;
const NO_CHECKSUMS = 4;
const MAJOR_VERSION = 3;

/** @param place what errors name: the file */
export function createEvtxDecoder(place: string): EvtxDecoder {
  const chunk = createChunkReader(place);
  const header = Buffer.alloc(HEADER_BYTES);
  let position = 0;
  /** Bytes of the chunk at hand that are there. */
  let filled = 0;
  let isOpen = false;
  let chunksRead = 0;
  let chunksCounted = 0;

  const readHeader = (batch: EvtxBatch): void => {
    const fault = faultOfHeader(header);
    // Chunks stand for themselves; without its header a log is read as one that was not closed.
    isOpen = fault !== undefined || (header.readUInt32LE(FLAGS_OFFSET) & DIRTY) !== 0;
    chunksCounted = isOpen ? 0 : header.readUInt16LE(42);
    if (fault !== undefined) batch.faults.push(new AppError("HW_PARSE_FAILED", fault, { place }));
  };
  const readChunk = (batch: EvtxBatch): void => {
    const isCounted = chunksRead++ < chunksCounted;
    const part = chunk.read(filled, position - filled, isOpen, isCounted);
    filled = 0;
    for (const record of part.records) batch.records.push(record);
    for (const fault of part.faults) batch.faults.push(fault);
  };

  return {
    push(bytes) {
      const batch: EvtxBatch = { records: [], faults: [] };
      let at = 0;
      while (at < bytes.length) {
        const isHeader = position < HEADER_BYTES;
        const target = isHeader ? header : chunk.bytes;
        const start = isHeader ? position : filled;
        const copied = bytes.copy(target, start, at);
        at += copied;
        position += copied;
        if (isHeader) {
          if (position === HEADER_BYTES) readHeader(batch);
        } else {
          filled += copied;
          if (filled === CHUNK_BYTES) readChunk(batch);
        }
      }
      return batch;
    },
    end() {
      const batch: EvtxBatch = { records: [], faults: [] };
      if (position < HEADER_BYTES) {
        const reason = "the file ends within its header";
        batch.faults.push(new AppError("HW_PARSE_FAILED", reason, { place }));
      } else {
        if (filled > 0) readChunk(batch);
        if (chunksRead < chunksCounted) {
          const reason = `the file ends after ${chunksRead} of ${chunksCounted} chunks`;
          batch.faults.push(new AppError("HW_PARSE_FAILED", reason, { place }));
        }
      }
      return batch;
    },
  };
}

function faultOfHeader(header: Buffer): string | undefined {
  if (header.compare(EVTX_MAGIC, 0, 8, 0, 8) !== 0) return "this is no Windows event log";
  const isChecked = (header.readUInt32LE(FLAGS_OFFSET) & NO_CHECKSUMS) === 0;
  if (isChecked && crc32(header.subarray(0, CHECKED_HEADER_BYTES)) !== header.readUInt32LE(124)) {
    return "damaged header: its checksum is wrong";
  }
  const major = header.readUInt16LE(38);
  return major === MAJOR_VERSION ? undefined : `unknown version ${major} of event logs`;
}
