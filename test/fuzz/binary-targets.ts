// What the fuzzer tries of binary logs: event logs whose checksums are right again after they were
// spoiled, and journal exports in pieces.
import assert from "node:assert/strict";
import { isAppError } from "../../config/errors.ts";
import { createEvtxDecoder } from "../../services/normalize/evtx/evtx-decoder.ts";
import { createJournalExportDecoder } from "../../services/normalize/journal-export.ts";
import { processCreation, windowsEvent } from "../support/evtx-events.ts";
import { evtxFile, sealChunk } from "../support/evtx-writer.ts";
import { spoilBytes } from "./mutate.ts";
import type { FuzzTarget } from "./targets.ts";

const HEADER_BYTES = 4096;
const CHUNK_BYTES = 65_536;
const RECORDS_START = 512;
const ENTRY_BYTES_MAX = 10_000;
const JOURNAL =
  "__CURSOR=s=1;i=1\n__REALTIME_TIMESTAMP=1795235896123456\nMESSAGE=eins\n\n__CURSOR=s=1;i=2\nMESSAGE\n\u0005\0\0\0\0\0\0\0a\n\nbc\n_PID=1\n\n";

/** All binary targets. */
export function binaryTargets(): FuzzTarget[] {
  const events = Array.from({ length: 20 }, (_, n) => windowsEvent(processCreation(n + 1)));
  const log = evtxFile([events]);
  return [
    {
      name: "evtx",
      make: (chance) => {
        const copy = Buffer.from(log);
        const chunk = copy.subarray(HEADER_BYTES, HEADER_BYTES + CHUNK_BYTES);
        const end = chunk.readUInt32LE(48);
        spoilBytes(chunk, RECORDS_START, end, chance);
        sealChunk(chunk);
        return copy;
      },
      run: (input) => {
        const { records, faults } = createEvtxDecoder("fuzz").push(input);
        for (const { text } of records) assert.equal(typeof JSON.parse(text), "object");
        for (const fault of faults) assert(isAppError(fault));
      },
    },
    {
      name: "journal-export",
      make: (chance) => {
        const copy = Buffer.from(JOURNAL.repeat(1 + chance(5)), "latin1");
        spoilBytes(copy, 0, copy.length, chance);
        return copy;
      },
      run: (input) => {
        const decoder = createJournalExportDecoder({ entryBytesMax: ENTRY_BYTES_MAX });
        try {
          for (let at = 0; at < input.length; at += 7) {
            const entries = decoder.push(input.subarray(at, at + 7));
            for (const text of entries) assert.equal(typeof JSON.parse(text), "object");
          }
          decoder.end();
        } catch (error) {
          if (!isAppError(error)) throw error;
        }
      },
    },
  ];
}
