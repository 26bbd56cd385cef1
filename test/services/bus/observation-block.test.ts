// A block of observations is read as what was put into it, one by one, and nothing else passes for one.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createObservationBlock,
  decodeObservations,
} from "../../../services/bus/observation-block.ts";
import {
  decodeObservation,
  encodeObservation,
  type ObservationRecord,
} from "../../../services/bus/observation-record.ts";

const ORIGIN = { origin: "raw/3", level: 0 };
const SHARED = { detector: "anomaly", key: "tenant", rule: 0 };
const encoder = new TextEncoder();

const rows = fc.array(
  fc.record({
    offset: fc.nat(),
    index: fc.nat(9),
    appendedAt: fc.nat(),
    clock: fc.integer(),
    time: fc.double({ noNaN: true, noDefaultInfinity: true }).map((time) => time || 0),
    id: fc.string({ unit: "binary" }),
    source: fc.string(),
    value: fc.option(fc.string(), { nil: undefined }),
    group: fc.array(fc.string({ unit: "binary" }), { maxLength: 8 }),
    renaming: fc.option(
      fc.record({
        former: fc.array(fc.string()),
        present: fc.array(fc.string()),
        begin: fc.nat(),
        end: fc.nat(),
      }),
      { nil: undefined },
    ),
  }),
  { maxLength: 20 },
);

describe("a block of observations", () => {
  it("is read as the records that it was made of, which is what each alone would be", () => {
    fc.assert(
      fc.property(rows, (all) => {
        const block = createObservationBlock(ORIGIN);
        const single: ObservationRecord[] = [];
        for (const { offset, index, appendedAt, clock, renaming, ...rest } of all) {
          const place = { offset, index, appendedAt, clock };
          const names = renaming === undefined ? {} : { renaming };
          const observation = { ...SHARED, ...rest, ...names };
          block.add(place, observation);
          single.push({ kind: "observation", ...ORIGIN, ...place, observation });
        }
        const record = block.take();
        expect(block.take()).toBeUndefined();
        expect(record === undefined ? [] : decodeObservations(record.value)).toEqual(
          single.map((one) => decodeObservation(encodeObservation(one))),
        );
        if (record !== undefined) expect(record.key).toBe("anomaly\ntenant");
      }),
    );
  });

  it("is full before the bus would refuse it, whatever its texts hold", () => {
    const block = createObservationBlock(ORIGIN);
    const group = Array(8).fill("\u0000".repeat(300));
    let count = 0;
    for (; !block.isFull; count += 1) {
      const place = { offset: count, index: 0, appendedAt: 0, clock: 0 };
      block.add(place, { ...SHARED, time: 1, id: "e", source: "s", value: "dns", group });
    }
    expect(count).toBeGreaterThan(50);
    const bytes = block.take()?.value ?? new Uint8Array();
    expect(bytes.length).toBeLessThan(4 * 1024 * 1024);
    expect(decodeObservations(bytes)).toHaveLength(count);
    expect(block.isFull).toBe(false);
  });

  it("takes none that is for another detector or key", () => {
    const block = createObservationBlock(ORIGIN);
    const place = { offset: 0, index: 0, appendedAt: 0, clock: 0 };
    const plain = { time: 1, id: "e", source: "s", value: undefined, group: [] };
    block.add(place, { ...SHARED, ...plain });
    expect(() => block.add(place, { ...SHARED, ...plain, key: "other" })).toThrow(/one key/);
  });

  it("beside it other records are read as before", () => {
    const progress = { kind: "progress", origin: "raw/0", clock: 5 } as const;
    expect(decodeObservations(encodeObservation(progress))).toEqual([progress]);
  });

  it.each([
    "",
    "[]",
    "null",
    '{"kind":"block"}',
    '{"kind":"block","origin":"raw/0","level":0,"detector":"a","key":"b"}',
    '{"kind":"block","origin":"raw/0","level":0,"detector":"a","key":"b","rows":[7]}',
    '{"kind":"block","origin":"raw/0","level":0,"detector":"a","key":"b","rows":[[1,2,3,4,5]]}',
    '{"kind":"block","origin":"raw/0","level":0,"detector":"a","key":"b","rows":[[1,2,3,"4",5,"a","b",null]]}',
    '{"kind":"block","origin":"raw/0","level":0,"detector":"a","key":"b","rows":[[1,2,3,4,5,"a","b",6]]}',
    '{"kind":"block","origin":"raw/0","level":0,"detector":"a","key":"b","rows":[[1,2,3,4,5,"a","b",null,7]]}',
    '{"kind":"block","origin":"raw/0","level":0,"detector":"a","key":"b","rows":[],"renamings":7}',
    '{"kind":"block","origin":"raw/0","level":0,"detector":"a","key":"b","rows":[],"renamings":[7]}',
    '{"kind":"block","origin":"raw/0","level":0,"detector":"a","key":"b","rows":[],"renamings":[[0,1,2,["a"],[7]]]}',
  ])("are not made of %s", (text) => {
    expect(() => decodeObservations(encoder.encode(text))).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });
});
