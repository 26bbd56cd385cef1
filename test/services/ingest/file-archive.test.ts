// Finished files that are no plain text: event logs, journal exports, and archives of anything.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { isAppError } from "../../../config/errors.ts";
import { ARCHIVE_ENTRIES_MAX } from "../../../services/ingest/file-archive.ts";
import { readLines } from "../../../services/ingest/file-read.ts";
import { UNPACKED_BYTES_FREE } from "../../../services/ingest/file-unpack.ts";
import { type Packed, tarOf, zipOf } from "../../support/archives.ts";
import { processCreation, windowsEvent } from "../../support/evtx-events.ts";
import { evtxFile } from "../../support/evtx-writer.ts";

const folder = mkdtempSync(join(tmpdir(), "file-archive-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(name: string, content: Buffer, lineBytesMax = 1024 * 1024) {
  const path = join(folder, name);
  writeFileSync(path, content);
  const shown = (place: string) => place.replace(`${folder}/`, "");
  const records: [place: string, line: number, text: string][] = [];
  const faults: [place: string, reason: string][] = [];
  let bytesRead = 0;
  let thrown: unknown;
  try {
    for await (const batch of readLines(path, { lineBytesMax })) {
      for (const { line, text } of batch.lines) records.push([shown(batch.place), line, text]);
      for (const fault of batch.faults) faults.push([shown(fault.place ?? ""), fault.message]);
      bytesRead = batch.bytesRead;
    }
  } catch (error) {
    thrown = error;
  }
  return { path, records, faults, bytesRead, thrown };
}

const LOG = evtxFile([
  [1, 2].map((id) => windowsEvent(processCreation(id))),
  [windowsEvent(processCreation(3))],
]);
const JOURNAL = Buffer.from("__CURSOR=a\nMESSAGE=eins\n\n__CURSOR=b\nMESSAGE=zwei\n\n");
const FILES: readonly Packed[] = [
  { name: "logs/a.log", text: "eins\nzwei\n" },
  { name: "logs/.hidden", text: "no" },
  { name: "__MACOSX/logs/a.log", text: "no" },
  { name: "logs/b.json", text: '[{"a":1},\n{"a":2}]' },
  { name: "logs/c.log.gz", text: gzipSync("drei") },
  { name: "logs/d.log.zst", text: zstdCompressSync("vier") },
  { name: "logs/e.evtx", text: LOG },
  { name: "logs/f.export", text: JOURNAL },
];
const idOf = (text: string): unknown => JSON.parse(text).EventRecordID;

function expectFiles(archive: string, result: Awaited<ReturnType<typeof read>>): void {
  expect(result.thrown).toBeUndefined();
  expect(result.faults).toEqual([]);
  const records = result.records.map(([place, line, text]) => [
    place,
    line,
    place.endsWith(".evtx") ? idOf(text) : text,
  ]);
  expect(records).toEqual([
    [`${archive}!/logs/a.log`, 1, "eins"],
    [`${archive}!/logs/a.log`, 2, "zwei"],
    [`${archive}!/logs/b.json`, 1, '{"a":1}'],
    [`${archive}!/logs/b.json`, 2, '{"a":2}'],
    [`${archive}!/logs/c.log.gz`, 1, "drei"],
    [`${archive}!/logs/d.log.zst`, 1, "vier"],
    [`${archive}!/logs/e.evtx`, 1, 1],
    [`${archive}!/logs/e.evtx`, 2, 2],
    [`${archive}!/logs/e.evtx`, 3, 3],
    [`${archive}!/logs/f.export`, 1, '{"__CURSOR":"a","MESSAGE":"eins"}'],
    [`${archive}!/logs/f.export`, 2, '{"__CURSOR":"b","MESSAGE":"zwei"}'],
  ]);
}

describe("binary logs", () => {
  it.each([
    ["Security.evtx", LOG],
    ["Security.evtx.gz", gzipSync(LOG)],
    ["wrong-name.log", LOG],
  ])("are read from %s", async (name, content) => {
    const { records, faults, bytesRead, thrown } = await read(name, content);
    expect(records.map(([place, line, text]) => [place, line, idOf(text)])).toEqual([
      [name, 1, 1],
      [name, 2, 2],
      [name, 3, 3],
    ]);
    expect([faults, bytesRead, thrown]).toEqual([[], content.length, undefined]);
  });

  it("go on behind a damaged chunk and name it", async () => {
    const damaged = Buffer.from(LOG);
    damaged.writeUInt8(1, 4096 + 600);
    const { records, faults, thrown } = await read("damaged.evtx", damaged);
    expect(records.map(([, , text]) => idOf(text))).toEqual([3]);
    expect(faults).toEqual([["damaged.evtx:chunk@4096", expect.stringContaining("checksum")]]);
    expect(thrown).toBeUndefined();
  });

  it("give the entries of a journal before its damage, then name the file", async () => {
    const { path, records, thrown } = await read(
      "system.export",
      Buffer.concat([JOURNAL, Buffer.from("?\n")]),
    );
    expect(records).toHaveLength(2);
    expect(thrown).toMatchObject({ code: "HW_PARSE_FAILED", place: path });
  });
});

describe("archives", () => {
  it("are read like folders, zip", async () => {
    expectFiles("a.zip", await read("a.zip", zipOf(FILES)));
  });

  it("are read like folders, tar packed and not", async () => {
    const tar = await tarOf(FILES);
    expectFiles("a.tar", await read("a.tar", tar));
    expectFiles("a.tar.gz", await read("a.tar.gz", gzipSync(tar)));
    expectFiles("a.tar.zst", await read("a.tar.zst", zstdCompressSync(tar)));
  });

  it("are read inside of archives, once", async () => {
    const inner = zipOf(FILES);
    const tar = gzipSync(await tarOf([{ name: "inner.zip", text: inner }]));
    expectFiles("b.tgz!/inner.zip", await read("b.tgz", tar));
    const zip = zipOf([{ name: "x/inner.tgz", text: gzipSync(await tarOf(FILES)) }]);
    expectFiles("b.zip!/x/inner.tgz", await read("b.zip", zip));

    const deep = zipOf([
      { name: "tar.tgz", text: tar },
      { name: "z.log", text: "weiter" },
    ]);
    const { records, faults, thrown } = await read("c.zip", deep);
    expect(faults).toEqual([
      ["c.zip!/tar.tgz!/inner.zip", expect.stringContaining("too many archives")],
    ]);
    expect(records).toEqual([["c.zip!/z.log", 1, "weiter"]]);
    expect(thrown).toBeUndefined();
  });

  it("lose an entry that can't be read, and no other", async () => {
    const torn = gzipSync(Array.from({ length: 3000 }, (_, n) => `${n} ${Math.sin(n)}`).join("\n"));
    const files: readonly Packed[] = [
      { name: "a.log", text: "eins", isEncrypted: true },
      { name: "b.pdf", text: "%PDF-1.7" },
      { name: "c.gz", text: torn.subarray(0, torn.length / 2) },
      { name: "d.log", text: "zwei" },
    ];
    const { records, faults, thrown } = await read("d.zip", zipOf(files));
    expect(thrown).toBeUndefined();
    expect(faults).toEqual([
      ["d.zip!/a.log", expect.stringContaining("encrypted")],
      ["d.zip!/b.pdf", expect.stringContaining("a PDF")],
      [expect.stringMatching(/^d\.zip!\/c\.gz:\d+$/), expect.stringContaining("unexpected end")],
    ]);
    expect(records[0]).toEqual(["d.zip!/c.gz", 1, "0 0"]);
    expect(records.at(-1)).toEqual(["d.zip!/d.log", 1, "zwei"]);

    const tar = await read("d.tar", await tarOf(files.slice(1)));
    expect(tar.thrown).toBeUndefined();
    expect(tar.faults).toHaveLength(2);
    expect(tar.records.at(-1)).toEqual(["d.tar!/d.log", 1, "zwei"]);
  });

  it("tell of a wrong checksum", async () => {
    const zip = zipOf([
      { name: "a.log", text: "eins" },
      { name: "b.log", text: "zwei" },
    ]);
    const at = zip.lastIndexOf("PK\u0001\u0002", zip.lastIndexOf("a.log"));
    zip.writeUInt32LE(1, at + 16);
    const { records, faults } = await read("e.zip", zip);
    expect(records.map(([, , text]) => text)).toEqual(["eins", "zwei"]);
    expect(faults).toEqual([["e.zip!/a.log", expect.stringContaining("checksum")]]);
  });

  it("tell names apart that come twice, and take out what a terminal would obey", async () => {
    const { records } = await read(
      "f.zip",
      zipOf(["a.log", "a.log", "\u001b[2J\u202e.log"].map((name) => ({ name, text: "x" }))),
    );
    expect(records.map(([place]) => place)).toEqual([
      "f.zip!/a.log",
      "f.zip!/a.log#2",
      "f.zip!/·[2J·.log",
    ]);
  });

  it.each([
    ["a zip that is cut", "cut.zip", () => zipOf(FILES).subarray(0, 300)],
    ["a tar that is cut", "cut.tar", async () => (await tarOf(FILES)).subarray(0, 700)],
    [
      "a tar whose entry claims more than there is",
      "lie.tar",
      () => tarOf([{ name: "a.log", text: "x", claimedBytes: 10_000 }]),
    ],
  ])("refuse %s", async (_name, file, make) => {
    const { thrown, path } = await read(file, await make());
    expect(thrown).toMatchObject({ code: "HW_INPUT_UNREADABLE", place: path });
  });

  it("refuse names that leave them, without looking further", async () => {
    const { records, thrown } = await read(
      "g.zip",
      zipOf([
        { name: "a.log", text: "x" },
        { name: "../../b.log", text: "y" },
      ]),
    );
    expect(records).toHaveLength(1);
    expect(thrown).toMatchObject({ code: "HW_INPUT_UNREADABLE" });
  });

  it("have so many entries at most", async () => {
    const files = Array.from({ length: ARCHIVE_ENTRIES_MAX + 1 }, (_, n) => ({
      name: `${n}.log`,
      text: "x",
    }));
    const { records, thrown, path } = await read("h.zip", zipOf(files));
    expect(records).toHaveLength(ARCHIVE_ENTRIES_MAX);
    expect(thrown).toMatchObject({ code: "HW_INPUT_TOO_LARGE", place: path });
  });
});

describe("bombs", () => {
  const zeros = Buffer.alloc(2 * UNPACKED_BYTES_FREE);

  it("are given up with what was read before, zstd", async () => {
    const { path, records, thrown } = await read(
      "bomb.zst",
      zstdCompressSync(Buffer.concat([Buffer.from("eins\n"), zeros])),
    );
    expect(records[0]).toEqual(["bomb.zst", 1, "eins"]);
    expect(thrown).toMatchObject({ code: "HW_INPUT_TOO_LARGE", place: `${path}:1` });
  });

  it("cost their own entry when the archive is large besides", async () => {
    const noise = Array.from({ length: 40_000 }, (_, n) => `${n} ${Math.sin(n)}`).join("\n");
    const { records, faults, thrown } = await read(
      "large.zip",
      zipOf([
        { name: "a.log", text: zeros },
        { name: "b.log", text: noise },
        { name: "c.log", text: noise },
      ]),
    );
    expect(faults.map(([place]) => place)).toContain("large.zip!/a.log:1");
    expect(records.at(-1)?.[0]).toBe("large.zip!/c.log");
    expect(thrown).toBeUndefined();
  });

  it("are given up with what was read before, gzip in a zip", async () => {
    const { records, faults, thrown } = await read(
      "bomb.zip",
      zipOf([
        { name: "a.log", text: "eins" },
        { name: "b.gz", text: gzipSync(zeros) },
      ]),
    );
    expect(records[0]).toEqual(["bomb.zip!/a.log", 1, "eins"]);
    expect(faults).toEqual([["bomb.zip!/b.gz:1", expect.stringContaining("was cut")]]);
    expect(thrown).toMatchObject({
      code: "HW_INPUT_TOO_LARGE",
      place: expect.stringMatching(/bomb\.zip!\/b\.gz/),
    });
  });
});

describe("any archives", () => {
  it("never meet anything but expected errors, whatever bytes are changed", async () => {
    const files: readonly Packed[] = [
      { name: "a.log", text: "eins\nzwei" },
      { name: "b/c.gz", text: gzipSync("drei") },
    ];
    const originals = [zipOf(files), await tarOf(files), gzipSync(await tarOf(files))];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...originals),
        fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(255)), {
          minLength: 1,
          maxLength: 8,
        }),
        async (original, changes) => {
          const copy = Buffer.from(original);
          for (const [where, byte] of changes) {
            copy.writeUInt8(byte, Math.floor(where * copy.length));
          }
          const { thrown } = await read("any", copy);
          expect(thrown === undefined || isAppError(thrown)).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });
});
