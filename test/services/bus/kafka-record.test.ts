// How records lie in Kafka: what was published comes back, many sealed records in few of Kafka's, each with
// an offset of its own, and nothing of it readable or changeable without the keys.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OutgoingRecord } from "../../../services/bus/bus.ts";
import {
  decodeStored,
  encodeRecords,
  offsetsPerRecord,
  type RecordForm,
  recordsIn,
} from "../../../services/bus/kafka-record.ts";
import type { RecordToSend } from "../../../services/kafka/wire.ts";
import { createKeyRing } from "../../../services/privacy/keys.ts";
import { createSealer } from "../../../services/privacy/seal.ts";

const sealer = createSealer(createKeyRing(Buffer.alloc(32, 7)));
const PLAIN: RecordForm = { tenant: "a", compacted: false, sealer: undefined };
const SEALED: RecordForm = { tenant: "a", compacted: false, sealer };

const stored = (record: RecordToSend, offset: number) => ({ ...record, offset, timestamp: 5 });

function roundTrip(records: readonly OutgoingRecord[], form: RecordForm) {
  return encodeRecords(records, form).flatMap(
    (one, offset) => decodeStored(stored(one, offset), 3, form) ?? [],
  );
}

const anyRecord = fc.record({
  key: fc.option(fc.string(), { nil: undefined }),
  value: fc.uint8Array({ maxLength: 3000 }),
  headers: fc.dictionary(fc.string(), fc.string(), { maxKeys: 2 }),
});

describe.each([
  ["plain", PLAIN],
  ["sealed", SEALED],
])("%s records", (_name, form) => {
  it("come back as they were, in order, with rising offsets", () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 40 }), (records) => {
        const found = roundTrip(records, form);
        expect(found.map(({ key, value }) => [key, [...value]])).toEqual(
          records.map(({ key, value }) => [key, [...value]]),
        );
        expect(found.map(({ headers }) => JSON.stringify(headers))).toEqual(
          records.map(({ headers }) => JSON.stringify(headers)),
        );
        const offsets = found.map(({ offset }) => offset);
        expect(offsets).toEqual([...new Set(offsets)].sort((one, other) => one - other));
        for (const { partition, appendedAt } of found)
          expect([partition, appendedAt]).toEqual([3, 5]);
      }),
    );
  });
});

describe("sealed records", () => {
  const many = Array.from({ length: 1200 }, (_, index) => ({
    key: "k",
    value: Buffer.from(`Anmeldung von Erika Mustermann ${index}`),
  }));

  it("lie together, and say how many they are without being opened", () => {
    const packs = encodeRecords(many, SEALED);
    expect(packs.map((pack) => recordsIn(pack, SEALED))).toEqual([512, 512, 176]);
    expect(packs.map(({ key }) => key)).toEqual([undefined, undefined, undefined]);
    const bytes = packs.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
    expect(bytes).toBeLessThan(many.reduce((sum, { value }) => sum + value.length, 0) / 2);
    for (const { value } of packs)
      expect(Buffer.from(value ?? []).includes("Mustermann")).toBe(false);
  });

  it("leave room between packs for the offsets of all that a pack can hold", () => {
    const found = roundTrip(many, SEALED);
    expect(found.map(({ offset }) => offset % offsetsPerRecord(SEALED)).slice(510, 514)).toEqual([
      510, 511, 0, 1,
    ]);
    expect(Math.floor((found.at(-1)?.offset ?? 0) / offsetsPerRecord(SEALED))).toBe(2);
  });

  it("closes a pack before it is too large, and lets a large record go alone", () => {
    const large = { key: undefined, value: Buffer.alloc(600 * 1024, 1) };
    const small = { key: undefined, value: Buffer.from("klein") };
    const packs = encodeRecords([small, large, small, small], SEALED);
    expect(packs.map((pack) => recordsIn(pack, SEALED))).toEqual([1, 1, 2]);
  });

  it("are nothing when a byte of them changed, and refused with another tenant's keys", () => {
    const [pack] = encodeRecords(many.slice(0, 3), SEALED);
    if (pack?.value === undefined) throw new Error("nothing was sealed");
    const damaged = Uint8Array.from(pack.value);
    damaged[20] = (damaged[20] ?? 0) ^ 1;
    expect(decodeStored(stored({ ...pack, value: damaged }, 0), 0, SEALED)).toBeUndefined();
    for (const value of [new Uint8Array(), Buffer.from("kein Umschlag von uns, sondern Text")])
      expect(decodeStored(stored({ ...pack, value }, 0), 0, SEALED)).toBeUndefined();
    expect(() => decodeStored(stored(pack, 0), 0, { ...SEALED, tenant: "b" })).toThrow(
      /can't be opened/,
    );
  });
});
