// Rows give back every record as it was, whatever bytes it is made of.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeRow, encodeRow, isIntact } from "../../../services/bus/row-codec.ts";
import { RowLayout } from "../../../services/bus/row-layout.ts";

const outgoing = fc.record({
  key: fc.option(fc.string({ unit: "grapheme" }), { nil: undefined }),
  value: fc.uint8Array({ maxLength: 300 }),
  headers: fc.dictionary(fc.string(), fc.string()),
});

const stored = (row: ReturnType<typeof encodeRow>) => ({
  ...row,
  partition: 3,
  base: 100,
  appendedAt: 5,
  sealed: false,
});

describe("a row", () => {
  it("gives back what went in", () => {
    fc.assert(
      fc.property(fc.array(outgoing, { minLength: 1, maxLength: 30 }), (records) => {
        const row = encodeRow(
          records.map((record, delta) => ({ ...record, delta })),
          "a",
          undefined,
        );
        const back = decodeRow(stored(row), "a", undefined);
        expect(back.map(({ key, value }) => ({ key, value: [...value] }))).toEqual(
          records.map(({ key, value }) => ({ key, value: [...value] })),
        );
        expect(back.map((record) => JSON.stringify(record.headers))).toEqual(
          records.map((record) => JSON.stringify(record.headers)),
        );
        expect(back.map((record) => record.offset)).toEqual(records.map((_, at) => 100 + at));
      }),
    );
  });

  it("shows every changed bit", () => {
    const value = Buffer.from("x".repeat(500));
    const row = encodeRow([{ key: "k", value, delta: 0 }], "a", undefined);
    for (let bit = 0; bit < row.data.length * 8; bit += 1) {
      const data = Uint8Array.from(row.data);
      data[bit >> 3] = (data[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(isIntact({ ...row, data })).toBe(false);
    }
    expect(isIntact(row)).toBe(true);
  });
});

describe("the layout of rows", () => {
  it("cuts at the limits and keeps the order", () => {
    const layout = new RowLayout();
    for (let index = 0; index < 5000; index += 1)
      layout.add(0, { key: undefined, value: Buffer.from(`${index}`) });
    layout.add(0, { key: undefined, value: Buffer.alloc(2_000_000) });
    layout.add(0, { key: undefined, value: Buffer.from("end") });
    const rows = layout.byPartition.get(0) ?? [];
    expect(rows.map((row) => row.length)).toEqual([4096, 904, 1, 1]);
    expect(rows[1]?.map((record) => record.delta).slice(0, 3)).toEqual([0, 1, 2]);
  });
});
