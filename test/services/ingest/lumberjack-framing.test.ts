import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createLumberjackFramer,
  type LumberjackFrame,
} from "../../../services/ingest/lumberjack-framing.ts";
import { compressedFrame, jsonFrame, pairFrame, windowFrame } from "./lumberjack-sender.ts";
import { pieces } from "./network-setup.ts";

const LIMITS = { frameBytesMax: 1024, compressedBytesMax: 4096 };

function read(stream: Buffer, sizes: readonly number[] = [1 << 16]) {
  const framer = createLumberjackFramer(LIMITS);
  const frames = pieces(stream, sizes).flatMap((piece) => framer.push(piece).map(shown));
  return { frames, framer };
}

function shown(frame: LumberjackFrame): string {
  if (frame.type === "window") return `window ${frame.version} ${frame.records}`;
  if (frame.type === "compressed") return `compressed ${frame.payload.toString()}`;
  return `record ${frame.sequence} ${frame.data.bytes}${frame.data.cut ? "…" : ""}`;
}

describe("Lumberjack framing", () => {
  it("finds the same frames however they are chunked", () => {
    const text = fc.string({ maxLength: 30, unit: "grapheme" });
    const number = fc.nat(1_000_000);
    const one = fc.oneof(
      number.map((count) => [windowFrame(count), `window 2 ${count}`] as const),
      fc.tuple(number, text).map(([n, of]) => [jsonFrame(n, of), `record ${n} ${of}`] as const),
      fc
        .tuple(number, text)
        .map(([n, of]) => [pairFrame(n, { of }), `record ${n} ${JSON.stringify({ of })}`] as const),
      text.map((of) => [compressedFrame(Buffer.from(of)), `compressed ${of}`] as const),
    );
    const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 8 }), sizes, (all, chunkSizes) => {
        const { frames, framer } = read(Buffer.concat(all.map(([bytes]) => bytes)), chunkSizes);
        expect(frames).toEqual(all.map(([, expected]) => expected));
        expect(framer).toMatchObject({ fault: undefined, pendingBytes: 0 });
      }),
    );
  });

  it("cuts records over the limit and finds the next frame", () => {
    const stream = Buffer.concat([
      jsonFrame(1, "x".repeat(5000)),
      pairFrame(2, { line: "y".repeat(5000), host: "a" }),
      jsonFrame(3, "{}"),
    ]);
    for (const size of [1, 700, 1 << 16]) {
      expect(read(stream, [size]).frames).toEqual([
        `record 1 ${"x".repeat(1024)}…`,
        `record 2 ${JSON.stringify({ line: "y".repeat(1020) })}…`,
        "record 3 {}",
      ]);
    }
  });

  it.each([
    ["another version", Buffer.from("3W\0\0\0\x01")],
    ["an unknown type", Buffer.from("2X\0\0\0\x01")],
    ["JSON of version 1", Buffer.from("1J\0\0\0\x01\0\0\0\x02{}")],
    ["a record that claims 4 GB", Buffer.from("2J\0\0\0\x01\xff\xff\xff\xff{}", "latin1")],
    ["a compressed frame over its limit", Buffer.from("2C\0\0\x20\0x")],
    ["a record of a billion fields", Buffer.from("1D\0\0\0\x01\x3f\xff\xff\xff", "latin1")],
    ["HTTP", Buffer.from("GET / HTTP/1.1\r\n")],
  ])("refuses %s", (_name, bytes) => {
    for (const size of [1, 1 << 16]) {
      const { frames, framer } = read(Buffer.concat([windowFrame(1), bytes]), [size]);
      expect(frames).toEqual(["window 2 1"]);
      expect(framer.fault).toMatchObject({ code: "HW_PARSE_FAILED" });
      expect(framer.push(windowFrame(1))).toEqual([]);
    }
  });

  it("keeps no more than a record's limit of a sender that lies", () => {
    const framer = createLumberjackFramer(LIMITS);
    framer.push(Buffer.from("2J\0\0\0\x01\x03\0\0\0", "latin1"));
    for (let count = 0; count < 1000; count++) framer.push(Buffer.alloc(10_000, "x"));
    expect(framer.pendingBytes).toBeLessThan(LIMITS.frameBytesMax + 10);
  });
});
