import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { constants, gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AppError } from "../../../config/errors.ts";
import { fileFingerprint, readLines } from "../../../services/ingest/file-read.ts";
import type { InputLine } from "../../../services/ingest/file-records.ts";
import { listInputFiles } from "../../../services/ingest/input-files.ts";
import { zipOf } from "../../support/archives.ts";

const TEXT = "erste Zeile\r\nzweite – größer 😀\n\nletzte ohne Ende";
const LINES = ["erste Zeile", "zweite – größer 😀", "letzte ohne Ende"];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "file-read-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function put(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function read(path: string, lineBytesMax = 1024 * 1024, signal?: AbortSignal) {
  const lines: InputLine[] = [];
  const faults: AppError[] = [];
  let bytesRead = 0;
  for await (const batch of readLines(path, signal ? { lineBytesMax, signal } : { lineBytesMax })) {
    lines.push(...batch.lines);
    faults.push(...batch.faults);
    bytesRead = batch.bytesRead;
  }
  return { lines, faults, bytesRead, texts: lines.map((line) => line.text) };
}

const utf16le = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(TEXT, "utf16le")]);
const utf16be = Buffer.from(utf16le).swap16();
const long = {
  params: { [constants.ZSTD_c_windowLog]: 27, [constants.ZSTD_c_enableLongDistanceMatching]: 1 },
};
const PRETTY = JSON.stringify([{ a: 1, text: "ö" }, { b: [1, 2] }], undefined, 2);

describe("readLines", () => {
  it.each([
    ["plain.log", Buffer.from(TEXT)],
    ["mark.log", Buffer.from(`\uFEFF${TEXT}`)],
    ["utf16le.log", utf16le],
    ["utf16be.log", utf16be],
    ["packed.log.gz", gzipSync(TEXT)],
    ["two-members.gz", Buffer.concat([gzipSync(TEXT.slice(0, 20)), gzipSync(TEXT.slice(20))])],
    ["packed.log.zst", zstdCompressSync(TEXT)],
    ["long-window.zst", zstdCompressSync(TEXT, long)],
    [
      "two-frames.zst",
      Buffer.concat([zstdCompressSync(TEXT.slice(0, 20)), zstdCompressSync(TEXT.slice(20))]),
    ],
    ["packed-utf16.gz", gzipSync(utf16le)],
    ["wrong-name.txt", gzipSync(TEXT)],
  ])("reads %s", async (name, content) => {
    const result = await read(put(name, content));
    expect(result.texts).toEqual(LINES);
    expect(result.lines.map((line) => line.line)).toEqual([1, 2, 4]);
    expect(result.bytesRead).toBe(content.length);
  });

  it.each([
    [
      "pretty.json",
      PRETTY,
      ['{\n    "a": 1,\n    "text": "ö"\n  }', '{\n    "b": [\n      1,\n      2\n    ]\n  }'],
    ],
    ["flat.json", '[{"a":1},{"b":2}]', ['{"a":1}', '{"b":2}']],
    ["lines.json", '{"a":1}\n{"b":2}\n', ['{"a":1}', '{"b":2}']],
    ["damaged.json", '{"a":"1}\n{"b":2}\n', ['{"a":"1}', '{"b":2}']],
    [
      "cloudtrail.json",
      '{"Records":[{"a":"]"},{"b":{"c":[1]}}]}',
      ['{"a":"]"}', '{"b":{"c":[1]}}'],
    ],
    [
      "blob.json",
      '{\n "records": [\n  {"a":1}\n ]\n}\n{"records":[{"b":2}]}\n{"records":[]}{"c":3}',
      ['{"a":1}', '{"b":2}', '{"c":3}'],
    ],
    [
      "event-list.json",
      '{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[{"auditID":"1"}]}',
      ['{"auditID":"1"}'],
    ],
    [
      "graph.json.gz",
      gzipSync(
        '{"@odata.context":"https://x/$m#a","value":[{"id":1},{"id":2}],"@odata.nextLink":"}"}',
      ),
      ['{"id":1}', '{"id":2}'],
    ],
    // A record that only has a list in it is no wrapper, nor is a list of other things than records.
    ["order.json", '{"id":7,"items":[{"a":1}]}\n', ['{"id":7,"items":[{"a":1}]}']],
    ["scalars.json", '{"value":[1,2]}\n', ['{"value":[1,2]}']],
    ["inside.json", '[{"records":[{"a":1}]}]', ['{"records":[{"a":1}]}']],
    ["torn-wrapper.json", '{"Records":[{"a":1},{"b"', ['{"a":1}', '{"b"']],
    ["object.json", '{\n  "a": 1\n}\n', ['{\n  "a": 1\n}']],
    ["utf16.json", Buffer.from(`\uFEFF[{"ä":1},\n{"b":2}]`, "utf16le"), ['{"ä":1}', '{"b":2}']],
    [
      "packed.json.gz",
      gzipSync(PRETTY.replaceAll(/\s/g, "")),
      ['{"a":1,"text":"ö"}', '{"b":[1,2]}'],
    ],
  ])("reads the records of %s", async (name, content, expected) => {
    expect((await read(put(name, content))).texts).toEqual(expected);
  });

  it("gives offsets at which the record stands, over many reads of a large file", async () => {
    const source = Array.from({ length: 60_000 }, (_, n) => `Zeile ${n} ä${"x".repeat(n % 70)}`);
    const bytes = Buffer.from(source.join("\n"));
    const { lines } = await read(put("large.log", bytes));
    expect(lines.map((line) => line.text)).toEqual(source);
    for (const line of lines.filter((_, index) => index % 997 === 0)) {
      const there = bytes.subarray(line.offset).toString("utf8", 0, Buffer.byteLength(line.text));
      expect(there).toBe(line.text);
    }
  });

  it("cuts a 10 MB line, names file and line, and reads on", async () => {
    const path = put("long.log", `kurz\n${"x".repeat(10_000_000)}\nweiter\n`);
    const { lines, faults } = await read(path, 1000);
    expect(lines.map((line) => [line.text.length, line.cut])).toEqual([
      [4, false],
      [1000, true],
      [6, false],
    ]);
    expect(faults.map((fault) => [fault.code, fault.place])).toEqual([
      ["HW_INPUT_TOO_LARGE", `${path}:2`],
    ]);
  });

  it.each([
    ["Windows-1252", Buffer.from("Gr\xf6\xdfe \x80", "latin1"), "Größe €"],
    ["UTF-8 with a damaged byte", Buffer.from([0xc3, 0xb6, 0xff, 0x62]), "ö\uFFFDb"],
    ["a character cut by the sender", Buffer.from([0xc3, 0xb6, 0x61, 0xc3]), "öa\uFFFD"],
    ["NUL", Buffer.from("a\0b"), "a\0b"],
  ])("reads a line with %s", async (_name, line, expected) => {
    const content = Buffer.concat([line, Buffer.from("\nweiter\n")]);
    expect((await read(put("odd.log", content))).texts).toEqual([expected, "weiter"]);
  });

  it("delivers what stands before the damage, then names the place", async () => {
    const whole = gzipSync(
      Array.from({ length: 5000 }, (_, n) => `${n} ${Math.sin(n)}`).join("\n"),
    );
    const path = put("torn.gz", whole.subarray(0, whole.length / 2));
    const texts: string[] = [];
    const reading = async () => {
      for await (const batch of readLines(path, { lineBytesMax: 1000 })) {
        texts.push(...batch.lines.map((line) => line.text));
      }
    };
    await expect(reading()).rejects.toMatchObject({
      code: "HW_INPUT_UNREADABLE",
      place: expect.stringMatching(/torn\.gz:\d+$/),
    });
    expect(texts[0]).toBe("0 0");
    expect(texts.length).toBeGreaterThan(100);
  });

  it.each([
    ["letter.docx", zipOf([{ name: "[Content_Types].xml", text: "<x/>" }])],
    ["letter.odt", zipOf([{ name: "mimetype", text: "application/x" }])],
    ["program.jar", zipOf([{ name: "META-INF/MANIFEST.MF", text: "x" }])],
    ["old.evt", Buffer.from("300000004c664c6501000000", "hex")],
    ["logs.rar", Buffer.from("526172211a0700", "hex")],
    ["logs.7z", Buffer.from("377abcaf271c0004", "hex")],
    ["logs.xz", Buffer.from("fd377a585a0000", "hex")],
    ["data.sqlite", Buffer.from("SQLite format 3\0")],
  ])("refuses %s and says what to do", async (name, content) => {
    await expect(read(put(name, content))).rejects.toMatchObject({
      code: "HW_INPUT_UNREADABLE",
      place: join(folder, name),
      mend: expect.any(String),
    });
  });

  it("refuses a file that is not there", async () => {
    await expect(read(join(folder, "missing"))).rejects.toMatchObject({
      code: "HW_INPUT_UNREADABLE",
    });
  });

  it("reads nothing from an empty file", async () => {
    expect((await read(put("empty.log", ""))).lines).toEqual([]);
  });

  it("stops when told to", async () => {
    const path = put("stop.log", "a\n".repeat(10));
    await expect(read(path, 100, AbortSignal.abort())).rejects.toMatchObject({
      name: "AbortError",
    });
  });
});

