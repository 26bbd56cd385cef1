import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRelpFramer } from "../../../services/ingest/relp-framing.ts";
import { pieces } from "./network-setup.ts";

const LIMIT = 1024;

function read(stream: string | Buffer, sizes: readonly number[] = [1 << 16]) {
  const framer = createRelpFramer(LIMIT);
  const frames = pieces(Buffer.from(stream), sizes)
    .flatMap((piece) => framer.push(piece).map((one) => [one.transaction, one.command, text(one)]))
    .map(([transaction, command, data]) => `${transaction} ${command} ${data}`);
  return { frames, framer };
}

function text({ data }: { data: { bytes: Buffer; cut: boolean } }): string {
  return `${data.bytes.toString()}${data.cut ? "…" : ""}`;
}

function frame(transaction: number, command: string, data: string): string {
  const bytes = Buffer.byteLength(data);
  return `${transaction} ${command} ${bytes}${bytes === 0 ? "" : ` ${data}`}\n`;
}

describe("RELP framing", () => {
  it("finds the same frames however they are chunked", () => {
    const one = fc.record({
      transaction: fc.integer({ min: 0, max: 999_999_999 }),
      command: fc.constantFrom("open", "close", "syslog", "x"),
      data: fc
        .array(fc.constantFrom("a", "ö", "\n", "1 syslog 1 a\n", " ", "\0", "😀"), { maxLength: 9 })
        .map((parts) => parts.join("")),
    });
    const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 6 }), sizes, (all, chunkSizes) => {
        const stream = all.map((of) => frame(of.transaction, of.command, of.data)).join("");
        const { frames, framer } = read(stream, chunkSizes);
        expect(frames).toEqual(all.map((of) => `${of.transaction} ${of.command} ${of.data}`));
        expect(framer).toMatchObject({ fault: undefined, pendingBytes: 0 });
        expect(framer.framesDone).toBe(all.length);
      }),
    );
  });

  it.each([
    ["an empty length with a blank", "1 close 0 \n", ["1 close "]],
    [
      "a record over the limit, cut",
      frame(1, "syslog", "x".repeat(5000)),
      [`1 syslog ${"x".repeat(LIMIT)}…`],
    ],
    ["half a frame", "1 syslog 5 ab", []],
  ])("reads %s", (_name, stream, expected) => {
    for (const size of [1, 700]) expect(read(stream, [size]).frames).toEqual(expected);
  });

  it.each([
    ["a transaction number of ten digits", "1234567890 syslog 1 a\n"],
    ["a length of ten digits", "1 syslog 9999999999 a\n"],
    ["a length that no record has", "1 syslog 999999999 a\n"],
    ["a length that is too short", "1 syslog 1 ab\n"],
    ["a length without data", "1 syslog 5\n"],
    ["no number", "open 1\n"],
    ["a negative number", "-1 open 0\n"],
    ["a command of digits", "1 2 3\n"],
    ["a command without an end", `1 ${"a".repeat(33)} 0\n`],
    ["a missing length", "1 open\n"],
    ["two blanks", "1  open 0\n"],
    ["TLS", "\x16\x03\x01"],
    ["HTTP", "GET / HTTP/1.1\r\n"],
  ])("refuses %s", (_name, stream) => {
    for (const size of [1, 700]) {
      const { frames, framer } = read(`7 open 0\n${stream}`, [size]);
      expect(frames).toEqual(["7 open "]);
      expect(framer.fault).toMatchObject({ code: "HW_PARSE_FAILED" });
      expect(framer.push(Buffer.from("8 open 0\n"))).toEqual([]);
    }
  });

  it("keeps no more than one record of a sender that lies", () => {
    const framer = createRelpFramer(LIMIT);
    framer.push(Buffer.from("1 syslog 60000000 "));
    for (let count = 0; count < 1000; count++) framer.push(Buffer.alloc(10_000, "x"));
    expect(framer.pendingBytes).toBeLessThan(LIMIT + 100);
  });
});
