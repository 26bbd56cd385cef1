import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSyslogFramer } from "../../../services/ingest/syslog-framing.ts";

function frames(chunks: readonly (string | Buffer)[], frameBytesMax = 1024) {
  const framer = createSyslogFramer(frameBytesMax);
  const all = chunks.flatMap((chunk) => framer.push(Buffer.from(chunk)));
  const rest = framer.rest();
  return rest === undefined ? all : [...all, rest];
}

function texts(chunks: readonly (string | Buffer)[], frameBytesMax?: number): string[] {
  return frames(chunks, frameBytesMax).map((frame) => frame.bytes.toString());
}

function counted(message: string): string {
  return `${Buffer.byteLength(message)} ${message}`;
}

/** The stream in pieces whose sizes come round. */
function pieces(stream: string, sizes: readonly number[]): Buffer[] {
  const bytes = Buffer.from(stream);
  const all: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = sizes[all.length % sizes.length] ?? 1;
    all.push(bytes.subarray(at, at + size));
    at += size;
  }
  return all;
}

const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 });
const body = fc.array(fc.constantFrom("a", "ö", " ", "5 <", "<13>", "😀", "]"), { maxLength: 12 });
const message = body.map((parts) => `<34>1 - ${parts.join("")}x`);

describe("syslog framing", () => {
  it("finds counted messages however they are chunked, line feeds inside included", () => {
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 6 }),
        sizes,
        (messages, chunkSizes) => {
          const withFeeds = messages.map((one) => one.replaceAll(" ", "\n"));
          const stream = withFeeds.map(counted).join("");
          expect(texts(pieces(stream, chunkSizes))).toEqual(withFeeds);
        },
      ),
    );
  });

  it.each([
    ["LF", "\n"],
    ["CR LF", "\r\n"],
    ["NUL", "\0"],
  ])("finds messages that end with %s however they are chunked", (_name, end) => {
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 6 }),
        sizes,
        (messages, chunkSizes) => {
          const stream = messages.map((one) => one + end).join("");
          expect(texts(pieces(stream, chunkSizes))).toEqual(messages);
        },
      ),
    );
  });

  it.each([
    ["a last message without an end", ["<1>a\n<2>b"], ["<1>a", "<2>b"]],
    ["a message without priority", ["Nov 20 host x\n"], ["Nov 20 host x"]],
    [
      "a message that begins with a number",
      ["2026-11-20 x\n7 Zwerge\n"],
      ["2026-11-20 x", "7 Zwerge"],
    ],
    ["a NUL inside a line", ["<1>a\0b\n<2>c\n"], ["<1>a\0b", "<2>c"]],
    ["line feeds between counted messages", ["4 <1>a\n4 <1>b\n"], ["<1>a", "<1>b"]],
    ["a counted message with a line feed counted in", ["5 <1>a\n5 <1>b\n"], ["<1>a", "<1>b"]],
    ["empty lines", ["\n\n<1>a\n\n"], ["<1>a"]],
    ["nothing", [], []],
    ["only a beginning of digits", ["12"], ["12"]],
  ])("reads %s", (_name, chunks, expected) => {
    expect(texts(chunks)).toEqual(expected);
  });

  it("cuts messages over the limit, marks them, and finds the next one", () => {
    const long = `<1>${"x".repeat(5000)}`;
    for (const stream of [`${long}\n<2>b\n`, `${counted(long)}${counted("<2>b")}`]) {
      const found = frames(pieces(stream, [700]), 100);
      expect(found.map((frame) => [frame.bytes.length, frame.cut])).toEqual([
        [100, true],
        [4, false],
      ]);
    }
  });

  it.each(["4 <1>ax <2>", "4 <1>a1234567890 <", "4 <1>a<2>b"])(
    "gives what came before and refuses to guess after wrong counting: %j",
    (stream) => {
      const framer = createSyslogFramer(100);
      const found = framer.push(Buffer.from(stream));
      expect(found.map((frame) => frame.bytes.toString())).toEqual(["<1>a"]);
      expect(framer.fault).toMatchObject({ code: "HW_PARSE_FAILED" });
      expect(framer.push(Buffer.from("4 <1>b"))).toEqual([]);
    },
  );

  it("keeps no more than one message of an endless sender", () => {
    const framer = createSyslogFramer(1000);
    for (let count = 0; count < 1000; count++) framer.push(Buffer.alloc(10_000, "x"));
    expect(framer.rest()).toMatchObject({ cut: true, bytes: { length: 1000 } });
  });
});
