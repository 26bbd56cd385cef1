import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isAppError } from "../../../config/errors.ts";
import { createJournalExportDecoder } from "../../../services/normalize/journal-export.ts";

const entryBytesMax = 10_000;

function binary(name: string, value: Buffer | string, claimed?: bigint): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(claimed ?? BigInt(bytes.length));
  return Buffer.concat([Buffer.from(`${name}\n`), length, bytes, Buffer.from("\n")]);
}

function decode(bytes: Buffer, chunkBytes = bytes.length + 1): unknown[] {
  const decoder = createJournalExportDecoder({ entryBytesMax });
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    texts.push(...decoder.push(bytes.subarray(at, at + chunkBytes)));
  }
  texts.push(...decoder.end());
  return texts.map((text) => JSON.parse(text));
}

const FIRST = "__CURSOR=s=1;i=1\n__REALTIME_TIMESTAMP=1795235896123456\nMESSAGE=eins = 1\n";

describe("journal export", () => {
  const good: [string, Buffer, unknown[]][] = [
    ["nothing", Buffer.alloc(0), []],
    [
      "text fields",
      Buffer.from(`${FIRST}\n`),
      [
        {
          __CURSOR: "s=1;i=1",
          __REALTIME_TIMESTAMP: "1795235896123456",
          MESSAGE: "eins = 1",
        },
      ],
    ],
    [
      "several entries, empty lines between and a last one without",
      Buffer.from("\nA=1\n\n\nB=2\n\nC=\n"),
      [{ A: "1" }, { B: "2" }, { C: "" }],
    ],
    [
      "text with line breaks in a binary field",
      Buffer.concat([binary("MESSAGE", "erste\n\nzweite ü"), Buffer.from("_PID=1\n\n")]),
      [{ MESSAGE: "erste\n\nzweite ü", _PID: "1" }],
    ],
    [
      "bytes that are no text",
      binary("BLOB", Buffer.from([0xff, 0, 10])),
      [{ BLOB: [255, 0, 10] }],
    ],
    [
      "fields that occur again",
      Buffer.concat([Buffer.from("A=1\nA=2\n"), binary("A", Buffer.from([0xff]))]),
      [{ A: ["1", "2", [255]] }],
    ],
    [
      "a repeated field of bytes",
      Buffer.concat([binary("A", Buffer.from([0xff])), Buffer.from("A=x\n")]),
      [{ A: [[255], "x"] }],
    ],
  ];
  it.each(good)("gives %s, whatever the chunks", (_name, bytes, entries) => {
    for (const chunkBytes of [1, 2, 3, 7, 1000]) expect(decode(bytes, chunkBytes)).toEqual(entries);
  });

  const bad: [string, Buffer, string][] = [
    ["a line without a name", Buffer.from("A=1\nhello world\n"), "HW_PARSE_FAILED"],
    ["a lower-case name", Buffer.from("__proto__=1\n\n"), "HW_PARSE_FAILED"],
    ["a name that is too long", Buffer.from(`${"A".repeat(65)}=1\n`), "HW_PARSE_FAILED"],
    ["an end within a text field", Buffer.from("A=1"), "HW_PARSE_FAILED"],
    ["an end within a binary field", binary("A", "x").subarray(0, 6), "HW_PARSE_FAILED"],
    ["a length that lies low", binary("A", "xyz", 1n), "HW_PARSE_FAILED"],
    ["a length that lies high", binary("A", "xyz", 2n ** 63n), "HW_INPUT_TOO_LARGE"],
    ["a text without end", Buffer.from(`A=${"x".repeat(entryBytesMax)}`), "HW_INPUT_TOO_LARGE"],
    ["an entry without end", Buffer.from("A=12345678\n".repeat(1000)), "HW_INPUT_TOO_LARGE"],
    ["too many fields", Buffer.from("A=1\n".repeat(1025)), "HW_INPUT_TOO_LARGE"],
  ];
  it.each(bad)("refuses %s", (_name, bytes, code) => {
    for (const chunkBytes of [1, 100, 100_000]) {
      expect(() => decode(bytes, chunkBytes)).toThrow(expect.objectContaining({ code }));
    }
  });

  it("gives what was complete before a damage, then fails at every call", () => {
    const decoder = createJournalExportDecoder({ entryBytesMax });
    expect(decoder.push(Buffer.from("A=1\n\nB=2\n\n###\n"))).toEqual(['{"A":"1"}', '{"B":"2"}']);
    expect(() => decoder.push(Buffer.from("C=3\n\n"))).toThrow("byte 10");
    expect(() => decoder.end()).toThrow("byte 10");
  });

  it("gives back any entries, in chunks of any size", () => {
    const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,20}$/);
    const entry = fc.dictionary(name, fc.string({ unit: "binary" }), { minKeys: 1, maxKeys: 8 });
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 5 }),
        fc.integer({ min: 1, max: 50 }),
        (all, size) => {
          const parts = all.flatMap((one) => [
            ...Object.entries(one).map(([key, value]) => binary(key, value)),
            Buffer.from("\n"),
          ]);
          const expected = all.map((one) =>
            Object.fromEntries(
              Object.entries(one).map(([key, value]) => [key, Buffer.from(value).toString()]),
            ),
          );
          expect(decode(Buffer.concat(parts), size)).toEqual(expected);
        },
      ),
    );
  });

  it("meets any bytes with entries or an expected error", () => {
    const piece = fc.oneof(
      fc.constantFrom(...["A=1\n", "\n", "B\n", "__CURSOR=x\n"].map((text) => Buffer.from(text))),
      fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
      fc.constant(binary("C", "xyz")),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 20 }),
        fc.integer({ min: 1, max: 50 }),
        (all, size) => {
          try {
            for (const entry of decode(Buffer.concat(all), size))
              expect(entry).toBeTypeOf("object");
          } catch (error) {
            expect(isAppError(error)).toBe(true);
          }
        },
      ),
    );
  });
});
