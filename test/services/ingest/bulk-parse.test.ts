import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BulkItem, createBulkParser } from "../../../services/ingest/bulk-parse.ts";
import { createLineSplitter } from "../../../services/ingest/line-splitter.ts";

const CREATE = '{"create":{"_index":"winlogbeat-8.19.0"}}';

describe("bulk parser", () => {
  it("gives one item for each document however hostile the lines around it are", () => {
    const junk = fc.constantFrom(
      "",
      "{",
      "null",
      "[]",
      '{"x":{}}',
      '{"create":1}',
      '{"index":{},"a":1}',
    );
    fc.assert(
      fc.property(fc.array(junk, { maxLength: 5 }), (lines) => {
        const items: BulkItem[] = [];
        const parser = createBulkParser("i", (item) => items.push(item));
        const splitter = createLineSplitter({
          pieceBytesMax: 1000,
          encoding: "utf-8",
          firstOffset: 0,
          firstLine: 1,
        });
        const body = [...lines, CREATE, '{"letztes":1}', ""].join("\n");
        for (const piece of splitter.push(Buffer.from(body))) parser.line(piece);
        parser.end();
        expect(items.at(-1)?.text).toBe('{"letztes":1}');
        expect(items.length).toBeLessThanOrEqual(lines.length + 1);
      }),
    );
  });
});