describe("fileFingerprint", () => {
  it("is the same for the same file elsewhere and another for other content", async () => {
    mkdirSync(join(folder, "copy"));
    const first = await fileFingerprint(put("a.log", "inhalt\n"));
    expect(await fileFingerprint(put("copy/a.log", "inhalt\n"))).toBe(first);
    expect(await fileFingerprint(put("a.log", "inhalT\n"))).not.toBe(first);
  });
});

describe("listInputFiles", () => {
  it("lists folders to the bottom, sorted, with sizes, without hidden files and link loops", async () => {
    const root = join(folder, "tree");
    mkdirSync(join(root, "b", "deep"), { recursive: true });
    mkdirSync(join(root, ".hidden"));
    for (const name of ["z.log", "a.log", "b/deep/x.gz", ".hidden/no.log", ".no"]) {
      writeFileSync(join(root, name), "12345");
    }
    symlinkSync(root, join(root, "b", "loop"));
    const single = put("single.log", "1");
    const { files, bytesTotal, faults } = await listInputFiles([root, single, single]);
    expect(files.map((file) => file.path)).toEqual([
      join(root, "a.log"),
      join(root, "z.log"),
      join(root, "b/deep/x.gz"),
      single,
    ]);
    expect(bytesTotal).toBe(16);
    expect(faults).toEqual([]);
  });

  it("refuses a path that is not there", async () => {
    await expect(listInputFiles([join(folder, "missing")])).rejects.toMatchObject({
      code: "HW_INPUT_UNREADABLE",
      place: join(folder, "missing"),
    });
  });
});
