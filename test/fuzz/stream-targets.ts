// What the fuzzer tries of everything that comes in pieces: framers of the stream protocols, splitters, and
// GELF's chunks. However the bytes are cut into pieces, the same has to be found in them, and nothing that
// is over its limit.
import assert from "node:assert/strict";
import { deflateSync } from "node:zlib";
import { createChunkAssembler } from "../../services/ingest/gelf-chunks.ts";
import { unpackGelf } from "../../services/ingest/gelf-unpack.ts";
import { createElementSplitter } from "../../services/ingest/json-elements.ts";
import {
  createLineSplitter,
  type Piece,
  pieceText,
  type Splitter,
} from "../../services/ingest/line-splitter.ts";
import { createLumberjackFramer } from "../../services/ingest/lumberjack-framing.ts";
import { createRelpFramer } from "../../services/ingest/relp-framing.ts";
import { createDelimitedFramer, createSyslogFramer } from "../../services/ingest/syslog-framing.ts";
import { type Chance, chanceOf, spoil, spoilBytes } from "./mutate.ts";
import type { FuzzTarget } from "./targets.ts";

const FRAME_BYTES_MAX = 2000;
const PIECE_BYTES_MAX = 500;
/** More than a socket gives at once: here it would only measure the comparison. */
const INPUT_BYTES_MAX = 48 * 1024;
const CHUNK_LIMITS = { chunkMs: 1000, chunkBytesMax: 20_000, chunkedMessagesMax: 10 };
const GELF_HEAD_BYTES = 12;

const SYSLOG = [
  "<34>1 2026-11-21T05:00:00Z fw01 sshd 7 - - eins\n<34>zwei\r\n\n<13>drei\n",
  "<34>eins\0<34>zwei\0",
  "5 <1>ab12 <34>1 zwei\n\n3 <1>",
];
const RELP = "1 open 30 relp_version=0\ncommands=syslog\n2 syslog 5 hallo\n3 syslog 0\n4 close 0\n";
const JSON_TEXTS = [
  '[{"a":"x]}\\"","b":[1,{"c":null}]},\n 17, "text", [1], {}]',
  '{"a":1}{"b":"\\\\"}\n{\n"c":\n2}\n',
];
const LINES = "eins\r\nzw\u00f6lf\n\n\u{1f600} drei\nlang: ".concat("x".repeat(700), "\nende");

/** All targets of streams. */
export function streamTargets(): FuzzTarget[] {
  const targets = [
    framerTarget(
      "syslog-framing",
      (chance) => spoilText(SYSLOG, chance),
      // Whether NUL ends a message is told by what came with it: pieces may tell it otherwise.
      (input) => (input.includes(0) ? undefined : createSyslogFramer(FRAME_BYTES_MAX)),
    ),
    framerTarget(
      "nul-framing",
      (chance) => spoilText(["{}\0{\n}\0"], chance),
      () => createDelimitedFramer(FRAME_BYTES_MAX, 0),
    ),
    framerTarget(
      "relp-framing",
      (chance) => spoilText([RELP], chance),
      () => createRelpFramer(FRAME_BYTES_MAX),
    ),
    framerTarget("lumberjack-framing", lumberjackBytes, () =>
      createLumberjackFramer({ frameBytesMax: FRAME_BYTES_MAX, compressedBytesMax: 5000 }),
    ),
    splitterTarget("json-elements", JSON_TEXTS, "utf-8", "utf8"),
    splitterTarget("lines-utf8", [LINES], "utf-8", "utf8"),
    splitterTarget("lines-utf16le", [LINES], "utf-16le", "utf16le"),
    splitterTarget("lines-utf16be", [LINES], "utf-16be", "utf16le"),
    gelfTarget(),
  ];
  return targets.map((target) => ({
    ...target,
    make: (chance) => target.make(chance).subarray(0, INPUT_BYTES_MAX),
  }));
}

interface AnyFramer {
  push(chunk: Buffer): readonly unknown[];
  readonly pendingBytes: number;
  readonly framesDone: number;
  readonly fault: { readonly code: string; readonly message: string } | undefined;
  rest?(): unknown;
}

function framerTarget(
  name: string,
  make: (chance: Chance) => Buffer,
  create: (input: Buffer) => AnyFramer | undefined,
): FuzzTarget {
  const found = (framer: AnyFramer, chunks: readonly Buffer[]) => {
    const frames: unknown[] = [];
    for (const chunk of chunks) {
      for (const frame of framer.push(chunk)) {
        assert(largestBuffer(frame) <= 5000, "a frame is over its limit");
        frames.push(frame);
      }
      assert(framer.pendingBytes >= 0 && framer.pendingBytes <= 3 * 5000, "too much is pending");
    }
    const { code, message } = framer.fault ?? {};
    const rest = framer.fault === undefined ? framer.rest?.() : undefined;
    return { frames, framesDone: framer.framesDone, code, message, rest };
  };
  return {
    name,
    make,
    run(input) {
      const [one, other] = [create(input), create(input)];
      if (one === undefined || other === undefined) return;
      assert.deepEqual(found(one, piecesOf(input)), found(other, [input]));
    },
  };
}

