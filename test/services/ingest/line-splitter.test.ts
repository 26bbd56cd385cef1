import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createElementSplitter } from "../../../services/ingest/json-elements.ts";
import {
  createLineSplitter,
  pieceText,
  type Splitter,
} from "../../../services/ingest/line-splitter.ts";
import type { TextEncoding } from "../../../services/ingest/text-encoding.ts";

function lines(encoding: TextEncoding = "utf-8", pieceBytesMax = 1024): Splitter {
  return createLineSplitter({ pieceBytesMax, encoding, firstOffset: 0, firstLine: 1 });
}

function elements(pieceBytesMax = 1024): Splitter {
  return createElementSplitter({ pieceBytesMax, firstOffset: 0, firstLine: 1 });
}

// Chunk sizes come round and round, so that every boundary is met.
function feed(splitter: Splitter, bytes: Buffer, sizes: readonly number[]) {
  const pieces = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    // A copy of its own, as a reused read buffer would be.
    const chunk = Buffer.from(bytes.subarray(at, at + size));
    pieces.push(
      ...splitter.push(chunk).map((piece) => ({ ...piece, bytes: Buffer.from(piece.bytes) })),
    );
    at += size;
  }
  const rest = splitter.rest();
  return rest === undefined ? pieces : [...pieces, rest];
}

function encode(text: string, encoding: TextEncoding): Buffer {
  if (encoding === "utf-8") return Buffer.from(text);
  const little = Buffer.from(text, "utf16le");
  return encoding === "utf-16le" ? little : little.swap16();
}

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
const text = fc
  .array(fc.constantFrom("a", "ä", "\n", "\r\n", "😀", "\u0a00", "\u000d", "\0", "Ċ", " "), {
    maxLength: 60,
  })
  .map((parts) => parts.join(""));

describe("line splitter", () => {
  it.each(["utf-8", "utf-16le", "utf-16be"] as const)(
    "gives the lines of %s text however it is chunked",
    (encoding) => {
      fc.assert(
        fc.property(text, sizes, (whole, chunkSizes) => {
          const pieces = feed(lines(encoding), encode(whole, encoding), chunkSizes);
          const expected = whole.split("\n");
          const last = expected.pop() ?? "";
          const complete = expected.map((line) => line.replace(/\r$/, ""));
          expect(pieces.map((piece) => pieceText(piece, encoding))).toEqual(
            last === "" ? complete : [...complete, last.replace(/\r$/, "")],
          );
        }),
      );
    },
  );

  it("tells each line's place, so that reading can begin again there", () => {
    const bytes = Buffer.from("eins\r\n\nzwei ä\ndrei");
    const splitter = lines();
    const pieces = feed(splitter, bytes, [3]);
    expect(pieces.map(({ offset, line }) => ({ offset, line }))).toEqual([
      { offset: 0, line: 1 },
      { offset: 6, line: 2 },
      { offset: 7, line: 3 },
      { offset: 15, line: 4 },
    ]);
    expect(splitter.resumeOffset).toBe(15);
  });

  it("cuts a line over the limit at a whole character, marks it, and goes on with the next", () => {
    const pieces = feed(
      lines("utf-8", 10),
      Buffer.from(`${"ä".repeat(400)}x\nkurz\n123456789ä\n`),
      [7],
    );
    expect(pieces.map((piece) => [pieceText(piece, "utf-8"), piece.cut])).toEqual([
      ["äääää", true],
      ["kurz", false],
      ["123456789", true],
    ]);
  });

  it("keeps no more than one line however it comes", () => {
    const splitter = lines("utf-8", 1000);
    for (let count = 0; count < 20_000; count++) splitter.push(Buffer.from("x"));
    expect(splitter.rest()).toMatchObject({ cut: true, offset: 0 });
  });
});

describe("JSON element splitter", () => {
  const json = fc.json({ maxDepth: 4 });

  it("gives the elements of an array, pretty-printed or not, however it is chunked", () => {
    fc.assert(
      fc.property(
        fc.array(json, { maxLength: 6 }),
        fc.boolean(),
        sizes,
        (all, pretty, chunkSizes) => {
          const values = all.map((one): unknown => JSON.parse(one));
          const whole = JSON.stringify(values, undefined, pretty ? 2 : undefined);
          const pieces = feed(elements(100_000), Buffer.from(whole), chunkSizes);
          expect(pieces.map((piece): unknown => JSON.parse(piece.bytes.toString()))).toEqual(
            values,
          );
          for (const piece of pieces) {
            const source = Buffer.from(whole).subarray(piece.offset);
            expect(source.subarray(0, piece.bytes.length)).toEqual(piece.bytes);
          }
        },
      ),
    );
  });

  it.each([
    ["objects one after the other", '{"a":1}\n{\n "b": "}"\n}\n', ['{"a":1}', '{\n "b": "}"\n}']],
    [
      "brackets and quotes in strings",
      '[{"a":"]}\\"["},[1,[2]],"x,]"]',
      ['{"a":"]}\\"["}', "[1,[2]]", '"x,]"'],
    ],
    ["numbers up to the closing bracket", "[1,2 ,3]", ["1", "2", "3"]],
    ["nothing in an empty array", " [ ] ", []],
    ["an unclosed element as the rest", '[{"a":1},{"b":', ['{"a":1}', '{"b":']],
  ])("reads %s", (_name, source, expected) => {
    const pieces = feed(elements(), Buffer.from(source), [1]).filter((one) => one.bytes.length > 0);
    expect(pieces.map((piece) => piece.bytes.toString())).toEqual(expected);
  });

  it("stays flat on a million nested brackets and cuts the element", () => {
    const bytes = Buffer.concat([
      Buffer.alloc(1_000_000, "["),
      Buffer.alloc(1_000_000, "]"),
      Buffer.from(" 7"),
    ]);
    const pieces = feed(elements(64), bytes, [65_536]);
    expect(pieces.map((piece) => [piece.bytes.length, piece.cut])).toEqual([
      [64, true],
      [1, false],
    ]);
  });
});
