import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isAppError } from "../../../../config/errors.ts";
import type { EvtxBatch } from "../../../../services/normalize/evtx/evtx-chunk.ts";
import { createEvtxDecoder } from "../../../../services/normalize/evtx/evtx-decoder.ts";
import { headerOf, processCreation, windowsEvent } from "../../../support/evtx-events.ts";
import { evtxFile, sealChunk, VALUE } from "../../../support/evtx-writer.ts";

const HEADER = 4096;
const CHUNK = 65_536;

function decode(file: Buffer, pieceBytes = file.length + 1): EvtxBatch {
  const decoder = createEvtxDecoder("a.evtx");
  const all: EvtxBatch = { records: [], faults: [] };
  const take = (batch: EvtxBatch) => {
    all.records.push(...batch.records);
    all.faults.push(...batch.faults);
  };
  for (let at = 0; at < file.length; at += pieceBytes) {
    take(decoder.push(file.subarray(at, at + pieceBytes)));
  }
  take(decoder.end());
  return all;
}

function idsOf(batch: EvtxBatch): number[] {
  return batch.records.map((record) => JSON.parse(record.text).EventRecordID);
}

function logOf(chunks: readonly number[], options = {}): Buffer {
  let id = 1;
  return evtxFile(
    chunks.map((events) =>
      Array.from({ length: events }, () => windowsEvent(processCreation(id++))),
    ),
    options,
  );
}

/** A copy with changed bytes. */
function changed(file: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(file);
  change(copy);
  return copy;
}

const LOG = logOf([3, 2, 4]);
const chunkOf = (file: Buffer, index: number) =>
  file.subarray(HEADER + index * CHUNK, HEADER + (index + 1) * CHUNK);

