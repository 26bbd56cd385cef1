import fc from "fast-check";
import { expect, it } from "vitest";
import { createElementSplitter } from "../../../services/ingest/json-elements.ts";
import { LEAD_BYTES_MAX } from "../../../services/ingest/json-wrapper.ts";

/** Texts of the pieces, with their lines, when the document comes in chunks of these sizes. */
function cut(document: string, sizes: readonly number[]): string[] {
  const splitter = createElementSplitter({ pieceBytesMax: 10_000, firstOffset: 0, firstLine: 1 });
  const bytes = Buffer.from(document);
  const found: string[] = [];
  let at = 0;
  const take = (piece: { bytes: Buffer; offset: number; line: number }): void => {
    const there = bytes.subarray(piece.offset, piece.offset + piece.bytes.length).toString();
    const text = piece.bytes.toString();
    expect(there).toBe(text);
    found.push(`${piece.line}: ${text}`);
  };
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    splitter.push(bytes.subarray(at, at + size)).forEach(take);
    at += size;
  }
  const rest = splitter.rest();
  if (rest !== undefined) take(rest);
  return found;
}

const DOCUMENTS: readonly (readonly [document: string, expected: readonly string[]])[] = [
  [
    '{"Records":[{"a":1},\n{"b":"]}"}],"x":{"y":[{}]}}\n{"c":3}',
    ['1: {"a":1}', '2: {"b":"]}"}', '3: {"c":3}'],
  ],
  ['{"kind":"EventList",\n"metadata":{"n":"1"},"items":[\n{"a":1}]}', ['3: {"a":1}']],
  [
    '{"kind":"Event","a":1}{"kind":"Event","b":2}',
    ['1: {"kind":"Event","a":1}', '1: {"kind":"Event","b":2}'],
  ],
  ['{"records":[]}{"records":[{}]}', ["1: {}"]],
  ['{"kind":"Eve', ['1: {"kind":"Eve']],
  ['[{"Records":[{}]}, 1, "x"]', ['1: {"Records":[{}]}', "1: 1", '1: "x"']],
];

it.each(DOCUMENTS)("takes %s apart however it is cut", (document, expected) => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sizes) => {
      expect(cut(document, sizes)).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

it("holds back no more than a lead may be long", () => {
  const document = `{"kind":"${"x".repeat(LEAD_BYTES_MAX)}","items":[{"a":1}]}`;
  expect(cut(document, [1000])).toEqual([`1: ${document}`]);
});