function splitterTarget(
  name: string,
  texts: readonly string[],
  encoding: "utf-8" | "utf-16le" | "utf-16be",
  written: BufferEncoding,
): FuzzTarget {
  const options = { pieceBytesMax: PIECE_BYTES_MAX, firstOffset: 0, firstLine: 1 };
  const create = (): Splitter =>
    name === "json-elements"
      ? createElementSplitter(options)
      : createLineSplitter({ ...options, encoding });
  const shown = (piece: Piece) => {
    assert(piece.bytes.length <= PIECE_BYTES_MAX, "a piece is over its limit");
    return { ...piece, bytes: piece.bytes.toString("hex"), text: pieceText(piece, encoding) };
  };
  const found = (chunks: readonly Buffer[]) => {
    const splitter = create();
    const pieces = chunks.flatMap((chunk) => splitter.push(chunk).map(shown));
    const rest = splitter.rest();
    return { pieces, resumeOffset: splitter.resumeOffset, rest: rest && shown(rest) };
  };
  return {
    name,
    make(chance) {
      const text = spoil(texts[chance(texts.length)] ?? "", LINES, chance);
      const bytes = Buffer.from(text, written);
      if (encoding === "utf-16be") bytes.swap16();
      return chance(4) === 0 ? bytes.subarray(0, bytes.length - 1) : bytes;
    },
    run: (input) => assert.deepEqual(found(piecesOf(input)), found([input])),
  };
}

// Datagrams one behind the other, each with its length (two bytes) before it.
function gelfTarget(): FuzzTarget {
  const message = Buffer.from(JSON.stringify({ short_message: "x".repeat(300) }));
  return {
    name: "gelf-chunks",
    make(chance) {
      const whole = chance(2) === 0 ? message : deflateSync(Buffer.alloc(chance(100_000), "x"));
      const datagrams: Buffer[] = [];
      const count = 1 + chance(20);
      for (let number = 0; number < count; number++) {
        const head = Buffer.alloc(GELF_HEAD_BYTES, chance(3));
        head.writeUInt16BE(0x1e0f);
        head.set([number, count], 10);
        const size = Math.ceil(whole.length / count);
        const part = whole.subarray(number * size, (number + 1) * size);
        const datagram = Buffer.concat([Buffer.alloc(2), head, part]);
        datagram.writeUInt16BE(datagram.length - 2);
        datagrams.splice(chance(datagrams.length + 1), 0, datagram);
      }
      const all = Buffer.concat(datagrams);
      spoilBytes(all, 0, all.length, chance);
      return all;
    },
    run(input) {
      const assembler = createChunkAssembler(CHUNK_LIMITS);
      let now = 0;
      for (let at = 0; at + 2 <= input.length; ) {
        const end = at + 2 + input.readUInt16BE(at);
        now += 10;
        const found = assembler.push(input.subarray(at + 2, end), "sender", now);
        if (typeof found !== "string") {
          const plain = unpackGelf(found, FRAME_BYTES_MAX);
          const isOwn = plain === found;
          assert(isOwn || (plain?.length ?? 0) <= FRAME_BYTES_MAX, "unpacked over the limit");
        }
        assert(assembler.heldBytes >= 0, "bytes are let go of twice");
        const allowed = CHUNK_LIMITS.chunkBytesMax + 0x1_0000;
        assert(assembler.heldBytes <= allowed, "chunks are held over the limit");
        at = end;
      }
      assembler.takeLost(Number.POSITIVE_INFINITY);
      assert.equal(assembler.heldBytes, 0);
    },
  };
}

function spoilText(samples: readonly string[], chance: Chance): Buffer {
  const sample = samples[chance(samples.length)] ?? "";
  return Buffer.from(spoil(sample, samples[chance(samples.length)] ?? "", chance));
}

function lumberjackBytes(chance: Chance): Buffer {
  const record = Buffer.concat([Buffer.from("2J"), numbers(1, 7), Buffer.from('{"a":1}')]);
  const pairs = Buffer.concat([
    Buffer.from("1D"),
    numbers(2, 1, 4),
    Buffer.from("line"),
    numbers(3),
    Buffer.from("abc"),
  ]);
  const packed = deflateSync(Buffer.concat([record, pairs]));
  const all = Buffer.concat([
    Buffer.from("2W"),
    numbers(3),
    record,
    pairs,
    Buffer.concat([Buffer.from("2C"), numbers(packed.length), packed]),
  ]);
  if (chance(8) > 0) spoilBytes(all, 0, all.length, chance);
  return chance(4) === 0 ? Buffer.concat([all, Buffer.alloc(chance(20_000), "x"), all]) : all;
}

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) bytes.writeUInt32BE(value, 4 * at);
  return bytes;
}

// The same input is always cut in the same way: a fault has to show again.
function piecesOf(input: Buffer): Buffer[] {
  const chance = chanceOf(input.length);
  const longest = chance(3) === 0 ? 3 : 1 + Math.floor(input.length / 3);
  const pieces: Buffer[] = [];
  for (let at = 0; at < input.length; ) {
    const size = 1 + chance(longest);
    // A copy: framers must not rely on what comes behind a piece.
    pieces.push(Buffer.from(input.subarray(at, at + size)));
    at += size;
  }
  return pieces;
}

function largestBuffer(frame: unknown): number {
  if (Buffer.isBuffer(frame)) return frame.length;
  if (typeof frame !== "object" || frame === null) return 0;
  return Math.max(0, ...Object.values(frame).map(largestBuffer));
}