describe("event logs", () => {
  it("give every event with header and data side by side, whatever the pieces", () => {
    const event = processCreation(1);
    for (const pieceBytes of [1_000_000, 70_000, 999]) {
      const { records, faults } = decode(LOG, pieceBytes);
      expect(faults).toEqual([]);
      expect(records).toHaveLength(9);
      expect(records[0]?.offset).toBe(HEADER + 512);
      expect(JSON.parse(records[0]?.text ?? "")).toEqual({
        ...headerOf(event),
        RuleName: "-",
        UtcTime: "2026-11-21 04:38:16.632",
        ProcessGuid: "0197231E-9BE6-6934-5301-000000000001",
        ProcessId: 1,
        Image: "C:\\Windows\\System32\\cmd.exe",
        FileVersion: "10.0.26100.2454 (WinBuild.160101.0800)",
        Description: "Windows Command Processor",
        Product: "Microsoft® Windows® Operating System",
        Company: "Microsoft Corporation",
        OriginalFileName: "Cmd.Exe",
        CommandLine: 'C:\\WINDOWS\\system32\\cmd.exe /d /s /c "whoami 1"',
        CurrentDirectory: "C:\\Users\\emustermann\\",
        User: "KREIS\\emustermann",
        LogonGuid: "0197231E-99CA-6934-A8EB-000000000001",
        LogonId: "0x1eba8",
        TerminalSessionId: 1,
        IntegrityLevel: "Medium",
        Hashes: `MD5=352B525E9C26CB92693899528FE007C2,SHA256=${"1F".repeat(32)}`,
        ParentProcessGuid: "0197231E-9B6B-6934-2B01-000000000001",
        ParentProcessId: 1092,
        ParentImage: "C:\\Windows\\explorer.exe",
        ParentCommandLine: "C:\\Windows\\explorer.exe /factory",
        ParentUser: "KREIS\\emustermann",
      });
    }
  });

  const damages: [string, Buffer, number[], [string, string][]][] = [
    [
      "a flipped byte in the events of a chunk",
      changed(LOG, (copy) => copy.writeUInt8(7, HEADER + CHUNK + 1000)),
      [1, 2, 3, 6, 7, 8, 9],
      [["a.evtx:chunk@69632", "the checksum of its events"]],
    ],
    [
      "a flipped byte in a chunk's header",
      changed(LOG, (copy) => copy.writeUInt8(7, HEADER + 50)),
      [4, 5, 6, 7, 8, 9],
      [["a.evtx:chunk@4096", "the checksum of its header"]],
    ],
    [
      "a chunk that does not begin as one",
      changed(LOG, (copy) => copy.write("X", HEADER + 2 * CHUNK)),
      [1, 2, 3, 4, 5],
      [["a.evtx:chunk@135168", "does not begin as one"]],
    ],
    [
      "a chunk that was wiped",
      changed(LOG, (copy) => copy.fill(0, HEADER, HEADER + CHUNK)),
      [4, 5, 6, 7, 8, 9],
      [["a.evtx:chunk@4096", "does not begin as one"]],
    ],
    [
      "a damaged header of the file",
      changed(LOG, (copy) => copy.writeUInt8(9, 20)),
      [1, 2, 3, 4, 5, 6, 7, 8, 9],
      [["a.evtx", "damaged header"]],
    ],
    [
      "an end within a chunk's header",
      LOG.subarray(0, HEADER + CHUNK + 300),
      [1, 2, 3],
      [
        ["a.evtx:chunk@69632", "the file ends within a chunk"],
        ["a.evtx", "the file ends after 2 of 3 chunks"],
      ],
    ],
    [
      "an end between two chunks",
      LOG.subarray(0, HEADER + CHUNK),
      [1, 2, 3],
      [["a.evtx", "the file ends after 1 of 3 chunks"]],
    ],
    [
      "an end within the file's header",
      LOG.subarray(0, 100),
      [],
      [["a.evtx", "within its header"]],
    ],
  ];
  it.each(damages)("lose no more than a chunk by %s", (_name, file, ids, faults) => {
    const batch = decode(file);
    expect(idsOf(batch)).toEqual(ids);
    expect(batch.faults.map((fault) => [fault.code, fault.place, fault.message])).toEqual(
      faults.map(([place, message]) => [
        "HW_PARSE_FAILED",
        place,
        expect.stringContaining(message),
      ]),
    );
  });

  it("keep what is whole of a chunk that is cut off", () => {
    const second = decode(LOG).records[4]?.offset ?? 0;
    const batch = decode(LOG.subarray(0, second + 40));
    expect(idsOf(batch)).toEqual([1, 2, 3, 4]);
    expect(batch.faults.map((fault) => fault.place)).toEqual(["a.evtx:chunk@69632", "a.evtx"]);
  });

  it("lose one event when one is damaged and the chunk is sound", () => {
    const offset = decode(LOG).records[1]?.offset ?? 0;
    const cases: ((copy: Buffer) => void)[] = [
      (copy) => copy.writeUInt8(0x55, offset + 24),
      (copy) => copy.writeUInt32LE(0xffff_fff0, offset + 4),
      (copy) => copy.writeUInt32LE(0, offset),
      (copy) => copy.writeUInt32LE(0x7fff_ffff, offset + 24 + 4 + 10),
    ];
    for (const change of cases) {
      const batch = decode(
        changed(LOG, (copy) => {
          change(copy);
          sealChunk(chunkOf(copy, 0));
        }),
      );
      expect(idsOf(batch)).toEqual([1, 3, 4, 5, 6, 7, 8, 9]);
      expect(batch.faults.map((fault) => fault.place)).toEqual([
        `a.evtx:chunk@4096:record@${offset}`,
      ]);
    }
  });

  it("tell of ten damaged events of a chunk and count the rest", () => {
    const file = logOf([25]);
    for (const { offset } of decode(file).records) file.writeUInt8(0x55, offset + 24);
    sealChunk(chunkOf(file, 0));
    const { records, faults } = decode(file);
    expect(records).toEqual([]);
    expect(faults).toHaveLength(11);
    expect(faults.at(-1)?.message).toBe("15 more damaged events");
  });

  it("are read to their end when they were not closed", () => {
    const open = logOf([3, 4], { dirty: true });
    // The header of the last chunk still stands as it was after its first event.
    const chunk = chunkOf(open, 1);
    const second = (decode(open).records[4]?.offset ?? 0) - HEADER - CHUNK;
    chunk.writeUInt32LE(second, 48);
    sealChunk(chunk);
    const { records, faults } = decode(open);
    expect(faults).toEqual([]);
    expect(records).toHaveLength(7);
    open.writeUInt32LE(0, 120);
    expect(decode(open).records).toHaveLength(4);
  });

  it("are read past old checksums when they were not closed, and say so", () => {
    const open = logOf([3, 4], { dirty: true });
    open.writeUInt8(0x44, HEADER + CHUNK + 52);
    const { records, faults } = decode(open);
    expect(records).toHaveLength(7);
    expect(faults.map((fault) => fault.place)).toEqual(["a.evtx:chunk@69632"]);
  });

  it("are read past checksums where their flags say that there are none", () => {
    const file = changed(LOG, (copy) => {
      for (const at of [0, HEADER, HEADER + CHUNK, HEADER + 2 * CHUNK]) {
        copy.writeUInt32LE(at === 0 ? 4 : 5, at + 120);
        copy.writeUInt32LE(0, at + 124);
      }
      copy.writeUInt32LE(0, HEADER + 52);
    });
    const { records, faults } = decode(file);
    expect([records.length, faults]).toEqual([9, []]);
  });

  it("may have empty chunks at their end", () => {
    expect(decode(Buffer.concat([LOG, Buffer.alloc(3 * CHUNK)])).faults).toEqual([]);
  });

  it("are one event a record, also when every text is hostile", () => {
    const text = fc.string({ unit: "binary", maxLength: 200 });
    const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 50 });
    fc.assert(
      fc.property(text, units, (first, second) => {
        const other = String.fromCharCode(...second, 0x21);
        const event = {
          ...processCreation(1),
          data: { A: VALUE.string(`${first}!`), B: VALUE.string(other) },
        };
        const { records, faults } = decode(evtxFile([[windowsEvent(event)]]));
        expect(faults).toEqual([]);
        const record = JSON.parse(records[0]?.text ?? "");
        expect([record.A, record.B]).toEqual([`${first}!`, other]);
      }),
    );
  });
});

describe("damaged event logs", () => {
  const file = logOf([12, 3]);
  const bytesUsed = HEADER + CHUNK + chunkOf(file, 1).readUInt32LE(48);

  it("never meet anything but expected errors, whatever bytes are changed under a right checksum", () => {
    const place = fc.integer({ min: 0, max: bytesUsed - 1 });
    const changes = fc.array(fc.tuple(place, fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(changes, fc.boolean(), (all, isSealed) => {
        const copy = changed(file, (bytes) => {
          for (const [at, byte] of all) bytes.writeUInt8(byte, at);
          if (isSealed) {
            for (const index of [0, 1]) {
              const chunk = chunkOf(bytes, index);
              if (chunk.readUInt32LE(48) <= CHUNK) sealChunk(chunk);
            }
          }
        });
        const { records, faults } = decode(copy);
        expect(faults.every((fault) => isAppError(fault))).toBe(true);
        for (const record of records) expect(JSON.parse(record.text)).toBeTypeOf("object");
        expect(records.length).toBeLessThan(20);
      }),
      { numRuns: 300 },
    );
  });

  it("never meet anything but expected errors, wherever they end", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: file.length }), (end) => {
        const { records, faults } = decode(file.subarray(0, end));
        expect(records.length + faults.length).toBeGreaterThan(0);
        expect(faults.every((fault) => isAppError(fault))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
